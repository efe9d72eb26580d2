//! What a check found, on its way to paper: plain values between the command and the printers.

use crate::features::findings::Finding;
use crate::vault::{Document, FileId};
use clap::ValueEnum;
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: each finding with its line, then a summary
    Text,
    /// For programs: an array of objects with file, line, column, end_line, end_column, code, severity, message
    Json,
}

/// A note with what is wrong in it.
pub struct Checked {
    pub file: FileId,
    /// Relative to the vault's root.
    pub path: String,
    pub document: Arc<Document>,
    pub findings: Vec<Finding>,
}
