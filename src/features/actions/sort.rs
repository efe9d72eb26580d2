//! A list of moments in the order of the video.

use super::{Asked, Titled};
use crate::features::change::FileEdit;
use crate::syntax::time::Millis;
use crate::text::{Span, Text};
use std::ops::Range;

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let edit = sorted_list(asked);
    edit.into_iter().map(|edit| Titled::known("Sort the list by time", vec![edit])).collect()
}

/// An item of a list: what follows its mark, to the end of its last line, and its first time.
struct Item<'a> {
    mark: &'a str,
    words: &'a str,
    time: Millis,
}

/// `None` where no list is under the cursor, an item has no time, or they are in order.
fn sorted_list(asked: &Asked) -> Option<FileEdit> {
    let (text, source) = (&asked.document.text, &*asked.document.source);
    let starts = item_lines(text, text.line_of(asked.span.start as usize))?;
    let spans: Vec<Span> = starts.iter().map(|lines| lines_of(text, source, lines)).collect();
    let items: Option<Vec<Item>> = spans.iter().map(|span| item(asked, *span)).collect();
    let items = items.filter(|items| items.len() > 1 && !items.is_sorted_by_key(|item| item.time))?;
    let mut sorted: Vec<&Item> = items.iter().collect();
    sorted.sort_by_key(|item| item.time);
    // Marks stay where they are, so that numbers go on counting; so do blank lines between items.
    let mut written = String::new();
    for (i, (item, by_time)) in items.iter().zip(sorted).enumerate() {
        let gap = spans.get(i + 1).map_or("", |next| &source[spans[i].end as usize..next.start as usize]);
        written.extend([item.mark, by_time.words, gap]);
    }
    let all = Span { start: spans.first()?.start, end: spans.last()?.end };
    Some(asked.edit(all, written))
}

/// Without the line's end.
fn lines_of(text: &Text, source: &str, lines: &Range<usize>) -> Span {
    let span = Span::new(text.line_start(lines.start), text.line_start(lines.end));
    Span::new(span.start as usize, span.start as usize + span.of(source).trim_end().len())
}

fn item<'a>(asked: &'a Asked, span: Span) -> Option<Item<'a>> {
    let written = asked.document.of(span);
    let (mark, words) = written.split_at(mark(written)?.1);
    let timestamps = &asked.document.outline.timestamps;
    let from = timestamps.partition_point(|it| it.span.start < span.start);
    let own = timestamps[from..].iter().take_while(|it| it.span.start < span.end);
    let time = own.filter_map(|it| it.time.millis()).next()?;
    Some(Item { mark, words, time })
}

/// The lines of each item of the list that line `at` is in, or `None` where it is in none.
fn item_lines(text: &Text, at: usize) -> Option<Vec<Range<usize>>> {
    let line = |number: usize| text.line(number);
    let indent = |number: usize| mark(&line(number)).map(|(indent, _)| indent);
    // An item further in belongs to the list it is selected in.
    let here = (0..=at).rev().take_while(|&number| !line(number).trim().is_empty() || number == at);
    let width = here.filter_map(indent).next()?;
    let in_list = |number: usize| match indent(number) {
        Some(indent) => indent >= width,
        None => line(number).trim().is_empty() || line(number).starts_with([' ', '\t']),
    };
    let first = (0..=at).rev().take_while(|&number| in_list(number) || number == at).last()?;
    let last = (at..text.lines()).take_while(|&number| in_list(number)).last()?;
    let starts: Vec<usize> = (first..=last).filter(|&number| indent(number) == Some(width)).collect();
    let ends = starts.iter().skip(1).copied().chain([last + 1]);
    Some(starts.iter().zip(ends).map(|(&start, end)| start..end).collect())
}

/// How far in a line's list mark stands, and where the words behind it begin.
fn mark(line: &str) -> Option<(usize, usize)> {
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    let rest = &line[indent..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let mark = match (digits, rest.as_bytes().get(digits)) {
        (0, Some(b'-' | b'*' | b'+')) => 1,
        (1..=9, Some(b'.' | b')')) => digits + 1,
        _ => return None,
    };
    let blanks = rest[mark..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    (blanks > 0).then_some((indent, indent + mark + blanks))
}
