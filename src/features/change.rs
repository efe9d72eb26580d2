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

#[derive(Clone, Debug, PartialEq)]
pub struct FileEdit {
    pub file: FileId,
    pub span: Span,
    pub text: String,
}
