//! A text into its [`Outline`]. Knows the whole of one text; never another note.
//!
//! [`fast`] serves wherever it is certain, and the reference scanner where it is not. Of the reference scanner, [`structure`] says what CommonMark sees, [`reading`] what binds tighter than a mark; what vaults add is found in what
//! remains, one kind a file. Each is found in one pass, so a scan takes time linear in the text.

mod addresses;
mod block_ids;
mod callouts;
mod cover;
mod definitions;
mod destinations;
mod fast;
mod footnotes;
mod headings;
mod html;
mod lists;
mod mask;
mod pairs;
mod reading;
mod source;
mod structure;
mod tags;
mod timestamps;
mod wikilinks;

use super::front_matter::{self, Contents, FrontMatter};
use super::{Context, Link, LinkKind, Outline, Timestamp, TimestampForm, media};
use definitions::ByLabel;
pub use lists::{List, ListItem, list_at};
use reading::Reading;
use std::cmp::Reverse;

/// Reads a text into its outline. Total: any text has one.
pub fn scan(text: &str) -> Outline {
    let mut scanner = Scanner::default();
    scanner.scan(text);
    scanner.outline
}

/// Reads many texts, one after the other: the memory that one of them took serves the next.
#[derive(Debug, Default)]
pub struct Scanner {
    /// What was found in the last text.
    pub outline: Outline,
    room: fast::Room,
}

impl Scanner {
    /// What [`scan`] finds, until the next text is read.
    pub fn scan(&mut self, text: &str) -> &Outline {
        self.outline.clear();
        read(text, &mut self.outline, |body, outline| {
            if fast::outline(text, body, &mut self.room, outline).is_none() {
                *outline = self::outline(Reading::new(text, body));
            }
        });
        &self.outline
    }
}

/// The same outline, found without the fast scanner: slower, and what that is held against.
pub fn scan_by_reference(text: &str) -> Outline {
    let mut found = Outline::default();
    read(text, &mut found, |body, found| *found = outline(Reading::new(text, body)));
    found
}

/// Whether the fast scanner is certain of a text.
pub fn is_certain(text: &str) -> bool {
    let body = front_matter::read(text).map_or(0, |front| front.front_matter.span.end as usize);
    fast::outline(text, body, &mut fast::Room::default(), &mut Outline::default()).is_some()
}

/// Fills `outline`: reads the front matter, and with `read_body` what stands behind it.
fn read(text: &str, outline: &mut Outline, read_body: impl FnOnce(usize, &mut Outline)) {
    let front = front_matter::read(text);
    let body = match &front {
        Some(front) => front.front_matter.span.end as usize,
        None => text.len() - text.trim_start_matches('\u{feff}').len(),
    };
    read_body(body, outline);
    if let Some(Contents { front_matter, tags, links }) = front {
        outline.front_matter = Some(front_matter);
        outline.links.splice(0..0, links);
        outline.tags.splice(0..0, tags);
    }
    outline.medium = medium(outline);
    if outline.medium.is_none() {
        outline.timestamps.retain(|timestamp| timestamp.form != TimestampForm::Bare);
    }
}

/// The id of the note's own video: `videoId`, else an address in the front matter, else the only address in the text
/// before the second heading.
fn medium(outline: &Outline) -> Option<String> {
    let in_front_matter = |front_matter: &FrontMatter| {
        let id = front_matter.video_id.as_ref().map(|field| field.text.clone()).filter(|id| media::is_video_id(id));
        id.or_else(|| front_matter.media.iter().find_map(|field| Some(media::video_address(&field.text)?.id)))
    };
    let end = outline.headings.get(1).map_or(usize::MAX, |second| second.span.start as usize);
    outline.front_matter.as_ref().and_then(in_front_matter).or_else(|| timestamps::only_video(&outline.links, end))
}

/// All of an outline but what the front matter says, and timestamps as if the note had a medium.
fn outline(reading: Reading) -> Outline {
    let Reading { text, structure, html, .. } = &reading;
    let mut definitions = definitions::find(text, structure);
    let by_label = definitions::by_label(&definitions);
    let links = links(&reading, &by_label);
    let timestamps = timestamps(&reading, &links, &by_label);
    definitions::mark_for_wikilinks(text, &mut definitions, &links);
    let blocks = block_ids::find(text, structure, &reading.taken, &links);
    let shown = headings::Shown { links: &links, math: &reading.math, comments: &reading.comments, block_ids: &blocks };
    Outline {
        front_matter: None,
        medium: None,
        headings: reading.visible(headings::find(text, structure, &shown), |heading| heading.span),
        definitions,
        undefined: definitions::undefined_labels(text, &structure.undefined, &reading.taken_or_in_anchors()),
        footnotes: reading.visible(footnotes::find(text, structure, &reading.taken), |footnote| footnote.span),
        tags: tags::find(text, &structure.lines, &reading.taken),
        blocks,
        timestamps,
        callouts: reading.visible(callouts::find(text, structure), |callout| callout.span),
        elements: reading.visible(html::elements(html), |element| element.span),
        suppressions: html::suppressions(text, html),
        paragraphs: structure.leaves().map(|block| block.span).collect(),
        links,
        verbatim: reading.verbatim.into_spans(),
        comments: reading.comments.into_spans(),
    }
}

/// All links in order, with their contexts. Within an element of a timestamp `[00:06:04]` is no reference.
fn links(reading: &Reading, by_label: &ByLabel) -> Vec<Link> {
    let mut links = reading.links.clone();
    let markdown = reading.structure.links.iter().map(|link| destinations::link(reading.text, link, by_label));
    links.extend(markdown.filter(|link| link.kind != LinkKind::Reference || !reading.in_anchors.overlaps(link.span)));
    links.extend(html::links(reading.text, &reading.html));
    links.sort_by_key(|link| (link.span.start, Reverse(link.span.end)));
    for link in links.iter_mut().filter(|link| reading.comments.contains(link.span.start as usize)) {
        link.context = Context::Comment;
    }
    links
}

/// All timestamps in order.
fn timestamps(reading: &Reading, links: &[Link], by_label: &ByLabel) -> Vec<Timestamp> {
    let Reading { text, structure, .. } = reading;
    let mut found: Vec<Timestamp> = timestamps::of_links(text, links, by_label).collect();
    let taken = reading.taken_by_timestamps(&found);
    found.extend(timestamps::of_wikilinks(text, links));
    found.extend(timestamps::bare(text, &structure.lines, &taken));
    found.extend(timestamps::macros(text, &structure.lines, &taken));
    found = reading.visible(found, |timestamp| timestamp.span);
    found.retain(|timestamp| !reading.in_anchors.contains(timestamp.span.start as usize));
    found.extend(timestamps::fences(text, structure, &reading.comments));
    found.extend_from_slice(&reading.anchors);
    found.sort_by_key(|timestamp| (timestamp.span.start, Reverse(timestamp.span.end)));
    found
}
