//! Changes on disk: looks at paths, and takes in what is news there.
//!
//! A path is only a hint to look, so doubled, late and reordered hints are harmless. Whoever read a file takes it in only
//! if nobody else has meanwhile: the newest reading wins.

use super::disk::{self, OnDisk};
use super::document::facts_of;
use super::door::{Notice, Vault, lock};
use super::file::{FileId, FileKind, Listed, Stamp};
use super::names::NamesAside;
use super::obsidian::Obsidian;
use super::roots::{MARKS, is_marked};
use super::snapshot::Snapshot;
use super::transcripts;
use super::walk::{self, Sieve, Walk};
use super::writer::Read;
use crate::config;
use crate::cores::on_each_core;
use rustc_hash::{FxHashMap, FxHashSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder of a vault's own settings, which is watched though it is hidden.
pub const OBSIDIAN: &str = ".obsidian";

/// So many files are taken in at a time: an edit waits for them, but no longer than a millisecond.
const AT_ONCE: usize = 32;

/// What looking at paths came to.
#[derive(Default)]
struct Looked {
    /// Something was news.
    news: bool,
    /// Only a walk through the whole vault can tell what is part of it now.
    unsure: bool,
    /// Files that may say something new.
    files: Vec<Listed>,
    /// Paths where a folder may have gone, or given way to another: files that were in it may be gone too.
    replaced: FxHashSet<String>,
}

impl Vault {
    /// A hint: something may have changed at these absolute paths.
    pub fn look_at(self: &Arc<Self>, paths: &[PathBuf]) {
        let snapshot = self.latest();
        let (mut looked, mut sieve) = (Looked::default(), Sieve::new(&self.root, snapshot.config()));
        for path in paths {
            if let Some(path) = walk::relative(&self.root, path) {
                self.look_at_one(&path, &mut sieve, &mut looked);
            }
        }
        looked.news |= self.read(std::mem::take(&mut looked.files));
        self.forget_lost(&mut looked);
        if looked.unsure {
            self.list_again(&mut looked);
        }
        self.take_over(&looked);
    }

    /// As [`Vault::look_at`], but returns at once where there are so many that an editor would notice.
    pub fn look_at_in_time(self: &Arc<Self>, paths: Vec<PathBuf>) {
        if paths.len() <= AT_ONCE {
            return self.look_at(&paths);
        }
        self.behind("looked at", move |vault| vault.look_at(&paths), |_| {});
    }

    /// Looks at those of these files that are not open and whose time or size is not as in `snapshot`; true if any says
    /// something else by now.
    pub fn refresh(self: &Arc<Self>, snapshot: &Snapshot, files: &[FileId]) -> bool {
        let is_as_seen = |file: FileId| {
            let seen = snapshot.get(file).and_then(|file| file.stamp).map(|stamp| (stamp.size, stamp.modified));
            seen == disk::stamp(&snapshot.absolute(file)).map(|now| (now.size, now.modified))
        };
        let is_stale = |file: &FileId| snapshot.open_document(*file).is_none() && !is_as_seen(*file);
        let stale: Vec<FileId> =
            on_each_core(files, |files| files.iter().copied().filter(is_stale).collect::<Vec<_>>()).concat();
        let paths: Vec<PathBuf> = stale.iter().map(|&file| snapshot.absolute(file)).collect();
        if paths.is_empty() {
            return false;
        }
        self.look_at(&paths);
        let now = self.snapshot();
        let says = |snapshot: &Snapshot, file| snapshot.get(file).map(|file| file.stamp.map(|stamp| stamp.hash));
        stale.iter().any(|&file| says(snapshot, file) != says(&now, file))
    }

    /// Lists the vault again and looks at everything whose time or size differs.
    pub fn reconcile(self: &Arc<Self>) {
        let mut looked = Looked::default();
        self.list_again(&mut looked);
        self.take_over(&looked);
    }

    fn take_over(self: &Arc<Self>, looked: &Looked) {
        if looked.news {
            self.publish(lock(&self.writer));
            self.merge_if_due();
        }
    }

    fn look_at_one(&self, path: &str, sieve: &mut Sieve, looked: &mut Looked) {
        let absolute = self.root.join(path);
        if MARKS.contains(&path) {
            looked.news |= self.is_vault_now();
        }
        if path == config::FILE {
            self.tell([Notice::Settings]);
        }
        if absolute.ends_with(".gitignore") || absolute.ends_with(".ignore") {
            looked.unsure = true;
        } else if path == OBSIDIAN || path.strip_prefix(OBSIDIAN) == Some("/app.json") {
            looked.news |= self.obey_obsidian();
        } else if sieve.is_linked(&absolute) {
            looked.unsure = true;
        } else if disk::is_folder(&absolute) {
            looked.news |= self.forget(path);
            looked.replaced.insert(path.to_owned());
            self.look_into(&absolute, sieve, looked);
        } else {
            match sieve.kind_of(&absolute) {
                Some(kind) if disk::exists(&absolute) => looked.files.push((path.to_owned(), kind)),
                _ if self.forget(path) => looked.news = true,
                Some(_) => {
                    looked.replaced.insert(path.to_owned());
                    self.unwatch(&absolute);
                }
                None => {}
            }
        }
    }

    /// A folder that appeared: everything in it is news, and it is watched from now on.
    fn look_into(&self, folder: &Path, sieve: &mut Sieve, looked: &mut Looked) {
        if sieve.kind_of(&folder.join("x")).is_none() {
            return;
        }
        self.unwatch(folder);
        let found = self.walk_in(folder);
        looked.unsure |= !found.links.is_empty();
        let is_part = |(path, kind): &Listed| sieve.kind_of(&self.root.join(path)) == Some(*kind);
        looked.files.extend(found.files.into_iter().filter(is_part));
    }

    /// As [`Vault::walk`], for one folder.
    fn walk_in(&self, folder: &Path) -> Walk {
        loop {
            let found = walk::walk_in(&self.root, folder, self.latest().config());
            if !self.watch_folders(found.folders.iter()) {
                self.tell(found.problems.iter().cloned().map(Notice::Problem));
                return found;
            }
        }
    }

    fn list_again(&self, looked: &mut Looked) {
        // What is taken in while this walks is newer than what it finds, hence the files as they were before.
        let before = self.latest();
        let found = self.walk();
        let known: FxHashMap<&str, Option<Stamp>> = before.files().map(|(_, file)| (&*file.path, file.stamp)).collect();
        let seen = |stamp: Stamp| (stamp.size, stamp.modified);
        let is_as_seen = |path: &str| {
            let now = disk::stamp(&self.root.join(path));
            known.get(path).copied().flatten().map(seen) == now.map(seen)
        };
        let stale = found.files.iter().filter(|(path, _)| !is_as_seen(path));
        looked.news |= self.read(stale.cloned().collect());
        if !found.stopped {
            let listed: FxHashSet<&str> = found.files.iter().map(|(path, _)| path.as_str()).collect();
            for (id, file) in before.files().filter(|(_, file)| !listed.contains(&*file.path)) {
                let known = Some((id, file.stamp));
                looked.news |= self.take_out(&file.path, known).unwrap_or(false);
            }
        }
    }

    /// Reads files of the vault, and takes them in where they are news. True if one was.
    fn read(&self, mut files: Vec<Listed>) -> bool {
        let mut listed = FxHashSet::default();
        files.retain(|(path, _)| listed.insert(path.clone()));
        let mut news = false;
        while !files.is_empty() {
            let some = files.split_off(files.len().saturating_sub(AT_ONCE));
            let snapshot = self.latest();
            let mut aside = NamesAside::of(&snapshot.index.names);
            let read = some.into_iter().map(|(path, kind)| self.read_one(path, kind, &snapshot, &mut aside)).collect();
            let taken = self.take_in(read, &aside);
            news |= taken.news;
            files.extend(taken.again);
        }
        news
    }

    /// Reads a file, of which `snapshot` knows how it looked before, and names what it says in `aside`.
    fn read_one(&self, path: String, kind: FileKind, snapshot: &Snapshot, aside: &mut NamesAside) -> Fresh {
        let known = known(snapshot, &path);
        let reading = Reading::of(&self.root.join(&path), kind);
        self.tell(reading.problem(&path).map(Notice::Problem));
        let is_same = known.is_some_and(|(_, stamp)| reading.says_the_same(&path, stamp));
        let facts = reading.text().filter(|_| !is_same).map(|text| facts_of(text, &mut aside.names));
        Fresh {
            read: reading.stamp().map(|stamp| Read { path: path.clone(), kind, stamp, facts }),
            path,
            kind,
            known,
            is_same,
        }
    }

    /// A file is no longer part of the vault, whether it is there or not. True if it was.
    fn forget(&self, path: &str) -> bool {
        let known = known(&self.latest(), path);
        known.is_some() && self.take_out(path, known).unwrap_or(false)
    }

    /// Takes in what was read of files, each of them one time; but not where more is known by now: then what was read may be
    /// older than that.
    fn take_in(&self, files: Vec<Fresh>, aside: &NamesAside) -> Taken {
        let (mut taken, mut changed) = (Taken::default(), Vec::new());
        let mut writer = lock(&self.writer);
        for Fresh { path, kind, known, is_same, read } in files {
            if self::known(&writer.next, &path) != known {
                taken.again.push((path, kind));
                continue;
            }
            match (known, read) {
                (Some((file, _)), None) => taken.news |= writer.forget(file),
                (None, None) => {}
                (Some((file, _)), Some(read)) if is_same => writer.restamp(file, read.stamp),
                (_, Some(read)) => changed.push(read),
            }
        }
        taken.news |= !changed.is_empty();
        writer.read(changed, aside);
        taken
    }

    /// A file is gone of which this was known; true if that is news. `None` if more is known by now.
    fn take_out(&self, path: &str, known: Known) -> Option<bool> {
        let mut writer = lock(&self.writer);
        (self::known(&writer.next, path) == known).then(|| known.is_some_and(|(file, _)| writer.forget(file)))
    }

    /// A folder that is gone takes its files with it. One pass for all of them: most such paths never were folders.
    fn forget_lost(&self, looked: &mut Looked) {
        if looked.replaced.is_empty() {
            return;
        }
        let is_replaced = |path: &str| path.match_indices('/').any(|(end, _)| looked.replaced.contains(&path[..end]));
        for (_, file) in self.latest().files().filter(|(_, file)| is_replaced(&file.path)) {
            if !disk::exists(&self.root.join(&*file.path)) {
                looked.news |= self.forget(&file.path);
            }
        }
    }

    /// What is watched below a folder that went or came is another folder, if any.
    fn unwatch(&self, folder: &Path) {
        if let Some(watcher) = lock(&self.watcher).as_mut() {
            watcher.forget(folder);
        }
    }

    /// Reads Obsidian's settings, and watches for the next change of them. True if they changed.
    fn obey_obsidian(&self) -> bool {
        let folder = self.root.join(OBSIDIAN);
        if disk::is_folder(&folder) {
            self.watch_folders(std::iter::once(&folder));
        } else {
            self.unwatch(&folder);
        }
        let obsidian = Obsidian::read(&self.root);
        lock(&self.writer).obey(obsidian)
    }

    /// A folder that was none becomes a vault when it is marked. True if it was none.
    fn is_vault_now(&self) -> bool {
        let is_marked = is_marked(&self.root);
        let mut writer = lock(&self.writer);
        is_marked && !std::mem::replace(&mut writer.next.is_vault, true)
    }

    /// The vault with all that was taken in, published or not.
    fn latest(&self) -> Snapshot {
        lock(&self.writer).next.clone()
    }
}

/// What was read of a file just now.
struct Fresh {
    path: String,
    kind: FileKind,
    /// What was known of it before it was read.
    known: Known,
    /// It says what it said.
    is_same: bool,
    /// `None` where nothing is there any more.
    read: Option<Read>,
}

/// What taking in came to.
#[derive(Default)]
struct Taken {
    news: bool,
    /// What is to be read once more.
    again: Vec<Listed>,
}

/// A file and how it looked when it was read last.
type Known = Option<(FileId, Option<Stamp>)>;

fn known(snapshot: &Snapshot, path: &str) -> Known {
    snapshot.file(path).map(|file| (file, snapshot.entry(file).stamp))
}

/// What the disk says of a path.
enum Reading {
    /// Nothing is there, or nothing that is part of the vault.
    Gone,
    Attachment(Stamp),
    Note(OnDisk),
    /// A note is there and cannot be read: why.
    Unreadable(Stamp, String),
}

impl Reading {
    fn of(path: &Path, kind: FileKind) -> Reading {
        let Some(stamp) = disk::stamp(path) else { return Reading::Gone };
        if kind == FileKind::Attachment {
            return Reading::Attachment(stamp);
        }
        match disk::read(path) {
            Ok(on_disk) => Reading::Note(on_disk),
            Err(error) if error.kind() == ErrorKind::NotFound => Reading::Gone,
            Err(error) => Reading::Unreadable(stamp, error.to_string()),
        }
    }

    fn stamp(&self) -> Option<Stamp> {
        match self {
            Reading::Gone => None,
            Reading::Attachment(stamp) | Reading::Unreadable(stamp, _) => Some(*stamp),
            Reading::Note(on_disk) => Some(on_disk.stamp),
        }
    }

    /// Whether a file that is known, and looked like this, is what it was.
    fn says_the_same(&self, path: &str, known: Option<Stamp>) -> bool {
        match self {
            Reading::Gone => false,
            // What an attachment holds is nobody's concern, unless it is a transcript.
            Reading::Attachment(stamp) => known == Some(*stamp) || transcripts::named(path).is_none(),
            Reading::Unreadable(stamp, _) => known == Some(*stamp),
            Reading::Note(OnDisk { stamp, text: None, .. }) => known == Some(*stamp),
            Reading::Note(OnDisk { stamp, .. }) => known.is_some_and(|known| known.hash == stamp.hash),
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Reading::Note(on_disk) => on_disk.text.as_deref(),
            _ => None,
        }
    }

    /// What the user should know of it.
    fn problem(&self, path: &str) -> Option<String> {
        match self {
            Reading::Note(on_disk) => on_disk.problem(path),
            Reading::Unreadable(_, why) => Some(format!("reading {path}: {why}")),
            Reading::Gone | Reading::Attachment(_) => None,
        }
    }
}
