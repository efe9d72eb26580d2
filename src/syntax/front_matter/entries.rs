//! A front matter as keys and texts. Knows no key by name, and not whether a line or a parser read it.

use super::super::outline::Context;
use super::super::wikilink;
use crate::text::Span;
use memchr::{memchr2, memmem};
use smallvec::SmallVec;
use std::borrow::Cow;

/// A key of the front matter, and every text that stands beneath it.
#[derive(Debug, PartialEq)]
pub(super) struct Entry<'a> {
    pub key: Cow<'a, str>,
    pub key_span: Span,
    /// Whether `values` were written as a list.
    pub list: bool,
    /// The value, or the items of the list; nothing for null.
    pub values: Values<'a>,
    /// Texts in lists and maps further down: they say nothing of the note but may hold links.
    pub nested: Vec<Scalar<'a>>,
}

/// Nearly always one.
pub(super) type Values<'a> = SmallVec<[Scalar<'a>; 1]>;

/// A text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scalar<'a> {
    /// Unescaped, lines folded. Empty for [`Form::Link`], which is read from its source.
    pub text: Cow<'a, str>,
    /// Its source, without quotes.
    pub span: Span,
    pub form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Form {
    /// Plain, quoted or a block: a text whose source is `span`.
    Text,
    /// `[[x]]` without quotes.
    Link,
    /// `*name`: a text whose source stands elsewhere and is an entry there.
    Alias,
}

impl<'a> Entry<'a> {
    pub fn new(key: Cow<'a, str>, key_span: Span) -> Entry<'a> {
        Entry { key, key_span, list: false, values: Values::new(), nested: Vec::new() }
    }

    pub fn into_owned<'b>(self) -> Entry<'b> {
        Entry {
            key: self.key.into_owned().into(),
            key_span: self.key_span,
            list: self.list,
            values: self.values.into_iter().map(Scalar::into_owned).collect(),
            nested: self.nested.into_iter().map(Scalar::into_owned).collect(),
        }
    }
}

impl<'a> Scalar<'a> {
    /// A text that stands as it is.
    pub fn verbatim(text: &'a str, span: Span) -> Scalar<'a> {
        Scalar { text: span.of(text).into(), span, form: Form::Text }
    }

    /// Whether it is what stands at its place in `text`, for it was taken from there.
    pub fn is_verbatim(&self, text: &str) -> bool {
        text.get(self.span.range()).is_some_and(|source| std::ptr::eq(source, &*self.text))
    }

    pub fn link(span: Span) -> Scalar<'a> {
        Scalar { text: Cow::Borrowed(""), span, form: Form::Link }
    }

    fn into_owned<'b>(self) -> Scalar<'b> {
        Scalar { text: self.text.into_owned().into(), span: self.span, form: self.form }
    }
}

/// Whether a plain value stands for nothing.
pub(super) fn is_null(plain: &str) -> bool {
    matches!(plain, "" | "~" | "null" | "Null" | "NULL")
}

/// The lines of a part of `text`, without their endings.
pub(super) fn lines(text: &str, part: Span) -> impl Iterator<Item = Span> {
    let mut rest = Some(part);
    std::iter::from_fn(move || {
        let part = rest?;
        let bytes = part.of(text).as_bytes();
        let Some(length) = memchr2(b'\n', b'\r', bytes) else {
            rest = None;
            return Some(part);
        };
        let ending = if bytes[length..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = Some(Span { start: part.start + (length + ending) as u32, end: part.end });
        Some(Span { start: part.start, end: part.start + length as u32 })
    })
}

/// The unquoted wikilink that is the whole value of a line, as in `up: [[x]]` or `- [[x]]`: without comma and inner
/// bracket, else YAML's list of lists is meant.
pub(super) fn unquoted_link(text: &str, line: Span) -> Option<Span> {
    let source = line.of(text);
    let open = memmem::find(source.as_bytes(), b"[[")?;
    let before = &source[..open];
    let marks = before.trim_end_matches([' ', '\t']);
    if marks.len() == before.len() || !(is_key(marks) || is_item(marks)) {
        return None;
    }
    let close = open + 2 + source[open + 2..].find([',', '[', ']'])?;
    let behind = source[close..].strip_prefix("]]")?;
    let comment = behind.trim_start_matches([' ', '\t']);
    if !comment.is_empty() && (!comment.starts_with('#') || comment.len() == behind.len()) {
        return None;
    }
    let span = Span::new(open, close + 2).shifted(line.start as usize);
    wikilink::parse(text, span, Context::FrontMatterUnquoted).map(|link| link.span)
}

/// `up:`, `- up:`
fn is_key(marks: &str) -> bool {
    marks.find(": ").is_none() && marks.ends_with(':') && !marks.trim_start().starts_with('#')
}

/// `-`, `- -`
fn is_item(marks: &str) -> bool {
    marks.ends_with('-') && marks.split(' ').all(|mark| matches!(mark, "" | "-"))
}
