//! `#tags` in running text. Knows lines; not where a line's text is something else.

use super::cover::Cover;
use super::structure::{BlockKind, Line};
use crate::syntax::Tag;
use crate::text::Span;
use unicode_normalization::char::is_combining_mark;

/// All tags outside of `taken`.
pub fn find(text: &str, lines: &[Line], taken: &Cover) -> Vec<Tag> {
    let mut tags = Vec::new();
    for line in lines {
        let marks = memchr::memchr_iter(b'#', line.span.of(text).as_bytes());
        tags.extend(marks.filter_map(|at| tag(text, line, at)).filter(|tag| !taken.contains(tag.span.start as usize)));
    }
    tags
}

/// The tag whose mark is byte `at` of `line`.
pub fn tag(text: &str, line: &Line, at: usize) -> Option<Tag> {
    let (before, behind) = line.span.of(text).split_at(at);
    let starts_cell = |c| c == '|' && line.kind == BlockKind::Row;
    if !before.chars().next_back().is_none_or(|c| c.is_whitespace() || starts_cell(c)) {
        return None;
    }
    let name = &behind[1..];
    let name = &name[..name.find(|c| !may_be_in_tag(c)).unwrap_or(name.len())];
    let start = line.span.start as usize + at + 1;
    let span = Span::new(start - 1, start + name.len());
    name.contains(|c: char| !c.is_numeric()).then(|| Tag {
        span,
        name: Span { start: span.start + 1, ..span },
        front_matter: false,
    })
}

/// Letters of any script with their marks, digits, `_`, `-`, `/`, and emoji.
fn may_be_in_tag(c: char) -> bool {
    match c {
        '_' | '-' | '/' => true,
        _ if c.is_ascii() => c.is_ascii_alphanumeric(),
        _ => c.is_alphanumeric() || is_combining_mark(c) || is_emoji(c),
    }
}

/// Pictures, and what joins and varies them.
fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{200D}' | '\u{20E3}' | '\u{2300}'..='\u{23FF}' | '\u{25A0}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}' | '\u{E0020}'..='\u{E007F}')
}
