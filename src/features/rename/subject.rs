//! What a rename would give another name, and how the cursor shows it. Knows where things stand; not how they change.

use super::Renameable;
use crate::features::cursor::{Part, Thing, part_at, things_at};
use crate::features::parts;
use crate::syntax::{self, Definition, Link, LinkKind, Tag, Target, name};
use crate::text::{Place, Span};
use crate::vault::{Anchored, Dialect, Document, Fact, FileId, Snapshot};

/// A thing that has a name.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// A note or an attachment.
    File(FileId),
    /// The title in a note's front matter.
    Title(FileId),
    /// An alias in a note's front matter, by its order.
    Alias(FileId, usize),
    /// By its order in the note.
    Heading(FileId, usize),
    /// A block id, by its order in the note.
    Block(FileId, usize),
    /// Folded; with those beneath it.
    Tag(String),
    /// A name that no file has, folded.
    Missing(String),
    Footnote(FileId, String),
    Definition(FileId, String),
}

/// What byte `at` names.
pub fn named_at(snapshot: &Snapshot, note: FileId, document: &Document, at: usize) -> Option<(Subject, Renameable)> {
    things_at(document, at).find_map(|thing| match thing {
        Thing::Link(link) => link_at(snapshot, note, document, link, at),
        Thing::Definition(definition) => definition_at(snapshot, note, document, definition, at),
        Thing::Footnote(footnote) => footnote
            .label
            .touches(at)
            .then(|| shown(document, footnote.label, Subject::Footnote(note, footnote.key.clone()))),
        Thing::Tag(tag) => Some(tag_at(document, tag, at)),
        Thing::Block(block) => {
            let order = document.outline.blocks.iter().position(|other| other == block)?;
            Some(shown(document, block.id, Subject::Block(note, order)))
        }
        Thing::Heading(index, heading) => Some(shown(document, heading.source, Subject::Heading(note, index))),
        Thing::Title(span) => Some(front_matter_at(snapshot, note, document, span, at)),
        Thing::Timestamp(_) | Thing::Video(..) => None,
    })
}

/// Something that stands in the text as it is called.
fn shown(document: &Document, span: Span, subject: Subject) -> (Subject, Renameable) {
    (subject, Renameable { span, name: document.of(span).to_owned() })
}

fn link_at(
    snapshot: &Snapshot,
    note: FileId,
    document: &Document,
    link: &Link,
    at: usize,
) -> Option<(Subject, Renameable)> {
    let part = part_at(link, at);
    let shows_its_key = link.label.is_none_or(|label| label == link.name);
    if link.kind == LinkKind::Reference && (part == Part::Name || shows_its_key) {
        let key = syntax::definition_key(document.of(link.name));
        return Some(shown(document, link.name, Subject::Definition(note, key)));
    }
    let target = match link.kind {
        LinkKind::Reference => {
            let key = syntax::definition_key(document.of(link.name));
            &document.outline.definitions.iter().find(|definition| definition.key == key)?.target
        }
        _ => &link.target,
    };
    let anchor = link.anchor.filter(|_| part == Part::Anchor);
    let span = match part {
        Part::Name if !link.name.is_empty() => link.name,
        _ => link.label.filter(|label| label.touches(at)).unwrap_or(link.span),
    };
    target_at(snapshot, note, document, target, span, anchor, at)
}

fn definition_at(
    snapshot: &Snapshot,
    note: FileId,
    document: &Document,
    definition: &Definition,
    at: usize,
) -> Option<(Subject, Renameable)> {
    if definition.label.touches(at) {
        return Some(shown(document, definition.label, Subject::Definition(note, definition.key.clone())));
    }
    let anchor = definition.anchor.filter(|anchor| anchor.touches(at) && !definition.name.touches(at));
    target_at(snapshot, note, document, &definition.target, definition.name, anchor, at)
}

/// The file that a target names, or the part of it where the cursor is on the anchor.
fn target_at(
    snapshot: &Snapshot,
    note: FileId,
    document: &Document,
    target: &Target,
    span: Span,
    anchor: Option<Span>,
    at: usize,
) -> Option<(Subject, Renameable)> {
    let (dialect, called, fragment) = parts(target)?;
    let Some(resolved) = snapshot.resolve(note, dialect, called) else {
        return Some((Subject::Missing(name::fold(called).into_owned()), Renameable { span, name: called.to_owned() }));
    };
    if let (Some(anchor), Some(fragment)) = (anchor, fragment) {
        return part_named(snapshot, resolved.file, dialect, fragment, document, anchor, at);
    }
    let file = snapshot.get(resolved.file)?;
    Some((Subject::File(resolved.file), Renameable { span, name: file.stem().to_owned() }))
}

/// The part of `file` that the cursor is on in an anchor: of a chain, the heading of the segment it touches.
fn part_named(
    snapshot: &Snapshot,
    file: FileId,
    dialect: Dialect,
    fragment: &str,
    document: &Document,
    anchor: Span,
    at: usize,
) -> Option<(Subject, Renameable)> {
    let facts = &snapshot.get(file)?.facts;
    match snapshot.anchor(file, dialect, fragment)? {
        Anchored::Heading { index, .. } => {
            let (span, segment) = segment_at(document, anchor, at);
            let headings: Vec<_> = facts.headings().map(|(_, heading)| heading).collect();
            let is_last = span.end == anchor.end;
            let index = if is_last { index } else { above(&headings, index, segment)? };
            Some((Subject::Heading(file, index), Renameable { span, name: headings.get(index)?.source.to_owned() }))
        }
        Anchored::Block(place) => {
            let ids = facts.iter().filter_map(|(place, fact)| match fact {
                Fact::Block(id) => Some((place, id)),
                _ => None,
            });
            let (order, (_, id)) = ids.enumerate().find(|(_, (other, _)): &(usize, (Place, &str))| *other == place)?;
            let span = Span { start: anchor.start + 1, ..anchor };
            Some((Subject::Block(file, order), Renameable { span, name: id.to_owned() }))
        }
        Anchored::Top | Anchored::Element(_) | Anchored::Line(_) | Anchored::Unchecked => None,
    }
}

/// The part of a chain `a#b` that byte `at` is in.
fn segment_at(document: &Document, anchor: Span, at: usize) -> (Span, &str) {
    let written = document.of(anchor);
    let offset = at.saturating_sub(anchor.start as usize).min(written.len());
    let start = written[..offset].rfind('#').map_or(0, |hash| hash + 1);
    let end = written[offset..].find('#').map_or(written.len(), |hash| offset + hash);
    let from = anchor.start as usize;
    (Span::new(from + start, from + end), &written[start..end])
}

/// The heading above the one at `index` that a segment names.
fn above(headings: &[crate::vault::facts::Heading], index: usize, segment: &str) -> Option<usize> {
    let wanted = name::fold_heading(segment);
    let mut level = headings.get(index)?.level;
    (0..index).rev().find(|&above| {
        let heading = headings[above];
        let is_above = heading.level < level;
        level = level.min(heading.level);
        is_above && (name::fold_heading(heading.text) == wanted || name::fold_heading(heading.source) == wanted)
    })
}

/// `#a/b/c` with the cursor in `b` is the tag `a/b`, with all beneath it.
fn tag_at(document: &Document, tag: &Tag, at: usize) -> (Subject, Renameable) {
    let written = document.of(tag.name);
    let offset = at.saturating_sub(tag.name.start as usize).min(written.len());
    let end = written[offset..].find('/').map_or(written.len(), |slash| offset + slash);
    let start = tag.name.start as usize;
    let folded = name::fold_tag(&written[..end]).into_owned();
    shown(document, Span::new(start, start + end), Subject::Tag(folded))
}

/// The title or an alias; elsewhere in the front matter the note itself.
fn front_matter_at(
    snapshot: &Snapshot,
    note: FileId,
    document: &Document,
    span: Span,
    at: usize,
) -> (Subject, Renameable) {
    let front = document.outline.front_matter.as_ref();
    if let Some(title) = front.and_then(|front| front.title.as_ref()).filter(|title| title.span == span) {
        return (Subject::Title(note), Renameable { span, name: title.text.clone() });
    }
    let mut aliases = front.into_iter().flat_map(|front| &front.aliases).enumerate();
    if let Some((order, alias)) = aliases.find(|(_, alias)| alias.span.touches(at)) {
        return (Subject::Alias(note, order), Renameable { span: alias.span, name: alias.text.clone() });
    }
    let line = document.text.line_of(at);
    let start = document.text.line_start(line);
    let line = Span::new(start, start + document.text.line(line).trim_end_matches(['\n', '\r']).len());
    let stem = snapshot.get(note).map_or("", |file| file.stem());
    (Subject::File(note), Renameable { span: line, name: stem.to_owned() })
}
