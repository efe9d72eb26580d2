//! How often memory is asked for: a measure of work that no other process disturbs. The ceilings are generous, so that what
//! breaks them is a fault and not a change.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fmt::Write;
use vaultls::config::{Config, Watch};
use vaultls::features::findings::findings;
use vaultls::features::symbols::document_symbols;
use vaultls::syntax::{Scanner, scan};
use vaultls::text::{Edit, Encoding, Position};
use vaultls::vault::Vault;

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: all is left to the system's allocator; to count is to touch a number of this thread alone.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        unsafe { System.realloc(memory, layout, size) }
    }
}

/// 51 when this was written.
const SCAN: usize = 100;
/// 24 when this was written: the texts that the outline holds.
const NEXT_SCAN: usize = 40;
/// 100 when this was written, in a vault of one note and of 300.
const KEYSTROKE: usize = 250;

/// 42 when this was written, and 53 where a thousand notes have names that are near.
const BROKEN_LINK: usize = 150;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often this thread asks for memory while it works.
fn allocations<T>(work: impl FnOnce() -> T) -> usize {
    let before = COUNT.get();
    let done = work();
    let count = COUNT.get() - before;
    drop(done);
    count
}

/// 10 links, 30 moments, 8 headings.
fn note() -> String {
    let mut text = String::from("---\ntitle: Talks\nvideoId: sUjFz20kTFw\n---\n\nFrom: [[talks]] <br/>\n");
    for i in 0..30 {
        if i % 4 == 0 {
            let _ = write!(text, "\n## Part {i}\n");
        }
        if i % 3 == 0 {
            let _ = write!(text, "As [[note {i} | said before]], ");
        }
        let _ = writeln!(text, "text <a class=\"yt-timestamp\" data-t=\"00:{i:02}:04\">[00:{i:02}:04]</a>.");
    }
    text
}

#[test]
fn to_scan_a_note_takes_few_allocations() {
    let text = note();
    let count = allocations(|| scan(&text));
    println!("{count} allocations");
    assert!(count < SCAN, "{count} allocations");
}

#[test]
fn to_scan_the_next_note_takes_only_what_its_outline_holds() {
    let text = note();
    let mut scanner = Scanner::default();
    scanner.scan(&text);
    let count = allocations(|| scanner.scan(&text).links.len());
    println!("{count} allocations");
    assert!(count < NEXT_SCAN, "{count} allocations");
}

#[test]
fn a_keystroke_takes_few_allocations_in_any_vault() {
    for notes in [1, 300] {
        let folder = tempfile::tempdir().expect("a folder");
        for n in 0..notes {
            std::fs::write(folder.path().join(format!("note {n}.md")), note()).expect("a note");
        }
        let vault = Vault::open(folder.path(), Config { watch: Watch::Client, ..Config::default() });
        assert!(vault.wait_until_loaded(&|| false));
        vault.open_note("note 0.md", 1, &note());
        let id = vault.snapshot().file("note 0.md").expect("the note");
        let start = Position { line: 9, column: 0 };
        let key = |version| {
            let edit = Edit { range: Some((start, start)), text: "a".into() };
            vault.edit_note("note 0.md", version, &[edit], Encoding::Utf8);
            document_symbols(&vault.snapshot(), id)
        };
        key(2);
        let count = allocations(|| key(3));
        println!("{count} allocations among {notes} notes");
        assert!(count < KEYSTROKE, "{count} allocations among {notes} notes");
    }
}

#[test]
fn to_say_which_name_a_broken_link_may_mean_takes_few_allocations_in_any_vault() {
    for notes in [1, 1_000] {
        let folder = tempfile::tempdir().expect("a folder");
        for n in 0..notes {
            std::fs::write(folder.path().join(format!("note of {n} things.md")), "").expect("a note");
        }
        let vault = Vault::open(folder.path(), Config { watch: Watch::Client, ..Config::default() });
        assert!(vault.wait_until_loaded(&|| false));
        vault.open_note("note of 0 things.md", 1, "[[note of 0 things]] [[note of 0 thinsg]]");
        let snapshot = vault.snapshot();
        let id = snapshot.file("note of 0 things.md").expect("the note");
        let document = snapshot.document(id).expect("its text");
        let mut found = Vec::new();
        let count = allocations(|| found = findings(&snapshot, id, &document));
        println!("{count} allocations among {notes} notes");
        assert!(found[0].message.contains("Did you mean `note of 0 things`?"), "{found:?}");
        assert!(count < BROKEN_LINK, "{count} allocations among {notes} notes");
    }
}
