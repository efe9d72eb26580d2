//! A time in the text, `12:34`, made a timestamp.

use super::{Asked, Titled};
use crate::features::timestamps::anchor;
use crate::syntax::time::{self, Millis, Reading};
use crate::text::Span;

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let Some((span, time)) = time_at(asked) else { return Vec::new() };
    vec![Titled::known(format!("Make {time} a timestamp"), vec![asked.edit(span, anchor(time))])]
}

/// The time under the cursor or the selection, with brackets around it, where it is mere text.
fn time_at(asked: &Asked) -> Option<(Span, Millis)> {
    let span = word_at(&asked.document.source, asked.span)?;
    let written = asked.document.of(span);
    let Reading::Time(time) = time::read(written) else { return None };
    let span = with_brackets(&asked.document.source, span);
    (written.contains(':') && is_text(asked, span)).then_some((span, time))
}

/// Digits, colons and dots around the selection, which lies in them.
fn word_at(source: &str, selected: Span) -> Option<Span> {
    const LONGEST: usize = 16;
    let is_part = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b':' | b'.');
    let bytes = source.as_bytes();
    let (start, end) = (selected.start as usize, selected.end as usize);
    let before = bytes[..start].iter().rev().take(LONGEST).take_while(|byte| is_part(byte)).count();
    let after = bytes[end..].iter().take(LONGEST).take_while(|byte| is_part(byte)).count();
    let (start, end) = (start - before, end + after);
    let word = bytes.get(start..end).filter(|word| word.len() <= LONGEST && word.iter().all(is_part))?;
    // The dot or colon behind a time ends a sentence.
    let end = start + word.trim_ascii_end().iter().rposition(u8::is_ascii_digit)? + 1;
    let is_alone = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '/'));
    let alone = is_alone(source[..start].chars().next_back()) && is_alone(source[end..].chars().next());
    alone.then(|| Span::new(start, end))
}

fn with_brackets(source: &str, span: Span) -> Span {
    let (before, after) = (&source[..span.start as usize], &source[span.end as usize..]);
    let in_brackets = before.ends_with('[') && after.starts_with(']') && !after.starts_with("](");
    let in_brackets = in_brackets || before.ends_with('(') && after.starts_with(')');
    if in_brackets { Span { start: span.start - 1, end: span.end + 1 } } else { span }
}

fn is_text(asked: &Asked, span: Span) -> bool {
    let outline = &asked.document.outline;
    let is_in_text = outline.paragraphs.iter().any(|paragraph| paragraph.encloses(span));
    let taken = outline.timestamps.iter().map(|it| it.span).chain(outline.links.iter().map(|it| it.span));
    is_in_text && !outline.is_verbatim(span.start as usize) && !taken.into_iter().any(|it| it.overlaps(span))
}
