//! All of a note mended at once: what it says then, how many findings that mended, and how many are left.

use crate::answer::{document, or_nothing};
use crate::case::Case;
use crate::fixed::applied;
use crate::opened::Opened;
use std::collections::BTreeMap;
use vaultls::features::change::Change;
use vaultls::features::findings::{Mended, findings, fix_all};

pub fn answer(case: &Case) -> String {
    let opened = Opened::of(case);
    let (note, _) = opened.cursor();
    let before = document(&opened.snapshot, note);
    let wanted = |code: &str| case.asked("select").is_none_or(|asked| asked == code);
    let Mended { edits, fixed, left } = fix_all(&opened.snapshot, note, &before, &wanted);
    let text = match edits.is_empty() {
        true => String::new(),
        false => after(case, &opened, Change { edits, ..Change::default() }, &wanted, &left),
    };
    or_nothing(text + &counted("mended", &fixed) + &counted("left", &left))
}

/// The note as it is then; what is said to be left is what is found in it.
fn after(
    case: &Case,
    opened: &Opened,
    change: Change,
    wanted: &dyn Fn(&str) -> bool,
    left: &BTreeMap<&'static str, usize>,
) -> String {
    let mended = Opened::of(&applied(case, &opened.snapshot, &change));
    let (note, _) = mended.cursor();
    let document = document(&mended.snapshot, note);
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings(&mended.snapshot, note, &document).iter().filter(|finding| wanted(finding.code)) {
        *found.entry(finding.code).or_default() += 1;
    }
    assert_eq!(&found, left);
    document
        .source
        .replace('\r', "␍")
        .split_inclusive('\n')
        .map(|line| format!("|{}\n", line.trim_end_matches('\n')))
        .collect()
}

fn counted(what: &str, counts: &BTreeMap<&'static str, usize>) -> String {
    counts.iter().map(|(code, count)| format!("{what} {count} {code}\n")).collect()
}
