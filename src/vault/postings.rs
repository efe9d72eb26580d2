//! Which files state a fact: term -> sorted ids. One mechanism, many kinds of fact.
//!
//! A frozen table in three flat arrays, and a persistent map of the lists that changed since: an entry there replaces
//! the frozen list of its term, so a reader looks in two places and an edit costs what it changes.

use super::names::Key;
use smallvec::SmallVec;
use std::sync::{Arc, Weak};

/// What kind of fact a term is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// Squashed file name -> files.
    File,
    /// Folded path -> files. Not interned: the key is a hash, so there may be others with it.
    Path,
    /// Squashed front matter alias -> notes.
    Alias,
    /// Squashed front matter title -> notes.
    Title,
    /// Name as written in links -> notes that write it.
    Mention,
    /// Squashed name -> names as written that meet in it (values are keys).
    Spelling,
    /// Folded tag -> notes that have it or a tag beneath it.
    Tag,
    /// Web address -> notes that hold it.
    Address,
    /// Video id -> notes that are of it or cite it.
    Video,
    /// Video id -> files that say what is said in it.
    Transcript,
}

impl Kind {
    /// In the order of their numbers.
    pub const ALL: [Kind; 10] = [
        Kind::File,
        Kind::Path,
        Kind::Alias,
        Kind::Title,
        Kind::Mention,
        Kind::Spelling,
        Kind::Tag,
        Kind::Address,
        Kind::Video,
        Kind::Transcript,
    ];

    /// Whether the keys are those of names.
    pub fn is_named(self) -> bool {
        self != Kind::Path
    }
}

/// A kind of fact and its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Term(u64);

impl Term {
    pub fn new(kind: Kind, key: Key) -> Term {
        Term((kind as u64) << 32 | key.0 as u64)
    }

    pub fn key(self) -> Key {
        Key(self.0 as u32)
    }

    pub fn is(self, kind: Kind) -> bool {
        self.kind() == kind as usize
    }

    fn kind(self) -> usize {
        (self.0 >> 32) as usize
    }

    fn first(kind: Kind) -> Term {
        Term((kind as u64) << 32)
    }

    fn last(kind: Kind) -> Term {
        Term((kind as u64) << 32 | u32::MAX as u64)
    }
}

/// What files state, on its way into [`FrozenPostings`]: of each kind keys and values, in any order, repeats allowed.
#[derive(Default)]
pub struct Pairs([Vec<(Key, u32)>; Kind::ALL.len()]);

impl Pairs {
    pub fn push(&mut self, term: Term, value: u32) {
        let pairs = &mut self.0[term.kind()];
        let pair = (term.key(), value);
        // What a note says again is mostly what it said last: a moment of its video.
        if pairs.last() != Some(&pair) {
            pairs.push(pair);
        }
    }

    pub fn of(&self, kind: Kind) -> &[(Key, u32)] {
        &self.0[kind as usize]
    }

    /// The same pairs with the keys of another set of names.
    pub fn rename(&mut self, rename: impl Fn(Key) -> Key) {
        let named = Kind::ALL.into_iter().zip(&mut self.0).filter(|(kind, _)| kind.is_named());
        named.flat_map(|(_, pairs)| pairs).for_each(|(key, _)| *key = rename(*key));
        self.0[Kind::Spelling as usize].iter_mut().for_each(|(_, written)| *written = rename(Key(*written)).0);
    }
}

/// Lists that only change by building anew: term `i` has `values[starts[i]..starts[i + 1]]`.
#[derive(Default)]
pub struct FrozenPostings {
    terms: Box<[Term]>,
    starts: Box<[u32]>,
    values: Box<[u32]>,
}

impl FrozenPostings {
    /// From all `pairs`, whose keys are below `keys`; linear in both.
    pub fn new(pairs: &[Pairs], keys: usize) -> FrozenPostings {
        let (mut terms, mut starts) = (Vec::new(), Vec::new());
        let mut values = Vec::with_capacity(pairs.iter().flat_map(|pairs| &pairs.0).map(Vec::len).sum());
        let mut ends = vec![0; keys];
        for kind in Kind::ALL {
            let of_kind = || pairs.iter().flat_map(|pairs| pairs.of(kind));
            let take = |key, list: &[u32]| {
                terms.push(Term::new(kind, key));
                starts.push(values.len() as u32);
                values.extend(list.chunk_by(|a, b| a == b).map(|same| same[0]));
            };
            if kind.is_named() { sort_by_key(of_kind, &mut ends, take) } else { sort_by_hash(of_kind, take) }
        }
        starts.push(values.len() as u32);
        values.shrink_to_fit();
        FrozenPostings { terms: terms.into(), starts: starts.into(), values: values.into() }
    }

    fn get(&self, term: Term) -> &[u32] {
        match self.terms.binary_search(&term) {
            Ok(i) => self.list(i),
            Err(_) => &[],
        }
    }

    fn list(&self, i: usize) -> &[u32] {
        &self.values[self.starts[i] as usize..self.starts[i + 1] as usize]
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = (Term, &[u32])> {
        let from = self.terms.partition_point(|term| *term < Term::first(kind));
        let to = self.terms.partition_point(|term| *term <= Term::last(kind));
        (from..to).map(|i| (self.terms[i], self.list(i)))
    }
}

/// Hands over the sorted values of each key that has any, in the order of keys. By counting: the keys are dense, and to
/// sort by comparison would cost more than to read the notes. `ends` has a 0 for each key, and has again afterwards.
fn sort_by_key<'a, I>(pairs: impl Fn() -> I, ends: &mut [u32], mut take: impl FnMut(Key, &[u32]))
where
    I: Iterator<Item = &'a (Key, u32)>,
{
    if pairs().next().is_none() {
        return;
    }
    pairs().for_each(|(key, _)| ends[key.0 as usize] += 1);
    let mut total = 0;
    for end in ends.iter_mut() {
        total += std::mem::replace(end, total);
    }
    // Each end is where the next value of its key goes, until there are no more.
    let mut sorted = vec![0; total as usize];
    for &(key, value) in pairs() {
        let at = &mut ends[key.0 as usize];
        sorted[*at as usize] = value;
        *at += 1;
    }
    let mut start = 0;
    for (key, end) in ends.iter_mut().enumerate() {
        let end = std::mem::take(end) as usize;
        if start == end {
            continue;
        }
        let list = &mut sorted[std::mem::replace(&mut start, end)..end];
        if !list.is_sorted() {
            list.sort_unstable();
        }
        take(Key(key as u32), list);
    }
}

/// The same where keys are any numbers.
fn sort_by_hash<'a, I>(pairs: impl Fn() -> I, mut take: impl FnMut(Key, &[u32]))
where
    I: Iterator<Item = &'a (Key, u32)>,
{
    let mut sorted: Vec<(Key, u32)> = pairs().copied().collect();
    sorted.sort_unstable();
    for of_key in sorted.chunk_by(|a, b| a.0 == b.0) {
        let list: SmallVec<[u32; 4]> = of_key.iter().map(|(_, value)| *value).collect();
        take(of_key[0].0, &list);
    }
}

/// All lists, at one moment.
#[derive(Clone, Default)]
pub struct Postings {
    frozen: Arc<FrozenPostings>,
    /// Whole lists that replace the frozen ones. Never a list that equals it.
    recent: imbl::OrdMap<Term, Arc<[u32]>>,
}

impl Postings {
    pub fn new(frozen: FrozenPostings) -> Postings {
        Postings { frozen: Arc::new(frozen), recent: imbl::OrdMap::new() }
    }

    /// The sorted values of a term.
    pub fn get(&self, term: Term) -> &[u32] {
        match self.recent.get(&term) {
            Some(list) => list,
            None => self.frozen.get(term),
        }
    }

    /// All terms of a kind with their values, never empty ones; in no promised order.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = (Term, &[u32])> {
        let recent = self.recent_lists(kind).map(|(term, list)| (*term, &**list));
        let frozen = self.frozen.of(kind).filter(|(term, _)| !self.recent.contains_key(term));
        recent.chain(frozen).filter(|(_, list)| !list.is_empty())
    }

    /// The terms of a kind that have a frozen list.
    pub fn frozen_of(&self, kind: Kind) -> impl Iterator<Item = Term> {
        self.frozen.of(kind).map(|(term, _)| term)
    }

    /// The terms of a kind whose lists differ from the frozen ones.
    pub fn recent_of(&self, kind: Kind) -> impl Iterator<Item = Term> {
        self.recent_lists(kind).map(|(term, _)| *term)
    }

    /// Adds values to a list or takes them out of it: each with whether it shall be there, in order. However many they are,
    /// the list is copied once. Whether it was empty before, and whether it is now.
    pub fn change(&mut self, term: Term, values: impl ExactSizeIterator<Item = (u32, bool)>) -> (bool, bool) {
        let list = self.get(term);
        let mut changed = Vec::with_capacity(list.len() + values.len());
        let mut rest = list;
        for (value, is_wanted) in values {
            let (at, behind) = rest.binary_search(&value).map_or_else(|at| (at, at), |at| (at, at + 1));
            changed.extend_from_slice(&rest[..at]);
            changed.extend(is_wanted.then_some(value));
            rest = &rest[behind..];
        }
        changed.extend_from_slice(rest);
        let emptiness = (list.is_empty(), changed.is_empty());
        self.put(term, changed.into());
        emptiness
    }

    fn recent_lists(&self, kind: Kind) -> impl Iterator<Item = (&Term, &Arc<[u32]>)> {
        self.recent.range(Term::first(kind)..=Term::last(kind))
    }

    fn put(&mut self, term: Term, list: Arc<[u32]>) {
        if self.frozen.get(term) == &*list {
            self.recent.remove(&term);
        } else {
            self.recent.insert(term, list);
        }
    }

    pub fn frozen(&self) -> Weak<FrozenPostings> {
        Arc::downgrade(&self.frozen)
    }

    /// How many lists differ from the frozen ones.
    pub fn recent(&self) -> usize {
        self.recent.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        #[test]
        fn frozen_lists_are_sorted_and_hold_each_value_once(
            stated in prop::collection::vec((0..6_u32, 0..9_u32, any::<bool>()), 0..40),
        ) {
            // A kind whose keys are names, and the one whose keys are any numbers.
            for kind in [Kind::Mention, Kind::Path] {
                let mut pairs = [Pairs::default(), Pairs::default()];
                for &(key, value, first) in &stated {
                    pairs[usize::from(first)].push(Term::new(kind, Key(key)), value);
                }
                let frozen = FrozenPostings::new(&pairs, 6);
                for key in 0..6 {
                    let wanted: BTreeSet<u32> = stated.iter().filter(|it| it.0 == key).map(|it| it.1).collect();
                    prop_assert_eq!(frozen.get(Term::new(kind, Key(key))), wanted.into_iter().collect::<Vec<_>>());
                }
            }
        }

        #[test]
        fn a_list_changed_at_once_is_the_list_changed_value_by_value(
            frozen in prop::collection::btree_set(0..40_u32, 0..20),
            changes in prop::collection::vec(prop::collection::btree_map(0..40_u32, any::<bool>(), 0..9), 0..6),
        ) {
            let term = Term::new(Kind::Tag, Key(7));
            let mut pairs = Pairs::default();
            frozen.iter().for_each(|&value| pairs.push(term, value));
            let mut postings = Postings::new(FrozenPostings::new(&[pairs], 8));
            let mut wanted: BTreeSet<u32> = frozen;
            for change in changes {
                let change: BTreeMap<u32, bool> = change;
                let was_empty = wanted.is_empty();
                for (&value, &is_wanted) in &change {
                    if is_wanted { wanted.insert(value) } else { wanted.remove(&value) };
                }
                prop_assert_eq!(postings.change(term, change.into_iter()), (was_empty, wanted.is_empty()));
                prop_assert_eq!(postings.get(term), wanted.iter().copied().collect::<Vec<_>>());
            }
        }
    }
}
