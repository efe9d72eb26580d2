//! The part of a line around a span, and where carets go beneath it. Knows columns of a terminal; nothing of findings.

use std::borrow::Cow;
use std::ops::Range;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many blanks a tab is shown as.
const TAB: &str = "    ";

/// One line of source as shown, cut to what fits.
#[derive(Debug, PartialEq)]
pub struct Snippet {
    pub source: String,
    /// Columns before the first caret.
    pub indent: usize,
    /// Columns that have a caret; at least one.
    pub carets: usize,
}

/// Shows `marked`, bytes of `line`, with as much around it as fits `width` columns. Reads only what it shows, so that a
/// line of any length costs the same.
pub fn snippet(line: &str, marked: Range<usize>, width: usize) -> Snippet {
    let (before, rest) = line.split_at(line.floor_char_boundary(marked.start));
    let (marked, after) = rest.split_at(rest.floor_char_boundary(marked.end.saturating_sub(before.len())));
    let shown = first_columns(marked, width);
    let room = width.saturating_sub(columns(shown));
    // A part that is itself cut ends the line.
    let after = if shown.len() < marked.len() { "" } else { after };
    let left = room.saturating_sub(columns(first_columns(after, room))).max(room / 2);
    let left = last_columns(before, left);
    let right = first_columns(after, room.saturating_sub(columns(left)));

    let mut source = ellipsis(left.len() < before.len()).to_string() + &visible(left);
    let indent = source.width();
    let marked_shown = visible(shown);
    source += &marked_shown;
    source += &visible(right);
    source += ellipsis(shown.len() < marked.len() || right.len() < after.len());
    Snippet { source, indent, carets: marked_shown.width().max(1) }
}

/// A text as it may go to a terminal: tabs as blanks, and nothing that a terminal would obey.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => shown.push_str(TAB),
            c if is_control(c) => shown.push(char::REPLACEMENT_CHARACTER),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Control characters, and those that turn the direction of a line around.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn ellipsis(cut: bool) -> &'static str {
    if cut { "…" } else { "" }
}

/// The longest start of `text` that fits `width` columns.
fn first_columns(text: &str, width: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += cost(*c);
        used > width
    });
    end.map_or(text, |(byte, _)| &text[..byte])
}

/// The longest end of `text` that fits `width` columns.
fn last_columns(text: &str, width: usize) -> &str {
    let mut used = 0;
    let start = text.char_indices().rev().find(|(_, c)| {
        used += cost(*c);
        used > width
    });
    start.map_or(text, |(byte, c)| &text[byte + c.len_utf8()..])
}

fn columns(text: &str) -> usize {
    text.chars().map(cost).sum()
}

/// Columns that a character is reckoned to take; never none, so that no run of marks makes a window endless.
fn cost(c: char) -> usize {
    match c {
        '\t' => TAB.len(),
        c => c.width().unwrap_or(1).max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The snippet drawn as a reader sees it, blanks of wide characters included.
    fn drawn(line: &str, marked: &str, width: usize) -> String {
        let start = line.find(marked).unwrap();
        let Snippet { source, indent, carets } = snippet(line, start..start + marked.len(), width);
        format!("{source}\n{}{}", " ".repeat(indent), "^".repeat(carets))
    }

    #[test]
    fn carets_stand_under_the_marked_part() {
        assert_eq!(drawn("See [[chinna | the talks]].", "chinna", 80), "See [[chinna | the talks]].\n      ^^^^^^");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(drawn("灯台 [[灯台守]]", "灯台守", 80), "灯台 [[灯台守]]\n       ^^^^^^");
        assert_eq!(drawn("🌊 [[tide]]", "tide", 80), "🌊 [[tide]]\n     ^^^^");
    }

    #[test]
    fn an_emoji_of_several_characters_is_as_wide_as_one() {
        assert_eq!(drawn("👩‍🚀 [[tide]]", "tide", 80), "👩‍🚀 [[tide]]\n     ^^^^");
    }

    #[test]
    fn tabs_are_blanks_and_control_characters_do_not_reach_the_terminal() {
        assert_eq!(drawn("\t- [[tide]]", "tide", 80), "    - [[tide]]\n        ^^^^");
        assert_eq!(drawn("\u{1b}[31m [[tide]]", "tide", 80), "\u{fffd}[31m [[tide]]\n        ^^^^");
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let line = format!("{} [[tide]] {}", "a".repeat(50), "b".repeat(50));
        assert_eq!(drawn(&line, "tide", 20), "…aaaaa [[tide]] bbbbb…\n         ^^^^");
    }

    #[test]
    fn room_that_one_side_does_not_need_goes_to_the_other() {
        let line = format!("{} [[tide]]", "a".repeat(50));
        assert_eq!(drawn(&line, "tide", 20), "…aaaaaaaaaaa [[tide]]\n               ^^^^");
        let line = format!("[[tide]] {}", "b".repeat(50));
        assert_eq!(drawn(&line, "tide", 20), "[[tide]] bbbbbbbbbbb…\n  ^^^^");
    }

    #[test]
    fn a_marked_part_wider_than_the_window_is_cut_itself() {
        assert_eq!(drawn("x [[abcdefghij]] y", "abcdefghij", 6), "…abcdef…\n ^^^^^^");
    }

    #[test]
    fn an_empty_part_has_one_caret() {
        assert_eq!(snippet("ab", 2..2, 80), Snippet { source: "ab".into(), indent: 2, carets: 1 });
        assert_eq!(snippet("", 0..9, 80), Snippet { source: String::new(), indent: 0, carets: 1 });
    }

    #[test]
    fn a_line_of_ten_megabytes_costs_no_more_than_a_short_one() {
        let line = "\u{301}".repeat(5_000_000);
        for i in 0..10_000 {
            let shown = snippet(&line, i * 2..i * 2 + 2, 80);
            assert!(shown.source.len() < 400);
        }
    }
}
