//! `vaultls check`: the findings of a vault, printed.

use super::codes::{self, Codes};
use super::printer::Printer;
use super::progress::Progress;
use super::scope::{Scope, scopes};
use super::snippet::visible;
use super::summary::Summary;
use crate::config::{Config, Level, Watch};
use crate::features::findings::{Finding, findings};
use crate::vault::{Document, FileId, Notice, Snapshot, Vault, disk};
use clap::ValueEnum;
use std::io::{self, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;

/// Where a vault's settings lie.
const SETTINGS: &str = ".vaultls.toml";

/// Notes checked between two prints.
const BATCH: usize = 256;

#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 nothing found at the --fail-on severity or above, 1 findings, 2 could not run.")]
pub struct Check {
    /// Vaults, or folders and notes inside a vault
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Report nothing but this code (`link.broken`) or family of codes (`link`); repeat it or join with commas
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = codes::parser(), hide_possible_values = true)]
    pub select: Vec<String>,
    /// Do not report this code or family of codes, even if selected
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = codes::parser(), hide_possible_values = true)]
    pub ignore: Vec<String>,
    /// The least severity that makes the exit code 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = Severity::Warning)]
    pub fail_on: Severity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: each finding with its line, then a summary
    Text,
    /// For programs: an array of objects with file, line, column, end_line, end_column, code, severity, message
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Severity {
    Hint,
    Information,
    Warning,
    Error,
}

/// A note with what is wrong in it.
pub struct Checked {
    pub file: FileId,
    /// Relative to the vault's root.
    pub path: String,
    pub document: Arc<Document>,
    pub findings: Vec<Finding>,
}

/// Runs the command; what cannot be done is said in one line on standard error.
pub fn check(arguments: &Check) -> ExitCode {
    match run(arguments) {
        Ok(summary) if summary.unread > 0 => ExitCode::from(2),
        Ok(summary) => ExitCode::from(u8::from(summary.worst() >= Some(arguments.fail_on.level()))),
        Err(Failure::NobodyReads) => ExitCode::SUCCESS,
        Err(Failure::Said(message)) => {
            complain(&message);
            ExitCode::from(2)
        }
    }
}

fn complain(message: &str) {
    // Where nobody reads standard error there is nobody to tell.
    let _ = writeln!(io::stderr(), "vaultls: {}", visible(message));
}

/// Why a check ended early.
enum Failure {
    /// The reader of the output went away, as `head` does.
    NobodyReads,
    Said(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::NobodyReads,
            _ => Failure::Said(format!("writing the findings: {error}")),
        }
    }
}

fn run(arguments: &Check) -> Result<Summary, Failure> {
    let scopes = scopes(&arguments.paths).map_err(Failure::Said)?;
    let codes = Codes { select: arguments.select.clone(), ignore: arguments.ignore.clone() };
    let mut printer = Printer::new(arguments.format);
    let mut summary = Summary::default();
    for scope in &scopes {
        check_vault(scope, &codes, &mut printer, &mut summary)?;
    }
    printer.end(&summary)?;
    Ok(summary)
}

/// Prints the findings of a vault, batch by batch, by path.
fn check_vault(scope: &Scope, codes: &Codes, printer: &mut Printer, summary: &mut Summary) -> Result<(), Failure> {
    let config = settings(&scope.root).map_err(Failure::Said)?;
    let snapshot = loaded(&scope.root, config);
    let notes = notes(&snapshot, scope).map_err(Failure::Said)?;
    let progress = Progress::new("Checking");
    for (i, batch) in notes.chunks(BATCH).enumerate() {
        progress.at(i * BATCH, notes.len());
        for note in on_all_cores(batch, |&note| checked(&snapshot, note, codes)) {
            match note {
                Some(note) => {
                    summary.add(&note);
                    progress.aside(|| printer.note(&snapshot, &note))?;
                }
                // Why was said when the vault was loaded.
                None => summary.unread += 1,
            }
        }
    }
    Ok(())
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
    let text = disk::read_small(&root.join(SETTINGS)).unwrap_or_default();
    let (mut config, unknown) = Config::from_toml(&text).map_err(|why| format!("{SETTINGS}: {why}"))?;
    for key in unknown {
        complain(&format!("{SETTINGS}: there is no setting `{key}`"));
    }
    for name in config.findings.severity.keys().filter(|name| !codes::names(name)) {
        complain(&format!("{SETTINGS}: there is no finding `{name}`"));
    }
    config.watch = Watch::Client;
    Ok(config)
}

/// The notes that are asked about, by path.
fn notes(snapshot: &Snapshot, scope: &Scope) -> Result<Vec<FileId>, String> {
    let mut notes: Vec<_> = snapshot.notes().filter(|&note| scope.holds(snapshot.path(note))).collect();
    notes.sort_by_key(|&note| snapshot.path(note));
    let known = |path: &str| notes.iter().any(|&note| snapshot.path(note) == path);
    match scope.parts.iter().find(|part| part.file && !known(&part.path)) {
        Some(part) => Err(format!("{}: no note of the vault {}", part.path, scope.root.display())),
        None => Ok(notes),
    }
}

/// `None` where the note's text cannot be had.
fn checked(snapshot: &Snapshot, note: FileId, codes: &Codes) -> Option<Checked> {
    let path = snapshot.path(note).to_owned();
    let document = snapshot.document(note)?;
    let mut findings = findings(snapshot, note, &document);
    findings.retain(|finding| codes.want(finding.code));
    Some(Checked { file: note, path, document, findings })
}

/// The answers for `items`, in order, asked on all cores.
fn on_all_cores<T: Sync, R: Send>(items: &[T], ask: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(cores).max(1);
    thread::scope(|scope| {
        let ask = &ask;
        let workers: Vec<_> =
            items.chunks(share).map(|part| scope.spawn(move || part.iter().map(ask).collect::<Vec<_>>())).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

impl Severity {
    fn level(self) -> Level {
        match self {
            Severity::Hint => Level::Hint,
            Severity::Information => Level::Information,
            Severity::Warning => Level::Warning,
            Severity::Error => Level::Error,
        }
    }
}
