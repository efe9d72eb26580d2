//! What stands under the cursor. Knows one document.

use crate::syntax::front_matter::Field;
use crate::syntax::{Block, Definition, Footnote, Heading, Link, LinkKind, Tag, Timestamp, media};
use crate::text::Span;
use crate::vault::Document;

/// A thing that can be asked about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Thing<'a> {
    Link(&'a Link),
    Timestamp(&'a Timestamp),
    Definition(&'a Definition),
    Footnote(&'a Footnote),
    Tag(&'a Tag),
    Block(&'a Block),
    Heading(usize, &'a Heading),
    /// The value in the front matter that says which video the note is of, or the key before it, and the video's id.
    Video(Span, &'a str),
    /// The front matter: the note itself. The title's value, or the whole.
    Title(Span),
}

impl Thing<'_> {
    pub fn span(self) -> Span {
        match self {
            Thing::Link(link) => link.span,
            Thing::Timestamp(timestamp) => timestamp.span,
            Thing::Definition(definition) => definition.span,
            Thing::Footnote(footnote) => footnote.span,
            Thing::Tag(tag) => tag.span,
            Thing::Block(block) => block.span,
            Thing::Heading(_, heading) => heading.span,
            Thing::Video(span, _) | Thing::Title(span) => span,
        }
    }
}

/// All things at byte `at`, innermost first. Of two that meet there, the one that begins.
pub fn things_at(document: &Document, at: usize) -> impl Iterator<Item = Thing<'_>> {
    let outline = &document.outline;
    let mut all: Vec<Thing> = Vec::new();
    all.extend(outline.links.iter().filter(|link| link.span.touches(at)).map(Thing::Link));
    all.extend(outline.timestamps.iter().filter(|timestamp| timestamp.span.touches(at)).map(Thing::Timestamp));
    all.extend(outline.definitions.iter().filter(|definition| definition.span.touches(at)).map(Thing::Definition));
    all.extend(outline.footnotes.iter().filter(|footnote| footnote.span.touches(at)).map(Thing::Footnote));
    all.extend(outline.tags.iter().filter(|tag| tag.span.touches(at)).map(Thing::Tag));
    all.extend(outline.blocks.iter().filter(|block| block.span.touches(at)).map(Thing::Block));
    let headings = outline.headings.iter().enumerate().filter(|(_, heading)| heading.span.touches(at));
    all.extend(headings.map(|(i, heading)| Thing::Heading(i, heading)));
    all.extend(video_at(document, at));
    all.extend(title_at(document, at));
    // A stable sort: where a link is a timestamp as well, the link goes first.
    all.sort_by_key(|thing| (!thing.span().contains(at), thing.span().len()));
    all.into_iter()
}

fn video_at(document: &Document, at: usize) -> Option<Thing<'_>> {
    let id = document.outline.medium.as_deref()?;
    let front = document.outline.front_matter.as_ref()?;
    let names_it =
        |value: &&Field| value.text == id || media::video_address(&value.text).is_some_and(|video| video.id == id);
    let values = front.video_id.iter().chain(&front.media).filter(names_it).map(|value| value.span);
    let parts = values.flat_map(|value| [value, key_before(document, value)]);
    parts.into_iter().find(|part| part.touches(at)).map(|part| Thing::Video(part, id))
}

/// What stands on the line before a value of the front matter: its key, if that is there.
fn key_before(document: &Document, value: Span) -> Span {
    let line = document.text.line_start(document.text.line_of(value.start as usize));
    let before = Span::new(line, value.start as usize);
    let key = document.of(before).rfind(':').unwrap_or(0);
    Span::new(line, line + key)
}

fn title_at(document: &Document, at: usize) -> Option<Thing<'_>> {
    let front = document.outline.front_matter.as_ref()?;
    let title = front.title.iter().map(|title| title.span).find(|title| title.touches(at));
    title.or(Some(front.span).filter(|front| front.contains(at))).map(Thing::Title)
}

/// The part of a link that the cursor is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Name,
    Anchor,
    Label,
}

/// Which part of a link byte `at` is on: what is not the name or the anchor counts as the label.
pub fn part_at(link: &Link, at: usize) -> Part {
    if link.anchor.is_some_and(|anchor| anchor.touches(at)) && at >= link.name.end as usize {
        Part::Anchor
    } else if link.name.touches(at) && (link.kind != LinkKind::Reference || link.label != Some(link.name)) {
        Part::Name
    } else {
        Part::Label
    }
}
