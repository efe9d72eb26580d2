//! One function a request: parameters in, the question asked of `features`, the answer in the types of the protocol.
//!
//! Pure functions of a [`View`](super::view::View), but for what the client was told of findings.

pub mod actions;
pub mod backlinks;
pub mod completion;
pub mod decorations;
pub mod findings;
pub mod navigation;
pub mod rename;
pub mod timeline;
pub mod times;
