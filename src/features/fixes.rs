//! How a finding is mended.

use super::findings::{Finding, Page, findings_with_fixes};
use crate::text::Span;
use crate::vault::{FileId, Snapshot};

/// One way to mend something.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    pub title: String,
    /// The one to apply without asking.
    pub preferred: bool,
    /// The finding it mends.
    pub finding: Finding,
    pub change: Change,
}

/// A change of files. Edits of one file do not overlap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    pub edits: Vec<FileEdit>,
    /// Files to create, by path relative to the root, with their text.
    pub create: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FileEdit {
    pub file: FileId,
    pub span: Span,
    pub text: String,
}

/// The fixes for findings of `note` that touch `span`.
pub fn fixes(snapshot: &Snapshot, note: FileId, span: Span) -> Vec<Fix> {
    findings_with_fixes(snapshot, note, span).into_iter().flat_map(|(_, fixes)| fixes).collect()
}

/// The fix that writes `text` at `span` of the page's note.
pub(super) fn rewrite(page: &Page, finding: &Finding, span: Span, text: String, title: String) -> Fix {
    let edit = FileEdit { file: page.note, span, text };
    let change = Change { edits: vec![edit], ..Change::default() };
    Fix { title, preferred: false, finding: finding.clone(), change }
}
