//! Footnotes behind `[^`.

use super::notes::blank;
use super::{Completions, Item, ItemKind, Writing, filter};
use crate::features::fuzzy::Query;
use crate::features::prose::shown;
use crate::syntax::Footnote;
use crate::text::Span;

pub fn footnotes(writing: &Writing) -> Option<Completions> {
    let start = writing.line.before.rfind("[^")?;
    let typed = &writing.line.before[start + 2..];
    if typed.contains([']', ' ', '[']) {
        return None;
    }
    let mut query = Query::new(typed);
    let document = writing.document;
    let ends = writing.line.bracket_ends().filter(|&end| !writing.line.behind[..end].contains(' '));
    let (replace, insert) = writing.around(typed.len(), ends.unwrap_or(0));
    let mut seen: Vec<&str> = Vec::new();
    let mut items = Vec::new();
    let (defined, used): (Vec<&Footnote>, Vec<&Footnote>) =
        document.outline.footnotes.iter().partition(|footnote| footnote.definition);
    for footnote in defined.into_iter().chain(used) {
        let label = document.of(footnote.label);
        let is_own = footnote.span.touches(writing.at);
        if is_own || seen.contains(&&*footnote.key) || query.score(label).is_none() {
            continue;
        }
        seen.push(&footnote.key);
        let text = Span { start: (footnote.label.end + 2).min(footnote.span.end), end: footnote.span.end };
        items.push(Item {
            label: label.to_owned(),
            detail: footnote.definition.then(|| shown(document, text)),
            kind: ItemKind::Footnote,
            filter: filter(typed, label),
            text: format!("{label}{}", if ends.is_some() { "" } else { "]" }),
            replace,
            insert,
            ..blank()
        });
    }
    Some(Completions { items, incomplete: false })
}
