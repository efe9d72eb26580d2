//! The first layer: lines into leaves of text, through the quotes and lists they stand in. Knows how a line begins; of
//! what stands in running text, nothing.
//!
//! Front matter, paragraphs, headings, rules, lists, quotes and fences at the top level are nearly all that notes are
//! made of. Where a line may be anything else (a table, HTML, indented code, a definition), or is one that readers of
//! Markdown are known to disagree about, nothing is found at all.

use super::inlines::tag_end;
use super::marks::Marks;
use crate::syntax::scan::source::{heading_content, trimmed};
use crate::text::Span;
use smallvec::SmallVec;
use std::ops::Range;

/// Deeper nesting is for the reference scanner.
const DEEPEST: usize = 50;

#[derive(Debug, Default)]
pub struct Blocks {
    pub leaves: Vec<Leaf>,
    /// The lines of all leaves, without what belongs to quotes and lists.
    pub lines: Vec<Span>,
    /// Fences.
    pub code: Vec<Span>,
    pub quotes: Vec<Quote>,
}

#[derive(Debug)]
pub struct Leaf {
    pub span: Span,
    /// As indices into [`Blocks::lines`].
    pub lines: Range<usize>,
    /// Of a heading its level.
    pub level: Option<u8>,
    /// In a quote or a list.
    pub nested: bool,
}

#[derive(Debug)]
pub struct Quote {
    pub span: Span,
    pub first: First,
}

/// What a quote begins with.
#[derive(Debug)]
pub enum First {
    Nothing,
    /// By index into [`Blocks::leaves`].
    Leaf(usize),
    Other,
}

#[derive(Clone, Copy)]
enum Container {
    /// By index into [`Blocks::quotes`].
    Quote(usize),
    /// An item of a list; its lines are indented by so much.
    Item(usize),
}

impl Blocks {
    fn clear(&mut self) {
        let Blocks { leaves, lines, code, quotes } = self;
        leaves.clear();
        lines.clear();
        code.clear();
        quotes.clear();
    }
}

/// Reads `text` from byte `body` on into `blocks`. `None` where it is not certain what a line is.
pub fn read(text: &str, body: usize, marks: &Marks, blocks: &mut Blocks) -> Option<()> {
    blocks.clear();
    let bytes = text.as_bytes();
    let mut reader = Reader { text, bytes, blocks, containers: SmallVec::new(), paragraph: None, fence: None };
    let mut at = body;
    while at < bytes.len() {
        let end = marks.next_newline(at, bytes.len());
        let returns = usize::from(end > at && bytes[end - 1] == b'\r');
        reader.line(at, end - returns)?;
        at = end + 1;
    }
    reader.close_paragraph()?;
    // A fence that is not closed lasts to the end.
    reader.blocks.code.extend(reader.fence.map(|fence| Span { end: text.len() as u32, ..fence }));
    Some(())
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    blocks: &'t mut Blocks,
    containers: SmallVec<[Container; 8]>,
    /// The first line of the paragraph that may go on, as index into [`Blocks::lines`].
    paragraph: Option<usize>,
    /// The opening fence, without what stands behind it.
    fence: Option<Span>,
}

/// What stands behind the marks of quotes and lists on a line.
enum Start {
    /// More marks, behind which byte `at` comes.
    Container(Container, usize),
    Heading(u8),
    Rule,
    Fence(usize),
    Text,
}

impl Reader<'_> {
    /// Takes the line of the bytes `start..end`.
    fn line(&mut self, start: usize, end: usize) -> Option<()> {
        if let Some(fence) = self.fence {
            self.line_of_code(fence, start, end);
            return Some(());
        }
        if self.containers.is_empty() && self.bytes[start..end].first().is_some_and(begins_text) {
            self.text(start, end);
            return Some(());
        }
        let (mut matched, mut at) = self.matched(start, end);
        let mut goes_on = self.paragraph.is_some();
        loop {
            let first = self.skip_spaces(at, end);
            if first == end {
                self.close_paragraph()?;
                self.containers.truncate(matched);
                break;
            }
            if first - at >= 4 && !goes_on {
                return None;
            }
            let same = matched == self.containers.len();
            let start = if first - at >= 4 { Start::Text } else { self.start(at, first, end, goes_on && same)? };
            if matches!(start, Start::Text) && goes_on {
                self.text(first, end);
                break;
            }
            self.close_paragraph()?;
            self.containers.truncate(matched);
            goes_on = false;
            match start {
                Start::Container(container, behind) => {
                    self.open(container, first)?;
                    (matched, at) = (matched + 1, behind);
                    continue;
                }
                Start::Heading(level) => self.heading(level, first, end),
                Start::Rule => self.note_first(First::Other),
                Start::Fence(behind) => self.fence = Some(Span::new(first, behind)),
                Start::Text => self.text(first, end),
            }
            break;
        }
        self.extend_quotes(end);
        Some(())
    }

    /// How many of the open containers the line goes on with, and the byte behind their marks.
    fn matched(&self, start: usize, end: usize) -> (usize, usize) {
        let mut at = start;
        for (i, container) in self.containers.iter().enumerate() {
            let first = self.skip_spaces(at, end);
            match *container {
                Container::Quote(_) if first < end && first - at < 4 && self.bytes[first] == b'>' => {
                    at = self.behind_quote(first, end);
                }
                Container::Item(_) if first == end => {}
                Container::Item(indent) if first - at >= indent => at += indent,
                _ => return (i, at),
            }
        }
        (self.containers.len(), at)
    }

    fn behind_quote(&self, mark: usize, end: usize) -> usize {
        mark + 1 + usize::from(mark + 1 < end && self.bytes[mark + 1] == b' ')
    }

    /// What begins at byte `first`, in containers whose marks end at byte `at`. `interrupts` if that would interrupt a
    /// paragraph of theirs.
    fn start(&self, at: usize, first: usize, end: usize, interrupts: bool) -> Option<Start> {
        let rest = &self.bytes[first..end];
        match rest[0] {
            b'#' => Some(heading_level(rest).map_or(Start::Text, Start::Heading)),
            b'>' => Some(Start::Container(Container::Quote(self.blocks.quotes.len()), self.behind_quote(first, end))),
            b'-' | b'=' | b'|' | b':' if self.paragraph.is_some() && may_underline(rest) => None,
            b'-' | b'*' | b'_' if is_rule(rest) => Some(Start::Rule),
            b'-' | b'*' | b'+' => self.item(at, first + 1, end),
            b'0'..=b'9' => {
                let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let is_marker = digits < 10 && matches!(rest.get(digits), Some(b'.' | b')'));
                let is_first = &rest[..digits] == b"1";
                if !is_marker || interrupts && !is_first {
                    return Some(Start::Text);
                }
                self.item(at, first + digits + 1, end)
            }
            b'`' | b'~' => self.fence(first, end),
            b'<' => may_stand_in_text(self.bytes, first, end, interrupts).then_some(Start::Text),
            _ => Some(Start::Text),
        }
    }

    /// The item of a list whose marker ends before byte `behind`.
    fn item(&self, at: usize, behind: usize, end: usize) -> Option<Start> {
        if behind < end && self.bytes[behind] != b' ' {
            return Some(Start::Text);
        }
        let content = self.skip_spaces(behind, end);
        // An empty item, or one that begins with indented code.
        if content == end || content - behind > 4 {
            return None;
        }
        // Where the text of an item is no paragraph of its own, the mark of a task is no part of it.
        if matches!(&self.bytes[content..end], [b'[', b' ' | b'x' | b'X', b']', ..]) {
            return None;
        }
        Some(Start::Container(Container::Item(content - at), content))
    }

    fn fence(&self, first: usize, end: usize) -> Option<Start> {
        let mark = self.bytes[first];
        let length = self.bytes[first..end].iter().take_while(|&&byte| byte == mark).count();
        let info = self.text[first + length..end].trim();
        if length < 3 || mark == b'`' && info.contains('`') {
            return Some(Start::Text);
        }
        let at_margin = self.containers.is_empty() && (first == 0 || self.bytes[first - 1] == b'\n');
        (at_margin && !info.starts_with("timestamp")).then_some(Start::Fence(first + length))
    }

    fn line_of_code(&mut self, fence: Span, start: usize, end: usize) {
        let first = self.skip_spaces(start, end);
        let mark = self.bytes[fence.start as usize];
        let length = self.bytes[first..end].iter().take_while(|&&byte| byte == mark).count();
        if first - start < 4 && length >= fence.len() && self.skip_spaces(first + length, end) == end {
            self.blocks.code.push(Span::new(fence.start as usize, end));
            self.fence = None;
        }
    }

    fn open(&mut self, container: Container, at: usize) -> Option<()> {
        self.note_first(First::Other);
        if let Container::Quote(_) = container {
            self.blocks.quotes.push(Quote { span: Span::empty(at), first: First::Nothing });
        }
        self.containers.push(container);
        (self.containers.len() < DEEPEST).then_some(())
    }

    /// The innermost quote begins with this, if with nothing else before.
    fn note_first(&mut self, first: First) {
        if let Some(&Container::Quote(quote)) = self.containers.last()
            && let Some(Quote { first: unset @ First::Nothing, .. }) = self.blocks.quotes.get_mut(quote)
        {
            *unset = first;
        }
    }

    fn heading(&mut self, level: u8, first: usize, end: usize) {
        self.note_first(First::Leaf(self.blocks.leaves.len()));
        let span = trimmed(self.text, Span::new(first, end));
        let content = heading_content(self.text, span);
        let line = self.blocks.lines.len();
        self.blocks.lines.extend((!content.is_empty()).then_some(content));
        let lines = line..self.blocks.lines.len();
        self.blocks.leaves.push(Leaf { span, lines, level: Some(level), nested: !self.containers.is_empty() });
    }

    /// A line of a paragraph, which begins here if none is open.
    fn text(&mut self, first: usize, end: usize) {
        if self.paragraph.is_none() {
            self.note_first(First::Leaf(self.blocks.leaves.len()));
            self.paragraph = Some(self.blocks.lines.len());
        }
        self.blocks.lines.push(Span::new(first, end));
    }

    /// `None` where the paragraph may hold a definition.
    fn close_paragraph(&mut self) -> Option<()> {
        let Some(first) = self.paragraph.take() else { return Some(()) };
        let lines = first..self.blocks.lines.len();
        let last = self.blocks.lines.last_mut()?;
        *last = trimmed(self.text, *last);
        let end = last.end;
        let span = Span { start: self.blocks.lines[first].start, end };
        let whole = &self.bytes[span.range()];
        if whole.starts_with(b"[") && memchr::memmem::find(whole, b"]:").is_some() {
            return None;
        }
        self.blocks.leaves.push(Leaf { span, lines, level: None, nested: !self.containers.is_empty() });
        Some(())
    }

    /// All quotes that are open hold the line.
    fn extend_quotes(&mut self, end: usize) {
        for container in &self.containers {
            if let Container::Quote(quote) = *container {
                self.blocks.quotes[quote].span.end = end as u32;
            }
        }
    }

    fn skip_spaces(&self, at: usize, end: usize) -> usize {
        at + self.bytes[at..end].iter().take_while(|&&byte| byte == b' ').count()
    }
}

/// Whether a line that begins with this byte is text, whatever follows.
fn begins_text(byte: &u8) -> bool {
    byte.is_ascii_alphabetic() || !byte.is_ascii()
}

fn heading_level(rest: &[u8]) -> Option<u8> {
    let level = rest.iter().take_while(|&&byte| byte == b'#').count();
    (level <= 6 && matches!(rest.get(level), None | Some(b' '))).then_some(level as u8)
}

/// `---`, `===`, `| --- | :-: |`: what makes a heading or a table of the line before.
fn may_underline(rest: &[u8]) -> bool {
    rest.iter().all(|byte| matches!(byte, b'-' | b'=' | b'|' | b':' | b' '))
}

fn is_rule(rest: &[u8]) -> bool {
    let marks = rest.iter().filter(|&&byte| byte == rest[0]).count();
    marks >= 3 && rest.iter().all(|&byte| byte == rest[0] || byte == b' ')
}

/// Whether the `<` that a line begins with surely begins no block of HTML.
fn may_stand_in_text(bytes: &[u8], first: usize, end: usize, goes_on: bool) -> bool {
    let name_at = first + 1 + usize::from(bytes.get(first + 1) == Some(&b'/'));
    match bytes[..end].get(name_at) {
        Some(byte) if byte.is_ascii_alphabetic() => {}
        Some(b'!' | b'?' | b'/') => return false,
        _ => return true,
    }
    let length = bytes[name_at..end].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let is_inline = INLINE.iter().any(|name| bytes[name_at..name_at + length].eq_ignore_ascii_case(name.as_bytes()));
    let tag_alone = || match tag_end(bytes, first, end) {
        Some(behind) => bytes[behind..end].iter().all(|&byte| byte == b' '),
        None => true,
    };
    is_inline && (goes_on || !tag_alone())
}

/// Elements that begin no block unless they stand alone on their line.
const INLINE: [&str; 17] = [
    "a", "b", "br", "code", "em", "font", "i", "img", "kbd", "mark", "s", "small", "span", "strong", "sub", "sup", "u",
];
