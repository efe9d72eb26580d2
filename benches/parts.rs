//! The parts of a load and of a keystroke, each alone: `cargo bench`, or `cargo bench -- scan`.

use criterion::{Criterion, criterion_group, criterion_main};
use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;
use tempfile::TempDir;
use vaultls::config::{Config, Watch};
use vaultls::features::completion::completion;
use vaultls::syntax::{front_matter, scan, scan_by_reference};
use vaultls::text::{Edit, Encoding, Position};
use vaultls::vault::{Dialect, Snapshot, Vault};

const NOTES: usize = 2_000;

/// A note as the family's vaults have them: 7 headings, 10 links, 30 moments, 4 KB.
fn note(n: usize) -> String {
    let mut text = format!("---\ntitle: Note {n}\nvideoId: sUjFz20kTFw\n---\n\nFrom: [[note {}]] <br/>\n", n / 50);
    for i in 0..30 {
        if i % 4 == 0 {
            let _ = write!(text, "\n## Part {i} of the talks\n");
        }
        if i % 3 == 0 {
            let _ = write!(text, "As [[note {} | said before]], ", (n * 31 + i * 7) % NOTES);
        }
        let time = format!("00:{i:02}:04");
        let prose = "the river and the market have been studied for a long time by those who live there";
        let _ = writeln!(text, "{prose} <a class=\"yt-timestamp\" data-t=\"{time}\">[{time}]</a>.");
    }
    text
}

/// A vault on disk, all read; the folder lives as long as the first part.
fn vault() -> (TempDir, Arc<Vault>, Arc<Snapshot>) {
    let folder = tempfile::tempdir().expect("a folder");
    for n in 0..NOTES {
        std::fs::write(folder.path().join(format!("note {n}.md")), note(n)).expect("a note");
    }
    let vault = open(&folder);
    let snapshot = vault.snapshot();
    (folder, vault, snapshot)
}

fn open(folder: &TempDir) -> Arc<Vault> {
    let vault = Vault::open(folder.path(), Config { watch: Watch::Client, ..Config::default() });
    vault.wait_until_loaded(&|| false);
    vault
}

fn one_note(c: &mut Criterion) {
    let text = note(7);
    c.bench_function("scan", |b| b.iter(|| scan(black_box(&text))));
    c.bench_function("scan by reference", |b| b.iter(|| scan_by_reference(black_box(&text))));
    c.bench_function("front matter", |b| b.iter(|| front_matter::read(black_box(&text))));
}

fn whole_vault(c: &mut Criterion) {
    let (folder, vault, snapshot) = vault();
    c.bench_function("load 2,000 notes", |b| b.iter(|| open(&folder)));
    c.bench_function("index build", |b| b.iter(|| vault.merge()));
    let from = snapshot.file("note 7.md").expect("a note");
    c.bench_function("resolve", |b| b.iter(|| snapshot.resolve(from, Dialect::Name, black_box("Note 1234"))));
    vault.open_note("note 7.md", 1, &note(7));
    let start = Position { line: 30, column: 0 };
    let mut version = 1;
    let mut write = |text: &str| {
        version += 1;
        vault.edit_note(
            "note 7.md",
            version,
            &[Edit { range: Some((start, start)), text: text.into() }],
            Encoding::Utf8,
        );
        vault.snapshot()
    };
    c.bench_function("one edit", |b| b.iter(|| write("a")));
    let snapshot = write("[[no\n");
    let document = snapshot.open_document(from).expect("an open note");
    let at = document.byte(vaultls::text::Point { line: 30, utf8: 4, utf16: 4, utf32: 4 });
    c.bench_function("completion ranking", |b| b.iter(|| completion(&snapshot, from, at)));
}

criterion_group!(parts, one_note, whole_vault);
criterion_main!(parts);
