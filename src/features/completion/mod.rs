//! What may be written at the cursor.
//!
//! [`SOURCES`] is the one list: each source knows one kind of place (`[[`, `](`, `#`, ..), and the first that is at home at
//! the cursor answers alone.

mod definitions;
mod footnotes;
mod habits;
mod line;
mod notes;
mod offers;
mod parts;
mod paths;
mod tags;

use super::hover;
use crate::text::Span;
use crate::vault::{Dialect, Document, FileId, Snapshot};
pub use habits::Habits;
use line::Line;

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
    /// Heading text or `^id`.
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
}

/// How many items are shown at most.
const MOST: usize = 100;

/// The places where something can be completed, the most particular first.
const SOURCES: &[fn(&Writing) -> Option<Completions>] = &[
    parts::labels,
    parts::blocks,
    parts::headings,
    notes::notes,
    paths::fragments,
    paths::paths,
    footnotes::footnotes,
    definitions::definitions,
    tags::tags,
];

/// Where the cursor is, and what surrounds it.
struct Writing<'a> {
    snapshot: &'a Snapshot,
    note: FileId,
    document: &'a Document,
    /// The cursor, in bytes of the text.
    at: usize,
    line: Line<'a>,
}

impl<'a> Writing<'a> {
    /// The folder of the note.
    fn folder(&self) -> &'a str {
        self.snapshot.get(self.note).map_or("", |file| file.folder())
    }

    /// The span of `before` bytes in front of the cursor and `behind` bytes after it.
    fn around(&self, before: usize, behind: usize) -> (Span, Span) {
        (Span::new(self.at - before, self.at + behind), Span::new(self.at - before, self.at))
    }
}

/// What may be written at byte `at` of a note.
pub fn completion(snapshot: &Snapshot, note: FileId, at: usize) -> Completions {
    let Some(document) = snapshot.document(note) else { return Completions::default() };
    let at = document.text.floor(at);
    if document.outline.is_verbatim(at) {
        return Completions::default();
    }
    let writing = Writing { snapshot, note, document: &document, at, line: Line::at(&document, at) };
    SOURCES.iter().find_map(|source| source(&writing)).unwrap_or_default()
}

/// The documentation of an item, as Markdown.
pub fn documentation(snapshot: &Snapshot, subject: &Subject) -> Option<String> {
    let anchor = subject.anchor.as_deref().map(|anchor| (Dialect::Name, anchor));
    hover::preview(snapshot, snapshot.file(&subject.path)?, anchor)
}

/// A filter text for an item found by `matched`, where `typed` stands in front of the cursor.
fn filter(typed: &str, matched: &str) -> String {
    if matched.starts_with(typed) { matched.to_owned() } else { format!("{typed} {matched}") }
}
