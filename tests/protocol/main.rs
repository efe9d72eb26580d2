//! The real server over pipes: what it takes, in which order things are done, and how it ends.

mod actions;
mod addresses;
mod backlinks;
mod decorations;
mod findings;
mod lifecycle;
mod malformed;
mod ordering;
mod questions;
mod rename;
#[path = "../support/mod.rs"]
mod support;
mod timeline;
mod vaults;
