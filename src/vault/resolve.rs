//! Which file a link means. Knows names and paths; never asks the disk.
//!
//! The order of LANGUAGE: the path as it stands, then the nearest file of that name, then aliases, titles and slugs.
//! Endings go first: a file of exactly that name is tried in all places before the name with `.md` is.

use super::crowds::CROWD;
use super::facts::Dialect;
use super::file::{File, FileId, folder};
use super::index::last_name;
use super::snapshot::Snapshot;
use crate::syntax::name::{self, NOTE_ENDINGS};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::cmp::Reverse;

/// What a name was found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// No name: the note itself.
    Itself,
    /// Its path, relative or from the root.
    Path,
    /// Its file name, perhaps with folders.
    Name,
    Alias,
    Title,
    Slug,
    /// A folder, of which this is the note.
    Folder,
}

impl Found {
    /// Works here, and not in Obsidian.
    pub fn is_inexact(self) -> bool {
        matches!(self, Found::Alias | Found::Title | Found::Slug)
    }
}

/// The outcome of a link that leads somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    pub file: FileId,
    pub by: Found,
    /// The other candidates of the same step, best first; of many the first [`MOST_OTHERS`].
    pub others: SmallVec<[FileId; 2]>,
    /// How many others there are.
    pub other_count: usize,
}

/// More candidates than this nobody looks through.
const MOST_OTHERS: usize = 10;

impl Resolved {
    pub fn only(file: FileId, by: Found) -> Resolved {
        Resolved { file, by, others: SmallVec::new(), other_count: 0 }
    }
}

/// Which file `name`, written in a note of folder `from`, means. `None` when no file does.
pub fn resolve(snapshot: &Snapshot, from: &str, dialect: Dialect, name: &str) -> Option<Resolved> {
    match dialect {
        Dialect::Name => resolve_name(snapshot, from, name),
        Dialect::Path => resolve_path(snapshot, from, name),
        Dialect::External => None,
    }
}

/// `[[name]]`
fn resolve_name(snapshot: &Snapshot, from: &str, name: &str) -> Option<Resolved> {
    if let Some(path) = rooted(from, name) {
        return at_path(snapshot, &path?).map(|file| Resolved::only(file, Found::Path));
    }
    by_name(snapshot, from, name)
}

/// `[text](path)`
fn resolve_path(snapshot: &Snapshot, from: &str, path: &str) -> Option<Resolved> {
    let is_rooted = rooted(from, path);
    let full = match &is_rooted {
        Some(full) => full.clone()?,
        None => join(from, path)?,
    };
    let at_path = at_path(snapshot, &full).map(|file| Resolved::only(file, Found::Path));
    let folder = || folder_note(snapshot, &full).map(|file| Resolved::only(file, Found::Folder));
    let fallback = || if is_rooted.is_some() || path.ends_with('/') { None } else { by_name(snapshot, from, path) };
    at_path.or_else(folder).or_else(fallback)
}

/// The file that `name` means in links of every kind, in notes of every folder, or that it means none: a bare name of at
/// most one candidate, and of no folder with a note that speaks for it. `None` where that is not certain.
pub fn resolve_from_everywhere(snapshot: &Snapshot, name: &str) -> Option<Option<FileId>> {
    let is_bare = !name.contains('/') && !["", ".", ".."].contains(&name);
    let is_clear = is_bare && snapshot.index.files_named(name).len() < 2 && !is_folder_with_note(snapshot, name);
    let found = is_clear.then(|| by_name(snapshot, "", name))?;
    found.as_ref().is_none_or(|found| found.others.is_empty()).then_some(found.map(|found| found.file))
}

/// The path that a name in front of which `./`, `../` or `/` stands can only mean; `Some(None)` if it leaves the vault.
fn rooted(from: &str, name: &str) -> Option<Option<String>> {
    if let Some(rest) = name.strip_prefix('/') {
        return Some(join("", rest));
    }
    let relative = name.starts_with("./") || name.starts_with("../") || name == "." || name == "..";
    relative.then(|| join(from, name))
}

/// `path` as seen from `folder`, without `.` and `..`; `None` if it leaves the vault.
pub fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Steps 2 to 6: a whole vault path, the nearest file of that name, an alias, a title, a slug.
fn by_name(snapshot: &Snapshot, from: &str, name: &str) -> Option<Resolved> {
    by_file_name(snapshot, from, name)
        .or_else(|| by_alias(snapshot, from, name))
        .or_else(|| by_title(snapshot, from, name))
        .or_else(|| by_slug(snapshot, from, name))
}

fn by_file_name(snapshot: &Snapshot, from: &str, name: &str) -> Option<Resolved> {
    let candidates = snapshot.index.files_named(name);
    if candidates.len() == 0 {
        return None;
    }
    let name = name.trim_end_matches('/');
    let is_crowd = candidates.len() >= CROWD;
    let folded = |id: FileId| (id, name::fold(&snapshot.entry(id).path));
    let few = if is_crowd { SmallVec::new() } else { candidates.clone().map(folded).collect() };
    let few: SmallVec<[(FileId, Cow<str>); 2]> = few;
    endings(name).find_map(|name| {
        let wanted = name::fold(&name);
        let matching = |is_wanted: &dyn Fn(&str) -> bool| -> SmallVec<[FileId; 4]> {
            few.iter().filter(|(_, path)| is_wanted(path)).map(|(id, _)| *id).collect()
        };
        let whole = if is_crowd {
            snapshot.index.files_at(&name).filter(|&id| folded(id).1 == wanted).collect()
        } else {
            matching(&|path| path == wanted)
        };
        let exact = |file: &File| file.path.ends_with(&*name);
        if let Some(found) = nearest(snapshot, from, whole, exact, Found::Path) {
            return Some(Resolved::only(found.file, found.by));
        }
        if is_crowd {
            let called = name::squash(last_name(&name));
            let crowd = snapshot.crowds.nearest(snapshot, called, candidates.clone(), &name, from, MOST_OTHERS + 1);
            return first_of(&crowd.0, crowd.1, Found::Name);
        }
        nearest(snapshot, from, matching(&|path| ends_with_parts(path, &wanted)), exact, Found::Name)
    })
}

/// The file names that `name` may stand for, in the order in which they are tried.
fn endings(name: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let with_ending = NOTE_ENDINGS.iter().map(move |ending| format!("{name}.{ending}").into());
    std::iter::once(name.into()).chain(with_ending)
}

fn by_alias(snapshot: &Snapshot, from: &str, alias: &str) -> Option<Resolved> {
    if !snapshot.config().links.aliases {
        return None;
    }
    let wanted = name::fold(alias);
    let notes = snapshot.index.notes_with_alias(alias);
    let matching = notes.filter(|&id| snapshot.entry(id).facts.aliases().any(|alias| name::fold(alias) == wanted));
    let exact = |file: &File| file.facts.aliases().any(|other| other == alias);
    nearest(snapshot, from, matching.collect(), exact, Found::Alias)
}

fn by_title(snapshot: &Snapshot, from: &str, title: &str) -> Option<Resolved> {
    if !snapshot.config().links.titles {
        return None;
    }
    let wanted = name::fold(title);
    let notes = snapshot.index.notes_with_title(title);
    let matching =
        notes.filter(|&id| snapshot.entry(id).facts.title().is_some_and(|title| name::fold(title) == wanted));
    let exact = |file: &File| file.facts.title() == Some(title);
    nearest(snapshot, from, matching.collect(), exact, Found::Title)
}

fn by_slug(snapshot: &Snapshot, from: &str, name: &str) -> Option<Resolved> {
    if !snapshot.config().links.slugs {
        return None;
    }
    let wanted = name::slugs(last_name(name));
    let above = folder(name).split('/').filter(|part| !part.is_empty()).map(name::slugs).collect::<Vec<_>>();
    let matching = snapshot.index.files_named(name).filter(|&id| {
        let file = snapshot.entry(id);
        file.is_note() && same_slug(&name::slugs(file.stem()), &wanted) && folders_match(file.folder(), &above)
    });
    nearest(snapshot, from, matching.collect(), |file| file.stem() == name, Found::Slug)
}

fn same_slug(a: &[String], b: &[String]) -> bool {
    a.iter().any(|slug| b.contains(slug))
}

/// Whether a folder ends with parts of these slugs.
fn folders_match(folder: &str, slugs: &[SmallVec<[String; 2]>]) -> bool {
    let mut parts = folder.rsplit('/').filter(|part| !part.is_empty());
    slugs.iter().rev().all(|wanted| parts.next().is_some_and(|part| same_slug(&name::slugs(part), wanted)))
}

/// The candidate that goes first: spelled exactly, in the linking folder or below it, shortest path, lowest code points.
fn nearest(
    snapshot: &Snapshot,
    from: &str,
    mut candidates: SmallVec<[FileId; 4]>,
    exact: impl Fn(&File) -> bool,
    by: Found,
) -> Option<Resolved> {
    if candidates.len() > 1 {
        candidates.sort_by_cached_key(|&id| {
            let file = snapshot.entry(id);
            let path = &file.path;
            (Reverse(exact(file)), Reverse(is_below(file.folder(), from)), path.chars().count(), path.clone(), id)
        });
    }
    first_of(&candidates, candidates.len(), by)
}

/// The first of candidates, of which there are `count`, and others behind it.
fn first_of(candidates: &[FileId], count: usize, by: Found) -> Option<Resolved> {
    let (&file, others) = candidates.split_first()?;
    let shown = &others[..others.len().min(MOST_OTHERS)];
    Some(Resolved { file, by, others: shown.into(), other_count: count - 1 })
}

/// Whether `folder` is `above` or lies beneath it.
pub fn is_below(folder: &str, above: &str) -> bool {
    folder.strip_prefix(above).is_some_and(|rest| above.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

/// Whether `path` ends with the whole parts of `end`.
fn ends_with_parts(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// The file at a path from the root, with or without a note's ending; the exact spelling first.
pub fn at_path(snapshot: &Snapshot, path: &str) -> Option<FileId> {
    if snapshot.index.files_named(path).len() == 0 {
        return None;
    }
    endings(path).find_map(|path| {
        let candidates = snapshot.index.files_at(&path);
        candidates.clone().find(|&id| *snapshot.entry(id).path == *path).or_else(|| {
            let wanted = name::fold(&path);
            candidates.clone().find(|&id| name::fold(&snapshot.entry(id).path) == wanted)
        })
    })
}

/// The notes that speak for their folders, whatever those are called.
const OF_FOLDERS: [&str; 2] = ["index", "README"];

/// Whether a note may speak for a folder called `name`, wherever that lies: or too many do to look at them all.
fn is_folder_with_note(snapshot: &Snapshot, name: &str) -> bool {
    const FEW: usize = 100;
    OF_FOLDERS.iter().any(|of_folder| {
        let mut notes = snapshot.index.files_named(of_folder);
        let is_called =
            |id: FileId| name::fold(super::file::file_name(snapshot.entry(id).folder())) == name::fold(name);
        notes.len() > FEW || notes.any(is_called)
    })
}

/// The note that speaks for a folder: its `index.md`, its `README.md`, or the note of its name in it.
fn folder_note(snapshot: &Snapshot, path: &str) -> Option<FileId> {
    let own = super::file::file_name(path);
    let [index, readme] = OF_FOLDERS;
    [index, readme, own].iter().filter(|name| !name.is_empty()).find_map(|name| {
        let path = join(path, &format!("{name}.md"))?;
        at_path(snapshot, &path)
    })
}
