//! Keeping links: which of them a change of the vault would lead astray, and how they are written so that it does not.
//!
//! Compares two snapshots: the vault as it is, and as it would be. A link that still leads where it led is left alone,
//! however it is spelled; one that leads nowhere has nothing to keep.

mod anchors;
mod led;
mod names;
mod written;

use super::Location;
use super::change::{FileEdit, edited};
use crate::cores::on_all_cores;
use crate::syntax::LinkKind;
use crate::text::Span;
use crate::vault::{Dialect, Document, FileId, Key, Mention, Snapshot, Supposed, last_name};
use led::{Led, led};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;
pub use written::Written;

/// What keeps all links leading where they led.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Relinked {
    pub edits: Vec<FileEdit>,
    /// Links that cannot be written so that they lead where they led, with the files they led to.
    pub lost: Vec<(Location, FileId)>,
}

/// The edits, of the notes as they are in `before`, after which every link leads in `after` where it leads in `before`.
/// `changed` are the files that differ: in path, in what they are called, or in what links name in them. `own` are the
/// edits that made the difference: links in them are not looked at.
pub fn relink(before: &Snapshot, after: &Snapshot, changed: &[FileId], own: &[FileEdit]) -> Relinked {
    let (mut after, mut changed) = (after.clone(), changed.to_vec());
    let mut rounds = 1;
    loop {
        let plan = Plan { before, after: &after, own };
        let mut notes = plan.astray(&changed);
        notes.sort_unstable_by(|&a, &b| before.path(a).cmp(before.path(b)));
        let (mut relinked, mut texts) = (Relinked::default(), Vec::new());
        for of_note in on_all_cores(&notes, |&note| plan.of_note(note)) {
            relinked.edits.extend(of_note.edits);
            relinked.lost.extend(of_note.lost);
            texts.extend(of_note.retold);
        }
        // A link in a heading is part of what other links call it.
        let news = texts.iter().any(|(note, text)| after.document(*note).is_none_or(|now| now.source != text.source));
        if !news || rounds == ROUNDS {
            return relinked;
        }
        changed.extend(texts.iter().map(|(note, _)| *note));
        after = after.supposing(&Supposed { texts, ..Supposed::default() });
        rounds += 1;
    }
}

/// How often headings are looked at again that hold links to headings that hold links.
const ROUNDS: usize = 4;

struct Plan<'a> {
    before: &'a Snapshot,
    after: &'a Snapshot,
    own: &'a [FileEdit],
}

/// What becomes of one note.
#[derive(Default)]
struct OfNote {
    edits: Vec<FileEdit>,
    lost: Vec<(Location, FileId)>,
    /// The note as it would be, where a heading of it says something else then.
    retold: Option<(FileId, Arc<Document>)>,
}

impl Plan<'_> {
    /// The notes that hold a link which would go astray, by what is remembered of them.
    fn astray(&self, changed: &[FileId]) -> Vec<FileId> {
        let spellings: FxHashSet<Key> = changed.iter().flat_map(|&file| self.spellings(file)).collect();
        let mentioning = spellings.iter().flat_map(|&key| self.before.index.notes_mentioning(key));
        let mut notes: FxHashSet<FileId> = mentioning.collect();
        // What moves sees other files from there; what is changed may link into itself.
        let changed: FxHashSet<FileId> = changed.iter().copied().collect();
        notes.extend(changed.iter().copied());
        let mut stays: FxHashMap<(&str, Mention), bool> = FxHashMap::default();
        let mut goes_astray = |note: FileId| {
            let Some(file) = self.before.get(note) else { return false };
            if changed.contains(&note) {
                return file.facts.mentions().any(|(_, mention)| !self.stays(note, mention));
            }
            let mut meant = file.facts.mentions().filter(|(_, mention)| spellings.contains(&mention.name));
            meant.any(|(_, mention)| {
                !*stays.entry((file.folder(), mention)).or_insert_with(|| self.stays(note, mention))
            })
        };
        notes.into_iter().filter(|&note| goes_astray(note)).collect()
    }

    /// The names written in links that could mean a file, as it is or as it would be.
    fn spellings(&self, file: FileId) -> impl Iterator<Item = Key> {
        let mut called: Vec<&str> = Vec::new();
        for snapshot in [self.before, self.after] {
            let Some(file) = snapshot.get(file) else { continue };
            called.push(last_name(&file.path));
            called.extend(file.path.rsplit('/').nth(1)); // `[x](folder/)` is the note of the folder.
            called.extend(file.facts.title());
            called.extend(file.facts.aliases());
        }
        called.into_iter().flat_map(|called| self.before.index.spellings(called))
    }

    fn stays(&self, note: FileId, mention: Mention) -> bool {
        if mention.dialect == Dialect::External {
            return true;
        }
        let text = |key| self.before.index.names.text(key);
        let (name, anchor) = (text(mention.name), mention.anchor.map(text));
        let leads = |snapshot| led(snapshot, note, mention.dialect, name, anchor);
        leads(self.before).is_none_or(|before| before.is_kept(leads(self.after), mention.dialect))
    }

    fn of_note(&self, note: FileId) -> OfNote {
        let mut relinked = OfNote::default();
        let Some(document) = self.before.document(note) else { return relinked };
        let own = |span: Span| self.own.iter().any(|edit| edit.file == note && edit.span.encloses(span));
        for link in links(&document).filter(|link| !own(link.span)) {
            let Some(before) = self.led(self.before, note, &link) else { continue };
            if before.is_kept(self.led(self.after, note, &link), link.dialect()) {
                continue;
            }
            // What was read with losses must not be written.
            match self.rewritten(note, &document, &link, before).filter(|_| !document.lossy) {
                Some(edits) => relinked.edits.extend(edits),
                None => {
                    let place = document.place(link.span);
                    relinked.lost.push((Location { file: note, place }, before.file));
                }
            }
        }
        relinked.retold = self.retold(note, &document, &relinked.edits);
        relinked
    }

    fn retold(&self, note: FileId, document: &Document, edits: &[FileEdit]) -> Option<(FileId, Arc<Document>)> {
        let headings = &document.outline.headings;
        let in_heading = |edit: &FileEdit| {
            let above = document.outline.heading_before(edit.span.start as usize);
            above.is_some_and(|index| headings[index].source.encloses(edit.span))
        };
        let own = self.own.iter().filter(|edit| edit.file == note);
        edits.iter().any(in_heading).then(|| {
            let all: Vec<FileEdit> = edits.iter().chain(own).cloned().collect();
            (note, Arc::new(edited(document, &all)))
        })
    }

    fn led(&self, snapshot: &Snapshot, note: FileId, link: &Written) -> Option<Led> {
        led(snapshot, note, link.dialect(), link.path(), link.fragment())
    }

    /// The edits after which a link leads where it led, if there are any.
    fn rewritten(
        &self,
        note: FileId,
        document: &Document,
        link: &Written,
        before: Led,
    ) -> Option<impl Iterator<Item = FileEdit> + use<>> {
        let leads = |name: &str, anchor: Option<&str>| led(self.after, note, link.dialect(), name, anchor);
        let (name, old_name) = (names::name(self, note, link, before)?, link.path());
        let anchor = match (before.part, link.fragment()) {
            (Some(part), Some(old)) if leads(&name, Some(old)).is_none_or(|led| led.part != before.part) => {
                let candidates = anchors::anchors(self, link.dialect(), old, before.file, part);
                let fits = |anchor: &String| leads(&name, Some(anchor)).is_some_and(|led| led.part == before.part);
                Some(candidates.into_iter().find(fits)?)
            }
            _ => None,
        };
        let name = match name == old_name {
            true => None,
            false => Some((link.name, link.written_name(document, &name)?)),
        };
        let anchor = match (anchor, link.anchor) {
            (Some(text), Some(span)) => Some((span, link.written_anchor(document, &text)?)),
            _ => None,
        };
        Some(name.into_iter().chain(anchor).map(move |(span, text)| FileEdit { file: note, span, text }))
    }
}

/// Everything in a note that leads to a file by name or path.
pub fn links(document: &Document) -> impl Iterator<Item = Written<'_>> {
    let links = document.outline.links.iter().filter(|link| link.kind != LinkKind::Reference).map(Written::link);
    links.chain(document.outline.definitions.iter().map(Written::definition)).filter(Written::is_ours)
}
