//! The house rules that a compiler does not know: which room may use which, who touches files and protocol types, what a
//! module begins with, and that README lists the findings there are.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use vaultls::config::{Config, Level};
use vaultls::features::findings::CHECKS;

/// The rooms, lowest first. A room may use those in lines above its own; rooms of one line do not know each other.
const ROOMS: &[&[&str]] = &[&["config", "cores", "text"], &["syntax"], &["vault"], &["features"], &["server", "cli"]];

/// What speaks the protocol, and only in `server`.
const PROTOCOL: &[&str] = &["tower_lsp", "ls_types", "lsp_types"];

/// What reads, lists or writes files, and where that may stand.
const FILES: &[&str] = &["std::fs", "tokio::fs", "fs::", "File::", "OpenOptions", ".canonicalize()", ".exists()"];
const DOORS: &[&str] = &["vault/disk.rs", "vault/replace.rs", "vault/walk.rs", "cli/bench/made.rs", "main.rs"];

#[test]
fn a_room_uses_only_rooms_beneath_it() {
    let mut wrong = String::new();
    for source in sources() {
        let Some(floor) = floor(source.room()) else { continue };
        for (line, used) in source.rooms_used() {
            let fine = used == source.room() || floor_is_below(&used, floor);
            if !fine {
                let _ = writeln!(wrong, "{}:{line}: `{}` must not use `{used}`", source.path.display(), source.room());
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn protocol_types_stay_in_the_server() {
    nobody_but(|source| source.room() == "server", PROTOCOL, "belongs in src/server");
}

#[test]
fn files_are_touched_only_at_the_doors_of_the_vault() {
    let is_door = |source: &Source| DOORS.iter().any(|door| source.inside() == Path::new(door));
    nobody_but(is_door, FILES, "belongs in src/vault/disk.rs");
}

#[test]
fn a_module_begins_with_a_sentence_on_what_it_knows() {
    let mut wrong = String::new();
    for source in sources() {
        let head: Vec<_> = source.text.lines().map_while(|line| line.strip_prefix("//! ")).collect();
        if !head.iter().any(|line| line.trim_end().ends_with('.') || line.contains(". ")) {
            let _ = writeln!(wrong, "{}:1: no `//!` sentence says what this module knows", source.path.display());
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_readme_lists_the_findings_there_are() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).expect("README.md is readable");
    let start = readme.find(TABLE_HEAD).expect("README.md has a table of findings");
    let rows =
        readme[start..].lines().take_while(|line| line.starts_with('|')).map(|line| line.len() + 1).sum::<usize>();
    let expected = table();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, readme.replace(&readme[start..start + rows], &expected)).expect("README.md is writable");
        return;
    }
    assert_eq!(
        readme[start..start + rows],
        expected,
        "README.md and features::findings::CHECKS differ; `UPDATE=1 cargo test --test tidy` writes the table"
    );
}

#[test]
fn vs_code_offers_the_settings_there_are_with_their_defaults() {
    let ours = settings_of("", &serde_json::to_value(Config::default()).expect("settings are JSON"));
    let mut offered = settings_of_vs_code();
    offered.retain(|name, _| name != "server.path" && name != "trace.server");
    let defaults = offered.iter().map(|(name, setting)| (name.clone(), setting["default"].clone())).collect();
    assert_eq!(ours, defaults);
}

#[test]
fn vs_code_offers_a_severity_for_each_finding_and_family() {
    let setting = &settings_of_vs_code()["findings.severity"];
    let offered: BTreeSet<&str> =
        setting["properties"].as_object().into_iter().flatten().map(|(code, _)| &**code).collect();
    let family = |code: &'static str| code.split('.').next().unwrap_or(code);
    let known: BTreeSet<&str> = CHECKS.iter().flat_map(|check| [check.code, family(check.code)]).collect();
    assert_eq!(offered, known);
}

/// Settings by name, as an editor names them: `links.slugs`.
fn settings_of(prefix: &str, value: &Value) -> BTreeMap<String, Value> {
    match value.as_object().filter(|group| !group.is_empty()) {
        None => [(prefix.to_owned(), value.clone())].into(),
        Some(group) => {
            let dot = if prefix.is_empty() { "" } else { "." };
            group.iter().flat_map(|(name, value)| settings_of(&format!("{prefix}{dot}{name}"), value)).collect()
        }
    }
}

fn settings_of_vs_code() -> BTreeMap<String, Value> {
    let manifest = fs::read_to_string(root().join("editors/vscode/package.json")).expect("package.json is readable");
    let manifest: Value = serde_json::from_str(&manifest).expect("package.json is JSON");
    let settings: Map<String, Value> =
        manifest["contributes"]["configuration"]["properties"].as_object().expect("it has settings").clone();
    settings.into_iter().filter_map(|(name, it)| Some((name.strip_prefix("vaultls.")?.to_owned(), it))).collect()
}

#[test]
fn the_changelog_has_a_section_for_what_comes_next() {
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).expect("CHANGELOG.md is readable");
    assert!(changelog.contains("\n## [Unreleased]\n"), "CHANGELOG.md has no `## [Unreleased]`");
}

const TABLE_HEAD: &str = "| code | severity | what it means | fix | without asking |\n|---|---|---|---|---|\n";

/// The table of findings as README has it.
fn table() -> String {
    CHECKS.iter().fold(TABLE_HEAD.to_owned(), |table, check| {
        let or_none = |text: &'static str| if text.is_empty() { "-" } else { text };
        let (fix, automatic) = (or_none(check.fix), or_none(check.automatic));
        table + &format!("| `{}` | {} | {} | {fix} | {automatic} |\n", check.code, level(check.level), check.doc)
    })
}

fn level(level: Level) -> String {
    format!("{level:?}").to_lowercase()
}

/// Fails where one of `words` stands in the code of a module that is not `allowed` to say it.
fn nobody_but(allowed: impl Fn(&Source) -> bool, words: &[&str], belongs: &str) {
    let mut wrong = String::new();
    for source in sources().iter().filter(|source| !allowed(source)) {
        for (number, line) in source.code() {
            if let Some(word) = words.iter().find(|word| contains_word(line, word)) {
                let _ = writeln!(wrong, "{}:{number}: `{word}` {belongs}", source.path.display());
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Whether `word` stands in `line` and does not merely end a longer name.
fn contains_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_') || word.starts_with('.')
    })
}

fn floor(room: &str) -> Option<usize> {
    ROOMS.iter().position(|rooms| rooms.contains(&room))
}

/// Whether `room` lies beneath `floor`. What is no room (an item of the crate's root) lies nowhere.
fn floor_is_below(room: &str, than: usize) -> bool {
    floor(room).is_some_and(|floor| floor < than)
}

/// A module's file.
struct Source {
    /// From the crate's root.
    path: PathBuf,
    text: String,
}

impl Source {
    /// The path from `src`.
    fn inside(&self) -> &Path {
        self.path.strip_prefix("src").unwrap_or(&self.path)
    }

    /// `vault` for `src/vault/disk.rs`, `config` for `src/config.rs`.
    fn room(&self) -> &str {
        let first = self.inside().iter().next().and_then(|name| name.to_str()).unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Lines of code with their numbers: no comments, and not the tests at the end.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = self.text.find("\n#[cfg(test)]\nmod ").or(self.text.find("\n#[cfg(test)]\npub(crate) mod "));
        let code = &self.text[..tests.unwrap_or(self.text.len())];
        code.lines()
            .zip(1..)
            .filter(|(line, _)| !line.trim_start().starts_with("//"))
            .map(|(line, number)| (number, line))
    }

    /// The rooms that `crate::..` paths name, also `crate::{a::B, c}`, with their lines.
    fn rooms_used(&self) -> Vec<(usize, String)> {
        let mut used = Vec::new();
        let mut group = None;
        for (number, line) in self.code() {
            if let Some(depth) = group {
                group = read_group(line, depth, number, &mut used);
            }
            for (at, _) in line.match_indices("crate::") {
                match line[at + "crate::".len()..].strip_prefix('{') {
                    Some(rest) => group = read_group(rest, 1, number, &mut used),
                    None => used.push((number, name_at(&line[at + "crate::".len()..]))),
                }
            }
        }
        used
    }
}

/// Reads names at the first level of a `{..}` group from one line; gives the depth at its end, nothing once closed.
fn read_group(line: &str, mut depth: usize, number: usize, used: &mut Vec<(usize, String)>) -> Option<usize> {
    let mut fresh = true;
    for (at, c) in line.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' => fresh = true,
            c if fresh && depth == 1 && !c.is_whitespace() => {
                used.push((number, name_at(&line[at..])));
                fresh = false;
            }
            _ => {}
        }
        if depth == 0 {
            return None;
        }
    }
    Some(depth)
}

fn name_at(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Every module, in order of path.
fn sources() -> Vec<Source> {
    let mut paths = Vec::new();
    collect(&root().join("src"), &mut paths);
    paths.sort();
    let read = |path: PathBuf| Source {
        text: fs::read_to_string(&path).expect("a module is readable"),
        path: path.strip_prefix(root()).expect("a module lies in the crate").to_owned(),
    };
    paths.into_iter().map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src is readable") {
        let path = entry.expect("src is readable").path();
        match path.extension() {
            _ if path.is_dir() => collect(&path, paths),
            Some(ending) if ending == "rs" => paths.push(path),
            _ => {}
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_reader_of_use_lines_sees_groups_and_paths_and_skips_comments_and_tests() {
    let source = Source {
        path: "src/vault/x.rs".into(),
        text: "//! Knows x.\nuse crate::{config::Config, text::{Span, Text},\n    server};\n// crate::cli\nfn f() { crate::features::g() }\n\n\
               #[cfg(test)]\nmod tests { use crate::cli; }\n"
            .into(),
    };
    let used = source.rooms_used();
    let expected = [(2, "config"), (2, "text"), (3, "server"), (5, "features")];
    assert_eq!(used, expected.map(|(line, room)| (line, room.to_owned())));
    assert_eq!(source.room(), "vault");
}
