//! A list of moments in the order of the video.

use super::{Asked, Titled};
use crate::features::change::FileEdit;
use crate::syntax::time::Millis;
use crate::syntax::{ListItem, list_at};
use crate::text::{Span, Text, spliced};

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let edit = sorted_list(asked);
    edit.into_iter().map(|edit| Titled::known("Sort the list by time", vec![edit])).collect()
}

/// An item of a list: its mark, what follows that to the end of its last line, and its first time.
struct Item<'a> {
    mark: &'a str,
    words: &'a str,
    /// How far in on their line the words begin.
    column: usize,
    time: Millis,
}

/// `None` where no list is under the cursor, an item has no time, they are in order, or an item would become another.
fn sorted_list(asked: &Asked) -> Option<FileEdit> {
    let (text, source) = (&asked.document.text, &*asked.document.source);
    let at = asked.span.start as usize;
    let may_be_sorted = asked.document.outline.timestamps.len() > 1 && may_be_in_list(text, text.line_of(at));
    let list = may_be_sorted.then(|| list_at(source, at)).flatten()?;
    let items: Option<Vec<Item>> = list.items.iter().map(|it| item(asked, it)).collect();
    let items = items.filter(|items| !items.is_sorted_by_key(|item| item.time))?;
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|&i| items[i].time);
    // Marks stay where they are, so that numbers go on counting; so do blank lines between items.
    let mut written = String::new();
    for (i, &by_time) in order.iter().enumerate() {
        let end = list.items[i].span.end as usize;
        let gap = list.items.get(i + 1).map_or("", |next| &source[end..next.span.start as usize]);
        written += items[i].mark;
        written += &moved_in(items[by_time].words, items[by_time].column, items[i].column)?;
        written += gap;
    }
    let all = Span { start: list.items.first()?.span.start, end: list.items.last()?.span.end };
    let sorted = spliced(source, &[(all, written.clone())])?;
    let is_same = list_at(&sorted, all.start as usize)?.has_items_of(&list, order.into_iter());
    is_same.then(|| asked.edit(all, written))
}

fn item<'a>(asked: &'a Asked, ListItem { span, .. }: &ListItem) -> Option<Item<'a>> {
    let written = asked.document.of(*span);
    let (mark, words) = written.split_at(mark(written)?);
    let text = &asked.document.text;
    let line = text.line_start(text.line_of(span.start as usize));
    let timestamps = &asked.document.outline.timestamps;
    let from = timestamps.partition_point(|it| it.span.start < span.start);
    let own = timestamps[from..].iter().take_while(|it| it.span.start < span.end);
    let time = own.filter_map(|it| it.time.millis()).next()?;
    Some(Item { mark, words, column: span.start as usize + mark.len() - line, time })
}

/// The words of an item that began in one column and are to begin in another: what stands beneath them is in them as far
/// in as before. `None` where tabs say how far.
fn moved_in(words: &str, from: usize, to: usize) -> Option<String> {
    let mut lines = words.split_inclusive('\n');
    let mut moved = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        if from != to && line[..blanks].contains('\t') {
            return None;
        }
        let is_blank = line.trim().is_empty();
        moved.extend(std::iter::repeat_n(' ', if is_blank { 0 } else { to.saturating_sub(from) }));
        moved += &line[from.saturating_sub(to).min(blanks)..];
    }
    Some(moved)
}

/// Whether a list's mark stands on a line, or on one above it with no paragraph at the margin between: cheaper than to
/// read the note.
fn may_be_in_list(text: &Text, at: usize) -> bool {
    let mut is_at_margin = false;
    for number in (0..=at).rev() {
        let line = text.line(number);
        if mark(line.trim_start_matches([' ', '\t'])).is_some() {
            return true;
        }
        let is_blank = line.trim().is_empty();
        if is_blank && is_at_margin {
            return false;
        }
        is_at_margin = !is_blank && !line.starts_with([' ', '\t']);
    }
    false
}

/// Where the words behind the mark of a list begin.
fn mark(written: &str) -> Option<usize> {
    let digits = written.bytes().take_while(u8::is_ascii_digit).count();
    let mark = match (digits, written.as_bytes().get(digits)) {
        (0, Some(b'-' | b'*' | b'+')) => 1,
        (1..=9, Some(b'.' | b')')) => digits + 1,
        _ => return None,
    };
    let blanks = written[mark..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    (blanks > 0).then_some(mark + blanks)
}
