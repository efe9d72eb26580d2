//! `vaultls fix` as a shell sees it: what it says, and what it leaves on disk.

mod shell;

use shell::{code, stderr, stdout};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const ODD_TIME: &str = "<a class=\"yt-timestamp\" data-t=\"6:04\">[6:04]</a>";
const TIME: &str = "<a class=\"yt-timestamp\" data-t=\"00:06:04\">[00:06:04]</a>";

fn command(here: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vaultls"));
    command.args(arguments).current_dir(here).env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR");
    command
}

fn fix(vault: &TempDir, arguments: &[&str]) -> Output {
    command(vault.path(), &[&["fix"], arguments].concat()).output().expect("the binary runs")
}

/// A vault of these notes beside `old_harbour.md`; its marker is its own settings file.
fn vault(notes: &[(&str, &str)]) -> TempDir {
    let vault = tempfile::tempdir().expect("a folder for the vault");
    for (path, text) in [(".vaultls.toml", ""), ("old_harbour.md", "")].iter().chain(notes) {
        write(&vault, path, text.as_bytes());
    }
    vault
}

fn write(vault: &TempDir, path: &str, text: &[u8]) -> PathBuf {
    let path = vault.path().join(path);
    fs::create_dir_all(path.parent().expect("a note lies in a folder")).expect("the folder is made");
    fs::write(&path, text).expect("the note is written");
    path
}

fn read(vault: &TempDir, path: &str) -> String {
    fs::read_to_string(vault.path().join(path)).expect("the note is readable")
}

/// What lies in a folder, by name.
fn listed(folder: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(folder).expect("the folder is readable").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<_> = entries.map(|name| name.into_string().expect("a name in UTF-8")).collect();
    names.sort();
    names
}

#[test]
fn what_was_mended_is_counted_by_code() {
    let vault = vault(&[
        ("a.md", "---\nvideoId: sUjFz20kTFw\n---\n[[Old Harbour]] [[Old harbour|x]] [[gone]]\n"),
        ("talks/b.md", &format!("---\nvideoId: sUjFz20kTFw\n---\n{ODD_TIME} [[Old Harbour]]")),
    ]);
    let output = fix(&vault, &[]);
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let said = "      3  link.inexact\n      1  timestamp.spelling\n\n\
                4 findings mended in 2 of 3 notes. 1 finding is left, which `vaultls check` shows.\n";
    assert_eq!(stdout(&output), said);
    assert_eq!(read(&vault, "a.md"), "---\nvideoId: sUjFz20kTFw\n---\n[[old_harbour]] [[old_harbour|x]] [[gone]]\n");
    assert_eq!(read(&vault, "talks/b.md"), format!("---\nvideoId: sUjFz20kTFw\n---\n{TIME} [[old_harbour]]"));
    let again = fix(&vault, &[]);
    assert_eq!(code(&again), 0);
    assert_eq!(stdout(&again), "Nothing to mend in 3 notes. 1 finding is left, which `vaultls check` shows.\n");
}

#[test]
fn a_dry_run_prints_a_diff_and_writes_nothing() {
    let text = "1\r\n2\r\n3\r\n4\r\n[[Old Harbour]]\r\n6";
    let vault = vault(&[("the talks.md", text), ("灯台.md", "[[Old Harbour]]")]);
    let output = fix(&vault, &["--dry-run"]);
    let diff = "--- a/the talks.md\t\n+++ b/the talks.md\t\n@@ -2,5 +2,5 @@\n 2\r\n 3\r\n 4\r\n-[[Old Harbour]]\r\n+[[old_harbour]]\r\n \
                6\n\\ No newline at end of file\n\
                --- a/灯台.md\n+++ b/灯台.md\n@@ -1,1 +1,1 @@\n-[[Old Harbour]]\n\\ No newline at end of file\n\
                +[[old_harbour]]\n\\ No newline at end of file\n";
    assert_eq!((code(&output), stdout(&output)), (1, diff));
    assert_eq!(stderr(&output), "vaultls: 2 findings would be mended in 2 of 3 notes.\n");
    assert_eq!(read(&vault, "the talks.md"), text);
    fix(&vault, &[]);
    let output = fix(&vault, &["--dry-run"]);
    assert_eq!((code(&output), stdout(&output)), (0, ""));
}

#[test]
fn a_diff_is_of_one_vault() {
    let (one, other) = (vault(&[]), vault(&[]));
    let output = fix(&one, &["--dry-run", ".", other.path().to_str().expect("a path in UTF-8")]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).starts_with("vaultls: --dry-run: "), "{}", stderr(&output));
}

#[test]
fn codes_and_paths_are_selected_and_ignored() {
    let both = format!("{ODD_TIME} [[Old Harbour]]");
    let vault = vault(&[("a.md", &both), ("talks/b.md", &both), ("talks/c.md", &both)]);
    fix(&vault, &["--select", "link", "talks/b.md"]);
    fix(&vault, &["--ignore", "link", "talks/c.md"]);
    assert_eq!(read(&vault, "talks/b.md"), format!("{ODD_TIME} [[old_harbour]]"));
    assert_eq!(read(&vault, "talks/c.md"), format!("{TIME} [[Old Harbour]]"));
    fix(&vault, &["talks"]);
    assert_eq!(read(&vault, "talks/c.md"), format!("{TIME} [[old_harbour]]"));
    assert_eq!(read(&vault, "a.md"), both);
    let output = fix(&vault, &["--select", "link.inexcat"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("'link.inexact'"), "{}", stderr(&output));
    assert_eq!(code(&fix(&vault, &["no/such/place"])), 2);
}

#[test]
fn settings_and_remarks_in_notes_are_obeyed() {
    let quiet = "<!-- vaultls-disable link.inexact -->\n[[Old Harbour]]\n";
    let vault =
        vault(&[("quiet.md", quiet), ("out/a.md", "[[Old Harbour]]"), ("b.md", ODD_TIME), ("c.md", "[[Old Harbour]]")]);
    write(&vault, ".vaultls.toml", b"exclude = [\"out/\"]\n[findings.severity]\n\"timestamp.spelling\" = \"off\"\n");
    let output = fix(&vault, &["--select", "link.inexact,timestamp.spelling"]);
    assert_eq!((code(&output), read(&vault, "c.md").as_str()), (0, "[[old_harbour]]"));
    assert_eq!(read(&vault, "quiet.md"), quiet);
    assert_eq!((read(&vault, "out/a.md").as_str(), read(&vault, "b.md").as_str()), ("[[Old Harbour]]", ODD_TIME));
}

#[test]
fn a_note_that_is_not_utf_8_is_told_and_the_rest_is_mended() {
    let vault = vault(&[("a.md", "[[Old Harbour]]\n"), ("z.md", "[[Old Harbour]]\n")]);
    let latin = b"caf\xe9 [[Old Harbour]]\n";
    let path = write(&vault, "latin.md", latin);
    let output = fix(&vault, &[]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).ends_with("vaultls: latin.md: it is not UTF-8\n"), "{}", stderr(&output));
    assert!(
        stdout(&output)
            .ends_with("2 findings mended in 2 of 4 notes. 1 finding is left, which `vaultls check` shows.\n")
    );
    assert_eq!(fs::read(path).expect("the note is readable"), latin);
    let output = fix(&vault, &["--dry-run"]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
}

#[cfg(unix)]
#[test]
fn permissions_links_and_marks_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let vault = vault(&[("a.md", "\u{feff}[[Old Harbour]]\r\nends"), (".store/b.md", "[[Old Harbour]]\n")]);
    let path = vault.path().join("a.md");
    fs::set_permissions(&path, PermissionsExt::from_mode(0o460)).expect("permissions");
    symlink(".store/b.md", vault.path().join("b.md")).expect("a link");
    let before = listed(vault.path());
    let diff = fix(&vault, &["--dry-run"]);
    assert!(stdout(&diff).contains("--- a/.store/b.md\n"), "{}", stdout(&diff));
    assert_eq!(code(&fix(&vault, &[])), 0);
    assert_eq!(read(&vault, "a.md"), "\u{feff}[[old_harbour]]\r\nends");
    assert_eq!(fs::metadata(&path).expect("a note").permissions().mode() & 0o777, 0o460);
    assert!(vault.path().join("b.md").is_symlink());
    assert_eq!(read(&vault, ".store/b.md"), "[[old_harbour]]\n");
    assert_eq!(listed(vault.path()), before);
}

#[cfg(unix)]
#[test]
fn what_an_interrupt_leaves_is_told_and_the_next_run_finishes_it() {
    const NOTES: usize = 2000;
    let path = |i: usize| format!("notes/{i:04}.md");
    let vault = vault(&[]);
    (0..NOTES).for_each(|i| drop(write(&vault, &path(i), b"[[Old Harbour]]\n")));
    let is_mended = |i: usize| read(&vault, &path(i)) == "[[old_harbour]]\n";
    let mut running = command(vault.path(), &["fix"]);
    let running = running.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let running = running.spawn().expect("the binary runs");
    while !is_mended(0) {
        std::thread::yield_now();
    }
    let kill = Command::new("kill").args(["-INT", &running.id().to_string()]).status();
    assert!(kill.expect("the tool `kill`").success());
    let output = running.wait_with_output().expect("the binary ends");
    // On a fast disk and a slow day all is written before the interrupt comes.
    let mended = (0..NOTES).filter(|&i| is_mended(i)).count();
    let left = NOTES - mended;
    let told = format!(
        "vaultls: interrupted: {left} note{} not written; each other is whole, and running it again does the rest\n",
        if left == 1 { "" } else { "s" }
    );
    let ended = (code(&output), stderr(&output).to_owned(), mended);
    assert!(ended == (2, told, mended) || ended == (0, String::new(), NOTES), "{ended:?}");
    let said = format!("{mended} findings mended in {mended} of {} notes.", NOTES + 1);
    assert!(stdout(&output).contains(&said), "{}", stdout(&output));
    assert_eq!(listed(&vault.path().join("notes")).len(), NOTES);
    assert_eq!(code(&fix(&vault, &[])), 0);
    assert!((0..NOTES).all(is_mended));
}

#[test]
fn help_names_the_options_and_the_exit_codes() {
    let vault = vault(&[]);
    let help = fix(&vault, &["--help"]);
    assert_eq!(code(&help), 0);
    for word in ["--select", "--ignore", "--dry-run", "patch -p1", "Exit codes"] {
        assert!(stdout(&help).contains(word), "{word} is not in the help");
    }
}
