//! The inverse of the facts: from what is stated to the notes that state it.
//!
//! Holds what was *written*, never resolved links, so that a note's creation, change or end costs what it says itself.
//! Invariant: after any sequence of [`Index::replace`], every answer equals that of an index built from scratch.

use super::facts::{Dialect, Fact, Mention};
use super::file::{File, FileId, FileKind, file_name};
use super::names::{FrozenNames, Intern, Key, Names};
use super::nearest::{Shelves, is_like};
use super::postings::{FrozenPostings, Kind, Pairs, Postings, Term};
use super::transcripts;
use crate::syntax::name;
use rustc_hash::FxHasher;
use smallvec::{SmallVec, smallvec};
use std::hash::Hasher;
use std::sync::{Arc, OnceLock, Weak};

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

    /// The files that may have this path, whatever its case: nearly always one, or none.
    pub fn files_at(&self, path: &str) -> impl ExactSizeIterator<Item = FileId> + Clone + '_ {
        files(self.postings.get(path_term(path)))
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

    /// Of each name that files have, those files, and the names in links that could mean one of them.
    pub fn named_and_spelled(
        &self,
    ) -> impl Iterator<Item = (impl Iterator<Item = FileId> + Clone, impl Iterator<Item = Key>)> {
        self.postings.of(Kind::File).map(|(name, of_name)| {
            let spellings = self.postings.get(Term::new(Kind::Spelling, name.key()));
            (files(of_name), spellings.iter().map(|&key| Key(key)))
        })
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

    /// Takes back what files stated and takes in what they state now; costs the difference. Each file comes once.
    pub fn replace<'a>(&mut self, changes: impl Iterator<Item = (FileId, Option<&'a File>, Option<&'a File>)>) {
        let mut changed = Vec::new();
        for (id, old, new) in changes {
            let before = old.map(|file| self.terms(file)).unwrap_or_default();
            let after = new.map(|file| self.terms(file)).unwrap_or_default();
            let gone = before.iter().filter(|term| after.binary_search(term).is_err());
            changed.extend(gone.map(|&term| (term, id.0, false)));
            let come = after.iter().filter(|term| before.binary_search(term).is_err());
            changed.extend(come.map(|&term| (term, id.0, true)));
        }
        let mut spellings = Vec::new();
        for (term, is_stated) in self.change(changed).into_iter().filter(|(term, _)| term.is(Kind::Mention)) {
            for meeting in meetings(self.names.text(term.key())) {
                let key = self.names.intern(&meeting);
                spellings.push((Term::new(Kind::Spelling, key), term.key().0, is_stated));
            }
        }
        self.change(spellings);
    }

    /// Changes lists, of each term whether it shall have a value. The terms that are stated now and were not before, or the
    /// other way round.
    fn change(&mut self, mut changed: Vec<(Term, u32, bool)>) -> Vec<(Term, bool)> {
        changed.sort_unstable();
        let mut turned = Vec::new();
        for of_term in changed.chunk_by(|a, b| a.0 == b.0) {
            let term = of_term[0].0;
            let values = of_term.iter().map(|&(_, value, is_stated)| (value, is_stated));
            let (was_empty, is_empty) = self.postings.change(term, values);
            turned.extend((was_empty != is_empty).then_some((term, !is_empty)));
        }
        turned
    }

    /// All that the index says: of each term its kind, its name and its values, which are names themselves for
    /// [`Kind::Spelling`].
    pub fn all(&self) -> impl Iterator<Item = (Kind, &str, &[u32])> {
        let of =
            move |kind| self.postings.of(kind).map(move |(term, values)| (kind, self.names.text(term.key()), values));
        Kind::ALL.into_iter().filter(|kind| kind.is_named()).flat_map(of)
    }

    /// The frozen part, to learn when nobody holds it any more.
    pub fn frozen(&self) -> Weak<FrozenPostings> {
        self.postings.frozen()
    }

    /// How much stands outside the frozen part: a measure of when to merge.
    pub fn recent(&self) -> usize {
        self.postings.recent() + self.names.recent()
    }

    /// Everything a file states: each once, in order.
    fn terms(&mut self, file: &File) -> Vec<Term> {
        let mut terms = Vec::with_capacity(32);
        each_term(file, &mut self.names, |term| terms.push(term));
        terms.sort_unstable();
        terms.dedup();
        terms
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

/// What many files state, in names of its own.
#[derive(Default)]
pub struct Statements {
    pub names: FrozenNames,
    pub pairs: Pairs,
    /// By key, whether a link was seen to write the name.
    written: Vec<bool>,
}

impl Statements {
    /// Takes in what a file states by where it is.
    pub fn take_path(&mut self, id: FileId, path: &str, kind: FileKind) {
        each_term_of_path(path, kind, &mut self.names, |term| self.pairs.push(term, id.0));
    }

    /// Takes in what a note states by one of its facts.
    pub fn take_fact(&mut self, id: FileId, fact: &Fact) {
        if let Fact::Mention(Mention { dialect: Dialect::Name | Dialect::Path, name, .. }) = *fact {
            self.meet(name);
        }
        each_term_of(fact, &mut self.names, |term| self.pairs.push(term, id.0));
    }

    /// Takes in what can be meant by a written name, once.
    fn meet(&mut self, written: Key) {
        let key = written.0 as usize;
        if key >= self.written.len() {
            self.written.resize(self.names.len(), false);
        }
        if std::mem::replace(&mut self.written[key], true) {
            return;
        }
        for meeting in meetings(self.names.text(written)) {
            self.pairs.push(Term::new(Kind::Spelling, self.names.intern(&meeting)), written.0);
        }
    }
}

impl Intern for Statements {
    fn key(&mut self, name: &str) -> Key {
        self.names.intern(name)
    }

    fn name(&self, key: Key) -> &str {
        self.names.text(key)
    }
}

/// An index built at once from many files.
#[derive(Default)]
pub struct Builder {
    pub statements: Statements,
    added: Vec<Pairs>,
}

impl Builder {
    /// Takes in what a file states in `names`; the same file, its facts in the names of this builder.
    pub fn take(&mut self, id: FileId, file: &Arc<File>, names: &Names) -> Arc<File> {
        let Builder { statements, .. } = self;
        statements.take_path(id, &file.path, file.kind);
        if file.facts.is_empty() {
            return file.clone();
        }
        let facts = file.facts.moved(|key| statements.key(names.text(key)));
        facts.iter().for_each(|(_, fact)| statements.take_fact(id, &fact));
        Arc::new(File { facts, ..(**file).clone() })
    }

    /// Takes in what files state, in names of this builder.
    pub fn add(&mut self, pairs: Pairs) {
        self.added.push(pairs);
    }

    pub fn finish(self) -> Index {
        let Builder { statements: Statements { mut names, pairs, .. }, mut added } = self;
        names.shrink();
        added.push(pairs);
        let postings = Postings::new(FrozenPostings::new(&added, names.len()));
        Index { names: Names::new(names), postings, shelves: Arc::default() }
    }
}

/// Everything a file states, some of it perhaps more than once.
fn each_term(file: &File, names: &mut impl Intern, mut put: impl FnMut(Term)) {
    each_term_of_path(&file.path, file.kind, names, &mut put);
    file.facts.iter().for_each(|(_, fact)| each_term_of(&fact, names, &mut put));
}

/// What a file states by where it is.
fn each_term_of_path(path: &str, kind: FileKind, names: &mut impl Intern, mut put: impl FnMut(Term)) {
    put(path_term(path));
    put(Term::new(Kind::File, names.key(&name::squash(last_name(path)))));
    if kind == FileKind::Attachment
        && let Some(transcript) = transcripts::named(file_name(path))
    {
        put(Term::new(Kind::Transcript, names.key(transcript.video)));
    }
}

/// What a file states by one of its facts.
fn each_term_of(fact: &Fact, names: &mut impl Intern, mut put: impl FnMut(Term)) {
    match *fact {
        Fact::Title(title) => put(Term::new(Kind::Title, names.key(&name::squash(title)))),
        Fact::Alias(alias) => put(Term::new(Kind::Alias, names.key(&name::squash(alias)))),
        Fact::Mention(Mention { dialect: Dialect::External, name, .. }) => put(Term::new(Kind::Address, name)),
        Fact::Mention(Mention { name, .. }) => put(Term::new(Kind::Mention, name)),
        Fact::Tag(tag) => each_term_of_tag(tag, names, put),
        Fact::Moment(moment) => moment.video.into_iter().for_each(|video| put(Term::new(Kind::Video, video))),
        Fact::Medium(video) | Fact::Video(video) => put(Term::new(Kind::Video, video)),
        Fact::Heading(_) | Fact::Block(_) | Fact::Element(_) | Fact::Doubt => {}
    }
}

fn path_term(path: &str) -> Term {
    let mut hasher = FxHasher::default();
    hasher.write(name::fold(path).as_bytes());
    Term::new(Kind::Path, Key((hasher.finish() >> 32) as u32))
}

/// `a/b/c` is stated as itself, as `a/b` and as `a`, all folded.
fn each_term_of_tag(tag: Key, names: &mut impl Intern, mut put: impl FnMut(Term)) {
    let folded = name::fold_tag(names.name(tag)).into_owned();
    let ends = folded.match_indices('/').map(|(at, _)| at).chain([folded.len()]);
    ends.for_each(|end| put(Term::new(Kind::Tag, names.key(&folded[..end]))));
}

/// Where a written name can meet the names of files, aliases and titles.
fn meetings(written: &str) -> SmallVec<[String; 2]> {
    let last = last_name(written);
    let mut meetings = smallvec![name::squash(last)];
    if last != written {
        meetings.push(name::squash(written));
        meetings.dedup();
    }
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
        let file = File { path, kind, set_aside: false, stamp: None, facts };
        index.replace([(FileId(0), None, Some(&file))].into_iter());
        for tag in ["talks", "talks/moscow", "talks/moscow/2024"] {
            assert_eq!(index.notes_tagged(tag).len(), 1, "{tag}");
        }
        assert_eq!(index.tags().count(), 3);
    }
}
