//! The best of all that a link can name. Knows how well names match and how well known they are; not how they are written.

use super::{MOST, Writing};
use crate::features::fuzzy::{Best, Class, Query, Score};
use crate::features::missing;
use crate::vault::catalogue::{What, words};
use crate::vault::{Dialect, File, FileId, Key, naming};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Where so many names hold what is typed, those that hold its letters here and there are not looked for.
const ENOUGH: usize = 20;

/// How many of those are looked at: the best known. The more is typed, the fewer there are.
const MOST_SCATTERED: usize = 10_000;

/// Something a link can name.
pub enum Candidate {
    File {
        file: FileId,
        /// The alias it was found by, which becomes the label.
        alias: Option<String>,
    },
    /// A name that is linked, but that no file has.
    Missing(Key),
}

/// How good a candidate is; greater is better. Of equals the name decides, so that the order is always the same.
type Rank<'a> = (Score, bool, bool, usize, Reverse<(usize, &'a str)>);

pub struct Offers<'a> {
    writing: &'a Writing<'a>,
    best: Best<Rank<'a>, (Candidate, String)>,
    /// Some were not even offered, for enough are better.
    cut: bool,
}

impl<'a> Offers<'a> {
    pub fn new(writing: &'a Writing<'a>) -> Offers<'a> {
        Offers { writing, best: Best::new(MOST), cut: false }
    }

    /// The best, each with the name it was found by; and whether there are more.
    pub fn into_best(self) -> (Vec<(Candidate, String)>, bool) {
        let more = self.cut || self.best.offered() > MOST;
        (self.best.into_sorted(), more)
    }

    /// Files that are looked at one by one.
    pub fn files(&mut self, query: &mut Query, by_path: bool, files: impl Iterator<Item = (FileId, &'a File)>) {
        for (id, file) in files {
            // Of equals the last one: the words of a title go on matching when a blank is typed.
            let names = [by_path.then_some(&*file.path), Some(file.stem()), file.facts.title()];
            let found = names.into_iter().flatten().filter_map(|name| Some((query.score(name)?, name)));
            if let Some((score, name)) = found.max_by_key(|(score, _)| *score) {
                self.best
                    .offer(self.rank(id, file, score), || (Candidate::File { file: id, alias: None }, name.to_owned()));
            }
            let is_typed = !query.is_empty();
            for alias in file.facts.aliases().filter(|_| is_typed) {
                if let Some(score) = query.score(alias) {
                    let candidate = || Candidate::File { file: id, alias: Some(alias.to_owned()) };
                    self.best.offer(self.rank(id, file, score), || (candidate(), alias.to_owned()));
                }
            }
        }
    }

    /// Names that are linked, but that no file has.
    pub fn written(&mut self, query: &mut Query, names: impl Iterator<Item = (Key, usize)>) {
        for (key, notes) in names {
            if let Some(score) = query.score(self.writing.snapshot.index.names.text(key)) {
                self.missing(key, notes, score);
            }
        }
    }

    fn missing(&mut self, key: Key, notes: usize, score: Score) {
        let (writing, index) = (self.writing, &self.writing.snapshot.index);
        let name = index.names.text(key);
        let rank = (score, false, false, notes, Reverse((name.len(), name)));
        if !self.best.takes(&rank) {
            return; // Before it is found out whether it is missing, which costs more.
        }
        let is_name = naming::fits_wikilink(name)
            && !missing::is_text(Dialect::Name, name)
            && !name.starts_with('.')
            && naming::without_ending(name) == name;
        // The link that is being typed is no name to offer, nor one that was written when the names were laid out.
        let is_wanted = || index.notes_mentioning(key).any(|note| note != writing.note);
        if is_name && is_wanted() && writing.snapshot.resolve(writing.note, Dialect::Name, name).is_none() {
            self.best.offer(rank, || (Candidate::Missing(key), name.to_owned()));
        }
    }

    fn rank(&self, id: FileId, file: &'a File, score: Score) -> Rank<'a> {
        let snapshot = self.writing.snapshot;
        let linked = snapshot.popularity().get(id.0 as usize).copied().unwrap_or(0) as usize;
        let is_near = file.folder() == self.writing.folder();
        (score, !file.set_aside && file.is_note(), is_near, linked, Reverse((file.path.len(), &*file.path)))
    }

    /// All names of the vault.
    pub fn catalogue(&mut self, query: &mut Query) {
        let snapshot = self.writing.snapshot;
        self.files(query, false, snapshot.recent());
        let mentions = snapshot.recent().flat_map(|(_, file)| file.facts.mentions()).map(|(_, mention)| mention);
        let keys: FxHashSet<Key> =
            mentions.filter(|it| it.dialect != Dialect::External).map(|mention| mention.name).collect();
        let noted = |key: Key| (key, snapshot.index.notes_mentioning(key).len());
        self.written(query, keys.iter().map(|&key| noted(key)));
        let known = |what: What| match what {
            What::Stem(file) | What::Title(file) | What::Alias(file, _) => !snapshot.is_recent(file),
            What::Written(key) => !keys.contains(&key),
        };
        let found = if query.is_empty() { self.best_known(known) } else { self.best_matching(query, known) };
        // A file is offered once, by the name that matches best.
        let mut by_file: FxHashMap<FileId, (Score, What)> = FxHashMap::default();
        for (what, score) in found {
            match what {
                What::Stem(file) | What::Title(file) => {
                    let best = by_file.entry(file).or_insert((score, what));
                    *best = if best.0 < score { (score, what) } else { *best };
                }
                What::Alias(..) => self.offer(what, score),
                What::Written(key) => self.missing(key, noted(key).1, score),
            }
        }
        by_file.into_values().for_each(|(score, what)| self.offer(what, score));
    }

    fn offer(&mut self, what: What, score: Score) {
        let (What::Stem(id) | What::Title(id) | What::Alias(id, _)) = what else { return };
        let Some(file) = self.writing.snapshot.get(id) else { return };
        let alias = |order: u32| file.facts.aliases().nth(order as usize);
        let matched = match what {
            What::Alias(_, order) => alias(order),
            What::Title(_) => file.facts.title(),
            _ => file.facts.title().filter(|title| words(title) == words(file.stem())).or(Some(file.stem())),
        };
        let alias = if let What::Alias(_, order) = what { alias(order).map(str::to_owned) } else { None };
        let matched = matched.unwrap_or_default();
        self.best.offer(self.rank(id, file, score), || (Candidate::File { file: id, alias }, matched.to_owned()));
    }

    /// Where nothing is typed: the best known files, those of the own folder first, and then names that no file has.
    fn best_known(&mut self, known: impl Fn(What) -> bool) -> Vec<(What, Score)> {
        let catalogue = self.writing.snapshot.catalogue();
        let own = catalogue.folder(self.writing.folder());
        let (mut near, mut far, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        for named in catalogue.all().filter(|named| !matches!(named.what, What::Title(_) | What::Alias(..))) {
            let list = match named.what {
                What::Written(_) => &mut missing,
                _ if Some(named.folder) == own => &mut near,
                _ => &mut far,
            };
            if list.len() < MOST && known(named.what) {
                list.push(named.what);
            } else {
                self.cut = true;
            }
            if near.len() == MOST {
                break;
            }
        }
        near.into_iter().chain(far).chain(missing).map(|what| (what, Score::ANY)).collect()
    }

    /// The names that match well, if there are enough of them; else all that match.
    fn best_matching(&mut self, query: &mut Query, known: impl Fn(What) -> bool) -> Vec<(What, Score)> {
        let catalogue = self.writing.snapshot.catalogue();
        let own = catalogue.folder(self.writing.folder());
        let mut by_class: BTreeMap<(Class, bool), Vec<What>> = BTreeMap::new();
        let mut leading = 0;
        for (named, text) in catalogue.containing(query.first_word()) {
            // Enough files are called so that those which only hold what is typed somewhere are not shown.
            if leading >= 2 * MOST && !query.may_lead(text) {
                self.cut = true;
                continue;
            }
            let class = query.class(text);
            let best = by_class.entry((class, Some(named.folder) == own)).or_default();
            // They come in the order of their ranks; of a file at most two names are one item.
            if best.len() == 2 * MOST {
                self.cut = true;
            } else if class != Class::Fuzzy && known(named.what) {
                let is_file = !matches!(named.what, What::Written(_));
                leading += usize::from(is_file && class >= Class::Prefix);
                best.push(named.what);
            }
        }
        let mut found: Vec<(What, Score)> = Vec::new();
        for ((class, _), names) in by_class.into_iter().rev() {
            found.extend(names.into_iter().map(|what| (what, Score::of(class))));
        }
        if found.len() >= ENOUGH {
            self.cut = true;
            return found;
        }
        let scattered = catalogue.with_letters(query.letters()).filter(|(named, _)| known(named.what));
        for (i, (named, text)) in scattered.enumerate() {
            if i == MOST_SCATTERED {
                self.cut = true;
                break;
            }
            let score = query.score(text).filter(|score| score.class == Class::Fuzzy);
            found.extend(score.map(|score| (named.what, score)));
        }
        found
    }
}
