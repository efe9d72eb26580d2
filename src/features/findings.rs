//! What is wrong in a note.

use super::Location;
use crate::config::Level;
use crate::text::Span;
use crate::vault::{Document, FileId, Snapshot};

/// One thing to mend.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// `link.broken`
    pub code: &'static str,
    /// Never [`Level::Off`].
    pub level: Level,
    /// Exactly the wrong part.
    pub span: Span,
    /// A sentence for the writer of the note.
    pub message: String,
    /// Other places that explain it, each with a few words.
    pub related: Vec<(Location, String)>,
    /// Not wrong, only of no use: shown faded.
    pub unnecessary: bool,
}

/// A kind of finding.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    pub code: &'static str,
    pub level: Level,
    /// One sentence: what it means.
    pub doc: &'static str,
}

/// Every kind there is.
pub const CHECKS: &[Check] = &[];

/// The findings of a note in order of place. `document` must be the snapshot's document of `note`.
pub fn findings(snapshot: &Snapshot, note: FileId, document: &Document) -> Vec<Finding> {
    let _ = (snapshot, note, document);
    Vec::new()
}
