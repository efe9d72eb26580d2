//! Files of one name where they are many, as every folder may have its `README.md`: which of them a written name can mean,
//! and which goes first.
//!
//! Knows the paths of one set of files. Where few have a name, looking at each is cheaper than this.

use super::file::{FileId, folder};
use super::resolve::is_below;
use super::snapshot::Snapshot;
use crate::syntax::name;
use dashmap::DashMap;
use std::cmp::Reverse;
use std::sync::Arc;

/// From this many files on they are a crowd.
pub const CROWD: usize = 64;

/// Each crowd by what its files are called, found out at the first question.
///
/// Invariant: made anew whenever a file comes, goes or moves.
#[derive(Default)]
pub struct Crowds(DashMap<String, Arc<Crowd>>);

struct Crowd {
    /// The folded paths, read from the end and in order: those that end alike stand together.
    from_the_end: Vec<(Vec<u8>, FileId)>,
    /// By a written end of a path that many have.
    ranked: DashMap<String, Arc<Ranked>>,
}

/// Files that one written name can mean.
struct Ranked {
    /// Best first, as seen from nowhere.
    files: Vec<FileId>,
    /// So many of them, the first ones, are spelled exactly.
    exact: usize,
    /// Places in `files`, in the order of paths: what lies beneath one folder stands together.
    by_path: Vec<usize>,
}

impl Crowds {
    /// Those of the files called `called` whose paths go on before `end`, the nearest to the folder `from` first, at
    /// most `most`; and how many there are.
    pub fn nearest(
        &self,
        snapshot: &Snapshot,
        called: String,
        files: impl Iterator<Item = FileId>,
        end: &str,
        from: &str,
        most: usize,
    ) -> (Vec<FileId>, usize) {
        let known = self.0.get(&called).map(|crowd| crowd.clone());
        let crowd = known.unwrap_or_else(|| {
            let crowd = Arc::new(Crowd::of(snapshot, files));
            self.0.insert(called, crowd.clone());
            crowd
        });
        let ranked = crowd.ranked(snapshot, end);
        (ranked.nearest(snapshot, from, most), ranked.files.len())
    }
}

impl Crowd {
    fn of(snapshot: &Snapshot, files: impl Iterator<Item = FileId>) -> Crowd {
        let mut from_the_end: Vec<_> = files.map(|id| (reversed(&name::fold(snapshot.path(id))), id)).collect();
        from_the_end.sort_unstable();
        Crowd { from_the_end, ranked: DashMap::new() }
    }

    fn ranked(&self, snapshot: &Snapshot, end: &str) -> Arc<Ranked> {
        if let Some(known) = self.ranked.get(end) {
            return known.clone();
        }
        let whole_parts = reversed(&format!("/{}", name::fold(end)));
        let first = self.from_the_end.partition_point(|(path, _)| *path < whole_parts);
        let alike = self.from_the_end[first..].iter().take_while(|(path, _)| path.starts_with(&whole_parts));
        let ranked = Arc::new(Ranked::of(snapshot, alike.map(|(_, id)| *id).collect(), end));
        if ranked.files.len() >= CROWD {
            self.ranked.insert(end.to_owned(), ranked.clone());
        }
        ranked
    }
}

impl Ranked {
    fn of(snapshot: &Snapshot, mut files: Vec<FileId>, end: &str) -> Ranked {
        let is_exact = |id: FileId| snapshot.path(id).ends_with(end);
        files.sort_by_cached_key(|&id| {
            let path = snapshot.path(id);
            (Reverse(is_exact(id)), path.chars().count(), path.to_owned(), id)
        });
        let exact = files.partition_point(|&id| is_exact(id));
        let mut by_path: Vec<usize> = (0..files.len()).collect();
        by_path.sort_unstable_by_key(|&place| snapshot.path(files[place]));
        Ranked { files, exact, by_path }
    }

    /// Spelled exactly before others, and of each kind those in the folder or below it first.
    fn nearest(&self, snapshot: &Snapshot, from: &str, most: usize) -> Vec<FileId> {
        let beneath = self.beneath(snapshot, from);
        let (near_exact, near_others) = beneath.split_at(beneath.partition_point(|&place| place < self.exact));
        let is_far = |place: &usize| beneath.binary_search(place).is_err();
        let exact = near_exact.iter().copied().chain((0..self.exact).filter(is_far));
        let others = near_others.iter().copied().chain((self.exact..self.files.len()).filter(is_far));
        exact.chain(others).take(most).map(|place| self.files[place]).collect()
    }

    /// The places of the files in a folder and below it, in order; none at the root, below which all are.
    fn beneath(&self, snapshot: &Snapshot, above: &str) -> Vec<usize> {
        if above.is_empty() {
            return Vec::new();
        }
        let above_all = format!("{above}/");
        let path = |place: &usize| snapshot.path(self.files[*place]);
        let first = self.by_path.partition_point(|place| path(place) < above_all.as_str());
        let mut beneath: Vec<usize> =
            self.by_path[first..].iter().take_while(|place| is_below(folder(path(place)), above)).copied().collect();
        beneath.sort_unstable();
        beneath
    }
}

fn reversed(text: &str) -> Vec<u8> {
    text.bytes().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::super::file::{File, FileKind};
    use super::super::writer::Writer;
    use super::*;
    use crate::config::Config;

    /// A hundred folders and some of other names and depths, with a file of one name in each, in several cases.
    fn paths() -> Vec<String> {
        let name = |i: usize| ["README.md", "readme.md", "Readme.MD", "README"][i % 4];
        let mut paths: Vec<String> = (0..100).map(|i| format!("a{}/b{i}/{}", i % 7, name(i))).collect();
        paths.extend((0..20).map(|i| format!("a1-{i}/{}", name(i))));
        paths.extend(["README.md", "a1/README.md", "a1/b1/c/é/README.md", "xb1/README.md"].map(str::to_owned));
        paths
    }

    /// The same, by looking at each file.
    fn one_by_one(snapshot: &Snapshot, end: &str, from: &str) -> Vec<FileId> {
        let wanted = format!("/{}", name::fold(end));
        let means = |file: &File| name::fold(&file.path).ends_with(&wanted);
        let mut found: Vec<(FileId, &File)> = snapshot.files().filter(|(_, file)| means(file)).collect();
        found.sort_by_key(|(_, file)| {
            let is_below = is_below(file.folder(), from);
            (Reverse(file.path.ends_with(end)), Reverse(is_below), file.path.chars().count(), &file.path)
        });
        found.into_iter().map(|(id, _)| id).collect()
    }

    #[test]
    fn a_crowd_tells_what_looking_at_each_file_would() {
        let mut writer = Writer::new(Snapshot::new(std::path::Path::new("/nowhere").into(), Config::default().into()));
        let files: Vec<_> = paths().into_iter().map(|path| (path, FileKind::Note)).collect();
        writer.enlist(&writer.next.clone(), &files);
        writer.index_names();
        let snapshot = writer.next;
        for end in
            ["README.md", "readme.md", "readme", "b1/readme.md", "A1/b1/README.md", "1/README.md", "c/É/readme.md"]
        {
            for from in ["", "a1", "a1/b1", "a1/b8", "b1", "nowhere"] {
                let files = snapshot.files().map(|(id, _)| id);
                let (nearest, count) = snapshot.crowds.nearest(&snapshot, "readme".into(), files, end, from, 9);
                let mut wanted = one_by_one(&snapshot, end, from);
                assert_eq!(count, wanted.len(), "{end} from {from:?}");
                wanted.truncate(9);
                assert_eq!(nearest, wanted, "{end} from {from:?}");
            }
        }
    }
}
