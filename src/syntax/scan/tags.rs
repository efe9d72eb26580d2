//! `#tags` in running text. Knows lines; not where a line's text is something else.

use super::cover::Cover;
use super::escaped;
use super::structure::{BlockKind, Line};
use crate::syntax::Tag;
use crate::text::Span;
use unicode_normalization::char::is_combining_mark;

/// The tags of one line, outside of `taken`.
pub fn find(text: &str, line: &Line, taken: &Cover, tags: &mut Vec<Tag>) {
    let whole = line.span.of(text);
    for at in memchr::memchr_iter(b'#', whole.as_bytes()) {
        let name = &whole[at + 1..];
        let name = &name[..name.find(|c| !may_be_in_tag(c)).unwrap_or(name.len())];
        let start = line.span.start as usize + at;
        let starts_cell = |c| c == '|' && line.kind == BlockKind::Row;
        let is_tag = whole[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || starts_cell(c))
            && name.contains(|c: char| !c.is_numeric())
            && !taken.contains(start)
            && !escaped(text.as_bytes(), start);
        if is_tag {
            let span = Span::new(start, start + 1 + name.len());
            tags.push(Tag { span, name: Span { start: span.start + 1, ..span }, front_matter: false });
        }
    }
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
