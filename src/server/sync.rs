//! Texts and files as the client tells of them: applied in the order of arrival, without waiting for anything.
//!
//! Runs on the dispatcher's thread only, so that a request behind a change sees it.

use super::convert;
use super::session::Session;
use super::uri;
use crate::syntax::name;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use tower_lsp::ls_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, SaveOptions, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TextDocumentSyncSaveOptions,
};

impl Session {
    pub fn open(&self, params: DidOpenTextDocumentParams) {
        let text = params.text_document;
        let Some(path) = uri::path(text.uri.as_str()).filter(|path| is_note(path, &text.language_id)) else {
            return tracing::debug!("{} is no note", text.uri.as_str());
        };
        if let Some(note) = self.hold(path, text.uri, text.version) {
            note.folder.vault.open_note(&note.path, text.version, &text.text);
        }
    }

    pub fn edit(&self, params: DidChangeTextDocumentParams) {
        let (uri, version) = (params.text_document.uri, params.text_document.version);
        let state = self.state();
        let Some(note) = uri::path(uri.as_str()).and_then(|path| state.open.get(&path)) else {
            return tracing::debug!("{} is changed and not open", uri.as_str());
        };
        if self.abilities.quirks.changes_overtake && version <= note.version.load(Ordering::Relaxed) {
            return tracing::debug!("version {version} of {} is overtaken", uri.as_str());
        }
        note.version.store(version, Ordering::Relaxed);
        let edits: Vec<_> = params.content_changes.into_iter().map(convert::edit).collect();
        if !note.folder.vault.edit_note(&note.path, version, &edits, self.abilities.encoding) {
            tracing::warn!("the vault does not hold {}", uri.as_str());
        }
    }

    pub fn close(&self, params: DidCloseTextDocumentParams) {
        let path = uri::path(params.text_document.uri.as_str());
        if let Some(note) = path.and_then(|path| self.let_go(&path)) {
            note.folder.vault.close_note(&note.path);
        }
    }

    pub fn saved(&self, params: DidSaveTextDocumentParams) {
        self.look_at([params.text_document.uri.as_str()].into_iter());
    }

    pub fn files_changed(&self, params: DidChangeWatchedFilesParams) {
        self.look_at(params.changes.iter().map(|event| event.uri.as_str()));
    }

    /// Something may have happened to the files at these addresses.
    pub fn look_at<'a>(&self, addresses: impl Iterator<Item = &'a str>) {
        let paths: Vec<PathBuf> = addresses.filter_map(uri::path).collect();
        for folder in &self.state().folders {
            let inside: Vec<PathBuf> = paths.iter().filter(|path| path.starts_with(&folder.root)).cloned().collect();
            if !inside.is_empty() {
                folder.vault.look_at_in_time(inside);
            }
        }
    }

    /// How the client is to tell of changes.
    pub fn sync(&self) -> TextDocumentSyncCapability {
        let change = if self.abilities.quirks.full_sync {
            TextDocumentSyncKind::FULL
        } else {
            TextDocumentSyncKind::INCREMENTAL
        };
        TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(change),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: Some(false) })),
            ..TextDocumentSyncOptions::default()
        })
    }
}

/// By its ending, or by what the client says of it.
fn is_note(path: &Path, language: &str) -> bool {
    let name = path.file_name().and_then(OsStr::to_str);
    name.is_some_and(|name| name::note_stem(name).is_some() || language == "markdown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_told_by_their_ending_or_their_language() {
        assert!(is_note(Path::new("/china.MD"), "plaintext"));
        assert!(is_note(Path::new("/china.mdx"), "markdown"));
        assert!(!is_note(Path::new("/main.rs"), "rust"));
    }
}
