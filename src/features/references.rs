//! Where a thing is mentioned.

use super::Location;
use crate::vault::{FileId, Snapshot};

/// All mentions of the thing under the cursor, by path, then by place; the declaration first if asked for.
pub fn references(snapshot: &Snapshot, note: FileId, at: usize, declaration: bool) -> Vec<Location> {
    let _ = (snapshot, note, at, declaration);
    Vec::new()
}
