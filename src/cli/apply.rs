//! Writes a change to disk, one file after the other. Knows what stands against it and how far it came; not what it is for.
//!
//! New files come first and moves last, so that at no moment a text is nowhere, and a change that was cut short is planned
//! the same when it is asked for again: what was rewritten says what it will say, what was not still leads to the old place.

use super::opened::complain;
use crate::features::change::Change;
use crate::text::Splice;
use crate::vault::replace::{self, Refused};
use crate::vault::{FileId, Snapshot};
use std::collections::{BTreeMap, HashSet};
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

/// How many files are written between two looks at whether to go on.
pub const LOT: usize = 64;
/// A file is on disk when the disk says so: meanwhile others can be written.
const THREADS: usize = 8;

/// A file's part of a change: done whole, or not at all. Paths are relative to the root.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Create {
        path: String,
        text: String,
    },
    /// Edits in order of place, none of which overlap, of the text with this hash; of any text, where nobody read it.
    Rewrite {
        path: String,
        seen: Option<u64>,
        edits: Vec<Splice>,
    },
    /// Of a file, or of a folder with all that is in it.
    Move {
        from: String,
        to: String,
    },
}

/// A file that a step cannot be done to, and why.
#[derive(Debug)]
pub struct Refusal {
    pub path: String,
    pub why: Refused,
}

/// How far a change came.
#[derive(Debug, Default)]
pub struct Written {
    /// How many of the steps are done. Where one was refused, others that do not wait for it may be.
    pub done: usize,
    /// The first step that could not be done, if any.
    pub refusal: Option<Refusal>,
}

/// A change in steps, in the order in which they are to be done.
pub fn steps(snapshot: &Snapshot, change: &Change) -> Vec<Step> {
    let create = change.create.iter().map(|(path, text)| Step::Create { path: path.clone(), text: text.clone() });
    let moves = change.moves.iter().map(|(file, to)| (snapshot.path(*file).to_owned(), to.clone()));
    let moves = in_order(moves.collect()).into_iter().map(|(from, to)| Step::Move { from, to });
    create.chain(rewrites(snapshot, change)).chain(moves).collect()
}

/// All that stands against steps now, before any is done.
pub fn refusals(root: &Path, steps: &[Step]) -> Vec<Refusal> {
    let leaving: HashSet<&str> = steps.iter().filter_map(Step::moved_from).collect();
    steps.iter().filter_map(|step| step.refusal(step.may_be_done(root, &leaving))).collect()
}

/// Does steps until one is refused, or `interrupted` says so between two lots of them. What it comes to is for the caller
/// to say.
pub fn apply(root: &Path, steps: &[Step], interrupted: &dyn Fn() -> bool) -> Written {
    let mut written = Written::default();
    for lot in steps.chunk_by(|a, b| a.is_rewrite() && b.is_rewrite()).flat_map(|steps| steps.chunks(LOT)) {
        if written.refusal.is_some() || interrupted() {
            break;
        }
        for refusal in at_once(root, lot) {
            written.done += usize::from(refusal.is_none());
            written.refusal = written.refusal.or(refusal);
        }
    }
    written
}

/// Does steps that do not wait for each other, several at a time: each waits for the disk. For each, why it was refused.
pub fn at_once(root: &Path, steps: &[Step]) -> Vec<Option<Refusal>> {
    let do_all = |steps: &[Step]| steps.iter().map(|step| step.refusal(step.do_it(root))).collect::<Vec<_>>();
    let share = steps.len().div_ceil(THREADS).max(1);
    thread::scope(|scope| {
        let threads: Vec<_> = steps.chunks(share).map(|steps| scope.spawn(move || do_all(steps))).collect();
        let done = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        done.flatten().collect()
    })
}

impl Step {
    /// The file as the vault knows it before the step.
    pub fn path(&self) -> &str {
        match self {
            Step::Create { path, .. } | Step::Rewrite { path, .. } | Step::Move { from: path, .. } => path,
        }
    }

    fn is_rewrite(&self) -> bool {
        matches!(self, Step::Rewrite { .. })
    }

    fn moved_from(&self) -> Option<&str> {
        if let Step::Move { from, .. } = self { Some(from) } else { None }
    }

    /// `leaving` are the paths that other steps make free.
    fn may_be_done(&self, root: &Path, leaving: &HashSet<&str>) -> Result<(), Refused> {
        match self {
            Step::Create { path, .. } => replace::may_create(root, path),
            Step::Rewrite { path, seen, edits } => {
                let text = replace::text_to_rewrite(root, path, *seen)?;
                text.edited(edits).map(drop).ok_or(Refused::Changed)
            }
            Step::Move { from, to } => match replace::may_move(root, from, to) {
                Err(Refused::Taken) if leaving.contains(to.as_str()) && from != to => Ok(()),
                answer => answer,
            },
        }
    }

    fn do_it(&self, root: &Path) -> Result<(), Refused> {
        match self {
            Step::Create { path, text } => replace::create(root, path, text),
            Step::Rewrite { path, seen, edits } => replace::rewrite(root, path, *seen, edits),
            Step::Move { from, to } => replace::move_to(root, from, to),
        }
    }

    fn refusal(&self, done: Result<(), Refused>) -> Option<Refusal> {
        let why = done.err()?;
        let path = match (self, &why) {
            (Step::Move { to, .. }, Refused::Taken | Refused::Outside) => to,
            _ => self.path(),
        };
        Some(Refusal { path: path.to_owned(), why })
    }
}

impl Refusal {
    /// Says it on standard error.
    pub fn tell(&self) {
        complain(&format!("{}: {}", self.path, self.why));
    }
}

fn rewrites(snapshot: &Snapshot, change: &Change) -> Vec<Step> {
    let mut by_file: BTreeMap<FileId, Vec<Splice>> = BTreeMap::new();
    for edit in &change.edits {
        by_file.entry(edit.file).or_default().push((edit.span, edit.text.clone()));
    }
    let mut rewrites: Vec<_> = by_file.into_iter().map(|(file, edits)| rewrite(snapshot, file, edits)).collect();
    rewrites.sort_by(|a, b| a.path().cmp(b.path()));
    rewrites
}

fn rewrite(snapshot: &Snapshot, file: FileId, mut edits: Vec<Splice>) -> Step {
    // Stable: what is inserted at one place stays in the order in which it was said.
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    let stamp = snapshot.get(file).and_then(|file| file.stamp);
    let seen = stamp.map(|stamp| stamp.hash).filter(|&hash| hash != 0);
    Step::Rewrite { path: snapshot.path(file).to_owned(), seen, edits }
}

/// Moves such that whoever takes a place comes behind the one who leaves it. Those that wait for each other come last,
/// and are refused.
fn in_order(mut waiting: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let leaving: HashSet<String> = waiting.iter().map(|(from, _)| from.clone()).collect();
        let is_free = |(from, to): &(String, String)| from == to || !leaving.contains(to);
        let (free, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_free);
        if free.is_empty() {
            ordered.extend(rest);
            break;
        }
        ordered.extend(free);
        waiting = rest;
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Watch};
    use crate::features::change::FileEdit;
    use crate::text::Span;
    use crate::vault::{Vault, disk};
    use std::cell::Cell;
    use std::sync::Arc;
    use tempfile::TempDir;

    const NEVER: &dyn Fn() -> bool = &|| false;

    fn vault(files: &[(&str, &str)]) -> TempDir {
        let vault = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            replace::create(vault.path(), path, text).expect("a file");
        }
        vault
    }

    fn snapshot(vault: &TempDir) -> Arc<Snapshot> {
        let vault = Vault::open(vault.path(), Config { watch: Watch::Client, ..Config::default() });
        assert!(vault.wait_until_loaded(&|| false));
        vault.snapshot()
    }

    fn text(vault: &TempDir, path: &str) -> Option<String> {
        disk::read(&vault.path().join(path)).ok()?.text
    }

    /// `china.md` becomes `prc.md`, and its name is at the beginning of two notes.
    fn renaming(snapshot: &Snapshot) -> Vec<Step> {
        let file = |path: &str| snapshot.file(path).expect("a note");
        let edit = |path: &str| FileEdit { file: file(path), span: Span::new(2, 7), text: "prc".into() };
        let moves = vec![(file("china.md"), "prc.md".to_owned())];
        steps(snapshot, &Change { edits: vec![edit("b.md"), edit("a.md")], moves, ..Change::default() })
    }

    #[test]
    fn a_change_is_written_whole() {
        let vault = vault(&[("a.md", "[[china]]\r\n"), ("b.md", "[[china]]"), ("china.md", "")]);
        let steps = renaming(&snapshot(&vault));
        assert_eq!(refusals(vault.path(), &steps).len(), 0);
        let written = apply(vault.path(), &steps, NEVER);
        assert_eq!((written.done, written.refusal.is_none()), (3, true));
        assert_eq!(text(&vault, "a.md").as_deref(), Some("[[prc]]\r\n"));
        assert_eq!((text(&vault, "prc.md").as_deref(), text(&vault, "china.md")), (Some(""), None));
    }

    #[test]
    fn an_interrupt_ends_it_between_two_lots_and_the_rest_of_the_plan_is_good_still() {
        let paths: Vec<String> = (0..=LOT).map(|i| format!("{i:03}.md")).collect();
        for (most, done) in [(0, 0), (1, LOT), (2, LOT + 1)] {
            let vault = vault(&[("china.md", "")]);
            paths.iter().for_each(|path| replace::create(vault.path(), path, "[[china]]").expect("a file"));
            let snapshot = snapshot(&vault);
            let file = |path: &str| snapshot.file(path).expect("a note");
            let edit = |path: &String| FileEdit { file: file(path), span: Span::new(2, 7), text: "prc".into() };
            let moves = vec![(file("china.md"), "prc.md".to_owned())];
            let change = Change { edits: paths.iter().map(edit).collect(), moves, ..Change::default() };
            let steps = steps(&snapshot, &change);
            let asked = Cell::new(0);
            let written = apply(vault.path(), &steps, &|| asked.replace(asked.get() + 1) == most);
            assert_eq!((written.done, written.refusal.is_none()), (done, true));
            let rewritten = paths.iter().filter(|path| text(&vault, path).as_deref() == Some("[[prc]]")).count();
            assert_eq!((rewritten, text(&vault, "prc.md")), (done, None));
            assert_eq!(apply(vault.path(), &steps[done..], NEVER).done, steps.len() - done);
            assert!(text(&vault, "prc.md").is_some());
        }
    }

    #[test]
    fn what_stands_against_a_change_is_known_before_it_begins() {
        let vault = vault(&[("a.md", "[[china]]"), ("b.md", "[[china]]"), ("china.md", "")]);
        let steps = renaming(&snapshot(&vault));
        replace::rewrite(vault.path(), "b.md", None, &[(Span::empty(0), "# B\n".into())]).expect("a rewrite");
        replace::create(vault.path(), "prc.md", "").expect("a file");
        let told: Vec<_> = refusals(vault.path(), &steps).iter().map(|it| format!("{}: {}", it.path, it.why)).collect();
        assert_eq!(told, ["b.md: it has changed meanwhile", "prc.md: something is there already"]);
        let written = apply(vault.path(), &steps, NEVER);
        assert_eq!((written.done, written.refusal.map(|it| it.path).as_deref()), (1, Some("b.md")));
        assert!(text(&vault, "china.md").is_some());
    }

    #[test]
    fn a_file_takes_the_place_of_one_that_moves_away() {
        let vault = vault(&[("a.md", "a"), ("b.md", "b"), ("c.md", "c")]);
        let snapshot = snapshot(&vault);
        let moves = [("a.md", "b.md"), ("b.md", "c.md"), ("c.md", "d.md")];
        let moves = moves.map(|(from, to)| (snapshot.file(from).expect("a note"), to.to_owned())).to_vec();
        let steps = steps(&snapshot, &Change { moves, ..Change::default() });
        assert_eq!(refusals(vault.path(), &steps).len(), 0);
        assert_eq!(apply(vault.path(), &steps, NEVER).done, 3);
        let texts = ["a.md", "b.md", "c.md", "d.md"].map(|path| text(&vault, path));
        assert_eq!(texts.map(|text| text.unwrap_or_default()), ["", "a", "b", "c"]);
    }
}
