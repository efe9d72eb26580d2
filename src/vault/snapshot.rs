//! The vault at one moment: immutable, consistent, cheap to hold.

use super::Document;
use crate::config::Config;
use std::path::Path;
use std::sync::Arc;

/// A note or an attachment of a vault. Valid for the life of the vault, in every snapshot; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub(crate) u32);

pub struct Snapshot {}

impl Snapshot {
    /// Grows with every change.
    pub fn revision(&self) -> u64 {
        todo!()
    }
    /// Whether all files have been read.
    pub fn is_loaded(&self) -> bool {
        todo!()
    }
    pub fn root(&self) -> &Path {
        todo!()
    }
    pub fn config(&self) -> &Config {
        todo!()
    }
    /// The file of exactly this path, relative to the root, parts joined by `/`.
    pub fn file(&self, path: &str) -> Option<FileId> {
        todo!("{path}")
    }
    /// The path of a file, relative to the root.
    pub fn path(&self, file: FileId) -> &str {
        todo!("{file:?}")
    }
    /// All notes, in the order of their ids.
    pub fn notes(&self) -> impl Iterator<Item = FileId> + '_ {
        std::iter::empty()
    }
    /// The document of an open note.
    pub fn open_document(&self, file: FileId) -> Option<&Arc<Document>> {
        todo!("{file:?}")
    }
    /// The document of a note: the editor's, else read from disk now. `None` if it cannot be read.
    pub fn document(&self, file: FileId) -> Option<Arc<Document>> {
        todo!("{file:?}")
    }
}
