//! The one door for change: every edit, open, close and change on disk comes through here.
//!
//! One writer behind a lock makes and publishes the snapshots. Readers hold snapshots and never wait for it; nobody holds
//! the lock while reading a file or answering.

use super::disk;
use super::document::Document;
use super::file::{FileId, FileKind, Stamp};
use super::load;
use super::obsidian::Obsidian;
use super::snapshot::Snapshot;
use super::transcripts;
use super::walk;
use super::watch::Watcher;
use super::writer::{Rebuilt, Writer};
use crate::config::{Config, Watch};
use crate::text::{Edit, Encoding, Text};
use arc_swap::ArcSwap;
use rustc_hash::FxHashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// A folder that is no vault is not walked further than this without asking.
pub const MAX_FILES_UNASKED: usize = 20_000;
/// What marks a folder as a vault.
pub const MARKERS: [&str; 7] =
    [".obsidian", ".vaultls.toml", ".foam", ".zk", "logseq", "quartz.config.ts", "quartz.config.js"];

/// A vault of notes, kept in step with editors and disk.
pub struct Vault {
    root: Arc<Path>,
    writer: Mutex<Writer>,
    current: ArcSwap<Snapshot>,
    progress: Mutex<Progress>,
    progressed: Condvar,
    hook: OnceLock<Box<dyn Fn() + Send + Sync>>,
    notices: Mutex<Vec<Notice>>,
    watcher: Mutex<Option<Watcher>>,
    merging: AtomicBool,
}

/// How far loading is, in notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Progress {
    pub read: usize,
    pub total: usize,
    pub done: bool,
}

/// Something the user should be told once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A file or folder that could not be read as it should be: a sentence that names it.
    Problem(String),
    /// The folder has more than [`MAX_FILES_UNASKED`] files and nothing marks it as a vault: [`Vault::load_all`] reads it
    /// all the same.
    TooManyFiles,
}

// What readers and editors see.
impl Vault {
    /// Begins to load the vault at `root` and returns at once.
    pub fn open(root: &Path, config: Config) -> Arc<Vault> {
        let root: Arc<Path> = root.into();
        let snapshot = Snapshot::new(root.clone(), Arc::new(config));
        let vault = Arc::new(Vault {
            root,
            current: ArcSwap::from_pointee(snapshot.clone()),
            writer: Mutex::new(Writer::new(snapshot)),
            progress: Mutex::default(),
            progressed: Condvar::new(),
            hook: OnceLock::new(),
            notices: Mutex::default(),
            watcher: Mutex::default(),
            merging: AtomicBool::new(false),
        });
        let limit = if is_marked(&vault.root) { usize::MAX } else { MAX_FILES_UNASKED };
        vault.behind("loaded", move |vault| vault.load(limit));
        vault
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The vault as it is now: every edit made before is in it.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        let mut writer = lock(&self.writer);
        if writer.rescan() {
            self.publish(writer);
        }
        self.current.load_full()
    }

    pub fn progress(&self) -> Progress {
        *lock(&self.progress)
    }

    /// Blocks until all files have been read; false when `cancelled` said so before (asked every few milliseconds).
    pub fn wait_until_loaded(&self, cancelled: &dyn Fn() -> bool) -> bool {
        while !self.progress().done {
            // Asked without the lock: it may look at the progress.
            if cancelled() {
                return false;
            }
            let progress = lock(&self.progress);
            if !progress.done {
                let _ = self.progressed.wait_timeout(progress, Duration::from_millis(10));
            }
        }
        true
    }

    /// Calls `hook` after each change that readers can see, and when a notice is there. It must return at once and not
    /// call back. Only the first hook counts.
    pub fn on_change(&self, hook: impl Fn() + Send + Sync + 'static) {
        let _ = self.hook.set(Box::new(hook));
    }

    /// What the user should be told, each once.
    pub fn take_notices(&self) -> Vec<Notice> {
        std::mem::take(&mut *lock(&self.notices))
    }

    /// An editor opened a note. `path` is relative to the root; the note need not exist on disk.
    pub fn open_note(&self, path: &str, version: i32, text: &str) {
        lock(&self.writer).open(path, version, text);
        self.changed();
    }

    /// Applies edits in order and marks the note dirty; O(edits). False if the note is not open.
    pub fn edit_note(&self, path: &str, version: i32, edits: &[Edit], encoding: Encoding) -> bool {
        let is_open = lock(&self.writer).edit(path, version, edits, encoding);
        self.changed();
        is_open
    }

    /// Back to what is on disk now.
    pub fn close_note(self: &Arc<Self>, path: &str) {
        let mut writer = lock(&self.writer);
        if writer.close(path) {
            self.publish(writer);
            self.look_at(&[self.root.join(path)]);
        }
    }

    /// New settings; walks again where they change what is a note.
    pub fn configure(self: &Arc<Self>, config: Config) {
        let mut writer = lock(&self.writer);
        let walk_again = writer.next.config.exclude != config.exclude;
        writer.next.config = Arc::new(config);
        self.publish(writer);
        if walk_again {
            self.behind("loaded", |vault| vault.load(vault.limit()));
        }
    }

    /// Reads a folder whatever its size: the answer to [`Notice::TooManyFiles`].
    pub fn load_all(self: &Arc<Self>) {
        // Said before the work begins, so that whoever waits from here on waits for it.
        self.advance(|progress| *progress = Progress::default());
        self.behind("loaded", |vault| vault.load(usize::MAX));
    }
}

// Loading and merging: an index is built aside, and then takes in what changed meanwhile.
impl Vault {
    fn load(self: &Arc<Self>, limit: usize) {
        self.watch();
        let found = walk::walk(&self.root, self.current.load().config(), limit);
        self.tell(found.problems.into_iter().map(Notice::Problem));
        if found.stopped {
            self.tell([Notice::TooManyFiles]);
        }
        self.watch_folders(&found.folders);
        let listed = self.list(&found.files);
        let notes: Vec<(FileId, String)> = listed.notes().map(|note| (note, listed.path(note).to_owned())).collect();
        self.advance(|progress| *progress = Progress { read: 0, total: notes.len(), done: false });
        let batches = load::read_all(&self.root, &notes, |read| self.advance(|progress| progress.read = read));
        self.tell(batches.iter().flat_map(|batch| batch.problems.iter().cloned()).map(Notice::Problem));
        let rebuilt = Rebuilt::loaded(&listed, batches);
        let mut writer = lock(&self.writer);
        writer.rebase(rebuilt);
        writer.next.loaded = true;
        let next = &mut writer.next;
        next.is_vault = is_marked(&self.root) || next.notes().any(|note| next.has_a_wikilink_that_resolves(note));
        self.publish(writer);
        self.advance(|progress| *progress = Progress { read: progress.total, done: true, ..*progress });
    }

    /// Makes every file known by name, before any is read: definitions work from here on.
    fn list(&self, files: &[(String, FileKind)]) -> Arc<Snapshot> {
        let mut writer = lock(&self.writer);
        writer.list(files);
        self.publish(writer);
        self.current.load_full()
    }

    fn merge_if_due(self: &Arc<Self>) {
        if lock(&self.writer).is_merge_due() && !self.merging.swap(true, Ordering::Relaxed) {
            self.behind("merged", |vault| {
                let rebuilt = Rebuilt::merged(&vault.current.load_full());
                let mut writer = lock(&vault.writer);
                writer.rebase(rebuilt);
                vault.publish(writer);
                vault.merging.store(false, Ordering::Relaxed);
            });
        }
    }

    /// Works on a thread of its own. Should that fail, readers do not wait for ever.
    fn behind(self: &Arc<Self>, name: &'static str, work: impl FnOnce(&Arc<Vault>) + Send + 'static) {
        let vault = self.clone();
        let guarded = move || {
            if catch_unwind(AssertUnwindSafe(|| work(&vault))).is_err() {
                vault.give_up(name, "an internal error");
            }
        };
        if let Err(error) = std::thread::Builder::new().name(name.into()).spawn(guarded) {
            self.give_up(name, &error.to_string());
        }
    }

    fn give_up(&self, name: &str, why: &str) {
        self.tell([Notice::Problem(format!("The vault could not be {name}: {why}"))]);
        self.merging.store(false, Ordering::Relaxed);
        let mut writer = lock(&self.writer);
        (writer.next.listed, writer.next.loaded) = (true, true);
        self.publish(writer);
        self.advance(|progress| progress.done = true);
    }
}

// Changes on disk.
impl Vault {
    /// A hint: something may have changed at these absolute paths. Doubled, late and reordered hints are harmless.
    pub fn look_at(self: &Arc<Self>, paths: &[PathBuf]) {
        let mut seen = false;
        for path in paths {
            if path.ends_with(".gitignore") || path.ends_with(".ignore") {
                self.reconcile();
            } else if path.ends_with(".obsidian/app.json") {
                lock(&self.writer).next.obsidian = Arc::new(Obsidian::read(&self.root));
                seen = true;
            } else {
                seen |= self.look_at_one(path);
            }
        }
        if seen {
            self.publish(lock(&self.writer));
            self.merge_if_due();
        }
    }

    /// Lists the vault again and looks at everything whose time or size differs.
    pub fn reconcile(self: &Arc<Self>) {
        let snapshot = self.current.load_full();
        let found = walk::walk(&self.root, snapshot.config(), self.limit());
        self.watch_folders(&found.folders);
        let listed: FxHashSet<&str> = found.files.iter().map(|(path, _)| path.as_str()).collect();
        let gone = snapshot.files().filter(|(_, file)| !listed.contains(&*file.path)).map(|(_, file)| &*file.path);
        let differs = |path: &&str| {
            let known = snapshot.file(path).and_then(|id| snapshot.entry(id).stamp);
            let now = disk::stamp(&self.root.join(path));
            known.map(|stamp| (stamp.size, stamp.modified)) != now.map(|stamp| (stamp.size, stamp.modified))
        };
        let changed = found.files.iter().map(|(path, _)| path.as_str()).filter(differs);
        self.look_at(&gone.chain(changed).map(|path| self.root.join(path)).collect::<Vec<_>>());
    }

    /// Reads what is at a path now, and takes it in where it is news. True if it was.
    fn look_at_one(self: &Arc<Self>, path: &Path) -> bool {
        let snapshot = self.current.load_full();
        let Some(relative) = walk::relative(&self.root, path) else { return false };
        let known = snapshot.file(&relative);
        if disk::is_folder(path) {
            return self.look_into(path, &snapshot);
        }
        match walk::kind_of(&self.root, path, snapshot.config()) {
            Some(kind) if disk::exists(path) => self.read(path, &relative, kind, &snapshot),
            _ => match known {
                Some(file) => {
                    lock(&self.writer).forget(file);
                    true
                }
                None => self.forget_below(&relative),
            },
        }
    }

    /// A folder that appeared: everything in it is news, and it is watched from now on.
    fn look_into(self: &Arc<Self>, folder: &Path, snapshot: &Snapshot) -> bool {
        if walk::kind_of(&self.root, &folder.join("x"), snapshot.config()).is_none() {
            return false;
        }
        let found = walk::walk(folder, snapshot.config(), self.limit());
        self.watch_folders(&found.folders);
        found.files.iter().fold(false, |seen, (path, _)| seen | self.look_at_one(&folder.join(path)))
    }

    /// A folder that is gone takes its files with it.
    fn forget_below(&self, folder: &str) -> bool {
        let mut writer = lock(&self.writer);
        let below = format!("{folder}/");
        let gone = writer.next.files().filter(|(_, file)| file.path.starts_with(&below)).map(|(id, _)| id);
        let gone: Vec<FileId> = gone.collect();
        gone.iter().for_each(|&file| writer.forget(file));
        !gone.is_empty()
    }

    fn read(&self, path: &Path, relative: &str, kind: FileKind, snapshot: &Snapshot) -> bool {
        let known = snapshot.file(relative).and_then(|file| snapshot.entry(file).stamp);
        if kind == FileKind::Attachment {
            // What an attachment holds is nobody's concern, unless it is a transcript.
            let changed = |now: &Stamp| match known {
                Some(known) => known != *now && transcripts::named(relative).is_some(),
                None => true,
            };
            let Some(stamp) = disk::stamp(path).filter(changed) else { return false };
            lock(&self.writer).read(relative, kind, stamp, None);
            return true;
        }
        match disk::read(path) {
            Ok(now) if known.is_some_and(|known| known.hash == now.stamp.hash && known.hash != 0) => false,
            Ok(now) => {
                self.tell(now.problem(relative).map(Notice::Problem));
                let document = now.text.as_deref().map(|text| Document::new(0, Text::new(text)));
                lock(&self.writer).read(relative, kind, now.stamp, document.as_ref());
                true
            }
            Err(error) => {
                self.tell([Notice::Problem(format!("reading {relative}: {error}"))]);
                false
            }
        }
    }

    fn limit(&self) -> usize {
        if self.current.load().is_vault { usize::MAX } else { MAX_FILES_UNASKED }
    }

    fn watch(self: &Arc<Self>) {
        let mut watcher = lock(&self.watcher);
        if watcher.is_some() || self.current.load().config.watch == Watch::Client {
            return;
        }
        match Watcher::new(Arc::downgrade(self)) {
            Ok(new) => *watcher = Some(new),
            Err(error) => self.tell([Notice::Problem(format!("Changes on disk will not be seen: {error}"))]),
        }
    }

    fn watch_folders(&self, folders: &[PathBuf]) {
        let problem = lock(&self.watcher).as_mut().and_then(|watcher| watcher.add(folders));
        self.tell(problem.map(Notice::Problem));
    }
}

// Telling readers.
impl Vault {
    fn publish(&self, mut writer: MutexGuard<'_, Writer>) {
        writer.next.revision += 1;
        self.current.store(Arc::new(writer.next.clone()));
        drop(writer);
        self.changed();
    }

    fn changed(&self) {
        if let Some(hook) = self.hook.get() {
            hook();
        }
    }

    fn tell(&self, notices: impl IntoIterator<Item = Notice>) {
        let news: Vec<Notice> = notices.into_iter().collect();
        if !news.is_empty() {
            lock(&self.notices).extend(news);
            self.changed();
        }
    }

    fn advance(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut lock(&self.progress));
        self.progressed.notify_all();
        self.changed();
    }
}

fn is_marked(root: &Path) -> bool {
    MARKERS.iter().any(|marker| disk::exists(&root.join(marker)))
}

/// A panic elsewhere must not take the vault down with it: what the lock guards is valid between any two statements.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
