//! `vaultls rename` as a shell sees it: the real binary on a vault on disk.

mod shell;

use shell::{code, stderr, stdout};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const NOTES: &[(&str, &str)] = &[
    (".vaultls.toml", ""),
    ("index.md", "\u{feff}See [[china]],\r\n[x](talks/moscow.md) and [[China and the world]]."),
    ("china.md", "---\ntitle: China and the world\n---\n[[moscow#Trade]]\n"),
    ("talks/moscow.md", "# Trade\n[y](../china.md) [[CHINA | he]] ![[pic.png]]\n"),
    ("talks/pic.png", "\u{89}PNG"),
    ("talks/board.canvas", "{\"nodes\":[{\"type\":\"file\",\"file\":\"china.md\"}]}"),
];

fn vault() -> TempDir {
    let vault = tempfile::tempdir().expect("a folder");
    for (path, text) in NOTES {
        let path = vault.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    vault
}

fn rename(here: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vaultls"));
    command.arg("rename").args(arguments).current_dir(here).output().expect("the binary runs")
}

/// All files by path.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                let path = entry.strip_prefix(folder).expect("beneath").to_string_lossy().into_owned();
                files.insert(path, fs::read_to_string(&entry).expect("text"));
            }
        }
    }
    files
}

#[test]
fn a_note_is_renamed_by_its_name_and_back() {
    let vault = vault();
    let before = files(vault.path());
    let output = rename(&vault.path().join("talks"), &["china", "prc"]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let now = files(vault.path());
    assert_eq!(now["index.md"], "\u{feff}See [[prc]],\r\n[x](talks/moscow.md) and [[China and the world]].");
    assert_eq!(now["talks/moscow.md"], "# Trade\n[y](../prc.md) [[prc | he]] ![[pic.png]]\n");
    assert_eq!(now["talks/board.canvas"], "{\"nodes\":[{\"type\":\"file\",\"file\":\"prc.md\"}]}");
    assert_eq!((&now["prc.md"], now.contains_key("china.md")), (&before["china.md"], false));
    // `[[CHINA]]` is told: renaming back will not bring it back.
    assert!(stdout(&output).contains("talks/moscow.md:2: CHINA -> prc"), "{}", stdout(&output));
    assert_eq!(code(&rename(vault.path(), &["prc.md", "china.md"])), 0);
    let mut back = before;
    back.insert("talks/moscow.md".into(), "# Trade\n[y](../china.md) [[china | he]] ![[pic.png]]\n".into());
    assert_eq!(files(vault.path()), back);
}

#[test]
fn a_path_counts_from_the_current_folder() {
    let vault = vault();
    let talks = vault.path().join("talks");
    assert_eq!(code(&rename(&talks, &["moscow.md", "../asia/kremlin"])), 0);
    let now = files(vault.path());
    assert_eq!(now["asia/kremlin.md"], "# Trade\n[y](../china.md) [[CHINA | he]] ![[pic.png]]\n");
    assert_eq!(now["china.md"], "---\ntitle: China and the world\n---\n[[kremlin#Trade]]\n");
    assert!(now["index.md"].contains("[x](asia/kremlin.md)"));
    assert_eq!(code(&rename(vault.path(), &["asia/kremlin.md", "talks/"])), 0);
    assert!(files(vault.path()).contains_key("talks/kremlin.md"), "into the folder, under its name");
}

#[test]
fn a_folder_goes_with_all_that_is_in_it() {
    let vault = vault();
    fs::write(vault.path().join("talks/.hidden"), "x").expect("a file");
    let output = rename(vault.path(), &["talks", "old/talks"]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let now = files(vault.path());
    assert_eq!(now["old/talks/moscow.md"], "# Trade\n[y](../../china.md) [[CHINA | he]] ![[pic.png]]\n");
    assert!(now["index.md"].contains("[x](old/talks/moscow.md)"));
    assert!(now.contains_key("old/talks/.hidden") && !vault.path().join("talks").exists());
}

#[test]
fn the_title_changes_where_that_is_asked_for() {
    let vault = vault();
    assert_eq!(code(&rename(vault.path(), &["china.md", "prc", "--title=The People's Republic"])), 0);
    let now = files(vault.path());
    assert_eq!(now["prc.md"], "---\ntitle: The People's Republic\n---\n[[moscow#Trade]]\n");
    assert!(now["index.md"].ends_with("and [[The People's Republic]]."), "{}", now["index.md"]);
    assert_eq!(code(&rename(vault.path(), &["prc", "trade", "--title"])), 0);
    assert!(files(vault.path())["trade.md"].starts_with("---\ntitle: trade\n"));
    let alone = rename(vault.path(), &["trade", "trade", "--title=Alone"]);
    assert_eq!((code(&alone), stdout(&alone)), (0, "trade.md has a new title: 1 edit in 1 file.\n"));
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_written() {
    let vault = vault();
    let before = files(vault.path());
    let outside = vault.path().join("..").join("x.md");
    for (arguments, why) in [
        (["china", "talks/moscow"].map(str::to_owned), "there is a file at talks/moscow.md already"),
        (["china".into(), "../x".into()], "outside"),
        (["china".into(), outside.to_string_lossy().into_owned()], "outside"),
        (["missing".into(), "x".into()], "missing: no such file or note"),
        (["china".into(), "con".into()], "every system"),
        (["china".into(), "a#b".into()], "cannot be linked"),
        ([".".into(), "x".into()], "the vault itself"),
        (["talks".into(), "talks/old".into()], "cannot go into itself"),
        (["/etc/hostname".into(), "x".into()], "outside of the vault"),
        (["../x.md".into(), "x".into()], "outside of the vault"),
    ] {
        let output = rename(vault.path(), &[&arguments[0], &arguments[1]]);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stdout(&output));
        assert!(stderr(&output).contains(why), "{arguments:?}: {}", stderr(&output));
    }
    assert_eq!(files(vault.path()), before);
}

#[cfg(unix)]
#[test]
fn a_link_of_the_file_system_leads_to_nothing_that_is_renamed() {
    let (vault, elsewhere) = (vault(), vault());
    std::os::unix::fs::symlink(elsewhere.path().join("china.md"), vault.path().join("link.md")).expect("a link");
    std::os::unix::fs::symlink(elsewhere.path(), vault.path().join("linked")).expect("a link");
    let before = files(elsewhere.path());
    for old in ["link.md", "linked/china.md", "linked"] {
        let output = rename(vault.path(), &[old, "new"]);
        assert_eq!(code(&output), 2, "{old}: {}", stdout(&output));
    }
    assert_eq!(files(elsewhere.path()), before);
}

#[test]
fn a_rename_that_was_cut_short_is_finished_by_the_same_command() {
    let vault = vault();
    // As an interrupt leaves it: one note is written, the file is where it was.
    let half = NOTES[1].1.replace("[[china]]", "[[prc]]");
    fs::write(vault.path().join("index.md"), &half).expect("a file");
    assert_eq!(code(&rename(vault.path(), &["china", "prc"])), 0);
    let now = files(vault.path());
    assert_eq!(now["index.md"], half);
    assert_eq!(now["talks/moscow.md"], "# Trade\n[y](../prc.md) [[prc | he]] ![[pic.png]]\n");
    assert!(now.contains_key("prc.md"));
}

#[test]
fn a_dry_run_shows_what_would_change_and_writes_nothing() {
    let vault = vault();
    let before = files(vault.path());
    let output = rename(vault.path(), &["china", "prc", "--dry-run"]);
    assert_eq!((code(&output), stderr(&output)), (0, "vaultls: china.md would become prc.md\n"));
    assert!(
        stdout(&output).contains("+++ b/talks/moscow.md\n@@ -1,2 +1,2 @@\n # Trade\n-[y](../china.md)"),
        "{}",
        stdout(&output)
    );
    assert_eq!(files(vault.path()), before);
}
