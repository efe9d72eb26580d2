//! `vaultls rename`: gives a note, an attachment or a folder another name or place, with every link that leads there.

use super::apply::{Refusal, Step, apply, refusals, steps};
use super::interrupt::Interrupt;
use super::opened::{Failure, complain, open};
use super::scope::{Scope, scopes};
use super::text::counted;
use super::unified::unified;
use crate::features::change::Change;
use crate::features::rename::{self, Refused, Renaming};
use crate::vault::replace::{self, text_to_rewrite};
use crate::vault::{Dialect, FileId, Snapshot, disk, file_name, folder, relative, resolve};
use percent_encoding::percent_decode_str;
use rustc_hash::FxHashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How often a plan is made anew because a note changed meanwhile.
const ROUNDS: usize = 3;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Every link that led there leads there afterwards, and nothing else changes. A link by title or alias that still leads \
                  there stays as it is. Interrupted, the command says how far it came, and running it again finishes.\n\n\
                  Exit codes: 0 done (with --dry-run: there is something to do), 2 could not, or was interrupted."
)]
pub struct Rename {
    /// A note, an attachment or a folder: its path from here, or a name as a link would write it
    pub old: PathBuf,
    /// A name, and the file stays in its folder; or a path from here: `talks/moscow`, `./moscow`. The ending may be left out
    pub new: String,
    /// Change the title in the front matter too: to the new name, or to TITLE
    #[arg(long, value_name = "TITLE", num_args = 0..=1, require_equals = true)]
    pub title: Option<Option<String>>,
    /// Write nothing; print what would change in the notes as a unified diff
    #[arg(long)]
    pub dry_run: bool,
}

/// Runs the command; what cannot be done is said on standard error.
pub fn rename(arguments: &Rename) -> ExitCode {
    match run(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(2),
        Err(failure) => failure.told(),
    }
}

/// What is to be renamed, in a vault that has been read.
struct Asked<'a> {
    snapshot: &'a Snapshot,
    /// Relative to the root: of a file or a folder.
    old: String,
    new: String,
    is_folder: bool,
}

fn run(arguments: &Rename) -> Result<bool, Failure> {
    let scope = scopes(&[PathBuf::from(".")]).map_err(Failure::Said)?.swap_remove(0);
    for round in 1..=ROUNDS {
        let snapshot = open(&scope)?;
        let asked = asked(&snapshot, &scope, arguments)?;
        let renaming = asked.planned(arguments).map_err(|refused| Failure::Said(refused.0))?;
        let steps = asked.steps(&renaming.change);
        if steps.is_empty() {
            complain("nothing to do: that is what it is called");
            return Ok(true);
        }
        let against = refusals(&scope.root, &steps);
        let has_changed = against.iter().all(|refusal| matches!(refusal.why, replace::Refused::Changed));
        if !against.is_empty() && has_changed && round < ROUNDS {
            continue;
        }
        if !against.is_empty() {
            against.iter().for_each(Refusal::tell);
            return Err(Failure::Said("nothing was written".to_owned()));
        }
        if arguments.dry_run {
            return asked.print_diff(&scope.root, &steps);
        }
        return asked.write(&scope.root, &steps, &renaming.change);
    }
    Ok(false)
}

/// What the arguments mean in the vault around the current folder. Links of the file system are not followed: what they
/// lead to has a path of its own.
fn asked<'a>(snapshot: &'a Snapshot, scope: &Scope, arguments: &Rename) -> Result<Asked<'a>, Failure> {
    let said = |sentence: String| Failure::Said(sentence);
    let outside = |path: &str| said(format!("{path}: outside of the vault {}", scope.root.display()));
    let here = here(&scope.root)?;
    let (old, is_folder) = old(snapshot, scope, &here, &slashed(&arguments.old.to_string_lossy()))?;
    let written = slashed(&arguments.new);
    let new = match written.contains('/') {
        false => join_name(folder(&old), &written),
        true => inside(&scope.root, &here, &written).ok_or_else(|| outside(&written))?,
    };
    let is_into = written.ends_with('/') || snapshot.is_folder(&new);
    let new = if is_into && new != old { join_name(&new, file_name(&old)) } else { new };
    if is_folder && new.strip_prefix(&old).is_some_and(|below| below.starts_with('/')) {
        return Err(said(format!("{old}: a folder cannot go into itself")));
    }
    Ok(Asked { snapshot, old, new, is_folder })
}

/// The path of what is to be renamed, and whether that is a folder: what is at the path, else what a link would mean.
fn old(snapshot: &Snapshot, scope: &Scope, here: &str, written: &str) -> Result<(String, bool), Failure> {
    let path = inside(&scope.root, here, written);
    let named = || by_name(snapshot, here, written).map(|file| (snapshot.path(file).to_owned(), false));
    let Some(path) = path else {
        return Err(Failure::Said(format!("{written}: outside of the vault {}", scope.root.display())));
    };
    if path.is_empty() {
        return Err(Failure::Said("the vault itself has no name that a link could write".to_owned()));
    }
    if snapshot.file(&path).is_some() {
        return Ok((path, false));
    }
    if snapshot.beneath(&path).next().is_some() {
        return Ok((path, true));
    }
    match resolve::at_path(snapshot, &path) {
        Some(file) => Ok((snapshot.path(file).to_owned(), false)),
        None => named().map_err(Failure::Said),
    }
}

fn slashed(path: &str) -> String {
    path.replace(std::path::MAIN_SEPARATOR, "/")
}

/// The current folder, relative to the root.
fn here(root: &Path) -> Result<String, Failure> {
    let here = disk::canonical(Path::new("."))?;
    Ok(relative(root, &here).unwrap_or_default())
}

/// A path as it was typed in the folder `here`, relative to the root; `None` outside.
fn inside(root: &Path, here: &str, written: &str) -> Option<String> {
    if !Path::new(written).is_absolute() {
        return resolve::join(here, written);
    }
    let root = root.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let whole = resolve::join("", written)?;
    whole.strip_prefix(root.trim_matches('/'))?.strip_prefix('/').map(str::to_owned)
}

/// The one file that a link of this name would mean.
fn by_name(snapshot: &Snapshot, here: &str, name: &str) -> Result<FileId, String> {
    let found =
        resolve::resolve(snapshot, here, Dialect::Name, name).ok_or_else(|| format!("{name}: no such file or note"))?;
    if found.others.is_empty() {
        return Ok(found.file);
    }
    let more = found.other_count - found.others.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let all = [found.file].into_iter().chain(found.others).map(|file| snapshot.path(file)).collect::<Vec<_>>();
    Err(format!("{name} may be any of {}{more}: name its path", all.join(", ")))
}

fn join_name(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

impl Asked<'_> {
    fn planned(&self, arguments: &Rename) -> Result<Renaming, Refused> {
        let title = arguments.title.as_ref();
        if self.is_folder {
            if title.is_some() {
                return Err(Refused("--title: a folder has none".to_owned()));
            }
            return rename::moved(self.snapshot, &self.moves_of_folder());
        }
        let Some(file) = self.snapshot.file(&self.old) else { return Ok(Renaming::default()) };
        let path = rename::path_for(self.snapshot, file, &format!("/{}", self.new))?;
        match title {
            None => rename::moved(self.snapshot, &[(file, path)]),
            Some(title) => {
                let stem = file_name(&path).rsplit_once('.').map_or(&*path, |(stem, _)| stem);
                let title = title.as_deref().unwrap_or(stem).to_owned();
                rename::moved_and_retitled(self.snapshot, file, &path, &title)
            }
        }
    }

    fn moves_of_folder(&self) -> Vec<(FileId, String)> {
        let files = self.snapshot.beneath(&self.old);
        files.map(|(file, below)| (file, format!("{}{below}", self.new))).collect()
    }

    /// The notes that link first, then the one that is renamed: so long as that is called what it was, a change that was
    /// cut short is planned the same.
    fn steps(&self, change: &Change) -> Vec<Step> {
        let mut steps = steps(self.snapshot, change);
        if self.is_folder && !steps.is_empty() {
            steps.retain(|step| !matches!(step, Step::Move { .. }));
            steps.push(Step::Move { from: self.old.clone(), to: self.new.clone() });
        }
        steps.sort_by_key(|step| (matches!(step, Step::Move { .. }), self.is_own(step)));
        steps
    }

    fn is_own(&self, step: &Step) -> bool {
        step.path()
            .strip_prefix(&self.old)
            .is_some_and(|rest| rest.is_empty() || self.is_folder && rest.starts_with('/'))
    }

    fn print_diff(&self, root: &Path, steps: &[Step]) -> Result<bool, Failure> {
        let mut out = io::stdout().lock();
        for step in steps {
            if let Step::Rewrite { path, seen, edits } = step {
                let text = text_to_rewrite(root, path, *seen).map_err(|why| Failure::Said(format!("{path}: {why}")))?;
                out.write_all(unified(path, text.whole(), &text.placed(edits)).as_bytes())?;
            }
        }
        out.flush()?;
        complain(&match moved_to(steps) {
            Some(to) => format!("{} would become {to}", self.old),
            None => format!("{} would have a new title", self.old),
        });
        Ok(true)
    }

    fn write(&self, root: &Path, steps: &[Step], change: &Change) -> Result<bool, Failure> {
        let respelled = self.respelled(change);
        // What the renamed note says of itself and its new place belong together.
        let apart = steps.iter().position(|step| self.is_own(step)).unwrap_or(steps.len());
        let (links, own) = steps.split_at(apart);
        let interrupt = Interrupt::listen();
        let mut written = apply(root, links, &|| interrupt.asked());
        if written.done == links.len() {
            let rest = apply(root, own, &|| false);
            (written.done, written.refusal) = (written.done + rest.done, rest.refusal);
        }
        if written.done < steps.len() {
            if let Some(refusal) = &written.refusal {
                refusal.tell();
            }
            let why = if written.refusal.is_some() { "stopped" } else { "interrupted" };
            let files = counted(steps.len(), "file");
            complain(&format!("{why}: {} of {files} done, each whole; run it again for the rest", written.done));
            return Ok(false);
        }
        self.print(steps, change, &respelled)?;
        Ok(true)
    }

    fn print(&self, steps: &[Step], change: &Change, respelled: &[String]) -> Result<(), Failure> {
        let notes: FxHashSet<FileId> = change.edits.iter().map(|edit| edit.file).collect();
        let mut out = anstream::stdout().lock();
        let (edits, notes) = (counted(change.edits.len(), "edit"), counted(notes.len(), "file"));
        match moved_to(steps) {
            Some(to) => writeln!(out, "{} is {to} now: {edits} in {notes}.", self.old)?,
            None => writeln!(out, "{} has a new title: {edits} in {notes}.", self.old)?,
        }
        if !respelled.is_empty() {
            writeln!(out, "Links that were spelled otherwise and take the new name:")?;
            respelled.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
        }
        Ok(out.flush()?)
    }

    /// The links whose name was no part of the path, with what they become: renaming back does not bring those back.
    fn respelled(&self, change: &Change) -> Vec<String> {
        let bare = self.old.rsplit_once('.').map_or(&*self.old, |(bare, _)| bare);
        let mut lines = Vec::new();
        for edits in change.edits.chunk_by(|a, b| a.file == b.file) {
            let path = self.snapshot.path(edits[0].file);
            let Some(document) = self.snapshot.document(edits[0].file).filter(|_| !self.is_folder && path != self.old)
            else {
                continue;
            };
            for edit in edits {
                let written = percent_decode_str(document.of(edit.span)).decode_utf8_lossy();
                let name = written.trim_start_matches("../").trim_start_matches("./").trim_start_matches('/');
                if ![bare, &self.old].iter().any(|path| path.ends_with(name)) {
                    let line = document.text.line_of(edit.span.start as usize) + 1;
                    lines.push(format!("{path}:{line}: {written} -> {}", edit.text));
                }
            }
        }
        lines
    }
}

/// Where the steps take what is renamed; `None` where only its title changes.
fn moved_to(steps: &[Step]) -> Option<&str> {
    steps.iter().find_map(|step| if let Step::Move { to, .. } = step { Some(to.as_str()) } else { None })
}
