//! Reading all notes of a vault at once, with many threads.
//!
//! Each thread names what it reads in names of its own and keeps no text; [`Batch`]es are brought under common names
//! when all is read.

use super::disk;
use super::document::facts_of;
use super::facts::Facts;
use super::file::{FileId, Stamp};
use super::names::FrozenNames;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A cold start is disk latency: more threads than cores keep the disk busy.
const THREADS: usize = 8;
/// Progress is told after this many notes.
const STEP: usize = 100;

/// The notes that one thread read.
#[derive(Default)]
pub struct Batch {
    pub names: FrozenNames,
    /// Each note with how it looked on disk, and its facts in `names`.
    pub notes: Vec<(FileId, Stamp, Facts)>,
    /// Notes that could not be read as they should be: sentences that name them.
    pub problems: Vec<String>,
}

/// Reads `notes` (paths relative to `root`); `told` hears how many are read so far.
pub fn read_all(root: &Path, notes: &[(FileId, String)], told: impl Fn(usize) + Sync) -> Vec<Batch> {
    let (next, read) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        let mut batch = Batch::default();
        while let Some((id, path)) = notes.get(next.fetch_add(1, Ordering::Relaxed)) {
            batch.read(root, *id, path);
            let read = read.fetch_add(1, Ordering::Relaxed) + 1;
            if read.is_multiple_of(STEP) {
                told(read);
            }
        }
        batch
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS.min(notes.len())).map(|_| scope.spawn(work)).collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    })
}

impl Batch {
    fn read(&mut self, root: &Path, id: FileId, path: &str) {
        match disk::read(&root.join(path)) {
            Ok(on_disk) => {
                self.problems.extend(on_disk.problem(path));
                let facts = on_disk.text.map_or_else(Facts::default, |text| facts_of(&text, &mut self.names));
                self.notes.push((id, on_disk.stamp, facts));
            }
            // Gone again, or a note that only an editor holds.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => self.problems.push(format!("reading {path}: {error}")),
        }
    }
}
