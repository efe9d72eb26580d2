//! What stands behind the thing under the cursor.

use crate::text::Span;
use crate::vault::{FileId, Snapshot};

/// A card: Markdown, and the thing it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub span: Span,
    pub markdown: String,
}

pub fn hover(snapshot: &Snapshot, note: FileId, at: usize) -> Option<Card> {
    let _ = (snapshot, note, at);
    None
}
