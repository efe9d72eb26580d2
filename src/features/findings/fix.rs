//! How a finding is mended.

use super::Finding;
use super::page::Page;
use crate::features::change::{Change, FileEdit};
use crate::text::Span;

/// One way to mend something.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    pub title: String,
    /// The one to offer first.
    pub preferred: bool,
    /// May be applied without asking: there is one thing that the writer can have meant, and it says that.
    pub automatic: bool,
    /// The finding it mends.
    pub finding: Finding,
    pub change: Change,
}

impl Fix {
    /// The one that is applied without asking.
    pub(super) fn automatic(self) -> Fix {
        Fix { preferred: true, automatic: true, ..self }
    }
}

/// The fix that writes `text` at `span` of the page's note.
pub(super) fn rewrite(page: &Page, finding: &Finding, span: Span, text: String, title: String) -> Fix {
    let edit = FileEdit { file: page.note, span, text };
    let change = Change { edits: vec![edit], ..Change::default() };
    Fix { title, preferred: false, automatic: false, finding: finding.clone(), change }
}
