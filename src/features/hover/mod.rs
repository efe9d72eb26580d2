//! What stands behind the thing under the cursor, as a card of Markdown.

mod note;
mod tag;
mod timestamp;
mod video;

use super::cursor::{Part, Thing, part_at, things_at};
use super::prose::{counted, escaped, shown};
use super::references::{mentions, subject_at};
use crate::syntax::{Footnote, Link, LinkKind, Target, definition_key};
use crate::text::Span;
use crate::vault::{Document, FileId, Snapshot};
pub use note::{preview, title as note_title};

/// A card: Markdown, and the thing it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub span: Span,
    pub markdown: String,
}

/// The card of the innermost thing at byte `at` that has one.
pub fn hover(snapshot: &Snapshot, note: FileId, at: usize) -> Option<Card> {
    let document = snapshot.document(note)?;
    let things: Vec<Thing> = things_at(&document, at).collect();
    // A link to a moment of a video is both: what it says about the video is the better answer.
    let timestamps = things.iter().filter(|thing| matches!(thing, Thing::Timestamp(_)));
    let others = things.iter().filter(|thing| !matches!(thing, Thing::Timestamp(_)));
    timestamps.chain(others).find_map(|&thing| {
        let markdown = card(snapshot, note, &document, thing, at)?;
        Some(Card { span: thing.span(), markdown })
    })
}

fn card(snapshot: &Snapshot, note: FileId, document: &Document, thing: Thing, at: usize) -> Option<String> {
    match thing {
        Thing::Timestamp(timestamp) => timestamp::card(snapshot, note, document, timestamp),
        Thing::Link(link) => link_card(snapshot, note, document, link, at),
        Thing::Definition(definition) => target_card(snapshot, note, &definition.target, false),
        Thing::Footnote(footnote) => footnote_card(document, footnote),
        Thing::Tag(tag) => tag::card(snapshot, document.of(tag.name)),
        Thing::Block(_) | Thing::Heading(..) => {
            let found = mentions(snapshot, &subject_at(snapshot, note, document, at)?);
            Some(counted(found.len(), "link") + " to this")
        }
        Thing::Video(_, id) => Some(video::card(snapshot, note, id)),
        Thing::Title(_) => note::card(snapshot, note, None),
    }
}

fn link_card(snapshot: &Snapshot, note: FileId, document: &Document, link: &Link, at: usize) -> Option<String> {
    if link.kind == LinkKind::Reference && part_at(link, at) == Part::Name {
        let key = definition_key(document.of(link.name));
        let definition = document.outline.definitions.iter().find(|definition| definition.key == key)?;
        let line = escaped(document.of(definition.span));
        let card = target_card(snapshot, note, &definition.target, false);
        return Some(card.map_or(line.clone(), |card| format!("{line}\n\n{card}")));
    }
    target_card(snapshot, note, &link.target, link.embed)
}

fn target_card(snapshot: &Snapshot, note: FileId, target: &Target, embed: bool) -> Option<String> {
    let (dialect, name, anchor) = super::parts(target)?;
    let Some(resolved) = snapshot.resolve(note, dialect, name) else {
        return note::missing(snapshot, note, dialect, embed, name);
    };
    note::card(snapshot, resolved.file, anchor.map(|anchor| (dialect, anchor)))
}

fn footnote_card(document: &Document, footnote: &Footnote) -> Option<String> {
    let mut definitions = document.outline.footnotes.iter().filter(|it| it.definition && it.key == footnote.key);
    let Some(definition) = definitions.next() else {
        return Some(format!("The note has no text for the footnote `{}`.", document.of(footnote.label)));
    };
    let text = Span { start: (definition.label.end + 2).min(definition.span.end), end: definition.span.end };
    Some(shown(document, text))
}
