//! Names that no file has: whether they are missing indeed, and how that is said. Knows one name, and asks the disk for it.

use crate::syntax::name::NOTE_ENDINGS;
use crate::syntax::time;
use crate::vault::{Dialect, Snapshot, disk, resolve};

/// Whether a name that nothing has is meant as a link at all: one with brackets is only where there is such a file, and
/// one that is a time is a timestamp.
pub fn is_text(dialect: Dialect, name: &str) -> bool {
    let is_time = || name.contains(':') && matches!(time::read(name), time::Reading::Time(_));
    dialect == Dialect::Name && (name.contains(['[', ']']) || is_time())
}

/// Asked once, before a path or an attachment is called missing: it may lie where the vault does not look. A path may be
/// a folder; a wikilink never means one.
pub fn is_on_disk(snapshot: &Snapshot, folder: &str, dialect: Dialect, name: &str) -> bool {
    let is_relative = name.starts_with("./") || name.starts_with("../");
    let folders: &[&str] = match name.starts_with('/') {
        true => &[""],
        false if is_relative => &[folder],
        false => &[folder, ""],
    };
    let root = snapshot.root();
    let is_there = |path: &String| {
        let may_be = || dialect == Dialect::Path || !disk::is_folder(&root.join(path));
        disk::is_inside(root, path) && may_be()
    };
    let is_path = name.contains('/');
    let endings = NOTE_ENDINGS.iter().filter(|_| is_path).map(|ending| format!("{name}.{ending}"));
    let names: Vec<String> = std::iter::once(name.to_owned()).chain(endings).collect();
    let paths = folders.iter().flat_map(|folder| names.iter().filter_map(|name| resolve::join(folder, name)));
    paths.into_iter().any(|path| is_there(&path))
}

/// What is missing, as a sentence.
pub fn sentence(dialect: Dialect, embed: bool, name: &str) -> String {
    match dialect {
        Dialect::Path => format!("No file is at `{name}`."),
        _ if embed => format!("No note or file is named `{name}`."),
        _ => format!("No note is named `{name}`."),
    }
}
