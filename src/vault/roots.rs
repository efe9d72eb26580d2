//! Which folder is the vault of a file or a folder that nobody has called one. Asks the disk for marks; reads nothing.

use super::disk;
use std::path::{Path, PathBuf};

/// What marks a folder as a vault.
pub const MARKS: [&str; 7] =
    [".obsidian", ".vaultls.toml", ".foam", ".zk", "logseq", "quartz.config.ts", "quartz.config.js"];
/// What keeps a folder together, be it a vault or not.
const REPOSITORY: &str = ".git";

/// A folder to make a vault of.
#[derive(Clone, Debug, PartialEq)]
pub struct Root {
    pub folder: PathBuf,
    /// The folders in it are no part of the vault: a home is never walked.
    pub shallow: bool,
}

/// The nearest marked folder around a file, else the file's own. Never the home folder or the file system's root, which hold
/// everything: a file that lies there is alone with its neighbours.
pub fn around(file: &Path, home: Option<&Path>) -> Option<Root> {
    let folder = file.parent()?;
    Some(Root { folder: around_folder(folder, home).to_owned(), shallow: is_too_wide(folder, home) })
}

/// The nearest marked folder around a folder, itself included, else itself.
pub fn around_folder<'a>(folder: &'a Path, home: Option<&Path>) -> &'a Path {
    let is_kept_together = |folder: &&Path| is_marked(folder) || disk::exists(&folder.join(REPOSITORY));
    folder.ancestors().take_while(|above| !is_too_wide(above, home)).find(is_kept_together).unwrap_or(folder)
}

fn is_too_wide(folder: &Path, home: Option<&Path>) -> bool {
    folder.parent().is_none() || home == Some(folder)
}

/// Whether a folder that the client calls its workspace is one to make a vault of: editors that are started anywhere
/// announce the home folder or `/`.
pub fn is_vault(folder: &Path, home: Option<&Path>) -> bool {
    // Other marks are of tools that keep such a folder in the home folder for themselves: `~/logseq`.
    let is_meant = || [".obsidian", ".vaultls.toml"].iter().any(|mark| disk::exists(&folder.join(mark)));
    !is_too_wide(folder, home) || is_meant()
}

/// Whether something at its root says that a folder is a vault.
pub fn is_marked(folder: &Path) -> bool {
    MARKS.iter().any(|mark| disk::exists(&folder.join(mark)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::create_dir_all;

    fn root(folder: &Path, shallow: bool) -> Option<Root> {
        Some(Root { folder: folder.to_owned(), shallow })
    }

    #[test]
    fn the_nearest_mark_decides() {
        let home = tempfile::tempdir().expect("a folder");
        let vault = home.path().join("notes");
        create_dir_all(vault.join("talks/.obsidian")).expect("folders");
        create_dir_all(vault.join(".git")).expect("a folder");
        let around = |file: &str| around(&vault.join(file), Some(home.path()));
        assert_eq!(around("china.md"), root(&vault, false));
        assert_eq!(around("talks/moscow.md"), root(&vault.join("talks"), false));
        assert_eq!(around("zoo/lion.md"), root(&vault, false));
    }

    #[test]
    fn a_file_without_a_mark_around_it_lies_in_its_own_folder() {
        let home = tempfile::tempdir().expect("a folder");
        create_dir_all(home.path().join(".git")).expect("a folder");
        let file = home.path().join("a/b/note.md");
        assert_eq!(around(&file, Some(home.path())), root(&home.path().join("a/b"), false));
    }

    #[test]
    fn a_home_is_never_walked() {
        let home = tempfile::tempdir().expect("a folder");
        assert_eq!(around(&home.path().join("note.md"), Some(home.path())), root(home.path(), true));
        assert_eq!(around(Path::new("/note.md"), None), root(Path::new("/"), true));
        assert_eq!(around(Path::new("/"), None), None);
        assert!(!is_vault(home.path(), Some(home.path())) && !is_vault(Path::new("/"), None));
        create_dir_all(home.path().join(".obsidian")).expect("a folder");
        assert!(is_vault(home.path(), Some(home.path())));
    }
}
