//! Bytes of one text as points, in one pass over it.

use super::{Place, Point, Span};

/// Where the lines of a text in one piece begin.
#[derive(Clone, Debug)]
pub struct LineStarts(Vec<u32>);

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
        LineStarts(starts)
    }

    /// The byte at a point of this text; `None` where it has no such line.
    pub fn byte(&self, point: Point) -> Option<usize> {
        Some(*self.0.get(point.line as usize)? as usize + point.utf8 as usize)
    }

    /// The line that byte `at` stands on, from 0, where it begins, and where the next does, if there is one.
    fn line_of(&self, at: usize) -> (usize, usize, Option<usize>) {
        let next = self.0.partition_point(|&start| start as usize <= at);
        (next - 1, self.0[next - 1] as usize, self.0.get(next).map(|&start| start as usize))
    }
}

/// Measures spans that come in order of their starts without starting anew at each: a text costs its length once, and a
/// line of many links too.
#[derive(Clone, Copy)]
pub struct Measure<'a> {
    source: &'a str,
    /// Its lines, where they are at hand: then those far off are not gone through.
    lines: Option<&'a LineStarts>,
    /// Some line may end with a carriage return, as few texts' do.
    returns: bool,
    /// The last byte measured as the start of something, and its point.
    at: usize,
    point: Point,
    /// Where the next line begins; nowhere is `usize::MAX`.
    next_line: usize,
    /// From `at` up to there all is ASCII, and columns are bytes in every encoding.
    wide: usize,
}

impl<'a> Measure<'a> {
    pub fn new(source: &'a str) -> Measure<'a> {
        let returns = memchr::memchr(b'\r', source.as_bytes()).is_some();
        Measure { source, lines: None, returns, at: 0, point: Point::default(), next_line: 0, wide: 0 }.at_the_top()
    }

    /// The same for spans that lie far apart.
    pub fn with_lines(lines: &'a LineStarts, source: &'a str) -> Measure<'a> {
        let (lines, returns) = (Some(lines), true);
        Measure { source, lines, returns, at: 0, point: Point::default(), next_line: 0, wide: 0 }.at_the_top()
    }

    /// The place of a span; past the end means the end. One that starts before the last is measured from the top.
    pub fn place(&mut self, span: Span) -> Place {
        let start = self.source.floor_char_boundary(span.start as usize);
        if start < self.at {
            *self = self.at_the_top();
        }
        self.advance(start);
        // Spans are ordered by their starts; an end may lie behind the next start.
        let end = self.source.floor_char_boundary(span.end as usize).max(start);
        if end < self.next_line {
            return Place { start: self.point, end: self.point.and(&self.source[start..end]) };
        }
        let mut beyond = *self;
        beyond.advance(end);
        Place { start: self.point, end: beyond.point }
    }

    fn at_the_top(self) -> Measure<'a> {
        let top = Measure { at: 0, point: Point::default(), ..self };
        Measure { next_line: top.next_line(), wide: top.next_wide(), ..top }
    }

    /// Goes on to a byte that is not before the last.
    fn advance(&mut self, to: usize) {
        match self.lines {
            Some(lines) if self.next_line <= to => self.jump(lines, to),
            _ => self.walk(to),
        }
        if self.wide <= self.at {
            self.wide = self.next_wide();
        }
        self.point = if to <= self.wide {
            let columns = (to - self.at) as u32;
            let Point { line, utf8, utf16, utf32 } = self.point;
            Point { line, utf8: utf8 + columns, utf16: utf16 + columns, utf32: utf32 + columns }
        } else {
            self.point.and(&self.source[self.at..to])
        };
        self.at = to;
    }

    /// Goes to the line of byte `to`.
    fn jump(&mut self, lines: &LineStarts, to: usize) {
        let (line, start, next) = lines.line_of(to);
        self.at = start;
        self.point = Point { line: line as u32, ..Point::default() };
        self.next_line = next.unwrap_or(usize::MAX);
    }

    /// The same line by line.
    fn walk(&mut self, to: usize) {
        while self.next_line <= to {
            self.at = self.next_line;
            self.point = Point { line: self.point.line + 1, ..Point::default() };
            self.next_line = self.next_line();
        }
    }

    fn next_line(&self) -> usize {
        let rest = &self.source.as_bytes()[self.at..];
        let ending = if self.returns { memchr::memchr2(b'\n', b'\r', rest) } else { memchr::memchr(b'\n', rest) };
        ending.map_or(usize::MAX, |end| self.at + end + if rest[end..].starts_with(b"\r\n") { 2 } else { 1 })
    }

    /// On the line of `at`.
    fn next_wide(&self) -> usize {
        let rest = &self.source.as_bytes()[self.at..self.next_line.min(self.source.len())];
        const CHUNK: usize = 16; // Many bytes are asked at once.
        let plain = rest.chunks_exact(CHUNK).take_while(|chunk| chunk.is_ascii()).count() * CHUNK;
        let wide = rest[plain..].iter().position(|byte| !byte.is_ascii());
        self.at + wide.map_or(rest.len(), |at| plain + at)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Text;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_measured_in_passing_is_where_a_rope_has_it(
            source in r"([a\n\r]|é|🎉|\PC){0,40}",
            spans in prop::collection::vec((0..60_u32, 0..9_u32), 0..9),
        ) {
            let (text, lines) = (Text::new(&source), LineStarts::of(&source));
            let (mut by_table, mut measure) = (Measure::with_lines(&lines, &source), Measure::new(&source));
            for (start, length) in spans {
                let span = Span { start, end: start + length };
                prop_assert_eq!(by_table.place(span), text.place(span));
                prop_assert_eq!(measure.place(span), text.place(span));
            }
        }
    }
}
