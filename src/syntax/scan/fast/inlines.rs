//! The second layer: running text from one interesting byte to the next. Knows leaves and their lines; what a link or a
//! tag says once its ends are known, the passes of the reference scanner know.

use super::blocks::{Blocks, First, Leaf};
use super::marks::Marks;
use super::{Rare, Room, append::append, by_reference};
use crate::syntax::byte_set::byte_set;
use crate::syntax::scan::cover::Cover;
use crate::syntax::scan::definitions::ByLabel;
use crate::syntax::scan::html::{self, Piece};
use crate::syntax::scan::source::trimmed;
use crate::syntax::scan::structure::{BlockKind, Line, LinkForm, MarkdownLink};
use crate::syntax::scan::wikilinks::{brackets_to_balance, with_bang};
use crate::syntax::scan::{block_ids, callouts, destinations, tags, timestamps};
use crate::syntax::{Block, Callout, Context, Heading, Link, Outline, Tag, wikilink};
use crate::text::Span;
use std::cmp::Reverse;

/// Adds to `outline` what a note says whose marks and blocks are known. `None` where a nested leaf is not certain.
pub fn read(text: &str, room: &mut Room, rare: Rare, outline: &mut Outline) -> Option<()> {
    let Room { marks, blocks, pending } = room;
    let mut note = Note { text, marks, rare, outline, pending };
    let mut code = blocks.code.iter().copied().peekable();
    for leaf in &blocks.leaves {
        while let Some(fence) = code.next_if(|fence| fence.start < leaf.span.start) {
            note.outline.verbatim.push(fence);
        }
        note.leaf(leaf, &blocks.lines[leaf.lines.clone()])?;
    }
    outline.verbatim.extend(code);
    outline.callouts.extend(callouts(text, blocks));
    put_in_order(outline);
    Some(())
}

fn callouts(text: &str, blocks: &Blocks) -> impl Iterator<Item = Callout> {
    blocks.quotes.iter().filter_map(move |quote| {
        let First::Leaf(leaf) = quote.first else { return None };
        let line = blocks.lines[blocks.leaves[leaf].lines.clone()].first()?;
        callouts::callout(text, trimmed(text, quote.span), *line)
    })
}

/// On a line one kind is found after the other; most lines hold one kind.
fn put_in_order(outline: &mut Outline) {
    sort(&mut outline.timestamps, |timestamp| timestamp.span);
    sort(&mut outline.links, |link| link.span);
    sort(&mut outline.elements, |element| element.span);
}

/// By start, and what holds another before that.
fn sort<T>(items: &mut [T], span: fn(&T) -> Span) {
    let place = |item: &T| (span(item).start, Reverse(span(item).end));
    if !items.is_sorted_by_key(place) {
        items.sort_by_key(place);
    }
}

struct Note<'t> {
    text: &'t str,
    marks: &'t Marks,
    rare: Rare,
    outline: &'t mut Outline,
    pending: &'t mut Pending,
}

/// What the line that is being read holds, and only the whole of it tells what that says.
#[derive(Debug, Default)]
pub struct Pending {
    pieces: Vec<Piece>,
    /// Whether they open an `a`, which may be a timestamp, and do not close it.
    in_anchor: bool,
    /// Brackets that may hold a bare time.
    times: Vec<usize>,
}

impl Pending {
    fn clear(&mut self) {
        self.pieces.clear();
        self.in_anchor = false;
        self.times.clear();
    }

    fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.times.is_empty()
    }
}

/// How much had been found before a leaf, to forget what was found in it.
#[derive(Clone, Copy)]
struct Before {
    links: usize,
    timestamps: usize,
    elements: usize,
    headings: usize,
    tags: usize,
    verbatim: usize,
}

impl Note<'_> {
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
        append(self.outline, found, leaf.span.start as usize);
        knows_its_block.then_some(())
    }

    fn found(&self) -> Before {
        Before {
            links: self.outline.links.len(),
            timestamps: self.outline.timestamps.len(),
            elements: self.outline.elements.len(),
            headings: self.outline.headings.len(),
            tags: self.outline.tags.len(),
            verbatim: self.outline.verbatim.len(),
        }
    }

    fn forget(&mut self, before: Before) {
        self.outline.links.truncate(before.links);
        self.outline.timestamps.truncate(before.timestamps);
        self.outline.elements.truncate(before.elements);
        self.outline.headings.truncate(before.headings);
        self.outline.tags.truncate(before.tags);
        self.outline.verbatim.truncate(before.verbatim);
    }

    /// Adds a heading that shows what its source says. False for another one.
    fn heading(&mut self, leaf: &Leaf, lines: &[Span]) -> bool {
        let Some(level) = leaf.level else { return true };
        let source = lines.first().copied().unwrap_or(Span::empty(leaf.span.end as usize));
        let shown = source.of(self.text);
        let is_plain = !shown.is_empty() && !shown.bytes().any(|byte| MAY_BE_HIDDEN[byte as usize]);
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
        let mut open = Open::default();
        self.pending.clear();
        loop {
            at = self.marks.next_mark(at, end);
            if at == end {
                break;
            }
            let mark = at;
            let next = if at + 1 < end { bytes[at + 1] } else { b'\n' };
            at = match (bytes[at], next) {
                (b'<', _) => {
                    open.hidden = at;
                    self.tag(at, end)?
                }
                (b'[', b'^') => return None,
                (b'[', _) => {
                    open.label = Some(at);
                    if next == b'[' {
                        open.wikilink = Some(at);
                    } else if next.is_ascii_digit() {
                        self.pending.times.push(at);
                    }
                    at + 1
                }
                (b']', b']') => {
                    open.label = None;
                    match open.wikilink.take() {
                        Some(start) => self.wikilink(start, at + 2, end, &open)?,
                        None => at + 1,
                    }
                }
                (b']', b'(') => self.markdown_link(open.label.take()?, at, end, &open)?,
                (b']', b'[') => return None,
                (b']', _) => {
                    open.label = None;
                    at + 1
                }
                (b'(', b'0'..=b'9') => {
                    self.pending.times.push(at);
                    at + 1
                }
                (b'#', _) => {
                    let line = Line { span: line, block: 0, kind: BlockKind::Paragraph };
                    self.outline.tags.extend(tags::tag(self.text, &line, at - line.span.start as usize));
                    at + 1
                }
                (b'`', _) => {
                    open.hidden = at;
                    self.code(at, end)?
                }
                (b'$', _) if may_close_math(bytes, line, at) => return None,
                (b'\\', _) => return None,
                _ => at + 1,
            };
            open.before = mark;
        }
        self.has_no_other_address(line, first_link).then(|| self.close_line(first_link))
    }

    /// The byte behind the tag at byte `at`, or behind a `<` that begins none.
    fn tag(&mut self, at: usize, end: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        match bytes[..end].get(at + 1) {
            Some(b'/' | b'!' | b'?' | b'a'..=b'z' | b'A'..=b'Z') => {}
            _ => return Some(at + 1),
        }
        if !self.pending.in_anchor
            && let Some(timestamp) = timestamps::usual_anchor(self.text, at, end)
        {
            let behind = timestamp.span.end as usize;
            self.outline.timestamps.push(timestamp);
            return Some(behind);
        }
        let piece = html::tag(self.text, at, tag_end(bytes, at, end)?)?;
        match piece {
            Piece::Open(tag) if tag.is(self.text, "a") => self.pending.in_anchor = true,
            Piece::Close(tag) if tag.is(self.text, "a") => self.pending.in_anchor = false,
            _ => {}
        }
        self.pending.pieces.push(piece);
        Some(piece.span().end as usize)
    }

    /// The byte behind the wikilink that opens at byte `start` and closes before byte `at`.
    fn wikilink(&mut self, start: usize, mut at: usize, end: usize, open: &Open) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let link = if open.before == start + 1 && !self.rare.braces {
            wikilink::parse_plain(self.text, with_bang(bytes, start, at), Context::Text)?
        } else if open.hidden > start {
            return None;
        } else {
            at += brackets_to_balance(&bytes[start..at], &bytes[at..end]);
            wikilink::parse(self.text, with_bang(bytes, start, at), Context::Text).filter(|link| !link.bracketed)?
        };
        self.forget_inside(link.span);
        self.outline.links.push(link);
        Some(at)
    }

    /// What was found in what turned out to be a link is part of that.
    fn forget_inside(&mut self, span: Span) {
        // `[[a|b](c)]]`
        while self.outline.links.pop_if(|link: &mut Link| link.span.start >= span.start).is_some() {}
        while self.outline.tags.pop_if(|tag: &mut Tag| tag.span.start >= span.start).is_some() {}
        while self.pending.times.pop_if(|time| *time >= span.start as usize).is_some() {}
    }

    /// The byte behind the link whose label opens at byte `start` and closes at byte `close`, if it is `[text](path)`
    /// without anything that could be read otherwise.
    fn markdown_link(&mut self, start: usize, close: usize, end: usize, open: &Open) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let path = close + 2;
        let length = bytes[path..end].iter().take_while(|byte| PLAIN_IN_DESTINATION[**byte as usize]).count();
        let is_plain = length > 0 && bytes[..end].get(path + length) == Some(&b')');
        if !is_plain || open.hidden > start {
            return None;
        }
        let image = start > 0 && bytes[start - 1] == b'!';
        let destination = Span::new(path, path + length);
        let link = MarkdownLink {
            span: Span::new(start - usize::from(image), path + length + 1),
            form: LinkForm::Inline,
            image,
            label: Span::new(start + 1, close),
            destination,
            url: destination.of(self.text).to_owned(),
        };
        while let Some(time) = self.pending.times.pop_if(|time| *time >= start) {
            if time > start && timestamps::bare_at(self.text, time, close).is_some() {
                return None;
            }
        }
        self.outline.links.push(destinations::link(self.text, &link, &ByLabel::default()));
        Some(path + length + 1)
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
        let in_link = |at: usize| {
            let at = line.start as usize + at;
            let i = links.partition_point(|link| link.span.end as usize <= at);
            links.get(i).is_some_and(|link| link.span.contains(at))
        };
        let starts = |mark: &'static str| memchr::memmem::find_iter(bytes, mark);
        starts("://").chain(starts("www.")).all(in_link)
    }

    /// Adds what the tags, the brackets and the links of a line say when all of them are known.
    fn close_line(&mut self, first_link: usize) {
        let Note { text, outline, pending, .. } = self;
        if pending.is_empty() && !outline.links[first_link..].iter().any(|link| timestamps::may_be_moment(text, link)) {
            return;
        }
        let anchors = timestamps::anchors(text, &pending.pieces);
        let in_anchors = Cover::new(anchors.iter().map(|anchor| anchor.span).collect());
        outline.links.extend(html::links(text, &pending.pieces));
        outline.elements.extend(html::elements(&pending.pieces));
        let links = &outline.links[first_link..];
        let no_definitions = ByLabel::default();
        let of_links = timestamps::of_links(text, links, &no_definitions).chain(timestamps::of_wikilinks(text, links));
        let bare = pending.times.iter().filter_map(|&time| timestamps::bare_at(text, time, text.len()));
        let outside = of_links.chain(bare).filter(|found| !in_anchors.contains(found.span.start as usize));
        outline.timestamps.extend(outside);
        outline.timestamps.extend(anchors);
    }

    /// The id at the end of a leaf. `None` where the block it names is not this one.
    fn block_id(&mut self, leaf: &Leaf, lines: &[Span], first_link: usize) -> Option<()> {
        let Some(&line) = lines.last() else { return Some(()) };
        let may_end_id = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        if !self.text.as_bytes()[line.range()].last().is_some_and(may_end_id) {
            return Some(());
        }
        let mut ends: Vec<u32> = self.outline.links[first_link..].iter().map(|link| link.span.end).collect();
        ends.sort_unstable();
        let Some(span) = block_ids::id_at_end(self.text, line, &ends) else { return Some(()) };
        let id = Span { start: span.start + 1, ..span };
        self.outline.blocks.push(Block { span, id, block: leaf.span });
        (!leaf.nested && span != line).then_some(())
    }
}

/// What is open, and what is known of it, where a line has been read to.
#[derive(Default)]
struct Open {
    /// The mark before the one that is read.
    before: usize,
    /// The last `[[`.
    wikilink: Option<usize>,
    /// The last `[` that no `]` has closed, or only one in what was hidden behind it.
    label: Option<usize>,
    /// Where the last tag or code began, or what might have been one; 0 if there was none.
    hidden: usize,
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
const MAY_BE_HIDDEN: [bool; 256] = byte_set(b"*_~`[]<>&\\!^$");

const PLAIN_IN_DESTINATION: [bool; 256] =
    byte_set(b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/._-%:?=+#~,@");
