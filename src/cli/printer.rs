//! Standard output: findings as they come, in one of the formats. Knows no vault beyond its paths.

use super::checked::{Checked, Format};
use super::summary::Summary;
use super::{json, text};
use crate::vault::{FileId, Snapshot, disk};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;

/// Columns of source shown where there is no terminal.
const WIDTH: usize = 120;

/// Standard output in one of the formats.
pub struct Printer {
    out: BufWriter<anstream::AutoStream<io::StdoutLock<'static>>>,
    format: Format,
    /// Where the reader stands: paths beneath it are shown from here.
    here: PathBuf,
    width: usize,
    /// Nothing has been printed yet.
    empty: bool,
}

impl Printer {
    pub fn new(format: Format) -> Printer {
        let width = match terminal_size::terminal_size() {
            Some((terminal_size::Width(columns), _)) if io::stdout().is_terminal() => columns.into(),
            _ => WIDTH,
        };
        let here = std::env::current_dir().and_then(|here| disk::canonical(&here)).unwrap_or_default();
        Printer { out: BufWriter::new(anstream::stdout().lock()), format, here, width, empty: true }
    }

    pub fn note(&mut self, snapshot: &Snapshot, note: &Checked) -> io::Result<()> {
        match self.format {
            Format::Text => {
                let path_of = |file| self.path_from_here(snapshot, file);
                let findings = text::findings(note, &path_of, self.width);
                self.out.write_all(findings.as_bytes())
            }
            Format::Json => json::entries(note).try_for_each(|entry| {
                self.out.write_all(if self.empty { b"[\n" } else { b",\n" })?;
                self.empty = false;
                Ok(serde_json::to_writer(&mut self.out, &entry)?)
            }),
        }
    }

    pub fn end(&mut self, summary: &Summary) -> io::Result<()> {
        match self.format {
            Format::Text => self.out.write_all(text::summary(summary).as_bytes())?,
            Format::Json => self.out.write_all(if self.empty { b"[]\n" } else { b"\n]\n" })?,
        }
        self.out.flush()
    }

    /// The path of a file as the reader can open it.
    fn path_from_here(&self, snapshot: &Snapshot, file: FileId) -> String {
        let path = snapshot.absolute(file);
        path.strip_prefix(&self.here).unwrap_or(&path).display().to_string()
    }
}
