//! Which folder is the vault of a file that no folder of the client holds. Asks the disk for marks; reads nothing.

use crate::vault::disk;
use std::path::{Path, PathBuf};

/// What a vault, or what is kept together with it, has at its root.
const MARKS: [&str; 3] = [".obsidian", ".vaultls.toml", ".git"];

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
    let is_too_wide = |folder: &&Path| folder.parent().is_none() || home == Some(folder);
    let marked = folder.ancestors().take_while(|folder| !is_too_wide(folder)).find(|folder| is_marked(folder));
    Some(Root { folder: marked.unwrap_or(folder).to_owned(), shallow: is_too_wide(&folder) })
}

/// Whether a folder that the client calls its workspace is one to make a vault of: editors that are started anywhere
/// announce the home folder or `/`.
pub fn is_vault(folder: &Path, home: Option<&Path>) -> bool {
    let is_too_wide = folder.parent().is_none() || home == Some(folder);
    !is_too_wide || [".obsidian", ".vaultls.toml"].iter().any(|mark| disk::exists(&folder.join(mark)))
}

fn is_marked(folder: &Path) -> bool {
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
