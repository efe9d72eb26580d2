//! Which notes can have findings at all, as far as what is remembered of them says: those need to be read. Knows facts, and
//! no text.

use super::{CHECKS, level_of};
use crate::config::Level;
use crate::vault::{Dialect, Fact, FileId, Found, Key, Mention, Snapshot, folder, resolve};
use std::sync::atomic::{AtomicU8, Ordering};

/// Tells notes that may have findings from those that have none, and remembers what it found out about names: most stand
/// in many notes.
pub struct Suspects<'a> {
    snapshot: &'a Snapshot,
    /// By key: nothing yet, or one of the two below.
    names: Box<[AtomicU8]>,
    /// A time that is earlier than the one before it is a finding.
    backwards: bool,
}

/// Written as a wikilink, the name leads to one file from everywhere, and by that file's name.
const CLEAR: u8 = 1;
const UNCLEAR: u8 = 2;

impl Suspects<'_> {
    pub fn of(snapshot: &Snapshot) -> Suspects<'_> {
        let names = (0..snapshot.index.names.len()).map(|_| AtomicU8::new(0)).collect();
        let is_on = |code| CHECKS.iter().any(|it| it.code == code && level_of(snapshot.config(), it) != Level::Off);
        Suspects { snapshot, names, backwards: is_on("timestamp.backwards") }
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

    fn is_doubtful_mention(&self, note: FileId, mention: Mention) -> bool {
        let Mention { dialect, name, anchor, .. } = mention;
        if dialect == Dialect::External || dialect == Dialect::Name && anchor.is_none() && self.is_clear(name) {
            return false;
        }
        let Some(resolved) = self.snapshot.resolve_mention(note, mention) else { return true };
        let is_elsewhere = || folder(self.snapshot.path(resolved.file)) != folder(self.snapshot.path(note));
        let leads = |anchor: Key| {
            let anchor = self.snapshot.index.names.text(anchor);
            self.snapshot.anchor(resolved.file, dialect, anchor).is_some()
        };
        resolved.by.is_inexact()
            || !resolved.others.is_empty() && is_elsewhere()
            || anchor.is_some_and(|anchor| !leads(anchor))
    }

    fn is_clear(&self, name: Key) -> bool {
        let Some(known) = self.names.get(name.0 as usize) else { return false };
        if known.load(Ordering::Relaxed) == 0 {
            let is_clear = is_clear(self.snapshot, self.snapshot.index.names.text(name));
            known.store(if is_clear { CLEAR } else { UNCLEAR }, Ordering::Relaxed);
        }
        known.load(Ordering::Relaxed) == CLEAR
    }

    /// It may say where the video ends.
    fn has_a_transcript(&self, video: Key) -> bool {
        let index = &self.snapshot.index;
        index.transcripts_of(index.names.text(video)).len() > 0
    }
}

/// Only a name that begins with a dot can mean something else in another folder, if no two files share it.
fn is_clear(snapshot: &Snapshot, name: &str) -> bool {
    let resolved = || resolve::resolve(snapshot, "", Dialect::Name, name);
    let is_exact = |found: Found| matches!(found, Found::Path | Found::Name);
    name.is_empty() || !name.starts_with('.') && resolved().is_some_and(|it| is_exact(it.by) && it.others.is_empty())
}
