//! Keeping links: which of them a change of the vault would lead astray, and how they are written so that it does not.
//!
//! Compares two snapshots: the vault as it is, and as it would be. A link that still leads where it led is left alone,
//! however it is spelled; one that leads nowhere has nothing to keep.

mod anchors;
mod fate;
mod led;
mod names;
mod remembered;
mod written;

use super::Location;
use super::change::{FileEdit, Places, edited};
use crate::cores::on_each_core;
use crate::syntax::LinkKind;
use crate::text::{Place, Span};
use crate::vault::{Document, File, FileId, Key, Snapshot, Supposed, last_name};
use fate::{Fate, Fates, Respelled};
use rustc_hash::FxHashSet;
use std::sync::Arc;
pub use written::Written;

/// What keeps all links leading where they led.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Relinked {
    pub edits: Vec<FileEdit>,
    pub places: Places,
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
        let plan = Plan::new(before, &after, own, &changed);
        let (mut relinked, mut texts) = (Relinked::default(), Vec::new());
        for of_note in on_each_core(&plan.notes(), |notes| plan.of_notes(notes)).into_iter().flatten() {
            let file = of_note.edits.first().map(|edit| edit.file);
            relinked.places.extend(file.zip(of_note.places));
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
    changed: FxHashSet<FileId>,
    /// The names written in links that could mean a changed file, as it is or as it would be.
    spellings: FxHashSet<Key>,
}

/// What becomes of one note.
#[derive(Default)]
struct OfNote {
    edits: Vec<FileEdit>,
    /// Where the edits stand, if that is known.
    places: Option<Vec<Place>>,
    lost: Vec<(Location, FileId)>,
    /// The note as it would be, where a heading of it says something else then.
    retold: Option<(FileId, Arc<Document>)>,
}

impl<'a> Plan<'a> {
    fn new(before: &'a Snapshot, after: &'a Snapshot, own: &'a [FileEdit], changed: &[FileId]) -> Plan<'a> {
        let spellings = changed.iter().flat_map(|&file| spellings(before, after, file)).collect();
        Plan { before, after, own, changed: changed.iter().copied().collect(), spellings }
    }

    /// The notes that hold a link which may go astray, by path.
    fn notes(&self) -> Vec<FileId> {
        let mentioning = self.spellings.iter().flat_map(|&key| self.before.index.notes_mentioning(key));
        // What moves sees other files from there; what is changed may link into itself.
        let mut notes: Vec<FileId> = mentioning.chain(self.changed.iter().copied()).collect();
        notes.sort_unstable();
        notes.dedup();
        notes.sort_by_cached_key(|&note| self.before.path(note));
        notes
    }

    fn of_notes(&self, notes: &[FileId]) -> Vec<OfNote> {
        let mut fates = Fates::default();
        let there = notes.iter().filter_map(|&note| Some((note, self.before.get(note)?)));
        there.filter_map(|(note, file)| self.of_note(note, file, &mut fates)).collect()
    }

    /// `None` where no link goes astray, by what is remembered of the note.
    fn of_note(&self, note: FileId, file: &'a File, fates: &mut Fates<'a>) -> Option<OfNote> {
        if self.changed.contains(&note) {
            let mut all = file.facts.mentions();
            return all.any(|(_, mention)| self.fate_of(note, mention) != Fate::Stays).then(|| self.of_text(note));
        }
        let mut astray: Vec<(Place, Fate)> = Vec::new();
        for (place, mention) in file.facts.mentions().filter(|(_, mention)| self.spellings.contains(&mention.name)) {
            match fates.of(self, note, file.folder(), mention) {
                Fate::Stays => {}
                fate => astray.push((place, fate.clone())),
            }
        }
        (!astray.is_empty()).then(|| self.of_remembered(note, file, &astray).unwrap_or_else(|| self.of_text(note)))
    }

    /// What becomes of a note by what it says now.
    fn of_text(&self, note: FileId) -> OfNote {
        let mut relinked = OfNote::default();
        let Some(document) = self.before.document(note) else { return relinked };
        let own = |span: Span| self.own.iter().any(|edit| edit.file == note && edit.span.encloses(span));
        for link in links(&document).filter(|link| !own(link.span) && self.may_go_astray(note, link)) {
            let Fate::Astray { file, respelled } = self.fate(note, link.dialect(), link.path(), link.fragment()) else {
                continue;
            };
            // What was read with losses must not be written.
            let edits = respelled.filter(|_| !document.lossy).and_then(|new| rewritten(note, &document, &link, new));
            match edits {
                Some(edits) => relinked.edits.extend(edits),
                None => {
                    let place = document.place(link.span);
                    relinked.lost.push((Location { file: note, place }, file));
                }
            }
        }
        relinked.retold = self.retold(note, &document, &relinked.edits);
        relinked
    }

    /// Whether a link could mean a changed file, or is seen from another place. What nobody remembers was just written.
    fn may_go_astray(&self, note: FileId, link: &Written) -> bool {
        let is_meant = |key: Key| self.spellings.contains(&key);
        self.changed.contains(&note) || self.before.index.names.get(link.path()).is_none_or(is_meant)
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
}

/// The names written in links that could mean a file, as it is or as it would be.
fn spellings<'a>(before: &'a Snapshot, after: &'a Snapshot, file: FileId) -> impl Iterator<Item = Key> + 'a {
    let mut called: Vec<&str> = Vec::new();
    for snapshot in [before, after] {
        let Some(file) = snapshot.get(file) else { continue };
        called.push(last_name(&file.path));
        called.extend(file.path.rsplit('/').nth(1)); // `[x](folder/)` is the note of the folder.
        called.extend(file.facts.title());
        called.extend(file.facts.aliases());
    }
    called.into_iter().flat_map(|called| before.index.spellings(called))
}

/// The edits after which a link says something else; `None` where that cannot be written.
fn rewritten(
    note: FileId,
    document: &Document,
    link: &Written,
    new: Respelled,
) -> Option<impl Iterator<Item = FileEdit> + use<>> {
    let name = match new.name {
        None => None,
        Some(name) => Some((link.name, link.written_name(document, &name)?)),
    };
    let anchor = match (new.anchor, link.anchor) {
        (Some(text), Some(span)) => Some((span, link.written_anchor(document, &text)?)),
        _ => None,
    };
    Some(name.into_iter().chain(anchor).map(move |(span, text)| FileEdit { file: note, span, text }))
}

/// Everything in a note that leads to a file by name or path.
pub fn links(document: &Document) -> impl Iterator<Item = Written<'_>> {
    let links = document.outline.links.iter().filter(|link| link.kind != LinkKind::Reference).map(Written::link);
    links.chain(document.outline.definitions.iter().map(Written::definition)).filter(Written::is_ours)
}
