//! A vault checked against itself: what it remembers, in words, and where that is not what its notes say.
//!
//! Knows snapshots; is slow, and asked for by tests and by people who look for a fault.

use super::document::Document;
use super::facts::Fact;
use super::file::{File, FileId};
use super::names::{Key, Names};
use super::postings::Kind;
use super::snapshot::Snapshot;
use super::writer::Rebuilt;
use std::collections::BTreeSet;

impl Snapshot {
    /// Everything that is remembered, a line each, whatever its history: two vaults of the same texts say the same.
    pub fn memory(&self) -> BTreeSet<String> {
        let mut lines: BTreeSet<String> = self.index_lines().collect();
        for (_, file) in self.files() {
            lines.insert(format!("{} is {:?}, set aside: {}", file.path, file.kind, file.set_aside));
            lines.extend(facts(&self.index.names, file));
        }
        lines
    }

    /// Where the index is not that of its notes, and open notes are not remembered by their text. Empty, but for faults.
    pub fn discrepancies(&self) -> Vec<String> {
        let Rebuilt { files, index, .. } = Rebuilt::merged(self);
        let anew = Snapshot { files, index, ..self.clone() }.memory();
        let lives = self.memory();
        let stale = lives.difference(&anew).map(|line| format!("remembered, and not so: {line}"));
        let missed = anew.difference(&lives).map(|line| format!("not remembered: {line}"));
        let misread = self.open_notes().filter(|(note, document)| !self.is_read_well(*note, document));
        let misread = misread.map(|(note, _)| format!("not as its text says: {}", self.path(note)));
        stale.chain(missed).chain(misread).collect()
    }

    fn index_lines(&self) -> impl Iterator<Item = String> + '_ {
        self.index.all().map(|(kind, name, values)| {
            let mut values: Vec<&str> = values.iter().map(|&value| self.value(kind, value)).collect();
            values.sort_unstable();
            format!("{kind:?} {name:?}: {values:?}")
        })
    }

    fn value(&self, kind: Kind, value: u32) -> &str {
        match kind {
            Kind::Spelling => self.index.names.text(Key(value)),
            _ => self.path(FileId(value)),
        }
    }

    fn is_read_well(&self, note: FileId, document: &Document) -> bool {
        let anew = Document::new(document.version, document.text.clone());
        let mut names = self.index.names.clone();
        let facts = anew.facts(&mut names);
        anew.source == document.source && self.get(note).is_some_and(|file| file.facts == facts)
    }
}

fn facts<'a>(names: &'a Names, file: &'a File) -> impl Iterator<Item = String> + 'a {
    let key = |key: Key| names.text(key);
    file.facts.iter().map(move |(place, fact)| {
        let said = match fact {
            Fact::Mention(it) => {
                let (name, anchor) = (key(it.name), it.anchor.map(key));
                format!("{:?} {name:?} {anchor:?} {:?}", it.dialect, it.label)
            }
            Fact::Tag(tag) => format!("tag {:?}", key(tag)),
            Fact::Moment(it) => format!("moment {:?} {:?}", it.video.map(key), it.millis),
            Fact::Medium(video) | Fact::Video(video) => format!("video {:?}", key(video)),
            said => format!("{said:?}"),
        };
        format!("{} {:?}-{:?}: {said}", file.path, place.start, place.end)
    })
}
