//! What a reader may ask of a vault: one file a question, each a pure function of a snapshot with a plain answer.
//!
//! Knows no protocol. `at` is always a byte of the asking note's text, as the snapshot holds it.

pub mod actions;
pub mod backlinks;
pub mod change;
mod claims;
pub mod completion;
pub mod cursor;
pub mod definition;
pub mod export;
pub mod findings;
mod fuzzy;
pub mod hints;
pub mod hover;
pub mod lenses;
pub mod linked;
pub mod links;
mod missing;
pub mod moments;
mod new_note;
pub mod prose;
pub mod references;
mod relink;
pub mod rename;
mod shifted;
pub mod stats;
pub mod symbols;
pub mod timeline;
pub mod timestamps;
pub mod tokens;
pub mod video;

use crate::syntax::Target;
use crate::text::Place;
use crate::vault::{Dialect, FileId};

/// A place in a file of the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    pub file: FileId,
    pub place: Place,
}

/// How a target is looked up, its name, and its anchor; `None` for an address elsewhere.
pub fn parts(target: &Target) -> Option<(Dialect, &str, Option<&str>)> {
    match target {
        Target::Name { name, anchor } => Some((Dialect::Name, name, anchor.as_deref())),
        Target::Path { path, anchor } => Some((Dialect::Path, path, anchor.as_deref())),
        Target::External(_) => None,
    }
}
