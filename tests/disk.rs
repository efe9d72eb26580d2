//! What the disk does to a vault: files that are no good, folders that are odd, and changes that nobody announces.
//!
//! The watcher is the real one. Everything is waited for with a deadline, nothing is slept for.

#![cfg(unix)] // Symbolic links, pipes, modes.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use vaultls::config::{Config, Watch};
use vaultls::features::findings::findings;
use vaultls::text::{Edit, Encoding, Position};
use vaultls::vault::{Dialect, FileKind, MAX_FILES_UNASKED, Notice, Snapshot, Vault};

/// Longer than anything takes on a busy machine; a test that meets it has failed.
const DEADLINE: Duration = Duration::from_secs(60);

/// A folder on disk, gone with the test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn of(files: &[(&str, &str)]) -> Folder {
        let folder = Folder(tempfile::tempdir().expect("a folder"));
        files.iter().for_each(|(path, text)| folder.write(path, text));
        folder
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).expect("a file");
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).expect("a file");
    }

    /// Loaded, and told of changes by nobody but the test.
    fn load(&self) -> Watched {
        Watched::load(self.root(), Watch::Client)
    }

    /// Loaded, and watching.
    fn watch(&self) -> Watched {
        Watched::load(self.root(), Watch::Server)
    }
}

/// A vault whose changes can be waited for.
struct Watched {
    vault: Arc<Vault>,
    changes: Arc<(Mutex<u64>, Condvar)>,
}

impl Watched {
    fn load(root: &Path, watch: Watch) -> Watched {
        let vault = Vault::open(root, Config { watch, ..Config::default() });
        let changes = Arc::new((Mutex::new(0), Condvar::new()));
        let heard = changes.clone();
        vault.on_change(move || {
            *heard.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            heard.1.notify_all();
        });
        let watched = Watched { vault, changes };
        watched.wait_until_loaded();
        watched
    }

    fn wait_until_loaded(&self) {
        let deadline = Instant::now() + DEADLINE;
        assert!(self.vault.wait_until_loaded(&|| Instant::now() > deadline), "the vault is not loaded");
    }

    /// The first snapshot that is as `wanted`.
    fn until(&self, what: &str, wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
        let deadline = Instant::now() + DEADLINE;
        let mut heard = self.heard();
        loop {
            let snapshot = self.vault.snapshot();
            if wanted(&snapshot) {
                return snapshot;
            }
            heard = self.wait_for_more_than(heard, deadline);
            assert!(Instant::now() < deadline, "not in time: {what}; there are {:?}", paths(&snapshot));
        }
    }

    fn heard(&self) -> u64 {
        *self.changes.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_for_more_than(&self, heard: u64, deadline: Instant) -> u64 {
        let (changes, changed) = &*self.changes;
        let changes = changes.lock().unwrap_or_else(PoisonError::into_inner);
        let left = deadline.saturating_duration_since(Instant::now());
        let (changes, _) =
            changed.wait_timeout_while(changes, left, |now| *now == heard).unwrap_or_else(PoisonError::into_inner);
        *changes
    }

    fn until_paths(&self, expected: &[&str]) -> Arc<Snapshot> {
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        self.until(&format!("{expected:?}"), |snapshot| paths(snapshot) == expected)
    }

    fn look_at(&self, folder: &Folder, path: &str) {
        self.vault.look_at(&[folder.path(path)]);
    }

    /// The sentences that are to be told and were not yet.
    fn problems(&self) -> Vec<String> {
        let problem = |notice| match notice {
            Notice::Problem(problem) => Some(problem),
            Notice::TooManyFiles | Notice::Settings => None,
        };
        self.vault.take_notices().into_iter().filter_map(problem).collect()
    }
}

fn paths(snapshot: &Snapshot) -> Vec<&str> {
    let mut paths: Vec<&str> = snapshot.files().map(|(_, file)| &*file.path).collect();
    paths.sort_unstable();
    paths
}

/// Where `[[name]]` in the note `from` leads.
fn target<'a>(snapshot: &'a Snapshot, from: &str, name: &str) -> Option<&'a str> {
    let resolved = snapshot.resolve(snapshot.file(from)?, Dialect::Name, name)?;
    Some(snapshot.path(resolved.file))
}

fn headings(snapshot: &Snapshot, note: &str) -> Vec<String> {
    let file = snapshot.file(note).and_then(|note| snapshot.get(note));
    file.map_or_else(Vec::new, |file| file.facts.headings().map(|(_, heading)| heading.text.to_owned()).collect())
}

fn codes(snapshot: &Snapshot, note: &str) -> Vec<&'static str> {
    let Some(note) = snapshot.file(note) else { return Vec::new() };
    let Some(document) = snapshot.document(note) else { return Vec::new() };
    findings(snapshot, note, &document).into_iter().map(|finding| finding.code).collect()
}

/// The text of every file, to see that nothing was written.
fn contents(folder: &Folder) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(folder.root()).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut all: Vec<_> =
        entries.filter(|path| path.is_file()).map(|path| (path.clone(), fs::read(path).expect("a file"))).collect();
    all.sort();
    all
}

mod bad_input {
    use super::*;

    #[test]
    fn a_note_that_is_not_utf_8_is_read_as_far_as_it_can_be_and_told_once() {
        let folder = Folder::of(&[("a.md", "[[latin#Caf]]")]);
        folder.write("latin.md", b"# Caf\n\xe9 [[a]]\n## Na\xefve\n");
        let before = contents(&folder);
        let watched = folder.load();
        let snapshot = watched.vault.snapshot();
        assert_eq!(headings(&snapshot, "latin.md"), ["Caf", "Na\u{fffd}ve"]);
        assert_eq!(codes(&snapshot, "a.md"), [""; 0]);
        assert_eq!(watched.problems(), ["latin.md is not UTF-8: what cannot be read stands as \u{fffd}"]);
        folder.write("latin.md", b"# Caf\n\xe9\n");
        watched.look_at(&folder, "latin.md");
        assert_eq!(headings(&watched.vault.snapshot(), "latin.md"), ["Caf"]);
        assert_eq!(watched.problems(), [""; 0]);
        folder.write("latin.md", &before[1].1);
        assert_eq!(contents(&folder), before);
    }

    #[test]
    fn nul_bytes_are_characters_like_others() {
        let folder = Folder::of(&[("a.md", "\0# no\n\0[[b\0]]\n# yes\0\n[[b]]"), ("b.md", "")]);
        let watched = folder.load();
        let snapshot = watched.vault.snapshot();
        assert_eq!(headings(&snapshot, "a.md").len(), 1);
        assert_eq!(codes(&snapshot, "a.md"), ["link.broken"]);
        assert_eq!(watched.problems(), [""; 0]);
    }

    #[test]
    fn a_file_of_100_megabytes_is_found_by_name_not_read_and_told_once() {
        let folder = Folder::of(&[("a.md", "[[huge]] [[huge#x]]")]);
        folder.write("huge.md", "# x\n");
        let huge = fs::File::options().write(true).open(folder.path("huge.md")).expect("a file");
        huge.set_len(100 << 20).expect("a sparse file");
        let watched = folder.load();
        let snapshot = watched.vault.snapshot();
        assert_eq!(target(&snapshot, "a.md", "huge"), Some("huge.md"));
        assert_eq!(headings(&snapshot, "huge.md"), [""; 0]);
        let huge = snapshot.file("huge.md").expect("its name is known");
        assert!(snapshot.document(huge).is_none());
        assert_eq!(
            watched.problems(),
            ["huge.md has 100 MB: links to it work, its own text is not read (above 16 MB)"]
        );
        watched.look_at(&folder, "huge.md");
        watched.vault.reconcile();
        assert_eq!(watched.problems(), [""; 0]);
        assert_eq!(watched.vault.snapshot().revision(), snapshot.revision());
        folder.write("huge.md", "# small again\n");
        watched.look_at(&folder, "huge.md");
        assert_eq!(headings(&watched.vault.snapshot(), "huge.md"), ["small again"]);
    }

    #[test]
    fn what_an_editor_says_of_a_huge_note_ends_with_its_closing() {
        let folder = Folder::of(&[("huge.md", "")]);
        fs::File::options()
            .write(true)
            .open(folder.path("huge.md"))
            .and_then(|it| it.set_len(17 << 20))
            .expect("a file");
        let watched = folder.load();
        watched.vault.open_note("huge.md", 1, "# only here");
        assert_eq!(headings(&watched.vault.snapshot(), "huge.md"), ["only here"]);
        watched.vault.close_note("huge.md");
        assert_eq!(headings(&watched.vault.snapshot(), "huge.md"), [""; 0]);
    }

    #[test]
    fn a_folder_that_cannot_be_read_is_named_and_the_rest_is_there() {
        use std::os::unix::fs::PermissionsExt;
        let folder = Folder::of(&[("a.md", "# A"), ("shut/b.md", "# B"), ("shut.md", "# C")]);
        let shut = |mode| fs::set_permissions(folder.path("shut"), fs::Permissions::from_mode(mode)).expect("a mode");
        shut(0);
        let is_root = fs::read_dir(folder.path("shut")).is_ok();
        let watched = folder.load();
        let (snapshot, problems) = (watched.vault.snapshot(), watched.problems());
        shut(0o755);
        assert_eq!(headings(&snapshot, "a.md"), ["A"]);
        if is_root {
            eprintln!("skipped: nothing is shut to this user");
            return;
        }
        assert_eq!(paths(&snapshot), ["a.md", "shut.md"]);
        assert!(matches!(&problems[..], [one] if one.contains("shut") && one.contains("denied")), "{problems:?}");
    }

    #[test]
    fn folders_deeper_than_a_path_can_say_are_told_and_the_rest_is_there() {
        let folder = Folder::of(&[("a.md", "# A"), ("e/x.md", "")]);
        let deep = |name: &str| vec![name.repeat(200); 15].join("/");
        folder.write(&format!("{}/deep.md", deep("d")), "# Deep");
        folder.write(&format!("e/{}/lost.md", deep("e")), "");
        folder.rename("e", &format!("{}/e", deep("d")));
        let watched = folder.load();
        let snapshot = watched.vault.snapshot();
        assert_eq!(headings(&snapshot, "a.md"), ["A"]);
        assert_eq!(headings(&snapshot, &format!("{}/deep.md", deep("d"))), ["Deep"]);
        assert!(watched.problems().iter().any(|problem| problem.contains("too long")));
    }

    #[test]
    fn a_vault_that_is_not_there_is_told_and_waited_for_by_nobody() {
        let folder = Folder::of(&[]);
        let watched = Watched::load(&folder.path("gone"), Watch::Server);
        assert_eq!(paths(&watched.vault.snapshot()), [""; 0]);
        assert!(matches!(&watched.problems()[..], [one] if one.contains("gone")));
    }

    #[test]
    fn links_inside_the_vault_are_followed_once_and_those_out_of_it_never() {
        let outside = Folder::of(&[("secret.md", "# Secret")]);
        let folder =
            Folder::of(&[("a.md", "[[shared]] [[secret]]"), (".hidden/shared.md", "# Shared"), ("zoo/lion.md", "")]);
        let link = |target: &Path, at: &str| symlink(target, folder.path(at)).expect("a link");
        link(folder.root(), "zoo/loop");
        link(Path::new("."), "zoo/small");
        link(&folder.path(".hidden"), "hidden");
        link(&folder.path(".hidden"), "hidden again");
        link(outside.root(), "outside");
        link(&outside.path("secret.md"), "secret.md");
        link(Path::new("self"), "self");
        link(Path::new("/nowhere"), "dangling.md");
        let watched = folder.load();
        let expected = ["a.md", "hidden/shared.md", "zoo/lion.md"];
        assert_eq!(paths(&watched.vault.snapshot()), expected);
        for path in ["zoo/loop", "zoo/small", "hidden", "hidden again", "outside", "secret.md", "self", "dangling.md"] {
            watched.look_at(&folder, path);
        }
        for path in ["outside/secret.md", "zoo/loop/a.md", "zoo/loop/zoo/loop/a.md", "hidden again/shared.md"] {
            watched.look_at(&folder, path);
        }
        assert_eq!(paths(&watched.vault.snapshot()), expected);
        assert_eq!(watched.problems(), [""; 0]);
    }

    #[test]
    fn links_that_appear_are_followed_as_if_they_had_been_there() {
        let outside = Folder::of(&[("secret.md", "# Secret")]);
        let folder = Folder::of(&[("a.md", ""), (".hidden/shared.md", "# Shared")]);
        let watched = folder.watch();
        symlink(outside.root(), folder.path("outside")).expect("a link");
        symlink(outside.path("secret.md"), folder.path("secret.md")).expect("a link");
        symlink(folder.root(), folder.path("loop")).expect("a link");
        symlink(folder.path(".hidden"), folder.path("shared")).expect("a link");
        watched.until_paths(&["a.md", "shared/shared.md"]);
        folder.write("b.md", "");
        watched.until_paths(&["a.md", "b.md", "shared/shared.md"]);
        folder.write("shared/shared.md", "# Changed");
        watched.until("the note behind the link", |snapshot| headings(snapshot, "shared/shared.md") == ["Changed"]);
    }

    #[test]
    fn a_pipe_is_no_note_and_holds_nobody_up() {
        let folder = Folder::of(&[("a.md", "")]);
        let made = std::process::Command::new("mkfifo").arg(folder.path("pipe.md")).status();
        if !made.is_ok_and(|status| status.success()) {
            eprintln!("skipped: no pipe can be made here");
            return;
        }
        let watched = folder.load();
        watched.look_at(&folder, "pipe.md");
        let snapshot = watched.vault.snapshot();
        assert_eq!(paths(&snapshot), ["a.md"]);
        assert_eq!(watched.problems(), [""; 0]);
        // Nor is one that takes the place of a note, before anybody looks.
        folder.rename("pipe.md", "a.md");
        assert!(snapshot.document(snapshot.file("a.md").expect("it was there")).is_none());
    }

    #[test]
    fn a_note_that_is_deleted_while_open_lives_until_it_is_closed() {
        let folder = Folder::of(&[("a.md", "[[b]]"), ("b.md", "# B")]);
        let watched = folder.load();
        watched.vault.open_note("b.md", 1, "# B, edited");
        folder.remove("b.md");
        watched.look_at(&folder, "b.md");
        let snapshot = watched.vault.snapshot();
        assert_eq!(headings(&snapshot, "b.md"), ["B, edited"]);
        assert_eq!(codes(&snapshot, "a.md"), [""; 0]);
        let edit = Edit { range: None, text: "# Still here".into() };
        assert!(watched.vault.edit_note("b.md", 2, &[edit], Encoding::Utf16));
        assert_eq!(headings(&watched.vault.snapshot(), "b.md"), ["Still here"]);
        watched.vault.close_note("b.md");
        let snapshot = watched.vault.snapshot();
        assert_eq!(paths(&snapshot), ["a.md"]);
        assert_eq!(codes(&snapshot, "a.md"), ["link.broken"]);
        assert!(!folder.path("b.md").exists(), "nothing is written");
    }

    #[test]
    fn notes_that_differ_only_in_case_are_two() {
        let folder = Folder::of(&[("China.md", "# Upper"), ("a.md", "[[China]] [[china]]")]);
        folder.write("china.md", "# Lower");
        if fs::read(folder.path("China.md")).expect("a file") != b"# Upper" {
            eprintln!("skipped: this file system does not tell case apart");
            return;
        }
        let watched = folder.load();
        let snapshot = watched.vault.snapshot();
        assert_eq!(headings(&snapshot, "China.md"), ["Upper"]);
        assert_eq!(headings(&snapshot, "china.md"), ["Lower"]);
        assert_eq!(target(&snapshot, "a.md", "China"), Some("China.md"));
        assert_eq!(target(&snapshot, "a.md", "china"), Some("china.md"));
        folder.remove("China.md");
        watched.look_at(&folder, "China.md");
        assert_eq!(target(&watched.vault.snapshot(), "a.md", "China"), Some("china.md"));
    }

    #[test]
    fn odd_names_are_names() {
        let names =
            ["e\u{301}tude", "a#b", "c|d", "50%", "100%25", "it's \"so\"", "🎉", "\u{2068}iso\u{2069}", "日本", "a\nb"];
        let folder = Folder::of(&[("from.md", "")]);
        names.iter().for_each(|name| folder.write(&format!("{name}.md"), format!("# {}", name.len())));
        let watched = folder.load();
        let snapshot = watched.vault.snapshot();
        assert_eq!(snapshot.files().count(), names.len() + 1);
        for name in names {
            let path = format!("{name}.md");
            assert_eq!(target(&snapshot, "from.md", name), Some(&*path));
            assert_eq!(headings(&snapshot, &path), [name.len().to_string()]);
            watched.look_at(&folder, &path);
        }
        assert_eq!(target(&snapshot, "from.md", "\u{e9}tude"), Some("e\u{301}tude.md"));
        assert_eq!(watched.vault.snapshot().revision(), snapshot.revision());
        assert_eq!(watched.problems(), [""; 0]);
    }

    #[test]
    fn a_name_that_is_no_unicode_is_told() {
        use std::os::unix::ffi::OsStrExt;
        let folder = Folder::of(&[("a.md", "")]);
        if fs::write(folder.root().join(std::ffi::OsStr::from_bytes(b"caf\xe9.md")), "").is_err() {
            eprintln!("skipped: this file system only has names in Unicode");
            return;
        }
        let watched = folder.load();
        assert_eq!(paths(&watched.vault.snapshot()), ["a.md"]);
        assert!(matches!(&watched.problems()[..], [one] if one.contains("caf\u{fffd}.md")));
    }

    #[test]
    fn invalid_yaml_costs_only_the_front_matter() {
        let folder =
            Folder::of(&[("a.md", "---\ntitle: [\n---\n# Here\n[[b#There]]"), ("b.md", "[[a#Here]]\n# There")]);
        let watched = folder.load();
        let snapshot = watched.vault.snapshot();
        assert_eq!(headings(&snapshot, "a.md"), ["Here"]);
        assert_eq!(codes(&snapshot, "a.md"), ["front-matter.invalid"]);
        assert_eq!(codes(&snapshot, "b.md"), [""; 0]);
    }

    #[test]
    fn an_edit_past_the_end_is_at_the_end() {
        let folder = Folder::of(&[("a.md", "# A")]);
        let watched = folder.load();
        watched.vault.open_note("a.md", 1, "# A");
        let far = Position { line: u32::MAX, column: u32::MAX };
        let edit =
            |line, text: &str| Edit { range: Some((Position { line, column: u32::MAX }, far)), text: text.into() };
        watched.vault.edit_note("a.md", 2, &[edit(u32::MAX, "\n# B"), edit(1, "C")], Encoding::Utf16);
        assert_eq!(headings(&watched.vault.snapshot(), "a.md"), ["A", "BC"]);
        assert!(!watched.vault.edit_note("b.md", 2, &[edit(0, "x")], Encoding::Utf16), "it is not open");
        assert_eq!(fs::read(folder.path("a.md")).expect("a file"), b"# A");
    }
}

mod changes {
    use super::*;

    fn notes() -> Folder {
        Folder::of(&[("a.md", "[[b#B]]"), ("b.md", "# B")])
    }

    #[test]
    fn a_file_appears_changes_moves_and_goes() {
        let folder = notes();
        let watched = folder.watch();
        folder.write("c.md", "# C");
        watched.until("the note appears", |snapshot| headings(snapshot, "c.md") == ["C"]);
        folder.write("c.md", "# Changed");
        watched.until("the note changes", |snapshot| headings(snapshot, "c.md") == ["Changed"]);
        folder.rename("c.md", "d.md");
        let snapshot = watched.until_paths(&["a.md", "b.md", "d.md"]);
        assert_eq!(headings(&snapshot, "d.md"), ["Changed"]);
        folder.write("sketch.png", "");
        watched.until_paths(&["a.md", "b.md", "d.md", "sketch.png"]);
        folder.remove("d.md");
        folder.remove("sketch.png");
        watched.until_paths(&["a.md", "b.md"]);
        folder.remove("b.md");
        watched.until("the link breaks", |snapshot| codes(snapshot, "a.md") == ["link.broken"]);
    }

    #[test]
    fn a_folder_appears_with_its_files_and_what_comes_later_is_seen_too() {
        let folder = notes();
        let watched = folder.watch();
        folder.write("x/y/z/deep.md", "# Deep");
        folder.write("x/top.md", "");
        watched.until_paths(&["a.md", "b.md", "x/top.md", "x/y/z/deep.md"]);
        folder.write("x/y/z/later.md", "");
        watched.until_paths(&["a.md", "b.md", "x/top.md", "x/y/z/deep.md", "x/y/z/later.md"]);
        folder.write("x/y/z/later.md", "# Later");
        watched.until("a change in it", |snapshot| headings(snapshot, "x/y/z/later.md") == ["Later"]);
    }

    #[test]
    fn a_folder_moves_within_the_vault_out_of_it_and_in_again() {
        let (folder, outside) = (Folder::of(&[("a.md", ""), ("x/y/b.md", "# B")]), Folder::of(&[]));
        let watched = folder.watch();
        folder.rename("x", "moved");
        watched.until_paths(&["a.md", "moved/y/b.md"]);
        folder.write("moved/y/b.md", "# Changed");
        watched.until("a change in it", |snapshot| headings(snapshot, "moved/y/b.md") == ["Changed"]);
        fs::rename(folder.path("moved"), outside.path("away")).expect("a folder moves");
        watched.until_paths(&["a.md"]);
        outside.write("away/y/c.md", "");
        fs::rename(outside.path("away"), folder.path("x")).expect("a folder moves");
        watched.until_paths(&["a.md", "x/y/b.md", "x/y/c.md"]);
        folder.write("x/y/b.md", "# Home");
        watched.until("a change in it", |snapshot| headings(snapshot, "x/y/b.md") == ["Home"]);
    }

    #[test]
    fn a_folder_that_comes_back_is_watched_again() {
        let folder = Folder::of(&[("a.md", ""), ("x/b.md", "")]);
        let watched = folder.watch();
        for _ in 0..2 {
            fs::remove_dir_all(folder.path("x")).expect("a folder");
            watched.until_paths(&["a.md"]);
            folder.write("x/b.md", "# B");
            watched.until_paths(&["a.md", "x/b.md"]);
            folder.write("x/b.md", "# Changed");
            watched.until("a change in it", |snapshot| headings(snapshot, "x/b.md") == ["Changed"]);
            // Gone and back before anybody looks.
            fs::remove_dir_all(folder.path("x")).expect("a folder");
            folder.write("x/c.md", "");
            watched.until_paths(&["a.md", "x/c.md"]);
            folder.write("x/b.md", "");
            watched.until_paths(&["a.md", "x/b.md", "x/c.md"]);
            folder.remove("x/c.md");
            watched.until_paths(&["a.md", "x/b.md"]);
        }
    }

    #[test]
    fn a_file_becomes_a_folder_and_a_folder_a_file() {
        let folder = Folder::of(&[("a.md", ""), ("b.md", "# B"), ("x/c.md", "")]);
        let watched = folder.watch();
        folder.remove("b.md");
        folder.write("b.md/d.md", "");
        fs::remove_dir_all(folder.path("x")).expect("a folder");
        folder.write("x", "");
        watched.until_paths(&["a.md", "b.md/d.md", "x"]);
    }

    #[test]
    fn gitignore_decides_which_notes_there_are_and_no_attachments() {
        let folder = Folder::of(&[("a.md", ""), ("drafts/b.md", "# B"), ("drafts/keep.md", ""), ("drafts/c.png", "")]);
        let watched = folder.watch();
        folder.write(".gitignore", "drafts/\n");
        watched.until_paths(&["a.md", "drafts/c.png"]);
        folder.write("drafts/d.md", "");
        folder.write("e.md", "");
        watched.until_paths(&["a.md", "drafts/c.png", "e.md"]);
        folder.write(".gitignore", "drafts/*\n!keep.md\n");
        watched.until_paths(&["a.md", "drafts/c.png", "drafts/keep.md", "e.md"]);
        folder.write("drafts/keep.md", "# Kept");
        watched.until("a change of what is kept", |snapshot| headings(snapshot, "drafts/keep.md") == ["Kept"]);
        folder.remove(".gitignore");
        watched.until_paths(&["a.md", "drafts/b.md", "drafts/c.png", "drafts/d.md", "drafts/keep.md", "e.md"]);
    }

    #[test]
    fn a_gitignore_below_overrules_the_one_above_for_events_as_for_walks() {
        let folder =
            Folder::of(&[("a.md", ""), ("x/b.md", ""), (".gitignore", "b.md\nc.md\n"), ("x/.gitignore", "!b.md\n")]);
        let watched = folder.load();
        assert_eq!(paths(&watched.vault.snapshot()), ["a.md", "x/b.md"]);
        folder.write("x/c.md", "");
        folder.write("b.md", "");
        folder.write("x/b.md", "# B");
        ["x/c.md", "b.md", "x/b.md", "x"].iter().for_each(|path| watched.look_at(&folder, path));
        assert_eq!(paths(&watched.vault.snapshot()), ["a.md", "x/b.md"]);
        assert_eq!(headings(&watched.vault.snapshot(), "x/b.md"), ["B"]);
    }

    #[test]
    fn what_obsidian_sets_aside_can_change_and_begin() {
        let folder = Folder::of(&[("a.md", ""), ("zoo/b.md", "[[gone]]")]);
        let watched = folder.watch();
        let is_set_aside = |snapshot: &Snapshot| snapshot.files().any(|(_, file)| file.set_aside);
        // The folder of the settings appears under our eyes, and with it the mark of a vault.
        assert!(!watched.vault.snapshot().is_vault());
        folder.write(".obsidian/app.json", r#"{"userIgnoreFilters": ["zoo/"]}"#);
        let snapshot = watched.until("the folder is set aside", is_set_aside);
        assert_eq!(codes(&snapshot, "zoo/b.md"), [""; 0]);
        let snapshot = watched.until("it is a vault", Snapshot::is_vault);
        assert!(is_set_aside(&snapshot));
        folder.write(".obsidian/app.json", r#"{"userIgnoreFilters": ["other/"]}"#);
        let snapshot = watched.until("the folder counts again", |snapshot| !is_set_aside(snapshot));
        assert_eq!(codes(&snapshot, "zoo/b.md"), ["link.broken"]);
        folder.write(".obsidian/app.json.new", r#"{"userIgnoreFilters": ["/b/"]}"#);
        folder.rename(".obsidian/app.json.new", ".obsidian/app.json");
        watched.until("the settings are replaced", is_set_aside);
    }

    #[test]
    fn two_thousand_files_at_once_are_all_taken_in() {
        let folder = notes();
        let watched = folder.watch();
        for i in 0..2000 {
            folder.write(&format!("{}/note {i}.md", i % 40), format!("# {i}\n[[note {}]] [[b]]", (i + 1) % 2000));
        }
        let snapshot = watched.until("2,000 notes", |snapshot| {
            snapshot.files().count() == 2002
                && snapshot.files().all(|(_, file)| file.path.len() < 5 || file.facts.size() > 0)
        });
        assert_eq!(snapshot.discrepancies(), [""; 0]);
        (0..40).for_each(|i| fs::remove_dir_all(folder.path(&i.to_string())).expect("a folder"));
        let snapshot = watched.until_paths(&["a.md", "b.md"]);
        assert_eq!(snapshot.discrepancies(), [""; 0]);
    }

    #[test]
    fn an_editor_that_tells_of_many_files_is_not_held_up_and_all_are_taken_in() {
        let folder = notes();
        let watched = folder.load();
        let paths: Vec<_> = (0..100).map(|i| format!("{i}.md")).collect();
        paths.iter().for_each(|path| folder.write(path, "# New"));
        watched.vault.look_at_in_time(paths.iter().map(|path| folder.path(path)).collect());
        let snapshot = watched.until("100 notes", |snapshot| snapshot.files().count() == 102);
        assert!(paths.iter().all(|path| headings(&snapshot, path) == ["New"]));
        assert_eq!(snapshot.discrepancies(), [""; 0]);
    }

    #[test]
    fn an_atomic_save_is_one_change_of_one_note() {
        let folder = notes();
        let watched = folder.watch();
        let b = watched.vault.snapshot().file("b.md");
        for i in 0..20 {
            folder.write(".b.md.swp", format!("# {i}"));
            folder.rename(".b.md.swp", "b.md");
            watched.until("the saved text", |snapshot| headings(snapshot, "b.md") == [i.to_string()]);
        }
        let snapshot = watched.until_paths(&["a.md", "b.md"]);
        assert_eq!(snapshot.file("b.md"), b, "the note is the same one");
    }

    #[test]
    fn the_text_of_an_editor_wins_until_it_is_closed() {
        let folder = notes();
        let watched = folder.watch();
        watched.vault.open_note("b.md", 1, "# Edited");
        folder.write("b.md", "# On disk");
        // What comes later has been heard later.
        folder.write("c.md", "");
        let snapshot = watched.until_paths(&["a.md", "b.md", "c.md"]);
        assert_eq!(headings(&snapshot, "b.md"), ["Edited"]);
        watched.vault.close_note("b.md");
        assert_eq!(headings(&watched.vault.snapshot(), "b.md"), ["On disk"]);
    }

    #[test]
    fn hints_about_nothing_change_nothing() {
        let folder = notes();
        let watched = folder.load();
        let before = watched.vault.snapshot();
        for path in ["a.md", "a.md", "gone.md", "gone", "", ".git/index", "../elsewhere.md", ".obsidian/app.json"] {
            watched.look_at(&folder, path);
        }
        // A file that was only touched says what it said.
        folder.write("a.md", "[[b#B]]");
        watched.look_at(&folder, "a.md");
        watched.vault.reconcile();
        assert_eq!(watched.vault.snapshot().revision(), before.revision());
    }

    #[test]
    fn what_was_missed_is_found_by_listing_the_vault_again() {
        let folder = Folder::of(&[("a.md", ""), ("b.md", "# B"), ("x/c.md", ""), ("d.png", "")]);
        let watched = folder.load();
        folder.write("b.md", "# Changed");
        folder.write("y/new.md", "");
        folder.remove("d.png");
        fs::remove_dir_all(folder.path("x")).expect("a folder");
        watched.vault.reconcile();
        let snapshot = watched.vault.snapshot();
        assert_eq!(paths(&snapshot), ["a.md", "b.md", "y/new.md"]);
        assert_eq!(headings(&snapshot, "b.md"), ["Changed"]);
    }
}

mod loading {
    use super::*;

    #[test]
    fn settings_that_come_while_the_vault_is_read_lose_nothing() {
        let folder = Folder::of(&[("drafts/plan.md", "# Plan")]);
        (0..500).for_each(|i| folder.write(&format!("{i}.md"), format!("# {i}")));
        let vault = Vault::open(folder.root(), Config { watch: Watch::Client, ..Config::default() });
        for exclude in ["nothing", "drafts"] {
            vault.configure(Config { exclude: vec![exclude.into()], watch: Watch::Client, ..Config::default() });
        }
        assert!(vault.wait_until_loaded(&|| false));
        let snapshot = vault.snapshot();
        assert_eq!(snapshot.files().count(), 500);
        assert!((0..500).all(|i| headings(&snapshot, &format!("{i}.md")) == [i.to_string()]));
        assert_eq!(snapshot.discrepancies(), [""; 0]);
    }

    #[test]
    fn what_happens_while_the_vault_is_read_or_merged_is_not_lost() {
        let folder = Folder::of(&[]);
        (0..500).for_each(|i| folder.write(&format!("{i}.md"), format!("# {i}")));
        let vault = Vault::open(folder.root(), Config { watch: Watch::Client, ..Config::default() });
        vault.open_note("7.md", 1, "# Edited [[8]]");
        folder.write("8.md", "# Changed");
        folder.write("new.md", "# New");
        vault.look_at(&[folder.path("8.md"), folder.path("new.md")]);
        vault.merge();
        vault.edit_note("7.md", 2, &[Edit { range: None, text: "# Edited again".into() }], Encoding::Utf8);
        assert!(vault.wait_until_loaded(&|| false));
        let snapshot = vault.snapshot();
        assert_eq!(headings(&snapshot, "7.md"), ["Edited again"]);
        assert_eq!(headings(&snapshot, "8.md"), ["Changed"]);
        assert_eq!(headings(&snapshot, "new.md"), ["New"]);
        assert_eq!(headings(&snapshot, "9.md"), ["9"]);
        assert_eq!(snapshot.discrepancies(), [""; 0]);
        let note = snapshot.file("7.md");
        vault.close_note("7.md");
        assert_eq!(headings(&vault.snapshot(), "7.md"), ["7"]);
        assert_eq!(vault.snapshot().file("7.md"), note, "the note is the same one");
    }

    #[test]
    fn a_folder_is_a_vault_when_it_is_marked_or_a_wikilink_leads_somewhere() {
        let is_vault = |files: &[(&str, &str)]| Folder::of(files).load().vault.snapshot().is_vault();
        assert!(!is_vault(&[("a.md", "[[gone]] [[#x]] [b](b.md)"), ("b.md", "")]));
        assert!(is_vault(&[("a.md", "[[b]]"), ("b.md", "")]));
        for marker in [".obsidian/app.json", ".vaultls.toml", ".foam/x", ".zk/x", "logseq/x", "quartz.config.ts"] {
            assert!(is_vault(&[(marker, "")]), "{marker}");
        }
    }

    #[test]
    fn a_folder_becomes_a_vault_with_its_first_link_or_mark() {
        let folder = Folder::of(&[("a.md", "[[gone]]"), ("b.md", "")]);
        let watched = folder.watch();
        assert!(!watched.vault.snapshot().is_vault());
        assert_eq!(codes(&watched.vault.snapshot(), "a.md"), [""; 0]);
        watched.vault.open_note("b.md", 1, "[[a]]");
        assert!(watched.vault.snapshot().is_vault());
        assert_eq!(codes(&watched.vault.snapshot(), "a.md"), ["link.broken"]);

        let folder = Folder::of(&[("a.md", "[[gone]]")]);
        let watched = folder.watch();
        folder.write(".vaultls.toml", "");
        watched.until("the mark is seen", Snapshot::is_vault);
    }

    #[test]
    fn a_folder_of_many_files_is_read_in_full_where_its_links_lead_somewhere() {
        let folder = Folder::of(&[("a.md", "[[b]]"), ("b.md", "")]);
        (0..=MAX_FILES_UNASKED).for_each(|i| drop(fs::File::create(folder.path(&format!("m{i}.txt")))));
        folder.write("z.md", "# Z");
        let watched = folder.load();
        assert!(watched.vault.take_notices().is_empty());
        assert!(watched.vault.snapshot().is_vault());
        assert_eq!(headings(&watched.vault.snapshot(), "z.md"), ["Z"]);
    }

    #[test]
    fn a_folder_of_many_files_is_read_in_part_until_all_is_asked_for() {
        let folder = Folder::of(&[("a.md", "# A")]);
        (0..=MAX_FILES_UNASKED).for_each(|i| drop(fs::File::create(folder.path(&format!("m{i}.txt")))));
        folder.write("z.md", "# Z");
        let watched = folder.load();
        assert_eq!(watched.vault.take_notices(), [Notice::TooManyFiles]);
        let snapshot = watched.vault.snapshot();
        assert_eq!(snapshot.files().count(), MAX_FILES_UNASKED);
        assert_eq!(headings(&snapshot, "a.md"), ["A"]);
        assert_eq!(snapshot.file("z.md"), None);
        watched.vault.reconcile();
        assert_eq!(watched.vault.snapshot().files().count(), MAX_FILES_UNASKED);
        watched.vault.load_all();
        watched.wait_until_loaded();
        let snapshot = watched.vault.snapshot();
        assert_eq!(snapshot.files().count(), MAX_FILES_UNASKED + 3);
        assert_eq!(headings(&snapshot, "z.md"), ["Z"]);
        assert!(snapshot.files().filter(|(_, file)| file.kind == FileKind::Note).count() == 2);
        watched.vault.reconcile();
        assert_eq!(watched.vault.snapshot().files().count(), MAX_FILES_UNASKED + 3);
        assert_eq!(watched.vault.take_notices(), []);
    }

    #[test]
    fn a_marked_folder_of_many_files_is_read_at_once() {
        let folder = Folder::of(&[(".vaultls.toml", "")]);
        (0..=MAX_FILES_UNASKED).for_each(|i| drop(fs::File::create(folder.path(&format!("m{i}.txt")))));
        let watched = folder.load();
        assert_eq!(watched.vault.take_notices(), []);
        assert_eq!(watched.vault.snapshot().files().count(), MAX_FILES_UNASKED + 1);
    }
}
