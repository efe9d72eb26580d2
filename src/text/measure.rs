//! Bytes of one text as points, in one pass over it.

use super::{Place, Point, Span, Text};

/// Measures bytes that come in order of place without starting anew at each: a line of many links costs its length once.
pub struct Measure<'a> {
    text: &'a Text,
    /// The same text in one piece.
    source: &'a str,
    /// The last byte measured as the start of something, and its point.
    at: usize,
    point: Point,
}

impl<'a> Measure<'a> {
    pub fn new(text: &'a Text, source: &'a str) -> Measure<'a> {
        Measure { text, source, at: 0, point: Point::default() }
    }

    pub fn place(&mut self, span: Span) -> Place {
        let start = self.point(span.start as usize);
        let mark = (self.at, self.point);
        let end = self.point(span.end as usize);
        // Spans are ordered by their starts; an end may lie behind the next start.
        (self.at, self.point) = mark;
        Place { start, end }
    }

    fn point(&mut self, at: usize) -> Point {
        let at = self.text.floor(at);
        let line = self.text.line_of(at) as u32;
        if line != self.point.line || at < self.at {
            self.at = self.text.line_start(line as usize);
            self.point = Point { line, ..Point::default() };
        }
        let Point { utf8, utf16, utf32, .. } = Point::after(line, &self.source[self.at..at]);
        self.point.utf8 += utf8;
        self.point.utf16 += utf16;
        self.point.utf32 += utf32;
        self.at = at;
        self.point
    }
}
