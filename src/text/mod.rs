//! What an offset is: spans of bytes, positions of editors, and the text that turns one into the other.
//!
//! Knows nothing of Markdown, of notes or of a protocol.

mod measure;
mod position;
mod rope;
mod span;
mod splices;

pub use measure::{LineStarts, Measure};
pub use position::{Encoding, Place, Point, Position};
pub use rope::{Edit, Text};
pub use span::Span;
pub use splices::{Splice, composed, spliced};
