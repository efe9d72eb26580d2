//! Facts as bytes: lines as differences, columns of all encodings only where they differ.

use super::super::names::Key;
use super::{Dialect, Fact, Heading, Labelled, Mention, Moment, Stated};
use crate::syntax;
use crate::text::{Place, Point};

// The first byte of a fact: its kind, and what its place needs.
const KIND: u8 = 0x0f;
const WIDE: u8 = 0x40;
const MULTILINE: u8 = 0x80;

// What video a moment is of.
const NO_VIDEO: u8 = 0;
const THE_MEDIUM: u8 = 1;
const ANOTHER_VIDEO: u8 = 2;

/// Renames the keys that stand at bytes `keys` of packed facts.
pub fn rename(bytes: &mut [u8], keys: impl Iterator<Item = usize>, mut rename: impl FnMut(Key) -> Key) {
    for at in keys {
        if let Some(key) = bytes.get_mut(at..).and_then(|bytes| bytes.first_chunk_mut()) {
            *key = rename(Key(u32::from_le_bytes(*key))).0.to_le_bytes();
        }
    }
}

pub struct Packer<'a> {
    bytes: &'a mut Vec<u8>,
    /// Where in `bytes` keys stand.
    keys: &'a mut Vec<u32>,
    line: u32,
    /// The note's medium, if it has been packed: nearly all moments are of it.
    medium: Option<Key>,
}

impl Packer<'_> {
    pub fn new<'a>(bytes: &'a mut Vec<u8>, keys: &'a mut Vec<u32>) -> Packer<'a> {
        Packer { bytes, keys, line: 0, medium: None }
    }

    pub fn put(&mut self, place: Place, stated: &Stated, source: &str) {
        match stated {
            Stated::Fact(fact) => self.put_fact(place, fact),
            Stated::Heading(heading) => {
                let syntax::Heading { level, text, .. } = heading;
                let heading = Heading { level: *level, text, source: heading.source.of(source) };
                self.put_fact(place, &Fact::Heading(heading));
            }
        }
    }

    pub fn put_fact(&mut self, place: Place, fact: &Fact) {
        match *fact {
            Fact::Title(title) => {
                self.place(0, place);
                self.text(title);
            }
            Fact::Alias(alias) => {
                self.place(1, place);
                self.text(alias);
            }
            Fact::Mention(mention) => {
                self.place(2, place);
                let anchored = mention.anchor.is_some() as u8;
                let flags = (mention.label as u8) << 3 | anchored << 2 | mention.dialect as u8;
                self.bytes.push(flags);
                self.key(mention.name);
                mention.anchor.iter().for_each(|anchor| self.key(*anchor));
            }
            Fact::Heading(heading) => {
                self.place(3, place);
                let same = heading.text == heading.source;
                self.bytes.push(heading.level << 1 | same as u8);
                self.text(heading.text);
                if !same {
                    self.text(heading.source);
                }
            }
            Fact::Block(id) => {
                self.place(4, place);
                self.text(id);
            }
            Fact::Element(id) => {
                self.place(5, place);
                self.text(id);
            }
            Fact::Tag(tag) => {
                self.place(6, place);
                self.key(tag);
            }
            Fact::Medium(video) => {
                self.place(8, place);
                self.key(video);
                self.medium = Some(video);
            }
            Fact::Video(video) => {
                self.place(9, place);
                self.key(video);
            }
            Fact::Doubt => self.place(10, place),
            Fact::Moment(moment) => {
                self.place(7, place);
                match moment.video {
                    None => self.bytes.push(NO_VIDEO),
                    video if video == self.medium => self.bytes.push(THE_MEDIUM),
                    Some(video) => {
                        self.bytes.push(ANOTHER_VIDEO);
                        self.key(video);
                    }
                }
                self.number(moment.millis.map_or(0, packed_time));
            }
        }
    }

    fn place(&mut self, kind: u8, Place { start, end }: Place) {
        let wide = [start, end].iter().any(|point| point.utf16 != point.utf8);
        let multiline = end.line != start.line;
        self.bytes.push(kind | if wide { WIDE } else { 0 } | if multiline { MULTILINE } else { 0 });
        // Title and aliases come first wherever they stand: their lines are counted from the top.
        let from = if kind <= 1 { 0 } else { std::mem::replace(&mut self.line, start.line) };
        self.number((start.line - from).into());
        self.columns(start, Point::default(), wide);
        if multiline {
            self.number((end.line - start.line).into());
            self.columns(end, Point::default(), wide);
        } else {
            self.columns(end, start, wide);
        }
    }

    fn columns(&mut self, at: Point, from: Point, wide: bool) {
        self.number((at.utf8 - from.utf8).into());
        if wide {
            self.number((at.utf16 - from.utf16).into());
            self.number((at.utf32 - from.utf32).into());
        }
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Always four bytes, so that another may be written in its place.
    fn key(&mut self, key: Key) {
        self.keys.push(self.bytes.len() as u32);
        self.bytes.extend_from_slice(&key.0.to_le_bytes());
    }

    /// LEB128.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }
}

/// Nearly all times are whole seconds.
fn packed_time(millis: u64) -> u64 {
    let time = if millis.is_multiple_of(1000) { millis / 1000 * 2 } else { millis.saturating_mul(2) | 1 };
    time.saturating_add(1)
}

fn unpacked_time(time: u64) -> u64 {
    if time.is_multiple_of(2) { time / 2 * 1000 } else { time / 2 }
}

/// Unpacks facts one by one.
pub struct FactsIter<'a> {
    rest: &'a [u8],
    line: u32,
    medium: Option<Key>,
}

impl<'a> Iterator for FactsIter<'a> {
    type Item = (Place, Fact<'a>);

    fn next(&mut self) -> Option<(Place, Fact<'a>)> {
        let head = self.byte()?;
        let place = self.place(head);
        let fact = match head & KIND {
            0 => Fact::Title(self.text()),
            1 => Fact::Alias(self.text()),
            2 => Fact::Mention(self.mention()),
            3 => Fact::Heading(self.heading()),
            4 => Fact::Block(self.text()),
            5 => Fact::Element(self.text()),
            6 => Fact::Tag(self.key()),
            8 => {
                let video = self.key();
                self.medium = Some(video);
                Fact::Medium(video)
            }
            9 => Fact::Video(self.key()),
            10 => Fact::Doubt,
            _ => Fact::Moment(self.moment()),
        };
        Some((place, fact))
    }
}

impl<'a> FactsIter<'a> {
    pub fn new(packed: &'a [u8]) -> FactsIter<'a> {
        FactsIter { rest: packed, line: 0, medium: None }
    }

    fn mention(&mut self) -> Mention {
        let head = self.byte().unwrap_or_default();
        let name = self.key();
        let dialect = match head & 3 {
            0 => Dialect::Name,
            1 => Dialect::Path,
            _ => Dialect::External,
        };
        let anchor = (head & 4 != 0).then(|| self.key());
        let label = match head >> 3 & 3 {
            0 => Labelled::No,
            1 => Labelled::Tight,
            _ => Labelled::Spaced,
        };
        Mention { dialect, name, anchor, label }
    }

    fn heading(&mut self) -> Heading<'a> {
        let head = self.byte().unwrap_or_default();
        let text = self.text();
        let source = if head & 1 == 1 { text } else { self.text() };
        Heading { level: head >> 1, text, source }
    }

    fn moment(&mut self) -> Moment {
        let video = match self.byte() {
            Some(THE_MEDIUM) => self.medium,
            Some(ANOTHER_VIDEO) => Some(self.key()),
            _ => None,
        };
        let millis = self.number().checked_sub(1).map(unpacked_time);
        Moment { video, millis }
    }

    fn place(&mut self, head: u8) -> Place {
        let wide = head & WIDE != 0;
        let number = self.number() as u32;
        let line = if head & KIND <= 1 { number } else { self.line + number };
        if head & KIND > 1 {
            self.line = line;
        }
        let start = self.point(Point { line, ..Point::default() }, wide);
        let end = if head & MULTILINE != 0 {
            let line = line + self.number() as u32;
            self.point(Point { line, ..Point::default() }, wide)
        } else {
            self.point(start, wide)
        };
        Place { start, end }
    }

    fn point(&mut self, from: Point, wide: bool) -> Point {
        let utf8 = self.number() as u32;
        let (utf16, utf32) = if wide { (self.number() as u32, self.number() as u32) } else { (utf8, utf8) };
        Point { line: from.line, utf8: from.utf8 + utf8, utf16: from.utf16 + utf16, utf32: from.utf32 + utf32 }
    }

    fn key(&mut self) -> Key {
        let Some((key, rest)) = self.rest.split_first_chunk() else { return Key(0) };
        self.rest = rest;
        Key(u32::from_le_bytes(*key))
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn number(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        while let Some(byte) = self.byte() {
            number |= ((byte & 0x7f) as u64) << shift;
            shift += 7;
            if byte < 0x80 {
                break;
            }
        }
        number
    }

    fn text(&mut self) -> &'a str {
        let length = self.number() as usize;
        let (text, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        // Only ever packed from a `str`; checking again costs less than a wrong answer would.
        std::str::from_utf8(text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_unpacked_to_the_millisecond() {
        for millis in [0, 1, 999, 1000, 1001, 364_000, 364_500, 359_999_000, u64::MAX / 4] {
            assert_eq!(unpacked_time(packed_time(millis) - 1), millis, "{millis}");
        }
    }
}
