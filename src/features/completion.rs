//! What may be written at the cursor.

use crate::text::Span;
use crate::vault::{FileId, Snapshot};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Completions {
    /// Best first, at most 100.
    pub items: Vec<Item>,
    /// There are more: ask again after the next character.
    pub incomplete: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub label: String,
    /// Greyed text behind the label: the path, the number of uses.
    pub detail: Option<String>,
    pub kind: ItemKind,
    /// Begins with exactly what `replace` holds up to the cursor, as VS Code demands.
    pub filter: String,
    /// What is written instead of `replace`.
    pub text: String,
    /// From the text's start to the end of what stands behind the cursor and is replaced.
    pub replace: Span,
    /// The part of `replace` that ends at the cursor: what is replaced by editors that insert.
    pub insert: Span,
    /// What [`documentation`] is asked about.
    pub subject: Option<Subject>,
}

/// Names things by path, so that it outlives a snapshot.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Subject {
    pub path: String,
    /// Folded heading text or `^id`.
    pub anchor: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    Note,
    /// Linked, but not yet written.
    Missing,
    Attachment,
    Heading,
    Block,
    Tag,
    Footnote,
    Definition,
    Label,
    Folder,
}

pub fn completion(snapshot: &Snapshot, note: FileId, at: usize) -> Completions {
    let _ = (snapshot, note, at);
    Completions::default()
}

/// The documentation of an item, as Markdown.
pub fn documentation(snapshot: &Snapshot, subject: &Subject) -> Option<String> {
    let _ = (snapshot, subject);
    None
}
