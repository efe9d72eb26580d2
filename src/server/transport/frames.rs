//! Cuts a stream of bytes into message bodies. Knows the frame of the base protocol, not what a body says.
//!
//! Total: a header that cannot be understood costs the message it stood before, never the ones behind it. A length is
//! looked for anywhere in a line, because the body of a message without one has no end but the next header.

use memchr::memchr;
use std::io::{ErrorKind, Read};
use std::ops::Range;

/// Above this a length is taken for a mistake. A note of 16 MB, all escaped, fits.
const LONGEST_BODY: usize = 128 << 20;
/// A line longer than this is no header; its end is kept, as a header may begin there.
const LONGEST_LINE: usize = 4 << 10;
const LONGEST_HEADER: usize = 64;
const CHUNK: usize = 64 << 10;

const LENGTH: &[u8] = b"content-length";

pub struct Frames<R> {
    input: R,
    buffer: Vec<u8>,
    /// Where reading goes on in `buffer`.
    at: usize,
    /// The last body, as long as `buffer` is untouched.
    body: Range<usize>,
}

impl<R: Read> Frames<R> {
    pub fn new(input: R) -> Frames<R> {
        Frames { input, buffer: Vec::new(), at: 0, body: 0..0 }
    }

    /// The next body; `None` when the input has ended.
    pub fn next_body(&mut self) -> Option<&[u8]> {
        self.forget_read_bytes();
        let length = self.read_header()?;
        self.fill_to(length)?;
        self.body = self.at..self.at + length;
        self.at = self.body.end;
        Some(&self.buffer[self.body.clone()])
    }

    /// The last body was no message, so its length may have been wrong: it is read again as lines, for a header in it. JSON
    /// cannot hold one, as the line end behind it would be escaped.
    pub fn resync(&mut self) {
        self.at = self.body.start;
    }

    /// Reads up to the first byte of a body and returns its length.
    fn read_header(&mut self) -> Option<usize> {
        let mut length = None;
        loop {
            let line = self.read_line()?;
            let text = self.buffer[line].trim_ascii();
            if let Some(header) = find_length(text) {
                length = read_length(&text[header..]);
                if length.is_none() {
                    tracing::warn!("a message without a readable length: {}", text.escape_ascii());
                }
            } else if let (true, Some(length)) = (text.is_empty(), length) {
                return Some(length);
            }
        }
    }

    /// The next line, without its end; of an endless one the last bytes.
    fn read_line(&mut self) -> Option<Range<usize>> {
        let mut searched = self.at;
        loop {
            if let Some(length) = memchr(b'\n', &self.buffer[searched..]) {
                let line = self.at..searched + length;
                self.at = line.end + 1;
                return Some(line);
            }
            searched = self.buffer.len();
            if searched - self.at > LONGEST_LINE {
                self.at = searched - LONGEST_HEADER;
                let dropped = self.forget_read_bytes();
                searched -= dropped;
            }
            self.fill()?;
        }
    }

    fn forget_read_bytes(&mut self) -> usize {
        let dropped = if self.at == self.buffer.len() || self.at >= CHUNK { self.at } else { 0 };
        self.buffer.drain(..dropped);
        self.at -= dropped;
        self.body = 0..0;
        dropped
    }

    /// Reads until `length` bytes are unread; `None` when the input ends before. Memory grows by what has come, not by what
    /// was promised.
    fn fill_to(&mut self, length: usize) -> Option<()> {
        let missing = (self.at + length).saturating_sub(self.buffer.len());
        match self.input.by_ref().take(missing as u64).read_to_end(&mut self.buffer) {
            Ok(read) => (read == missing).then_some(()),
            Err(error) => {
                tracing::warn!("reading from the client: {error}");
                None
            }
        }
    }

    /// Reads what is there; `None` at the end of the input.
    fn fill(&mut self) -> Option<()> {
        let old = self.buffer.len();
        self.buffer.resize(old + CHUNK, 0);
        let read = loop {
            match self.input.read(&mut self.buffer[old..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    tracing::warn!("reading from the client: {error}");
                    break 0;
                }
                Ok(read) => break read,
            }
        };
        self.buffer.truncate(old + read);
        (read > 0).then_some(())
    }
}

/// Where the last `Content-Length` begins in a line.
fn find_length(line: &[u8]) -> Option<usize> {
    line.windows(LENGTH.len()).rposition(|window| window.eq_ignore_ascii_case(LENGTH))
}

/// The number in `Content-Length: 123`, if it can be meant.
fn read_length(header: &[u8]) -> Option<usize> {
    let value = header[LENGTH.len()..].trim_ascii_start().strip_prefix(b":")?.trim_ascii();
    let length: usize = std::str::from_utf8(value).ok()?.parse().ok()?;
    (length <= LONGEST_BODY).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that gives one byte at a time: no answer may depend on how the bytes arrive.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = self.0.len().min(1);
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn read_all(mut frames: Frames<impl Read>) -> Vec<String> {
        let mut bodies = Vec::new();
        while let Some(body) = frames.next_body() {
            let body = String::from_utf8_lossy(body).into_owned();
            if !body.starts_with('{') || !body.ends_with('}') || body.contains("Content") {
                frames.resync();
            } else {
                bodies.push(body);
            }
        }
        bodies
    }

    fn bodies(input: &str) -> Vec<String> {
        let bodies = read_all(Frames::new(input.as_bytes()));
        assert_eq!(bodies, read_all(Frames::new(Drip(input.as_bytes()))));
        bodies
    }

    #[test]
    fn messages_are_read_one_by_one() {
        assert_eq!(bodies("Content-Length: 2\r\n\r\n{}Content-Length: 3\r\n\r\n{1}"), ["{}", "{1}"]);
    }

    #[test]
    fn headers_are_read_leniently() {
        for header in [
            "content-length:2\r\n\r\n",
            "CONTENT-LENGTH : 2 \n\n",
            "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n\r\n",
            "Content-Length: 2\r\nX: y\r\n\r\n",
            "\r\n\r\nContent-Length: 2\r\n\r\n",
        ] {
            assert_eq!(bodies(&format!("{header}{{}}")), ["{}"], "{header:?}");
        }
    }

    #[test]
    fn a_bad_header_costs_only_its_message() {
        let good = "Content-Length: 2\r\n\r\n{}";
        for bad in [
            "Content-Type: x\r\n\r\n{no length}",
            "Content-Length: many\r\n\r\n{1}",
            "Content-Length: -5\r\n\r\n{1}",
            "Content-Length: 99999999999\r\n\r\n{huge}",
            "Content-Length: 99999999999999999999999999\r\n\r\n{huge}",
            "Content-Length: 3\r\n\r\n{too short}",
            "Content-Length: 20\r\n\r\n{too long}",
            "garbage",
            "garbage\r\n\r\n",
        ] {
            assert_eq!(bodies(&format!("{bad}{good}{good}")).last().map(String::as_str), Some("{}"), "{bad:?}");
        }
        assert_eq!(bodies(&format!("Content-Length: 20\r\n\r\n{{too long}}{good}{good}")), ["{}", "{}"]);
    }

    #[test]
    fn a_header_behind_a_long_line_of_garbage_is_found() {
        let garbage = "x".repeat(3 * CHUNK);
        assert_eq!(read_all(Frames::new(format!("{garbage}Content-Length: 2\r\n\r\n{{}}").as_bytes())), ["{}"]);
    }

    #[test]
    fn a_promised_length_is_not_allocated() {
        let mut frames = Frames::new(format!("Content-Length: {LONGEST_BODY}\r\n\r\n{{}}").leak().as_bytes());
        assert!(frames.next_body().is_none());
        assert!(frames.buffer.capacity() < 1 << 20);
    }

    #[test]
    fn an_input_that_ends_in_the_middle_ends() {
        for input in ["", "Content-Le", "Content-Length: 5\r\n", "Content-Length: 5\r\n\r\n{}"] {
            assert!(bodies(input).is_empty(), "{input:?}");
        }
    }
}
