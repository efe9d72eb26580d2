//! How well a name matches what was typed, and the best of many.

use crate::vault::catalogue::{letters, offered_letters, words};
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What was typed, ready to be held against many names.
pub struct Query {
    folded: String,
    /// Nothing but letters, digits and blanks was typed.
    is_words: bool,
    /// The letters that a match must have; see [`letters`].
    letters: u64,
    pattern: Pattern,
    matcher: Matcher,
    buffer: Vec<char>,
}

/// Better is greater: first how it matches, then how well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score {
    pub class: Class,
    fuzzy: u32,
}

impl Score {
    /// Of a name in which all that is typed stands.
    pub fn of(class: Class) -> Score {
        Score { class, fuzzy: 0 }
    }

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
            is_words: folded.chars().all(|c| c.is_alphanumeric() || c == ' '),
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
        self.score_from(name, Class::Fuzzy)
    }

    /// How well `name` matches; `None` if it does not, or worse than by `least`, which is found out at less cost.
    pub fn score_from(&mut self, name: &str, least: Class) -> Option<Score> {
        if self.is_empty() {
            return Some(Score::ANY);
        }
        if offered_letters(name) & self.letters != self.letters {
            return None;
        }
        let class = self.class(&words(name));
        if class < least {
            return None;
        }
        // What stands in the name as it was typed does so equally well everywhere: there, what the name is of decides.
        let fuzzy = match class {
            _ if class == Class::Fuzzy || !self.is_words => {
                self.pattern.score(Utf32Str::new(name, &mut self.buffer), &mut self.matcher)?
            }
            _ => 0,
        };
        Some(Score { class, fuzzy })
    }

    /// The letters that every match has.
    pub fn letters(&self) -> u64 {
        self.letters
    }

    /// Whether a name, as [`words`], may match better than by a word that what is typed begins.
    pub fn may_lead(&self, name: &str) -> bool {
        name.starts_with(&self.folded)
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
    let mut at = 0;
    typed.split(is_break).filter(|part| !part.is_empty()).all(|part| {
        let first = part.as_bytes()[0];
        let starts = memchr::memchr_iter(first, &name.as_bytes()[at..]).map(|start| at + start);
        let begins =
            |start: &usize| name[*start..].starts_with(part) && name[..*start].chars().next_back().is_none_or(is_break);
        let found = { starts }.find(begins);
        at = found.map_or(at, |start| start + part.len());
        found.is_some()
    })
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

    /// The worst rank among the best, where all that are worse are refused.
    pub fn least(&self) -> Option<&K> {
        self.heap.peek().filter(|_| self.heap.len() >= self.most).map(|worst| &worst.0.0)
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
    fn a_name_offers_every_letter_that_it_can_match() {
        for name in ["Café", "ﬁn", "Straße", "\u{212a}elvin", "ſo", "İzmir", "Ø", "москва x", "ａ"] {
            for letter in ('a'..='z').chain('0'..='9').map(String::from) {
                let (mut matcher, mut buffer) = (Matcher::new(Config::DEFAULT), Vec::new());
                let pattern = Pattern::new(&letter, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
                let matches = pattern.score(Utf32Str::new(name, &mut buffer), &mut matcher).is_some();
                let is_offered = offered_letters(name) & letters(&letter) != 0;
                assert!(is_offered || !matches && !words(name).contains(&letter), "{letter} in {name}");
            }
        }
        assert_eq!(offered_letters("Café z1"), letters("cafez1"));
    }

    #[test]
    fn words_that_are_typed_begin_words_of_the_name_in_order() {
        let cases = [
            ("the china talks", "ch ta", true),
            ("the china talks", "ta ch", false),
            ("aachina", "china", false),
            ("éa a", "a", true),
            ("éa", "a", false),
            ("日本 日", "本", false),
            ("a b", "a a", false),
        ];
        for (name, typed, begins) in cases {
            assert_eq!(begins_words(name, typed), begins, "{typed} in {name}");
        }
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
