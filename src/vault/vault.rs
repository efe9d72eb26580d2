//! The one door for change: every edit, open, close and change on disk comes through here.

use super::Snapshot;
use crate::config::Config;
use crate::text::{Edit, Encoding};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub struct Vault {}

/// How far loading is, in notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Progress {
    pub read: usize,
    pub total: usize,
    pub done: bool,
}

impl Vault {
    /// Begins to load the vault at `root` and returns at once.
    pub fn open(root: &Path, config: Config) -> Arc<Vault> {
        todo!("{root:?} {config:?}")
    }
    pub fn root(&self) -> &Path {
        todo!()
    }
    /// The vault as it is now: every edit made before is in it.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        todo!()
    }
    pub fn progress(&self) -> Progress {
        todo!()
    }
    /// Blocks until all files have been read; false when `cancelled` said so before (asked every few milliseconds).
    pub fn wait_until_loaded(&self, cancelled: &dyn Fn() -> bool) -> bool {
        todo!("{}", cancelled())
    }
    /// Calls `hook` after each change that readers can see. It must return at once and not call back.
    pub fn on_change(&self, hook: impl Fn() + Send + Sync + 'static) {
        hook();
        todo!()
    }
    /// An editor opened a note. `path` is relative to the root; the note need not exist on disk.
    pub fn open_note(&self, path: &str, version: i32, text: &str) {
        todo!("{path} {version} {text}")
    }
    /// Applies edits in order and marks the note dirty; O(edits). False if the note is not open.
    pub fn edit_note(&self, path: &str, version: i32, edits: &[Edit], encoding: Encoding) -> bool {
        todo!("{path} {version} {edits:?} {encoding:?}")
    }
    /// Back to what is on disk now.
    pub fn close_note(&self, path: &str) {
        todo!("{path}")
    }
    /// A hint: something may have changed at these absolute paths. Doubled, late and reordered hints are harmless.
    pub fn look_at(&self, paths: &[PathBuf]) {
        todo!("{paths:?}")
    }
    /// Lists the vault again and looks at everything whose time or size differs.
    pub fn reconcile(&self) {
        todo!()
    }
    /// New settings; walks again where they change what is a note.
    pub fn configure(&self, config: Config) {
        todo!("{config:?}")
    }
}
