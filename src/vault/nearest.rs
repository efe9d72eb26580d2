//! The names that someone may have meant. Knows the names of one set of files.

use super::file::{File, FileId};
use crate::syntax::name;
use dashmap::DashMap;
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock};

/// How many names are offered.
const OFFERED: usize = 3;
/// Remembered answers; past this they are forgotten and found again.
const REMEMBERED: usize = 10_000;

/// Finds near names, and remembers what it found: while one types, the broken links of a note stay the same.
///
/// Invariant: made anew whenever a file comes or goes.
#[derive(Default)]
pub struct Nearest {
    buckets: OnceLock<Buckets>,
    remembered: DashMap<Box<str>, Arc<[FileId]>>,
}

/// Notes by the first letter and the length of their squashed stem: a slip rarely touches the first, and changes the
/// other little.
type Buckets = FxHashMap<(char, usize), Vec<(String, FileId)>>;

impl Nearest {
    /// The notes whose names are closest to `name`, best first; at most three. `files` are all files of the vault.
    pub fn find<'a>(&self, name: &str, files: impl Iterator<Item = (FileId, &'a File)>) -> Arc<[FileId]> {
        if let Some(known) = self.remembered.get(name) {
            return known.clone();
        }
        let buckets = self.buckets.get_or_init(|| sorted(files));
        let found: Arc<[FileId]> = search(buckets, name).into();
        if self.remembered.len() >= REMEMBERED {
            self.remembered.clear();
        }
        self.remembered.insert(name.into(), found.clone());
        found
    }
}

fn sorted<'a>(files: impl Iterator<Item = (FileId, &'a File)>) -> Buckets {
    let mut buckets = Buckets::default();
    let mut notes: Vec<_> = files.filter(|(_, file)| file.is_note()).collect();
    // Names that are equal go by path: ids tell who came first, which means nothing.
    notes.sort_unstable_by_key(|(_, file)| &file.path);
    for (id, file) in notes {
        let stem = name::squash(file.stem());
        if let Some(first) = stem.chars().next() {
            buckets.entry((first, stem.chars().count())).or_default().push((stem, id));
        }
    }
    buckets
}

fn search(buckets: &Buckets, name: &str) -> Vec<FileId> {
    let wanted = name::squash(super::index::last_name(name));
    let Some(first) = wanted.chars().next() else { return Vec::new() };
    let length = wanted.chars().count();
    let most = most_slips(length);
    if most == 0 || name.contains("://") {
        return Vec::new();
    }
    let lengths = length.saturating_sub(most)..=length + most;
    let near = lengths.filter_map(|length| buckets.get(&(first, length))).flatten();
    let mut found: Vec<(usize, &String, FileId)> =
        near.filter_map(|(stem, id)| Some((distance(&wanted, stem, most)?, stem, *id))).collect();
    found.sort_by_key(|&(slips, stem, _)| (slips, stem));
    found.into_iter().map(|(_, _, id)| id).take(OFFERED).collect()
}

/// How many slips a name of this length may hold and still be meant; none where it is too short to tell.
pub fn most_slips(length: usize) -> usize {
    if length < 3 { 0 } else { (length / 4).clamp(1, 3) }
}

/// The number of letters inserted, dropped, changed or swapped with a neighbour between `a` and `b`; `None` above `most`.
/// Optimal string alignment, in a band of width `most` around the diagonal.
pub fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let far = most + 1;
    let mut rows = [vec![far; b.len() + 1], (0..=b.len()).collect::<Vec<_>>(), vec![far; b.len() + 1]];
    for i in 1..=a.len() {
        let (from, to) = (i.saturating_sub(most).max(1), (i + most).min(b.len()));
        let [before, last, row] = &mut rows;
        row.fill(far);
        row[0] = i.min(far);
        for j in from..=to {
            let changed = last[j - 1] + (a[i - 1] != b[j - 1]) as usize;
            row[j] = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        if row.iter().all(|&slips| slips > most) {
            return None;
        }
        rows.rotate_left(1);
    }
    Some(rows[1][b.len()]).filter(|&slips| slips <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_up_to_a_cap() {
        let cases: [(&str, &str, usize, Option<usize>); _] = [
            ("china", "china", 1, Some(0)),
            ("chinna", "china", 1, Some(1)),
            ("chnia", "china", 1, Some(1)),
            ("chna", "china", 1, Some(1)),
            ("chino", "china", 1, Some(1)),
            ("russia", "china", 3, None),
            ("", "a", 1, Some(1)),
            ("日本", "日夲", 1, Some(1)),
            ("abcdef", "abcxyz", 3, Some(3)),
            ("abcdef", "uvwxyz", 3, None),
        ];
        for (a, b, most, expected) in cases {
            assert_eq!(distance(a, b, most), expected, "{a} {b}");
            assert_eq!(distance(b, a, most), expected, "{b} {a}");
        }
    }
}
