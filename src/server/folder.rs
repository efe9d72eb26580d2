//! A vault as its client knows it: with an address, and with the questions that wait until it is read.

use super::lock;
use super::pool::Job;
use super::settings;
use super::spawn;
use super::uri;
use crate::config::{Config, Watch};
use crate::vault::Vault;
use crate::vault::roots::Root;
use serde_json::Value;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tower_lsp::ls_types::Uri;

/// Tells a folder from every other, also from one of the same root before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FolderId(u64);

pub struct Folder {
    pub id: FolderId,
    pub root: PathBuf,
    /// The root's address, spelled as the client does.
    pub uri: Uri,
    pub vault: Arc<Vault>,
    /// Not announced by the client: here because of a file that was opened, and gone with the last of them.
    pub lone: bool,
    shallow: bool,
    /// What `workspace/configuration` says for this folder.
    scoped: Mutex<Value>,
    waiting: Mutex<Waiting>,
    closed: AtomicBool,
    introduced: AtomicBool,
}

#[derive(Default)]
struct Waiting {
    jobs: Vec<Job>,
    /// A thread waits for the vault, and will begin the jobs.
    watched: bool,
}

impl Folder {
    /// Begins to load. `layers` are the editor's settings; what is wrong with them is added to `problems`.
    pub fn open(root: Root, uri: Uri, lone: bool, layers: &[&Value], problems: &mut Vec<String>) -> Arc<Folder> {
        let Root { folder, shallow } = root;
        let (config, wrong) = settings::of_vault(&folder, layers);
        problems.extend(wrong);
        let vault = Vault::open(&folder, narrowed(config, shallow));
        static OPENED: AtomicU64 = AtomicU64::new(0);
        Arc::new(Folder {
            id: FolderId(OPENED.fetch_add(1, Ordering::Relaxed)),
            root: folder,
            uri,
            vault,
            lone,
            shallow,
            scoped: Mutex::default(),
            waiting: Mutex::default(),
            closed: AtomicBool::default(),
            introduced: AtomicBool::default(),
        })
    }

    /// A path as the vault knows it; `None` outside.
    pub fn relative(&self, path: &Path) -> Option<String> {
        let mut parts = Vec::new();
        for part in path.strip_prefix(&self.root).ok()?.components() {
            let Component::Normal(part) = part else { return None };
            parts.push(part.to_str()?);
        }
        (!parts.is_empty()).then(|| parts.join("/"))
    }

    /// The address of a file that is not open.
    pub fn uri_of(&self, path: &str) -> Option<Uri> {
        uri::join(self.uri.as_str(), path)
    }

    /// Takes the settings that count now to the vault; gives back what is wrong with them.
    pub fn configure(&self, layers: &[&Value]) -> Vec<String> {
        let scoped = lock(&self.scoped).clone();
        let layers: Vec<&Value> = layers.iter().copied().chain([&scoped]).collect();
        let (config, problems) = settings::of_vault(&self.root, &layers);
        let config = narrowed(config, self.shallow);
        if config != *self.vault.snapshot().config() {
            self.vault.configure(config);
        }
        problems
    }

    pub fn set_scoped(&self, settings: Value) {
        *lock(&self.scoped) = settings;
    }

    pub fn is_loaded(&self) -> bool {
        self.is_closed() || self.vault.progress().done
    }

    /// Begins `job` when all files have been read.
    pub fn when_loaded(self: &Arc<Self>, job: Job) {
        let mut waiting = lock(&self.waiting);
        waiting.jobs.push(job);
        if !std::mem::replace(&mut waiting.watched, true) {
            let folder = self.clone();
            spawn("loading", move || folder.begin_jobs());
        }
    }

    /// The client let go of it: nobody waits for it any longer.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// True the first time this is asked: whoever asks tells the client of it.
    pub fn is_new(&self) -> bool {
        !self.introduced.swap(true, Ordering::AcqRel)
    }

    fn begin_jobs(&self) {
        self.vault.wait_until_loaded(&|| self.is_closed());
        let jobs = std::mem::take(&mut *lock(&self.waiting)).jobs;
        jobs.into_iter().for_each(|job| job());
    }
}

/// The settings of a folder whose own folders are no part of it.
fn narrowed(mut config: Config, shallow: bool) -> Config {
    if shallow {
        config.exclude.push("*/".into());
        config.watch = Watch::Client;
    }
    config
}
