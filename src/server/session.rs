//! What is known of the client and its work: which vaults, which notes it holds open, which settings.
//!
//! Knows no question and no answer. All that changes does so on the dispatcher's thread and is published as one
//! immutable [`State`], so that a question sees the vaults, the notes and the texts of one moment: a [`View`].

use super::abilities::Abilities;
use super::folder::Folder;
use super::ledger::{Ledger, Overview};
use super::lock;
use super::uri;
use super::view::View;
use crate::features::change::Change;
use crate::vault::roots::{self, Root};
use arc_swap::ArcSwap;
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use tower_lsp::ls_types::{InitializeParams, Uri, WorkspaceFolder, WorkspaceFoldersChangeEvent};

pub struct Session {
    pub abilities: Abilities,
    state: ArcSwap<State>,
    layers: Mutex<Layers>,
    /// What the client was told of its open notes.
    pub ledger: Mutex<Ledger>,
    /// How often the client opened a note.
    openings: AtomicU32,
    /// What it would be told of all notes.
    pub overview: Mutex<Overview>,
    /// Sentences for the user that were not told yet.
    problems: Mutex<Vec<String>>,
    /// The last edit with moves that the client was given: it may ask about them as if they were the user's.
    expected: Mutex<Option<Change>>,
    /// Called after every change that an answer or a finding may depend on.
    changed: Arc<dyn Fn() + Send + Sync>,
}

#[derive(Clone, Default)]
pub struct State {
    pub folders: Vec<Arc<Folder>>,
    /// By path: a file has many spellings of its address.
    pub open: HashMap<PathBuf, Arc<OpenNote>>,
}

/// A note whose text the client holds.
pub struct OpenNote {
    pub folder: Arc<Folder>,
    /// Relative to the folder's root.
    pub path: String,
    /// As the client spells it.
    pub uri: Uri,
    /// Which opening it was: a client that opens a note again has forgotten what it was told of it.
    pub opening: u32,
    /// Of the last change taken in.
    pub version: AtomicI32,
}

/// Settings of the editor for all vaults.
#[derive(Default)]
struct Layers {
    /// `initializationOptions`
    initial: Value,
    /// The last `workspace/didChangeConfiguration`.
    pushed: Value,
}

impl Session {
    /// Begins to load the vaults that the client announces. `changed` must return at once.
    pub fn begin(params: InitializeParams, changed: impl Fn() + Send + Sync + 'static) -> Arc<Session> {
        let session = Session {
            abilities: Abilities::of(&params),
            state: ArcSwap::default(),
            layers: Mutex::new(Layers {
                initial: params.initialization_options.clone().unwrap_or_default(),
                pushed: Value::Null,
            }),
            ledger: Mutex::default(),
            openings: AtomicU32::default(),
            overview: Mutex::default(),
            problems: Mutex::default(),
            expected: Mutex::default(),
            changed: Arc::new(changed),
        };
        let folders = announced(params).into_iter().filter_map(|uri| session.announced_folder(uri)).collect();
        session.state.store(Arc::new(State { folders, open: HashMap::new() }));
        Arc::new(session)
    }

    pub fn state(&self) -> Arc<State> {
        self.state.load_full()
    }

    /// Everything as it is now: all that arrived before is in it.
    pub fn view(self: &Arc<Self>) -> View {
        View::new(self.clone(), self.state())
    }

    /// Something changed that the vaults do not tell of.
    pub fn changed(&self) {
        (self.changed)();
    }

    /// Sentences that nobody has been told yet.
    pub fn take_problems(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.problems))
    }

    /// The client is given this edit.
    pub fn expect_moves(&self, change: Option<&Change>) {
        let kept =
            |change: &Change| Change { edits: change.edits.clone(), moves: change.moves.clone(), ..Change::default() };
        *lock(&self.expected) = change.map(kept);
    }

    /// Whether moves that the client is about to make are those it was given, with the links seen to. If it left those
    /// as they were, the same edits are due still.
    pub fn has_done(&self, change: &Change) -> bool {
        lock(&self.expected).as_ref().is_some_and(|it| it.moves == change.moves && it.edits != change.edits)
    }

    pub fn change_folders(&self, event: WorkspaceFoldersChangeEvent) {
        let mut state = (*self.state()).clone();
        let removed: Vec<PathBuf> = event.removed.iter().filter_map(|folder| uri::path(folder.uri.as_str())).collect();
        state.folders.retain(|folder| folder.lone || !removed.contains(&folder.root));
        for WorkspaceFolder { uri, .. } in event.added {
            let root = uri::path(uri.as_str());
            if !state.folders.iter().any(|folder| !folder.lone && root.as_ref() == Some(&folder.root)) {
                state.folders.extend(self.announced_folder(uri));
            }
        }
        self.move_open_notes(&mut state);
        self.publish(state);
    }

    /// The editor's settings changed; `null` says only that they did.
    pub fn change_settings(&self, settings: Value) {
        if !settings.is_null() {
            lock(&self.layers).pushed = settings;
        }
        self.configure(|_| true);
    }

    /// What the client answered when asked for the settings of a folder.
    pub fn change_scoped_settings(&self, folder: &Folder, settings: Value) {
        folder.set_scoped(settings);
        self.configure(|other| std::ptr::eq(other, folder));
    }

    /// Reads the settings of some folders again.
    pub fn configure(&self, which: impl Fn(&Folder) -> bool) {
        let layers = lock(&self.layers);
        for folder in self.state().folders.iter().filter(|folder| which(folder)) {
            let problems = folder.configure(&[&layers.initial, &layers.pushed]);
            lock(&self.problems).extend(problems);
        }
        self.changed();
    }

    /// Holds a note open from now on, in the folder it lies in; where there is none, one is made for it.
    pub fn hold(&self, path: PathBuf, uri: Uri, version: i32) -> Option<Arc<OpenNote>> {
        let mut state = (*self.state()).clone();
        let opening = self.openings.fetch_add(1, Ordering::Relaxed);
        let note = self.open_note(&mut state, &path, uri, opening, version)?;
        state.open.insert(path, note.clone());
        self.publish(state);
        Some(note)
    }

    /// Lets go of a note, and of the folder that was here only because of it.
    pub fn let_go(&self, path: &Path) -> Option<Arc<OpenNote>> {
        let mut state = (*self.state()).clone();
        let note = state.open.remove(path)?;
        self.publish(state);
        Some(note)
    }

    fn open_note(&self, state: &mut State, path: &Path, uri: Uri, opening: u32, version: i32) -> Option<Arc<OpenNote>> {
        if state.locate(path).is_none() {
            state.folders.push(self.lone_folder(path)?);
        }
        let (folder, relative) = state.locate(path)?;
        let (folder, version) = (folder.clone(), AtomicI32::new(version));
        Some(Arc::new(OpenNote { folder, path: relative, uri, opening, version }))
    }

    /// Notes whose folder came or went are held by another one; their text goes with them.
    fn move_open_notes(&self, state: &mut State) {
        let held: Vec<_> = state.open.drain().collect();
        for (path, note) in held {
            let stays = state.locate(&path).is_some_and(|(folder, _)| Arc::ptr_eq(folder, &note.folder));
            let moved = if stays { Some(note.clone()) } else { self.move_note(state, &path, &note) };
            state.open.extend(moved.map(|note| (path, note)));
        }
    }

    fn move_note(&self, state: &mut State, path: &Path, note: &OpenNote) -> Option<Arc<OpenNote>> {
        let snapshot = note.folder.vault.snapshot();
        let document = snapshot.open_document(snapshot.file(&note.path)?)?;
        let moved = self.open_note(state, path, note.uri.clone(), note.opening, document.version)?;
        moved.folder.vault.open_note(&moved.path, document.version, &document.source);
        note.folder.vault.close_note(&note.path);
        Some(moved)
    }

    fn publish(&self, mut state: State) {
        let State { folders, open } = &mut state;
        let is_needed =
            |folder: &Arc<Folder>| !folder.lone || open.values().any(|note| Arc::ptr_eq(&note.folder, folder));
        folders.retain(is_needed);
        let before = self.state.swap(Arc::new(state.clone()));
        let gone = |folder: &&Arc<Folder>| !state.folders.iter().any(|kept| Arc::ptr_eq(kept, folder));
        before.folders.iter().filter(gone).for_each(|folder| folder.close());
        self.changed();
    }

    fn announced_folder(&self, uri: Uri) -> Option<Arc<Folder>> {
        let folder = uri::path(uri.as_str())?;
        if !roots::is_vault(&folder, std::env::home_dir().as_deref()) {
            tracing::info!("{} is too wide to be a vault", folder.display());
            return None;
        }
        Some(self.folder(Root { folder, shallow: false }, uri, false))
    }

    fn lone_folder(&self, file: &Path) -> Option<Arc<Folder>> {
        let root = roots::around(file, std::env::home_dir().as_deref())?;
        let uri = uri::of_path(&root.folder)?;
        Some(self.folder(root, uri, true))
    }

    fn folder(&self, root: Root, uri: Uri, lone: bool) -> Arc<Folder> {
        let layers = lock(&self.layers);
        let problems = &mut *lock(&self.problems);
        let folder = Folder::open(root, uri, lone, &[&layers.initial, &layers.pushed], problems);
        let changed = self.changed.clone();
        folder.vault.on_change(move || changed());
        folder
    }
}

impl State {
    /// The innermost folder that holds a path, and the path as that folder knows it.
    pub fn locate(&self, path: &Path) -> Option<(&Arc<Folder>, String)> {
        let holders = self.folders.iter().filter_map(|folder| Some((folder, folder.relative(path)?)));
        holders.min_by_key(|(_, relative)| relative.len())
    }
}

/// The folders that the client works in, in whichever way it says so.
fn announced(params: InitializeParams) -> Vec<Uri> {
    let folders = params.workspace_folders.unwrap_or_default();
    if !folders.is_empty() {
        return folders.into_iter().map(|folder| folder.uri).collect();
    }
    // Deprecated, and what some clients still say.
    #[allow(deprecated)]
    let root = params.root_uri.or_else(|| uri::of_path(Path::new(&params.root_path?)));
    root.into_iter().collect()
}
