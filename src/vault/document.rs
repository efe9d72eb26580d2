//! One text with what it says.

use crate::syntax::{self, Outline};
use crate::text::{Place, Span, Text};
use std::sync::Arc;

/// A text, its lines and its outline: all of the same moment.
#[derive(Clone, Debug)]
pub struct Document {
    /// The editor's version; 0 for a text read from disk.
    pub version: i32,
    pub text: Text,
    /// The same text in one piece.
    pub source: Arc<str>,
    pub outline: Outline,
}

impl Document {
    pub fn new(version: i32, text: Text) -> Document {
        let source: Arc<str> = text.to_string().into();
        Document { version, outline: syntax::scan(&source), text, source }
    }

    /// The text of a span of the outline.
    pub fn of(&self, span: Span) -> &str {
        span.of(&self.source)
    }

    pub fn place(&self, span: Span) -> Place {
        self.text.place(span)
    }
}
