//! What needs no asking, mended in the whole note or vault: all of it, or all findings of one code.

use super::{Asked, Cost, Titled};
use crate::features::change::{Change, Remark};
use crate::features::findings::{CHECKS, findings, fix_all};
use crate::vault::Snapshot;

/// All findings of the code of the one under the cursor.
pub fn offers_of_code<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let mut codes = mendable(asked, true);
    codes.sort_unstable();
    codes.dedup();
    let all = mendable(asked, false);
    let mut offers = Vec::new();
    for code in codes {
        if all.iter().filter(|other| **other == code).count() > 1 {
            let plan = move || Some(in_note(asked, &|other| other == code));
            offers.push(Titled::later(format!("Fix all `{code}` in this note"), Cost::Few, plan));
        }
        let plan = move || Some(in_vault(asked.snapshot, code));
        offers.push(Titled::later(format!("Fix all `{code}` in the vault"), Cost::Vault, plan));
    }
    offers
}

/// All that can be mended in the note, as editors ask for it when they save.
pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let is_asked = if asked.whole { true } else { !mendable(asked, true).is_empty() };
    let offer =
        || Titled::later("Fix all in this note that needs no asking", Cost::Few, || Some(in_note(asked, &|_| true)));
    is_asked.then(offer).into_iter().collect()
}

/// The codes of the findings that can be mended without asking, in order of place: those under the cursor, or all.
fn mendable(asked: &Asked, at_cursor: bool) -> Vec<&'static str> {
    let found = findings(asked.snapshot, asked.note, asked.document).into_iter();
    let touched = found.filter(|it| !at_cursor || it.span.start <= asked.span.end && asked.span.start <= it.span.end);
    let is_automatic = |code: &&str| CHECKS.iter().any(|check| check.code == *code && !check.automatic.is_empty());
    touched.map(|finding| finding.code).filter(is_automatic).collect()
}

fn in_note(asked: &Asked, wanted: &dyn Fn(&str) -> bool) -> Change {
    Change::of(fix_all(asked.snapshot, asked.note, asked.document, wanted).edits)
}

fn in_vault(snapshot: &Snapshot, code: &str) -> Change {
    let documents = snapshot.notes().filter_map(|note| Some((note, snapshot.document(note)?)));
    let edits = documents.flat_map(|(note, document)| fix_all(snapshot, note, &document, &|other| other == code).edits);
    let remark = Some(Remark { label: format!("Fix `{code}`"), optional: false });
    Change { edits: edits.collect(), remark, ..Change::default() }
}
