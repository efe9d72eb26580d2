//! Where a thing is defined.

use super::Location;
use super::cursor::{Part, Thing, part_at, things_at};
use super::video;
use crate::syntax::{self, Footnote, Link, LinkKind, Timestamp};
use crate::text::{Place, Span};
use crate::vault::{Anchored, Document, FileId, Snapshot};

/// Where the thing under a cursor leads.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The thing itself, in the asking note.
    pub origin: Span,
    pub targets: Vec<Target>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// What to show: a heading, a block id, an element; for a note or an attachment its start.
    pub location: Location,
    /// What it opens: the section, the block, the definition's text.
    pub whole: Place,
}

/// `None` where there is nothing to follow. A heading, a tag, a block id and the note's title answer with themselves, so
/// that editors fall through to references.
pub fn definition(snapshot: &Snapshot, note: FileId, at: usize) -> Option<Definition> {
    let document = snapshot.document(note)?;
    let mut things = things_at(&document, at);
    let thing = things.next()?;
    // A link that is a timestamp as well leads to its note where there is one, and else to its moment.
    let moment = things.find_map(|other| match other {
        Thing::Timestamp(timestamp) if timestamp.span == thing.span() => Some(timestamp),
        _ => None,
    });
    let itself = |span: Span| vec![Target::at(note, document.place(span))];
    let targets = match thing {
        Thing::Link(link) => {
            let targets = link_targets(snapshot, note, &document, link, at);
            let moment = moment.filter(|_| targets.is_empty());
            moment.map_or(targets, |moment| moment_targets(snapshot, note, &document, moment))
        }
        Thing::Definition(definition) if definition.label.touches(at) => itself(definition.span),
        Thing::Definition(definition) => followed(snapshot, note, &definition.target).into_iter().collect(),
        Thing::Footnote(footnote) => footnote_targets(note, &document, footnote),
        Thing::Heading(i, heading) => {
            let whole = document.place(document.outline.section(i, document.source.len()));
            vec![Target { whole, ..Target::at(note, document.place(heading.span)) }]
        }
        Thing::Block(block) => {
            vec![Target { whole: document.place(block.block), ..Target::at(note, document.place(block.span)) }]
        }
        Thing::Tag(tag) => itself(tag.span),
        Thing::Title(span) => itself(span),
        Thing::Timestamp(timestamp) => moment_targets(snapshot, note, &document, timestamp),
        Thing::Video(_, id) => entry_targets(snapshot, id),
    };
    (!targets.is_empty()).then(|| Definition { origin: thing.span(), targets })
}

impl Target {
    fn at(file: FileId, place: Place) -> Target {
        Target { location: Location { file, place }, whole: place }
    }
}

/// What a link's target leads to, if it is there: the note where its anchor is not.
pub fn followed(snapshot: &Snapshot, from: FileId, target: &syntax::Target) -> Option<Target> {
    let (dialect, name, anchor) = super::parts(target)?;
    let file = snapshot.resolve(from, dialect, name)?.file;
    let anchored = anchor.and_then(|anchor| snapshot.anchor(file, dialect, anchor));
    Some(anchored.map_or(Target::at(file, Place::default()), |anchored| anchored_target(snapshot, file, anchored)))
}

fn anchored_target(snapshot: &Snapshot, file: FileId, anchored: Anchored) -> Target {
    let target = Target::at(file, anchored.place().unwrap_or_default());
    // The whole of a section or a block is worth a look into the note; without one the anchor itself will do.
    let Some(document) = snapshot.document(file) else { return target };
    let whole = match anchored {
        Anchored::Heading { index, .. } if index < document.outline.headings.len() => {
            Some(document.outline.section(index, document.source.len()))
        }
        Anchored::Block(place) => {
            let span = document.span(place);
            document.outline.blocks.iter().find(|block| block.span == span).map(|block| block.block)
        }
        _ => None,
    };
    Target { whole: whole.map_or(target.whole, |whole| document.place(whole)), ..target }
}

fn link_targets(snapshot: &Snapshot, note: FileId, document: &Document, link: &Link, at: usize) -> Vec<Target> {
    let on_reference = link.kind == LinkKind::Reference && (part_at(link, at) == Part::Name || link.label.is_none());
    if !on_reference {
        return followed(snapshot, note, &link.target).into_iter().collect();
    }
    let key = syntax::definition_key(document.of(link.name));
    let definition = document.outline.definitions.iter().find(|definition| definition.key == key);
    definition.map(|definition| Target::at(note, document.place(definition.span))).into_iter().collect()
}

/// The words that are heard at a moment, else the entry of its video.
fn moment_targets(snapshot: &Snapshot, note: FileId, document: &Document, timestamp: &Timestamp) -> Vec<Target> {
    let Some(id) = document.outline.video_of(timestamp) else { return Vec::new() };
    let folder = snapshot.get(note).map_or("", |file| file.folder());
    let transcript = video::transcript(snapshot, id, folder).zip(timestamp.time.millis());
    let cue = transcript.and_then(|((file, transcript), at)| {
        let cue = transcript.cues.get(transcript.at(at).unwrap_or(0))?;
        Some(Target::at(file, cue.place))
    });
    cue.map_or_else(|| entry_targets(snapshot, id), |cue| vec![cue])
}

/// The link that says what a video is called.
fn entry_targets(snapshot: &Snapshot, id: &str) -> Vec<Target> {
    // A note that is not read yet may have a better one.
    let entry = video::entry(snapshot, id).filter(|_| snapshot.is_loaded());
    entry.map(|(location, _)| Target::at(location.file, location.place)).into_iter().collect()
}

fn footnote_targets(note: FileId, document: &Document, footnote: &Footnote) -> Vec<Target> {
    let definitions = document.outline.footnotes.iter().filter(|other| other.definition && other.key == footnote.key);
    let target = |definition: &Footnote| Target {
        whole: document.place(definition.span),
        ..Target::at(note, document.place(definition.label))
    };
    definitions.map(target).take(1).collect()
}
