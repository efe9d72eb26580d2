//! What can be done with a note beyond mending it, at a selection.
//!
//! [`ACTIONS`] is the one list: a new one is a file with its function, and one entry.

mod convert;
mod normalise;
mod shift;
mod sort;
mod wrap;

use super::change::{Change, FileEdit};
use crate::syntax::Timestamp;
use crate::text::Span;
use crate::vault::{Document, FileId, Snapshot};
pub use normalise::{normalised_note, normalised_vault};
pub use shift::shifted;

/// Something that can be done, and what it changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    pub title: String,
    pub kind: Kind,
    pub change: Change,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Writes what is selected in another way.
    Rewrite,
    /// Concerns the whole note, wherever the cursor is.
    Note,
}

/// A sort of action, and when there is one.
pub struct Offer {
    /// In a few words.
    pub doc: &'static str,
    pub kind: Kind,
    offer: fn(&Asked) -> Vec<Titled>,
}

/// A title, and what is changed in the note.
type Titled = (String, Vec<FileEdit>);

/// Every sort there is.
pub const ACTIONS: &[Offer] = &[
    Offer { doc: "write a time in the text as a timestamp", kind: Kind::Rewrite, offer: wrap::offers },
    Offer { doc: "write timestamps as anchors, brackets or links", kind: Kind::Rewrite, offer: convert::offers },
    Offer { doc: "sort a list by time", kind: Kind::Rewrite, offer: sort::offers },
    Offer { doc: "shift the times of a selection", kind: Kind::Rewrite, offer: shift::offers },
    Offer { doc: "spell all times of the note alike", kind: Kind::Note, offer: normalise::offers },
];

/// A note and what is selected in it; the cursor where that is empty.
struct Asked<'a> {
    note: FileId,
    document: &'a Document,
    span: Span,
}

/// What can be done at `span` of a note, of the kinds that are wanted.
pub fn actions(snapshot: &Snapshot, note: FileId, span: Span, wanted: impl Fn(Kind) -> bool) -> Vec<Action> {
    let Some(document) = snapshot.document(note) else { return Vec::new() };
    let asked = Asked { note, document: &document, span };
    let offers = ACTIONS.iter().filter(|offer| wanted(offer.kind));
    let actions = offers.flat_map(|offer| {
        (offer.offer)(&asked).into_iter().map(|(title, edits)| Action {
            title,
            kind: offer.kind,
            change: Change { edits, ..Change::default() },
        })
    });
    actions.collect()
}

impl Asked<'_> {
    /// The timestamps that the selection touches, whose times stand in them and can be read. None lies in another.
    fn timestamps(&self) -> impl Iterator<Item = &Timestamp> {
        let touched = |it: &&Timestamp| it.span.start <= self.span.end && self.span.start <= it.span.end;
        let is_whole = |it: &&Timestamp| it.value.is_some_and(|value| it.span.encloses(value));
        let mut end = 0;
        let all = self.document.outline.timestamps.iter().filter(touched).filter(is_whole);
        all.filter(|it| it.time.millis().is_some()).filter(move |it| {
            let is_free = it.span.start >= end;
            end = end.max(it.span.end);
            is_free
        })
    }

    fn edit(&self, span: Span, text: String) -> FileEdit {
        FileEdit { file: self.note, span, text }
    }
}
