//! A language server for vaults of Markdown notes.
//!
//! A note is scanned into an outline (items with byte spans) and a set of facts (what it is called, what it mentions, its
//! headings, blocks, tags, moments of a video). The index is the inverse: fact -> notes that state it. One writer turns
//! every change into the difference of two fact sets and publishes a new immutable snapshot; every question is a pure
//! function of a snapshot; the language server, the command line and the tests are three clients of those functions.
//!
//! | room | knows |
//! |---|---|
//! | [`text`] | what an offset is: ropes, spans, positions in every encoding |
//! | [`syntax`] | what one note says, and no other note |
//! | [`vault`] | what the notes say together; the one door to files and for change |
//! | [`features`] | what a reader may ask, one file a question |
//! | [`server`] | the protocol, and nothing else does |
//! | [`cli`] | words and exit codes |
//! | [`config`] | settings, as plain values |
//! | [`cores`] | how work is shared out, and not what it is |
//!
//! `text <- syntax <- vault <- features <- {server, cli}`: nothing imports upwards, and `tests/tidy.rs` keeps it so.
//!
//! Absent on purpose: a cache on disk (nothing can be stale), an incremental parser (a whole note is scanned at each
//! change), resolved links in the index (it holds what was written, so a new note invalidates nothing), the network.

pub mod cli;
pub mod config;
pub mod cores;
pub mod features;
pub mod server;
pub mod syntax;
pub mod text;
pub mod vault;
