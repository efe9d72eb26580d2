//! The parts of a note that anchors mean, as they are now and as they will be. Knows one text.

use super::link::heading_anchors;
use super::transplant::piece;
use crate::text::{Span, Splice, Text};
use crate::vault::{Anchored, Dialect, Document, Facts, Names, find_anchor};

/// What an anchor means, whatever stands before it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// By its order.
    Heading(usize),
    /// By its id, in small letters.
    Block(String),
    /// By its id.
    Element(String),
}

/// A text with what can be asked of its parts.
pub struct Reading {
    pub document: Document,
    facts: Facts,
}

impl Reading {
    pub fn new(source: &str) -> Reading {
        Reading::of(Document::new(0, Text::new(source)))
    }

    pub fn of(document: Document) -> Reading {
        let facts = document.facts(&mut Names::default());
        Reading { document, facts }
    }

    /// The text with edits of it done; `None` where they overlap.
    pub fn edited(document: &Document, edits: &[Splice]) -> Option<Reading> {
        let whole = Span::new(0, document.source.len());
        piece(document, whole, edits).map(|text| Reading::new(&text))
    }

    /// `None` where it means nothing, the top, or what is not for us to say.
    pub fn part(&self, dialect: Dialect, anchor: &str) -> Option<Part> {
        match find_anchor(&self.facts, dialect, anchor)? {
            Anchored::Heading { index, .. } => Some(Part::Heading(index)),
            Anchored::Block(place) => {
                let id = self.document.of(self.document.span(place)).trim_start_matches('^');
                Some(Part::Block(id.to_ascii_lowercase()))
            }
            Anchored::Element(place) => {
                let span = self.document.span(place);
                let element = self.document.outline.elements.iter().find(|element| element.span == span)?;
                Some(Part::Element(self.document.of(element.id).to_owned()))
            }
            Anchored::Top | Anchored::Line(_) | Anchored::Unchecked => None,
        }
    }

    /// An anchor that means a part: as it is written where that is right, else the best there is.
    pub fn anchor(&self, dialect: Dialect, written: &str, part: &Part) -> Option<String> {
        let headings = match part {
            Part::Heading(index) => heading_anchors(&self.facts, *index, dialect),
            Part::Block(_) | Part::Element(_) => Vec::new(),
        };
        let mut said = std::iter::once(written.to_owned()).chain(headings);
        said.find(|anchor| self.part(dialect, anchor).as_ref() == Some(part))
    }

    pub fn heading_texts(&self) -> Vec<&str> {
        self.document.outline.headings.iter().map(|heading| &*heading.text).collect()
    }

    pub fn block_ids(&self) -> Vec<&str> {
        self.document.outline.blocks.iter().map(|block| self.document.of(block.id)).collect()
    }
}
