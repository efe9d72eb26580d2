//! Findings as programs read them: one JSON array, one object a finding. Lines and columns count from 1, columns in bytes
//! of UTF-8; the end is the place behind the last character.

use super::Checked;
use super::text::{level_name, line_and_column};
use serde::Serialize;

#[derive(Debug, PartialEq, Serialize)]
pub struct Entry<'a> {
    /// Relative to the vault.
    pub file: &'a str,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
    pub code: &'static str,
    pub severity: &'static str,
    pub message: &'a str,
}

/// The findings of a note, in order.
pub fn entries(note: &Checked) -> impl Iterator<Item = Entry<'_>> {
    note.findings.iter().map(|finding| {
        let (line, column) = line_and_column(&note.document, finding.span.start as usize);
        let (end_line, end_column) = line_and_column(&note.document, finding.span.end as usize);
        let (severity, message) = (level_name(finding.level), finding.message.as_str());
        Entry { file: &note.path, line, column, end_line, end_column, code: finding.code, severity, message }
    })
}

/// An entry in one line.
pub fn line(entry: &Entry) -> String {
    // What has only texts and numbers is always written.
    serde_json::to_string(entry).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::tests::checked;
    use crate::config::Level;

    #[test]
    fn an_entry_counts_lines_and_bytes_from_one() {
        let note = checked("a/b.md", "x\n灯 [[fog]]", &[("link.broken", Level::Warning, "fog", "No `fog`.")]);
        let lines: Vec<_> = entries(&note).map(|entry| line(&entry)).collect();
        assert_eq!(
            lines,
            [concat!(
                r#"{"file":"a/b.md","line":2,"column":7,"end_line":2,"end_column":10,"#,
                r#""code":"link.broken","severity":"warning","message":"No `fog`."}"#
            )]
        );
    }
}
