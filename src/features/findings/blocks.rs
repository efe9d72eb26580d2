//! Block ids.

use super::Found;
use super::page::Page;
use crate::features::Location;
use crate::text::Span;
use rustc_hash::FxHashMap;

// block.duplicate-id

pub fn duplicate_id(page: &Page) -> Vec<Found> {
    let mut first: FxHashMap<String, Span> = FxHashMap::default();
    let mut found = Vec::new();
    for block in &page.document.outline.blocks {
        let id = page.document.of(block.id);
        let Some(&before) = first.get(&id.to_ascii_lowercase()) else {
            first.insert(id.to_ascii_lowercase(), block.span);
            continue;
        };
        let location = Location { file: page.note, place: page.document.place(before) };
        let message = format!("The block id `^{id}` is given twice; links lead to the first.");
        found.push(Found { related: vec![(location, "the first".to_owned())], ..Found::new(block.id, message) });
    }
    found
}
