//! A vault in numbers. One note is counted at a time, so that many can be counted at once.

use super::findings::{Finding, Page, findings_of};
use crate::syntax::{Target, TimestampForm};
use crate::text::Span;
use crate::vault::{Fact, FileId, Snapshot};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// What one note adds up to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    note: Option<FileId>,
    links: Links,
    timestamps: usize,
    /// Findings of timestamps, by code.
    found: BTreeMap<&'static str, usize>,
    /// How often each file is linked to.
    linked: FxHashMap<FileId, usize>,
    /// How often each video is cited.
    cited: FxHashMap<String, usize>,
}

/// The numbers of a vault. Lists are ordered by number, then by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stats {
    pub notes: usize,
    pub links: Links,
    pub timestamps: usize,
    /// Findings of timestamps by code, with the number of timestamps or notes that have it.
    pub defects: Vec<(&'static str, usize)>,
    /// Videos with the number of timestamps of them.
    pub videos: Vec<(String, usize)>,
    /// Notes and files by the number of links to them from other notes.
    pub most_linked: Vec<(FileId, usize)>,
    /// Notes that no other note links to, by path.
    pub orphans: Vec<FileId>,
}

/// Links by where they lead. Those that may be text, or lead to a file outside the vault, are in none of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Links {
    pub resolved: usize,
    /// Found by alias, title or slug.
    pub inexact: usize,
    /// One of several files was chosen.
    pub ambiguous: usize,
    pub broken_anchor: usize,
    pub broken: usize,
    /// Web addresses and the like.
    pub external: usize,
}

/// Counts a note; nothing if it cannot be read.
pub fn tally(snapshot: &Snapshot, note: FileId) -> Tally {
    let Some(document) = snapshot.document(note) else { return Tally::default() };
    let outline = &document.outline;
    let page = Page::new(snapshot, note, &document);
    let findings = findings_of(&page);
    let mut tally = Tally { note: Some(note), links: Links::of(&page, &findings), ..Tally::default() };
    tally.links.external = outline.links.iter().filter(|link| matches!(link.target, Target::External(_))).count();
    tally.timestamps = outline.timestamps.iter().filter(|it| it.form != TimestampForm::Fragment).count();
    for finding in findings.iter().filter(|it| it.code.starts_with("timestamp.") || it.code.starts_with("media.")) {
        *tally.found.entry(finding.code).or_default() += 1;
    }
    for resolved in page.links.iter().filter_map(|link| link.resolved.as_ref()).filter(|it| it.file != note) {
        *tally.linked.entry(resolved.file).or_default() += 1;
    }
    for id in outline.timestamps.iter().filter_map(|it| outline.video_of(it)) {
        *tally.cited.entry(id.to_owned()).or_default() += 1;
    }
    tally
}

/// Adds up the tallies of notes. What counts as an orphan depends on all notes, so links are those of the whole vault.
pub fn stats(snapshot: &Snapshot, tallies: &[Tally]) -> Stats {
    let mut all = Tally::default();
    for tally in tallies {
        all.add(tally);
    }
    let mut orphans: Vec<FileId> = tallies.iter().filter_map(|tally| tally.note).collect();
    let linked = linked_notes(snapshot, &all);
    orphans.retain(|note| !linked.contains(note));
    orphans.sort_by_key(|&note| snapshot.path(note));
    let mut most_linked: Vec<(FileId, usize)> = all.linked.iter().map(|(&file, &count)| (file, count)).collect();
    most_linked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| snapshot.path(a.0).cmp(snapshot.path(b.0))));
    let mut videos: Vec<(String, usize)> = all.cited.iter().map(|(id, &count)| (id.clone(), count)).collect();
    videos.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut defects: Vec<(&'static str, usize)> = all.found.iter().map(|(&code, &count)| (code, count)).collect();
    defects.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let notes = tallies.iter().filter(|tally| tally.note.is_some()).count();
    Stats { notes, links: all.links, timestamps: all.timestamps, defects, videos, most_linked, orphans }
}

/// The notes that some other note links to: those counted, and what the rest of the vault mentions.
fn linked_notes(snapshot: &Snapshot, counted: &Tally) -> FxHashSet<FileId> {
    let mut linked: FxHashSet<FileId> = counted.linked.keys().copied().collect();
    for (note, file) in snapshot.files().filter(|(_, file)| file.is_note()) {
        let mentions = file.facts.iter().filter_map(|(_, fact)| match fact {
            Fact::Mention(mention) => snapshot.resolve_mention(note, mention),
            _ => None,
        });
        linked.extend(mentions.map(|resolved| resolved.file).filter(|&target| target != note));
    }
    linked
}

impl Tally {
    fn add(&mut self, other: &Tally) {
        self.links.add(other.links);
        self.timestamps += other.timestamps;
        other.found.iter().for_each(|(code, count)| *self.found.entry(code).or_default() += count);
        other.linked.iter().for_each(|(&file, count)| *self.linked.entry(file).or_default() += count);
        other.cited.iter().for_each(|(id, count)| *self.cited.entry(id.clone()).or_default() += count);
    }
}

impl Links {
    /// Of a page, each link by the worst that was found of it.
    fn of(page: &Page, findings: &[Finding]) -> Links {
        let found: FxHashSet<(&str, Span)> = findings.iter().map(|finding| (finding.code, finding.span)).collect();
        let mut links = Links::default();
        for link in &page.links {
            let is_anchor = link.anchor_span.is_some_and(|span| found.contains(&("link.broken-anchor", span)));
            let is = |code| found.contains(&(code, link.name_span));
            if is("link.broken") {
                links.broken += 1;
            } else if is_anchor {
                links.broken_anchor += 1;
            } else if is("link.ambiguous") {
                links.ambiguous += 1;
            } else if is("link.inexact") {
                links.inexact += 1;
            } else if link.resolved.is_some() {
                links.resolved += 1;
            }
        }
        links
    }

    fn add(&mut self, other: Links) {
        self.resolved += other.resolved;
        self.inexact += other.inexact;
        self.ambiguous += other.ambiguous;
        self.broken_anchor += other.broken_anchor;
        self.broken += other.broken;
        self.external += other.external;
    }
}
