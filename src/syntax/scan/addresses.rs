//! Bare web addresses, as GitHub recognises them. Knows lines; not where an address leads.

use super::cover::Cover;
use super::destinations;
use super::structure::{BlockKind, Line};
use crate::syntax::Link;
use crate::text::Span;
use memchr::memmem;

/// All addresses outside of `taken`, as links.
pub fn find(text: &str, lines: &[Line], taken: &Cover) -> Vec<Link> {
    let (scheme, www) = (memmem::Finder::new("://"), memmem::Finder::new("www."));
    let mut links = Vec::new();
    for line in lines {
        let bytes = line.span.of(text).as_bytes();
        let mut starts: Vec<usize> = scheme.find_iter(bytes).filter_map(|at| scheme_start(bytes, at)).collect();
        starts.extend(www.find_iter(bytes).filter(|&at| may_be_www(bytes, at, line.kind)));
        starts.sort();
        let mut passed = 0;
        for at in starts.into_iter().map(|start| line.span.start as usize + start) {
            if at >= passed && !taken.contains(at) {
                let (end, stop) = end(text, line, at, taken);
                passed = stop;
                links.extend((end > at).then(|| destinations::address(text, Span::new(at, end))));
            }
        }
    }
    links
}

/// Where the `http` or `https` before `://` begins.
fn scheme_start(bytes: &[u8], colon: usize) -> Option<usize> {
    let start = colon - bytes[..colon].iter().rev().take(6).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let scheme = &bytes[start..colon];
    let known = scheme.eq_ignore_ascii_case(b"http") || scheme.eq_ignore_ascii_case(b"https");
    let host = bytes.get(colon + 3..).is_some_and(starts_host);
    (known && host).then_some(start)
}

/// Whether `www.` at byte `at` stands behind a blank or a mark, or first in a cell.
fn may_be_www(bytes: &[u8], at: usize, kind: BlockKind) -> bool {
    let fits = match at.checked_sub(1).map(|before| bytes[before]) {
        None | Some(b'*' | b'_' | b'~' | b'(') => true,
        Some(b'|') => kind == BlockKind::Row,
        Some(byte) => byte.is_ascii_whitespace(),
    };
    fits && starts_host(&bytes[at + 4..])
}

fn starts_host(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte >= 0x80 || byte == b'[')
}

/// The end of the address at byte `at`, and of what was looked at for it. Unlike GitHub's it ends at `"` and `>`, which
/// no address holds, but tags that are not closed do.
fn end(text: &str, line: &Line, at: usize, taken: &Cover) -> (usize, usize) {
    let until = taken.next(at).map_or(line.span.end as usize, |next| line.span.end.min(next.start) as usize);
    let whole = &text[at..until];
    let ends = |(i, c): &(usize, char)| match c {
        '<' | '>' | '"' => true,
        '|' => line.kind == BlockKind::Row,
        // In an address `%` stands before two digits; two of them end a comment.
        '%' => whole[i + 1..].starts_with('%'),
        c => c.is_whitespace(),
    };
    let whole = &whole[..whole.char_indices().find(ends).map_or(whole.len(), |(i, _)| i)];
    (at + without_punctuation(whole).len(), at + whole.len())
}

/// An address does not end with punctuation, with a closing bracket that it does not open, or with an entity.
fn without_punctuation(mut address: &str) -> &str {
    let count = |bracket: u8| address.bytes().filter(|&byte| byte == bracket).count();
    let mut extra = [count(b')').saturating_sub(count(b'(')), count(b']').saturating_sub(count(b'['))];
    loop {
        let shorter = match address.as_bytes().last() {
            Some(b'?' | b'!' | b'.' | b',' | b':' | b'*' | b'_' | b'~' | b'\'' | b'"') => address.len() - 1,
            Some(b')') if extra[0] > 0 => {
                extra[0] -= 1;
                address.len() - 1
            }
            Some(b']') if extra[1] > 0 => {
                extra[1] -= 1;
                address.len() - 1
            }
            Some(b';') => entity_start(address),
            _ => return address,
        };
        address = &address[..shorter];
    }
}

/// Where the entity begins that `address` ends with; if it is none, where its semicolon stands.
fn entity_start(address: &str) -> usize {
    const LONGEST: usize = 32;
    let semicolon = address.len() - 1;
    let name = address[..semicolon].bytes().rev().take(LONGEST).take_while(u8::is_ascii_alphanumeric).count();
    let start = semicolon - name;
    if name > 0 && address[..start].ends_with('&') { start - 1 } else { semicolon }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<&str> {
        let line = Line { span: Span::new(0, text.len()), block: 0, kind: BlockKind::Paragraph };
        find(text, &[line], &Cover::default()).into_iter().map(|link| link.span.of(text)).collect()
    }

    #[test]
    fn punctuation_behind_an_address_is_no_part_of_it() {
        assert_eq!(addresses("see https://a.b/c?d=e, or http://f.g."), ["https://a.b/c?d=e", "http://f.g"]);
        assert_eq!(
            addresses("(https://a.b/c_(d)) **https://a.b** \"https://a.b\""),
            ["https://a.b/c_(d)", "https://a.b", "https://a.b"]
        );
        assert_eq!(
            addresses("https://a.b?c&amp; https://a.b?c&d; <https://a.b<c"),
            ["https://a.b?c", "https://a.b?c", "https://a.b"]
        );
        assert_eq!(addresses("[https://a.b] https://a.b/[c]"), ["https://a.b", "https://a.b/[c]"]);
    }

    #[test]
    fn an_address_ends_at_a_quote_or_a_bracket_of_html() {
        assert_eq!(addresses("<a href=\"https://a.b/c\">https://d.e</a>"), ["https://a.b/c", "https://d.e"]);
    }

    #[test]
    fn www_needs_a_blank_or_a_mark_before_it() {
        assert_eq!(
            addresses("www.a.b *www.c.d* (www.e.f) xwww.g.h /www.i.j https://www.k.l"),
            ["www.a.b", "www.c.d", "www.e.f", "https://www.k.l"]
        );
    }

    #[test]
    fn other_schemes_and_halves_of_addresses_are_text() {
        assert!(addresses("ftp://a.b xhttp://a.b http:// https://. http:/a www. ://").is_empty());
    }
}
