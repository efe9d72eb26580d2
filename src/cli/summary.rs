//! Findings counted: by code, by severity and by the name that is missing. Knows no way to print them.

use super::Checked;
use crate::config::Level;
use crate::syntax::name;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a check found so far.
#[derive(Default)]
pub struct Summary {
    /// Notes checked.
    pub notes: usize,
    pub notes_with_findings: usize,
    /// Notes that could not be read.
    pub unread: usize,
    counts: BTreeMap<(Level, &'static str), usize>,
    /// By folded name.
    missing: HashMap<String, Missing>,
}

/// A name that links mention and no note has.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// As first written.
    pub name: String,
    pub links: usize,
    /// Notes that hold those links.
    pub notes: usize,
}

impl Summary {
    pub fn add(&mut self, note: &Checked) {
        self.notes += 1;
        self.notes_with_findings += usize::from(!note.findings.is_empty());
        for finding in &note.findings {
            *self.counts.entry((finding.level, finding.code)).or_default() += 1;
        }
        self.add_missing_names(note);
    }

    pub fn findings(&self) -> usize {
        self.counts.values().sum()
    }

    /// The highest severity found.
    pub fn worst(&self) -> Option<Level> {
        self.counts.keys().map(|(level, _)| *level).next_back()
    }

    /// Codes with their counts: the worst first, then the most frequent.
    pub fn codes(&self) -> Vec<(&'static str, Level, usize)> {
        let mut codes: Vec<_> = self.counts.iter().map(|(&(level, code), &count)| (code, level, count)).collect();
        codes.sort_by(|a, b| (b.1, b.2, a.0).cmp(&(a.1, a.2, b.0)));
        codes
    }

    /// Severities with their counts, the worst first.
    pub fn levels(&self) -> impl Iterator<Item = (Level, usize)> {
        let mut levels = BTreeMap::new();
        for ((level, _), count) in &self.counts {
            *levels.entry(*level).or_default() += count;
        }
        levels.into_iter().rev()
    }

    /// Names that no note has, the most wanted first.
    pub fn missing_names(&self) -> Vec<Missing> {
        let mut names: Vec<_> = self.missing.values().cloned().collect();
        names.sort_by(|a, b| b.links.cmp(&a.links).then_with(|| a.name.cmp(&b.name)));
        names
    }

    fn add_missing_names(&mut self, note: &Checked) {
        let mut seen = HashSet::new();
        for name in note.findings.iter().filter_map(|finding| finding.missing.as_deref()) {
            let key = name::fold(name).into_owned();
            let entry = self.missing.entry(key.clone());
            let missing = entry.or_insert_with(|| Missing { name: name.to_owned(), links: 0, notes: 0 });
            missing.links += 1;
            missing.notes += usize::from(seen.insert(key));
        }
    }
}
