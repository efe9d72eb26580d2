//! What the notes say together. Knows texts, paths and settings; no protocol.

pub mod disk;
mod document;
mod snapshot;
mod vault;

pub use document::Document;
pub use snapshot::{FileId, Snapshot};
pub use vault::{Progress, Vault};
