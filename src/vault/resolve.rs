//! Which file a link means. Knows names and paths; never asks the disk.
//!
//! The order of LANGUAGE: the path as it stands, then the nearest file of that name, then aliases, titles and slugs.
//! Endings go first: a file of exactly that name is tried in all places before the name with `.md` is.

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
    /// The other candidates of the same step, best first.
    pub others: SmallVec<[FileId; 2]>,
}

impl Resolved {
    fn only(file: FileId, by: Found) -> Resolved {
        Resolved { file, by, others: SmallVec::new() }
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
    let folded = |id: FileId| (id, name::fold(&snapshot.entry(id).path));
    let candidates: SmallVec<[(FileId, Cow<str>); 2]> = candidates.map(folded).collect();
    endings(name.trim_end_matches('/')).find_map(|name| {
        let matching = |wanted: &dyn Fn(&str) -> bool| -> SmallVec<[FileId; 4]> {
            candidates.iter().filter(|(_, path)| wanted(path)).map(|(id, _)| *id).collect()
        };
        let wanted = name::fold(&name);
        let whole = matching(&|path| path == wanted);
        let exact = |file: &File| file.path.ends_with(&*name);
        nearest(snapshot, from, whole, exact, Found::Path)
            .map(|found| Resolved { others: SmallVec::new(), ..found })
            .or_else(|| {
                let below = matching(&|path| ends_with_parts(path, &wanted));
                nearest(snapshot, from, below, exact, Found::Name)
            })
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
    let (&file, others) = candidates.split_first()?;
    Some(Resolved { file, by, others: others.into() })
}

/// Whether `folder` is `above` or lies beneath it.
fn is_below(folder: &str, above: &str) -> bool {
    folder.strip_prefix(above).is_some_and(|rest| above.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

/// Whether `path` ends with the whole parts of `end`.
fn ends_with_parts(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// The file at a path from the root, with or without a note's ending; the exact spelling first.
pub fn at_path(snapshot: &Snapshot, path: &str) -> Option<FileId> {
    let candidates = snapshot.index.files_named(path);
    if candidates.len() == 0 {
        return None;
    }
    endings(path).find_map(|path| {
        candidates.clone().find(|&id| *snapshot.entry(id).path == *path).or_else(|| {
            let wanted = name::fold(&path);
            candidates.clone().find(|&id| name::fold(&snapshot.entry(id).path) == wanted)
        })
    })
}

/// The note that speaks for a folder: its `index.md`, its `README.md`, or the note of its name in it.
fn folder_note(snapshot: &Snapshot, path: &str) -> Option<FileId> {
    let own = super::file::file_name(path);
    ["index", "README", own].iter().filter(|name| !name.is_empty()).find_map(|name| {
        let path = join(path, &format!("{name}.md"))?;
        at_path(snapshot, &path)
    })
}
