//! `vaultls bench`: what a vault costs on this machine, beside what the machine itself takes to read it.

mod made;

use super::opened::Failure;
use super::told::scope_of;
use crate::config::{Config, Watch};
use crate::cores::on_all_cores;
use crate::features::completion::completion;
use crate::features::references::{Subject, mentions};
use crate::features::symbols::document_symbols;
use crate::text::{Edit, Encoding, Position};
use crate::vault::{FileId, Snapshot, Vault, disk};
use made::Made;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often short things are done.
const REPEATS: usize = 200;

#[derive(Debug, clap::Args)]
pub struct Bench {
    /// A vault
    #[arg(value_name = "VAULT", default_value = ".", conflicts_with = "notes")]
    pub path: PathBuf,
    /// Measure a vault of so many notes, made for it in the folder for passing files
    #[arg(long, value_name = "N")]
    pub notes: Option<usize>,
    /// Make that vault in this new folder, and leave it there
    #[arg(long, value_name = "FOLDER", requires = "notes")]
    pub keep: Option<PathBuf>,
}

pub fn bench(arguments: &Bench) -> ExitCode {
    run(arguments).unwrap_or_else(Failure::told)
}

fn run(arguments: &Bench) -> Result<ExitCode, Failure> {
    let made = arguments.notes.map(|notes| Made::new(notes.max(1), arguments.keep.as_deref())).transpose();
    let made = made.map_err(|error| Failure::Said(format!("making a vault: {error}")))?;
    let root = match &made {
        Some(made) => made.root.clone(),
        None => scope_of(&arguments.path)?.root,
    };
    let rows = rows(&root);
    let mut out = io::stdout().lock();
    writeln!(out, "{:<34}{:>14}  ratio", "what", "measured")?;
    for Row { what, measured, ratio } in rows {
        writeln!(out, "{what:<34}{measured:>14}  {ratio}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A line of the table.
struct Row {
    what: String,
    measured: String,
    ratio: String,
}

fn row(what: impl Into<String>, measured: String, ratio: String) -> Row {
    Row { what: what.into(), measured, ratio }
}

fn rows(root: &Path) -> Vec<Row> {
    // Read once before anything is measured, so that no row pays for the disk.
    let vault = loaded(root);
    vault.merge(); // With that, what was needed for a while has gone back to the system.
    let held = resident();
    let snapshot = vault.snapshot();
    let paths: Vec<PathBuf> = snapshot.notes().map(|note| snapshot.absolute(note)).collect();
    drop(snapshot);
    let (reading, bytes) = read(&paths);
    let (loading, again) = timed(|| loaded(root));
    drop(again);
    let snapshot = vault.snapshot();
    let mut rows = vec![
        row(format!("notes ({} MB)", bytes >> 20), paths.len().to_string(), String::new()),
        row("reading all notes, all cores", shown(reading), String::new()),
        row("load", shown(loading), format!("{:.2} of reading", loading.as_secs_f64() / reading.as_secs_f64())),
    ];
    rows.extend(held.map(|held| {
        let ratio = format!("{:.2} of the text", held as f64 / bytes.max(1) as f64);
        row("memory", format!("{} MB", held >> 20), ratio)
    }));
    let Some(hub) = hub(&snapshot) else { return rows };
    let (took, found) = timed(|| mentions(&snapshot, &Subject::File(hub)).len());
    rows.push(row(format!("references, {found} found"), shown(took), String::new()));
    rows.extend(typed(&vault, &snapshot));
    rows
}

/// A vault, all read.
fn loaded(root: &Path) -> Arc<Vault> {
    let vault = Vault::open(root, Config { watch: Watch::Client, ..Config::default() });
    vault.wait_until_loaded(&|| false);
    vault
}

/// What the machine takes to read files on all cores and do nothing with them; and how large they are.
fn read(paths: &[PathBuf]) -> (Duration, usize) {
    let length = |path: &PathBuf| disk::read_bytes(path).map_or(0, |bytes| black_box(bytes).len());
    timed(|| on_all_cores(paths, length).into_iter().sum())
}

/// The note that most notes link to.
fn hub(snapshot: &Snapshot) -> Option<FileId> {
    let linked = snapshot.popularity();
    snapshot.notes().max_by_key(|note| linked.get(note.index()))
}

/// Typing in a note of usual length: a letter with the outline that reflects it, and `[[` with what may follow.
fn typed(vault: &Vault, snapshot: &Snapshot) -> Vec<Row> {
    let mut notes: Vec<FileId> = snapshot.notes().collect();
    notes.sort_by_key(|&note| snapshot.entry(note).stamp.map_or(0, |stamp| stamp.size));
    let note = notes[notes.len() / 2];
    let (Some(document), path) = (snapshot.document(note), snapshot.path(note).to_owned()) else { return Vec::new() };
    vault.open_note(&path, 0, &document.source);
    let mut version = 0;
    let mut write = |text: &str| {
        version += 1;
        let start = Position { line: document.text.lines() as u32, column: 0 };
        let edit = Edit { range: Some((start, start)), text: text.to_owned() };
        vault.edit_note(&path, version, &[edit], Encoding::Utf8);
        vault.snapshot()
    };
    let keystroke = repeated(|| document_symbols(&write("a"), note));
    let snapshot = write("\n[[");
    let end = snapshot.open_document(note).map_or(0, |document| document.text.len());
    let completed = repeated(|| completion(&snapshot, note, end));
    vec![
        row("keystroke with outline, median", shown(keystroke[REPEATS / 2]), String::new()),
        row("keystroke with outline, p95", shown(keystroke[REPEATS * 95 / 100]), String::new()),
        row("completion after `[[`, median", shown(completed[REPEATS / 2]), String::new()),
        row("completion after `[[`, p95", shown(completed[REPEATS * 95 / 100]), String::new()),
    ]
}

/// How long something takes each time, the shortest first.
fn repeated<T>(mut work: impl FnMut() -> T) -> Vec<Duration> {
    let mut took: Vec<Duration> = (0..REPEATS).map(|_| timed(|| black_box(work())).0).collect();
    took.sort_unstable();
    took
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let done = work();
    (began.elapsed(), done)
}

fn shown(took: Duration) -> String {
    format!("{:.3} ms", took.as_secs_f64() * 1e3)
}

/// The memory that this process holds, in bytes, where the system says so in a file.
fn resident() -> Option<usize> {
    let status = disk::read_small(Path::new("/proc/self/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kilobytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes << 10)
}
