//! How well a name matches what was typed, and the best of many.

use crate::vault::catalogue::{letters, offered_letters, words};
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What was typed, ready to be held against many names.
pub struct Query {
    folded: String,
    /// The letters that a match must have; see [`letters`].
    letters: u64,
    pattern: Pattern,
    matcher: Matcher,
    buffer: Vec<char>,
}

/// Better is greater: first how it matches, then how well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score {
    class: Class,
    fuzzy: u32,
}

impl Score {
    /// Of every name, where nothing is typed.
    pub const ANY: Score = Score { class: Class::Any, fuzzy: 0 };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The letters are there in this order; or not.
    Fuzzy,
    /// What is typed stands somewhere in the name.
    Within,
    /// The typed words begin words of the name.
    WordStarts,
    Prefix,
    Exact,
    /// Nothing was typed: all are alike.
    Any,
}

impl Query {
    pub fn new(typed: &str) -> Query {
        let folded = words(typed.trim());
        Query {
            letters: letters(&folded),
            pattern: Pattern::new(&folded, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy),
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
            folded,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }

    /// How well `name` matches; `None` if it does not.
    pub fn score(&mut self, name: &str) -> Option<Score> {
        if self.is_empty() {
            return Some(Score::ANY);
        }
        if offered_letters(name) & self.letters != self.letters {
            return None;
        }
        let fuzzy = self.pattern.score(Utf32Str::new(name, &mut self.buffer), &mut self.matcher)?;
        Some(Score { class: self.class(&words(name)), fuzzy })
    }

    /// The letters that every match has.
    pub fn letters(&self) -> u64 {
        self.letters
    }

    /// The first word that was typed.
    pub fn first_word(&self) -> &str {
        self.folded.split(' ').find(|word| !word.is_empty()).unwrap_or_default()
    }

    /// How a name, as [`words`], matches if it does.
    pub fn class(&self, name: &str) -> Class {
        if name == self.folded {
            Class::Exact
        } else if name.starts_with(&self.folded) {
            Class::Prefix
        } else if begins_words(name, &self.folded) {
            Class::WordStarts
        } else if name.contains(&self.folded) {
            Class::Within
        } else {
            Class::Fuzzy
        }
    }
}

/// Whether each word of `typed` begins a word of `name`, in order.
fn begins_words(name: &str, typed: &str) -> bool {
    let is_break = |c: char| !c.is_alphanumeric();
    let mut words = name.split(is_break).filter(|word| !word.is_empty());
    typed.split(is_break).filter(|part| !part.is_empty()).all(|part| words.any(|word| word.starts_with(part)))
}

/// The best of many offers, without holding the others.
pub struct Best<K: Ord, T> {
    most: usize,
    offered: usize,
    heap: BinaryHeap<Reverse<Ranked<K, T>>>,
}

/// An offer: of two with the same rank, the earlier one is better.
struct Ranked<K: Ord, T>(K, Reverse<usize>, T);

impl<K: Ord, T> Best<K, T> {
    pub fn new(most: usize) -> Best<K, T> {
        Best { most, offered: 0, heap: BinaryHeap::with_capacity(most + 1) }
    }

    /// Whether an offer of this rank would be among the best so far.
    pub fn takes(&self, rank: &K) -> bool {
        self.heap.len() < self.most || self.heap.peek().is_some_and(|worst| worst.0.0 < *rank)
    }

    /// `value` is only made when the rank is among the best so far.
    pub fn offer(&mut self, rank: K, value: impl FnOnce() -> T) {
        self.offered += 1;
        if !self.takes(&rank) {
            return;
        }
        self.heap.push(Reverse(Ranked(rank, Reverse(self.offered), value())));
        if self.heap.len() > self.most {
            self.heap.pop();
        }
    }

    /// How many were offered.
    pub fn offered(&self) -> usize {
        self.offered
    }

    /// Best first.
    pub fn into_sorted(self) -> Vec<T> {
        self.heap.into_sorted_vec().into_iter().map(|Reverse(Ranked(_, _, value))| value).collect()
    }
}

impl<K: Ord, T> Ord for Ranked<K, T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (&self.0, self.1).cmp(&(&other.0, other.1))
    }
}

impl<K: Ord, T> PartialOrd for Ranked<K, T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord, T> PartialEq for Ranked<K, T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<K: Ord, T> Eq for Ranked<K, T> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked<'a>(typed: &str, names: &[&'a str]) -> Vec<&'a str> {
        let mut query = Query::new(typed);
        let mut best = Best::new(10);
        for name in names {
            if let Some(score) = query.score(name) {
                best.offer(score, || *name);
            }
        }
        best.into_sorted()
    }

    #[test]
    fn exact_goes_before_prefix_before_word_starts_before_scattered_letters() {
        let names = ["calm_hint_nap", "the_china_talks", "china_talks", "china", "japan"];
        assert_eq!(ranked("china", &names), ["china", "china_talks", "the_china_talks", "calm_hint_nap"]);
    }

    #[test]
    fn case_and_accents_do_not_matter() {
        assert_eq!(ranked("CAFE", &["Café"]), ["Café"]);
        assert_eq!(ranked("москва", &["Москва"]), ["Москва"]);
    }

    #[test]
    fn only_the_best_are_kept_and_of_equals_the_first() {
        let mut best = Best::new(2);
        for (rank, name) in [(1, "a"), (3, "b"), (2, "c"), (3, "d")] {
            best.offer(rank, || name);
        }
        assert_eq!((best.offered(), best.into_sorted()), (4, vec!["b", "d"]));
    }
}
