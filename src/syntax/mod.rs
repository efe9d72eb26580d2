//! What one note says. Knows one text; never another note, a path or a protocol.
//!
//! [`scan`] reads a text into an [`Outline`]. LANGUAGE of a note, in one example: `[[china#Trade deals | the talks]]`
//! has the name `china`, the anchor `Trade deals` and the label `the talks`.

mod byte_set;
mod doubts;
pub mod front_matter;
pub mod media;
pub mod name;
pub mod outline;
mod scan;
pub mod time;
pub mod transcript;
pub mod wikilink;

pub use doubts::is_doubtful;
pub use outline::*;
pub use scan::{List, ListItem, Scanner, is_certain, list_at, scan, scan_by_reference};
