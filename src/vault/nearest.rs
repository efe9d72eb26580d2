//! The names that someone may have meant. Knows the names of files, and none that files only say of themselves.

use super::file::{File, FileId};
use super::index::{Index, last_name};
use super::names::Key;
use super::snapshot::Snapshot;
use crate::syntax::name;
use dashmap::DashMap;
use rustc_hash::FxHashMap;
use smallvec::{SmallVec, smallvec};
use std::ops::Range;
use std::sync::Arc;

/// How many names are offered.
const OFFERED: usize = 3;
/// Remembered answers; past this they are forgotten and found again.
const REMEMBERED: usize = 10_000;

/// Finds near names, and remembers what it found: while one types, the broken links of a note stay the same.
///
/// Invariant: made anew whenever a file comes or goes.
#[derive(Default)]
pub struct Nearest {
    remembered: DashMap<Box<str>, Arc<[FileId]>>,
}

impl Nearest {
    /// The notes whose names are closest to `name`, best first; at most three.
    pub fn find(&self, snapshot: &Snapshot, name: &str) -> Arc<[FileId]> {
        if let Some(known) = self.remembered.get(name) {
            return known.clone();
        }
        let found: Arc<[FileId]> = search(snapshot, name).into();
        if self.remembered.len() >= REMEMBERED {
            self.remembered.clear();
        }
        self.remembered.insert(name.into(), found.clone());
        found
    }
}

fn search(snapshot: &Snapshot, name: &str) -> Vec<FileId> {
    let wanted = name::squash(last_name(name));
    let most = most_slips(wanted.chars().count());
    if most == 0 || name.contains("://") {
        return Vec::new();
    }
    let Index { names, .. } = &snapshot.index;
    let like = snapshot.index.file_names_like(&wanted, most);
    let mut near: Vec<(usize, &str, Key)> = like
        .filter_map(|key| {
            let text = names.text(key);
            Some((distance(&wanted, text, most)?, text, key))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().flat_map(|(_, _, key)| notes_named(snapshot, key)).take(OFFERED).collect()
}

/// The notes of a squashed name, as many as are offered. Names that are equal go by path: ids tell who came first, which
/// means nothing.
fn notes_named(snapshot: &Snapshot, name: Key) -> Vec<FileId> {
    let files = snapshot.index.files_of(name).map(|id| (id, snapshot.entry(id)));
    let mut notes: Vec<(FileId, &File)> = files.filter(|(_, file)| file.is_note()).collect();
    if notes.len() > OFFERED {
        notes.select_nth_unstable_by_key(OFFERED, |(_, file)| &file.path);
        notes.truncate(OFFERED);
    }
    notes.sort_unstable_by_key(|(_, file)| &file.path);
    notes.into_iter().map(|(id, _)| id).collect()
}

/// Names laid out so that those like another are found without a look at most others: by first letter and length, since a
/// slip rarely touches the first and changes the other little.
pub struct Shelves {
    names: Box<[(Spelling, Key)]>,
    shelves: FxHashMap<(char, usize), Range<usize>>,
}

impl Shelves {
    pub fn of<'a>(names: impl Iterator<Item = (Key, &'a str)>) -> Shelves {
        let shelved = |(key, name): (Key, &str)| Some((shelf(name)?, Spelling::of(name), key));
        let mut sorted: Vec<_> = names.filter_map(shelved).collect();
        sorted.sort_unstable_by_key(|&(shelf, _, key)| (shelf, key));
        let mut shelves: FxHashMap<_, Range<usize>> = FxHashMap::default();
        for (i, (shelf, ..)) in sorted.iter().enumerate() {
            shelves.entry(*shelf).or_insert(i..i).end = i + 1;
        }
        Shelves { names: sorted.into_iter().map(|(_, spelling, key)| (spelling, key)).collect(), shelves }
    }

    /// The names that can be `wanted` with at most so many slips. Not all of them are.
    pub fn like(&self, wanted: &str, most: usize) -> impl Iterator<Item = Key> {
        let spelling = Spelling::of(wanted);
        let around = shelf(wanted).map(|(first, length)| (first, length.saturating_sub(most)..=length + most));
        let around = around.into_iter().flat_map(|(first, lengths)| lengths.map(move |length| (first, length)));
        let shelves = around.filter_map(|shelf| self.shelves.get(&shelf));
        let names = shelves.flat_map(|shelf| &self.names[shelf.clone()]);
        names.filter(move |(other, _)| spelling.may_be(other, most)).map(|(_, key)| *key)
    }
}

/// Whether [`Shelves::like`] would look at `name`.
pub fn is_like(wanted: &str, name: &str, most: usize) -> bool {
    let (Some((first, length)), Some((other, other_length))) = (shelf(wanted), shelf(name)) else { return false };
    first == other && length.abs_diff(other_length) <= most
}

/// `None` for the empty name.
fn shelf(name: &str) -> Option<(char, usize)> {
    Some((name.chars().next()?, name.chars().count()))
}

/// The letters of a name and its pairs of letters as sets, some of them sharing a bit: rejects nearly all names that are
/// another.
struct Spelling {
    pairs: u64,
    letters: u32,
}

impl Spelling {
    fn of(name: &str) -> Spelling {
        let (mut pairs, mut letters) = (0, 0);
        let mut before = None;
        for letter in name.chars().map(|letter| letter as u32) {
            letters |= 1 << (letter % u32::BITS);
            if let Some(before) = before.replace(letter) {
                pairs |= 1 << ((before.wrapping_mul(0x9e37_79b1) ^ letter.wrapping_mul(0x85eb_ca77)) >> 26);
            }
        }
        Spelling { pairs, letters }
    }

    /// False if more than `most` slips lie between the two: one brings in one letter and drops one at most, and three pairs
    /// where it swaps two letters.
    fn may_be(&self, other: &Spelling, most: usize) -> bool {
        let letters = (self.letters & !other.letters).count_ones().max((other.letters & !self.letters).count_ones());
        let pairs = || (self.pairs & !other.pairs).count_ones().max((other.pairs & !self.pairs).count_ones());
        letters as usize <= most && pairs() as usize <= 3 * most
    }
}

/// How many slips a name of this length may hold and still be meant; none where it is too short to tell.
pub fn most_slips(length: usize) -> usize {
    if length < 3 { 0 } else { (length / 4).clamp(1, 3) }
}

/// The number of letters inserted, dropped, changed or swapped with a neighbour between `a` and `b`; `None` above `most`.
pub fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    if a.is_ascii() && b.is_ascii() {
        return distance_of(a.as_bytes(), b.as_bytes(), most);
    }
    distance_of(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>(), most)
}

/// Optimal string alignment, in a band of width `most` around the diagonal of what the two do not begin and end with alike.
fn distance_of<T: PartialEq>(mut a: &[T], mut b: &[T], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    while let ([x, a_rest @ ..], [y, b_rest @ ..]) = (a, b)
        && x == y
    {
        (a, b) = (a_rest, b_rest);
    }
    while let ([a_rest @ .., x], [b_rest @ .., y]) = (a, b)
        && x == y
    {
        (a, b) = (a_rest, b_rest);
    }
    let far = most + 1;
    let start = smallvec![far; b.len() + 1];
    let mut rows: [SmallVec<[usize; 16]>; 3] = [start.clone(), (0..=b.len()).collect(), start];
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
    use proptest::prelude::*;

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

    /// Words of few letters, so that many are near; some wide.
    fn word() -> impl Strategy<Value = String> {
        prop_oneof![4 => "[abc]{0,9}", 1 => "[a-f0-9]{8,16}", 1 => "[日本éa]{1,6}"]
    }

    /// A name, and others that are it with a few slips.
    fn words() -> impl Strategy<Value = (String, Vec<String>)> {
        let word = prop_oneof![word(), "[a-z]{8,24}"].prop_map(|word| word.chars().collect::<Vec<_>>());
        let slips = prop::collection::vec((0..4_u8, 0..24_usize, prop::char::range('a', 'z')), 0..4);
        (word, prop::collection::vec(slips, 1..40)).prop_map(|(word, slips)| {
            let names = slips.iter().map(|slips| slipped(word.clone(), slips)).collect();
            (word.into_iter().collect(), names)
        })
    }

    fn slipped(mut word: Vec<char>, slips: &[(u8, usize, char)]) -> String {
        for &(kind, at, letter) in slips {
            let at = at.min(word.len());
            match kind {
                0 => word.insert(at, letter),
                1 if at < word.len() => drop(word.remove(at)),
                2 if at + 1 < word.len() => word.swap(at, at + 1),
                _ => word.iter_mut().skip(at).take(1).for_each(|it| *it = letter),
            }
        }
        word.into_iter().collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn what_is_passed_over_is_too_far_away((wanted, names) in words()) {
            let most = most_slips(wanted.chars().count());
            let keyed = || (0..).map(Key).zip(names.iter().map(String::as_str));
            let shelves = Shelves::of(keyed());
            let looked_at: Vec<Key> = shelves.like(&wanted, most).collect();
            for (key, name) in keyed() {
                let is_near = name.chars().next() == wanted.chars().next() && distance(&wanted, name, most).is_some();
                if is_near && !name.is_empty() {
                    prop_assert!(looked_at.contains(&key) && is_like(&wanted, name, most), "{} {}", wanted, name);
                }
            }
        }

        #[test]
        fn slips_are_as_many_as_without_a_band(a in word(), b in word(), most in 0..4_usize) {
            prop_assert_eq!(distance(&a, &b, most), Some(all_slips(&a, &b)).filter(|&slips| slips <= most));
        }
    }

    /// Optimal string alignment as it is defined.
    fn all_slips(a: &str, b: &str) -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                if i == 0 || j == 0 {
                    table[i][j] = i + j;
                    continue;
                }
                let changed = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                table[i][j] = changed.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    table[i][j] = table[i][j].min(table[i - 2][j - 2] + 1);
                }
            }
        }
        table[a.len()][b.len()]
    }
}
