//! The reference definitions of a note: sorted, at the end, and none that no link uses.

use super::{Asked, Cost, Titled};
use crate::features::change::{Change, FileEdit};
use crate::syntax::{self, Definition, LinkKind, Outline, Target, definition_key};
use crate::text::{Span, Splice, spliced};
use crate::vault::Document;
use rustc_hash::FxHashSet;

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let is_on_one = || asked.document.outline.definitions.iter().any(|it| it.span.touches(asked.span.start as usize));
    let is_to_do = (asked.whole || is_on_one()) && !edits(asked).is_empty();
    let plan = move || Some(Change::of(edits(asked))).filter(|change| keeps_links(asked.document, change));
    let offer = is_to_do.then(|| Titled::later("Organise the definitions of the note", Cost::Few, plan));
    offer.into_iter().collect()
}

/// Whether all links lead where they led.
fn keeps_links(document: &Document, change: &Change) -> bool {
    let edits: Vec<Splice> = change.edits.iter().map(|edit| (edit.span, edit.text.clone())).collect();
    let after = spliced(&document.source, &edits).map(|text| syntax::scan(&text));
    after.is_some_and(|after| targets(&document.outline) == targets(&after))
}

fn targets(outline: &Outline) -> Vec<(LinkKind, &Target)> {
    outline.links.iter().map(|link| (link.kind, &link.target)).collect()
}

/// Empty where all is in order.
fn edits(asked: &Asked) -> Vec<FileEdit> {
    let document = asked.document;
    let movable: Vec<&Definition> = document.outline.definitions.iter().filter(|it| is_movable(document, it)).collect();
    let Some(last) = movable.last() else { return Vec::new() };
    let end = document.line_ending();
    let mut kept = used(document, &movable);
    kept.sort_by(|a, b| a.key.cmp(&b.key));
    let written: Vec<&str> = kept.iter().map(|it| document.of(it.span)).collect();
    let mut block = written.join(end);
    let mut groups = groups(document, &movable);
    let source = &document.source;
    if source[last.span.end as usize..].trim().is_empty() {
        // The last group stands where all shall stand.
        let Some(last) = groups.pop() else { return Vec::new() };
        let start = source[..last.start as usize].trim_end().len();
        let gap = if start == 0 || block.is_empty() { "" } else { &*end.repeat(2) };
        let span = Span::new(start, source.len());
        block = format!("{gap}{block}{end}");
        groups.push(span);
        let mut edits: Vec<FileEdit> = groups.iter().map(|group| asked.edit(*group, String::new())).collect();
        if let Some(last) = edits.last_mut() {
            last.text = block;
        }
        edits.retain(|edit| document.of(edit.span) != edit.text);
        return edits;
    }
    let body = source.trim_end().len();
    let block = if block.is_empty() { String::new() } else { format!("{end}{end}{block}{end}") };
    let mut edits: Vec<FileEdit> = groups.iter().map(|group| asked.edit(*group, String::new())).collect();
    if !block.is_empty() {
        edits.push(asked.edit(Span::new(body, source.len()), block));
    }
    edits
}

/// Alone on its lines, in no quote or list, and written for no other tool.
fn is_movable(document: &Document, definition: &Definition) -> bool {
    let text = &document.text;
    let start = text.line_start(text.line_of(definition.span.start as usize));
    let before = &document.source[start..definition.span.start as usize];
    let line = text.line_of(definition.span.end as usize);
    let behind = &text.line(line)[definition.span.end as usize - text.line_start(line)..];
    let is_alone = before.len() <= 3 && before.trim().is_empty() && behind.trim().is_empty();
    let footnotes = &document.outline.footnotes;
    let begun = footnotes.partition_point(|it| it.span.start <= definition.span.start);
    let is_in_footnote =
        footnotes[..begun].iter().rfind(|it| it.definition).is_some_and(|it| it.span.encloses(definition.span));
    is_alone && !is_in_footnote && !definition.for_wikilinks && !definition.key.starts_with("//")
}

/// Those that a link uses, the first of each label.
fn used<'a>(document: &Document, definitions: &[&'a Definition]) -> Vec<&'a Definition> {
    let uses = document.outline.links.iter().filter(|link| link.kind == LinkKind::Reference);
    let used: FxHashSet<String> = uses.map(|link| definition_key(document.of(link.name))).collect();
    let mut seen = FxHashSet::default();
    definitions.iter().filter(|it| used.contains(&it.key) && seen.insert(&it.key)).copied().collect()
}

/// The lines of definitions that stand together, with the empty ones behind where others stand before.
fn groups(document: &Document, definitions: &[&Definition]) -> Vec<Span> {
    let text = &document.text;
    let is_empty = |line: usize| text.line(line).trim().is_empty();
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for definition in definitions {
        let first = text.line_of(definition.span.start as usize);
        let last = text.line_of(definition.span.end as usize) + 1;
        match groups.last_mut() {
            Some((_, end)) if (*end..first).all(is_empty) => *end = last,
            _ => groups.push((first, last)),
        }
    }
    let lines = groups.into_iter().map(|(first, last)| {
        let is_set_apart = first == 0 || is_empty(first - 1);
        let behind = (last..text.lines()).take_while(|&line| is_set_apart && is_empty(line)).count();
        Span::new(text.line_start(first), text.line_start(last + behind))
    });
    lines.collect()
}
