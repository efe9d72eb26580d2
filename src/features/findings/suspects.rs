//! Which notes can have findings at all, as far as what is remembered of them says: those need to be read. Knows facts, and
//! no text.

use super::page::Page;
use super::{CHECKS, Finding, findings_of, level_of};
use crate::config::Level;
use crate::syntax::Target;
use crate::vault::{Dialect, Document, Fact, FileId, Key, Mention, Snapshot, folder, resolve};
use std::sync::atomic::{AtomicU32, Ordering};

/// Tells notes that may have findings from those that have none, and remembers what it found out about names: most stand
/// in many notes.
pub struct Suspects<'a> {
    snapshot: &'a Snapshot,
    /// Where names lead as wikilinks, by key; see [`Lead`].
    leads: Box<[AtomicU32]>,
    /// A time that is earlier than the one before it is a finding.
    backwards: bool,
}

/// Where a wikilink of some name leads, whatever note it stands in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Lead {
    /// To this file, by the file's name.
    To(FileId),
    /// Nowhere, or to a file by another name: a finding.
    Astray,
    /// That depends on the note.
    Depends,
}

impl Suspects<'_> {
    pub fn of(snapshot: &Snapshot) -> Suspects<'_> {
        let leads = (0..snapshot.index.names.count()).map(|_| AtomicU32::new(UNKNOWN)).collect();
        let is_on = |code| CHECKS.iter().any(|it| it.code == code && level_of(snapshot.config(), it) != Level::Off);
        Suspects { snapshot, leads, backwards: is_on("timestamp.backwards") }
    }

    /// False means that the note has no findings. A note that was not read is one of the suspects.
    pub fn hold(&self, note: FileId) -> bool {
        let Some(file) = self.snapshot.get(note) else { return false };
        if file.set_aside {
            return false;
        }
        let was_read = file.stamp.is_some_and(|stamp| stamp.hash != 0) || self.snapshot.open_document(note).is_some();
        let (mut last, mut asked) = (None, None);
        !was_read
            || file.facts.iter().any(|(_, fact)| match fact {
                Fact::Doubt => true,
                Fact::Mention(mention) => self.is_doubtful_mention(note, mention),
                Fact::Moment(moment) => {
                    let is_backwards = moment.millis.is_some_and(|time| last.replace(time) > Some(time));
                    let other = moment.video.filter(|&video| asked.replace(video) != Some(video));
                    self.backwards && is_backwards || other.is_some_and(|video| self.has_a_transcript(video))
                }
                _ => false,
            })
    }

    /// The findings of a note, as [`findings`](super::findings) gives them.
    pub fn findings(&self, note: FileId, document: &Document) -> Vec<Finding> {
        if self.snapshot.get(note).is_none_or(|file| file.set_aside) {
            return Vec::new();
        }
        findings_of(&Page::without(self.snapshot, note, document, &|target| self.is_sound(target)))
    }

    fn is_sound(&self, target: &Target) -> bool {
        let Target::Name { name, anchor: None } = target else { return false };
        let key = self.snapshot.index.names.get(name);
        key.is_some_and(|key| matches!(self.lead(key), Lead::To(_)))
    }

    fn is_doubtful_mention(&self, note: FileId, mention: Mention) -> bool {
        let lead = match mention.dialect {
            Dialect::External => return false,
            Dialect::Path => Lead::Depends,
            Dialect::Name => self.lead(mention.name),
        };
        match lead {
            Lead::To(file) => !self.has_anchor(file, mention),
            Lead::Astray => true,
            Lead::Depends => self.snapshot.resolve_mention(note, mention).is_none_or(|it| {
                let is_elsewhere = || folder(self.snapshot.path(it.file)) != folder(self.snapshot.path(note));
                it.by.is_inexact() || !it.others.is_empty() && is_elsewhere() || !self.has_anchor(it.file, mention)
            }),
        }
    }

    /// Whether the part that a mention names, if it does, is there.
    fn has_anchor(&self, file: FileId, mention: Mention) -> bool {
        let is_there = |anchor| self.snapshot.anchor(file, mention.dialect, self.snapshot.index.names.text(anchor));
        mention.anchor.is_none_or(|anchor| is_there(anchor).is_some())
    }

    fn lead(&self, name: Key) -> Lead {
        let find = || lead(self.snapshot, self.snapshot.index.names.text(name));
        let Some(known) = self.leads.get(name.0 as usize) else { return find() };
        match known.load(Ordering::Relaxed) {
            UNKNOWN => {
                let lead = find();
                known.store(remembered(lead), Ordering::Relaxed);
                lead
            }
            ASTRAY => Lead::Astray,
            DEPENDS => Lead::Depends,
            file => Lead::To(FileId(file)),
        }
    }

    /// It may say where the video ends.
    fn has_a_transcript(&self, video: Key) -> bool {
        let index = &self.snapshot.index;
        index.transcripts_of(index.names.text(video)).len() > 0
    }
}

// No vault has as many files.
const UNKNOWN: u32 = u32::MAX;
const ASTRAY: u32 = u32::MAX - 1;
const DEPENDS: u32 = u32::MAX - 2;

fn remembered(lead: Lead) -> u32 {
    match lead {
        Lead::To(file) => file.0,
        Lead::Astray => ASTRAY,
        Lead::Depends => DEPENDS,
    }
}

fn lead(snapshot: &Snapshot, name: &str) -> Lead {
    // A name that begins with a dot is seen from the note's folder, and so is the choice between files that share one.
    if name.is_empty() || name.starts_with('.') || snapshot.index.files_named(name).len() > 1 {
        return Lead::Depends;
    }
    match resolve::resolve(snapshot, "", Dialect::Name, name) {
        Some(it) if it.by.is_inexact() => Lead::Astray,
        Some(it) => Lead::To(it.file),
        None => Lead::Astray,
    }
}
