//! The vault as it would be: a snapshot in which some files stand elsewhere, or say something else. Touches no disk.

use super::document::Document;
use super::file::{FileId, FileKind};
use super::snapshot::Snapshot;
use super::writer::Writer;
use crate::syntax::name;
use std::sync::Arc;

/// A change of a vault that is only thought of.
#[derive(Clone, Debug, Default)]
pub struct Supposed {
    /// Files, and the paths that they would have, relative to the root.
    pub moved: Vec<(FileId, String)>,
    /// Notes, and what they would say.
    pub texts: Vec<(FileId, Arc<Document>)>,
    /// Paths of files that would come, empty.
    pub added: Vec<String>,
    /// Files that would go.
    pub removed: Vec<FileId>,
}

impl Snapshot {
    /// This snapshot after a change. Files keep their ids, and added ones take the next. Costs what the changed files
    /// say. The text of a moved note that is not open cannot be asked of it: the disk has it where it was.
    pub fn supposing(&self, supposed: &Supposed) -> Snapshot {
        let mut writer = Writer::new(self.clone());
        writer.relocate(&supposed.moved);
        for path in &supposed.added {
            writer.add(path, kind(path));
        }
        for &file in &supposed.removed {
            writer.set(file, None);
        }
        for (note, document) in &supposed.texts {
            writer.take_in(*note, document);
            Arc::make_mut(&mut writer.next.open).insert(*note, document.clone());
        }
        writer.next
    }
}

/// What a file of this path would be read as.
pub fn kind(path: &str) -> FileKind {
    let is_note = name::note_stem(super::file::file_name(path)).is_some();
    if is_note { FileKind::Note } else { FileKind::Attachment }
}
