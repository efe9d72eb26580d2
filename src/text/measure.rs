//! Bytes of one text as points, in one pass over it.

use super::{Place, Point, Span, Text};
use std::ops::Range;

/// Where the lines of a text begin.
pub trait Lines {
    /// The line that byte `at` stands on, from 0, and its bytes, the ending included.
    fn line_at(&self, at: usize) -> (usize, Range<usize>);

    /// Whether it is known that all bytes are ASCII: then columns are bytes in every encoding.
    fn is_ascii(&self) -> bool {
        false
    }
}

impl Lines for Text {
    fn line_at(&self, at: usize) -> (usize, Range<usize>) {
        let line = self.line_of(at);
        (line, self.line_start(line)..self.line_start(line + 1))
    }
}

/// The lines of a text in one piece: a table of their starts is made faster than a rope, and asked faster.
#[derive(Clone, Debug)]
pub struct LineStarts {
    starts: Vec<u32>,
    length: usize,
    is_ascii: bool,
}

impl LineStarts {
    pub fn of(text: &str) -> LineStarts {
        let bytes = text.as_bytes();
        let mut starts = Vec::with_capacity(64);
        starts.push(0);
        let behind = |at: usize| at as u32 + 1;
        if memchr::memchr(b'\r', bytes).is_none() {
            starts.extend(memchr::memchr_iter(b'\n', bytes).map(behind));
        } else {
            let ends_a_line = |at: &usize| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n');
            starts.extend(memchr::memchr2_iter(b'\n', b'\r', bytes).filter(ends_a_line).map(behind));
        }
        LineStarts { starts, length: bytes.len(), is_ascii: text.is_ascii() }
    }
}

impl Lines for LineStarts {
    fn line_at(&self, at: usize) -> (usize, Range<usize>) {
        let next = self.starts.partition_point(|&start| start as usize <= at);
        let end = self.starts.get(next).map_or(self.length, |&start| start as usize);
        (next - 1, self.starts[next - 1] as usize..end)
    }

    fn is_ascii(&self) -> bool {
        self.is_ascii
    }
}

/// Measures bytes that come in order of place without starting anew at each: a line of many links costs its length once.
pub struct Measure<'a, L> {
    lines: &'a L,
    /// The text in one piece.
    source: &'a str,
    /// The line of the last byte measured.
    line: Range<usize>,
    /// The last byte measured as the start of something, and its point.
    at: usize,
    point: Point,
}

impl<'a, L: Lines> Measure<'a, L> {
    pub fn new(lines: &'a L, source: &'a str) -> Measure<'a, L> {
        Measure { lines, source, line: 0..0, at: 0, point: Point::default() }
    }

    pub fn place(&mut self, span: Span) -> Place {
        let start = self.point(span.start as usize);
        let mark = (self.line.clone(), self.at, self.point);
        let end = self.point(span.end as usize);
        // Spans are ordered by their starts; an end may lie behind the next start.
        (self.line, self.at, self.point) = mark;
        Place { start, end }
    }

    fn point(&mut self, at: usize) -> Point {
        let at = self.source.floor_char_boundary(at);
        if !self.line.contains(&at) {
            let (line, bytes) = self.lines.line_at(at);
            let is_another = bytes.start != self.line.start || line as u32 != self.point.line;
            if is_another {
                self.at = bytes.start;
                self.point = Point { line: line as u32, ..Point::default() };
            }
            self.line = bytes;
        }
        if self.lines.is_ascii() {
            let column = (at - self.line.start) as u32;
            self.at = at;
            self.point = Point { line: self.point.line, utf8: column, utf16: column, utf32: column };
            return self.point;
        }
        if at < self.at {
            self.at = self.line.start;
            self.point = Point { line: self.point.line, ..Point::default() };
        }
        let Point { utf8, utf16, utf32, .. } = Point::after(self.point.line, &self.source[self.at..at]);
        self.point.utf8 += utf8;
        self.point.utf16 += utf16;
        self.point.utf32 += utf32;
        self.at = at;
        self.point
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_table_of_lines_and_a_rope_measure_alike(
            source in r"([a\n\r]|é|🎉|\PC){0,40}",
            spans in prop::collection::vec((0..60_u32, 0..9_u32), 0..9),
        ) {
            let (text, table) = (Text::new(&source), LineStarts::of(&source));
            let (mut by_rope, mut by_table) = (Measure::new(&text, &source), Measure::new(&table, &source));
            for (start, length) in spans {
                let span = Span { start, end: start + length };
                prop_assert_eq!(by_rope.place(span), text.place(span));
                prop_assert_eq!(by_table.place(span), text.place(span));
            }
        }
    }
}
