//! The one door for change: every edit, open, close and change on disk comes through here.
//!
//! One writer behind a lock makes and publishes the snapshots. Readers hold snapshots and never wait for it; nobody holds
//! the lock while reading a file or answering.

use super::changes::OBSIDIAN;
use super::disk;
use super::file::{FileId, Listed, Stamp};
use super::heap;
use super::load;
use super::postings::FrozenPostings;
use super::roots::is_marked;
use super::snapshot::Snapshot;
use super::walk::{self, Limit, Walk};
use super::watch::Watcher;
use super::writer::{Rebuilt, Writer};
use crate::config::{self, Config, Watch};
use crate::text::{Edit, Encoding};
use arc_swap::ArcSwap;
use rustc_hash::FxHashSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

/// A folder that is no vault is not walked further than this without asking.
pub const MAX_FILES_UNASKED: usize = 20_000;

/// The environment variable that makes vaults check themselves at each change: slow, and for those who look for a fault.
const PARANOID: &str = "VAULTLS_PARANOID";

/// How many notes of a large folder are looked at to tell whether it is a vault.
const GLANCE: usize = 200;

/// A vault of notes, kept in step with editors and disk.
pub struct Vault {
    pub(super) root: Arc<Path>,
    pub(super) writer: Mutex<Writer>,
    current: ArcSwap<Snapshot>,
    loading: Mutex<Loading>,
    progressed: Condvar,
    hook: OnceLock<Box<dyn Fn() + Send + Sync>>,
    notices: Mutex<Notices>,
    pub(super) watcher: Mutex<Option<Watcher>>,
    /// Held by whoever builds an index aside: the files it was begun from must be the writer's until it is taken over.
    building: Mutex<()>,
    merging: AtomicBool,
    /// The user wants all of the folder, whatever its size.
    unlimited: AtomicBool,
    /// Each snapshot is checked against itself, and what is wrong is told.
    paranoid: bool,
}

#[derive(Default)]
struct Loading {
    progress: Progress,
    /// How often a load was asked for, and which of these is done: one load answers all that were asked for before it
    /// began.
    asked: u64,
    answered: u64,
}

/// How far loading is, in notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Progress {
    pub read: usize,
    pub total: usize,
    pub done: bool,
}

/// Something the user should be told once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Notice {
    /// A file or folder that could not be read as it should be: a sentence that names it.
    Problem(String),
    /// The folder has more than [`MAX_FILES_UNASKED`] files and nothing marks it as a vault: [`Vault::load_all`] reads it
    /// all the same.
    TooManyFiles,
    /// The vault's own settings may be others now. Told each time.
    Settings,
}

#[derive(Default)]
struct Notices {
    untaken: Vec<Notice>,
    /// All there ever were: nothing is told twice.
    told: FxHashSet<Notice>,
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
            loading: Mutex::default(),
            progressed: Condvar::new(),
            hook: OnceLock::new(),
            notices: Mutex::default(),
            watcher: Mutex::default(),
            building: Mutex::default(),
            merging: AtomicBool::new(false),
            unlimited: AtomicBool::new(false),
            paranoid: std::env::var_os(PARANOID).is_some(),
        });
        vault.begin_to_load();
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
        lock(&self.loading).progress
    }

    /// Blocks until all files have been read; false when `cancelled` said so before (asked every few milliseconds).
    pub fn wait_until_loaded(&self, cancelled: &dyn Fn() -> bool) -> bool {
        while !self.progress().done {
            // Asked without the lock: it may look at the progress.
            if cancelled() {
                return false;
            }
            let loading = lock(&self.loading);
            if !loading.progress.done {
                let _ = self.progressed.wait_timeout(loading, Duration::from_millis(10));
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
        std::mem::take(&mut lock(&self.notices).untaken)
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
            self.begin_to_load();
        }
    }

    /// Reads a folder whatever its size: the answer to [`Notice::TooManyFiles`].
    pub fn load_all(self: &Arc<Self>) {
        self.unlimited.store(true, Ordering::Relaxed);
        self.begin_to_load();
    }

    /// Builds the index anew, without the names that no note states any more. Done by itself when it is due.
    pub fn merge(&self) {
        self.build_anew();
        heap::trim();
    }
}

// Loading and merging: an index is built aside, and then takes in what changed meanwhile.
impl Vault {
    fn begin_to_load(self: &Arc<Self>) {
        // Said before the work begins, so that whoever waits from here on waits for it.
        self.advance(|loading| {
            loading.asked += 1;
            loading.progress = Progress::default();
        });
        // What could not be read is not waited for: readers answer from what there is.
        self.behind("loaded", Vault::load, |vault| {
            let mut writer = lock(&vault.writer);
            (writer.next.listed, writer.next.loaded) = (true, true);
            vault.publish(writer);
            vault.end_load(u64::MAX);
        });
    }

    fn load(self: &Arc<Self>) {
        let settings = disk::stamp(&self.root.join(config::FILE));
        self.read_all();
        self.current.load_full().index.shelves();
        heap::trim();
        // Whoever hears of changes is about to type, and whoever does not has no use for it.
        if self.hook.get().is_some() {
            self.current.load_full().prepare();
            heap::trim();
        }
        if self.watch() {
            self.catch_up(settings);
            heap::trim();
        }
    }

    /// Lists the vault and reads all its notes, unless that has been done for whoever asked.
    fn read_all(self: &Arc<Self>) {
        let _building = lock(&self.building);
        let Some(asked) = self.unanswered() else { return };
        let before = self.current.load_full();
        let found = self.walk();
        if found.stopped {
            self.tell([Notice::TooManyFiles]);
        }
        let (listed, read) = self.list_and_read(&before, &found.files);
        self.tell(read.problems.into_iter().map(Notice::Problem));
        let rebuilt = Rebuilt::loaded(&listed, read.batches);
        let mut writer = lock(&self.writer);
        writer.rebase(rebuilt);
        writer.next.loaded |= self.unanswered() == Some(asked);
        let next = &mut writer.next;
        next.is_vault = is_marked(&self.root) || next.notes().any(|note| next.has_a_wikilink_that_resolves(note));
        self.publish(writer);
        self.end_load(asked);
    }

    /// Begins to watch after the first load, for to hear of each file that is read would cost as much as to scan it; and
    /// looks for what has changed until then. `settings` is how the file of settings looked before.
    fn catch_up(self: &Arc<Self>, settings: Option<Stamp>) {
        self.reconcile();
        self.look_at(&[self.root.join(OBSIDIAN)]);
        if disk::stamp(&self.root.join(config::FILE)) != settings {
            self.tell([Notice::Settings]);
        }
    }

    /// Whether a wikilink of some of these notes leads to one of these files: then the folder is a vault that nothing marks,
    /// and is read whatever its size.
    fn is_vault_at_a_glance(&self, files: &[Listed]) -> bool {
        let before = self.current.load_full();
        let mut aside = Writer::new(Snapshot::clone(&before));
        aside.enlist(&before, files);
        aside.index_names();
        let step = (files.len() / GLANCE).max(1);
        let is_vault = aside.next.notes().step_by(step).any(|note| aside.next.links_somewhere(note));
        self.unlimited.fetch_or(is_vault, Ordering::Relaxed);
        is_vault
    }

    /// The load that was asked for last, if it is not done.
    fn unanswered(&self) -> Option<u64> {
        let loading = lock(&self.loading);
        (loading.answered < loading.asked).then_some(loading.asked)
    }

    fn end_load(&self, answered: u64) {
        self.advance(|loading| {
            loading.answered = answered.min(loading.asked);
            if loading.answered == loading.asked {
                loading.progress = Progress { read: loading.progress.total, done: true, ..loading.progress };
            }
        });
    }

    /// Makes every file known by name: definitions work from then on. Meanwhile all notes are read. `before` is from before
    /// the walk.
    fn list_and_read(&self, before: &Snapshot, files: &[Listed]) -> (Snapshot, load::Read) {
        let mut writer = lock(&self.writer);
        writer.enlist(before, files);
        let enlisted = writer.next.clone();
        let notes: Vec<(FileId, &str)> = enlisted.notes().map(|note| (note, enlisted.path(note))).collect();
        self.advance(|loading| loading.progress = Progress { read: 0, total: notes.len(), done: false });
        let told = |read| self.advance(|loading| loading.progress.read = read);
        std::thread::scope(|scope| {
            let reading = scope.spawn(|| load::read_all(&self.root, &notes, told));
            writer.index_names();
            let listed = writer.next.clone();
            self.publish(writer);
            (listed, reading.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })
    }

    /// Lists the vault, and watches every folder of it. What appears in a folder before it is watched gives no event,
    /// hence another look.
    pub(super) fn walk(&self) -> Walk {
        loop {
            let limit = Limit { files: self.limit(), goes_on: &|files| self.is_vault_at_a_glance(files) };
            let found = walk::walk(&self.root, self.current.load().config(), limit);
            let obsidian = self.root.join(OBSIDIAN);
            let settings = disk::is_folder(&obsidian).then_some(&obsidian);
            if !self.watch_folders(found.folders.iter().chain(settings)) {
                self.tell(found.problems.iter().cloned().map(Notice::Problem));
                return found;
            }
        }
    }

    pub(super) fn merge_if_due(self: &Arc<Self>) {
        if lock(&self.writer).is_merge_due() && !self.merging.swap(true, Ordering::Relaxed) {
            let end = |vault: &Vault| vault.merging.store(false, Ordering::Relaxed);
            let merge = move |vault: &Arc<Vault>| {
                let before = vault.build_anew();
                vault.current.load_full().index.shelves();
                end(vault);
                wait_until_let_go(&before);
                heap::trim();
            };
            self.behind("merged", merge, end);
        }
    }

    /// The index that was there before is returned: readers may hold it still.
    fn build_anew(&self) -> Weak<FrozenPostings> {
        let _building = lock(&self.building);
        let before = self.current.load_full();
        let rebuilt = Rebuilt::merged(&before);
        if before.overview.is_made() {
            rebuilt.prepare(&before);
        }
        let mut writer = lock(&self.writer);
        let replaced = writer.next.index.frozen();
        writer.rebase(rebuilt);
        self.publish(writer);
        replaced
    }

    /// Works on a thread of its own. Should that fail, `give_up` sees to it that nobody waits for it.
    pub(super) fn behind(
        self: &Arc<Self>,
        name: &'static str,
        work: impl FnOnce(&Arc<Vault>) + Send + 'static,
        give_up: fn(&Vault),
    ) {
        let vault = self.clone();
        let guarded = move || {
            if catch_unwind(AssertUnwindSafe(|| work(&vault))).is_err() {
                vault.tell([Notice::Problem(format!("The vault could not be {name}: an internal error"))]);
                give_up(&vault);
            }
        };
        if let Err(error) = std::thread::Builder::new().name(name.into()).spawn(guarded) {
            self.tell([Notice::Problem(format!("The vault could not be {name}: {error}"))]);
            give_up(self);
        }
    }

    fn limit(&self) -> usize {
        let wants_all = self.unlimited.load(Ordering::Relaxed) || is_marked(&self.root);
        if wants_all { usize::MAX } else { MAX_FILES_UNASKED }
    }

    /// Makes a watcher. True if there was none, and is one now.
    fn watch(self: &Arc<Self>) -> bool {
        let mut watcher = lock(&self.watcher);
        if watcher.is_some() || self.current.load().config.watch == Watch::Client {
            return false;
        }
        match Watcher::new(Arc::downgrade(self)) {
            Ok(new) => *watcher = Some(new),
            Err(error) => self.tell([Notice::Problem(format!("Changes on disk will not be seen: {error}"))]),
        }
        watcher.is_some()
    }

    /// True if one of them was not watched before.
    pub(super) fn watch_folders<'a>(&self, folders: impl Iterator<Item = &'a PathBuf>) -> bool {
        let mut watcher = lock(&self.watcher);
        let Some((is_new, problem)) = watcher.as_mut().map(|watcher| watcher.add(folders)) else { return false };
        self.tell(problem.map(Notice::Problem));
        is_new
    }
}

// Telling readers.
impl Vault {
    pub(super) fn publish(&self, mut writer: MutexGuard<'_, Writer>) {
        writer.next.revision += 1;
        let snapshot = Arc::new(writer.next.clone());
        let before = self.current.swap(snapshot.clone());
        drop(writer);
        drop(before); // It may be the last hold of a whole index.
        if self.paranoid {
            self.tell(snapshot.discrepancies().into_iter().map(Notice::Problem));
        }
        self.changed();
    }

    fn changed(&self) {
        if let Some(hook) = self.hook.get() {
            hook();
        }
    }

    pub(super) fn tell(&self, notices: impl IntoIterator<Item = Notice>) {
        let mut known = lock(&self.notices);
        let news: Vec<Notice> = notices
            .into_iter()
            .filter(|notice| *notice == Notice::Settings || known.told.insert(notice.clone()))
            .collect();
        known.untaken.extend(news.iter().cloned());
        drop(known);
        if !news.is_empty() {
            self.changed();
        }
    }

    fn advance(&self, change: impl FnOnce(&mut Loading)) {
        change(&mut lock(&self.loading));
        self.progressed.notify_all();
        self.changed();
    }
}

/// Whoever looks for findings has the index of the last look, and lets go of it at the next: a little later its memory can
/// be given back. Those who hold it longer are not waited for.
fn wait_until_let_go(index: &Weak<FrozenPostings>) {
    let deadline = Instant::now() + Duration::from_secs(5);
    while index.strong_count() > 0 && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A panic elsewhere must not take the vault down with it: what the lock guards is valid between any two statements.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
