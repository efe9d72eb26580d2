//! Reference definitions and footnotes: used without being there, there without being used, there twice.

use super::fix::{Fix, rewrite};
use super::page::Page;
use super::{Finding, Found};
use crate::features::Location;
use crate::syntax::{Definition, LinkKind, definition_key};
use crate::text::Span;
use crate::vault::nearest;
use rustc_hash::{FxHashMap, FxHashSet};

// link.undefined-reference

pub fn undefined_reference(page: &Page) -> Vec<Found> {
    let undefined = page.document.outline.undefined.iter();
    undefined.map(|&label| Found::new(label, format!("`{}` has no definition.", page.document.of(label)))).collect()
}

pub fn mend_undefined_reference(page: &Page, finding: &Finding) -> Vec<Fix> {
    let label = page.document.of(finding.span);
    let wanted = definition_key(label);
    let most = nearest::most_slips(wanted.chars().count());
    let definitions = page.document.outline.definitions.iter();
    let mut near: Vec<(usize, &str)> = definitions
        .filter_map(|it| Some((nearest::distance(&wanted, &it.key, most)?, page.document.of(it.label))))
        .collect();
    near.sort();
    near.dedup();
    let meant = near.iter().take(3).enumerate().map(|(i, (_, label))| {
        let title = format!("Write `{label}`");
        Fix { preferred: i == 0, ..rewrite(page, finding, finding.span, (*label).to_owned(), title) }
    });
    let source = &page.document.source;
    let gap = if source.ends_with('\n') { "" } else { "\n" };
    let text = format!("{gap}\n[{label}]: \n");
    let define = rewrite(page, finding, Span::empty(source.len()), text, format!("Define `{label}`"));
    meant.chain([define]).collect()
}

// link.unused-definition

pub fn unused(page: &Page) -> Vec<Found> {
    let outline = &page.document.outline;
    let uses = outline.links.iter().filter(|link| link.kind == LinkKind::Reference);
    let used: FxHashSet<String> = uses.map(|link| definition_key(page.document.of(link.name))).collect();
    let mut seen = FxHashSet::default();
    let unused = outline.definitions.iter().filter(|it| {
        let is_first = seen.insert(it.key.as_str()); // A second one is a duplicate, which is said elsewhere.
        is_first && !used.contains(&it.key) && !it.for_wikilinks && !is_remark(it)
    });
    let message = |it: &Definition| format!("No link uses `{}`.", page.document.of(it.label));
    unused.map(|it| Found { unnecessary: true, ..Found::new(it.span, message(it)) }).collect()
}

/// `[//]: # (a remark)`: the way to hide a note in Markdown.
fn is_remark(definition: &Definition) -> bool {
    definition.key.starts_with("//")
}

pub fn mend_unused(page: &Page, finding: &Finding) -> Vec<Fix> {
    let text = &page.document.text;
    let first = text.line_of(finding.span.start as usize);
    let last = text.line_of(finding.span.end as usize);
    let lines = Span::new(text.line_start(first), text.line_start(last + 1));
    vec![Fix { preferred: true, ..rewrite(page, finding, lines, String::new(), "Remove the definition".to_owned()) }]
}

// link.duplicate-definition

pub fn duplicate(page: &Page) -> Vec<Found> {
    let mut first: FxHashMap<&str, Span> = FxHashMap::default();
    let mut found = Vec::new();
    for it in &page.document.outline.definitions {
        let Some(&before) = first.get(it.key.as_str()) else {
            first.insert(&it.key, it.span);
            continue;
        };
        let message = format!("`{}` is defined already; this one counts for nothing.", page.document.of(it.label));
        let location = Location { file: page.note, place: page.document.place(before) };
        found.push(Found {
            related: vec![(location, "the definition that counts".to_owned())],
            ..Found::new(it.span, message)
        });
    }
    found
}

// link.undefined-footnote

pub fn undefined_footnote(page: &Page) -> Vec<Found> {
    let footnotes = &page.document.outline.footnotes;
    let defined: FxHashSet<&str> = footnotes.iter().filter(|it| it.definition).map(|it| it.key.as_str()).collect();
    let undefined = footnotes.iter().filter(|it| !it.definition && !defined.contains(it.key.as_str()));
    let message = |label: Span| format!("The note has no text for the footnote `{}`.", page.document.of(label));
    undefined.map(|it| Found::new(it.label, message(it.label))).collect()
}
