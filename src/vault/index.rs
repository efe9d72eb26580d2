//! The inverse of the facts: from what is stated to the notes that state it.
//!
//! Holds what was *written*, never resolved links, so that a note's creation, change or end costs what it says itself.
//! Invariant: after any sequence of [`Index::replace`], every answer equals that of an index built from scratch.

use super::facts::{Dialect, Fact, FactsIter, Mention};
use super::file::{File, FileId, FileKind, file_name};
use super::names::{FrozenNames, Intern, Key, Names};
use super::nearest::{Shelves, is_like};
use super::postings::{FrozenPostings, Kind, Postings, Term};
use super::transcripts;
use crate::syntax::name;
use smallvec::{SmallVec, smallvec};
use std::sync::{Arc, OnceLock};

/// Names and postings of one moment. A clone is O(1).
#[derive(Clone, Default)]
pub struct Index {
    pub names: Names,
    postings: Postings,
    /// The squashed file names of the frozen part.
    shelves: Arc<OnceLock<Shelves>>,
}

impl Index {
    /// The files that a link could mean by file name, in any sense.
    pub fn files_named(&self, target: &str) -> impl ExactSizeIterator<Item = FileId> + Clone + '_ {
        files(self.by_squash(Kind::File, last_name(target)))
    }

    /// The squashed names of files that can be `wanted` with at most so many slips. Not all of them are, some come twice,
    /// and some no file has any more.
    pub fn file_names_like<'a>(&'a self, wanted: &'a str, most: usize) -> impl Iterator<Item = Key> + 'a {
        let recent = self.postings.recent_of(Kind::File).map(|term| (term.key(), self.names.text(term.key())));
        let recent = recent.filter(move |(_, name)| is_like(wanted, name, most)).map(|(key, _)| key);
        self.shelves().like(wanted, most).chain(recent)
    }

    /// Laid out at the first question, or before it by whoever has time.
    pub fn shelves(&self) -> &Shelves {
        let named = |term: Term| (term.key(), self.names.text(term.key()));
        self.shelves.get_or_init(|| Shelves::of(self.postings.frozen_of(Kind::File).map(named)))
    }

    /// The files of a squashed name.
    pub fn files_of(&self, name: Key) -> impl ExactSizeIterator<Item = FileId> + '_ {
        files(self.postings.get(Term::new(Kind::File, name)))
    }

    pub fn notes_with_alias(&self, alias: &str) -> impl ExactSizeIterator<Item = FileId> + '_ {
        files(self.by_squash(Kind::Alias, alias))
    }

    pub fn notes_with_title(&self, title: &str) -> impl ExactSizeIterator<Item = FileId> + '_ {
        files(self.by_squash(Kind::Title, title))
    }

    /// The names, as written in links, that could mean something called `called`, in any sense.
    pub fn spellings(&self, called: &str) -> impl Iterator<Item = Key> + '_ {
        self.by_squash(Kind::Spelling, called).iter().map(|&key| Key(key))
    }

    /// The notes that write this name in a link.
    pub fn notes_mentioning(&self, written: Key) -> impl ExactSizeIterator<Item = FileId> + '_ {
        files(self.postings.get(Term::new(Kind::Mention, written)))
    }

    /// Every name or path written in links, with the number of notes that write it.
    pub fn mentions(&self) -> impl Iterator<Item = (Key, usize)> {
        self.postings.of(Kind::Mention).map(|(term, notes)| (term.key(), notes.len()))
    }

    /// The notes that have a tag, or one beneath it. `tag` is folded.
    pub fn notes_tagged(&self, tag: &str) -> impl ExactSizeIterator<Item = FileId> + '_ {
        files(self.by_key(Kind::Tag, tag))
    }

    /// Every tag and every part of one, folded, with the number of notes that have it or one beneath it.
    pub fn tags(&self) -> impl Iterator<Item = (&str, usize)> {
        self.postings.of(Kind::Tag).map(|(term, notes)| (self.names.text(term.key()), notes.len()))
    }

    pub fn notes_with_address(&self, address: &str) -> impl ExactSizeIterator<Item = FileId> + '_ {
        files(self.by_key(Kind::Address, address))
    }

    /// The notes that are of a video or cite it.
    pub fn notes_of_video(&self, id: &str) -> impl ExactSizeIterator<Item = FileId> + '_ {
        files(self.by_key(Kind::Video, id))
    }

    /// The files that are transcripts of a video by their names.
    pub fn transcripts_of(&self, id: &str) -> impl ExactSizeIterator<Item = FileId> + '_ {
        files(self.by_key(Kind::Transcript, id))
    }

    /// Takes back what `old` states and takes in what `new` states; costs their difference.
    pub fn replace(&mut self, id: FileId, old: Option<&File>, new: Option<&File>) {
        let before = old.map(|file| self.terms(file)).unwrap_or_default();
        let after = new.map(|file| self.terms(file)).unwrap_or_default();
        for &term in before.iter().filter(|term| after.binary_search(term).is_err()) {
            let gone = self.postings.remove(term, id.0);
            if gone && term.is(Kind::Mention) {
                self.each_meeting(term.key(), |postings, meeting| {
                    postings.remove(meeting, term.key().0);
                });
            }
        }
        for &term in after.iter().filter(|term| before.binary_search(term).is_err()) {
            let first = self.postings.add(term, id.0);
            if first && term.is(Kind::Mention) {
                self.each_meeting(term.key(), |postings, meeting| {
                    postings.add(meeting, term.key().0);
                });
            }
        }
    }

    /// All that the index says: of each term its kind, its name and its values, which are names themselves for
    /// [`Kind::Spelling`].
    pub fn all(&self) -> impl Iterator<Item = (Kind, &str, &[u32])> {
        let of =
            move |kind| self.postings.of(kind).map(move |(term, values)| (kind, self.names.text(term.key()), values));
        Kind::ALL.into_iter().flat_map(of)
    }

    /// How much stands outside the frozen part: a measure of when to merge.
    pub fn recent(&self) -> usize {
        self.postings.recent() + self.names.recent()
    }

    fn terms(&mut self, file: &File) -> Vec<Term> {
        terms(&file.path, file.kind, file.facts.iter(), &mut self.names)
    }

    fn each_meeting(&mut self, written: Key, mut change: impl FnMut(&mut Postings, Term)) {
        for meeting in meetings(self.names.text(written)) {
            let key = self.names.intern(&meeting);
            change(&mut self.postings, Term::new(Kind::Spelling, key));
        }
    }

    fn by_squash(&self, kind: Kind, called: &str) -> &[u32] {
        self.by_key(kind, &name::squash(called))
    }

    fn by_key(&self, kind: Kind, key: &str) -> &[u32] {
        self.names.get(key).map_or(&[], |key| self.postings.get(Term::new(kind, key)))
    }
}

fn files(ids: &[u32]) -> impl ExactSizeIterator<Item = FileId> + Clone + '_ {
    ids.iter().map(|&id| FileId(id))
}

/// An index built at once from many files.
#[derive(Default)]
pub struct Builder {
    pub names: FrozenNames,
    pairs: Vec<(Term, u32)>,
}

impl Builder {
    /// Takes in what a file states in `names`; the same file, its facts in the names of this builder.
    pub fn take(&mut self, id: FileId, file: &Arc<File>, names: &Names) -> Arc<File> {
        let file = if file.facts.is_empty() {
            file.clone()
        } else {
            let facts = file.facts.moved(|key| self.names.intern(names.text(key)));
            Arc::new(File { facts, ..(**file).clone() })
        };
        let terms = terms(&file.path, file.kind, file.facts.iter(), &mut self.names);
        self.pairs.extend(terms.into_iter().map(|term| (term, id.0)));
        file
    }

    /// Takes in what files state, as [`terms`] of `names` of this builder.
    pub fn add_pairs(&mut self, mut pairs: Vec<(Term, u32)>) {
        self.pairs.append(&mut pairs);
    }

    pub fn finish(mut self) -> Index {
        let mut written: Vec<Key> =
            self.pairs.iter().filter(|(t, _)| t.is(Kind::Mention)).map(|(t, _)| t.key()).collect();
        written.sort_unstable();
        written.dedup();
        for key in written {
            for meeting in meetings(self.names.text(key)) {
                self.pairs.push((Term::new(Kind::Spelling, self.names.intern(&meeting)), key.0));
            }
        }
        self.names.shrink();
        let postings = Postings::new(FrozenPostings::new(self.pairs));
        Index { names: Names::new(self.names), postings, shelves: Arc::default() }
    }
}

/// Everything a file states, as terms: each once, in order.
pub fn terms(path: &str, kind: FileKind, facts: FactsIter<'_>, names: &mut impl Intern) -> Vec<Term> {
    let mut terms = Vec::with_capacity(32);
    terms.push(Term::new(Kind::File, names.key(&name::squash(last_name(path)))));
    if kind == FileKind::Attachment
        && let Some(transcript) = transcripts::named(file_name(path))
    {
        terms.push(Term::new(Kind::Transcript, names.key(transcript.video)));
    }
    for (_, fact) in facts {
        match fact {
            Fact::Title(title) => terms.push(Term::new(Kind::Title, names.key(&name::squash(title)))),
            Fact::Alias(alias) => terms.push(Term::new(Kind::Alias, names.key(&name::squash(alias)))),
            Fact::Mention(Mention { dialect: Dialect::External, name, .. }) => {
                terms.push(Term::new(Kind::Address, name));
            }
            Fact::Mention(Mention { name, .. }) => terms.push(Term::new(Kind::Mention, name)),
            Fact::Tag(tag) => tag_terms(tag, names, &mut terms),
            Fact::Moment(moment) => terms.extend(moment.video.map(|video| Term::new(Kind::Video, video))),
            Fact::Medium(video) | Fact::Video(video) => terms.push(Term::new(Kind::Video, video)),
            Fact::Heading(_) | Fact::Block(_) | Fact::Element(_) | Fact::Doubt => {}
        }
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// `a/b/c` is stated as itself, as `a/b` and as `a`, all folded.
fn tag_terms(tag: Key, names: &mut impl Intern, terms: &mut Vec<Term>) {
    let folded = name::fold_tag(names.name(tag)).into_owned();
    let ends = folded.match_indices('/').map(|(at, _)| at).chain([folded.len()]);
    terms.extend(ends.map(|end| Term::new(Kind::Tag, names.key(&folded[..end]))));
}

/// Where a written name can meet the names of files, aliases and titles.
fn meetings(written: &str) -> SmallVec<[String; 2]> {
    let mut meetings = smallvec![name::squash(last_name(written)), name::squash(written)];
    meetings.dedup();
    meetings
}

/// The last part of a path or link, without the endings of notes.
pub fn last_name(path: &str) -> &str {
    let mut last = file_name(path.trim_end_matches('/'));
    while let Some(stem) = name::note_stem(last) {
        last = stem;
    }
    last
}

#[cfg(test)]
mod tests {
    use super::super::document::Document;
    use super::super::file::FileKind;
    use super::*;
    use crate::text::Text;

    #[test]
    fn a_tag_is_found_by_all_that_it_lies_beneath() {
        let mut index = Index::default();
        let document = Document::new(0, Text::new("#Talks/Moscow/2024 #talks"));
        let facts = document.facts(&mut index.names);
        let (path, kind) = ("a.md".into(), FileKind::Note);
        index.replace(FileId(0), None, Some(&File { path, kind, set_aside: false, stamp: None, facts }));
        for tag in ["talks", "talks/moscow", "talks/moscow/2024"] {
            assert_eq!(index.notes_tagged(tag).len(), 1, "{tag}");
        }
        assert_eq!(index.tags().count(), 3);
    }
}
