//! Standard output: findings as they come, in one of the formats, drawn on any thread and put out on one. Knows no vault
//! beyond its paths.

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
    /// Nothing has been printed yet.
    empty: bool,
}

/// How findings are drawn.
#[derive(Clone)]
pub struct Look {
    format: Format,
    /// Where the reader stands: paths beneath it are shown from here.
    here: PathBuf,
    width: usize,
}

impl Look {
    pub fn of(format: Format) -> Look {
        let width = match terminal_size::terminal_size() {
            Some((terminal_size::Width(columns), _)) if io::stdout().is_terminal() => columns.into(),
            _ => WIDTH,
        };
        let here = std::env::current_dir().and_then(|here| disk::canonical(&here)).unwrap_or_default();
        Look { format, here, width }
    }

    /// The findings of a note as [`Printer::put`] takes them.
    pub fn drawn(&self, snapshot: &Snapshot, note: &Checked) -> String {
        match self.format {
            Format::Text => text::findings(note, &|file| self.path_from_here(snapshot, file), self.width),
            Format::Json => json::entries(note).map(|entry| json::line(&entry)).collect::<Vec<_>>().join(BETWEEN),
        }
    }

    /// The path of a file as the reader can open it.
    fn path_from_here(&self, snapshot: &Snapshot, file: FileId) -> String {
        let path = snapshot.absolute(file);
        path.strip_prefix(&self.here).unwrap_or(&path).display().to_string()
    }
}

/// What stands between two findings for programs.
const BETWEEN: &str = ",\n";

impl Printer {
    pub fn new(format: Format) -> Printer {
        Printer { out: BufWriter::new(anstream::stdout().lock()), format, empty: true }
    }

    /// Puts out the drawn findings of a note.
    pub fn put(&mut self, drawn: &str) -> io::Result<()> {
        if drawn.is_empty() {
            return Ok(());
        }
        if self.format == Format::Json {
            self.out.write_all(if self.empty { b"[\n" } else { BETWEEN.as_bytes() })?;
        }
        self.empty = false;
        self.out.write_all(drawn.as_bytes())
    }

    pub fn end(&mut self, summary: &Summary) -> io::Result<()> {
        match self.format {
            Format::Text => self.out.write_all(text::summary(summary).as_bytes())?,
            Format::Json => self.out.write_all(if self.empty { b"[]\n" } else { b"\n]\n" })?,
        }
        self.out.flush()
    }
}
