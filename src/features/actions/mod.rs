//! What can be done with a note beyond mending it, at a selection.
//!
//! [`ACTIONS`] is the one list: a new one is a file with its function, and one entry. What is offered costs at most a
//! look at the note; an action that needs other notes says only that it is there, and is planned when it is taken.

mod alias;
mod block_id;
mod contents;
mod convert;
mod definitions;
mod extract;
mod fix_all;
mod form;
mod inline;
mod label;
mod link;
mod mention;
mod missing;
mod moved;
mod normalise;
mod part;
mod path;
mod shift;
mod sort;
mod sound;
mod transplant;
mod wrap;

use super::change::{Change, FileEdit};
use crate::syntax::{Link, Timestamp};
use crate::text::Span;
use crate::vault::{Document, FileId, Snapshot};
pub use normalise::{normalised_note, normalised_vault};
pub use shift::shifted;
use sound::sound_change;

/// Something that can be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// No other action of its kind, at the same place, has the same.
    pub title: String,
    pub kind: Kind,
    pub needs: Option<Ability>,
    pub plan: Plan,
}

/// What an action changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    Known(Change),
    /// What [`planned`] says, which reads other notes.
    WhenTaken(Cost),
}

/// What it takes to plan an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// A few notes are read: those that have to do with this one.
    Few,
    /// Every note may be read.
    Vault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Mends what is wrong at more places than one.
    Fix,
    /// Writes what is selected in another way.
    Rewrite,
    /// Takes what is selected elsewhere.
    Extract,
    /// Brings here what is elsewhere.
    Inline,
    /// Concerns the whole note, or all of them, wherever the cursor is.
    Note,
    /// Mends all of the note that needs no asking.
    FixAll,
    /// Puts the definitions of a note in order.
    Definitions,
}

/// What an editor must be able to do for an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    Create,
    /// Show each edit with its remark, so that it can be left out.
    Ask,
}

/// A sort of action, and when there is one.
pub struct Offer {
    /// In a few words.
    pub doc: &'static str,
    pub kind: Kind,
    pub needs: Option<Ability>,
    /// Possible nearly everywhere: told to those who ask, not to those who only look by.
    pub quiet: bool,
    offer: Offers,
}

/// Something that can be done, with the way to plan it.
struct Titled<'a> {
    title: String,
    way: Way<'a>,
}

enum Way<'a> {
    Known(Change),
    WhenTaken(Cost, Box<dyn FnOnce() -> Option<Change> + 'a>),
}

/// Every sort there is.
pub const ACTIONS: &[Offer] = &[
    offer("lead all links to a missing name to a note", Kind::Fix, missing::offers),
    offer("update the links to a file that was moved", Kind::Fix, moved::offers),
    offer("fix all findings of one code", Kind::Fix, fix_all::offers_of_code),
    offer("fix all in the note that needs no asking", Kind::FixAll, fix_all::offers),
    offer("write a time in the text as a timestamp", Kind::Rewrite, wrap::offers),
    offer("write timestamps as anchors, brackets or links", Kind::Rewrite, convert::offers),
    offer("sort a list by time", Kind::Rewrite, sort::offers),
    offer("shift the times of a selection", Kind::Rewrite, shift::offers),
    offer("write wikilinks as Markdown links, and the other way", Kind::Rewrite, form::offers),
    Offer {
        quiet: true,
        ..offer("write all links of the note or vault in the other form", Kind::Note, form::offers_for_all)
    },
    offer("shorten or lengthen the name in a link", Kind::Rewrite, path::offers),
    Offer {
        quiet: true,
        ..offer("shorten or lengthen the names in all links of the note", Kind::Note, path::offers_for_all)
    },
    offer("write the title as the label of a link, or remove one that says nothing", Kind::Rewrite, label::offers),
    Offer {
        needs: Some(Ability::Create),
        ..offer("move a section to a note of its own", Kind::Extract, extract::offers)
    },
    offer("write the text of a note, section or block in place of its embed", Kind::Inline, inline::offers),
    offer("link words that a note is called by", Kind::Rewrite, mention::offers),
    Offer {
        needs: Some(Ability::Ask),
        ..offer("link the mentions of the note in the vault, each by choice", Kind::Note, mention::offers_for_vault)
    },
    offer("add an alias: what a link or a heading calls a note", Kind::Rewrite, alias::offers),
    Offer { quiet: true, ..offer("add a block id", Kind::Rewrite, block_id::offers) },
    Offer { quiet: true, ..offer("insert a table of contents", Kind::Note, contents::offers_to_insert) },
    offer("update a table of contents", Kind::Note, contents::offers_to_update),
    offer("sort the definitions at the end, and remove unused ones", Kind::Definitions, definitions::offers),
    offer("spell all times of the note alike", Kind::Note, normalise::offers),
];

type Offers = for<'a> fn(&'a Asked<'a>) -> Vec<Titled<'a>>;

const fn offer(doc: &'static str, kind: Kind, offer: Offers) -> Offer {
    Offer { doc, kind, needs: None, quiet: false, offer }
}

/// A note and what is selected in it; the cursor where that is empty.
struct Asked<'a> {
    snapshot: &'a Snapshot,
    note: FileId,
    document: &'a Document,
    span: Span,
    /// Only what concerns the whole note is wanted: the place of the cursor says nothing.
    whole: bool,
}

/// What can be done at `span` of a note, of the sorts that are wanted.
pub fn actions(snapshot: &Snapshot, note: FileId, span: Span, wanted: impl Fn(&Offer) -> bool) -> Vec<Action> {
    let Some(document) = snapshot.document(note) else { return Vec::new() };
    let whole = !ACTIONS.iter().any(|offer| offer.kind == Kind::Rewrite && wanted(offer));
    let asked = Asked { snapshot, note, document: &document, span, whole };
    let offers = ACTIONS.iter().filter(|offer| wanted(offer));
    let titled = offers.flat_map(|offer| (offer.offer)(&asked).into_iter().map(move |titled| (offer, titled)));
    let actions = titled.map(|(offer, Titled { title, way })| {
        let plan = match way {
            Way::Known(change) => Plan::Known(change),
            Way::WhenTaken(cost, _) => Plan::WhenTaken(cost),
        };
        Action { title, kind: offer.kind, needs: offer.needs, plan }
    });
    actions.collect()
}

/// What the action of this kind and title changes, which [`actions`] offers at `span`. `None` where there is none any
/// longer, or nothing to change.
pub fn planned(snapshot: &Snapshot, note: FileId, span: Span, kind: Kind, title: &str) -> Option<Change> {
    let document = snapshot.document(note)?;
    // What is listed for the whole note is a superset of what is listed at a place.
    let plan = |whole| {
        let asked = Asked { snapshot, note, document: &document, span, whole };
        let offers = ACTIONS.iter().filter(|offer| offer.kind == kind);
        let titled = offers.flat_map(|offer| (offer.offer)(&asked)).find(|titled| titled.title == title)?;
        match titled.way {
            Way::Known(change) => Some(change),
            Way::WhenTaken(_, plan) => plan(),
        }
    };
    plan(false).or_else(|| plan(true)).filter(|change| !change.is_empty())
}

impl<'a> Titled<'a> {
    fn known(title: impl Into<String>, edits: Vec<FileEdit>) -> Titled<'a> {
        Titled { title: title.into(), way: Way::Known(Change::of(edits)) }
    }

    fn later(title: impl Into<String>, cost: Cost, plan: impl FnOnce() -> Option<Change> + 'a) -> Titled<'a> {
        Titled { title: title.into(), way: Way::WhenTaken(cost, Box::new(plan)) }
    }
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

    /// The links that the selection touches, none in another: of the innermost at a cursor, the one that begins there.
    fn links(&self) -> impl Iterator<Item = &Link> {
        let touched = |it: &&Link| it.span.start <= self.span.end && self.span.start <= it.span.end;
        let links = self.document.outline.links.iter().filter(touched);
        let (mut at_cursor, mut selected) = (Vec::new(), Vec::new());
        if self.span.is_empty() {
            let inside = |it: &&Link| !it.span.contains(self.span.start as usize);
            at_cursor.extend(links.min_by_key(|it| (inside(it), it.span.len())));
        } else {
            selected.extend(links);
        }
        let mut end = 0;
        at_cursor.into_iter().chain(selected).filter(move |it| {
            let is_free = it.span.start >= end;
            end = end.max(it.span.end);
            is_free
        })
    }

    fn folder(&self) -> &str {
        self.snapshot.get(self.note).map_or("", |note| note.folder())
    }

    /// An action that writes links anew, as far as everything around them stays what it is.
    fn rewriting<'b>(&'b self, title: impl Into<String>, edits: Vec<FileEdit>) -> Titled<'b> {
        Titled::later(title, Cost::Few, move || sound_change(self.snapshot, self.note, self.document, edits))
    }

    fn edit(&self, span: Span, text: String) -> FileEdit {
        FileEdit { file: self.note, span, text }
    }
}
