//! Headings as a reader sees them. Knows what CommonMark says is a heading, and what vaults write into one.

use super::cover::Cover;
use super::source::trimmed;
use super::structure::{HeadingParts, Piece, Structure};
use crate::syntax::{Block, Heading, Link, LinkKind, Target};
use crate::text::Span;

/// What a heading says instead of its source.
pub struct Shown<'a> {
    /// All wikilinks of the note.
    pub links: &'a [Link],
    pub math: &'a Cover,
    pub comments: &'a Cover,
    pub block_ids: &'a [Block],
}

/// All headings, those in math and comments too.
pub fn find(text: &str, structure: &Structure, shown: &Shown) -> Vec<Heading> {
    let headings = structure.headings.iter();
    headings.map(|parts| heading(text, structure.blocks[parts.block].span, parts, shown)).collect()
}

fn heading(text: &str, span: Span, parts: &HeadingParts, shown: &Shown) -> Heading {
    let source = without_id(text, parts.content, shown.block_ids);
    let mut replaced = replacements(text, source, shown).into_iter().peekable();
    let mut seen = String::new();
    let mut passed = source.start;
    for piece in parts.pieces.iter().filter(|piece| piece.span.start < source.end) {
        while let Some((span, instead)) = replaced.next_if(|(span, _)| span.start < piece.span.end) {
            push(&mut seen, text, piece, passed, span.start);
            seen.push_str(&instead);
            passed = span.end;
        }
        push(&mut seen, text, piece, passed, source.end);
    }
    Heading { span, source, text: seen.trim().to_owned(), level: parts.level }
}

/// What is seen of `piece` between bytes `from` and `to`. Where something was undone (`&amp;`), all or nothing.
fn push(seen: &mut String, text: &str, piece: &Piece, from: u32, to: u32) {
    let part = Span { start: piece.span.start.max(from), end: piece.span.end.min(to) };
    if part.start >= part.end {
        return;
    }
    if piece.span.len() == piece.text.len() && piece.text != " " {
        seen.push_str(part.of(text));
    } else if part == piece.span {
        seen.push_str(&piece.text);
    }
}

fn without_id(text: &str, content: Span, block_ids: &[Block]) -> Span {
    let i = block_ids.partition_point(|block| block.span.end < content.end);
    match block_ids.get(i) {
        Some(block) if block.span.end == content.end && content.encloses(block.span) => {
            trimmed(text, Span { end: block.span.start, ..content })
        }
        _ => content,
    }
}

/// Wikilinks show their label or name, comments nothing, math its source.
fn replacements(text: &str, within: Span, shown: &Shown) -> Vec<(Span, String)> {
    let links = inside(within, shown.links, |link| link.span).filter(|link| link.kind == LinkKind::Wiki);
    let mut replaced: Vec<(Span, String)> = links.map(|link| (link.span, display(text, link))).collect();
    let math = inside(within, shown.math.spans(), |span| *span).map(|span| (*span, span.of(text).to_owned()));
    replaced.extend(math);
    replaced.extend(inside(within, shown.comments.spans(), |span| *span).map(|span| (*span, String::new())));
    replaced.sort_by_key(|(span, _)| *span);
    replaced
}

fn inside<T>(within: Span, items: &[T], span: fn(&T) -> Span) -> impl Iterator<Item = &T> {
    let first = items.partition_point(|item| span(item).start < within.start);
    items[first..].iter().take_while(move |item| span(item).end <= within.end)
}

/// `the talks` of `[[china#Trade deals | the talks]]`, else `china > Trade deals`.
fn display(text: &str, link: &Link) -> String {
    if let Some(label) = link.label.filter(|label| !label.is_empty()) {
        return label.of(text).to_owned();
    }
    match &link.target {
        Target::Name { name, anchor: None } => name.clone(),
        Target::Name { name, anchor: Some(anchor) } if name.is_empty() => anchor.clone(),
        Target::Name { name, anchor: Some(anchor) } => format!("{name} > {anchor}"),
        Target::Path { path, .. } => path.clone(),
        Target::External(address) => address.clone(),
    }
}
