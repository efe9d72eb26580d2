//! All of a note mended at once that can be mended without asking. Knows one note's findings; other notes only as far as
//! they link to it.

use super::fix::Fix;
use super::leads::Leads;
use super::page::Page;
use super::{CHECKS, Finding, findings_of};
use crate::features::change::FileEdit;
use crate::text::{Splice, Text, composed, spliced};
use crate::vault::{Document, FileId, Snapshot};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;

/// A fix may uncover what another mends; no chain of them is as long as this.
const PASSES: usize = 8;
/// How often fixes that do not go together are tried apart, before the rest of them is left.
const TRIES: usize = 64;

/// What there is to write in a note.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mended {
    /// In order of place, of the note as it stands.
    pub edits: Vec<FileEdit>,
    /// How many findings of a code they mend.
    pub fixed: BTreeMap<&'static str, usize>,
    /// How many findings of a code are there still: someone has to decide.
    pub left: BTreeMap<&'static str, usize>,
}

/// Mends the `wanted` findings of a note that need no asking. Afterwards each of its links and timestamps leads where it
/// led, and so does each link to the note: a fix after which one would not is left out. `document` must be the
/// snapshot's document of `note`.
pub fn fix_all(snapshot: &Snapshot, note: FileId, document: &Document, wanted: &dyn Fn(&str) -> bool) -> Mended {
    if snapshot.get(note).is_none_or(|file| file.set_aside) {
        return Mended::default();
    }
    let mut mended = Mended::default();
    let mut splices = Vec::new();
    let mut now = Cow::Borrowed(document);
    let mending = Mending { snapshot, note, leads: Leads::of(document), tries: Cell::new(TRIES) };
    for _ in 0..PASSES {
        let page = Page::new(snapshot, note, &now);
        let findings = findings_of(&page).into_iter().filter(|finding| wanted(finding.code)).collect::<Vec<_>>();
        mended.left = counted(findings.iter().map(|finding| finding.code));
        let sound = mending.most(&now, Vec::new(), &apart(findings.iter().filter_map(|it| patch(&page, it)).collect()));
        let Some(after) = applied(&now, &sound).filter(|_| !sound.is_empty()) else { break };
        for patch in &sound {
            *mended.fixed.entry(patch.code).or_default() += 1;
        }
        splices = composed(&splices, &now.source, &in_order(&sound));
        now = Cow::Owned(after);
    }
    mended.edits = splices.into_iter().map(|(span, text)| FileEdit { file: note, span, text }).collect();
    mended
}

/// What mends one finding.
#[derive(Clone)]
struct Patch {
    code: &'static str,
    splices: Vec<Splice>,
}

/// The fix of a finding that needs no asking. Such a one never reaches into another file.
fn patch(page: &Page, finding: &Finding) -> Option<Patch> {
    let check = CHECKS.iter().find(|check| check.code == finding.code && !check.automatic.is_empty())?;
    let Fix { change, .. } = (check.fixes)(page, finding).into_iter().find(|fix| fix.automatic)?;
    let is_here = change.create.is_empty() && change.moves.is_empty();
    let is_here = is_here && change.edits.iter().all(|edit| edit.file == page.note);
    let splices = change.edits.into_iter().map(|edit| (edit.span, edit.text)).collect();
    is_here.then_some(Patch { code: finding.code, splices })
}

/// Those of the patches that do not touch an earlier one: the others have their turn in the next pass.
fn apart(patches: Vec<Patch>) -> Vec<Patch> {
    let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
    let mut apart = Vec::with_capacity(patches.len());
    for patch in patches {
        let is_free = |(span, _): &Splice| {
            let before = taken.range(..=span.end).next_back();
            before.is_none_or(|(_, end)| *end < span.start)
        };
        if patch.splices.iter().all(is_free) {
            taken.extend(patch.splices.iter().map(|(span, _)| (span.start, span.end)));
            apart.push(patch);
        }
    }
    apart
}

fn in_order(patches: &[Patch]) -> Vec<Splice> {
    let mut splices: Vec<Splice> = patches.iter().flat_map(|patch| patch.splices.iter().cloned()).collect();
    splices.sort_by_key(|(span, _)| (span.start, span.end));
    splices
}

fn applied(document: &Document, patches: &[Patch]) -> Option<Document> {
    Some(Document::new(document.version, Text::new(&spliced(&document.source, &in_order(patches))?)))
}

fn counted(codes: impl Iterator<Item = &'static str>) -> BTreeMap<&'static str, usize> {
    let mut counted = BTreeMap::new();
    for code in codes {
        *counted.entry(code).or_default() += 1;
    }
    counted
}

/// A note that is being mended, and what must stay as it was.
struct Mending<'a> {
    snapshot: &'a Snapshot,
    note: FileId,
    leads: Leads<'a>,
    /// How many are left.
    tries: Cell<usize>,
}

impl Mending<'_> {
    /// The `sure` ones, with as many of the others as leave everything leading where it led. All together mostly do; where
    /// not, halves are tried, and halves of those.
    fn most(&self, document: &Document, sure: Vec<Patch>, others: &[Patch]) -> Vec<Patch> {
        let all = [&sure, others].concat();
        if others.is_empty() || self.is_sound(document, &all) {
            return all;
        }
        let (first, second) = others.split_at(others.len() / 2);
        if first.is_empty() || self.tries.get() == 0 {
            return sure;
        }
        let sure = self.most(document, sure, first);
        self.most(document, sure, second)
    }

    fn is_sound(&self, document: &Document, patches: &[Patch]) -> bool {
        let Some(tries) = self.tries.get().checked_sub(1) else { return false };
        self.tries.set(tries);
        applied(document, patches).is_some_and(|after| self.leads.stay(self.snapshot, self.note, &after))
    }
}
