//! Hears of changes on disk. Knows folders and events, not what they mean: each is only a hint to look.

use super::disk;
use super::door::Vault;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use rustc_hash::FxHashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// A burst of events is one look: it ends when nothing comes for this long.
const QUIET: Duration = Duration::from_millis(5);
/// And it is looked at after this long, should it not end.
const LONGEST: Duration = Duration::from_millis(200);
/// How often the vault is listed when not all of it can be watched.
const POLL: Duration = Duration::from_secs(30);

/// Watches folders one by one, so that what is never entered costs no watch.
pub struct Watcher {
    inner: RecommendedWatcher,
    watched: FxHashSet<PathBuf>,
    /// Not everything could be watched: the vault is listed every [`POLL`].
    polling: Arc<AtomicBool>,
}

impl Watcher {
    /// # Errors
    /// When the system has no watches to give; the sentence says so.
    pub fn new(vault: Weak<Vault>) -> Result<Watcher, String> {
        let (send, events) = channel();
        // Reading a file is an event too, and the vault reads a lot.
        let is_change = |event: &notify::Result<Event>| !matches!(event, Ok(Event { kind: EventKind::Access(_), .. }));
        let hand_on = move |event| {
            if is_change(&event) {
                let _ = send.send(event); // Nobody listens once the vault is gone.
            }
        };
        let inner = notify::recommended_watcher(hand_on).map_err(|error| error.to_string())?;
        let polling = Arc::new(AtomicBool::new(false));
        let poll = polling.clone();
        let hear = move || hear(&vault, &events, &poll);
        std::thread::Builder::new().name("watch".into()).spawn(hear).map_err(|error| error.to_string())?;
        Ok(Watcher { inner, watched: FxHashSet::default(), polling })
    }

    /// Watches more folders: whether one of them was not watched before, and, the first time that one cannot be, a
    /// sentence about it.
    pub fn add<'a>(&mut self, folders: impl Iterator<Item = &'a PathBuf>) -> (bool, Option<String>) {
        let (mut is_new, mut problem) = (false, None);
        for folder in folders {
            if self.watched.contains(folder) {
                continue;
            }
            match self.inner.watch(folder, RecursiveMode::NonRecursive) {
                Ok(()) => is_new |= self.watched.insert(folder.clone()),
                Err(_) if !disk::is_folder(folder) => {} // Gone again.
                Err(error) => problem = Some(error),
            }
        }
        let is_first = problem.is_some() && !self.polling.swap(true, Ordering::Relaxed);
        let sentence = problem.filter(|_| is_first).map(|error| {
            format!("Not every folder can be watched, so changes on disk show after up to 30 seconds: {error}")
        });
        (is_new, sentence)
    }

    /// A folder went, or another came in its place: the system watches it no longer.
    pub fn forget(&mut self, folder: &Path) {
        self.watched.retain(|watched| !watched.starts_with(folder));
    }
}

fn hear(vault: &Weak<Vault>, events: &Receiver<notify::Result<Event>>, polling: &AtomicBool) {
    loop {
        let first = match events.recv_timeout(POLL) {
            Ok(event) => event,
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                let Some(vault) = vault.upgrade() else { return };
                if polling.load(Ordering::Relaxed) {
                    vault.reconcile();
                }
                continue;
            }
        };
        let mut burst = vec![first];
        let began = Instant::now();
        while began.elapsed() < LONGEST
            && let Ok(event) = events.recv_timeout(QUIET)
        {
            burst.push(event);
        }
        let Some(vault) = vault.upgrade() else { return };
        let lost = burst.iter().any(|event| event.as_ref().map_or(true, Event::need_rescan));
        let mut seen = FxHashSet::default();
        let paths = burst.into_iter().flatten().flat_map(|event| event.paths);
        let paths: Vec<PathBuf> = paths.filter(|path| seen.insert(path.clone())).collect();
        vault.look_at(&paths);
        if lost {
            vault.reconcile();
        }
    }
}
