//! What a scan finds in a note: each file of `tests/cases/scan` is a note and, beneath a line of `~`, its outline.
//!
//! `UPDATE=1 cargo test --test scan` writes what is found now; a new case is a new file without an outline.

mod draw;
mod fast;
mod laws;

use std::fs;
use std::path::Path;
use vaultls::syntax::scan;

const LINE: &str = "\n~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n";

#[test]
fn notes_have_the_outlines_drawn_beneath_them() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/scan");
    let mut paths: Vec<_> =
        fs::read_dir(cases).expect("the cases").map(|entry| entry.expect("a case").path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for path in paths {
        let case = fs::read_to_string(&path).expect("a case is text");
        let (note, expected) = case.split_once(LINE).unwrap_or((&case, ""));
        let found = draw::draw(note, &scan(note));
        if found == expected {
            continue;
        }
        if update {
            fs::write(&path, format!("{note}{LINE}{found}")).expect("writing a case");
        } else {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            wrong.push(format!("== {name}\n{}", difference(expected, &found)));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Lines of only one side.
fn difference(expected: &str, found: &str) -> String {
    let only_in = |mark: &str, these: &str, those: &str| -> String {
        let other: Vec<&str> = those.lines().collect();
        these.lines().filter(|line| !other.contains(line)).map(|line| format!("{mark} {line}\n")).collect()
    };
    only_in("-", expected, found) + &only_in("+", found, expected)
}
