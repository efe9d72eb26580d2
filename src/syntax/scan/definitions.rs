//! `[label]: destination "title"`. Knows where pulldown-cmark found the first definition of each label, and finds the
//! others, of which it says nothing.

use super::cover::Cover;
use super::destinations::{self, Destination};
use super::source::{destination, escaped, skip_blanks};
use super::structure::{BlockKind, Structure};
use super::timestamps;
use crate::syntax::{Definition, Link, LinkKind, name};
use crate::text::Span;
use rustc_hash::{FxHashMap, FxHashSet};

/// All definitions, those that come too late included.
pub fn find(text: &str, structure: &Structure) -> Vec<Definition> {
    let mut found: Vec<Definition> = structure
        .definitions
        .iter()
        .filter_map(|span| definition(text, span.start as usize, span.end as usize))
        .collect();
    if found.is_empty() {
        return found;
    }
    let keys: FxHashSet<String> = found.iter().map(|definition| definition.key.clone()).collect();
    let known = Cover::new(structure.definitions.clone());
    for gap in gaps(text, structure) {
        let (mut at, end) = (gap.start as usize, gap.end as usize);
        while let Some(next) = memchr::memchr(b'[', &text.as_bytes()[at..end]) {
            at += next;
            if let Some(span) = known.at(at) {
                at = end.min(span.end as usize);
            } else if let Some(again) = definition(text, at, end).filter(|again| keys.contains(&again.key)) {
                at = again.span.end as usize;
                found.push(again);
            } else {
                at += 1;
            }
        }
    }
    found.sort_by_key(|definition| definition.span);
    found
}

/// The first definition of each label, by key.
pub type ByLabel<'a> = FxHashMap<&'a str, &'a Definition>;

pub fn by_label(definitions: &[Definition]) -> ByLabel<'_> {
    definitions.iter().rev().map(|definition| (definition.key.as_str(), definition)).collect()
}

/// The labels of `references` without definition outside of `taken`.
pub fn undefined_labels(text: &str, references: &[Span], taken: &Cover) -> Vec<Span> {
    let outside = references.iter().filter(|span| !taken.overlaps(**span));
    let mut labels: Vec<Span> = outside.filter_map(|span| undefined_label(text, *span)).collect();
    labels.sort_unstable();
    labels.dedup();
    labels
}

/// The label of `[text][label]`, which has no definition. A footnote's is none, and neither is `[00:06:04][00:06:12]`.
fn undefined_label(text: &str, span: Span) -> Option<Span> {
    let inner = span.of(text).strip_suffix(']')?;
    let open = inner.rfind('[')?;
    let label = &inner[open + 1..];
    if label.trim().is_empty() || label.starts_with('^') || timestamps::is_colon_time(label) {
        return None;
    }
    let start = span.start as usize + open + 1;
    Some(Span::new(start, start + label.len()))
}

/// A label as CommonMark compares it: case-folded, blanks collapsed.
pub fn key(label: &str) -> String {
    let collapsed = label.split_whitespace().collect::<Vec<_>>().join(" ");
    name::fold(&collapsed).into_owned()
}

/// Marks the definitions that belong to wikilinks: those between Foam's `[//begin]` and `[//end]`, and those labelled
/// as a wikilink of the note is written.
pub fn mark_for_wikilinks(text: &str, definitions: &mut [Definition], links: &[Link]) {
    if definitions.is_empty() {
        return;
    }
    let mut written: FxHashSet<String> = FxHashSet::default();
    for link in links.iter().filter(|link| link.kind == LinkKind::Wiki) {
        let end = link.label.map_or(link.name.end, |label| label.end);
        written.insert(key(link.name.of(text)));
        written.insert(key(Span { start: link.name.start, end: end.max(link.name.end) }.of(text)));
    }
    let mut in_block = false;
    for definition in definitions {
        in_block |= definition.key == "//begin";
        definition.for_wikilinks = in_block || written.contains(&definition.key);
        in_block &= definition.key != "//end";
    }
}

/// What no leaf, code or HTML covers: definitions, and the marks of quotes and lists.
fn gaps(text: &str, structure: &Structure) -> Vec<Span> {
    let filled = structure
        .blocks
        .iter()
        .filter(|block| block.kind != BlockKind::Row)
        .filter(|block| {
            block.kind.is_leaf()
                || matches!(block.kind, BlockKind::Table | BlockKind::Code | BlockKind::Html | BlockKind::Rule)
        })
        .map(|block| block.span);
    let first = structure.definitions.first().map_or(text.len(), |span| span.start as usize);
    let (mut gaps, mut at) = (Vec::new(), first);
    for span in Cover::new(filled.collect()).into_spans() {
        if span.start as usize > at {
            gaps.push(Span::new(at, span.start as usize));
        }
        at = at.max(span.end as usize);
    }
    if at < text.len() {
        gaps.push(Span::new(at, text.len()));
    }
    gaps
}

/// Reads the definition that begins at byte `at` and ends at byte `end` or before.
fn definition(text: &str, at: usize, end: usize) -> Option<Definition> {
    let label = label(text, at, end)?;
    let behind = label.end as usize + 1;
    if !text[behind..end].starts_with(':') {
        return None;
    }
    let (written, behind) = destination(text, Span::new(behind + 1, end));
    let end = title_end(text, behind, end).unwrap_or(behind);
    let url = destinations::without_escapes(written.of(text));
    let Destination { name, anchor, target } = destinations::read(text, written, &url);
    let key = key(label.of(text));
    Some(Definition { span: Span::new(at, end), label, name, anchor, target, key, for_wikilinks: false })
}

/// What stands between `[` at byte `at` and its `]`.
fn label(text: &str, at: usize, end: usize) -> Option<Span> {
    const LONGEST: usize = 1000;
    let bytes = &text.as_bytes()[at..end];
    let mut i = 1;
    while i < bytes.len().min(LONGEST) {
        match bytes[i] {
            b'\\' => i += 1,
            b'[' => return None,
            b']' => {
                let label = Span::new(at + 1, at + i);
                return Some(label).filter(|label| !label.of(text).trim().is_empty());
            }
            _ => {}
        }
        i += 1;
    }
    None
}

/// The byte behind the title that follows a destination, if one does and nothing stands behind it on its line.
fn title_end(text: &str, at: usize, end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let start = skip_blanks(bytes, at, end);
    let close = match bytes[start..end].first()? {
        b'(' => b')',
        quote @ (b'"' | b'\'') => *quote,
        _ => return None,
    };
    let mut i = start + 1;
    while i < end && (bytes[i] != close || escaped(bytes, i)) {
        i += 1;
    }
    let rest = text.get(i + 1..end)?;
    let line = rest.lines().next().unwrap_or_default();
    (start > at && line.trim().is_empty()).then_some(i + 1)
}
