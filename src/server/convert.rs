//! Plain answers into the types of the protocol, and its positions into ours. Knows no vault.

use crate::config::Level;
use crate::features::completion::ItemKind;
use crate::features::symbols::VaultSymbolKind;
use crate::text::{Edit, Encoding, Measure, Place, Position, Span};
use crate::vault::Document;
use tower_lsp::ls_types::{
    self as lsp, CompletionItemKind, DiagnosticSeverity, SymbolKind, TextDocumentContentChangeEvent,
};

/// Turns bytes of one text into positions; best in order of place.
pub struct Ruler<'a> {
    measure: Measure<'a>,
    encoding: Encoding,
}

impl<'a> Ruler<'a> {
    pub fn new(document: &'a Document, encoding: Encoding) -> Ruler<'a> {
        Ruler { measure: Measure::with_lines(&document.lines, &document.source), encoding }
    }

    pub fn range(&mut self, span: Span) -> lsp::Range {
        range(self.measure.place(span), self.encoding)
    }
}

pub fn range(place: Place, encoding: Encoding) -> lsp::Range {
    let position = |point: crate::text::Point| {
        let Position { line, column } = point.position(encoding);
        lsp::Position { line, character: column }
    };
    lsp::Range { start: position(place.start), end: position(place.end) }
}

pub fn position(position: lsp::Position) -> Position {
    Position { line: position.line, column: position.character }
}

pub fn edit(change: TextDocumentContentChangeEvent) -> Edit {
    let range = change.range.map(|range| (position(range.start), position(range.end)));
    Edit { range, text: change.text }
}

/// Whether every position of `inner` lies in `outer`.
pub fn encloses(outer: lsp::Range, inner: lsp::Range) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// `None`: not shown at all.
pub fn severity(level: Level) -> Option<DiagnosticSeverity> {
    match level {
        Level::Off => None,
        Level::Hint => Some(DiagnosticSeverity::HINT),
        Level::Information => Some(DiagnosticSeverity::INFORMATION),
        Level::Warning => Some(DiagnosticSeverity::WARNING),
        Level::Error => Some(DiagnosticSeverity::ERROR),
    }
}

pub fn item_kind(kind: ItemKind) -> CompletionItemKind {
    match kind {
        ItemKind::Note => CompletionItemKind::FILE,
        ItemKind::Attachment => CompletionItemKind::MODULE,
        ItemKind::Heading | ItemKind::Block | ItemKind::Footnote | ItemKind::Definition => {
            CompletionItemKind::REFERENCE
        }
        ItemKind::Tag => CompletionItemKind::KEYWORD,
        ItemKind::Missing | ItemKind::Label => CompletionItemKind::TEXT,
    }
}

pub fn symbol_kind(kind: VaultSymbolKind) -> SymbolKind {
    match kind {
        VaultSymbolKind::Note | VaultSymbolKind::Alias => SymbolKind::FILE,
        VaultSymbolKind::Heading => SymbolKind::STRING,
        VaultSymbolKind::Tag => SymbolKind::CONSTANT,
        VaultSymbolKind::Moment => SymbolKind::EVENT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    fn document(source: &str) -> Document {
        Document::unscanned(1, Text::new(source))
    }

    #[test]
    fn a_ruler_agrees_with_the_text_in_any_order() {
        let document = document("é🦀[[a]] 日[[b]]\r\n\r\n🦀\n[[c]]");
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            let mut ruler = Ruler::new(&document, encoding);
            let bytes = || document.source.char_indices().map(|(at, _)| at).chain([document.source.len()]);
            let forwards = bytes().flat_map(|a| bytes().filter(move |b| a <= *b).map(move |b| Span::new(a, b)));
            let spans: Vec<Span> = forwards.collect();
            for span in spans.iter().chain(spans.iter().rev()) {
                assert_eq!(ruler.range(*span), range(document.place(*span), encoding), "{span:?} {encoding:?}");
            }
        }
    }

    #[test]
    fn a_long_line_of_spans_is_measured_in_one_pass() {
        let count = 200_000;
        let document = document(&"é[[a]]".repeat(count));
        let mut ruler = Ruler::new(&document, Encoding::Utf16);
        let mut last = lsp::Range::default();
        for link in 0..count {
            last = ruler.range(Span::new(link * 7 + 2, link * 7 + 7));
        }
        assert_eq!(last.end.character, count as u32 * 6);
    }
}
