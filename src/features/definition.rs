//! Where a thing is defined.

use super::Location;
use crate::text::{Place, Span};
use crate::vault::{FileId, Snapshot};

/// Where the thing under a cursor leads.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The thing itself, in the asking note.
    pub origin: Span,
    pub targets: Vec<Target>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// What to show: a heading, a block, the note's title line; the file's start where it has none.
    pub location: Location,
    /// What it opens: the section, the block, the note.
    pub whole: Place,
}

/// `None` where there is nothing to follow.
pub fn definition(snapshot: &Snapshot, note: FileId, at: usize) -> Option<Definition> {
    let _ = (snapshot, note, at);
    None
}
