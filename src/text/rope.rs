//! The text of an open note: a rope, so that a copy is O(1) and an edit O(log n).

use super::{Encoding, Place, Point, Position, Span};
use std::borrow::Cow;

/// A text with its lines. A clone shares everything and costs nothing.
///
/// Lines end at LF, CRLF or a lone CR, as the protocol says, and nowhere else.
#[derive(Clone, Default)]
pub struct Text(ropey::Rope);

/// One change an editor made, in the order it made them.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// What is replaced (start, end); the whole text where `None`.
    pub range: Option<(Position, Position)>,
    pub text: String,
}

impl Text {
    pub fn new(text: &str) -> Text {
        Text(ropey::Rope::from_str(text))
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len_bytes()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of lines; the empty text has one.
    pub fn lines(&self) -> usize {
        self.0.len_lines()
    }

    /// The line that byte `at` stands on, from 0; past the end means the end.
    pub fn line_of(&self, at: usize) -> usize {
        self.0.byte_to_line(at.min(self.len()))
    }

    /// The first byte of a line; past the last line, the end of the text.
    pub fn line_start(&self, line: usize) -> usize {
        if line >= self.0.len_lines() { self.len() } else { self.0.line_to_byte(line) }
    }

    /// A line without its ending.
    pub fn line(&self, line: usize) -> Cow<'_, str> {
        let span = Span::new(self.line_start(line), self.line_start(line + 1));
        let mut text = self.slice(span);
        let end = text.trim_end_matches(['\n', '\r']).len();
        match &mut text {
            Cow::Borrowed(text) => *text = &text[..end],
            Cow::Owned(text) => text.truncate(end),
        }
        text
    }

    /// The text of `span`, clamped to the text and to character boundaries.
    pub fn slice(&self, span: Span) -> Cow<'_, str> {
        let start = self.floor(span.start as usize);
        let end = self.floor(span.end as usize).max(start);
        self.0.byte_slice(start..end).into()
    }

    /// The last character boundary at or before byte `at`.
    pub fn floor(&self, at: usize) -> usize {
        let at = at.min(self.len());
        self.0.char_to_byte(self.0.byte_to_char(at))
    }

    /// Where a span stands, in every encoding.
    pub fn place(&self, span: Span) -> Place {
        Place { start: self.point(span.start as usize), end: self.point(span.end as usize) }
    }

    /// Byte to point; past the end means the end.
    pub fn point(&self, at: usize) -> Point {
        let at = self.floor(at);
        let line = self.line_of(at);
        let start = self.line_start(line);
        Point::after(line as u32, &self.slice(Span::new(start, at)))
    }

    /// Byte to position; past the end means the end.
    pub fn position(&self, at: usize, encoding: Encoding) -> Position {
        self.point(at).position(encoding)
    }

    /// Position to byte. Total: past a line's end means its end (before its line ending), past the last line the end
    /// of the text, inside a character its start.
    pub fn byte(&self, position: Position, encoding: Encoding) -> usize {
        let line = position.line as usize;
        if line >= self.lines() {
            return self.len();
        }
        self.line_start(line) + encoding.byte(&self.line(line), position.column)
    }

    /// Applies one change. A range that runs backwards is taken the other way round.
    pub fn edit(&mut self, edit: &Edit, encoding: Encoding) {
        let Some((start, end)) = edit.range else {
            *self = Text::new(&edit.text);
            return;
        };
        let (a, b) = (self.byte(start, encoding), self.byte(end, encoding));
        self.replace(Span::new(a.min(b), a.max(b)), &edit.text);
    }

    /// Replaces the bytes of `span`, which must lie on character boundaries.
    pub fn replace(&mut self, span: Span, text: &str) {
        let start = self.0.byte_to_char(span.start as usize);
        let end = self.0.byte_to_char(span.end as usize);
        self.0.remove(start..end);
        self.0.insert(start, text);
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.chunks().try_for_each(|chunk| f.write_str(chunk))
    }
}

impl From<&Text> for String {
    fn from(text: &Text) -> String {
        let mut whole = String::with_capacity(text.len()); // Which `to_string` would have to find out.
        whole.extend(text.0.chunks());
        whole
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Text({} bytes)", self.len())
    }
}
