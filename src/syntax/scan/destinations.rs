//! Where Markdown and HTML links point. Knows one destination as written; never whether anything is there.

use super::definitions::ByLabel;
use super::source::escaped;
use super::structure::{LinkForm, MarkdownLink};
use crate::syntax::{Context, Link, LinkKind, Target};
use crate::text::Span;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// A destination in its parts.
pub struct Destination {
    /// Without anchor; of external ones the whole.
    pub name: Span,
    pub anchor: Option<Span>,
    pub target: Target,
}

/// Reads the destination at `span`, which says `url` when its escapes are undone.
pub fn read(text: &str, span: Span, url: &str) -> Destination {
    let written = span.of(text);
    let url = url.trim();
    if is_external(url) || written.starts_with("\\\\") {
        return Destination { name: span, anchor: None, target: Target::External(url.to_owned()) };
    }
    let (path, fragment) = match url.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (url, None),
    };
    let target = Target::Path { path: percent_decoded(path), anchor: fragment.map(percent_decoded) };
    match fragment_at(written) {
        Some((end, start)) => {
            let at = span.start as usize;
            Destination {
                name: Span::new(at, at + end),
                anchor: Some(Span::new(at + start, span.end as usize)),
                target,
            }
        }
        None => Destination { name: span, anchor: None, target },
    }
}

/// The end of what stands before the first `#` that is no part of an entity, and the start of what stands behind it.
fn fragment_at(written: &str) -> Option<(usize, usize)> {
    let hash = memchr::memchr_iter(b'#', written.as_bytes()).find(|&at| !is_entity(&written[..at], &written[at..]))?;
    let escaped = escaped(written.as_bytes(), hash);
    Some((hash - usize::from(escaped), hash + 1))
}

fn is_entity(before: &str, hash: &str) -> bool {
    before.ends_with('&') && numeric_entity(hash).is_some()
}

/// A scheme, a host or a drive.
fn is_external(url: &str) -> bool {
    if url.starts_with("//") || url.starts_with("\\\\") {
        return true;
    }
    let Some(colon) = url.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))) else {
        return false;
    };
    if !url[colon..].starts_with(':') || !url.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    colon > 1 || url[colon + 1..].starts_with(['\\', '/'])
}

/// What percent-encoding says; as written where that is no text.
fn percent_decoded(written: &str) -> String {
    percent_decode_str(written).decode_utf8().unwrap_or(Cow::Borrowed(written)).into_owned()
}

/// `written` without the escapes of Markdown (`\(`) and of HTML (`&amp;`).
pub fn without_escapes(written: &str) -> String {
    let (mut plain, mut rest) = (String::with_capacity(written.len()), written);
    while let Some(at) = rest.find(['\\', '&']) {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let (c, length) = match rest.strip_prefix('\\') {
            Some(behind) => match behind.chars().next() {
                Some(c) if c.is_ascii_punctuation() => (c, 2),
                _ => ('\\', 1),
            },
            None => entity(rest).unwrap_or(('&', 1)),
        };
        plain.push(c);
        rest = &rest[length..];
    }
    plain + rest
}

/// `written` without the entities of HTML.
pub fn without_entities(written: &str) -> Cow<'_, str> {
    if !written.contains('&') {
        return Cow::Borrowed(written);
    }
    let (mut plain, mut rest) = (String::with_capacity(written.len()), written);
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        let (c, length) = entity(&rest[at..]).unwrap_or(('&', 1));
        plain.push(c);
        rest = &rest[at + length..];
    }
    Cow::Owned(plain + rest)
}

/// The entities that occur in destinations.
fn entity(written: &str) -> Option<(char, usize)> {
    const NAMED: [(&str, char); 6] =
        [("&amp;", '&'), ("&quot;", '"'), ("&apos;", '\''), ("&lt;", '<'), ("&gt;", '>'), ("&nbsp;", '\u{a0}')];
    if let Some(behind) = written.strip_prefix('&').filter(|behind| behind.starts_with('#')) {
        return numeric_entity(behind).map(|(c, length)| (c, length + 1));
    }
    NAMED.iter().find(|(name, _)| written.starts_with(name)).map(|(name, c)| (*c, name.len()))
}

/// `#39;`, `#x27;`
fn numeric_entity(hash: &str) -> Option<(char, usize)> {
    let digits = hash.get(1..)?;
    let end = digits.bytes().take(8).position(|byte| byte == b';')?;
    let number = match digits[..end].strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => digits[..end].parse(),
    };
    Some((char::from_u32(number.ok()?)?, end + 2))
}

/// A Markdown link as a link of the note.
pub fn link(text: &str, link: &MarkdownLink, definitions: &ByLabel) -> Link {
    let (kind, label) = match link.form {
        LinkForm::Inline => (LinkKind::Inline, Some(link.label)),
        LinkForm::Reference | LinkForm::LabelOnly => (LinkKind::Reference, Some(link.label)),
        LinkForm::Autolink | LinkForm::Email => (LinkKind::Address, None),
    };
    let Destination { name, anchor, target } = match (link.form, kind) {
        (LinkForm::Email, _) => {
            let target = Target::External(format!("mailto:{}", link.url));
            Destination { name: link.destination, anchor: None, target }
        }
        (_, LinkKind::Reference) => {
            let key = super::definitions::key(link.destination.of(text));
            let target = match definitions.get(key.as_str()) {
                Some(definition) => definition.target.clone(),
                None => read(text, link.destination, &link.url).target,
            };
            Destination { name: link.destination, anchor: None, target }
        }
        _ => read(text, link.destination, &link.url),
    };
    let embed = link.image;
    Link {
        span: link.span,
        kind,
        embed,
        context: Context::Text,
        name,
        anchor,
        label,
        spaced: false,
        bracketed: false,
        target,
    }
}

/// A bare web address as a link of the note.
pub fn address(text: &str, span: Span) -> Link {
    Link {
        span,
        kind: LinkKind::Address,
        embed: false,
        context: Context::Text,
        name: span,
        anchor: None,
        label: None,
        spaced: false,
        bracketed: false,
        target: Target::External(span.of(text).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(written: &str) -> (&str, Option<&str>, Target) {
        let url = without_escapes(written);
        let destination = read(written, Span::new(0, written.len()), &url);
        (destination.name.of(written), destination.anchor.map(|anchor| anchor.of(written)), destination.target)
    }

    fn path(path: &str, anchor: Option<&str>) -> Target {
        Target::Path { path: path.to_owned(), anchor: anchor.map(str::to_owned) }
    }

    #[test]
    fn a_destination_is_split_at_its_first_hash_and_then_decoded() {
        assert_eq!(parts("c%23d%3F.md"), ("c%23d%3F.md", None, path("c#d?.md", None)));
        assert_eq!(parts("a%20b.md#c%20d#e"), ("a%20b.md", Some("c%20d#e"), path("a b.md", Some("c d#e"))));
        assert_eq!(parts("100%.md"), ("100%.md", None, path("100%.md", None)));
        assert_eq!(parts("a%FF.md"), ("a%FF.md", None, path("a%FF.md", None)));
        assert_eq!(parts("a+b.md#"), ("a+b.md", Some(""), path("a+b.md", Some(""))));
        assert_eq!(parts("a\\#b"), ("a", Some("b"), path("a", Some("b"))));
        assert_eq!(parts("it&#39;s.md#x"), ("it&#39;s.md", Some("x"), path("it's.md", Some("x"))));
    }

    #[test]
    fn schemes_hosts_and_drives_are_external() {
        let external = [
            "https://a.b/c#d",
            "mailto:a@b",
            "obsidian://open",
            "C:\\a",
            "c:/a",
            "\\\\host\\a",
            "//host/path",
            "x-y:z",
        ];
        for written in external {
            assert!(matches!(parts(written), (name, None, Target::External(_)) if name == written), "{written}");
        }
        for written in ["a:b", "a/b:c", "./x:y", "2024-01-01 10:00.md", ":x", "日本:x", "a", ""] {
            assert!(matches!(parts(written).2, Target::Path { .. }), "{written}");
        }
    }
}
