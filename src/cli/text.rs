//! Findings as people read them in a terminal. Styled throughout: the stream that prints strips it where nobody sees colours.

use super::Checked;
use super::snippet::{Snippet, snippet, visible};
use super::summary::Summary;
use crate::config::Level;
use crate::features::findings::Finding;
use crate::text::{Point, Span};
use crate::vault::{Document, FileId};
use anstyle::{AnsiColor, Style};
use std::fmt::Write;

pub const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// How many missing names a summary lists.
const NAMES: usize = 20;

/// The findings of a note, each with its line of source. `path_of` gives paths that the reader can open, `width` is how
/// many columns there are.
pub fn findings(note: &Checked, path_of: &dyn Fn(FileId) -> String, width: usize) -> String {
    let path = path_of(note.file);
    let mut out = String::new();
    for finding in &note.findings {
        head(&mut out, &note.document, &path, finding);
        source(&mut out, &note.document, finding, width);
        for (location, why) in &finding.related {
            related(&mut out, &path_of(location.file), location.place.start, why);
        }
        out.push('\n');
    }
    out
}

/// What was found in all: by code, by missing name, by video, and in one line.
pub fn summary(summary: &Summary) -> String {
    let mut out = String::new();
    if summary.findings() > 0 {
        by_code(&mut out, summary);
        by_missing_name(&mut out, summary);
        by_video(&mut out, summary);
    }
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}", total(summary));
    out
}

/// `tides.md:12:5: warning[link.broken]: No note is named ..`
fn head(out: &mut String, document: &Document, path: &str, finding: &Finding) {
    let (line, column) = line_and_column(document, finding.span.start as usize);
    let style = style(finding.level);
    let _ = writeln!(
        out,
        "{BOLD}{}:{line}:{column}{BOLD:#}: {style}{}[{}]{style:#}: {}",
        visible(path),
        level_name(finding.level),
        finding.code,
        visible(&finding.message),
    );
}

/// The line of the finding behind its number, the carets beneath.
fn source(out: &mut String, document: &Document, finding: &Finding, width: usize) {
    let (number, _) = line_and_column(document, finding.span.start as usize);
    let number = number.to_string();
    let (line, start) = line_at(document, finding.span.start as usize);
    let marked = finding.span.start as usize - start..finding.span.end as usize - start;
    let gutter = number.len();
    let Snippet { source, indent, carets } = snippet(line, marked, width.saturating_sub(gutter + 5).max(20));
    let style = style(finding.level);
    let _ = writeln!(out, "{DIM}{number} |{DIM:#} {source}");
    let _ = writeln!(out, "{DIM}{:gutter$} |{DIM:#} {}{style}{}{style:#}", "", " ".repeat(indent), "^".repeat(carets));
}

/// `= tides.md:3:1: first used here`
fn related(out: &mut String, path: &str, start: Point, why: &str) {
    let (line, column) = (start.line + 1, start.utf8 + 1);
    let _ = writeln!(out, "  {DIM}={DIM:#} {}:{line}:{column}: {}", visible(path), visible(why));
}

fn by_code(out: &mut String, summary: &Summary) {
    let _ = writeln!(out, "{BOLD}By code{BOLD:#}");
    for (code, level, count) in summary.codes() {
        let style = style(level);
        let _ = writeln!(out, "{count:>7}  {style}{:<11}{style:#}  {code}", level_name(level));
    }
    out.push('\n');
}

fn by_missing_name(out: &mut String, summary: &Summary) {
    let missing = summary.missing_names();
    if missing.is_empty() {
        return;
    }
    let _ = writeln!(out, "{BOLD}By missing name{BOLD:#}");
    for missing in missing.iter().take(NAMES) {
        let notes = counted(missing.notes, "note");
        let _ = writeln!(out, "{:>7}  {}  {DIM}in {notes}{DIM:#}", missing.links, visible(&missing.name));
    }
    if missing.len() > NAMES {
        let _ = writeln!(out, "{:>7}  {DIM}and {} more{DIM:#}", "", counted(missing.len() - NAMES, "name"));
    }
    out.push('\n');
}

fn by_video(out: &mut String, summary: &Summary) {
    let (videos, more) = summary.videos();
    if videos.is_empty() {
        return;
    }
    let _ = writeln!(out, "{BOLD}By video{BOLD:#}");
    for video in videos {
        let title = video.title.as_deref().map_or_else(String::new, |title| format!("{}  ", visible(title)));
        let counts: Vec<_> = video.counts.iter().map(|(code, count)| format!("{count} {}", kind_of(code))).collect();
        let (id, counts) = (visible(&video.id), counts.join(", "));
        let _ = writeln!(out, "{:>7}  {id}  {title}{DIM}{counts}{DIM:#}", video.findings());
    }
    if more > 0 {
        let _ = writeln!(out, "{:>7}  {DIM}and {} more{DIM:#}", "", counted(more, "video"));
    }
    out.push('\n');
}

/// `mismatch` of `timestamp.mismatch`
fn kind_of(code: &str) -> &str {
    code.split_once('.').map_or(code, |(_, kind)| kind)
}

/// `3 findings in 2 of 12 notes: 1 warning, 2 hints.`
fn total(summary: &Summary) -> String {
    let notes = counted(summary.notes, "note");
    let unread = match summary.unread {
        0 => String::new(),
        unread => format!(" {} could not be read.", counted(unread, "note")),
    };
    if summary.findings() == 0 {
        return format!("No findings in {notes}.{unread}");
    }
    let levels: Vec<_> = summary.levels().map(|(level, count)| counted_level(count, level)).collect();
    let (findings, with) = (counted(summary.findings(), "finding"), summary.notes_with_findings);
    format!("{findings} in {with} of {notes}: {}.{unread}", levels.join(", "))
}

pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// "Information" has no plural.
fn counted_level(count: usize, level: Level) -> String {
    match level {
        Level::Information => format!("{count} information"),
        level => counted(count, level_name(level)),
    }
}

pub fn level_name(level: Level) -> &'static str {
    match level {
        Level::Off => "off",
        Level::Hint => "hint",
        Level::Information => "information",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

fn style(level: Level) -> Style {
    let color = match level {
        Level::Off => return Style::new(),
        Level::Hint => AnsiColor::Cyan,
        Level::Information => AnsiColor::Blue,
        Level::Warning => AnsiColor::Yellow,
        Level::Error => AnsiColor::Red,
    };
    color.on_default().bold()
}

/// Line and column from 1, the column in bytes.
pub fn line_and_column(document: &Document, at: usize) -> (usize, usize) {
    let line = document.text.line_of(at);
    (line + 1, at - document.text.line_start(line) + 1)
}

/// The line that holds byte `at`, without its ending, and where it starts. Copies nothing: a line may be megabytes long.
fn line_at(document: &Document, at: usize) -> (&str, usize) {
    let line = document.text.line_of(at);
    let start = document.text.line_start(line);
    let whole = document.of(Span::new(start, document.text.line_start(line + 1)));
    (whole.trim_end_matches(['\n', '\r']), start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::tests::checked;
    use crate::features::Location;
    use crate::text::Place;

    fn plain(styled: &str) -> String {
        anstream::adapter::strip_str(styled).to_string()
    }

    #[test]
    fn a_finding_says_where_what_and_shows_the_line() {
        let note = checked(
            "talks/moscow.md",
            "# Talks\n\nSee [[chinna | the talks]].\n",
            &[("link.broken", Level::Warning, "chinna", "No note is named `chinna`. Did you mean `china`?")],
        );
        assert_eq!(
            plain(&findings(&note, &|_| "vault/talks/moscow.md".into(), 100)),
            "vault/talks/moscow.md:3:7: warning[link.broken]: No note is named `chinna`. Did you mean `china`?
3 | See [[chinna | the talks]].
  |       ^^^^^^

"
        );
    }

    #[test]
    fn columns_are_bytes_and_carets_stand_under_wide_characters() {
        let note = checked(
            "灯台.md",
            "灯台 🌊 [[潮]]\r\n",
            &[("link.broken", Level::Warning, "潮", "No note is named `潮`.")],
        );
        assert_eq!(
            plain(&findings(&note, &|_| "灯台.md".into(), 100)),
            "灯台.md:1:15: warning[link.broken]: No note is named `潮`.
1 | 灯台 🌊 [[潮]]
  |           ^^

"
        );
    }

    #[test]
    fn places_that_explain_a_finding_follow_it() {
        let mut note = checked("a.md", "one ^x\n", &[("block.duplicate-id", Level::Warning, "x", "Twice.")]);
        let start = Point { line: 2, utf8: 4, utf16: 4, utf32: 4 };
        let location = Location { file: note.file, place: Place { start, end: start } };
        note.findings[0].related.push((location, "first used here".into()));
        let shown = plain(&findings(&note, &|_| "a.md".into(), 100));
        assert!(shown.ends_with("1 | one ^x\n  |      ^\n  = a.md:3:5: first used here\n\n"), "{shown}");
    }

    #[test]
    fn a_finding_over_several_lines_shows_its_first() {
        let note = checked(
            "a.md",
            "---\na: [\n---\n",
            &[("front-matter.invalid", Level::Warning, "a: [\n---", "Not closed.")],
        );
        assert!(plain(&findings(&note, &|_| "a.md".into(), 100)).contains("2 | a: [\n  | ^^^^\n"));
    }

    #[test]
    fn a_summary_groups_by_code_and_by_missing_name() {
        let mut sum = Summary::default();
        sum.add(&checked(
            "a.md",
            "[[keeper]] [[Keeper]] [[Lamp Oil]]",
            &[
                ("link.broken", Level::Warning, "keeper", ""),
                ("link.broken", Level::Warning, "Keeper", ""),
                ("link.inexact", Level::Hint, "Lamp Oil", ""),
            ],
        ));
        sum.add(&checked(
            "b.md",
            "[[keeper]] [[fog]]",
            &[("link.broken", Level::Warning, "keeper", ""), ("link.broken", Level::Warning, "fog", "")],
        ));
        sum.add(&checked("c.md", "", &[]));
        assert_eq!(
            plain(&summary(&sum)),
            "By code
      4  warning      link.broken
      1  hint         link.inexact

By missing name
      3  keeper  in 2 notes
      1  fog  in 1 note

5 findings in 2 of 3 notes: 4 warnings, 1 hint.
"
        );
    }

    #[test]
    fn nothing_found_is_one_line() {
        let mut sum = Summary::default();
        sum.add(&checked("a.md", "", &[]));
        assert_eq!(plain(&summary(&sum)), "No findings in 1 note.\n");
    }

    #[test]
    fn the_names_listed_are_few_and_the_rest_is_counted() {
        let text: String = (0..25).map(|i| format!("[[n{i:02}]]")).collect();
        let names: Vec<String> = (0..25).map(|i| format!("n{i:02}")).collect();
        let broken: Vec<_> = names.iter().map(|name| ("link.broken", Level::Warning, name.as_str(), "")).collect();
        let mut sum = Summary::default();
        sum.add(&checked("a.md", &text, &broken));
        assert!(plain(&summary(&sum)).contains("      1  n19  in 1 note\n         and 5 names more\n"));
    }
}
