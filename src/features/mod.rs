//! What a reader may ask of a vault: one file a question, each a pure function of a snapshot with a plain answer.
//!
//! Knows no protocol. `at` is always a byte of the asking note's text, as the snapshot holds it.

pub mod completion;
pub mod definition;
pub mod findings;
pub mod fixes;
pub mod hover;
pub mod links;
pub mod references;
pub mod symbols;

use crate::text::Place;
use crate::vault::FileId;

/// A place in a file of the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    pub file: FileId,
    pub place: Place,
}
