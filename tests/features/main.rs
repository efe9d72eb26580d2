//! Each file of `tests/cases/<feature>` holds a small vault and, beneath a line of `~`, what the feature answers there.
//!
//! `UPDATE=1 cargo test --test features` writes what is answered now; a new case is a new file without an answer.
//! How a case is written is told in [`case`].

mod acted;
mod answer;
mod case;
mod completions;
mod draw;
mod fixed;
mod mended;
mod opened;
mod renamed;

use case::Case;
use opened::Opened;
use std::fs;
use std::path::Path;

const LINE: &str = "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n";

#[test]
fn actions_are_as_drawn() {
    ask("actions", acted::answer);
}

#[test]
fn completions_are_as_drawn() {
    ask("completion", completions::answer);
}

#[test]
fn definitions_are_as_drawn() {
    ask("definition", |case| answer::definition(&Opened::of(case)));
}

#[test]
fn document_links_are_as_drawn() {
    ask("links", |case| answer::links(&Opened::of(case)));
}

#[test]
fn findings_are_as_drawn() {
    ask("findings", |case| answer::findings(&Opened::of(case)));
}

#[test]
fn fixes_are_as_drawn() {
    ask("fixes", fixed::answer);
}

#[test]
fn lenses_are_as_drawn() {
    ask("lenses", |case| answer::lenses(&Opened::of(case)));
}

#[test]
fn notes_are_mended_as_drawn() {
    ask("fix_all", mended::answer);
}

#[test]
fn hovers_are_as_drawn() {
    ask("hover", |case| answer::hover(&Opened::of(case)));
}

#[test]
fn renames_are_as_drawn() {
    ask("rename", renamed::answer);
}

#[test]
fn references_are_as_drawn() {
    ask("references", |case| answer::references(&Opened::of(case)));
}

#[test]
fn symbols_are_as_drawn() {
    ask("symbols", |case| answer::symbols(case, &Opened::of(case)));
}

#[test]
fn tokens_are_as_drawn() {
    ask("tokens", |case| answer::tokens(&Opened::of(case)));
}

/// Compares every case of a feature with what `answer` says, or writes that down.
fn ask(feature: &str, answer: impl Fn(&Case) -> String) {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(feature);
    let mut paths: Vec<_> =
        fs::read_dir(cases).expect("the cases").map(|entry| entry.expect("a case").path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = String::new();
    for path in paths {
        let written = fs::read_to_string(&path).expect("a case is text");
        let (source, expected) = written.split_once(LINE).unwrap_or((&written, ""));
        let found = answer(&Case::read(source));
        if found == expected {
            continue;
        }
        if update {
            let end = if source.ends_with('\n') { "" } else { "\n" };
            fs::write(&path, format!("{source}{end}{LINE}{found}")).expect("writing a case");
        } else {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            wrong += &format!("== {feature}/{name}\n-- expected\n{expected}-- found\n{found}\n");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
