//! The command line as a shell sees it: the real binary, its two streams and its exit code.

mod shell;

use serde_json::Value;
use shell::{code, stderr, stdout};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// Runs `vaultls check` in `here`.
fn check_in(here: &Path, arguments: &[&str]) -> Output {
    command(here, arguments).output().expect("the binary runs")
}

/// Runs `vaultls check` in this repository.
fn check(arguments: &[&str]) -> Output {
    check_in(repository(), arguments)
}

fn command(here: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vaultls"));
    command.arg("check").args(arguments).current_dir(here);
    command.env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR");
    command
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn json(output: &Output) -> Vec<Value> {
    serde_json::from_str(stdout(output)).expect("the output is a JSON array")
}

/// `file:line:column code` of each finding.
fn places(output: &Output) -> Vec<String> {
    let place = |found: &Value| {
        let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
        format!("{}:{}:{} {}", text("file"), found["line"], found["column"], text("code"))
    };
    json(output).iter().map(place).collect()
}

/// A vault of these notes; its marker is its own settings file.
fn vault(notes: &[(&str, &str)]) -> TempDir {
    let vault = tempfile::tempdir().expect("a folder for the vault");
    write(vault.path(), ".vaultls.toml", "");
    for (path, text) in notes {
        write(vault.path(), path, text);
    }
    vault
}

fn write(vault: &Path, path: &str, text: &str) -> PathBuf {
    let path = vault.join(path);
    fs::create_dir_all(path.parent().expect("a note lies in a folder")).expect("the folder is made");
    fs::write(&path, text).expect("the note is written");
    path
}

#[test]
fn the_sample_vault_reads_as_recorded() {
    let recorded = repository().join("tests/sample.txt");
    let output = check(&["tests/sample"]);
    assert_eq!((code(&output), stderr(&output)), (1, ""));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(recorded, &output.stdout).expect("tests/sample.txt is writable");
        return;
    }
    let expected = fs::read_to_string(recorded).expect("tests/sample.txt is readable");
    assert_eq!(stdout(&output), expected, "`UPDATE=1 cargo test --test cli` records what is said now");
}

#[test]
fn the_readme_shows_parts_of_what_is_said() {
    let readme = fs::read_to_string(repository().join("README.md")).expect("README.md is readable");
    let (_, shown) = readme.split_once("```text\n").expect("README.md shows a check");
    let (shown, _) = shown.split_once("\n```").expect("the block is closed");
    let output = check(&["tests/sample"]);
    for part in shown.split("\n\n") {
        assert!(stdout(&output).contains(part), "README.md shows what is no longer said:\n{part}");
    }
}

#[test]
fn json_places_cut_the_marked_words_out_of_the_file() {
    let output = check(&["tests/sample", "--format", "json", "--select", "link.broken"]);
    assert_eq!(code(&output), 1);
    let mut words: Vec<String> = json(&output).iter().map(marked).collect();
    words.sort();
    assert_eq!(words, ["the_bell_rock", "the_bell_rock", "tide_tables_and_tide_machine", "灯台守"]);
}

/// The words that a finding of the sample vault is about.
fn marked(found: &Value) -> String {
    let file = repository().join("tests/sample").join(found["file"].as_str().expect("a file"));
    let text = fs::read_to_string(file).expect("the note is readable");
    let number = |key: &str| found[key].as_u64().expect("a number") as usize;
    assert_eq!(found["severity"], "warning");
    assert_eq!(found["line"], found["end_line"]);
    let line = text.lines().nth(number("line") - 1).expect("the line is there");
    line[number("column") - 1..number("end_column") - 1].to_owned()
}

#[test]
fn an_entry_has_these_keys_and_no_others() {
    let vault = vault(&[("a.md", "[[chinna]]\n"), ("china.md", "")]);
    let output = check_in(vault.path(), &["--format", "json"]);
    let expected = concat!(
        r#"[{"file":"a.md","line":1,"column":3,"end_line":1,"end_column":9,"code":"link.broken","severity":"warning","#,
        r#""message":"No note is named `chinna`. Did you mean `china`?"}]"#
    );
    assert_eq!(json(&output), serde_json::from_str::<Vec<Value>>(expected).expect("valid"));
}

#[test]
fn a_vault_without_findings_is_said_to_have_none() {
    let vault = vault(&[("a.md", "[[b]]\n"), ("b.md", "# B\n")]);
    let output = check_in(vault.path(), &[]);
    assert_eq!((code(&output), stdout(&output), stderr(&output)), (0, "No findings in 2 notes.\n", ""));
    assert_eq!(stdout(&check_in(vault.path(), &["--format", "json"])), "[]\n");
}

#[test]
fn the_exit_code_follows_the_severity_that_is_asked_for() {
    let hints = vault(&[("a.md", "[[Old Harbour]]\n"), ("old_harbour.md", "")]);
    assert_eq!(places(&check_in(hints.path(), &["--format", "json"])), ["a.md:1:3 link.inexact"]);
    let exit = |severity| code(&check_in(hints.path(), &["--fail-on", severity]));
    assert_eq!([exit("hint"), exit("information"), exit("warning"), exit("error")], [1, 0, 0, 0]);
    assert_eq!(code(&check_in(hints.path(), &[])), 0);
}

#[test]
fn codes_and_families_are_selected_and_ignored() {
    let vault = vault(&[
        ("a.md", "[[gone]] [[Old Harbour]] [[b#gone]] x ^one\n\ny ^one\n"),
        ("b.md", ""),
        ("old_harbour.md", ""),
    ]);
    let codes = |arguments: &[&str]| {
        let output = check_in(vault.path(), &[&["--format", "json"], arguments].concat());
        let mut codes: Vec<_> = json(&output).iter().map(|found| found["code"].as_str().unwrap().to_owned()).collect();
        codes.sort();
        codes
    };
    assert_eq!(codes(&["--select", "link"]), ["link.broken", "link.broken-anchor", "link.inexact"]);
    assert_eq!(codes(&["--select", "link.broken"]), ["link.broken"]);
    assert_eq!(codes(&["--select", "link.broken,block"]), ["block.duplicate-id", "link.broken"]);
    assert_eq!(codes(&["--select", "link", "--ignore", "link.inexact"]), ["link.broken", "link.broken-anchor"]);
    assert_eq!(codes(&["--ignore", "link", "--ignore", "block"]), [""; 0]);
}

#[test]
fn a_code_that_is_not_there_is_an_error_that_names_the_nearest() {
    let output = check(&["--select", "link.brokn"]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).contains("link.brokn") && stderr(&output).contains("'link.broken'"), "{}", stderr(&output));
}

#[test]
fn a_path_that_is_not_there_is_said_in_one_line() {
    let output = check(&["tests/sample", "no/such/place"]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert_eq!(stderr(&output), "vaultls: no/such/place: no such file or folder\n");
}

#[test]
fn a_file_that_is_no_note_is_said_in_one_line() {
    let vault = vault(&[("a.md", ""), ("chart.csv", "1,2\n")]);
    let output = check_in(vault.path(), &["chart.csv"]);
    assert_eq!((code(&output), stdout(&output)), (2, ""));
    assert!(stderr(&output).starts_with("vaultls: chart.csv: no note of the vault "), "{}", stderr(&output));
    assert_eq!(stderr(&output).lines().count(), 1);
}

#[test]
fn findings_are_limited_to_the_paths_and_links_still_reach_the_whole_vault() {
    let vault = vault(&[
        ("index.md", "[[gone]]\n"),
        ("talks/moscow.md", "[[index]] [[lost]]\n"),
        ("talks/paris.md", "[[missing]]\n"),
        ("talks old/rome.md", "[[away]]\n"),
    ]);
    let found = |arguments: &[&str]| places(&check_in(vault.path(), &[&["--format", "json"], arguments].concat()));
    assert_eq!(found(&["talks"]), ["talks/moscow.md:1:13 link.broken", "talks/paris.md:1:3 link.broken"]);
    assert_eq!(found(&["talks/paris.md", "index.md"]), ["index.md:1:3 link.broken", "talks/paris.md:1:3 link.broken"]);
    assert_eq!(found(&["talks", "talks/paris.md"]).len(), 2);
    assert_eq!(found(&[]).len(), 4);
}

#[test]
fn inside_a_vault_its_root_is_found_and_text_names_files_from_here() {
    let vault = vault(&[("china.md", ""), ("talks/moscow.md", "[[china]] [[lost]]\n")]);
    let here = vault.path().join("talks");
    assert_eq!(places(&check_in(&here, &["--format", "json"])), ["talks/moscow.md:1:13 link.broken"]);
    assert!(stdout(&check_in(&here, &[])).starts_with("moscow.md:1:13: warning[link.broken]: "));
}

#[test]
fn several_vaults_are_checked_in_one_go() {
    let both = [vault(&[("a.md", "[[x]]")]), vault(&[("x.md", "[[a]]")])];
    let paths = both.each_ref().map(|vault| vault.path().to_str().expect("a path in UTF-8"));
    let output = check(&[&["--format", "json"], &paths[..]].concat());
    assert_eq!(places(&output), ["a.md:1:3 link.broken", "x.md:1:3 link.broken"]);
}

#[test]
fn the_settings_of_the_vault_count() {
    let vault = vault(&[("a.md", "[[gone]]\n")]);
    write(vault.path(), ".vaultls.toml", "[findings.severity]\n\"link.broken\" = \"error\"\n");
    assert_eq!(json(&check_in(vault.path(), &["--format", "json"]))[0]["severity"], "error");
    write(vault.path(), ".vaultls.toml", "[findings.severity]\n\"link.broken\" = \"off\"\n");
    assert_eq!(code(&check_in(vault.path(), &[])), 0);
}

#[test]
fn mistakes_in_the_settings_are_said() {
    let vault = vault(&[("a.md", "")]);
    write(vault.path(), ".vaultls.toml", "[links]\nslug = false\n");
    let output = check_in(vault.path(), &[]);
    assert_eq!((code(&output), stderr(&output)), (0, "vaultls: .vaultls.toml: there is no setting `links.slug`\n"));
    write(vault.path(), ".vaultls.toml", "[findings.severity]\nlink = \"off\"\n\"link.brokn\" = \"off\"\n");
    let output = check_in(vault.path(), &[]);
    assert_eq!((code(&output), stderr(&output)), (0, "vaultls: .vaultls.toml: there is no finding `link.brokn`\n"));
    write(vault.path(), ".vaultls.toml", "links = 3\n");
    let output = check_in(vault.path(), &[]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).starts_with("vaultls: .vaultls.toml: line 1: "), "{}", stderr(&output));
}

#[test]
fn colours_are_for_terminals_and_for_those_who_force_them() {
    let vault = vault(&[("a.md", "[[gone]]\n")]);
    let escapes = |output: &Output| stdout(output).contains('\u{1b}');
    assert!(!escapes(&check_in(vault.path(), &[])));
    let forced = command(vault.path(), &[]).env("CLICOLOR_FORCE", "1").output().expect("the binary runs");
    assert!(escapes(&forced));
}

#[test]
fn a_reader_that_goes_away_ends_the_output_quietly() {
    let broken = "[[gone]]\n".repeat(20_000);
    let vault = vault(&[("a.md", &broken)]);
    let mut child =
        command(vault.path(), &[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
    let mut stdout = child.stdout.take().expect("a pipe");
    stdout.read_exact(&mut [0; 100]).expect("there is output");
    drop(stdout);
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!((code(&output), stderr(&output)), (0, ""));
}

#[test]
fn a_note_that_cannot_be_read_whole_is_said_and_the_rest_is_checked() {
    let vault = vault(&[("a.md", "[[gone]]\n")]);
    fs::write(vault.path().join("big.md"), vec![b'x'; (16 << 20) + 1]).expect("the note is written");
    let output = check_in(vault.path(), &[]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).starts_with("vaultls: big.md "), "{}", stderr(&output));
    assert!(stdout(&output).ends_with("1 finding in 1 of 1 note: 1 warning. 1 note could not be read.\n"));
}

#[test]
fn help_names_the_options_and_the_exit_codes() {
    let help = check(&["--help"]);
    assert_eq!(code(&help), 0);
    for word in ["--format", "--select", "--ignore", "--fail-on", "Exit codes"] {
        assert!(stdout(&help).contains(word), "{word} is not in the help");
    }
}
