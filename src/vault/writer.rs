//! The next snapshot in the making: turns each change into the difference of two fact sets.
//!
//! Knows no lock, no thread and no disk.

use super::document::Document;
use super::facts::Facts;
use super::file::{File, FileId, FileKind, Listed, Stamp};
use super::index::{Builder, Index};
use super::load::{self, Batch};
use super::names::{Key, NamesAside};
use super::obsidian::Obsidian;
use super::postings::Pairs;
use super::snapshot::{Overview, Snapshot};
use super::supposed::kind;
use crate::syntax::name;
use crate::text::{Edit, Encoding, Text};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::sync::Arc;

/// The index is merged when more terms and names than this stand outside its frozen part.
const MERGE_LEAST: usize = 50_000;

/// How many files that went are remembered.
const MOST_DEPARTED: usize = 10_000;

pub struct Writer {
    /// What will be published next.
    pub next: Snapshot,
    open: FxHashMap<FileId, OpenNote>,
}

/// The text an editor holds.
struct OpenNote {
    version: i32,
    text: Text,
    /// The text has edits that no snapshot has seen.
    dirty: bool,
}

/// What was read of a file.
pub struct Read {
    pub path: String,
    pub kind: FileKind,
    pub stamp: Stamp,
    /// `None` where nothing is known of it but its name.
    pub facts: Option<Facts>,
}

/// An index built aside, from the files as they were when the building began.
pub struct Rebuilt {
    /// The files it was begun from, to tell which have changed since.
    base: imbl::Vector<Option<Arc<File>>>,
    /// The same files, their facts in the names of `index`.
    pub files: imbl::Vector<Option<Arc<File>>>,
    pub index: Index,
    overview: Arc<Overview>,
}

impl Writer {
    pub fn new(snapshot: Snapshot) -> Writer {
        Writer { next: snapshot, open: FxHashMap::default() }
    }

    /// An editor opened a note.
    pub fn open(&mut self, path: &str, version: i32, text: &str) {
        let note = self.next.file(path).unwrap_or_else(|| self.add(path, FileKind::Note));
        self.count_as(note, FileKind::Note); // Whatever its name: an editor says so.
        self.open.insert(note, OpenNote { version, text: Text::new(text), dirty: true });
    }

    /// Applies edits in order; O(edits). False if the note is not open.
    pub fn edit(&mut self, path: &str, version: i32, edits: &[Edit], encoding: Encoding) -> bool {
        let Some(open) = self.next.file(path).and_then(|note| self.open.get_mut(&note)) else { return false };
        edits.iter().for_each(|edit| open.text.edit(edit, encoding));
        (open.version, open.dirty) = (version, true);
        true
    }

    /// The editor let go of a note: what the disk holds is news, whatever it is. False if it was not open.
    pub fn close(&mut self, path: &str) -> bool {
        let Some(note) = self.next.file(path) else { return false };
        if self.open.remove(&note).is_none() {
            return false;
        }
        Arc::make_mut(&mut self.next.open).remove(&note);
        match self.next.entry(note).stamp {
            Some(_) => {
                self.update(note, |file| file.stamp = Some(Stamp::default()));
                if name::note_stem(self.next.entry(note).name()).is_none() {
                    self.count_as(note, FileKind::Attachment);
                    self.update(note, |file| file.facts = Facts::default()); // Nobody will read what it says.
                }
            }
            None => self.set(note, None),
        }
        true
    }

    /// Scans the open notes that have edits no snapshot has seen; true if there were any.
    pub fn rescan(&mut self) -> bool {
        let dirty: Vec<FileId> = self.open.iter().filter(|(_, open)| open.dirty).map(|(&note, _)| note).collect();
        for &note in &dirty {
            let Some(open) = self.open.get_mut(&note) else { continue };
            open.dirty = false;
            let document = Arc::new(Document::new(open.version, open.text.clone()));
            self.take_in(note, &document);
            Arc::make_mut(&mut self.next.open).insert(note, document);
        }
        !dirty.is_empty()
    }

    /// Files were read, each of them one time, and what they say named in `aside`. The editor's text wins while it is open.
    pub fn read(&mut self, files: Vec<Read>, aside: &NamesAside) {
        let mut changes = Vec::with_capacity(files.len());
        for Read { path, kind, stamp, facts } in files {
            let (id, mut file) = match self.next.file(&path) {
                Some(id) => (id, self.next.entry(id).clone()),
                None => (self.reserve(), self.unread(&path, kind)),
            };
            file.stamp = Some(stamp);
            if !self.open.contains_key(&id) {
                let names = &mut self.next.index.names;
                file.facts = facts.map(|facts| facts.moved(|key| aside.key_in(names, key))).unwrap_or_default();
            }
            changes.push((id, Some(file)));
        }
        let notes: Vec<FileId> = changes.iter().map(|(id, _)| *id).collect();
        self.set_all(changes);
        self.see_whether_it_is_a_vault(&notes);
    }

    /// A file says what it said, but looks different on disk.
    pub fn restamp(&mut self, file: FileId, stamp: Stamp) {
        if self.next.get(file).is_some_and(|file| file.stamp != Some(stamp)) {
            self.update(file, |file| file.stamp = Some(stamp));
        }
    }

    /// A file is no longer on disk, or no longer part of the vault. An open note stays. True if that changes anything.
    pub fn forget(&mut self, file: FileId) -> bool {
        if !self.open.contains_key(&file) {
            self.remember(file);
            self.set(file, None);
            return true;
        }
        let was_there = self.next.get(file).is_some_and(|file| file.stamp.is_some());
        self.update(file, |file| file.stamp = None);
        was_there
    }

    /// Files get other paths, all at once: two may change places.
    pub fn relocate(&mut self, moved: &[(FileId, String)]) {
        for (id, path) in moved {
            let set_aside = self.next.obsidian.sets_aside(path);
            self.update(*id, |file| {
                (file.path, file.kind, file.set_aside) = (path.as_str().into(), kind(path), set_aside)
            });
        }
        self.next.forget_names();
    }

    /// Keeps where a file was that goes: it may have gone elsewhere.
    fn remember(&mut self, file: FileId) {
        let Some(file) = self.next.get(file) else { return };
        let Some(stamp) = file.stamp.filter(|stamp| stamp.hash != 0) else { return };
        let path = file.path.clone();
        if self.next.departed.len() == MOST_DEPARTED {
            self.next.departed.pop_front();
        }
        self.next.departed.push_back((path, stamp.hash));
    }

    /// Obsidian's settings changed; true if they did.
    pub fn obey(&mut self, obsidian: Obsidian) -> bool {
        if *self.next.obsidian == obsidian {
            return false;
        }
        let moved = |file: &File| file.set_aside != obsidian.sets_aside(&file.path);
        let moved: Vec<FileId> = self.next.files().filter(|(_, file)| moved(file)).map(|(id, _)| id).collect();
        for file in moved {
            self.update(file, |file| file.set_aside = !file.set_aside);
        }
        self.next.obsidian = Arc::new(obsidian);
        true
    }

    /// Takes up files before any is read, and forgets all others that were known `before` they were listed: what was taken
    /// in since may have come since. They are found by name after [`Writer::index_names`].
    pub fn enlist(&mut self, before: &Snapshot, files: &[Listed]) {
        let listed: FxHashSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        for (id, file) in before.files().filter(|(_, file)| !listed.contains(&*file.path)) {
            if self.next.get(id).is_some_and(|now| now.stamp == file.stamp) {
                self.forget(id);
            }
        }
        let known: FxHashSet<Box<str>> = self.next.files().map(|(_, file)| file.path.clone()).collect();
        for (path, kind) in files.iter().filter(|(path, _)| !known.contains(path.as_str())) {
            let (id, file) = (self.reserve(), self.unread(path, *kind));
            if self.next.loaded {
                self.next.recent.insert(id);
            }
            self.next.files.set(id.index(), Some(Arc::new(file))); // The index is built anew below.
        }
        self.next.forget_names();
    }

    /// Makes all files known by name.
    pub fn index_names(&mut self) {
        let rebuilt = Rebuilt::merged(&self.next);
        (self.next.files, self.next.index, self.next.listed) = (rebuilt.files, rebuilt.index, true);
    }

    /// Takes over an index that was built aside, and then what has changed since it was begun.
    pub fn rebase(&mut self, rebuilt: Rebuilt) {
        let Rebuilt { base, files, index, overview } = rebuilt;
        self.next.overview = overview;
        self.next.recent.clear();
        let before = std::mem::replace(&mut self.next.index, index);
        let now = std::mem::replace(&mut self.next.files, files);
        while self.next.files.len() < now.len() {
            self.next.files.push_back(None);
        }
        let base = base.iter().map(Some).chain(std::iter::repeat(None));
        for (id, (file, base)) in now.iter().zip(base).enumerate() {
            let id = FileId(id as u32);
            if base.is_some_and(|base| same(base, file)) && !self.open.contains_key(&id) {
                continue;
            }
            // The text of an open note is the editor's, how the file looks is not.
            let looked = base.and_then(|base| base.as_ref().map(|base| base.stamp));
            let moved = file.as_ref().map(|file| {
                let is_newer = looked == Some(file.stamp);
                let stamp = self.next.get(id).and_then(|read| read.stamp).filter(|_| is_newer).or(file.stamp);
                let names = &mut self.next.index.names;
                File { stamp, facts: file.facts.moved(|key| names.intern(before.names.text(key))), ..(**file).clone() }
            });
            self.set(id, moved);
        }
    }

    /// Whether enough stands outside the frozen part of the index to build it anew: about 2 % of what the notes say.
    pub fn is_merge_due(&self) -> bool {
        self.next.index.recent() > MERGE_LEAST.max(self.next.files.len())
    }

    /// Replaces the facts of a note by those of a text.
    pub(super) fn take_in(&mut self, note: FileId, document: &Document) {
        let facts = document.facts(&mut self.next.index.names);
        self.update(note, |file| file.facts = facts);
        self.see_whether_it_is_a_vault(&[note]);
    }

    /// A folder that was none becomes a vault with the first link that leads somewhere.
    fn see_whether_it_is_a_vault(&mut self, notes: &[FileId]) {
        if !self.next.is_vault && self.next.loaded {
            self.next.is_vault = notes.iter().any(|&note| self.next.has_a_wikilink_that_resolves(note));
        }
    }

    pub(super) fn add(&mut self, path: &str, kind: FileKind) -> FileId {
        let (id, file) = (self.reserve(), self.unread(path, kind));
        self.set(id, Some(file));
        id
    }

    /// The id of a file that is about to come.
    fn reserve(&mut self) -> FileId {
        let id = self.next.ids();
        self.next.files.push_back(None);
        id
    }

    /// A file of which nothing is known but its path.
    fn unread(&self, path: &str, kind: FileKind) -> File {
        let set_aside = self.next.obsidian.sets_aside(path);
        File { path: path.into(), kind, set_aside, stamp: None, facts: Facts::default() }
    }

    fn count_as(&mut self, id: FileId, kind: FileKind) {
        if self.next.entry(id).kind != kind {
            self.update(id, |file| file.kind = kind);
            self.next.forget_names();
        }
    }

    fn update(&mut self, id: FileId, change: impl FnOnce(&mut File)) {
        let Some(Some(file)) = self.next.files.get(id.0 as usize) else { return };
        let mut file = (**file).clone();
        change(&mut file);
        self.set(id, Some(file));
    }

    pub(super) fn set(&mut self, id: FileId, file: Option<File>) {
        self.set_all(vec![(id, file)]);
    }

    /// Each file comes once.
    fn set_all(&mut self, changes: Vec<(FileId, Option<File>)>) {
        let Snapshot { index, files, recent, .. } = &mut self.next;
        let old = |id: FileId| files.get(id.index()).and_then(Option::as_deref);
        index.replace(changes.iter().map(|(id, file)| (*id, old(*id), file.as_ref())));
        let are_others = changes.iter().any(|(id, file)| old(*id).is_some() != file.is_some());
        for (id, file) in changes {
            recent.insert(id);
            files.set(id.index(), file.map(Arc::new));
        }
        if are_others {
            self.next.forget_names();
        }
    }
}

impl Rebuilt {
    /// The same facts as the snapshot's, all of them frozen, without the names that no note states any more.
    pub fn merged(snapshot: &Snapshot) -> Rebuilt {
        let mut builder = Builder::default();
        let names = &snapshot.index.names;
        let files = snapshot.files.iter().enumerate();
        let files = files.map(|(id, file)| Some(builder.take(FileId(id as u32), file.as_ref()?, names)));
        Rebuilt::new(snapshot, files.collect(), builder.finish())
    }

    fn new(snapshot: &Snapshot, files: imbl::Vector<Option<Arc<File>>>, index: Index) -> Rebuilt {
        Rebuilt { base: snapshot.files.clone(), files, index, overview: Arc::default() }
    }

    /// Prepares what is made of all files at once, so that nobody has to wait for it who types.
    pub fn prepare(&self, snapshot: &Snapshot) {
        let (files, index, overview) = (self.files.clone(), self.index.clone(), self.overview.clone());
        Snapshot { files, index, overview, recent: imbl::HashSet::default(), ..snapshot.clone() }.prepare();
    }

    /// The snapshot's files with the facts that were read of them.
    pub fn loaded(snapshot: &Snapshot, batches: Vec<Batch>) -> Rebuilt {
        let (mut builder, named) = named(batches);
        let moved = std::thread::scope(|scope| {
            let work = |(batch, keys): (Batch, Vec<Key>)| scope.spawn(move || moved(snapshot, batch, &keys));
            let threads: Vec<_> = named.into_iter().map(work).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).collect::<Vec<_>>()
        });
        let mut files: Vec<Option<Arc<File>>> = vec![None; snapshot.files.len()];
        for Moved { notes, pairs } in moved {
            builder.add(pairs);
            notes.into_iter().for_each(|(id, file)| files[id.0 as usize] = Some(file));
        }
        for (id, (file, known)) in files.iter_mut().zip(&snapshot.files).enumerate() {
            if file.is_none()
                && let Some(known) = known
            {
                *file = Some(builder.take(FileId(id as u32), known, &snapshot.index.names));
            }
        }
        Rebuilt::new(snapshot, files.into_iter().collect(), builder.finish())
    }
}

/// A builder that knows all names of the batches, and of each batch under which keys.
fn named(mut batches: Vec<Batch>) -> (Builder, Vec<(Batch, Vec<Key>)>) {
    let mut builder = Builder::default();
    // The names of one batch are taken over as they are: best of the largest.
    batches.sort_by_key(|batch| Reverse(batch.statements.names.len()));
    let named = batches.into_iter().map(|mut batch| {
        let names = std::mem::take(&mut batch.statements.names);
        let known = &mut builder.statements.names;
        let keys = if known.len() == 0 {
            *known = names;
            (0..known.len() as u32).map(Key).collect()
        } else {
            names.iter().map(|name| known.intern(name)).collect()
        };
        (batch, keys)
    });
    let named = named.collect();
    (builder, named)
}

/// The notes of a batch and what they state, in other names than its own.
struct Moved {
    notes: Vec<(FileId, Arc<File>)>,
    pairs: Pairs,
}

fn moved(snapshot: &Snapshot, batch: Batch, keys: &[Key]) -> Moved {
    let rename = |key: Key| keys[key.0 as usize];
    let note = |note: load::Note| {
        let file = snapshot.get(note.id)?;
        let facts = batch.facts.moved(&note.facts, rename);
        let file = File {
            path: file.path.clone(),
            kind: file.kind,
            set_aside: file.set_aside,
            stamp: Some(note.stamp),
            facts,
        };
        Some((note.id, Arc::new(file)))
    };
    let mut pairs = batch.statements.pairs;
    pairs.rename(rename);
    Moved { notes: batch.notes.into_iter().filter_map(note).collect(), pairs }
}

fn same(a: &Option<Arc<File>>, b: &Option<Arc<File>>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::facts_of;
    use super::*;
    use crate::config::Config;
    use crate::syntax::Scanner;

    fn writer() -> Writer {
        let root = std::path::Path::new("/nowhere").into();
        Writer::new(Snapshot::new(root, Arc::new(Config::default())))
    }

    fn headings(writer: &Writer, path: &str) -> Vec<String> {
        let file = writer.next.file(path).and_then(|id| writer.next.get(id));
        file.map_or_else(Vec::new, |file| file.facts.headings().map(|(_, heading)| heading.text.to_owned()).collect())
    }

    fn read(writer: &mut Writer, path: &str, stamp: Stamp, text: &str) {
        let mut aside = NamesAside::of(&writer.next.index.names);
        let facts = Some(facts_of(text, &mut aside.names));
        writer.read(vec![Read { path: path.into(), kind: FileKind::Note, stamp, facts }], &aside);
    }

    const STAMP: Stamp = Stamp { size: 1, modified: 1, hash: 1 };

    #[test]
    fn a_note_edited_while_it_is_loaded_keeps_its_text_and_learns_how_it_looks_on_disk() {
        let mut writer = writer();
        writer.open("a.md", 1, "# Open");
        writer.enlist(&writer.next.clone(), &[("a.md".into(), FileKind::Note)]);
        writer.index_names();
        let (listed, id) = (writer.next.clone(), writer.next.file("a.md").unwrap());
        writer.edit("a.md", 2, &[Edit { range: None, text: "# Edited".into() }], Encoding::Utf8);
        writer.rescan();
        let mut batch = Batch::default();
        batch.take(id, "a.md", STAMP, "# On disk", &mut Scanner::default());
        writer.rebase(Rebuilt::loaded(&listed, vec![batch]));
        assert_eq!(headings(&writer, "a.md"), ["Edited"]);
        assert_eq!(writer.next.entry(id).stamp, Some(STAMP));
        assert_eq!(writer.next.discrepancies(), [""; 0]);
    }

    #[test]
    fn what_changed_on_disk_while_it_was_loaded_is_newer_than_what_was_loaded() {
        let mut writer = writer();
        writer.enlist(&writer.next.clone(), &[("a.md".into(), FileKind::Note)]);
        writer.index_names();
        let (listed, id) = (writer.next.clone(), writer.next.file("a.md").unwrap());
        let newer = Stamp { modified: 2, hash: 2, ..STAMP };
        read(&mut writer, "a.md", newer, "# Newer");
        let mut batch = Batch::default();
        batch.take(id, "a.md", STAMP, "# Older", &mut Scanner::default());
        writer.rebase(Rebuilt::loaded(&listed, vec![batch]));
        assert_eq!(headings(&writer, "a.md"), ["Newer"]);
        assert_eq!(writer.next.entry(id).stamp, Some(newer));
    }

    #[test]
    fn a_list_forgets_what_was_known_before_and_not_what_came_since() {
        let mut writer = writer();
        for path in ["gone.md", "a.md"] {
            read(&mut writer, path, STAMP, "");
        }
        let before = writer.next.clone();
        read(&mut writer, "new.md", STAMP, "");
        writer.enlist(&before, &[("a.md".into(), FileKind::Note), ("b.md".into(), FileKind::Note)]);
        let paths: Vec<_> = writer.next.files().map(|(_, file)| &*file.path).collect();
        assert_eq!(paths, ["a.md", "new.md", "b.md"]);
    }
}
