//! Reading all notes of a vault at once, with many threads.
//!
//! What a note says is named in names of a [`Batch`], and its text not kept. There are as few batches as notes are
//! scanned at the same time; they are brought under common names when all is read.

use super::disk::{self, OnDisk};
use super::document::pack_facts;
use super::door::lock;
use super::facts::{Packed, Part};
use super::file::{FileId, FileKind, Stamp};
use super::index::Statements;
use crate::cores::cores;
use crate::syntax::Scanner;
use std::borrow::Cow;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::Scope;
use std::time::{Duration, Instant};

/// There are as many threads as cores, for they hinder each other; and up to so many where they wait for the disk, to keep
/// it busy.
const MOST_THREADS: usize = 16;
/// A file that is in memory is read sooner.
const FROM_DISK: Duration = Duration::from_micros(50);
/// A thread that read so many more files from disk than from memory begins another thread.
const PATIENCE: usize = 16;
/// Progress is told after this many notes.
const STEP: usize = 100;

/// Some of the notes, and what they say.
#[derive(Default)]
pub struct Batch {
    pub notes: Vec<Note>,
    /// The facts of all notes, in the names of `statements`.
    pub facts: Packed,
    pub statements: Statements,
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
pub fn read_all(root: &Path, notes: &[(FileId, &str)], told: impl Fn(usize) + Sync) -> Read {
    let threads = cores().min(notes.len());
    let reading = Reading {
        root,
        notes,
        told,
        next: AtomicUsize::new(0),
        read: AtomicUsize::new(0),
        threads: AtomicUsize::new(threads),
        batches: Mutex::default(),
        problems: Mutex::default(),
    };
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(|| reading.work(scope)))));
    let Reading { batches, problems, .. } = reading;
    Read { batches: batches.into_inner().unwrap_or_default(), problems: problems.into_inner().unwrap_or_default() }
}

/// What the threads share that read.
struct Reading<'a, Told> {
    root: &'a Path,
    notes: &'a [(FileId, &'a str)],
    told: Told,
    /// By index into `notes`.
    next: AtomicUsize,
    read: AtomicUsize,
    threads: AtomicUsize,
    /// The batch that was used last is taken first, so that those who only wait for the disk fill none of their own.
    batches: Mutex<Vec<Batch>>,
    problems: Mutex<Vec<String>>,
}

impl<Told: Fn(usize) + Sync> Reading<'_, Told> {
    fn work<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>) {
        let (mut buffer, mut scanner, mut waits) = (Vec::new(), Scanner::default(), 0_usize);
        while let Some((id, path)) = self.notes.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            let begun = Instant::now();
            let on_disk = disk::read_into(&mut buffer, &self.root.join(path));
            waits = if begun.elapsed() > FROM_DISK { waits + 1 } else { waits.saturating_sub(1) };
            self.take(*id, path, on_disk, &mut scanner);
            if waits > PATIENCE {
                waits = 0;
                self.begin_another(scope);
            }
        }
    }

    fn begin_another<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>) {
        let is_wanted = |threads| (threads < MOST_THREADS).then_some(threads + 1);
        if self.threads.fetch_update(Ordering::Relaxed, Ordering::Relaxed, is_wanted).is_ok() {
            scope.spawn(|| self.work(scope));
        }
    }

    fn take(&self, id: FileId, path: &str, on_disk: io::Result<OnDisk<Cow<str>>>, scanner: &mut Scanner) {
        match on_disk {
            Ok(on_disk) => {
                if let Some(problem) = on_disk.problem(path) {
                    lock(&self.problems).push(problem);
                }
                let last = lock(&self.batches).pop();
                let mut batch = last.unwrap_or_default();
                batch.take(id, path, on_disk.stamp, on_disk.text.as_deref().unwrap_or_default(), scanner);
                lock(&self.batches).push(batch);
            }
            // Gone again, or a note that only an editor holds.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => lock(&self.problems).push(format!("reading {path}: {error}")),
        }
        let read = self.read.fetch_add(1, Ordering::Relaxed) + 1;
        if read.is_multiple_of(STEP) {
            (self.told)(read);
        }
    }
}

impl Batch {
    /// Takes in what a note says.
    pub fn take(&mut self, id: FileId, path: &str, stamp: Stamp, text: &str, scanner: &mut Scanner) {
        let Batch { notes, facts, statements } = self;
        let before = facts.size();
        statements.take_path(id, path, FileKind::Note);
        pack_facts(text, scanner, statements, facts, |fact, statements| statements.take_fact(id, fact));
        notes.push(Note { id, stamp, facts: facts.since(before) });
    }
}
