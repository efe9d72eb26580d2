//! Positions as editors count them. The only code that knows what a UTF-16 column is.

/// The unit of a column, as agreed with the editor at `initialize`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what the protocol means when nothing is said.
    #[default]
    Utf16,
    /// Characters (Unicode scalar values).
    Utf32,
}

impl Encoding {
    /// How many columns `text` is wide.
    pub fn width(self, text: &str) -> u32 {
        match self {
            Encoding::Utf8 => text.len() as u32,
            Encoding::Utf16 => Encoding::Utf32.width(text) + pairs(text),
            Encoding::Utf32 => text.chars().count() as u32,
        }
    }

    /// The byte of `line` at `column`: rounded down to a character's start, clamped to the line's end.
    pub fn byte(self, line: &str, column: u32) -> usize {
        let mut columns = 0;
        for (byte, c) in line.char_indices() {
            let wide = match self {
                Encoding::Utf8 => c.len_utf8(),
                Encoding::Utf16 => c.len_utf16(),
                Encoding::Utf32 => 1,
            } as u32;
            if columns + wide > column {
                return byte;
            }
            columns += wide;
        }
        line.len()
    }
}

/// A cursor in one encoding: line and column from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// A place between two characters, in every encoding at once; what is kept of texts that are not in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Point {
    /// From 0.
    pub line: u32,
    /// Column in bytes.
    pub utf8: u32,
    /// Column in UTF-16 code units.
    pub utf16: u32,
    /// Column in characters.
    pub utf32: u32,
}

impl Point {
    /// The point behind `before`, the part of line `line` that stands before it.
    pub fn after(line: u32, before: &str) -> Point {
        if before.is_ascii() {
            let column = before.len() as u32;
            return Point { line, utf8: column, utf16: column, utf32: column };
        }
        Point {
            line,
            utf8: Encoding::Utf8.width(before),
            utf16: Encoding::Utf16.width(before),
            utf32: Encoding::Utf32.width(before),
        }
    }

    /// The point behind `passed`, which follows on the same line.
    pub fn and(self, passed: &str) -> Point {
        let Point { utf8, utf16, utf32, .. } = Point::after(self.line, passed);
        Point { line: self.line, utf8: self.utf8 + utf8, utf16: self.utf16 + utf16, utf32: self.utf32 + utf32 }
    }

    pub fn position(self, encoding: Encoding) -> Position {
        let column = match encoding {
            Encoding::Utf8 => self.utf8,
            Encoding::Utf16 => self.utf16,
            Encoding::Utf32 => self.utf32,
        };
        Position { line: self.line, column }
    }
}

/// How many characters are two columns in UTF-16: those of four bytes. Counted as many at a time as a byte can count.
fn pairs(text: &str) -> u32 {
    let some = |bytes: &[u8]| bytes.iter().map(|byte| u8::from(*byte >= 0xf0)).sum::<u8>();
    text.as_bytes().chunks(u8::MAX.into()).map(|bytes| u32::from(some(bytes))).sum()
}

/// Where something stands in a note: half-open, and valid without the note's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    pub start: Point,
    pub end: Point,
}
