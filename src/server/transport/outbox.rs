//! What waits to be written to the client. Knows bodies and their size; not what they say.
//!
//! A client may stop reading for as long as it likes: answers then wait with the threads that made them, while reading,
//! edits and cancellation go on.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Above this, whoever can wait does.
const FULL: usize = 16 << 20;
/// What is written at once, unless a single body is longer.
const BATCH: usize = 1 << 20;

#[derive(Default)]
pub struct Outbox {
    queue: Mutex<Queue>,
    /// Something was put in, or the box was closed.
    filled: Condvar,
    /// Something was taken out, or the box was closed.
    emptied: Condvar,
}

#[derive(Default)]
struct Queue {
    bodies: VecDeque<Vec<u8>>,
    bytes: usize,
    closed: bool,
}

impl Outbox {
    /// Never waits: for short messages of threads that must not.
    pub fn send(&self, body: Vec<u8>) {
        self.put(self.lock(), body);
    }

    /// Waits while the box is full.
    pub fn send_when_room(&self, body: Vec<u8>) {
        let is_full = |queue: &mut Queue| queue.bytes >= FULL && !queue.closed;
        let queue = self.emptied.wait_while(self.lock(), is_full).unwrap_or_else(PoisonError::into_inner);
        self.put(queue, body);
    }

    /// Nothing more is taken in; what is there is still written.
    pub fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
        self.emptied.notify_all();
    }

    fn put(&self, mut queue: MutexGuard<Queue>, body: Vec<u8>) {
        if !queue.closed {
            queue.bytes += body.len();
            queue.bodies.push_back(body);
            self.filled.notify_one();
        }
    }

    /// The next bodies, or `None` when the box is closed and empty.
    fn take(&self) -> Option<Vec<Vec<u8>>> {
        let nothing_to_do = |queue: &mut Queue| queue.bodies.is_empty() && !queue.closed;
        let mut queue = self.filled.wait_while(self.lock(), nothing_to_do).unwrap_or_else(PoisonError::into_inner);
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(body) = queue.bodies.pop_front_if(|body| bytes == 0 || bytes + body.len() <= BATCH) {
            bytes += body.len();
            batch.push(body);
        }
        queue.bytes -= bytes;
        self.emptied.notify_all();
        (!batch.is_empty()).then_some(batch)
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes what comes, one write a batch, until the box is closed or the client is gone. `finish` is the last touch to a body.
pub fn write(outbox: &Outbox, mut output: impl Write, finish: impl Fn(Vec<u8>) -> Vec<u8>) {
    let mut bytes = Vec::new();
    while let Some(batch) = outbox.take() {
        for body in batch.into_iter().map(&finish) {
            bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
            bytes.extend_from_slice(&body);
        }
        if let Err(error) = output.write_all(&bytes).and_then(|()| output.flush()) {
            tracing::warn!("writing to the client: {error}");
            outbox.close();
            return;
        }
        bytes.clear();
        bytes.shrink_to(BATCH);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// A client that reads a write only when it is told to.
    struct Reluctant {
        allowed: mpsc::Receiver<()>,
        written: mpsc::Sender<Vec<u8>>,
    }

    impl Write for Reluctant {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.allowed.recv().map_err(std::io::Error::other)?;
            self.written.send(bytes.to_vec()).map_err(std::io::Error::other)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_has_gathered_is_written_at_once() {
        let outbox = Outbox::default();
        outbox.send(b"{}".to_vec());
        outbox.send(b"{1}".to_vec());
        outbox.close();
        outbox.send(b"too late".to_vec());
        let mut output = Vec::new();
        write(&outbox, &mut output, |body| body);
        assert_eq!(output, b"Content-Length: 2\r\n\r\n{}Content-Length: 3\r\n\r\n{1}");
    }

    #[test]
    fn a_client_that_does_not_read_stops_answers_but_not_short_messages() {
        let outbox = Outbox::default();
        let (allow, allowed) = mpsc::channel();
        let (written, read) = mpsc::channel();
        std::thread::scope(|scope| {
            scope.spawn(|| write(&outbox, Reluctant { allowed, written }, |body| body));
            outbox.send(vec![b'x'; FULL]);
            outbox.send(vec![b'y'; FULL]);
            let (done, is_done) = mpsc::channel();
            scope.spawn({
                let outbox = &outbox;
                move || {
                    outbox.send_when_room(b"answer".to_vec());
                    done.send(()).expect("the test waits for it");
                }
            });
            outbox.send(b"short".to_vec());
            assert!(is_done.try_recv().is_err());
            for _ in 0..2 {
                allow.send(()).expect("the writer waits for it");
                read.recv().expect("the writer writes");
            }
            is_done.recv().expect("there is room now");
            drop(allow);
            outbox.close();
        });
    }

    #[test]
    fn nobody_waits_for_a_client_that_is_gone() {
        let outbox = Outbox::default();
        outbox.send(vec![0; FULL]);
        outbox.close();
        outbox.send_when_room(vec![0; FULL]);
    }
}
