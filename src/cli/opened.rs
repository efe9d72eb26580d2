//! The vault that a command asks about: read whole, with its settings, and what goes wrong on the way.

use super::codes;
use super::progress::Progress;
use super::scope::Scope;
use super::snippet::visible;
use crate::config::{Config, FILE, Watch};
use crate::cores::on_all_cores;
use crate::features::findings::Suspects;
use crate::vault::{FileId, Notice, Snapshot, Vault, disk};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Why a command ended early.
pub enum Failure {
    /// The reader of the output went away, as `head` does.
    NobodyReads,
    Said(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::NobodyReads,
            _ => Failure::Said(format!("writing the answer: {error}")),
        }
    }
}

impl Failure {
    /// What is left to say, and the exit code.
    pub fn told(self) -> ExitCode {
        match self {
            Failure::NobodyReads => ExitCode::SUCCESS,
            Failure::Said(message) => {
                complain(&message);
                ExitCode::from(2)
            }
        }
    }
}

/// Says something on standard error, in one line.
pub fn complain(message: &str) {
    // Where nobody reads standard error there is nobody to tell.
    let _ = writeln!(io::stderr(), "vaultls: {}", visible(message));
}

/// The vault of a scope, all read, as its own settings say.
pub fn open(scope: &Scope) -> Result<Arc<Snapshot>, Failure> {
    let config = settings(&scope.root).map_err(Failure::Said)?;
    Ok(loaded(&scope.root, config))
}

/// The notes that are asked about, by path.
pub fn notes(snapshot: &Snapshot, scope: &Scope) -> Result<Vec<FileId>, String> {
    let mut notes: Vec<_> = snapshot.notes().filter(|&note| scope.holds(snapshot.path(note))).collect();
    notes.sort_by_key(|&note| snapshot.path(note));
    let known = |path: &str| notes.iter().any(|&note| snapshot.path(note) == path);
    match scope.parts.iter().find(|part| part.file && !known(&part.path)) {
        Some(part) => Err(format!("{}: no note of the vault {}", part.path, scope.root.display())),
        None => Ok(notes),
    }
}

/// Those of the notes that can have findings.
pub fn suspected(suspects: &Suspects, notes: &[FileId]) -> Vec<FileId> {
    let holds = on_all_cores(notes, |&note| suspects.hold(note));
    notes.iter().zip(holds).filter(|(_, holds)| *holds).map(|(&note, _)| note).collect()
}

/// The vault at `root`, all read. What could not be read as it should be is said on standard error.
fn loaded(root: &Path, config: Config) -> Arc<Snapshot> {
    let vault = Vault::open(root, config);
    let mut notices = read(&vault);
    if notices.contains(&Notice::TooManyFiles) {
        // Whoever names a folder means all of it.
        vault.load_all();
        notices.extend(read(&vault));
    }
    for notice in notices {
        if let Notice::Problem(problem) = notice {
            complain(&problem);
        }
    }
    vault.snapshot()
}

/// Waits until the vault is read, behind a bar.
fn read(vault: &Vault) -> Vec<Notice> {
    let progress = Progress::new("Reading");
    vault.wait_until_loaded(&|| {
        let now = vault.progress();
        progress.at(now.read, now.total);
        false
    });
    vault.take_notices()
}

/// What the vault's `.vaultls.toml` says, as far as it matters here.
fn settings(root: &Path) -> Result<Config, String> {
    let text = disk::read_small(&root.join(FILE)).unwrap_or_default();
    let (mut config, unknown) = Config::from_toml(&text).map_err(|why| format!("{FILE}: {why}"))?;
    for key in unknown {
        complain(&format!("{FILE}: there is no setting `{key}`"));
    }
    for name in config.findings.severity.keys().filter(|name| !codes::names(name)) {
        complain(&format!("{FILE}: there is no finding `{name}`"));
    }
    config.watch = Watch::Client;
    Ok(config)
}
