//! An id for the paragraph, list item, table or quote under the cursor, so that links can lead to it.

use super::link::Rows;
use super::{Asked, Cost, Titled};
use crate::features::change::{Change, FileEdit};
use crate::syntax;
use crate::text::{Span, spliced};
use crate::vault::Document;
use std::hash::{DefaultHasher, Hash, Hasher};

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let block = block_at(asked).map(|leaf| {
        let plan = move || Some(Change::of(vec![edit(asked, leaf)?]));
        Titled::later(format!("Add a block id to this {}", what(asked, leaf)), Cost::Few, plan)
    });
    block.into_iter().collect()
}

/// The leaf under the cursor, if it has no id and no other way to be named.
fn block_at(asked: &Asked) -> Option<Span> {
    let outline = &asked.document.outline;
    let leaf = *outline.paragraphs.iter().find(|leaf| leaf.touches(asked.span.start as usize))?;
    let is_heading = outline.headings.iter().any(|heading| heading.span.overlaps(leaf));
    let has_id = outline.blocks.iter().any(|block| block.block.overlaps(leaf) || block.span.overlaps(leaf));
    let is_footnote = outline.footnotes.iter().any(|it| it.definition && it.span.encloses(leaf));
    (!is_heading && !has_id && !is_footnote && leaf.encloses(asked.span)).then_some(leaf)
}

fn what(asked: &Asked, leaf: Span) -> &'static str {
    let before = before(asked.document, leaf);
    match before.trim_start().chars().next() {
        Some('>') => "quote",
        _ if Rows::of(asked.document).contains(leaf.start as usize) => "table",
        Some(_) => "list item",
        None => "paragraph",
    }
}

/// What stands on the line before a leaf: marks of quotes and lists.
fn before(document: &Document, leaf: Span) -> &str {
    let start = document.text.line_start(document.text.line_of(leaf.start as usize));
    &document.source[start..leaf.start as usize]
}

/// `None` where the id would not be read as one of this block.
fn edit(asked: &Asked, leaf: Span) -> Option<FileEdit> {
    let document = asked.document;
    let id = id(asked, leaf);
    let (at, written) = match what(asked, leaf) {
        "quote" => behind(document, last_line(document, leaf, |line| line.trim_start().starts_with('>')), &id),
        "table" => behind(document, last_line(document, leaf, |line| line.contains('|')), &id),
        _ => (leaf.start as usize + document.of(leaf).trim_end().len(), format!(" ^{id}")),
    };
    let edit = asked.edit(Span::empty(at), written);
    let outline = syntax::scan(&spliced(&document.source, &[(edit.span, edit.text.clone())])?);
    let is_named = outline.blocks.iter().any(|block| {
        block.block.touches(leaf.start as usize) && block.span.len() == id.len() + 1 && block.span.start as usize >= at
    });
    is_named.then_some(edit)
}

/// The last line of the block that a leaf is in.
fn last_line(document: &Document, leaf: Span, belongs: impl Fn(&str) -> bool) -> usize {
    let text = &document.text;
    let last = text.line_of((leaf.end as usize).saturating_sub(1).max(leaf.start as usize));
    (last + 1..text.lines()).take_while(|&line| belongs(&text.line(line))).last().unwrap_or(last)
}

/// On a line of its own, set apart by empty ones.
fn behind(document: &Document, line: usize, id: &str) -> (usize, String) {
    let text = &document.text;
    let at = text.line_start(line) + text.line(line).len();
    let end = document.line_ending();
    let is_followed = line + 1 < text.lines() && !text.line(line + 1).trim().is_empty();
    (at, format!("{end}{end}^{id}{}", if is_followed { end } else { "" }))
}

/// Six letters and digits that no block of the note has; the same for the same text, so that asking twice says the same.
fn id(asked: &Asked, leaf: Span) -> String {
    const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let ids: Vec<String> =
        asked.document.outline.blocks.iter().map(|block| asked.document.of(block.id).to_lowercase()).collect();
    let id = |attempt: u32| {
        let mut hasher = DefaultHasher::new();
        (asked.snapshot.path(asked.note), asked.document.of(leaf), leaf.start, attempt).hash(&mut hasher);
        let mut rest = hasher.finish();
        let mut letter = || {
            let letter = LETTERS[(rest % 36) as usize];
            rest /= 36;
            letter as char
        };
        (0..6).map(|_| letter()).collect::<String>()
    };
    // Each attempt meets one of the note's ids at most by chance.
    (0..=ids.len() as u32).map(id).find(|id| !ids.contains(id)).unwrap_or_else(|| id(u32::MAX))
}
