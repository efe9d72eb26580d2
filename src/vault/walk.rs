//! Which files are part of a vault.
//!
//! Never entered: hidden folders, `node_modules`, `target`, what the `exclude` setting names. Notes left out by
//! `.gitignore` or `.ignore` are no part of the vault; attachments there are, for vaults kept in git often ignore their
//! media.

use super::file::{FileKind, Listed, file_name};
use crate::config::Config;
use crate::syntax::name;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{DirEntry, WalkBuilder};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ffi::OsStr;
use std::path::{MAIN_SEPARATOR, Path, PathBuf, is_separator};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Folders of other people's files.
const NEVER_ENTERED: [&str; 2] = ["node_modules", "target"];

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walk {
    /// In the order of the walk.
    pub files: Vec<Listed>,
    /// Absolute paths of the folders entered.
    pub folders: Vec<PathBuf>,
    /// Absolute paths of the symbolic links that were met and not followed yet.
    pub links: Vec<PathBuf>,
    /// What could not be read, each with its reason.
    pub problems: Vec<String>,
    /// There are more files than the [`Limit`]; the walk stopped.
    pub stopped: bool,
}

/// How far a walk goes on its own.
pub struct Limit<'a> {
    /// When more files than this are found, or twice as many entries, ..
    pub files: usize,
    /// .. it goes on without a limit if this is true of the files so far, and else stops.
    pub goes_on: &'a dyn Fn(&[Listed]) -> bool,
}

impl Limit<'_> {
    /// Of a walk that does not stop.
    fn none() -> Limit<'static> {
        Limit { files: usize::MAX, goes_on: &|_| true }
    }

    /// Whether the walk stops before the next of its `entries`.
    fn stops(&mut self, found: &Walk, entries: usize, is_file: bool) -> bool {
        let is_reached = is_file && found.files.len() >= self.files || entries > most_entries(self.files);
        if is_reached && (self.goes_on)(&found.files) {
            self.files = usize::MAX;
            return false;
        }
        is_reached
    }
}

/// Lists the vault at `root`, as far as `limit` lets it.
pub fn walk(root: &Path, config: &Config, mut limit: Limit) -> Walk {
    let excluded = excluded(root, config);
    let mut found = list(root, root, &excluded, &mut limit);
    follow(root, &excluded, limit.files, &mut found);
    found
}

/// Lists one folder of the vault as [`walk`] does, but follows no link, and hears no `.gitignore` above the folder.
pub fn walk_in(root: &Path, folder: &Path, config: &Config) -> Walk {
    list(root, folder, &excluded(root, config), &mut Limit::none())
}

fn list(root: &Path, folder: &Path, excluded: &Gitignore, limit: &mut Limit) -> Walk {
    let (mut found, mut problems, ignores) = list_all(root, folder, excluded, limit, |_| true);
    if !ignores {
        found.problems.append(&mut problems);
        return found;
    }
    problems.clear(); // What cannot be read in a folder that is left out is nobody's concern.
    let notes: FxHashSet<PathBuf> = listed(folder, excluded, true, limit.files, &mut problems, &Arc::default())
        .filter(|entry| is_file(entry) && is_note(entry.path()))
        .map(DirEntry::into_path)
        .collect();
    found = list_all(root, folder, excluded, limit, |path| notes.contains(path)).0;
    found.problems.append(&mut problems);
    found
}

/// Lists a folder; of the notes in it those that are `part` of the vault. With it, what could not be listed, and whether
/// there are files that say what is left out.
fn list_all(
    root: &Path,
    folder: &Path,
    excluded: &Gitignore,
    limit: &mut Limit,
    part: impl Fn(&Path) -> bool,
) -> (Walk, Vec<String>, bool) {
    let mut found = Walk::default();
    let (mut problems, ignores) = (Vec::new(), Arc::<AtomicBool>::default());
    let mut entries = 0;
    for entry in listed(folder, excluded, false, usize::MAX, &mut problems, &ignores) {
        entries += 1;
        let Some(kind) = entry.file_type() else { continue };
        if limit.stops(&found, entries, kind.is_file()) {
            found.stopped = true;
            break;
        }
        if kind.is_symlink() {
            found.links.push(entry.into_path());
        } else if kind.is_dir() {
            found.folders.push(entry.into_path());
        } else if kind.is_file() {
            found.take(root, entry.path(), &part);
        }
    }
    (found, problems, ignores.load(Ordering::Relaxed))
}

impl Walk {
    fn take(&mut self, root: &Path, path: &Path, is_part: impl Fn(&Path) -> bool) {
        let Some(relative) = relative(root, path) else {
            self.problems.push(format!("{} cannot be linked to: its name is no Unicode", path.display()));
            return;
        };
        if name::note_stem(file_name(&relative)).is_none() {
            self.files.push((relative, FileKind::Attachment));
        } else if is_part(path) {
            self.files.push((relative, FileKind::Note));
        }
    }
}

/// Links that stay inside the vault are followed once, to what the walk has not met; links out of it never.
fn follow(root: &Path, excluded: &Gitignore, limit: usize, found: &mut Walk) {
    let Ok(real_root) = root.canonicalize() else { return };
    if found.links.is_empty() {
        return;
    }
    // No link leads to what was found so far, and to ask the system costs the square of a path's depth.
    let real = |folder: &PathBuf| folder.strip_prefix(root).ok().map(|below| real_root.join(below));
    let mut met: FxHashSet<PathBuf> = found.folders.iter().filter_map(real).collect();
    for link in std::mem::take(&mut found.links) {
        let Some(target) = link.canonicalize().ok().filter(|target| target.starts_with(&real_root)) else { continue };
        let inside_a_met_folder = target.parent().is_some_and(|parent| met.contains(parent));
        if target.is_file() && !inside_a_met_folder {
            found.take(root, &link, |_| true);
        } else if target.is_dir() && met.insert(target.clone()) {
            let mut problems = Vec::new();
            for entry in listed(&target, excluded, true, limit, &mut problems, &Arc::default()) {
                let Ok(below) = entry.path().strip_prefix(&target) else { continue };
                if entry.file_type().is_some_and(|kind| kind.is_dir()) {
                    met.insert(entry.path().to_owned());
                    found.folders.push(link.join(below));
                } else if is_file(&entry) {
                    found.take(root, &link.join(below), |_| true);
                }
            }
            found.problems.append(&mut problems);
        }
    }
}

/// Files and folders in a stable order. `limit` is a bound for folders that are no vaults. `ignores` becomes true when there
/// are files that say what is left out.
fn listed<'a>(
    folder: &Path,
    excluded: &Gitignore,
    gitignored: bool,
    limit: usize,
    problems: &'a mut Vec<String>,
    ignores: &Arc<AtomicBool>,
) -> impl Iterator<Item = DirEntry> + 'a {
    let excluded = excluded.clone();
    let mut builder = WalkBuilder::new(folder);
    builder.standard_filters(false).follow_links(false).require_git(false);
    // Of one folder: the whole paths are in the order of their last parts, which are dear to take off.
    builder.sort_by_file_path(|a, b| a.as_os_str().cmp(b.as_os_str()));
    builder.git_ignore(gitignored).ignore(gitignored);
    let ignores = ignores.clone();
    builder.filter_entry(move |entry| {
        let name = last_part(entry);
        if name == ".gitignore" || name == ".ignore" {
            ignores.store(true, Ordering::Relaxed);
        }
        entry.depth() == 0 || is_entered(entry, name, &excluded)
    });
    builder
        .build()
        .filter_map(move |entry| entry.map_err(|error| problems.push(problem(&error))).ok())
        .take(most_entries(limit))
}

/// Folders are entries too.
fn most_entries(limit: usize) -> usize {
    limit.saturating_mul(2)
}

fn is_entered(entry: &DirEntry, name: &OsStr, excluded: &Gitignore) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    let is_foreign = is_folder && NEVER_ENTERED.iter().any(|never| name == *never);
    let is_left_out = is_hidden(name) || is_foreign;
    !is_left_out && (excluded.is_empty() || !excluded.matched(entry.path(), is_folder).is_ignore())
}

/// Whether one path, seen in an event, is part of the vault, and as what; `None` if it is not.
pub fn kind_of(root: &Path, path: &Path, config: &Config) -> Option<FileKind> {
    Sieve::new(root, config).kind_of(path)
}

/// Tells of paths, one by one, whether they are part of the vault. It remembers what it learns of the folders around them,
/// so it is made anew for each look.
pub struct Sieve<'a> {
    root: &'a Path,
    excluded: Gitignore,
    /// Of folders by their absolute paths.
    folders: FxHashMap<PathBuf, Folder>,
}

/// What a folder says of what is in it.
#[derive(Clone)]
struct Folder {
    /// A symbolic link stands on the way to it.
    is_linked: bool,
    /// What its own `.ignore` and `.gitignore` say.
    ignore: Option<Arc<Gitignore>>,
    gitignore: Option<Arc<Gitignore>>,
    /// One of these is in it or in a folder around it.
    ignores: bool,
}

impl Sieve<'_> {
    pub fn new<'a>(root: &'a Path, config: &Config) -> Sieve<'a> {
        Sieve { root, excluded: excluded(root, config), folders: FxHashMap::default() }
    }

    pub fn kind_of(&mut self, path: &Path) -> Option<FileKind> {
        let relative = path.strip_prefix(self.root).ok()?;
        let mut folders = relative.parent()?.components();
        let hidden = relative.components().any(|part| is_hidden(part.as_os_str()));
        let never = folders.any(|part| NEVER_ENTERED.iter().any(|name| part.as_os_str() == *name));
        if hidden || never || self.excluded.matched_path_or_any_parents(path, false).is_ignore() {
            return None;
        }
        if !is_note(path) {
            return Some(FileKind::Attachment);
        }
        (!self.is_ignored(path)).then_some(FileKind::Note)
    }

    /// Whether a path below the root is a symbolic link, or leads through one.
    pub fn is_linked(&mut self, path: &Path) -> bool {
        path != self.root && (path.is_symlink() || path.parent().is_some_and(|folder| self.folder(folder).is_linked))
    }

    /// Whether `.gitignore` or `.ignore` leaves a note, or a folder around it, out; the deepest file that speaks of one
    /// decides, and every `.ignore` before every `.gitignore`.
    fn is_ignored(&mut self, note: &Path) -> bool {
        if note.parent().is_none_or(|folder| !self.folder(folder).ignores) {
            return false;
        }
        let root = self.root;
        let folders: Vec<Folder> =
            note.ancestors().skip(1).take_while(|it| it.starts_with(root)).map(|it| self.folder(it)).collect();
        let ignore = folders.iter().filter_map(|folder| folder.ignore.as_ref());
        let gitignore = folders.iter().filter_map(|folder| folder.gitignore.as_ref());
        let is_left_out = |path: &Path| {
            let above = |file: &&Arc<Gitignore>| path.parent().is_some_and(|folder| folder.starts_with(file.path()));
            let verdict = |file: &Arc<Gitignore>| {
                let verdict = file.matched(path, path != note);
                (!verdict.is_none()).then(|| verdict.is_ignore())
            };
            ignore.clone().filter(above).chain(gitignore.clone().filter(above)).find_map(verdict).unwrap_or(false)
        };
        note.ancestors().take_while(|path| *path != root).any(is_left_out)
    }

    fn folder(&mut self, folder: &Path) -> Folder {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        // From the root down, and not by recursion: a path may have thousands of parts.
        let root = self.root;
        let unknown: Vec<&Path> =
            folder.ancestors().take_while(|it| it.starts_with(root) && !self.folders.contains_key(*it)).collect();
        let mut above = unknown.last().and_then(|it| self.folders.get(it.parent()?)).cloned();
        for path in unknown.into_iter().rev() {
            let read =
                |name| Some(path.join(name)).filter(|file| file.exists()).map(|file| Arc::new(Gitignore::new(file).0));
            let (ignore, gitignore) = (read(".ignore"), read(".gitignore"));
            let is_linked = path != root && path.is_symlink() || above.as_ref().is_some_and(|above| above.is_linked);
            let ignores = ignore.is_some() || gitignore.is_some() || above.is_some_and(|above| above.ignores);
            let learnt = Folder { is_linked, ignore, gitignore, ignores };
            self.folders.insert(path.to_owned(), learnt.clone());
            above = Some(learnt);
        }
        above.unwrap_or(Folder { is_linked: false, ignore: None, gitignore: None, ignores: false })
    }
}

fn excluded(root: &Path, config: &Config) -> Gitignore {
    let mut builder = GitignoreBuilder::new(root);
    for pattern in &config.exclude {
        if let Err(error) = builder.add_line(None, pattern) {
            tracing::warn!("exclude: `{pattern}` is no pattern: {error}");
        }
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_file())
}

fn is_note(path: &Path) -> bool {
    path.file_name().and_then(OsStr::to_str).is_some_and(|file| name::note_stem(file).is_some())
}

/// A path of the vault as the index knows it; `None` outside, or where it is no Unicode.
pub fn relative(root: &Path, path: &Path) -> Option<String> {
    plainly_relative(root, path).map(str::to_owned).or_else(|| {
        let parts = path.strip_prefix(root).ok()?.components();
        let parts: Option<Vec<&str>> = parts.map(|part| part.as_os_str().to_str()).collect();
        parts.filter(|parts| !parts.is_empty()).map(|parts| parts.join("/"))
    })
}

/// The same where all is as it nearly always is, and a path need not be taken apart.
fn plainly_relative<'a>(root: &Path, path: &'a Path) -> Option<&'a str> {
    let below = path.to_str()?.strip_prefix(root.to_str()?)?.strip_prefix('/')?;
    let is_plain = MAIN_SEPARATOR == '/' && below.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
    is_plain.then_some(below)
}

/// What [`DirEntry::file_name`] takes the whole path apart for.
fn last_part(entry: &DirEntry) -> &OsStr {
    let last = entry.path().to_str().and_then(|path| path.rsplit(is_separator).next());
    last.map_or_else(|| entry.file_name(), OsStr::new)
}

fn problem(error: &ignore::Error) -> String {
    format!("listing the vault: {error}")
}
