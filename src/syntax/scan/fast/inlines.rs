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
use crate::syntax::{Block, Context, Heading, Link, Outline, Tag, wikilink};
use crate::text::Span;
use std::cmp::Reverse;

/// The outline of a note whose blocks are known. `None` where a nested leaf is not certain.
pub fn read(text: &str, blocks: Blocks, rare: Rare) -> Option<Outline> {
    let mut note = Note::new(text, rare);
    let mut code = blocks.code.iter().copied().peekable();
    for leaf in &blocks.leaves {
        while let Some(fence) = code.next_if(|fence| fence.start < leaf.span.start) {
            note.outline.verbatim.push(fence);
        }
        note.leaf(leaf, &blocks.lines[leaf.lines.clone()])?;
    }
    note.outline.verbatim.extend(code);
    note.outline.callouts = callouts(text, &blocks);
    Some(note.finish())
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
    /// What is known for good, and all of the leaves that were given to the reference scanner.
    outline: Outline,
    /// Wikilinks and Markdown links.
    links: Vec<Link>,
    pieces: Vec<Piece>,
    /// Brackets that may hold a bare time.
    times: Vec<usize>,
}

/// How much had been found before a leaf, to forget what was found in it.
#[derive(Clone, Copy)]
struct Before {
    links: usize,
    pieces: usize,
    times: usize,
    headings: usize,
    tags: usize,
    verbatim: usize,
}

impl<'t> Note<'t> {
    fn new(text: &'t str, rare: Rare) -> Note<'t> {
        // About what a note of this length says.
        let (links, pieces) = (Vec::with_capacity(text.len() / 256), Vec::with_capacity(text.len() / 64));
        Note { text, rare, outline: Outline::default(), links, pieces, times: Vec::new() }
    }

    fn leaf(&mut self, leaf: &Leaf, lines: &[Span]) -> Option<()> {
        let before = self.found();
        let plain = self.heading(leaf, lines) && lines.iter().try_for_each(|line| self.line(*line)).is_some();
        if plain {
            self.outline.paragraphs.push(leaf.span);
            return self.block_id(leaf, lines, before.links);
        }
        if leaf.nested && lines.len() > 1 {
            return None;
        }
        self.forget(before);
        let found = by_reference(self.text, leaf.span)?;
        let knows_its_block = found.blocks.iter().all(|id| !leaf.nested && id.span != found.paragraphs[0]);
        append(&mut self.outline, found, leaf.span.start as usize);
        knows_its_block.then_some(())
    }

    fn found(&self) -> Before {
        Before {
            links: self.links.len(),
            pieces: self.pieces.len(),
            times: self.times.len(),
            headings: self.outline.headings.len(),
            tags: self.outline.tags.len(),
            verbatim: self.outline.verbatim.len(),
        }
    }

    fn forget(&mut self, before: Before) {
        self.links.truncate(before.links);
        self.pieces.truncate(before.pieces);
        self.times.truncate(before.times);
        self.outline.headings.truncate(before.headings);
        self.outline.tags.truncate(before.tags);
        self.outline.verbatim.truncate(before.verbatim);
    }

    /// Adds a heading that shows what its source says. False for another one.
    fn heading(&mut self, leaf: &Leaf, lines: &[Span]) -> bool {
        let Some(level) = leaf.level else { return true };
        let source = lines.first().copied().unwrap_or(Span::empty(leaf.span.end as usize));
        let shown = source.of(self.text);
        let is_plain = !shown.is_empty() && !shown.bytes().any(may_be_hidden);
        if is_plain {
            self.outline.headings.push(Heading { span: leaf.span, source, text: shown.trim().to_owned(), level });
        }
        is_plain
    }

    /// Everything that ends on the line it begins on. `None` where something may not.
    fn line(&mut self, line: Span) -> Option<()> {
        let bytes = self.text.as_bytes();
        let (mut at, end) = (line.start as usize, line.end as usize);
        let first_link = self.links.len();
        let (mut wikilink, mut label) = (None, None);
        loop {
            at = next_mark(bytes, at, end);
            if at == end {
                break;
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
                    at = match wikilink.take() {
                        Some(open) => self.wikilink(open, at + 2, end)?,
                        None => at + 1,
                    };
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
        let piece = html::usual_timestamp(self.text, at, end);
        let piece = piece.or_else(|| html::tag(self.text, at, tag_end(bytes, at, end)?))?;
        self.pieces.push(piece);
        Some(piece.span().end as usize)
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
        self.links.push(link);
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
        while let Some(time) = self.times.pop_if(|time| *time >= open) {
            if time > open && timestamps::bare_at(self.text, time, close).is_some() {
                return None;
            }
        }
        self.links.push(destinations::link(self.text, &link, &ByLabel::default()));
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
        let links = &self.links[first_link..];
        let in_link = |at: usize| {
            let at = line.start as usize + at;
            let i = links.partition_point(|link| link.span.end as usize <= at);
            links.get(i).is_some_and(|link| link.span.contains(at))
        };
        let starts = |mark: &'static str| memchr::memmem::find_iter(bytes, mark);
        starts("://").chain(starts("www.")).all(in_link)
    }

    /// Turns what was found into what it says.
    fn finish(self) -> Outline {
        let Note { text, mut outline, mut links, pieces, times, .. } = self;
        links.extend(html::links(text, &pieces));
        let mut timestamps = timestamps::of_links(text, &links, &ByLabel::default());
        timestamps.extend(timestamps::of_wikilinks(text, &links));
        let anchors = timestamps::anchors(text, &pieces);
        let in_anchors = Cover::new(anchors.iter().map(|anchor| anchor.span).collect());
        let times = times.into_iter().filter(|time| !in_anchors.contains(*time));
        timestamps.extend(times.filter_map(|time| timestamps::bare_at(text, time, text.len())));
        timestamps.retain(|timestamp| !in_anchors.contains(timestamp.span.start as usize));
        outline.timestamps.extend(anchors);
        outline.timestamps.append(&mut timestamps);
        outline.timestamps.sort_by_key(|timestamp| (timestamp.span.start, Reverse(timestamp.span.end)));
        outline.links.append(&mut links);
        outline.links.sort_by_key(|link| (link.span.start, Reverse(link.span.end)));
        outline.elements.extend(html::elements(&pieces));
        outline.elements.sort_by_key(|element| element.span);
        outline
    }

    /// The id at the end of a leaf. `None` where the block it names is not this one.
    fn block_id(&mut self, leaf: &Leaf, lines: &[Span], first_link: usize) -> Option<()> {
        let Some(&line) = lines.last() else { return Some(()) };
        let mut ends: Vec<u32> = Vec::new();
        if line.of(self.text).ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-') {
            ends.extend(self.links[first_link..].iter().map(|link| link.span.end));
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

/// Whether a byte of a heading may be part of what its reader does not see.
fn may_be_hidden(byte: u8) -> bool {
    matches!(byte, b'*' | b'_' | b'~' | b'`' | b'[' | b']' | b'<' | b'>' | b'&' | b'\\' | b'!' | b'^' | b'$')
}

fn is_plain_in_destination(byte: u8) -> bool {
    let is_mark =
        matches!(byte, b'/' | b'.' | b'_' | b'-' | b'%' | b':' | b'?' | b'=' | b'+' | b'#' | b'~' | b',' | b'@');
    byte.is_ascii_alphanumeric() || is_mark
}

/// The first byte from `at` on at which something may begin or end; `end` if there is none.
fn next_mark(bytes: &[u8], at: usize, end: usize) -> usize {
    // Prose is passed by many bytes at once: this compiles to a few instructions for all of them.
    let holds_mark = |chunk: &[u8; CHUNK]| chunk.iter().fold(0, |found, &byte| found | is_mark(byte)) != 0;
    let chunks = bytes[at..end].as_chunks::<CHUNK>().0;
    let at = at + CHUNK * chunks.iter().position(holds_mark).unwrap_or(chunks.len());
    at + bytes[at..end].iter().position(|&byte| MARKS[byte as usize]).unwrap_or(end - at)
}

const CHUNK: usize = 16;

/// Not 0 for `<`, `[`, `]`, `(`, `#`, `` ` ``, `$` and the backslash. Without a branch, so that many bytes can be asked at
/// once.
const fn is_mark(byte: u8) -> u8 {
    let is_bracket = (byte == b'<') as u8 | (byte == b'[') as u8 | (byte == b']') as u8 | (byte == b'(') as u8;
    is_bracket | (byte == b'#') as u8 | (byte == b'`') as u8 | (byte == b'$') as u8 | (byte == b'\\') as u8
}

const MARKS: [bool; 256] = {
    let mut marks = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        marks[byte] = is_mark(byte as u8) != 0;
        byte += 1;
    }
    marks
};
