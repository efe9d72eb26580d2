//! What can be opened from a note.

use crate::text::Span;
use crate::vault::{FileId, Snapshot};

/// A part of a note that opens something.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentLink {
    pub span: Span,
    pub to: Opens,
    pub tooltip: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Opens {
    File(FileId),
    /// A web address.
    Address(String),
}

pub fn document_links(snapshot: &Snapshot, note: FileId) -> Vec<DocumentLink> {
    let _ = (snapshot, note);
    Vec::new()
}
