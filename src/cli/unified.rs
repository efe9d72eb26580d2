//! A change of a text as a unified diff, byte for byte as `patch` applies it. Compares nothing: the edits say what changed.

use crate::text::Splice;
use std::fmt::Write;
use std::ops::Range;

/// Unchanged lines around a change.
const CONTEXT: usize = 3;

/// The diff of the file at `path` between a text and the text with splices done, which are in order of place and fit.
pub fn unified(path: &str, text: &str, splices: &[Splice]) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let changes = changes(text, &lines, splices);
    let mut out = format!("--- {}\n+++ {}\n", header("a", path), header("b", path));
    let mut added = 0;
    for hunk in changes.chunk_by(|a, b| b.lines.start - a.lines.end <= 2 * CONTEXT) {
        added += print(&mut out, &lines, hunk, added);
    }
    out
}

/// Lines that become others.
struct Change {
    lines: Range<usize>,
    new: String,
}

fn changes(text: &str, lines: &[&str], splices: &[Splice]) -> Vec<Change> {
    let mut starts = vec![0];
    starts.extend(lines.iter().scan(0, |at, line| {
        *at += line.len();
        Some(*at)
    }));
    let line_of = |at: u32| starts.partition_point(|&start| start <= at as usize) - 1;
    let lines_of = |splice: &Splice| line_of(splice.0.start)..(line_of(splice.0.end) + 1).min(lines.len());
    let share_a_line = |a: &Splice, b: &Splice| line_of(b.0.start) <= line_of(a.0.end);
    let changes = splices.chunk_by(share_a_line).map(|splices| {
        let lines = lines_of(&splices[0]).start.min(lines.len())..lines_of(&splices[splices.len() - 1]).end;
        let mut new = String::new();
        let mut at = starts[lines.start];
        for (span, replacement) in splices {
            new.push_str(&text[at..span.start as usize]);
            new.push_str(replacement);
            at = span.end as usize;
        }
        new.push_str(&text[at..starts[lines.end]]);
        Change { lines, new }
    });
    changes.collect()
}

/// Prints changes that stand close together; `added` lines more than before stand above them. Says how many more they add.
fn print(out: &mut String, lines: &[&str], hunk: &[Change], added: isize) -> isize {
    let first = hunk[0].lines.start.saturating_sub(CONTEXT);
    let last = (hunk[hunk.len() - 1].lines.end + CONTEXT).min(lines.len());
    let removed: usize = hunk.iter().map(|change| change.lines.len()).sum();
    let new: usize = hunk.iter().map(|change| change.new.split_inclusive('\n').count()).sum();
    let (old_length, new_length) = (last - first, last - first - removed + new);
    let old_range = range(first as isize, old_length);
    let _ = writeln!(out, "@@ -{old_range} +{} @@", range(first as isize + added, new_length));
    let mut at = first;
    for change in hunk {
        print_lines(out, ' ', lines[at..change.lines.start].iter().copied());
        print_lines(out, '-', lines[change.lines.clone()].iter().copied());
        print_lines(out, '+', change.new.split_inclusive('\n'));
        at = change.lines.end;
    }
    print_lines(out, ' ', lines[at..last].iter().copied());
    new as isize - removed as isize
}

fn print_lines<'a>(out: &mut String, mark: char, lines: impl Iterator<Item = &'a str>) {
    for line in lines {
        out.push(mark);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// `3,7`: from line 3, 7 lines. Where there are none, the line before.
fn range(first: isize, length: usize) -> String {
    format!("{},{length}", if length == 0 { first } else { first + 1 })
}

/// A path as git and GNU patch read it: in quotes where it must be, and with a tab behind where a blank would end it.
fn header(side: &str, path: &str) -> String {
    let is_odd = |c: char| c.is_ascii_control() || matches!(c, '"' | '\\');
    if !path.contains(is_odd) {
        return format!("{side}/{path}{}", if path.contains(' ') { "\t" } else { "" });
    }
    let mut quoted = format!("\"{side}/");
    for c in path.chars() {
        let _ = match c {
            '"' | '\\' => write!(quoted, "\\{c}"),
            c if is_odd(c) => write!(quoted, "\\{:03o}", c as u32),
            c => write!(quoted, "{c}"),
        };
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn diff(text: &str, edits: &[(usize, usize, &str)]) -> String {
        let splices: Vec<_> = edits.iter().map(|&(start, end, new)| (Span::new(start, end), new.to_owned())).collect();
        let whole = unified("a.md", text, &splices);
        whole.strip_prefix("--- a/a.md\n+++ b/a.md\n").expect("a head").to_owned()
    }

    #[test]
    fn changes_with_few_lines_between_are_one_hunk() {
        let text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        assert_eq!(
            diff(text, &[(0, 1, "one"), (14, 15, "eight")]),
            "@@ -1,9 +1,9 @@\n-1\n+one\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+eight\n 9\n"
        );
        assert_eq!(
            diff(text, &[(0, 1, "one\nand"), (16, 17, "nine")]),
            "@@ -1,4 +1,5 @@\n-1\n+one\n+and\n 2\n 3\n 4\n@@ -6,4 +7,4 @@\n 6\n 7\n 8\n-9\n+nine\n"
        );
    }

    #[test]
    fn lines_end_as_they_end() {
        assert_eq!(
            diff("a\r\nb\rc", &[(3, 4, "x")]),
            "@@ -1,2 +1,2 @@\n a\r\n-b\rc\n\\ No newline at end of file\n+x\rc\n\\ No newline at end of file\n"
        );
        assert_eq!(diff("a\n", &[(2, 2, "b")]), "@@ -1,1 +1,2 @@\n a\n+b\n\\ No newline at end of file\n");
        assert_eq!(diff("", &[(0, 0, "b\n")]), "@@ -0,0 +1,1 @@\n+b\n");
        assert_eq!(diff("a\nb\nc\n", &[(0, 2, "")]), "@@ -1,3 +1,2 @@\n-a\n-b\n+b\n c\n");
    }

    #[test]
    fn a_name_is_written_so_that_it_is_read_back() {
        assert_eq!(header("a", "灯台.md"), "a/灯台.md");
        assert_eq!(header("b", "the talks.md"), "b/the talks.md\t");
        assert_eq!(header("b", "a \"b\"\t\\.md"), "\"b/a \\\"b\\\"\\011\\\\.md\"");
    }
}
