//! Tags behind `#`.

use super::notes::blank;
use super::{Completions, Item, ItemKind, MOST, Writing, filter};
use crate::features::fuzzy::{Best, Query};
use crate::features::prose::counted;
use crate::syntax::name;
use crate::vault::{Fact, Snapshot};
use std::cmp::Reverse;

pub fn tags(writing: &Writing) -> Option<Completions> {
    let start = writing.line.before.rfind('#')?;
    let typed = &writing.line.before[start + 1..];
    let before = &writing.line.before[..start];
    let begins = before.is_empty() || before.ends_with(char::is_whitespace);
    // A lone `#` at the start of a line is about to be a heading.
    if !begins || typed.contains(|c: char| !is_tag_char(c)) || typed.is_empty() && before.trim().is_empty() {
        return None;
    }
    let mut query = Query::new(typed);
    let mut best = Best::new(MOST);
    let behind = writing.line.behind.find(|c: char| !is_tag_char(c)).unwrap_or(writing.line.behind.len());
    let own = name::fold_tag(&format!("{typed}{}", &writing.line.behind[..behind])).into_owned();
    for (tag, notes) in writing.snapshot.index.tags() {
        let is_own = tag == own && notes == 1; // The one that is being typed.
        if let Some(score) = query.score(tag).filter(|_| !is_own) {
            best.offer((score, notes, Reverse(tag)), || (tag, notes));
        }
    }
    let incomplete = best.offered() > MOST;
    let (replace, insert) = writing.around(typed.len(), behind);
    let items = best.into_sorted().into_iter().map(|(tag, notes)| {
        let tag = as_written(writing.snapshot, tag);
        Item {
            label: format!("#{tag}"),
            detail: Some(counted(notes, "note")),
            kind: ItemKind::Tag,
            filter: filter(typed, &tag),
            text: tag,
            replace,
            insert,
            ..blank()
        }
    });
    Some(Completions { items: items.collect(), incomplete })
}

fn is_tag_char(c: char) -> bool {
    c.is_alphanumeric() || "_-/".contains(c) || !c.is_ascii() && !c.is_whitespace()
}

/// A folded tag in the spelling of the first note that has it.
fn as_written(snapshot: &Snapshot, folded: &str) -> String {
    let written = snapshot.index.notes_tagged(folded).find_map(|note| {
        snapshot.get(note)?.facts.iter().find_map(|(_, fact)| {
            let Fact::Tag(tag) = fact else { return None };
            let written = snapshot.index.names.text(tag);
            let begins = name::fold_tag(written).strip_prefix(folded)?.is_empty().then_some(written);
            begins.map(str::to_owned)
        })
    });
    written.unwrap_or_else(|| folded.to_owned())
}
