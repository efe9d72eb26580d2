//! Footnotes: references, defined or not, and definitions. Knows labels; not which reference belongs to which definition.

use super::cover::Cover;
use super::definitions;
use super::source::escaped;
use super::structure::{Block, BlockKind, Structure};
use crate::syntax::Footnote;
use crate::text::Span;
use memchr::memmem;

/// All footnotes in order, except for references in `taken`.
pub fn find(text: &str, structure: &Structure, taken: &Cover) -> Vec<Footnote> {
    let defined = structure.footnote_references.iter().filter(|span| !taken.overlaps(**span));
    let mut references: Vec<Span> = defined.copied().collect();
    let opened = memmem::Finder::new("[^");
    for line in &structure.lines {
        let starts = opened.find_iter(line.span.of(text).as_bytes());
        let spans = starts.filter_map(|at| reference(text, line.span.start as usize + at, line.span.end as usize));
        references.extend(spans.filter(|span| !taken.overlaps(*span)));
    }
    references.sort_unstable();
    references.dedup();
    let mut footnotes: Vec<Footnote> = references.into_iter().map(|span| footnote(text, span, span)).collect();
    let definitions = structure.blocks.iter().filter(|block| block.kind == BlockKind::Footnote);
    footnotes.extend(definitions.filter_map(|block| definition(text, block)));
    footnotes.sort_by_key(|footnote| footnote.span);
    footnotes
}

/// `[^label]` at byte `at`, with a label of one word.
fn reference(text: &str, at: usize, end: usize) -> Option<Span> {
    let rest = &text[at + 2..end];
    let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '[' | ']'))?;
    let is_reference = length > 0 && rest[length..].starts_with(']') && !escaped(text.as_bytes(), at);
    is_reference.then(|| Span::new(at, at + length + 3))
}

fn definition(text: &str, block: &Block) -> Option<Footnote> {
    let close = block.span.of(text).find("]:")?;
    let start = block.span.start as usize;
    Some(Footnote { definition: true, ..footnote(text, block.span, Span::new(start, start + close + 1)) })
}

fn footnote(text: &str, span: Span, brackets: Span) -> Footnote {
    let label = Span { start: brackets.start + 2, end: brackets.end - 1 };
    Footnote { span, label, key: definitions::key(label.of(text)), definition: false }
}
