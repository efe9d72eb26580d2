//! One text with what it says.

use super::disk::MAX_NOTE;
use super::facts::{Fact, Facts, Packed};
use super::names::Intern;
use crate::syntax::{self, Outline, Scanner};
use crate::text::{Encoding, LineStarts, Place, Point, Position, Span, Text};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// A text, its lines and its outline: all of the same moment.
#[derive(Clone, Debug)]
pub struct Document {
    /// The editor's version; 0 for a text read from disk.
    pub version: i32,
    pub text: Text,
    /// The same text in one piece.
    pub source: Arc<str>,
    /// Where its lines begin.
    pub lines: LineStarts,
    pub outline: Outline,
    /// Read from bytes that were no UTF-8: what is written back would not be what was there.
    pub lossy: bool,
}

impl Document {
    /// Scans `text`; above [`MAX_NOTE`] the outline is empty.
    pub fn new(version: i32, text: Text) -> Document {
        let unscanned = Document::unscanned(version, text);
        Document { outline: outline_of(&unscanned.source), ..unscanned }
    }

    /// With an empty outline.
    pub fn unscanned(version: i32, text: Text) -> Document {
        let source: Arc<str> = String::from(&text).into();
        let lines = LineStarts::of(&source);
        Document { version, text, source, lines, outline: Outline::default(), lossy: false }
    }

    /// What is remembered of it when it is closed.
    pub fn facts(&self, names: &mut impl Intern) -> Facts {
        Facts::of(&self.outline, &self.source, names)
    }

    /// The text of a span of the outline.
    pub fn of(&self, span: Span) -> &str {
        span.of(&self.source)
    }

    /// How its lines end, as the first does.
    pub fn line_ending(&self) -> &'static str {
        match self.source.find(['\n', '\r']).map(|at| &self.source[at..]) {
            Some(rest) if rest.starts_with("\r\n") => "\r\n",
            Some(rest) if rest.starts_with('\r') => "\r",
            _ => "\n",
        }
    }

    pub fn place(&self, span: Span) -> Place {
        self.text.place(span)
    }

    /// The byte at a point; past the end means the end.
    pub fn byte(&self, point: Point) -> usize {
        self.text.byte(Position { line: point.line, column: point.utf8 }, Encoding::Utf8)
    }

    pub fn span(&self, place: Place) -> Span {
        let start = self.byte(place.start);
        Span::new(start, self.byte(place.end).max(start))
    }
}

/// Packs what is remembered of a text that nobody keeps, and shows each fact but the headings to `each`.
pub fn pack_facts<N: Intern>(
    source: &str,
    scanner: &mut Scanner,
    names: &mut N,
    packed: &mut Packed,
    each: impl FnMut(&Fact, &mut N),
) {
    if source.len() as u64 > MAX_NOTE {
        return;
    }
    if catch_unwind(AssertUnwindSafe(|| _ = scanner.scan(source))).is_err() {
        tell_of_fault(source);
        *scanner = Scanner::default();
    }
    Facts::pack(&scanner.outline, source, names, packed, each);
}

/// What is remembered of one text that nobody keeps.
pub fn facts_of(source: &str, names: &mut impl Intern) -> Facts {
    Facts::of(&outline_of(source), source, names)
}

/// A fault of the scanner costs one note its outline, and nothing else.
fn outline_of(source: &str) -> Outline {
    if source.len() as u64 > MAX_NOTE {
        return Outline::default();
    }
    catch_unwind(|| syntax::scan(source)).unwrap_or_else(|_| {
        tell_of_fault(source);
        Outline::default()
    })
}

fn tell_of_fault(source: &str) {
    tracing::error!("the scanner failed on a text of {} bytes that begins {:.60?}", source.len(), source);
}
