//! A text half read: what binds tightly is found, and so is where a mark in running text is only a mark.
//!
//! Code and HTML bind tightest, then wikilinks, Markdown links, bare addresses, and last math and comments. What is
//! found in the rest, this does not know.

use super::cover::Cover;
use super::html::{self, Piece};
use super::pairs::{self, Pairs};
use super::structure::{self, Structure};
use super::{addresses, timestamps, wikilinks};
use crate::syntax::{Link, Timestamp};
use crate::text::Span;

pub struct Reading<'t> {
    pub text: &'t str,
    /// Its links are those that wikilinks and math leave.
    pub structure: Structure,
    /// Outside of math.
    pub html: Vec<Piece>,
    /// Wikilinks and bare addresses.
    pub links: Vec<Link>,
    pub math: Cover,
    /// `%%comments%%`
    pub comments: Cover,
    /// Code, math and HTML comments.
    pub verbatim: Cover,
    /// Elements of timestamps, and where they stand.
    pub anchors: Vec<Timestamp>,
    pub in_anchors: Cover,
    /// Where only links are found: `verbatim` and `comments`.
    hidden: Cover,
    /// Where marks are not marks: `hidden`, tags, wikilinks, addresses, and of Markdown links all but the label.
    pub taken: Cover,
}

impl<'t> Reading<'t> {
    /// Reads `text` from byte `body` on, where its front matter has ended.
    pub fn new(text: &'t str, body: usize) -> Reading<'t> {
        let mut structure = structure::read(text, body);
        let mut html = html::pieces(text, &structure);
        let mut links = links(text, &mut structure);
        let opaque = Cover::of([opaque(&structure), spans(&links, |link| link.span)]);
        let Pairs { math, comments } = pairs::find(text, &structure.lines, &opaque);
        links.retain(|link| !math.overlaps(link.span));
        html.retain(|piece| !math.contains(piece.span().start as usize));
        structure.links.retain(|link| !math.contains(link.span.start as usize) && !math.overlaps(link.tail()));
        let html_comments = html.iter().filter(|piece| matches!(piece, Piece::Comment(_))).map(Piece::span).collect();
        let verbatim = Cover::of([Cover::new(structure.code.clone()), math.clone(), Cover::new(html_comments)]);
        let hidden = Cover::of([verbatim.clone(), comments.clone()]);
        let taken = Cover::of([hidden.clone(), opaque]);
        let mut anchors = timestamps::anchors(text, &html);
        anchors.retain(|anchor| !hidden.contains(anchor.span.start as usize));
        let in_anchors = spans(&anchors, |anchor| anchor.span);
        Reading { text, structure, html, links, math, comments, verbatim, anchors, in_anchors, hidden, taken }
    }

    /// Those of `items` that begin where more than links is found.
    pub fn visible<T>(&self, mut items: Vec<T>, span: fn(&T) -> Span) -> Vec<T> {
        items.retain(|item| !self.hidden.contains(span(item).start as usize));
        items
    }

    /// [`Reading::taken`], and elements of timestamps.
    pub fn taken_or_in_anchors(&self) -> Cover {
        Cover::of([self.taken.clone(), self.in_anchors.clone()])
    }

    /// [`Reading::taken_or_in_anchors`], `moments` that are links, images, and the brackets that open labels.
    pub fn taken_by_timestamps(&self, moments: &[Timestamp]) -> Cover {
        let unread = self.structure.links.iter().map(|link| match link.image {
            true => link.span,
            false => Span { start: link.span.start, end: link.label.start },
        });
        let unread = unread.chain(moments.iter().map(|moment| moment.span));
        Cover::of([self.taken_or_in_anchors(), Cover::new(unread.collect())])
    }
}

/// Wikilinks and bare addresses in order. Of Markdown links that cannot be beside them, `structure` keeps none.
fn links(text: &str, structure: &mut Structure) -> Vec<Link> {
    let opaque = opaque(structure);
    let mut links = wikilinks::find(text, &structure.lines, &opaque);
    // Brackets in a name may be anything; a Markdown link is certain.
    let certain = spans(&structure.links, |link| link.span);
    links.retain(|link| !link.bracketed || !certain.overlaps(link.span));
    let found = spans(&links, |link| link.span);
    structure.links.retain(|link| !found.contains(link.span.start as usize) && !found.overlaps(link.tail()));
    let taken = Cover::of([opaque, found, spans(&structure.links, |link| link.span)]);
    links.extend(addresses::find(text, &structure.lines, &taken));
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
