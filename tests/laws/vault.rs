//! A vault that has seen changes is the vault that one would load now.

use proptest::prelude::*;
use proptest::test_runner::Config;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vaultls::config::{self, Watch};
use vaultls::features::findings::{Suspects, findings};
use vaultls::text::{Edit, Encoding, Position};
use vaultls::vault::{FileId, Snapshot, Vault, touched};

/// Names that are near, alike, equal in some sense, and in each other's way.
#[rustfmt::skip]
const PATHS: &[&str] = &[
    "china.md", "China.md", "talks/china.md", "talks/moscow.md", "talks/moscow.MD", "zoo/lion.md", "zoo/small/lion.md",
    "Trade deals.md", "trade_deals.md", "a/b/c.md", "README.md", "zoo/README.md", "sketch.png", "zoo/budget.csv",
    "drafts/plan.md", "日本.md", "é.md", "e\u{301}.md", "x#y|z.md", "chinna.md.md",
];

#[rustfmt::skip]
const SCRAPS: &[&str] = &[
    "\n", "\n\n", "text ", "é 👍🏽 ", "[[china]]", "[[China#Trade]]", "[[talks/moscow | the talks]]", "[[moscow#^id]]",
    "[x](../zoo/lion.md#lion)", "[x](zoo)", "[[lion]]", "[[prc]]", "[[missing]]", "[[Missing]]", "[[./china]]", "[[Trade Deals]]",
    "![[sketch.png]]", "[[budget.csv]]", "[[budget]]", "[[日本]]", "[[É]]", "[[plan]]", "[[chinna.md]]", "[[moscw]]", "[[chin", "[[#Trade]]", "]]",
    "\n# Trade\n", "\n## Lion\n", "\n# Trade\n", " ^id\n", " #tag", " #a/b/c", "[r]: china.md\n", "[r]", "https://a.b/c",
    "[06:04]", "https://youtu.be/sUjFz20kTFw?t=5", "[video](https://youtu.be/sUjFz20kTFw)", "<b id=\"el\">", "[[lion#el]]", "`", "%%",
];

const FRONTS: &[&str] = &[
    "",
    "---\naliases: [prc, lion]\n---\n",
    "---\ntitle: Moscow\ntags: [a/b]\n---\n",
    "---\nvideoId: sUjFz20kTFw\nalias: missing\n---\n",
    "---\nup: [[china]]\n---\n",
    "---\n: [\n---\n",
];

#[derive(Clone, Debug)]
enum Step {
    Open(usize, String),
    Edit(usize, Vec<Edit>, Encoding),
    Close(usize),
    Write(usize, String),
    Delete(usize),
    Rename(usize, usize),
    /// The folder of a file becomes another, or comes back.
    MoveFolder(usize),
    Ignore(bool),
    SetAside(bool),
    /// Several files change, and nobody tells of each.
    Unseen(Vec<(usize, Option<String>)>),
    LookAt(usize),
    Merge,
}

fn text() -> impl Strategy<Value = String> {
    let body = prop::collection::vec(prop::sample::select(SCRAPS), 0..12);
    (prop::sample::select(FRONTS), body).prop_map(|(front, body)| front.to_owned() + &body.concat())
}

fn step() -> impl Strategy<Value = Step> {
    let path = || 0..PATHS.len();
    let position = || (0..8u32, 0..20u32).prop_map(|(line, column)| Position { line, column });
    let edit = ((position(), position()), prop::sample::select(SCRAPS));
    let edit = edit.prop_map(|(range, text)| Edit { range: Some(range), text: text.to_owned() });
    let encoding = prop::sample::select(&[Encoding::Utf8, Encoding::Utf16, Encoding::Utf32][..]);
    let edits = prop::collection::vec(edit, 1..4);
    let unseen = prop::collection::vec((path(), prop::option::of(text())), 1..6);
    prop_oneof![
        3 => (path(), text()).prop_map(|(path, text)| Step::Open(path, text)),
        8 => (path(), edits, encoding).prop_map(|(path, edits, encoding)| Step::Edit(path, edits, encoding)),
        2 => path().prop_map(Step::Close),
        4 => (path(), text()).prop_map(|(path, text)| Step::Write(path, text)),
        2 => path().prop_map(Step::Delete),
        2 => (path(), path()).prop_map(|(from, to)| Step::Rename(from, to)),
        1 => path().prop_map(Step::MoveFolder),
        1 => any::<bool>().prop_map(Step::Ignore),
        1 => any::<bool>().prop_map(Step::SetAside),
        1 => unseen.prop_map(Step::Unseen),
        1 => path().prop_map(Step::LookAt),
        1 => Just(Step::Merge),
    ]
}

/// A vault that lives through steps.
struct Life {
    root: tempfile::TempDir,
    vault: Arc<Vault>,
    open: BTreeSet<usize>,
}

impl Life {
    fn begin() -> Life {
        let root = tempfile::tempdir().expect("a folder");
        // Folders are there from the beginning: a link to one is not broken, and an empty one is no news.
        for folder in [".obsidian", "talks", "zoo/small", "a/b", "drafts", "moved"] {
            fs::create_dir_all(root.path().join(folder)).expect("a folder");
        }
        fs::write(root.path().join(PATHS[0]), "# Trade\n[[moscow]]").expect("a file");
        Life { vault: load(root.path()), root, open: BTreeSet::new() }
    }

    fn path(&self, path: usize) -> PathBuf {
        self.root.path().join(PATHS[path])
    }

    fn write(&self, path: usize, text: &str) {
        fs::write(self.path(path), text).expect("a file");
    }

    fn live(&mut self, step: &Step) {
        match step {
            Step::Open(path, text) => {
                self.vault.open_note(PATHS[*path], 1, text);
                self.open.insert(*path);
            }
            Step::Edit(path, edits, encoding) => {
                let is_open = self.vault.edit_note(PATHS[*path], 2, edits, *encoding);
                assert_eq!(is_open, self.open.contains(path));
            }
            Step::Close(path) => {
                self.vault.close_note(PATHS[*path]);
                self.open.remove(path);
            }
            Step::Write(path, text) => {
                self.write(*path, text);
                self.look_at(&[*path]);
            }
            Step::Delete(path) => {
                let _ = fs::remove_file(self.path(*path));
                self.look_at(&[*path]);
            }
            Step::Rename(from, to) => {
                let _ = fs::rename(self.path(*from), self.path(*to));
                self.look_at(&[*to, *from]);
            }
            Step::MoveFolder(path) => self.move_folder(*path),
            Step::Ignore(drafts) => {
                let patterns = if *drafts { "drafts/\n*.csv\nlion.md\n!small/lion.md\n" } else { "" };
                self.setting(".gitignore", patterns);
            }
            Step::SetAside(zoo) => {
                let filters = if *zoo { r#"{"userIgnoreFilters": ["zoo/", "/^a/"]}"# } else { "{}" };
                self.setting(".obsidian/app.json", filters);
            }
            Step::Unseen(changes) => {
                for (path, text) in changes {
                    match text {
                        Some(text) => self.write(*path, text),
                        None => drop(fs::remove_file(self.path(*path))),
                    }
                }
                self.vault.reconcile();
            }
            Step::LookAt(path) => self.look_at(&[*path, *path]),
            Step::Merge => self.vault.merge(),
        }
    }

    fn move_folder(&self, path: usize) {
        let folder = self.path(path).parent().expect("a folder").to_owned();
        if folder == self.root.path() {
            return;
        }
        let moved = self.root.path().join("moved");
        fs::remove_dir_all(&moved).expect("a folder");
        fs::rename(&folder, &moved).expect("a folder moves");
        fs::create_dir_all(folder.join(if folder.ends_with("zoo") { "small" } else { "" })).expect("a folder");
        self.vault.look_at(&[folder, moved]);
    }

    fn setting(&self, path: &str, text: &str) {
        let path = self.root.path().join(path);
        fs::write(&path, text).expect("a file");
        self.vault.look_at(&[path]);
    }

    fn look_at(&self, paths: &[usize]) {
        self.vault.look_at(&paths.iter().map(|&path| self.path(path)).collect::<Vec<_>>());
    }

    /// The same texts, loaded now.
    fn anew(&self) -> Arc<Snapshot> {
        let anew = load(self.root.path());
        let snapshot = self.vault.snapshot();
        for (note, document) in snapshot.open_notes() {
            anew.open_note(snapshot.path(note), document.version, &document.source);
        }
        anew.snapshot()
    }
}

/// Loaded, and told of every change: nothing depends on when the system tells of one.
fn load(root: &Path) -> Arc<Vault> {
    let vault = Vault::open(root, config::Config { watch: Watch::Client, ..config::Config::default() });
    assert!(vault.wait_until_loaded(&|| false));
    vault
}

/// The findings of each note, with paths for ids.
fn all_findings(snapshot: &Snapshot) -> BTreeMap<String, Vec<String>> {
    let suspects = Suspects::of(snapshot);
    let found = snapshot.notes().map(|note| {
        let (path, found) = (snapshot.path(note).to_owned(), findings_of(snapshot, note));
        if let Some(document) = snapshot.document(note) {
            assert_eq!(suspects.findings(note, &document), findings(snapshot, note, &document), "{path}");
        }
        assert!(found.is_empty() || suspects.hold(note), "nobody would look at {path}: {found:?}");
        (path, found)
    });
    found.collect()
}

fn findings_of(snapshot: &Snapshot, note: FileId) -> Vec<String> {
    let Some(document) = snapshot.document(note) else { return Vec::new() };
    let findings = findings(snapshot, note, &document).into_iter();
    let drawn = findings.map(|mut finding| {
        let related = std::mem::take(&mut finding.related).into_iter();
        let related: Vec<_> = related.map(|(at, why)| (snapshot.path(at.file).to_owned(), at.place, why)).collect();
        format!("{finding:?} {related:?}")
    });
    drawn.collect()
}

fn differences(lives: &BTreeSet<String>, anew: &BTreeSet<String>) -> Vec<String> {
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>, who: &str| -> Vec<String> {
        a.difference(b).map(|line| format!("only {who}: {line}")).collect()
    };
    [only(lives, anew, "the one that lived"), only(anew, lives, "the new one")].concat()
}

proptest! {
    // 100 lives of 100 steps.
    #![proptest_config(Config { max_shrink_iters: 100, ..crate::config(100) })]

    #[test]
    fn a_vault_that_lived_is_the_one_that_is_loaded_now(steps in prop::collection::vec(step(), 100)) {
        let mut life = Life::begin();
        for (number, step) in steps.iter().enumerate() {
            life.live(step);
            let snapshot = life.vault.snapshot();
            prop_assert_eq!(snapshot.discrepancies(), [""; 0], "after {}: {:?}", number, step);
            if number % 10 == 9 {
                let anew = life.anew();
                prop_assert_eq!(differences(&snapshot.memory(), &anew.memory()), [""; 0], "after {}: {:?}", number, step);
                prop_assert_eq!(all_findings(&snapshot), all_findings(&anew), "after {}: {:?}", number, step);
            }
        }
    }
}

proptest! {
    #![proptest_config(Config { max_shrink_iters: 100, ..crate::config(40) })]

    #[test]
    fn only_touched_notes_have_other_findings(steps in prop::collection::vec(step(), 50)) {
        let mut life = Life::begin();
        let mut before = life.vault.snapshot();
        let mut known = all_findings(&before);
        // What is left out of the vault can be on disk all the same, and a link to it is not broken: nobody hears of it.
        for step in steps.into_iter().filter(|step| !matches!(step, Step::Ignore(_))) {
            life.live(&step);
            let after = life.vault.snapshot();
            let touched = touched(&before, &after);
            let found = all_findings(&after);
            for note in after.notes().filter(|&note| !touched.holds(note)) {
                let path = after.path(note);
                prop_assert_eq!(found.get(path), known.get(path), "{} after {:?}", path, step);
            }
            (before, known) = (after, found);
        }
    }
}
