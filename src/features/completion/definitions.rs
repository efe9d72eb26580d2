//! Labels of definitions behind `[text][`.

use super::notes::blank;
use super::{Completions, Item, ItemKind, Writing, filter};
use crate::features::fuzzy::Query;

pub fn definitions(writing: &Writing) -> Option<Completions> {
    let start = writing.line.before.rfind("][")?;
    let typed = &writing.line.before[start + 2..];
    if typed.contains([']', '[']) {
        return None;
    }
    let mut query = Query::new(typed);
    let document = writing.document;
    let ends = writing.line.bracket_ends();
    let closing = if ends.is_some() { "" } else { "]" };
    let (replace, insert) = writing.around(typed.len(), ends.unwrap_or(0));
    let mut seen: Vec<&str> = Vec::new();
    let mut items = Vec::new();
    for definition in &document.outline.definitions {
        let label = document.of(definition.label);
        if seen.contains(&&*definition.key) || query.score(label).is_none() {
            continue;
        }
        seen.push(&definition.key);
        items.push(Item {
            label: label.to_owned(),
            detail: Some(document.of(definition.name).to_owned()),
            kind: ItemKind::Definition,
            filter: filter(typed, label),
            text: format!("{label}{closing}"),
            replace,
            insert,
            ..blank()
        });
    }
    Some(Completions { items, incomplete: false })
}
