//! What a link calls its file, in the style in which it did: bare or with folders, relative or from the root, with the
//! ending or without.

use super::Plan;
use super::led::{Led, led};
use super::written::can_hold;
use crate::vault::naming::{is_clear, relative_path, shortest_name, without_ending};
use crate::vault::{Dialect, FileId, Found, Snapshot, file_name, folder};

/// The name, decoded, by which a link in `note` leads to its file after the change: the old one where it still does.
pub fn name(plan: &Plan, note: FileId, dialect: Dialect, old: &str, before: Led) -> Option<String> {
    let leads = |name: &str, must_be_clear: bool| {
        let from = plan.after.get(note).map_or("", |file| file.folder());
        let after = led(plan.after, note, dialect, name, None);
        let is_clear = || dialect == Dialect::Path || is_clear(plan.after, from, name, before.file);
        Led { part: None, ..before }.is_kept(after, dialect) && (!must_be_clear || is_clear())
    };
    if leads(old, false) {
        return Some(old.to_owned());
    }
    let spelled = Spelled { before: plan.before, after: plan.after, note, old, led: before };
    let as_called = spelled.as_called().into_iter().filter(|name| leads(name, false));
    let others = match dialect {
        Dialect::Name => spelled.wiki_names(),
        _ => spelled.paths(),
    };
    let in_place = spelled.in_place();
    as_called
        .chain(in_place.into_iter().chain(others).filter(|name| leads(name, true)))
        .find(|name| can_hold(dialect, name))
}

/// A name as it was, and where it shall lead.
struct Spelled<'a> {
    before: &'a Snapshot,
    after: &'a Snapshot,
    note: FileId,
    old: &'a str,
    led: Led,
}

impl Spelled<'_> {
    /// The new title or alias, where the old one was written.
    fn as_called(&self) -> Option<String> {
        let (before, after) = (self.before.get(self.led.file)?, self.after.get(self.led.file)?);
        match self.led.by {
            Found::Title => after.facts.title().map(str::to_owned),
            Found::Alias => {
                let fold = crate::syntax::name::fold;
                let order = before.facts.aliases().position(|alias| fold(alias) == fold(self.old))?;
                after.facts.aliases().nth(order).map(str::to_owned)
            }
            _ => None,
        }
    }

    /// The old folders, however they were written, where neither end of the link changes folders.
    fn in_place(&self) -> Option<String> {
        let (old, new) = (self.before.path(self.led.file), self.after.path(self.led.file));
        let stays = folder(old) == folder(new) && self.folder(self.before) == self.folder(self.after);
        let names_file = matches!(self.led.by, Found::Path | Found::Name);
        let (folders, _) = self.old.rsplit_once('/').filter(|_| stays && names_file)?;
        Some(format!("{folders}/{}", file_name(self.with_ending_or_not(new))))
    }

    fn wiki_names(&self) -> Vec<String> {
        let (path, from) = (self.after.path(self.led.file), self.folder(self.after));
        let spelled = self.with_ending_or_not(path);
        let mut names = Vec::new();
        if self.old.starts_with('/') {
            names.push(format!("/{spelled}"));
        } else if is_dotted(self.old) {
            names.push(dotted(&relative_path(from, spelled)));
        } else {
            names.push(self.as_deep(spelled).to_owned());
        }
        names.push(shortest_name(self.after, from, self.led.file));
        names.push(format!("/{path}"));
        names
    }

    fn paths(&self) -> Vec<String> {
        let (path, from) = (self.after.path(self.led.file), self.folder(self.after));
        let spelled = self.with_ending_or_not(path);
        let relative = |path: &str| {
            let relative = relative_path(from, path);
            if self.old.starts_with("./") { dotted(&relative) } else { relative }
        };
        let mut paths = Vec::new();
        if self.led.by == Found::Folder {
            let slash = if self.old.ends_with('/') { "/" } else { "" };
            let folder = folder(path);
            let root = if self.old.starts_with('/') { format!("/{folder}") } else { relative(folder) };
            paths.push(format!("{root}{slash}"));
        }
        if self.old.starts_with('/') {
            paths.push(format!("/{spelled}"));
        } else if !self.led.by_place {
            paths.push(self.as_deep(spelled).to_owned());
            paths.push(self.as_deep(path).to_owned());
        }
        paths.extend([relative(spelled), relative(path), format!("/{path}")]);
        paths
    }

    /// The folder of the linking note.
    fn folder<'s>(&self, snapshot: &'s Snapshot) -> &'s str {
        snapshot.get(self.note).map_or("", |file| file.folder())
    }

    /// A path of a note without its ending, where the old name had none.
    fn with_ending_or_not<'p>(&self, path: &'p str) -> &'p str {
        let old = self.before.path(self.led.file);
        let ending = &old[without_ending(old).len()..];
        let had = self
            .old
            .get(self.old.len().saturating_sub(ending.len())..)
            .is_some_and(|end| end.eq_ignore_ascii_case(ending));
        if ending.is_empty() || had { path } else { without_ending(path) }
    }

    /// The end of a path with as many folders as the old name has; the whole where that was the whole.
    fn as_deep<'p>(&self, path: &'p str) -> &'p str {
        let folders = self.old.matches('/').count();
        let was_whole = folders > 0 && folders == self.before.path(self.led.file).matches('/').count();
        let start = path.rmatch_indices('/').map(|(at, _)| at + 1).nth(folders).filter(|_| !was_whole);
        &path[start.unwrap_or(0)..]
    }
}

fn is_dotted(name: &str) -> bool {
    name.starts_with("./") || name.starts_with("../")
}

/// A relative path that begins with a dot.
fn dotted(relative: &str) -> String {
    if relative.starts_with("../") { relative.to_owned() } else { format!("./{relative}") }
}
