//! Where wikilinks begin and end. Knows brackets and lines; what stands between the brackets is [`wikilink`]'s.
//!
//! A wikilink binds tighter than a Markdown link and looser than code.

use super::cover::Cover;
use super::source::escaped;
use super::structure::Line;
use crate::syntax::{Context, Link, wikilink};
use crate::text::Span;

/// The wikilinks of a whole text that hold no code, as far as brackets say: some of them may stand in code.
pub fn likely(text: &str) -> Vec<Span> {
    let mut spans = candidates(text, Span::new(0, text.len()), &Cover::default());
    spans.retain(|&span| !span.of(text).contains('`') && parse(text, span).is_some_and(|link| !link.bracketed));
    spans
}

/// All wikilinks in order. Brackets that `opaque` covers do not count.
pub fn find(text: &str, lines: &[Line], opaque: &Cover) -> Vec<Link> {
    let spans = lines.iter().flat_map(|line| candidates(text, line.span, opaque));
    spans.filter_map(|span| parse(text, span)).collect()
}

fn parse(text: &str, span: Span) -> Option<Link> {
    wikilink::parse(text, span, Context::Text)
}

/// What stands between the nearest `[[` and `]]` of a line. With `!` in front where it is an embed.
fn candidates(text: &str, within: Span, opaque: &Cover) -> Vec<Span> {
    let bytes = text.as_bytes();
    let (mut at, end) = (within.start as usize, within.end as usize);
    let (mut found, mut open) = (Vec::new(), None);
    while let Some(next) = memchr::memchr2(b'[', b']', &bytes[at..end]) {
        let bracket = at + next;
        if let Some(span) = opaque.at(bracket) {
            at = end.min(span.end as usize);
        } else if bytes[bracket..end].starts_with(b"[[") {
            open = if escaped(bytes, bracket) { open } else { Some(bracket) };
            at = bracket + 1;
        } else if bytes[bracket..end].starts_with(b"]]") {
            at = bracket + 2;
            if let Some(open) = open.take() {
                at += brackets_to_balance(&bytes[open..at], &bytes[at..end]);
                found.push(with_bang(bytes, open, at));
            }
        } else {
            at = bracket + 1;
        }
    }
    found
}

/// How many more `]` belong to a link whose text opens more brackets than it closes: one in `[[b|see [1]]]`.
pub fn brackets_to_balance(link: &[u8], behind: &[u8]) -> usize {
    if behind.first() != Some(&b']') {
        return 0;
    }
    let missing = memchr::memchr_iter(b'[', link).count().saturating_sub(memchr::memchr_iter(b']', link).count());
    behind.iter().take(missing).take_while(|&&byte| byte == b']').count()
}

pub fn with_bang(bytes: &[u8], open: usize, end: usize) -> Span {
    let bang = open > 0 && bytes[open - 1] == b'!' && !escaped(bytes, open - 1);
    Span::new(open - usize::from(bang), end)
}
