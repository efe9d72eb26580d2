//! A change of files that someone may ask for: what to write where. Nothing is written here.

use crate::text::Span;
use crate::vault::FileId;

/// Edits, new files and new places, done in this order: edits are of a file as it stands, where it stands. Edits of one
/// file do not overlap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    pub edits: Vec<FileEdit>,
    /// Files to create, by path relative to the root, with their text.
    pub create: Vec<(String, String)>,
    /// Files that get another path, relative to the root. None is there, but those of files that move away too.
    pub moves: Vec<(FileId, String)>,
}

impl Change {
    /// The files that are there and are changed, each once.
    pub fn files(&self) -> Vec<FileId> {
        let moved = self.moves.iter().map(|(file, _)| *file);
        let mut files: Vec<FileId> = self.edits.iter().map(|edit| edit.file).chain(moved).collect();
        files.sort_unstable();
        files.dedup();
        files
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct FileEdit {
    pub file: FileId,
    pub span: Span,
    pub text: String,
}
