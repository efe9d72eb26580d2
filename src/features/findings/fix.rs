//! How a finding is mended.

use super::Finding;
use super::page::Page;
use crate::features::change::{Change, FileEdit};
use crate::text::Span;

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

/// The fix that writes `text` at `span` of the page's note.
pub(super) fn rewrite(page: &Page, finding: &Finding, span: Span, text: String, title: String) -> Fix {
    let edit = FileEdit { file: page.note, span, text };
    let change = Change { edits: vec![edit], ..Change::default() };
    Fix { title, preferred: false, finding: finding.clone(), change }
}
