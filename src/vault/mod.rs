//! What the notes say together. Knows texts, paths and settings; no protocol.

mod anchor;
mod changes;
pub mod disk;
mod document;
mod door;
pub mod facts;
mod file;
mod heap;
mod index;
mod load;
mod names;
pub mod naming;
pub mod nearest;
mod obsidian;
mod paranoia;
mod postings;
pub mod resolve;
pub mod roots;
mod snapshot;
mod touched;
pub mod transcripts;
mod walk;
mod watch;
mod writer;

pub use anchor::{Anchored, Slugger};
pub use document::Document;
pub use door::{MAX_FILES_UNASKED, Notice, Progress, Vault};
pub use facts::{Dialect, Fact, Facts, Labelled, Mention};
pub use file::{File, FileId, FileKind, folder};
pub use index::last_name;
pub use names::{Key, Names};
pub use resolve::{Found, Resolved};
pub use snapshot::Snapshot;
pub use touched::{Touched, touched};
