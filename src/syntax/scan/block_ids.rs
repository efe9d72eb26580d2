//! `^ids` at the end of blocks, and which block each of them names. Knows the tree of blocks.

use super::cover::Cover;
use super::source::{escaped, trimmed};
use super::structure::{Block, BlockKind, Structure};
use crate::syntax::{self, Link};
use crate::text::Span;

/// All block ids outside of `taken`. To one of `links` an id may be glued.
pub fn find(text: &str, structure: &Structure, taken: &Cover, links: &[Link]) -> Vec<syntax::Block> {
    let mut link_ends: Vec<u32> = links.iter().map(|link| link.span.end).collect();
    link_ends.sort_unstable();
    let mut found = Vec::new();
    for (i, leaf) in structure.blocks.iter().enumerate().filter(|(_, block)| block.kind.is_leaf()) {
        let Some(line) = structure.lines[leaf.lines.clone()].last() else { continue };
        let line = trimmed(text, line.span);
        let Some(span) = id_at_end(text, line, &link_ends).filter(|span| !taken.overlaps(*span)) else { continue };
        let alone = span == line && leaf.lines.len() == 1;
        if let Some(named) = named(structure, i, alone) {
            let block = structure.blocks[named].span;
            found.push(syntax::Block { span, id: Span { start: span.start + 1, ..span }, block });
        }
    }
    found
}

/// `^id` at the end of `line`: behind a blank, at the line's start, or glued to what ends at one of `link_ends`.
pub fn id_at_end(text: &str, line: Span, link_ends: &[u32]) -> Option<Span> {
    let whole = line.of(text);
    let id = whole.bytes().rev().take_while(|&byte| byte.is_ascii_alphanumeric() || byte == b'-').count();
    let before = whole[..whole.len() - id].strip_suffix('^').filter(|_| id > 0)?;
    let start = line.start as usize + before.len();
    let fits = match before.chars().next_back() {
        None => true,
        Some(']' | ')') => link_ends.binary_search(&(start as u32)).is_ok(),
        Some(c) => c.is_whitespace(),
    };
    (fits && !escaped(text.as_bytes(), start)).then(|| Span::new(start, line.end as usize))
}

/// The block that an id at the end of leaf `i` names; `alone` if the leaf says nothing else.
fn named(structure: &Structure, i: usize, alone: bool) -> Option<usize> {
    let Block { kind, parent, previous, .. } = structure.blocks[i];
    match (kind, parent) {
        // GitHub reads a line directly beneath a table as a row of it.
        (BlockKind::Row, table) => table.filter(|_| alone && previous.is_some()),
        (BlockKind::Heading, _) => Some(i),
        _ if alone && previous.is_some() => previous,
        (BlockKind::ItemText, item) => item,
        (_, Some(item)) if previous.is_none() && structure.blocks[item].kind == BlockKind::Item => Some(item),
        (_, Some(quote)) if structure.blocks[quote].kind == BlockKind::Quote => Some(last_of(structure, i, quote)),
        _ => Some(i),
    }
}

/// A quote, where paragraph `i` is its last: an id there names the whole quote. Else the paragraph.
fn last_of(structure: &Structure, i: usize, quote: usize) -> usize {
    if structure.blocks[quote].span.end == structure.blocks[i].span.end { quote } else { i }
}
