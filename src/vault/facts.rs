//! What a closed note is remembered by: its facts, packed in one allocation.
//!
//! A fact is what another note may ask about: names, mentions, headings, blocks, tags, moments, each with its place in
//! every encoding. About 12 bytes a fact: lines as differences, columns that differ by encoding only where they do.

use super::names::{Intern, Key};
use crate::syntax::{self, LinkKind, Outline, media};
use crate::text::{Place, Point, Span, Text};

/// One thing a note states.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact<'a> {
    Title(&'a str),
    Alias(&'a str),
    Mention(Mention),
    Heading(Heading<'a>),
    /// `^id`
    Block(&'a str),
    /// The `id` or `name` of an HTML element.
    Element(&'a str),
    /// As written, without `#`.
    Tag(Key),
    Moment(Moment),
    /// The video the note is of: the value in the front matter, or the address in the text.
    Medium(Key),
    /// A link to a video without a time in it.
    Video(Key),
}

/// A link to a name, a path or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    pub dialect: Dialect,
    /// As written, decoded; empty when the link points into its own note.
    pub name: Key,
    pub anchor: Option<Key>,
    /// How the label is written: what completion learns the vault's habits from.
    pub label: Labelled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Labelled {
    No,
    /// `[[china|the talks]]`
    Tight,
    /// `[[china | the talks]]`
    Spaced,
}

/// How a name is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `[[name]]`: by name.
    Name,
    /// `[text](path)`: by path first.
    Path,
    /// An address elsewhere: not at all.
    External,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heading<'a> {
    pub level: u8,
    /// As shown.
    pub text: &'a str,
    /// As written.
    pub source: &'a str,
}

/// A citation of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The id of the video; `None` for a file's moment, or when the note has no medium.
    pub video: Option<Key>,
    /// `None` when the written time is unreadable.
    pub millis: Option<u64>,
}

/// The facts of one note: title and aliases, then all others in order of place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts(Box<[u8]>);

impl Facts {
    /// The facts of a text. `names` gives the keys.
    pub fn of(outline: &Outline, source: &str, text: &Text, names: &mut impl Intern) -> Facts {
        let mut stated = stated(outline, source, names);
        stated.sort_by_key(|(span, fact)| (!fact.is_what_the_note_is_called(), span.start));
        let mut packer = Packer::default();
        for (span, fact) in stated {
            packer.put(text.place(span), &fact, source);
        }
        Facts(packer.bytes.into())
    }

    /// The same facts with keys of other names.
    pub fn moved(&self, mut rename: impl FnMut(Key) -> Key) -> Facts {
        let mut packer = Packer::default();
        for (place, fact) in self.iter() {
            let fact = match fact {
                Fact::Mention(m) => {
                    Fact::Mention(Mention { name: rename(m.name), anchor: m.anchor.map(&mut rename), ..m })
                }
                Fact::Tag(tag) => Fact::Tag(rename(tag)),
                Fact::Moment(m) => Fact::Moment(Moment { video: m.video.map(&mut rename), ..m }),
                Fact::Medium(video) => Fact::Medium(rename(video)),
                Fact::Video(video) => Fact::Video(rename(video)),
                other => other,
            };
            packer.put_fact(place, &fact);
        }
        Facts(packer.bytes.into())
    }

    pub fn iter(&self) -> FactsIter<'_> {
        FactsIter { rest: &self.0, line: 0 }
    }

    pub fn mentions(&self) -> impl Iterator<Item = (Place, Mention)> + '_ {
        self.iter().filter_map(|(place, fact)| match fact {
            Fact::Mention(mention) => Some((place, mention)),
            _ => None,
        })
    }

    pub fn headings(&self) -> impl Iterator<Item = (Place, Heading<'_>)> + '_ {
        self.iter().filter_map(|(place, fact)| match fact {
            Fact::Heading(heading) => Some((place, heading)),
            _ => None,
        })
    }

    pub fn aliases(&self) -> impl Iterator<Item = &str> + '_ {
        self.called().filter_map(|fact| match fact {
            Fact::Alias(alias) => Some(alias),
            _ => None,
        })
    }

    /// The title of the front matter.
    pub fn title(&self) -> Option<&str> {
        self.called().find_map(|fact| match fact {
            Fact::Title(title) => Some(title),
            _ => None,
        })
    }

    /// The title and the aliases, which stand before all other facts.
    fn called(&self) -> impl Iterator<Item = Fact<'_>> + '_ {
        self.iter().map(|(_, fact)| fact).take_while(|fact| matches!(fact, Fact::Title(_) | Fact::Alias(_)))
    }

    /// Size in bytes.
    pub fn size(&self) -> usize {
        self.0.len()
    }
}

/// A fact before it is packed: texts by where they stand, or owned where the note does not hold them as such.
enum Stated<'a> {
    Fact(Fact<'a>),
    Heading(&'a syntax::Heading),
}

impl Stated<'_> {
    fn is_what_the_note_is_called(&self) -> bool {
        matches!(self, Stated::Fact(Fact::Title(_) | Fact::Alias(_)))
    }
}

fn stated<'a>(outline: &'a Outline, source: &'a str, names: &mut impl Intern) -> Vec<(Span, Stated<'a>)> {
    let mut all: Vec<(Span, Stated)> = Vec::with_capacity(64);
    let mut put = |span: Span, fact: Fact<'a>| all.push((span, Stated::Fact(fact)));
    if let Some(front) = &outline.front_matter {
        front.title.iter().for_each(|field| put(field.span, Fact::Title(&field.text)));
        front.aliases.iter().for_each(|field| put(field.span, Fact::Alias(&field.text)));
    }
    for link in outline.links.iter().filter(|link| link.kind != LinkKind::Reference) {
        let label = match link.label.filter(|_| link.kind == LinkKind::Wiki) {
            None => Labelled::No,
            Some(_) if link.spaced => Labelled::Spaced,
            Some(_) => Labelled::Tight,
        };
        put(link.span, Fact::Mention(mention(&link.target, label, names)));
        if let Some(video) = video_without_time(&link.target) {
            put(link.span, Fact::Video(names.key(&video)));
        }
    }
    for definition in &outline.definitions {
        put(definition.span, Fact::Mention(mention(&definition.target, Labelled::No, names)));
    }
    outline.blocks.iter().for_each(|block| put(block.span, Fact::Block(block.id.of(source))));
    outline.elements.iter().for_each(|element| put(element.span, Fact::Element(element.id.of(source))));
    outline.tags.iter().for_each(|tag| put(tag.span, Fact::Tag(names.key(tag.name.of(source)))));
    if let Some(id) = &outline.medium {
        let written = outline.front_matter.as_ref().and_then(|front| front.video_id.as_ref());
        put(written.map_or(Span::empty(0), |field| field.span), Fact::Medium(names.key(id)));
    }
    for timestamp in &outline.timestamps {
        let video = outline.video_of(timestamp).map(|id| names.key(id));
        put(timestamp.span, Fact::Moment(Moment { video, millis: timestamp.time.millis().map(|at| at.0) }));
    }
    all.extend(outline.headings.iter().map(|heading| (heading.span, Stated::Heading(heading))));
    all
}

fn video_without_time(target: &syntax::Target) -> Option<String> {
    let syntax::Target::External(address) = target else { return None };
    media::video_address(address).filter(|video| video.time.is_none()).map(|video| video.id)
}

fn mention(target: &syntax::Target, label: Labelled, names: &mut impl Intern) -> Mention {
    let (dialect, name, anchor) = match target {
        syntax::Target::Name { name, anchor } => (Dialect::Name, name, anchor.as_deref()),
        syntax::Target::Path { path, anchor } => (Dialect::Path, path, anchor.as_deref()),
        syntax::Target::External(address) => (Dialect::External, address, None),
    };
    Mention { dialect, name: names.key(name), anchor: anchor.map(|anchor| names.key(anchor)), label }
}

// The first byte of a fact: its kind, and what its place needs.
const KIND: u8 = 0x0f;
const WIDE: u8 = 0x40;
const MULTILINE: u8 = 0x80;

#[derive(Default)]
struct Packer {
    bytes: Vec<u8>,
    line: u32,
}

impl Packer {
    fn put(&mut self, place: Place, stated: &Stated, source: &str) {
        match stated {
            Stated::Fact(fact) => self.put_fact(place, fact),
            Stated::Heading(heading) => {
                let syntax::Heading { level, text, .. } = heading;
                let heading = Heading { level: *level, text, source: heading.source.of(source) };
                self.put_fact(place, &Fact::Heading(heading));
            }
        }
    }

    fn put_fact(&mut self, place: Place, fact: &Fact) {
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
                let anchored = mention.anchor.is_some() as u64;
                let flags = (mention.label as u64) << 3 | anchored << 2 | mention.dialect as u64;
                self.number((mention.name.0 as u64) << 5 | flags);
                mention.anchor.iter().for_each(|anchor| self.number(anchor.0.into()));
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
                self.number(tag.0.into());
            }
            Fact::Medium(video) => {
                self.place(8, place);
                self.number(video.0.into());
            }
            Fact::Video(video) => {
                self.place(9, place);
                self.number(video.0.into());
            }
            Fact::Moment(moment) => {
                self.place(7, place);
                self.number(moment.video.map_or(0, |video| video.0 as u64 + 1));
                self.number(moment.millis.map_or(0, |millis| millis.saturating_add(1)));
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

    /// LEB128.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }
}

/// Unpacks facts one by one.
pub struct FactsIter<'a> {
    rest: &'a [u8],
    line: u32,
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
            6 => Fact::Tag(Key(self.number() as u32)),
            8 => Fact::Medium(Key(self.number() as u32)),
            9 => Fact::Video(Key(self.number() as u32)),
            _ => Fact::Moment(self.moment()),
        };
        Some((place, fact))
    }
}

impl<'a> FactsIter<'a> {
    fn mention(&mut self) -> Mention {
        let head = self.number();
        let dialect = match head & 3 {
            0 => Dialect::Name,
            1 => Dialect::Path,
            _ => Dialect::External,
        };
        let anchor = (head & 4 != 0).then(|| Key(self.number() as u32));
        let label = match head >> 3 & 3 {
            0 => Labelled::No,
            1 => Labelled::Tight,
            _ => Labelled::Spaced,
        };
        Mention { dialect, name: Key((head >> 5) as u32), anchor, label }
    }

    fn heading(&mut self) -> Heading<'a> {
        let head = self.byte().unwrap_or_default();
        let text = self.text();
        let source = if head & 1 == 1 { text } else { self.text() };
        Heading { level: head >> 1, text, source }
    }

    fn moment(&mut self) -> Moment {
        let video = self.number().checked_sub(1).map(|key| Key(key as u32));
        let millis = self.number().checked_sub(1);
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
    use super::super::document::Document;
    use super::super::names::Names;
    use super::*;

    const NOTE: &str = "---\ntags: [a/b]\ntitle: Trade 貿易\naliases: [Talks]\nvideoId: sUjFz20kTFw\n---\n\
        # *Deals* ^top\n\n🎉 [[china#Trade deals | the talks]] and [x](a%20b.md#c)\n[two\nlines](y.md) #Tag\n\n\
        <a class=\"yt-timestamp\" data-t=\"00:06:04\">[00:06:04]</a> <b id=\"el\">x</b>\n";

    #[test]
    fn what_was_packed_is_unpacked_with_its_place_in_every_encoding() {
        let document = Document::new(0, Text::new(NOTE));
        let mut names = Names::default();
        let facts = document.facts(&mut names);
        let shown: Vec<String> = facts
            .iter()
            .map(|(place, fact)| {
                let at = document.of(document.span(place)).replace('\n', "⏎");
                assert_eq!(document.place(document.span(place)), place, "{fact:?}");
                match fact {
                    Fact::Title(title) => format!("title {title} at {at}"),
                    Fact::Alias(alias) => format!("alias {alias} at {at}"),
                    Fact::Mention(it) => format!("{:?} {} at {at}", it.dialect, names.text(it.name)),
                    Fact::Heading(it) => format!("heading {} {} {}", it.level, it.text, it.source),
                    Fact::Block(id) | Fact::Element(id) => format!("{id} at {at}"),
                    Fact::Tag(tag) => format!("tag {} at {at}", names.text(tag)),
                    Fact::Moment(it) => format!("{:?} of {}", it.millis, names.text(it.video.unwrap())),
                    Fact::Medium(id) | Fact::Video(id) => format!("video {}", names.text(id)),
                }
            })
            .collect();
        assert_eq!(
            shown,
            [
                "title Trade 貿易 at Trade 貿易",
                "alias Talks at Talks",
                "tag a/b at a/b",
                "video sUjFz20kTFw",
                "heading 1 Deals *Deals*",
                "top at ^top",
                "Name china at [[china#Trade deals | the talks]]",
                "Path a b.md at [x](a%20b.md#c)",
                "Path y.md at [two⏎lines](y.md)",
                "tag Tag at #Tag",
                "Some(364000) of sUjFz20kTFw",
                "el at <b id=\"el\">",
            ]
        );
    }

    #[test]
    fn facts_can_be_moved_to_other_names() {
        let document = Document::new(0, Text::new(NOTE));
        let (mut names, mut others) = (Names::default(), Names::default());
        let facts = document.facts(&mut names);
        others.intern("something else");
        let moved = facts.moved(|key| others.intern(names.text(key)));
        assert_ne!(facts, moved);
        assert_eq!(moved.moved(|key| names.intern(others.text(key))), facts);
    }
}
