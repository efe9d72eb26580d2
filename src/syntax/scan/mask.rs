//! The copy of a text that CommonMark reads: what it would take for something else means nothing there. Knows only which
//! bytes are replaced, each by one other, so that offsets are those of the text.

use super::wikilinks;
use crate::text::Span;
use std::borrow::Cow;

/// `text` with the brackets and bars of its wikilinks replaced, and the spans of those. CommonMark knows no wikilinks: it
/// would see references in them, and cells of a table at their bars. Lone carriage returns, which pulldown-cmark does not
/// take for line endings everywhere, become line feeds.
pub fn mask(text: &str) -> (Cow<'_, str>, Vec<Span>) {
    let wikilinks = wikilinks::likely(text);
    let too_deep = too_deep(text.as_bytes());
    let returns = lone_returns(text.as_bytes());
    if wikilinks.is_empty() && too_deep.is_empty() && returns.is_empty() {
        return (Cow::Borrowed(text), wikilinks);
    }
    let mut copy = text.to_owned().into_bytes();
    for byte in wikilinks.iter().flat_map(|span| span.range()) {
        copy[byte] = match copy[byte] {
            b'[' => b'{',
            b']' => b'}',
            b'|' => b',',
            other => other,
        };
    }
    for marker in too_deep {
        copy[marker] = b',';
    }
    for end in returns {
        copy[end] = b'\n';
    }
    // Only ASCII was replaced by ASCII, so this is never empty.
    (Cow::Owned(String::from_utf8(copy).unwrap_or_default()), wikilinks)
}

fn lone_returns(bytes: &[u8]) -> Vec<usize> {
    memchr::memchr_iter(b'\r', bytes).filter(|&at| bytes.get(at + 1) != Some(&b'\n')).collect()
}

/// The markers of quotes and lists on one line that are beneath so many others that they are taken for text: for each line
/// pulldown-cmark looks at all quotes and lists that are open, so a million `>` would take it hours.
fn too_deep(bytes: &[u8]) -> Vec<usize> {
    const DEEPEST: usize = 100;
    let mut found = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        found.extend(markers(bytes, start).skip(DEEPEST));
        start += memchr::memchr2(b'\n', b'\r', &bytes[start..]).map_or(bytes.len(), |end| end + 1);
    }
    found
}

/// The markers that the line at byte `at` begins with: `>`, `- `, `1. `. Of numbers, the dot.
fn markers(bytes: &[u8], mut at: usize) -> impl Iterator<Item = usize> {
    let blank = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
    std::iter::from_fn(move || {
        while blank(at) {
            at += 1;
        }
        at += bytes[at..].iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
        let is_marker = match bytes.get(at)? {
            b'>' => true,
            b'-' | b'*' | b'+' | b'.' | b')' => blank(at + 1),
            _ => false,
        };
        at += 1;
        is_marker.then_some(at - 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wikilinks_mean_nothing_to_commonmark_but_code_and_text_do() {
        let (masked, wikilinks) = mask("[[a|b]] ![[c]] [[d `e]] `]] [f] \\[[g]] [[]] | 日本[[語]]");
        assert_eq!(masked, "{{a,b}} !{{c}} [[d `e]] `]] [f] \\[[g]] [[]] | 日本{{語}}");
        assert_eq!(wikilinks.len(), 3);
    }

    #[test]
    fn a_text_without_wikilinks_is_not_copied() {
        assert!(matches!(mask("> - # [a](b) | c\n\n---"), (Cow::Borrowed(_), _)));
    }

    #[test]
    fn only_lone_carriage_returns_become_line_feeds() {
        assert_eq!(mask("a\r\nb\rc\r").0, "a\r\nb\nc\n");
    }

    #[test]
    fn what_is_nested_too_deep_is_text() {
        let deep = "> 1. - ".repeat(50);
        let (masked, _) = mask(&deep);
        assert!(masked.starts_with(&deep[..200]) && masked.ends_with(", 1, , "));
        assert!(matches!(mask(&"-".repeat(500)), (Cow::Borrowed(_), _)));
    }
}
