//! Which vaults the paths of a command line lie in, and which parts of them are meant.

use crate::vault::{disk, roots};
use std::io;
use std::path::{Component, Path, PathBuf};

/// A vault, and the parts of it that are asked about.
#[derive(Debug, PartialEq)]
pub struct Scope {
    pub root: PathBuf,
    pub parts: Vec<Part>,
}

/// A path as it was asked for.
#[derive(Debug, PartialEq)]
pub struct Part {
    /// Relative to the root, joined by `/`; empty means the whole vault.
    pub path: String,
    /// A note, not a folder.
    pub file: bool,
}

impl Scope {
    /// Whether the note of this path, relative to the root, is meant.
    pub fn holds(&self, path: &str) -> bool {
        self.parts.iter().any(|part| part.holds(path))
    }
}

impl Part {
    pub fn holds(&self, path: &str) -> bool {
        match path.strip_prefix(self.path.as_str()) {
            Some(rest) => self.path.is_empty() || rest.is_empty() || rest.starts_with('/'),
            None => false,
        }
    }
}

/// The vaults of `paths`, in that order, each once. The message says which path is not there.
pub fn scopes(paths: &[PathBuf]) -> Result<Vec<Scope>, String> {
    let mut scopes: Vec<Scope> = Vec::new();
    for path in paths {
        let (root, part) = locate(path).map_err(|error| unreachable_path(path, &error))?;
        match scopes.iter_mut().find(|scope| scope.root == root) {
            Some(scope) => scope.parts.push(part),
            None => scopes.push(Scope { root, parts: vec![part] }),
        }
    }
    Ok(scopes)
}

/// The root of the vault that `path` lies in, and the way from there.
fn locate(path: &Path) -> io::Result<(PathBuf, Part)> {
    let path = disk::canonical(path)?;
    let file = !disk::is_folder(&path);
    let folder = if file { path.parent().unwrap_or(&path) } else { &path };
    let root = roots::around_folder(folder, std::env::home_dir().as_deref());
    let inside = path.strip_prefix(root).unwrap_or(Path::new(""));
    Ok((root.to_owned(), Part { path: joined(inside), file }))
}

fn joined(path: &Path) -> String {
    let names = path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    names.collect::<Vec<_>>().join("/")
}

fn unreachable_path(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => format!("{}: no such file or folder", path.display()),
        _ => format!("{}: {error}", path.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(path: &str) -> Part {
        Part { path: path.into(), file: false }
    }

    #[test]
    fn the_whole_vault_holds_every_note() {
        assert!(part("").holds("talks/moscow.md"));
    }

    #[test]
    fn a_folder_holds_what_lies_beneath_it_and_not_its_namesakes() {
        assert!(part("talks").holds("talks/moscow.md"));
        assert!(part("talks").holds("talks/old/moscow.md"));
        assert!(!part("talks").holds("talks.md"));
        assert!(!part("talks").holds("talks of old/moscow.md"));
    }

    #[test]
    fn a_note_holds_itself() {
        assert!(part("talks/moscow.md").holds("talks/moscow.md"));
        assert!(!part("talks/moscow.md").holds("moscow.md"));
    }
}
