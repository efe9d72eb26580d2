//! What one question is answered from: every vault and every open note as they were when it arrived.

use super::convert::Ruler;
use super::folder::Folder;
use super::session::{Session, State};
use super::uri;
use crate::features::Location;
use crate::text::Span;
use crate::vault::{Document, FileId, Snapshot};
use std::path::PathBuf;
use std::sync::Arc;
use tower_lsp::ls_types::{self as lsp, Uri};

pub struct View {
    pub session: Arc<Session>,
    state: Arc<State>,
    vaults: Vec<VaultView>,
}

/// A vault at one moment.
pub struct VaultView {
    pub folder: Arc<Folder>,
    pub snapshot: Arc<Snapshot>,
}

/// A note that can be asked about, with its text of that moment.
pub struct Note<'a> {
    pub view: &'a View,
    pub vault: &'a VaultView,
    pub file: FileId,
    pub document: Arc<Document>,
    /// By which opening the client holds it, if it was asked about by its address.
    pub opening: Option<u32>,
}

impl View {
    pub fn new(session: Arc<Session>, state: Arc<State>) -> View {
        let vault = |folder: &Arc<Folder>| VaultView { folder: folder.clone(), snapshot: folder.vault.snapshot() };
        let vaults = state.folders.iter().map(vault).collect();
        View { session, state, vaults }
    }

    /// Whether nothing has changed since.
    pub fn is_current(&self) -> bool {
        let same = |vault: &VaultView| vault.folder.vault.snapshot().revision() == vault.snapshot.revision();
        Arc::ptr_eq(&self.state, &self.session.state()) && self.vaults.iter().all(same)
    }

    /// Whether every file of every vault has been read.
    pub fn is_loaded(&self) -> bool {
        self.vaults.iter().all(|vault| vault.snapshot.is_loaded())
    }

    /// Whether the files of every vault are known by name.
    pub fn is_listed(&self) -> bool {
        self.vaults.iter().all(|vault| vault.snapshot.is_listed())
    }

    pub fn vaults(&self) -> &[VaultView] {
        &self.vaults
    }

    /// The vault whose root is at this path.
    pub fn vault_at(&self, root: &str) -> Option<&VaultView> {
        self.vaults.iter().find(|vault| vault.folder.root.as_os_str() == root)
    }

    /// The note at an address; `None` where no note is, or none that can be read.
    pub fn note(&self, uri: &Uri) -> Option<Note<'_>> {
        let path = uri::path(uri.as_str())?;
        let open = self.state.open.get(&path);
        let (folder, relative) = match open {
            Some(open) => (&open.folder, open.path.clone()),
            None => self.state.locate(&path)?,
        };
        let vault = self.vaults.iter().find(|vault| Arc::ptr_eq(&vault.folder, folder))?;
        let note = self.note_of(vault, vault.snapshot.file(&relative)?)?;
        Some(Note { opening: open.map(|open| open.opening), ..note })
    }

    pub fn note_of<'a>(&'a self, vault: &'a VaultView, file: FileId) -> Option<Note<'a>> {
        let document = vault.snapshot.document(file)?;
        Some(Note { view: self, vault, file, document, opening: None })
    }

    /// The notes that the client holds, each with its own address.
    pub fn open_notes(&self) -> impl Iterator<Item = (&Uri, Note<'_>)> {
        let mut open: Vec<_> = self.state.open.iter().collect();
        open.sort_unstable_by_key(|(path, _)| *path);
        open.into_iter().filter_map(|(_, open)| Some((&open.uri, self.note(&open.uri)?)))
    }

    /// The address of a file: the client's own, if it holds it open.
    pub fn uri(&self, vault: &VaultView, file: FileId) -> Option<Uri> {
        self.uri_at(vault, vault.snapshot.path(file))
    }

    /// The address of a path of a vault, whether anything is there or not.
    pub fn uri_at(&self, vault: &VaultView, path: &str) -> Option<Uri> {
        if !self.state.open.is_empty() {
            let absolute: PathBuf = vault.folder.root.join(path);
            if let Some(open) = self.state.open.get(&absolute) {
                return Some(open.uri.clone());
            }
        }
        vault.folder.uri_of(path)
    }

    pub fn location(&self, vault: &VaultView, location: Location) -> Option<lsp::Location> {
        let range = super::convert::range(location.place, self.session.abilities.encoding);
        Some(lsp::Location { uri: self.uri(vault, location.file)?, range })
    }
}

impl Note<'_> {
    pub fn snapshot(&self) -> &Snapshot {
        &self.vault.snapshot
    }

    /// The byte at a position. Total: past the end means the end.
    pub fn byte(&self, position: lsp::Position) -> usize {
        let position = super::convert::position(position);
        self.document.text.byte(position, self.view.session.abilities.encoding)
    }

    /// The bytes between two positions, in whichever order they are.
    pub fn span(&self, range: lsp::Range) -> Span {
        let (a, b) = (self.byte(range.start), self.byte(range.end));
        Span::new(a.min(b), a.max(b))
    }

    pub fn ruler(&self) -> Ruler<'_> {
        Ruler::new(&self.document, self.view.session.abilities.encoding)
    }
}
