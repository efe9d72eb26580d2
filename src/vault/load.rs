//! Reading all notes of a vault at once, with many threads.
//!
//! What a note says is named in names of a [`Batch`], and its text not kept. There are as few batches as notes are
//! scanned at the same time; they are brought under common names when all is read.

use super::disk::{self, OnDisk};
use super::document::pack_facts;
use super::door::lock;
use super::facts::{Packed, Part};
use super::file::{FileId, FileKind, Stamp};
use super::index;
use super::names::FrozenNames;
use super::postings::Term;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A cold start is disk latency: more threads than cores keep the disk busy.
const THREADS: usize = 8;
/// Progress is told after this many notes.
const STEP: usize = 100;

/// Some of the notes, and what they say.
#[derive(Default)]
pub struct Batch {
    pub names: FrozenNames,
    pub notes: Vec<Note>,
    /// The facts of all notes.
    pub facts: Packed,
    /// What the notes state: terms of `names`.
    pub pairs: Vec<(Term, u32)>,
}

/// How a note looked on disk, and where its facts are in [`Batch::facts`].
pub struct Note {
    pub id: FileId,
    pub stamp: Stamp,
    pub facts: Part,
}

/// What was read, and sentences about what could not be read as it should be.
#[derive(Default)]
pub struct Read {
    pub batches: Vec<Batch>,
    pub problems: Vec<String>,
}

/// Reads `notes` (paths relative to `root`); `told` hears how many are read so far.
pub fn read_all(root: &Path, notes: &[(FileId, String)], told: impl Fn(usize) + Sync) -> Read {
    let (next, read) = (AtomicUsize::new(0), AtomicUsize::new(0));
    // The batch that was used last is taken first, so that those who only wait for the disk fill none of their own.
    let (batches, problems) = (Mutex::<Vec<Batch>>::default(), Mutex::<Vec<String>>::default());
    let take = |id: FileId, path: &str, on_disk: OnDisk| {
        lock(&problems).extend(on_disk.problem(path));
        let mut batch = lock(&batches).pop().unwrap_or_default();
        batch.take(id, path, on_disk.stamp, on_disk.text.as_deref().unwrap_or_default());
        lock(&batches).push(batch);
    };
    let work = || {
        while let Some((id, path)) = notes.get(next.fetch_add(1, Ordering::Relaxed)) {
            match disk::read(&root.join(path)) {
                Ok(on_disk) => take(*id, path, on_disk),
                // Gone again, or a note that only an editor holds.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => lock(&problems).push(format!("reading {path}: {error}")),
            }
            let read = read.fetch_add(1, Ordering::Relaxed) + 1;
            if read.is_multiple_of(STEP) {
                told(read);
            }
        }
    };
    std::thread::scope(|scope| (0..THREADS.min(notes.len())).for_each(|_| drop(scope.spawn(work))));
    Read { batches: std::mem::take(&mut lock(&batches)), problems: std::mem::take(&mut lock(&problems)) }
}

impl Batch {
    /// Takes in what a note says.
    pub fn take(&mut self, id: FileId, path: &str, stamp: Stamp, text: &str) {
        let Batch { names, notes, facts, pairs } = self;
        let before = facts.size();
        pack_facts(text, names, facts);
        let part = facts.since(before);
        let terms = index::terms(path, FileKind::Note, facts.iter(&part), names);
        pairs.extend(terms.into_iter().map(|term| (term, id.0)));
        notes.push(Note { id, stamp, facts: part });
    }
}
