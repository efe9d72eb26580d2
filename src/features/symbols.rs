//! Names to jump to.

use super::Location;
use crate::text::Span;
use crate::vault::{FileId, Snapshot};

/// A heading with what stands beneath it.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    pub name: String,
    /// 1 to 6.
    pub level: u8,
    /// The section.
    pub span: Span,
    /// The heading's text.
    pub selection: Span,
    pub children: Vec<Symbol>,
}

/// The headings of a note, nested by level, and nothing else.
pub fn document_symbols(snapshot: &Snapshot, note: FileId) -> Vec<Symbol> {
    let _ = (snapshot, note);
    Vec::new()
}

#[derive(Clone, Debug, PartialEq)]
pub struct VaultSymbol {
    pub name: String,
    pub kind: VaultSymbolKind,
    /// The note's path, for a heading the note's name.
    pub container: String,
    pub location: Location,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VaultSymbolKind {
    Note,
    Alias,
    Heading,
    Tag,
}

/// Notes, headings, tags and aliases that match, fuzzily, best first, at most 200.
pub fn vault_symbols(snapshot: &Snapshot, query: &str) -> Vec<VaultSymbol> {
    let _ = (snapshot, query);
    Vec::new()
}
