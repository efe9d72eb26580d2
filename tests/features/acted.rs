//! Actions: each one's title, and every line that it changes as it is then.
//!
//! `? select words` selects those words, which begin at the cursor. `? about words` draws only actions that say them, and
//! those too that editors are told of only when their users ask.

use crate::answer::{document, or_nothing};
use crate::case::{Case, CaseFile};
use crate::fixed::applied;
use crate::opened::Opened;
use vaultls::features::actions::{Action, Plan, actions, planned};
use vaultls::features::change::Change;
use vaultls::text::Span;
use vaultls::vault::Snapshot;

pub fn answer(case: &Case) -> String {
    let opened = Opened::of(case);
    let (note, at) = opened.cursor();
    let selected = case.asked("select").unwrap_or_default();
    assert!(document(&opened.snapshot, note).source[at..].starts_with(selected), "`{selected}` begins at the cursor");
    let span = Span::new(at, at + selected.len());
    let asked = case.asked("about");
    let about = |action: &Action| asked.is_none_or(|words| action.title.contains(words));
    let actions =
        actions(&opened.snapshot, note, span, |offer| asked.is_some() || !offer.quiet).into_iter().filter(about);
    let change = |action: &Action| match &action.plan {
        Plan::Known(change) => Some(change.clone()),
        Plan::WhenTaken(_) => planned(&opened.snapshot, note, span, action.kind, &action.title),
    };
    or_nothing(actions.map(|action| drawn(case, &opened.snapshot, &action, change(&action))).collect())
}

fn drawn(case: &Case, snapshot: &Snapshot, action: &Action, change: Option<Change>) -> String {
    let mut drawn = format!("{} ({:?})\n", action.title, action.kind);
    let Some(change) = change else { return drawn + "  changes nothing\n" };
    let changed = applied(case, snapshot, &change);
    for (before, after) in case.files.iter().zip(&changed.files).filter(|(before, after)| before.text != after.text) {
        drawn += &differing(case, before, &after.text);
    }
    for created in &changed.files[case.files.len()..] {
        drawn += &format!("  creates {}\n{}", created.path, lines(&created.text));
    }
    drawn
}

/// The lines that are new, where as many were there before; else all of them. The path, where it is not the asked note's.
fn differing(case: &Case, before: &CaseFile, after: &str) -> String {
    let is_asked = case.cursor.is_some_and(|(file, _)| case.files[file].path == before.path);
    let path = if is_asked { String::new() } else { format!("  {}\n", before.path) };
    let old: Vec<&str> = before.text.lines().collect();
    if old.len() != after.lines().count() {
        return path + &lines(after);
    }
    let new = after.lines().enumerate().filter(|(i, line)| old.get(*i) != Some(line));
    path + &new.map(|(i, line)| format!("  {}|{line}\n", i + 1)).collect::<String>()
}

fn lines(text: &str) -> String {
    text.split_inclusive('\n').map(|line| format!("  |{}\n", line.trim_end_matches('\n').replace('\r', "␍"))).collect()
}
