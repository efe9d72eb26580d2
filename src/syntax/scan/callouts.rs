//! Callouts: `> [!note] title`. Knows quotes and how their text begins.

use super::source::trimmed;
use super::structure::{BlockKind, Structure};
use crate::syntax::Callout;
use crate::text::Span;

pub fn find(text: &str, structure: &Structure) -> Vec<Callout> {
    let quotes = structure.blocks.iter().enumerate().filter(|(_, block)| block.kind == BlockKind::Quote);
    let callouts = quotes.filter_map(|(i, quote)| {
        let first = structure.blocks.get(i + 1).filter(|first| first.parent == Some(i))?;
        let line = structure.lines[first.lines.clone()].first()?;
        callout(text, quote.span, line.span)
    });
    callouts.collect()
}

/// A quote whose first line is `line`.
pub fn callout(text: &str, span: Span, line: Span) -> Option<Callout> {
    let inner = line.of(text).strip_prefix("[!")?;
    let close = inner.find(']').filter(|&close| close > 0)?;
    let start = line.start as usize + 2;
    let behind = inner[close + 1..].strip_prefix(['+', '-']).unwrap_or(&inner[close + 1..]);
    let title = trimmed(text, Span::new(line.end as usize - behind.len(), line.end as usize));
    Some(Callout { span, kind: Span::new(start, start + close), title })
}
