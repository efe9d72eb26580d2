//! Which files state a fact: term -> sorted ids. One mechanism, many kinds of fact.
//!
//! A frozen table in three flat arrays, and a persistent map of the lists that changed since: an entry there replaces
//! the frozen list of its term, so a reader looks in two places and an edit costs what it changes.

use super::names::Key;
use std::sync::Arc;

/// What kind of fact a term is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// Squashed file name -> files.
    File,
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
    pub const ALL: [Kind; 8] =
        [Kind::File, Kind::Alias, Kind::Title, Kind::Mention, Kind::Spelling, Kind::Tag, Kind::Address, Kind::Video];
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

    /// The same term with the key of another set of names.
    pub fn renamed(self, rename: impl FnOnce(Key) -> Key) -> Term {
        Term(self.0 & !u64::from(u32::MAX) | u64::from(rename(self.key()).0))
    }

    pub fn is(self, kind: Kind) -> bool {
        self.0 >> 32 == kind as u64
    }

    fn first(kind: Kind) -> Term {
        Term((kind as u64) << 32)
    }

    fn last(kind: Kind) -> Term {
        Term((kind as u64) << 32 | u32::MAX as u64)
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
    /// From pairs in any order, repeats allowed.
    pub fn new(mut pairs: Vec<(Term, u32)>) -> FrozenPostings {
        // Not unstable: what comes from several threads is sorted in parts.
        pairs.sort();
        pairs.dedup();
        let (mut terms, mut starts) = (Vec::new(), Vec::new());
        for (i, (term, _)) in pairs.iter().enumerate() {
            if terms.last() != Some(term) {
                terms.push(*term);
                starts.push(i as u32);
            }
        }
        starts.push(pairs.len() as u32);
        let values = pairs.iter().map(|(_, value)| *value).collect();
        FrozenPostings { terms: terms.into(), starts: starts.into(), values }
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

    /// Adds a value; true if the list was empty before.
    pub fn add(&mut self, term: Term, value: u32) -> bool {
        let list = self.get(term);
        let Err(at) = list.binary_search(&value) else { return false };
        let was_empty = list.is_empty();
        let list: Arc<[u32]> = list[..at].iter().chain([&value]).chain(&list[at..]).copied().collect();
        self.put(term, list);
        was_empty
    }

    /// Takes a value out; true if the list is empty now.
    pub fn remove(&mut self, term: Term, value: u32) -> bool {
        let list = self.get(term);
        let Ok(at) = list.binary_search(&value) else { return false };
        let list: Arc<[u32]> = list[..at].iter().chain(&list[at + 1..]).copied().collect();
        let is_empty = list.is_empty();
        self.put(term, list);
        is_empty
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

    /// How many lists differ from the frozen ones.
    pub fn recent(&self) -> usize {
        self.recent.len()
    }
}
