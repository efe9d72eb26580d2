//! Files that get another path, and what keeps the links: in all notes, in themselves, and in the canvases that show them.

use super::{Refused, Renaming, whole};
use crate::features::Location;
use crate::features::change::{Change, FileEdit};
use crate::features::prose::{counted, grouped};
use crate::features::references::mentions_of_file;
use crate::features::relink::relink;
use crate::syntax::name;
use crate::vault::naming::{fits_bracketed, fits_wikilink, is_portable};
use crate::vault::resolve::join;
use crate::vault::{FileId, Snapshot, Supposed, canvas, file_name, folder};
use rustc_hash::FxHashSet;

/// Moves files to other paths, relative to the root. Every link leads where it led.
///
/// # Errors
/// Where something is in the way, or two files would have one path.
pub fn moved(snapshot: &Snapshot, moves: &[(FileId, String)]) -> Result<Renaming, Refused> {
    let moves: Vec<_> = moves.iter().filter(|(file, path)| snapshot.path(*file) != path).cloned().collect();
    for (file, path) in &moves {
        is_free(snapshot, *file, path, &moves)?;
    }
    let mut renaming = leading_to(snapshot, &moves);
    renaming.change.moves = moves;
    whole(snapshot, renaming)
}

/// What keeps the links when someone else moves files: only edits, of the notes where they are now.
pub fn leading_to(snapshot: &Snapshot, moves: &[(FileId, String)]) -> Renaming {
    let after = snapshot.supposing(&Supposed { moved: moves.to_vec(), ..Supposed::default() });
    let files: Vec<FileId> = moves.iter().map(|(file, _)| *file).collect();
    let relinked = relink(snapshot, &after, &files, &[]);
    let mut edits = relinked.edits;
    edits.extend(shown_in_canvases(snapshot, moves));
    Renaming { change: Change { edits, places: relinked.places, ..Change::default() }, lost: relinked.lost }
}

/// What keeps the links when files come: those that would lead to one of them, and led elsewhere.
pub fn added(snapshot: &Snapshot, paths: &[String]) -> Renaming {
    let new: Vec<String> = paths.iter().filter(|path| snapshot.file(path).is_none()).cloned().collect();
    let (first, count) = (snapshot.ids(), new.len());
    let after = snapshot.supposing(&Supposed { added: new, ..Supposed::default() });
    let files: Vec<FileId> = after.files().map(|(id, _)| id).skip_while(|id| *id < first).take(count).collect();
    let relinked = relink(snapshot, &after, &files, &[]);
    let change = Change { edits: relinked.edits, places: relinked.places, ..Change::default() };
    Renaming { change, lost: relinked.lost }
}

/// What the user should know before files go: the links from elsewhere that will break.
pub fn loss(snapshot: &Snapshot, files: &[FileId]) -> Option<String> {
    let after = snapshot.supposing(&Supposed { removed: files.to_vec(), ..Supposed::default() });
    let led = files.iter().flat_map(|&file| mentions_of_file(snapshot, file));
    let is_broken = |location: &Location, mention| {
        after.get(location.file).is_some() && after.resolve_mention(location.file, mention).is_none()
    };
    let broken: Vec<Location> =
        led.filter(|(location, mention)| is_broken(location, *mention)).map(|(location, _)| location).collect();
    let notes: FxHashSet<FileId> = broken.iter().map(|mention| mention.file).collect();
    let gone = match files {
        [file] => snapshot.path(*file).to_owned(),
        files => format!("{} files", grouped(files.len())),
    };
    let (links, notes) = (counted(broken.len(), "link"), counted(notes.len(), "note"));
    (!broken.is_empty()).then(|| format!("Without {gone}, {links} in {notes} will lead nowhere"))
}

/// What the user should know of links that could not follow.
pub fn lost(snapshot: &Snapshot, lost: &[(Location, FileId)]) -> Option<String> {
    let (first, to) = lost.first()?;
    let (from, line) = (snapshot.path(first.file), first.place.start.line + 1);
    let links = counted(lost.len(), "link");
    let to = snapshot.path(*to);
    Some(format!("{links} cannot follow: no way to write a link to {to} in {from}, line {line}"))
}

/// The path that `written` means for a file: a name stays in its folder, a path counts from the root; the ending may be
/// left out.
///
/// # Errors
/// Where no file can have that name everywhere, or no link can name it.
pub fn path_for(snapshot: &Snapshot, file: FileId, written: &str) -> Result<String, Refused> {
    let (old, is_note) = (snapshot.path(file), snapshot.entry(file).is_note());
    let (base, relative) = if written.contains('/') { ("", written) } else { (folder(old), written) };
    let Some(path) = join(base, relative).filter(|path| !path.is_empty() && !written.ends_with('/')) else {
        return Refused::because(format!("`{written}` is no place in the vault"));
    };
    let ending = file_name(old).rfind('.').map_or("", |dot| &file_name(old)[dot..]);
    let has_one = if is_note { name::note_stem(file_name(&path)).is_some() } else { file_name(&path).contains('.') };
    let path = if has_one { path } else { format!("{path}{ending}") };
    let known = |part: &str| old.split('/').any(|old| old == part);
    let had_brackets = file_name(old).contains(['[', ']']);
    if let Some(part) = path.split('/').find(|part| !is_portable(part) && !known(part)) {
        return Refused::because(format!("`{part}` cannot be the name of a file on every system"));
    }
    let stem = name::note_stem(file_name(&path)).unwrap_or(file_name(&path));
    if !(fits_wikilink(stem) || had_brackets && fits_bracketed(stem)) {
        return Refused::because(format!("`{stem}` cannot be linked: a wikilink holds none of # ^ | [ ]"));
    }
    Ok(path)
}

/// Whether a file can go to `path`, where nothing is but what goes away itself.
fn is_free(snapshot: &Snapshot, file: FileId, path: &str, moves: &[(FileId, String)]) -> Result<(), Refused> {
    let leaves = |id: FileId| moves.iter().any(|(moved, _)| *moved == id);
    let is_own_name = name::fold(snapshot.path(file)) == name::fold(path);
    let rival = moves.iter().any(|(other, taken)| *other != file && taken == path);
    // Names that differ by case or composition alone are one on many a disk.
    let alike = |id: &FileId| *id != file && !leaves(*id) && name::fold(snapshot.path(*id)) == name::fold(path);
    if let Some(there) = snapshot.index.files_named(path).find(alike) {
        return Refused::because(format!("there is a file at {} already", snapshot.path(there)));
    }
    let is_known = snapshot.file(path).is_some();
    if !is_known && !is_own_name && snapshot.is_on_disk(path) || rival {
        return Refused::because(format!("there is a file at {path} already"));
    }
    if !snapshot.takes_in(path) {
        return Refused::because(format!("{path} would be no part of the vault"));
    }
    Ok(())
}

/// The edits of canvases that name a moved file.
fn shown_in_canvases(snapshot: &Snapshot, moves: &[(FileId, String)]) -> Vec<FileEdit> {
    let canvases = snapshot.files().filter(|(_, file)| canvas::is_one(&file.path)).map(|(id, _)| id);
    let mut edits = Vec::new();
    for canvas in canvases {
        let Some(document) = snapshot.unscanned(canvas).filter(|document| !document.lossy) else { continue };
        for shown in canvas::files(&document.source) {
            let moved = moves.iter().find(|(file, _)| snapshot.path(*file) == shown.path);
            edits.extend(moved.map(|(_, path)| FileEdit {
                file: canvas,
                span: shown.span,
                text: canvas::written(path),
            }));
        }
    }
    edits
}
