//! The threads that answer requests. Knows jobs; not what they are.

use super::spawn;
use super::transport::Failure;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

pub type Job = Box<dyn FnOnce() + Send>;

/// Jobs are begun in the order they were given. None may wait for anything but room in the outbox.
#[derive(Clone)]
pub struct Pool(mpsc::Sender<Job>);

impl Pool {
    /// As many threads as cores, within reason: one long answer must leave room for short ones.
    pub fn new() -> Pool {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Pool::of(cores.clamp(3, 8))
    }

    fn of(threads: usize) -> Pool {
        let (sender, jobs) = mpsc::channel::<Job>();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..threads {
            let jobs = jobs.clone();
            spawn("answers", move || {
                while let Some(job) = next(&jobs) {
                    let _ = guarded(job);
                }
            });
        }
        Pool(sender)
    }

    pub fn run(&self, job: Job) {
        // The threads end only when the last sender is gone.
        let _ = self.0.send(job);
    }
}

fn next(jobs: &Mutex<mpsc::Receiver<Job>>) -> Option<Job> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// A panic costs one answer, never the server. The panic hook has logged it by then.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Failure::INTERNAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer() {
        let failure = guarded(|| -> usize { panic!("a handler of a test") }).expect_err("a panic is no answer");
        assert_eq!(failure.code, -32603);
    }

    #[test]
    fn a_panic_ends_no_thread() {
        let pool = Pool::of(1);
        let (done, is_done) = mpsc::channel();
        pool.run(Box::new(|| panic!("a job of a test")));
        pool.run(Box::new(move || done.send(()).expect("the test waits")));
        is_done.recv().expect("the thread goes on");
    }
}
