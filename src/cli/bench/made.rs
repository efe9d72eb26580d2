//! A vault made to be measured: notes about videos, as they are written from transcripts. Knows how many; nothing is read.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Notes in one folder.
const IN_A_FOLDER: usize = 50;

/// A folder of notes that goes when this does, unless it is to be kept.
pub struct Made {
    pub root: PathBuf,
    kept: bool,
}

impl Made {
    /// Writes `notes` notes, in a new folder `kept` or else below the system's folder for passing files.
    pub fn new(notes: usize, kept: Option<&Path>) -> io::Result<Made> {
        let passing = || std::env::temp_dir().join(format!("vaultls-bench-{}", std::process::id()));
        let made = Made { root: kept.map_or_else(passing, Path::to_owned), kept: kept.is_some() };
        fs::create_dir(&made.root)?;
        for n in 0..notes {
            let path = made.root.join(path(n));
            if n.is_multiple_of(IN_A_FOLDER) {
                fs::create_dir_all(path.parent().unwrap_or(&made.root))?;
            }
            fs::write(path, text(n, notes))?;
        }
        Ok(made)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        if !self.kept {
            // What cannot be removed is the system's to remove.
            let _ = fs::remove_dir_all(&self.root);
        }
    }
}

fn path(n: usize) -> PathBuf {
    Path::new(&format!("channel_{}", n / IN_A_FOLDER)).join(format!("{}.md", name(n)))
}

fn name(n: usize) -> String {
    format!("{}_{}_{n}", word(n), word(n / 7 + 3))
}

fn word(n: usize) -> &'static str {
    const WORDS: [&str; 24] = [
        "trade",
        "river",
        "memory",
        "signal",
        "harbour",
        "winter",
        "letter",
        "engine",
        "garden",
        "market",
        "story",
        "planet",
        "bridge",
        "doctor",
        "language",
        "window",
        "ocean",
        "climate",
        "metal",
        "history",
        "number",
        "summit",
        "энергия",
        "歴史",
    ];
    WORDS[n % WORDS.len()]
}

/// About 4 KB: 7 headings, 10 links, 30 moments. Every fifth note links to the first.
fn text(n: usize, notes: usize) -> String {
    let mut text = format!("---\ntitle: {} and {}\nvideoId: {:0>11}\n---\n\n", word(n), word(n + 5), n);
    let _ = writeln!(text, "From: [[{}]] <br/>\n", name(n / IN_A_FOLDER * IN_A_FOLDER));
    // Any sequence does that is the same each time and spreads.
    let mut next = n as u64;
    let mut any = |most: usize| {
        next = next.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (next >> 33) as usize % most
    };
    for sentence in 0..30 {
        if sentence % 4 == 0 {
            let _ = writeln!(text, "\n## {} of the {}", word(any(24)), word(any(24)));
        }
        for _ in 0..10 + any(8) {
            let _ = write!(text, "{} ", word(any(24)));
        }
        if sentence % 3 == 0 {
            let target = if n.is_multiple_of(5) && sentence == 0 { 0 } else { any(notes) };
            let _ = write!(text, "of [[{} | {}]] ", name(target), word(any(24)));
        }
        let (minute, second) = (sentence, any(60));
        let time = format!("00:{minute:02}:{second:02}");
        let _ = writeln!(text, "#{} <a class=\"yt-timestamp\" data-t=\"{time}\">[{time}]</a>.", word(any(24)));
    }
    text
}
