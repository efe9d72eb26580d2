//! The reference scanner: a text into its [`Outline`]. Knows the whole of one text; never another note.
//!
//! [`structure`] says what CommonMark sees; what vaults add is found in what remains, one kind a file. The order in
//! which things are found is the order in which they bind: code and HTML, wikilinks, addresses, math and comments,
//! then all that is only a mark in running text. Each is found in one pass, so a scan takes time linear in the text.

mod addresses;
mod block_ids;
mod callouts;
mod cover;
mod definitions;
mod destinations;
mod footnotes;
mod headings;
mod html;
mod pairs;
mod structure;
mod tags;
mod timestamps;
mod wikilinks;

use super::front_matter::{self, Contents, FrontMatter};
use super::{Context, Link, LinkKind, Outline, Timestamp, TimestampForm, media};
use crate::text::Span;
use cover::Cover;
use definitions::ByLabel;
use html::Piece;
use pairs::Pairs;
use structure::Structure;

/// Reads a text into its outline. Total: any text has one.
pub fn scan(text: &str) -> Outline {
    let front = front_matter::read(text);
    let body = match &front {
        Some(front) => front.front_matter.span.end as usize,
        None => text.len() - text.trim_start_matches('\u{feff}').len(),
    };
    let mut outline = Reading::new(text, body).outline();
    if let Some(Contents { front_matter, tags, links }) = front {
        outline.front_matter = Some(front_matter);
        outline.links.splice(0..0, links);
        outline.tags.splice(0..0, tags);
    }
    outline.medium = medium(&outline);
    if outline.medium.is_none() {
        outline.timestamps.retain(|timestamp| timestamp.form != TimestampForm::Bare);
    }
    outline
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

/// A text half read: all that binds tightly is known, and so is where marks are only marks.
struct Reading<'t> {
    text: &'t str,
    structure: Structure,
    html: Vec<Piece>,
    /// Wikilinks and bare addresses.
    links: Vec<Link>,
    math: Cover,
    comments: Cover,
    /// Code, math and HTML comments.
    verbatim: Cover,
}

impl<'t> Reading<'t> {
    fn new(text: &'t str, body: usize) -> Reading<'t> {
        let mut structure = structure::read(text, body);
        let mut html = html::pieces(text, &structure);
        let mut links = links(text, &mut structure);
        let opaque = cover([opaque(&structure), spans(&links, |link| link.span)]);
        let Pairs { math, comments } = pairs::find(text, &structure.lines, &opaque);
        let (math, comments) = (Cover::new(math), Cover::new(comments));
        links.retain(|link| !math.overlaps(link.span));
        html.retain(|piece| !math.contains(piece.span().start as usize));
        structure.links.retain(|link| !math.contains(link.span.start as usize) && !math.overlaps(link.tail()));
        let html_comments = spans(&html, |piece| if let Piece::Comment(span) = piece { *span } else { Span::empty(0) });
        let verbatim = cover([Cover::new(structure.code.clone()), math.clone(), html_comments]);
        Reading { text, structure, html, links, math, comments, verbatim }
    }

    fn outline(self) -> Outline {
        let Reading { text, structure, html, .. } = &self;
        let hidden = cover([self.verbatim.clone(), self.comments.clone()]);
        let visible = |span: Span| !hidden.contains(span.start as usize);
        let taken = cover([hidden.clone(), opaque(structure), spans(&self.links, |link| link.span)]);

        let mut anchors = timestamps::anchors(text, html);
        anchors.retain(|anchor| visible(anchor.span));
        let in_anchors = spans(&anchors, |anchor| anchor.span);
        let mut definitions = definitions::find(text, structure);
        let by_label = definitions::by_label(&definitions);
        let links = self.all_links(&in_anchors, &by_label);
        let timestamps = self.timestamps(anchors, &links, &by_label, &hidden, &taken);
        definitions::mark_for_wikilinks(text, &mut definitions, &links);

        let blocks = block_ids::find(text, structure, &taken, &ends(&links));
        let shown = headings::Shown { links: &links, math: &self.math, comments: &self.comments, block_ids: &blocks };
        let headings = headings::find(text, structure, &hidden, &shown);
        let mut tags = Vec::new();
        for line in &structure.lines {
            tags::find(text, line.span, &taken, &mut tags);
        }
        Outline {
            undefined: definitions::undefined_labels(text, &structure.undefined, &cover([taken.clone(), in_anchors])),
            footnotes: footnotes::find(text, structure, &taken).into_iter().filter(|note| visible(note.span)).collect(),
            callouts: callouts::find(text, structure).into_iter().filter(|callout| visible(callout.span)).collect(),
            elements: html::elements(text, html).into_iter().filter(|element| visible(element.span)).collect(),
            suppressions: html::suppressions(text, html),
            paragraphs: structure.leaves().map(|block| block.span).collect(),
            front_matter: None,
            medium: None,
            headings,
            links,
            definitions,
            tags,
            blocks,
            timestamps,
            verbatim: self.verbatim.into_spans(),
        }
    }

    /// All links in order, with their contexts. Within an element of a timestamp `[00:06:04]` is no reference.
    fn all_links(&self, in_anchors: &Cover, by_label: &ByLabel) -> Vec<Link> {
        let mut links = self.links.clone();
        let markdown = self.structure.links.iter().map(|link| destinations::link(self.text, link, by_label));
        links.extend(markdown.filter(|link| link.kind != LinkKind::Reference || !in_anchors.overlaps(link.span)));
        links.extend(html::links(self.text, &self.html));
        links.sort_by_key(|link| (link.span.start, std::cmp::Reverse(link.span.end)));
        for link in links.iter_mut().filter(|link| self.comments.contains(link.span.start as usize)) {
            link.context = Context::Comment;
        }
        links
    }

    /// All timestamps in order, as if the note had a medium.
    fn timestamps(
        &self,
        mut anchors: Vec<Timestamp>,
        links: &[Link],
        by_label: &ByLabel,
        hidden: &Cover,
        taken: &Cover,
    ) -> Vec<Timestamp> {
        let Reading { text, structure, .. } = self;
        let in_anchors = spans(&anchors, |anchor| anchor.span);
        let whole_links = spans(&structure.links, |link| link.span);
        let mut found = timestamps::of_links(text, links, by_label);
        found.extend(timestamps::of_wikilinks(text, links));
        let taken = cover([taken.clone(), in_anchors.clone(), whole_links]);
        for line in &structure.lines {
            timestamps::bare(text, line.span, &taken, &mut found);
            timestamps::macros(text, line.span, &taken, &mut found);
        }
        found.retain(|timestamp| {
            let at = timestamp.span.start as usize;
            !hidden.contains(at) && !in_anchors.contains(at)
        });
        found.extend(timestamps::fences(text, structure));
        found.append(&mut anchors);
        found.sort_by_key(|timestamp| (timestamp.span.start, std::cmp::Reverse(timestamp.span.end)));
        found
    }
}

fn ends(links: &[Link]) -> Vec<u32> {
    let mut ends: Vec<u32> = links.iter().map(|link| link.span.end).collect();
    ends.sort_unstable();
    ends
}

/// Wikilinks and bare addresses in order. Of Markdown links that cannot be beside them, `structure` keeps none.
fn links(text: &str, structure: &mut Structure) -> Vec<Link> {
    let opaque_to_links = opaque(structure);
    let mut links = Vec::new();
    for line in &structure.lines {
        wikilinks::find(text, line.span, &opaque_to_links, &mut links);
    }
    // Brackets in a name may be anything; a Markdown link is certain.
    let certain = spans(&structure.links, |link| link.span);
    links.retain(|link| !link.bracketed || !certain.overlaps(link.span));
    let found = spans(&links, |link| link.span);
    structure.links.retain(|link| !found.contains(link.span.start as usize) && !found.overlaps(link.tail()));
    let taken = cover([opaque_to_links, found, spans(&structure.links, |link| link.span)]);
    for line in &structure.lines {
        addresses::find(text, line, &taken, &mut links);
    }
    links.sort_by_key(|link| link.span);
    links
}

/// What holds no wikilink: code, HTML, all of a Markdown link but its label.
fn opaque(structure: &Structure) -> Cover {
    let tails = structure.links.iter().map(|link| link.tail());
    Cover::new(structure.code.iter().chain(&structure.inline_html).copied().chain(tails).collect())
}

fn spans<T>(items: &[T], span: fn(&T) -> Span) -> Cover {
    Cover::new(items.iter().map(span).collect())
}

fn cover<const N: usize>(covers: [Cover; N]) -> Cover {
    Cover::new(covers.into_iter().flat_map(Cover::into_spans).collect())
}

/// Whether a backslash takes the meaning from byte `at`.
fn escaped(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}
