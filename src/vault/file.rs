//! A file of the vault: its path, and what is remembered of it.

use super::facts::Facts;
use crate::syntax::name;

/// A note or an attachment. Valid for the life of the vault, in every snapshot; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub(crate) u32);

impl FileId {
    /// Where what is known of it stands in a list of all files.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a snapshot knows of a file. No text.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// Relative to the root, parts joined by `/`.
    pub path: Box<str>,
    pub kind: FileKind,
    /// Named by Obsidian's `userIgnoreFilters`: a target still, but ranked last and without findings.
    pub set_aside: bool,
    /// What was seen on disk; `None` for a note that only an editor holds.
    pub stamp: Option<Stamp>,
    pub facts: Facts,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Note,
    /// Found by name, never read.
    Attachment,
}

/// A file before anything is known of it but its path, as in [`File::path`].
pub type Listed = (String, FileKind);

/// How a file looked on disk when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: u64,
    /// Of the text; 0 when it was not read.
    pub hash: u64,
}

impl File {
    /// `moscow.md`
    pub fn name(&self) -> &str {
        file_name(&self.path)
    }

    /// `moscow`; for an attachment the whole name.
    pub fn stem(&self) -> &str {
        name::note_stem(self.name()).unwrap_or(self.name())
    }

    pub fn folder(&self) -> &str {
        folder(&self.path)
    }

    pub fn is_note(&self) -> bool {
        self.kind == FileKind::Note
    }
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// All parts of a path but the last; empty at the root.
pub fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}
