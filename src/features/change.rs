//! A change of files that someone may ask for: what to write where. Nothing is written here.

use crate::text::{Place, Span};
use crate::vault::{Document, FileId};
use rustc_hash::FxHashMap;

/// Edits, new files and new places, done in this order: edits are of a file as it stands, where it stands. Edits of one
/// file do not overlap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    pub edits: Vec<FileEdit>,
    pub places: Places,
    /// Files to create, by path relative to the root, with their text.
    pub create: Vec<(String, String)>,
    /// Files that get another path, relative to the root. None is there, but those of files that move away too.
    pub moves: Vec<(FileId, String)>,
    /// What is said of the edits where a reader looks at them before they are done.
    pub remark: Option<Remark>,
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

/// Where all edits of some files stand, from the first to the last: nobody needs to read these files to tell.
pub type Places = FxHashMap<FileId, Vec<Place>>;

#[derive(Clone, Debug, PartialEq)]
pub struct FileEdit {
    pub file: FileId,
    pub span: Span,
    pub text: String,
}

/// Words about the edits of a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Remark {
    pub label: String,
    /// Each edit is to be looked at, and may be left out: the change is right without it.
    pub optional: bool,
}

impl Change {
    pub fn of(edits: Vec<FileEdit>) -> Change {
        Change { edits, ..Change::default() }
    }

    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.create.is_empty() && self.moves.is_empty()
    }
}

/// What a note would say after edits of it, which do not overlap.
pub fn edited(document: &Document, edits: &[FileEdit]) -> Document {
    let mut edits: Vec<&FileEdit> = edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    let mut text = document.text.clone();
    for edit in edits {
        text.replace(edit.span, &edit.text);
    }
    Document::new(document.version, text)
}
