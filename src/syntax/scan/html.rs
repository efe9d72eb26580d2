//! Tags, comments and attributes of HTML, within running text and in blocks of it. Knows one element's opening tag at a
//! time; which element a closing tag closes is its reader's matter.

use super::destinations::{self, Destination};
use super::structure::Structure;
use crate::syntax::{Context, Element, Link, LinkKind, Suppression};
use crate::text::Span;

/// A part of HTML, in order of the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece {
    Comment(Span),
    Open(Tag),
    Close(Tag),
}

impl Piece {
    pub fn span(&self) -> Span {
        match self {
            Piece::Comment(span) => *span,
            Piece::Open(tag) | Piece::Close(tag) => tag.span,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tag {
    /// From `<` to `>`.
    pub span: Span,
    pub name: Span,
    values: [Option<Span>; ATTRIBUTES.len()],
}

/// The attributes that mean something here.
#[derive(Clone, Copy)]
pub enum Attribute {
    Class,
    DataT,
    Href,
    Id,
    Name,
    Src,
}

/// Their names, in the order of [`Attribute`].
const ATTRIBUTES: [&str; 6] = ["class", "data-t", "href", "id", "name", "src"];

impl Tag {
    pub fn is(&self, text: &str, name: &str) -> bool {
        self.name.of(text).eq_ignore_ascii_case(name)
    }

    /// The value of the first attribute of this name; `None` where there is none or it has no value.
    pub fn attribute(&self, attribute: Attribute) -> Option<Span> {
        self.values[attribute as usize]
    }
}

/// All HTML of a text.
pub fn pieces(text: &str, structure: &Structure) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut blocks = structure.html_blocks.iter().peekable();
    for inline in &structure.inline_html {
        while let Some(block) = blocks.next_if(|block| block.start < inline.start) {
            read(text, *block, &mut pieces);
        }
        read(text, *inline, &mut pieces);
    }
    blocks.for_each(|block| read(text, *block, &mut pieces));
    pieces
}

/// Reads what stands in `within`. What is no tag is passed over.
fn read(text: &str, within: Span, pieces: &mut Vec<Piece>) {
    let (mut at, end) = (within.start as usize, within.end as usize);
    while let Some(next) = memchr::memchr(b'<', &text.as_bytes()[at..end]) {
        at += next;
        let rest = &text[at..end];
        at = if rest.starts_with("<!--") {
            let close = behind(text, at + 4, end, "-->");
            pieces.push(Piece::Comment(Span::new(at, close)));
            close
        } else if rest.starts_with("<![CDATA[") {
            behind(text, at, end, "]]>")
        } else if rest.starts_with("<?") {
            behind(text, at, end, "?>")
        } else if let Some(piece) = tag(text, at, end) {
            pieces.push(piece);
            behind_raw_text(text, piece, end)
        } else {
            at + 1
        };
    }
}

/// The byte behind the next `mark`; the end where there is none.
fn behind(text: &str, at: usize, end: usize, mark: &str) -> usize {
    memchr::memmem::find(&text.as_bytes()[at..end], mark.as_bytes()).map_or(end, |found| at + found + mark.len())
}

/// The byte behind a tag, and behind what its element holds if that is no HTML.
fn behind_raw_text(text: &str, piece: Piece, end: usize) -> usize {
    match piece {
        Piece::Comment(span) => span.end as usize,
        Piece::Close(tag) => tag.span.end as usize,
        Piece::Open(tag) => {
            let at = tag.span.end as usize;
            match ["script", "style", "textarea"].into_iter().find(|name| tag.is(text, name)) {
                None => at,
                Some(name) => memchr::memmem::find_iter(&text.as_bytes()[at..end], "</")
                    .find(|found| starts_with_name(&text[at + found + 2..end], name))
                    .map_or(end, |found| at + found),
            }
        }
    }
}

fn starts_with_name(text: &str, name: &str) -> bool {
    text.as_bytes().get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

/// The tag that begins at byte `at`.
pub fn tag(text: &str, at: usize, end: usize) -> Option<Piece> {
    let bytes = text.as_bytes();
    let closing = bytes.get(at + 1) == Some(&b'/');
    let start = at + 1 + usize::from(closing);
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let length = bytes[start.min(end)..end].iter().take_while(|byte| is_name(byte)).count();
    if length == 0 || !bytes[start].is_ascii_alphabetic() {
        return None;
    }
    let name = Span::new(start, start + length);
    let mut attributes = Attributes { text, at: name.end as usize, end };
    let mut values = [None; ATTRIBUTES.len()];
    for (name, value) in attributes.by_ref() {
        if let Some(i) = ATTRIBUTES.iter().position(|known| name.of(text).eq_ignore_ascii_case(known)) {
            values[i] = values[i].or(value);
        }
    }
    let mut close = attributes.at;
    close += usize::from(bytes[..end].get(close) == Some(&b'/'));
    if bytes[..end].get(close) != Some(&b'>') {
        return None;
    }
    let tag = Tag { span: Span::new(at, close + 1), name, values };
    Some(if closing { Piece::Close(tag) } else { Piece::Open(tag) })
}

/// Names and values of the attributes of a tag; stops at what is none.
struct Attributes<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl Attributes<'_> {
    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> Span {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..self.end];
        self.at += rest.iter().take_while(|&&byte| wanted(byte)).count();
        Span::new(start, self.at)
    }

    fn skip_blanks(&mut self) {
        self.take_while(|byte| byte.is_ascii_whitespace());
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes()[..self.end].get(self.at).copied()
    }

    /// What follows a name: `= value`, with either quote or none.
    fn value(&mut self) -> Option<Span> {
        let before = self.at;
        self.skip_blanks();
        if self.peek() != Some(b'=') {
            self.at = before;
            return None;
        }
        self.at += 1;
        self.skip_blanks();
        match self.peek() {
            Some(quote @ (b'"' | b'\'')) => {
                self.at += 1;
                let value = self.take_while(|byte| byte != quote);
                self.at = self.end.min(self.at + 1);
                Some(value)
            }
            _ => {
                Some(self.take_while(|byte| {
                    !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`')
                }))
            }
        }
    }
}

impl Iterator for Attributes<'_> {
    type Item = (Span, Option<Span>);

    fn next(&mut self) -> Option<(Span, Option<Span>)> {
        self.skip_blanks();
        if !self.peek().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':')) {
            return None;
        }
        let name = self.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'-'));
        Some((name, self.value()))
    }
}

/// What `src` and `href` point to.
pub fn links(text: &str, pieces: &[Piece]) -> Vec<Link> {
    let opened = pieces.iter().filter_map(|piece| if let Piece::Open(tag) = piece { Some(tag) } else { None });
    opened.filter_map(|tag| link(text, tag)).collect()
}

fn link(text: &str, tag: &Tag) -> Option<Link> {
    let embed = !tag.is(text, "a");
    if embed && !["img", "video", "audio", "source", "iframe"].iter().any(|name| tag.is(text, name)) {
        return None;
    }
    let span = tag.attribute(if embed { Attribute::Src } else { Attribute::Href }).filter(|value| !value.is_empty())?;
    let url = destinations::without_entities(span.of(text));
    let Destination { name, anchor, target } = destinations::read(text, span, &url);
    let (kind, context) = (LinkKind::Html, Context::Text);
    Some(Link { span, kind, embed, context, name, anchor, label: None, spaced: false, bracketed: false, target })
}

/// Elements that fragments lead to.
pub fn elements(pieces: &[Piece]) -> Vec<Element> {
    let mut elements = Vec::new();
    for piece in pieces {
        if let Piece::Open(tag) = piece {
            let ids = [Attribute::Id, Attribute::Name].into_iter().filter_map(|name| tag.attribute(name));
            elements.extend(ids.filter(|id| !id.is_empty()).map(|id| Element { span: tag.span, id }));
        }
    }
    elements
}

/// `<!-- vaultls-disable-next-line link.broken -->`
pub fn suppressions(text: &str, pieces: &[Piece]) -> Vec<Suppression> {
    pieces
        .iter()
        .filter_map(|piece| if let Piece::Comment(span) = piece { suppression(text, *span) } else { None })
        .collect()
}

fn suppression(text: &str, span: Span) -> Option<Suppression> {
    let inner = span.of(text).strip_prefix("<!--")?.strip_suffix("-->")?;
    let mut words = inner.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    let next_line = match words.next()? {
        "vaultls-disable-next-line" => true,
        "vaultls-disable" => false,
        _ => return None,
    };
    Some(Suppression { span, codes: words.map(str::to_owned).collect(), next_line })
}
