//! The second layer: running text from one interesting byte to the next. Knows leaves and their lines; what a link or a
//! tag says once its ends are known, the passes of the reference scanner know.

use super::blocks::{Blocks, First, Leaf};
use super::{Rare, append::append, by_reference};
use crate::syntax::scan::cover::Cover;
use crate::syntax::scan::definitions::ByLabel;
use crate::syntax::scan::html::{self, Piece};
use crate::syntax::scan::source::trimmed;
use crate::syntax::scan::structure::{BlockKind, Line, LinkForm, MarkdownLink};
use crate::syntax::scan::wikilinks::{brackets_to_balance, with_bang};
use crate::syntax::scan::{block_ids, callouts, destinations, tags, timestamps};
use crate::syntax::{Block, Context, Heading, Link, Outline, Tag, Timestamp, wikilink};
use crate::text::Span;
use std::cmp::Reverse;

/// The outline of a note whose blocks are known. `None` where a nested leaf is not certain.
pub fn read(text: &str, blocks: Blocks, rare: Rare) -> Option<Outline> {
    let mut note = Note { text, rare, outline: Outline::default(), pieces: Vec::new(), times: Vec::new() };
    let mut code = blocks.code.iter().copied().peekable();
    note.outline.paragraphs.reserve(blocks.leaves.len());
    for leaf in &blocks.leaves {
        while let Some(fence) = code.next_if(|fence| fence.start < leaf.span.start) {
            note.outline.verbatim.push(fence);
        }
        note.leaf(leaf, &blocks.lines[leaf.lines.clone()])?;
    }
    note.outline.verbatim.extend(code);
    note.outline.callouts = callouts(text, &blocks);
    Some(note.outline)
}

fn callouts(text: &str, blocks: &Blocks) -> Vec<crate::syntax::Callout> {
    let found = blocks.quotes.iter().filter_map(|quote| {
        let First::Leaf(leaf) = quote.first else { return None };
        let line = blocks.lines[blocks.leaves[leaf].lines.clone()].first()?;
        callouts::callout(text, trimmed(text, quote.span), *line)
    });
    found.collect()
}

struct Note<'t> {
    text: &'t str,
    rare: Rare,
    outline: Outline,
    // Of one leaf:
    pieces: Vec<Piece>,
    /// Brackets that may hold a bare time.
    times: Vec<usize>,
}

/// How much had been found before a leaf, to forget what was found in it.
#[derive(Clone, Copy)]
struct Before {
    links: usize,
    tags: usize,
    verbatim: usize,
}

impl Note<'_> {
    fn leaf(&mut self, leaf: &Leaf, lines: &[Span]) -> Option<()> {
        let before = Before {
            links: self.outline.links.len(),
            tags: self.outline.tags.len(),
            verbatim: self.outline.verbatim.len(),
        };
        self.pieces.clear();
        self.times.clear();
        let plain = self.heading(leaf, lines) && lines.iter().try_for_each(|line| self.line(*line)).is_some();
        if plain {
            self.outline.paragraphs.push(leaf.span);
            self.finish(before);
            return self.block_id(leaf, lines, before.links);
        }
        if leaf.nested && lines.len() > 1 {
            return None;
        }
        self.outline.links.truncate(before.links);
        self.outline.tags.truncate(before.tags);
        self.outline.verbatim.truncate(before.verbatim);
        let found = by_reference(self.text, leaf.span)?;
        let knows_its_block = found.blocks.iter().all(|id| !leaf.nested && id.span != found.paragraphs[0]);
        append(&mut self.outline, found, leaf.span.start as usize);
        knows_its_block.then_some(())
    }

    /// Adds a heading that shows what its source says. False for another one.
    fn heading(&mut self, leaf: &Leaf, lines: &[Span]) -> bool {
        let Some(level) = leaf.level else { return true };
        let source = lines.first().copied().unwrap_or(Span::empty(leaf.span.end as usize));
        let shown = source.of(self.text);
        let is_plain = !shown.is_empty() && !shown.bytes().any(|byte| b"*_~`[]<>&\\!^$".contains(&byte));
        if is_plain {
            self.outline.headings.push(Heading { span: leaf.span, source, text: shown.trim().to_owned(), level });
        }
        is_plain
    }

    /// Everything that ends on the line it begins on. `None` where something may not.
    fn line(&mut self, line: Span) -> Option<()> {
        let bytes = self.text.as_bytes();
        let (mut at, end) = (line.start as usize, line.end as usize);
        let first_link = self.outline.links.len();
        let (mut wikilink, mut label) = (None, None);
        while at < end {
            if !INTERESTING[bytes[at] as usize] {
                at += 1;
                continue;
            }
            let next = if at + 1 < end { bytes[at + 1] } else { b'\n' };
            match (bytes[at], next) {
                (b'<', _) => at = self.tag(at, end)?,
                (b'[', b'^') => return None,
                (b'[', _) => {
                    label = Some(at);
                    if next == b'[' {
                        wikilink = Some(at);
                    } else if next.is_ascii_digit() {
                        self.times.push(at);
                    }
                    at += 1;
                }
                (b']', b']') => {
                    at += 2;
                    if let Some(open) = wikilink.take() {
                        at = self.wikilink(open, at, end)?;
                    }
                    label = None;
                }
                (b']', b'(') => at = self.markdown_link(label.take()?, at, end)?,
                (b']', b'[') => return None,
                (b']', _) => {
                    label = None;
                    at += 1;
                }
                (b'(', b'0'..=b'9') => {
                    self.times.push(at);
                    at += 1;
                }
                (b'#', _) => {
                    let line = Line { span: line, block: 0, kind: BlockKind::Paragraph };
                    self.outline.tags.extend(tags::tag(self.text, &line, at - line.span.start as usize));
                    at += 1;
                }
                (b'`', _) => at = self.code(at, end)?,
                (b'$', _) if may_close_math(bytes, line, at) => return None,
                (b'\\', _) => return None,
                _ => at += 1,
            }
        }
        self.has_no_other_address(line, first_link).then_some(())
    }

    /// The byte behind the tag at byte `at`, or behind a `<` that begins none.
    fn tag(&mut self, at: usize, end: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        match bytes[..end].get(at + 1) {
            Some(b'/' | b'!' | b'?' | b'a'..=b'z' | b'A'..=b'Z') => {}
            _ => return Some(at + 1),
        }
        let behind = tag_end(bytes, at, end)?;
        self.pieces.push(html::tag(self.text, at, behind)?);
        Some(behind)
    }

    /// The byte behind the wikilink that opens at byte `open` and closes before byte `at`.
    fn wikilink(&mut self, open: usize, mut at: usize, end: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        at += brackets_to_balance(&bytes[open..at], &bytes[at..end]);
        let span = with_bang(bytes, open, at);
        if bytes[open..at].iter().any(|byte| matches!(byte, b'<' | b'`')) {
            return None;
        }
        let link = wikilink::parse(self.text, span, Context::Text).filter(|link| !link.bracketed)?;
        self.forget_inside(span);
        self.outline.links.push(link);
        Some(at)
    }

    /// What was found in what turned out to be a link is part of that.
    fn forget_inside(&mut self, span: Span) {
        while self.outline.tags.pop_if(|tag: &mut Tag| tag.span.start >= span.start).is_some() {}
        while self.times.pop_if(|time| *time >= span.start as usize).is_some() {}
    }

    /// The byte behind the link whose label opens at byte `open` and closes at byte `close`, if it is `[text](path)`
    /// without anything that could be read otherwise.
    fn markdown_link(&mut self, open: usize, close: usize, end: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let start = close + 2;
        let length = bytes[start..end].iter().take_while(|&&byte| is_plain_in_destination(byte)).count();
        let is_plain = length > 0 && bytes[..end].get(start + length) == Some(&b')');
        if !is_plain || bytes[open..close].iter().any(|byte| matches!(byte, b'<' | b'`')) {
            return None;
        }
        let image = open > 0 && bytes[open - 1] == b'!';
        let destination = Span::new(start, start + length);
        let link = MarkdownLink {
            span: Span::new(open - usize::from(image), start + length + 1),
            form: LinkForm::Inline,
            image,
            label: Span::new(open + 1, close),
            destination,
            url: destination.of(self.text).to_owned(),
        };
        while self.times.pop_if(|time| *time >= open).is_some() {}
        self.outline.links.push(destinations::link(self.text, &link, &ByLabel::default()));
        Some(start + length + 1)
    }

    /// The byte behind the inline code at byte `at`.
    fn code(&mut self, at: usize, end: usize) -> Option<usize> {
        let bytes = &self.text.as_bytes()[..end];
        let run = |at: usize| bytes[at..].iter().take_while(|&&byte| byte == b'`').count();
        let length = run(at);
        let mut close = at + length;
        loop {
            close += memchr::memchr(b'`', &bytes[close..])?;
            let closing = run(close);
            close += closing;
            if closing == length {
                self.outline.verbatim.push(Span::new(at, close));
                return Some(close);
            }
        }
    }

    /// Whether all addresses of a line are those of links.
    fn has_no_other_address(&self, line: Span, first_link: usize) -> bool {
        if !self.rare.addresses {
            return true;
        }
        let bytes = line.of(self.text).as_bytes();
        let links = &self.outline.links[first_link..];
        let in_link = |at: usize| links.iter().any(|link| link.span.contains(line.start as usize + at));
        let starts = |mark: &'static str| memchr::memmem::find_iter(bytes, mark);
        starts("://").chain(starts("www.")).all(in_link)
    }

    /// Turns what was found in a leaf into what it says.
    fn finish(&mut self, before: Before) {
        let Note { text, outline, pieces, times, .. } = self;
        let first = outline.timestamps.len();
        let anchors = timestamps::anchors(text, pieces);
        let in_anchors = Cover::new(anchors.iter().map(|anchor| anchor.span).collect());
        let outside = |timestamp: &Timestamp| !in_anchors.contains(timestamp.span.start as usize);
        let links = &outline.links[before.links..];
        if !links.is_empty() {
            let of_links = timestamps::of_links(text, links, &ByLabel::default());
            outline.timestamps.extend(of_links.into_iter().filter(outside));
            outline.timestamps.extend(timestamps::of_wikilinks(text, links).filter(outside));
        }
        let times = times.iter().filter(|time| !in_anchors.contains(**time));
        outline.timestamps.extend(times.filter_map(|&time| timestamps::bare_at(text, time, text.len())));
        outline.timestamps.extend(anchors);
        outline.timestamps[first..].sort_by_key(|timestamp| (timestamp.span.start, Reverse(timestamp.span.end)));
        outline.links.extend(html::links(text, pieces));
        let place = |link: &Link| (link.span.start, Reverse(link.span.end));
        outline.links[before.links..].sort_by_key(place);
        outline.elements.extend(html::elements(pieces));
    }

    /// The id at the end of a leaf. `None` where the block it names is not this one.
    fn block_id(&mut self, leaf: &Leaf, lines: &[Span], first_link: usize) -> Option<()> {
        let Some(&line) = lines.last() else { return Some(()) };
        let mut ends: Vec<u32> = Vec::new();
        if line.of(self.text).ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-') {
            ends.extend(self.outline.links[first_link..].iter().map(|link| link.span.end));
            ends.sort_unstable();
        }
        let Some(span) = block_ids::id_at_end(self.text, line, &ends) else { return Some(()) };
        let id = Span { start: span.start + 1, ..span };
        self.outline.blocks.push(Block { span, id, block: leaf.span });
        (!leaf.nested && span != line).then_some(())
    }
}

/// The byte behind the tag at byte `at`, if it is one as CommonMark wants it, on one line.
pub fn tag_end(bytes: &[u8], at: usize, end: usize) -> Option<usize> {
    let bytes = &bytes[..end];
    let closing = bytes.get(at + 1) == Some(&b'/');
    let name_at = at + 1 + usize::from(closing);
    let skip = |at: usize, wanted: fn(&u8) -> bool| at + bytes[at..].iter().take_while(|byte| wanted(byte)).count();
    bytes.get(name_at).filter(|byte| byte.is_ascii_alphabetic())?;
    let mut at = skip(name_at, |byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    loop {
        let behind = at;
        at = skip(at, |byte| *byte == b' ');
        match bytes.get(at)? {
            b'>' => return Some(at + 1),
            b'/' if !closing => return (bytes.get(at + 1) == Some(&b'>')).then_some(at + 2),
            byte if at > behind && !closing && (byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':')) => {}
            _ => return None,
        }
        at = skip(at, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'-'));
        if bytes.get(at) == Some(&b'=') {
            let quote = *bytes.get(at + 1).filter(|quote| matches!(quote, b'"' | b'\''))?;
            at += 2 + memchr::memchr(quote, &bytes[at + 2..])? + 1;
        }
    }
}

/// Whether the dollar at byte `at` may close math.
fn may_close_math(bytes: &[u8], line: Span, at: usize) -> bool {
    let before = at > line.start as usize && !bytes[at - 1].is_ascii_whitespace();
    before && !bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
}

fn is_plain_in_destination(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/._-%:?=+#~,@".contains(&byte)
}

/// Bytes at which something may begin or end.
const INTERESTING: [bool; 256] = {
    let mut table = [false; 256];
    let mut marks: &[u8] = b"<[](#`$\\";
    while let [mark, rest @ ..] = marks {
        table[*mark as usize] = true;
        marks = rest;
    }
    table
};
