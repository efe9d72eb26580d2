//! Hears of changes on disk. Knows folders and events, not what they mean: each is only a hint to look.

use super::door::Vault;
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use rustc_hash::FxHashSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// A burst of events is one look: it ends when nothing comes for this long.
const QUIET: Duration = Duration::from_millis(5);
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
        let inner = notify::recommended_watcher(send).map_err(|error| error.to_string())?;
        let polling = Arc::new(AtomicBool::new(false));
        let poll = polling.clone();
        let hear = move || hear(&vault, &events, &poll);
        std::thread::Builder::new().name("watch".into()).spawn(hear).map_err(|error| error.to_string())?;
        Ok(Watcher { inner, watched: FxHashSet::default(), polling })
    }

    /// Watches more folders. The first time that this fails, a sentence about it.
    pub fn add(&mut self, folders: &[PathBuf]) -> Option<String> {
        let mut problem = None;
        for folder in folders {
            if self.watched.contains(folder) {
                continue;
            }
            match self.inner.watch(folder, RecursiveMode::NonRecursive) {
                Ok(()) => drop(self.watched.insert(folder.clone())),
                Err(error) if matches!(error.kind, ErrorKind::PathNotFound) => {} // Gone again.
                Err(error) => problem = Some(error),
            }
        }
        let first = problem.is_some() && !self.polling.swap(true, Ordering::Relaxed);
        problem.filter(|_| first).map(|error| {
            format!("Not every folder can be watched, so changes on disk show after up to 30 seconds: {error}")
        })
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
        while let Ok(event) = events.recv_timeout(QUIET) {
            burst.push(event);
        }
        let Some(vault) = vault.upgrade() else { return };
        let lost = burst.iter().any(|event| event.as_ref().map_or(true, Event::need_rescan));
        let mut seen = FxHashSet::default();
        let paths = burst.into_iter().flatten().filter(|event| !matches!(event.kind, EventKind::Access(_)));
        let paths: Vec<PathBuf> =
            paths.flat_map(|event| event.paths).filter(|path| seen.insert(path.clone())).collect();
        vault.look_at(&paths);
        if lost {
            vault.reconcile();
        }
    }
}
