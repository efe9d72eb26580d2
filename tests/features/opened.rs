//! The vault of a case, written to disk and opened as an editor would.

use crate::case::{Case, CaseFile};
use std::fs;
use std::sync::Arc;
use tempfile::TempDir;
use vaultls::config::{Config, Watch};
use vaultls::vault::{FileId, Snapshot, Vault};

pub struct Opened {
    pub vault: Arc<Vault>,
    pub snapshot: Arc<Snapshot>,
    /// The note with the cursor and the byte it is at.
    cursor: Option<(FileId, usize)>,
    /// Gone with the test.
    _folder: TempDir,
}

impl Opened {
    pub fn of(case: &Case) -> Opened {
        let folder = tempfile::Builder::new().prefix("vault").tempdir().expect("a folder");
        if !case.asks("unmarked") {
            fs::create_dir(folder.path().join(".obsidian")).expect("a folder");
        }
        case.files.iter().for_each(|file| write(&folder, file));
        let vault = Vault::open(folder.path(), settings(case));
        assert!(vault.wait_until_loaded(&|| false));
        if let Some((file, _)) = case.cursor {
            let CaseFile { path, text } = &case.files[file];
            vault.open_note(path, 1, text);
        }
        let snapshot = vault.snapshot();
        let cursor = case.cursor.map(|(file, at)| {
            let note = snapshot.file(&case.files[file].path);
            (note.expect("the note with the cursor is part of the vault"), at)
        });
        Opened { vault, snapshot, cursor, _folder: folder }
    }

    /// The note with the cursor, and the byte it is at.
    pub fn cursor(&self) -> (FileId, usize) {
        self.cursor.expect("a cursor: `$0`")
    }
}

fn write(folder: &TempDir, file: &CaseFile) {
    let path = folder.path().join(&file.path);
    if file.path.ends_with('/') {
        fs::create_dir_all(path).expect("a folder");
    } else {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, &file.text).expect("a file");
    }
}

/// What the vault's `.vaultls.toml` says. Nothing changes on disk, so nobody watches.
fn settings(case: &Case) -> Config {
    let toml = case.files.iter().find(|file| file.path == ".vaultls.toml").map_or("", |file| &file.text);
    let (config, unknown) = Config::from_toml(toml).expect("settings");
    assert!(unknown.is_empty(), "{unknown:?}");
    Config { watch: Watch::Client, ..config }
}
