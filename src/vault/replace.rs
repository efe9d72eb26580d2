//! The one place that writes: replaces, creates and moves files of a vault. Knows paths and texts; not what a change is for.
//!
//! Each function does its step whole or not at all, stays inside the root wherever links lead, and overwrites nothing
//! that it was not told of.

use super::disk;
use crate::syntax::name;
use crate::text::{Splice, spliced};
use same_file::is_same_file;
use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Why a step was not done.
#[derive(Debug)]
pub enum Refused {
    /// It lies outside the vault, or a link leads there.
    Outside,
    /// The file is not as it was when the step was planned.
    Changed,
    /// Its bytes are no text, and would not come back as they were.
    NotUtf8,
    /// Something is there already.
    Taken,
    /// A link that says where its file lies from here, and would not find it from there.
    RelativeLink,
    System(io::Error),
}

/// A file that may be rewritten.
#[derive(Debug)]
pub struct Rewritable {
    /// All of it, with the byte order mark.
    whole: String,
    /// Bytes of the byte order mark, which edits do not count.
    mark: usize,
}

impl Rewritable {
    pub fn whole(&self) -> &str {
        &self.whole
    }

    /// Edits, counted in the whole.
    pub fn placed(&self, edits: &[Splice]) -> Vec<Splice> {
        edits.iter().map(|(span, text)| (span.shifted(self.mark), text.clone())).collect()
    }

    /// The whole with edits done; `None` where they do not fit.
    pub fn edited(&self, edits: &[Splice]) -> Option<String> {
        spliced(&self.whole, &self.placed(edits))
    }
}

/// The text of a file that is to be rewritten: all that stands against it is found out, and nothing is written. `seen` is the
/// hash of the bytes that the edits were planned on, where it is known.
///
/// # Errors
/// Whatever [`rewrite`] would refuse.
pub fn text_to_rewrite(root: &Path, path: &str, seen: Option<u64>) -> Result<Rewritable, Refused> {
    let absolute = inside(root, path)?;
    let read = disk::read(&absolute)?;
    if read.lossy {
        return Err(Refused::NotUtf8);
    }
    let text = read.text.ok_or(io::Error::from(ErrorKind::FileTooLarge))?;
    if seen.is_some_and(|seen| seen != read.stamp.hash) {
        return Err(Refused::Changed);
    }
    let mark = if read.marked { disk::MARK } else { "" };
    Ok(Rewritable { whole: format!("{mark}{text}"), mark: mark.len() })
}

/// Does edits of a file. Readers see the file as it was or as it is then, never half of it; it keeps its permissions, its
/// place behind a symbolic link, and every byte that no edit touches.
///
/// # Errors
/// Where [`text_to_rewrite`] does, where the edits do not fit, and what the system says.
pub fn rewrite(root: &Path, path: &str, seen: Option<u64>, edits: &[Splice]) -> Result<(), Refused> {
    let text = text_to_rewrite(root, path, seen)?;
    let text = text.edited(edits).ok_or(Refused::Changed)?;
    Ok(replace(&disk::canonical(&root.join(path))?, &text)?)
}

/// Writes a new file, with the folders it lies in.
///
/// # Errors
/// Where something is there, and what the system says.
pub fn create(root: &Path, path: &str, text: &str) -> Result<(), Refused> {
    may_create(root, path)?;
    let path = root.join(path);
    make_folder_of(&path)?;
    let mut file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(taken)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        drop(file);
        let _ = fs::remove_file(&path); // Half a note is worse than none.
    }
    Ok(written?)
}

/// Gives a file or a folder another path, and makes the folders it then lies in.
///
/// # Errors
/// Where something else is there, and what the system says.
pub fn move_to(root: &Path, from: &str, to: &str) -> Result<(), Refused> {
    may_move(root, from, to)?;
    let (from, to) = (root.join(from), root.join(to));
    make_folder_of(&to)?;
    if is_respelled(&from, &to) { Ok(fs::rename(from, to)?) } else { rename_to_nothing(&from, &to).map_err(taken) }
}

/// Whether a file could be written at a path now.
///
/// # Errors
/// Whatever [`create`] would refuse.
pub fn may_create(root: &Path, path: &str) -> Result<(), Refused> {
    if is_there(&new_inside(root, path)?) { Err(Refused::Taken) } else { Ok(()) }
}

/// Whether a file or a folder could be moved now.
///
/// # Errors
/// Whatever [`move_to`] would refuse.
pub fn may_move(root: &Path, from: &str, to: &str) -> Result<(), Refused> {
    let (old, new) = (inside(root, from)?, new_inside(root, to)?);
    if is_there(&new) && !is_respelled(&old, &new) {
        return Err(Refused::Taken);
    }
    let leads = fs::read_link(&old).ok();
    if leads.is_some_and(|leads| leads.is_relative()) && old.parent() != new.parent() {
        return Err(Refused::RelativeLink);
    }
    Ok(())
}

/// The absolute path of something that is there, inside the root.
fn inside(root: &Path, path: &str) -> Result<PathBuf, Refused> {
    let absolute = plain(root, path)?;
    fs::metadata(&absolute)?;
    if disk::is_inside(root, path) { Ok(absolute) } else { Err(Refused::Outside) }
}

/// The absolute path of what may be made: the folder around it that is there lies inside the root.
fn new_inside(root: &Path, path: &str) -> Result<PathBuf, Refused> {
    let absolute = plain(root, path)?;
    let mut folders = absolute.ancestors().skip(1);
    let there = folders.find(|folder| is_there(folder)).and_then(|folder| folder.strip_prefix(root).ok());
    let is_inside = there.and_then(Path::to_str).is_some_and(|folder| disk::is_inside(root, folder));
    if is_inside { Ok(absolute) } else { Err(Refused::Outside) }
}

/// The absolute path of one that names every folder on its way.
fn plain(root: &Path, path: &str) -> Result<PathBuf, Refused> {
    let is_plain = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if is_plain { Ok(root.join(path)) } else { Err(Refused::Outside) }
}

/// Whether something has this very path, be it a link that leads nowhere.
fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Whether two paths are one file, and differ by case or composition alone: where the disk tells them apart, they are two.
fn is_respelled(from: &Path, to: &Path) -> bool {
    let folded = |path: &Path| name::fold(&path.to_string_lossy()).into_owned();
    from != to && folded(from) == folded(to) && is_same_file(from, to).unwrap_or(false)
}

fn make_folder_of(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

/// Puts a text in the place of a file, in one step of the file system.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let before = fs::metadata(path)?;
    let folder = path.parent().ok_or(ErrorKind::InvalidInput)?;
    // Hidden, so that nobody takes it for a note meanwhile.
    let mut fresh = tempfile::Builder::new().prefix(".vaultls-").tempfile_in(folder)?;
    fresh.write_all(text.as_bytes())?;
    keep_owner(fresh.as_file(), &before);
    fresh.as_file().set_permissions(before.permissions())?;
    // Else a power cut could leave the new name on an empty file.
    fresh.as_file().sync_all()?;
    fresh.persist(path)?;
    Ok(())
}

/// As far as this user may: a note that others share stays theirs.
#[cfg(unix)]
fn keep_owner(file: &File, before: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, Some(before.uid()), Some(before.gid())).or_else(|_| fchown(file, None, Some(before.gid())));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

/// Renames where nothing is in the way, which the system itself makes sure of if it can.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_to_nothing(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => rename_if_free(from, to),
        renamed => Ok(renamed?),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_to_nothing(from: &Path, to: &Path) -> io::Result<()> {
    rename_if_free(from, to)
}

fn rename_if_free(from: &Path, to: &Path) -> io::Result<()> {
    if is_there(to) { Err(ErrorKind::AlreadyExists.into()) } else { fs::rename(from, to) }
}

fn taken(error: io::Error) -> Refused {
    if error.kind() == ErrorKind::AlreadyExists { Refused::Taken } else { Refused::System(error) }
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Refused {
        Refused::System(error)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Refused::Outside => f.write_str("it lies outside the vault"),
            Refused::Changed => f.write_str("it has changed meanwhile"),
            Refused::NotUtf8 => f.write_str("it is not UTF-8"),
            Refused::Taken => f.write_str("something is there already"),
            Refused::RelativeLink => f.write_str("it is a symbolic link that would not find its file from there"),
            Refused::System(error) => error.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;
    use tempfile::TempDir;

    fn vault(files: &[(&str, &str)]) -> TempDir {
        let vault = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            make_folder_of(&vault.path().join(path)).expect("a folder");
            fs::write(vault.path().join(path), text).expect("a file");
        }
        vault
    }

    fn text(vault: &TempDir, path: &str) -> String {
        fs::read_to_string(vault.path().join(path)).expect("a text")
    }

    /// Every path in the vault, folders too.
    fn listed(vault: &TempDir) -> Vec<String> {
        let walk = ignore::WalkBuilder::new(vault.path()).standard_filters(false).build().skip(1);
        let path = |entry: ignore::DirEntry| entry.path().strip_prefix(vault.path()).unwrap().display().to_string();
        let mut paths: Vec<_> = walk.map(|entry| path(entry.expect("an entry"))).collect();
        paths.sort();
        paths
    }

    fn edit(at: usize, old: &str, new: &str) -> Splice {
        (Span::new(at, at + old.len()), new.to_owned())
    }

    fn seen(text: &str) -> Option<u64> {
        Some(disk::hash(text.as_bytes()))
    }

    #[test]
    fn every_byte_that_no_edit_touches_stays() {
        let before = "\u{feff}[[China]]\r\n\r[[China]] ends here";
        let vault = vault(&[("a.md", before)]);
        let edits = [edit(2, "China", "china"), edit(14, "China", "prc")];
        rewrite(vault.path(), "a.md", seen(before), &edits).expect("a rewrite");
        assert_eq!(text(&vault, "a.md"), "\u{feff}[[china]]\r\n\r[[prc]] ends here");
        assert_eq!(listed(&vault), ["a.md"]);
    }

    #[test]
    fn a_file_that_changed_or_is_no_text_is_refused() {
        let vault = vault(&[("a.md", "new")]);
        let refused = |path: &str, seen| rewrite(vault.path(), path, seen, &[edit(0, "", "x")]).expect_err("a refusal");
        assert!(matches!(refused("a.md", seen("old")), Refused::Changed));
        fs::write(vault.path().join("latin.md"), b"caf\xe9").expect("a file");
        assert!(matches!(refused("latin.md", None), Refused::NotUtf8));
        assert!(matches!(refused("gone.md", None), Refused::System(_)));
        let beyond = rewrite(vault.path(), "a.md", None, &[edit(2, "wer", "x")]);
        assert!(matches!(beyond, Err(Refused::Changed)));
        assert_eq!((text(&vault, "a.md"), listed(&vault).len()), ("new".to_owned(), 2));
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_a_link_stays_a_link() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let vault = vault(&[(".store/a.md", "a")]);
        let target = vault.path().join(".store/a.md");
        fs::set_permissions(&target, PermissionsExt::from_mode(0o440)).expect("permissions");
        symlink(".store/a.md", vault.path().join("link.md")).expect("a link");
        rewrite(vault.path(), "link.md", None, &[edit(1, "", "b")]).expect("a rewrite");
        assert_eq!((text(&vault, "link.md"), text(&vault, ".store/a.md")), ("ab".to_owned(), "ab".to_owned()));
        assert!(vault.path().join("link.md").is_symlink());
        assert_eq!(fs::metadata(&target).expect("a file").permissions().mode() & 0o777, 0o440);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_outside_is_touched() {
        use std::os::unix::fs::symlink;
        let (outside, vault) = (vault(&[("a.md", "a")]), vault(&[("b.md", "b")]));
        symlink(outside.path(), vault.path().join("out")).expect("a link");
        symlink("/nowhere/x.md", vault.path().join("dangling.md")).expect("a link");
        let root = vault.path();
        assert!(matches!(rewrite(root, "out/a.md", None, &[]), Err(Refused::Outside)));
        for path in ["out/new.md", "out/deep/new.md", "../new.md", "x/../../new.md", "/new.md", ""] {
            assert!(matches!(create(root, path, ""), Err(Refused::Outside)), "{path}");
            assert!(matches!(move_to(root, "b.md", path), Err(Refused::Outside)), "{path}");
        }
        assert!(matches!(create(root, "dangling.md", ""), Err(Refused::Taken)));
        assert!(matches!(move_to(root, "out/a.md", "c.md"), Err(Refused::Outside)));
        assert_eq!(
            (listed(&outside), listed(&vault)),
            (vec!["a.md".into()], vec!["b.md".into(), "dangling.md".into(), "out".into()])
        );
    }

    #[test]
    fn a_new_file_gets_its_folders_and_overwrites_nothing() {
        let vault = vault(&[("a.md", "a")]);
        create(vault.path(), "talks/old/moscow.md", "# Moscow\n").expect("a new file");
        assert_eq!(text(&vault, "talks/old/moscow.md"), "# Moscow\n");
        assert!(matches!(create(vault.path(), "a.md", "b"), Err(Refused::Taken)));
        assert!(matches!(create(vault.path(), "a.md/b.md", "b"), Err(Refused::System(_))));
        assert_eq!(text(&vault, "a.md"), "a");
    }

    #[test]
    fn a_move_makes_folders_and_overwrites_nothing() {
        let vault = vault(&[("a.md", "a"), ("b.md", "b"), ("zoo/lion.md", "lion"), ("zoo/.hidden", "")]);
        let root = vault.path();
        move_to(root, "a.md", "talks/a.md").expect("a move");
        assert!(matches!(move_to(root, "talks/a.md", "b.md"), Err(Refused::Taken)));
        assert!(matches!(
            rename_to_nothing(&root.join("talks/a.md"), &root.join("b.md")).map_err(taken),
            Err(Refused::Taken)
        ));
        move_to(root, "zoo", "animals").expect("a folder moves");
        let paths = ["animals", "animals/.hidden", "animals/lion.md", "b.md", "talks", "talks/a.md"];
        assert_eq!((listed(&vault), text(&vault, "b.md")), (paths.map(str::to_owned).to_vec(), "b".to_owned()));
        move_to(root, "b.md", "B.md").expect("another case");
        assert!(listed(&vault).contains(&"B.md".to_owned()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_would_lead_elsewhere_from_another_folder_stays() {
        use std::os::unix::fs::symlink;
        let vault = vault(&[("a.md", "a")]);
        symlink("a.md", vault.path().join("link.md")).expect("a link");
        assert!(matches!(move_to(vault.path(), "link.md", "talks/link.md"), Err(Refused::RelativeLink)));
        move_to(vault.path(), "link.md", "other.md").expect("a move in the folder");
        assert_eq!(text(&vault, "other.md"), "a");
    }
}
