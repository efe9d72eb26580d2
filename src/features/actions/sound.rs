//! Whether a note whose links are written anew says what it said. Knows one note before and after; nothing of why it is
//! changed.
//!
//! A link is part of what stands around it: `[a][[b]]` is another thing as `[a][b](b.md)`, and a heading is called by what
//! its links show.

use super::transplant::piece;
use crate::features::change::{Change, FileEdit};
use crate::features::findings::Leads;
use crate::features::parts;
use crate::syntax::{Link, Outline};
use crate::text::{Span, Splice, Text, spliced};
use crate::vault::{Document, FileId, Snapshot};
use rustc_hash::FxHashMap;
use std::cell::Cell;

/// How often edits that do not go together are tried apart, before the rest of them is left.
const TRIES: usize = 64;

/// As many of the edits of a note as leave every link and part of it what it was. Each is of a link, or makes a new one.
pub fn sound(snapshot: &Snapshot, note: FileId, document: &Document, mut edits: Vec<FileEdit>) -> Vec<FileEdit> {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let check = Check { snapshot, note, document, leads: Leads::of(document), tries: Cell::new(TRIES) };
    check.most(Vec::new(), &edits)
}

/// The same as a change; `None` where nothing is left of it.
pub fn sound_change(snapshot: &Snapshot, note: FileId, document: &Document, edits: Vec<FileEdit>) -> Option<Change> {
    Some(Change::of(sound(snapshot, note, document, edits))).filter(|change| !change.is_empty())
}

/// Whether links to the parts of a note lead to them still, after edits of links in it.
pub fn parts_stay(snapshot: &Snapshot, note: FileId, document: &Document, edits: &[Splice]) -> bool {
    let whole = Span::new(0, document.source.len());
    let after = piece(document, whole, edits).map(|text| Document::new(0, Text::new(&text)));
    after.is_some_and(|after| edits.is_empty() || Leads::of(document).parts_stay(snapshot, note, &after))
}

struct Check<'a> {
    snapshot: &'a Snapshot,
    note: FileId,
    document: &'a Document,
    leads: Leads<'a>,
    /// How many are left.
    tries: Cell<usize>,
}

impl Check<'_> {
    /// The `sure` ones, with as many of the others as go with them: all, or halves of them, and halves of those.
    fn most(&self, sure: Vec<FileEdit>, others: &[FileEdit]) -> Vec<FileEdit> {
        let all = [&sure, others].concat();
        if others.is_empty() || self.is_sound(&all) {
            return all;
        }
        let (first, second) = others.split_at(others.len() / 2);
        if first.is_empty() || self.tries.get() == 0 {
            return sure;
        }
        let sure = self.most(sure, first);
        self.most(sure, second)
    }

    fn is_sound(&self, edits: &[FileEdit]) -> bool {
        let Some(tries) = self.tries.get().checked_sub(1) else { return false };
        self.tries.set(tries);
        let splices: Vec<Splice> = edits.iter().map(|edit| (edit.span, edit.text.clone())).collect();
        let Some(text) = spliced(&self.document.source, &splices) else { return false };
        let after = Document::new(0, Text::new(&text));
        is_like(&self.document.outline, &after.outline)
            && self.links_stay(edits, &after.outline)
            && self.leads.parts_stay(self.snapshot, self.note, &after)
    }

    fn links_stay(&self, edits: &[FileEdit], after: &Outline) -> bool {
        let before = &self.document.outline.links;
        // How far any link reaches that begins no later than this one.
        let reaches: Vec<u32> = before
            .iter()
            .scan(0, |end, link| {
                *end = link.span.end.max(*end);
                Some(*end)
            })
            .collect();
        let is_new = |edit: &&FileEdit| {
            let begun = before.partition_point(|link| link.span.start <= edit.span.start);
            begun.checked_sub(1).is_none_or(|last| reaches[last] < edit.span.end)
        };
        let new: Vec<&FileEdit> = edits.iter().filter(is_new).collect();
        let mut at: FxHashMap<u32, Vec<&Link>> = FxHashMap::default();
        after.links.iter().for_each(|link| at.entry(link.span.start).or_default().push(link));
        let moved = Moved::by(edits);
        let found = |start: u32| at.get(&moved.place(start)).into_iter().flatten();
        after.links.len() == before.len() + new.len()
            && before.iter().all(|link| found(link.span.start).any(|now| self.is_same(link, now, edits)))
            && new.iter().all(|edit| found(edit.span.start).any(|now| now.span.len() == edit.text.len()))
    }

    fn is_same(&self, before: &Link, after: &Link, edits: &[FileEdit]) -> bool {
        let from = edits.partition_point(|edit| edit.span.end < before.span.start);
        let near = edits[from..].iter().take_while(|edit| edit.span.start <= before.span.end);
        let mut touching = near.filter(|edit| before.span.encloses(edit.span)).peekable();
        if touching.peek().is_none() {
            return before.kind == after.kind && before.target == after.target;
        }
        let is_whole = touching.any(|edit| edit.span == before.span);
        (is_whole || before.kind == after.kind) && self.leads(before) == self.leads(after)
    }

    fn leads(&self, link: &Link) -> Option<FileId> {
        let (dialect, name, _) = parts(&link.target)?;
        self.snapshot.resolve(self.note, dialect, name).map(|resolved| resolved.file)
    }
}

/// Whether as many things of every other kind are there.
fn is_like(before: &Outline, after: &Outline) -> bool {
    let counts = |it: &Outline| {
        [
            it.definitions.len(),
            it.undefined.len(),
            it.footnotes.len(),
            it.timestamps.len(),
            it.tags.len(),
            it.paragraphs.len(),
        ]
    };
    counts(before) == counts(after)
}

/// Where a text stands after edits of what stands before it.
struct Moved(Vec<(u32, i64)>);

impl Moved {
    fn by(edits: &[FileEdit]) -> Moved {
        let mut grown = 0;
        let ends = edits.iter().map(|edit| {
            grown += edit.text.len() as i64 - edit.span.len() as i64;
            (edit.span.end, grown)
        });
        Moved(ends.collect())
    }

    fn place(&self, at: u32) -> u32 {
        let before = self.0.partition_point(|(end, _)| *end <= at);
        let grown = before.checked_sub(1).map_or(0, |last| self.0[last].1);
        (at as i64 + grown) as u32
    }
}
