//! Actions: each one's title, and every line that it changes as it is then.
//!
//! `? select words` selects those words, which begin at the cursor.

use crate::answer::{document, or_nothing};
use crate::case::Case;
use crate::fixed::applied;
use crate::opened::Opened;
use vaultls::features::actions::{Action, actions};
use vaultls::text::Span;
use vaultls::vault::Snapshot;

pub fn answer(case: &Case) -> String {
    let opened = Opened::of(case);
    let (note, at) = opened.cursor();
    let selected = case.asked("select").unwrap_or_default();
    assert!(document(&opened.snapshot, note).source[at..].starts_with(selected), "`{selected}` begins at the cursor");
    let span = Span::new(at, at + selected.len());
    let actions = actions(&opened.snapshot, note, span, |_| true);
    or_nothing(actions.iter().map(|action| drawn(case, &opened.snapshot, action)).collect())
}

fn drawn(case: &Case, snapshot: &Snapshot, action: &Action) -> String {
    let changed = applied(case, snapshot, &action.change);
    let mut drawn = format!("{} ({:?})\n", action.title, action.kind);
    for (before, after) in case.files.iter().zip(&changed.files) {
        let old: Vec<&str> = before.text.lines().collect();
        let lines = after.text.lines().enumerate().filter(|(i, line)| old.get(*i) != Some(line));
        drawn.extend(lines.map(|(i, line)| format!("  {}|{line}\n", i + 1)));
    }
    drawn
}
