//! Notes and attachments behind `[[`.

use super::habits::Habits;
use super::{Completions, Item, ItemKind, MOST, Subject, Writing, filter};
use crate::config::LinkPath;
use crate::features::fuzzy::{Best, Class, Query, Score};
use crate::features::hover::note_title;
use crate::features::missing;
use crate::text::Span;
use crate::vault::catalogue::What;
use crate::vault::{Dialect, File, FileId, Key, naming};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Something a link can name.
enum Candidate {
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

pub fn notes(writing: &Writing) -> Option<Completions> {
    let open = writing.line.open_wikilink()?;
    if open.typed.contains(['#', '|', '^']) {
        return None;
    }
    let mut query = Query::new(open.typed.trim_start_matches(['.', '/']));
    let mut offers = Offers { writing, best: Best::new(MOST), cut: false };
    // A path is no name of the catalogue.
    if open.typed.contains(['/', '.']) || !writing.snapshot.is_loaded() {
        offers.files(&mut query, true, writing.snapshot.files());
        offers.written(&mut query, writing.snapshot.index.mentions());
    } else {
        offers.catalogue(&mut query);
    }
    let incomplete = offers.cut || offers.best.offered() > MOST;
    let form = Form::new(writing, &open);
    let items = offers.best.into_sorted().into_iter().filter_map(|(candidate, matched)| form.item(candidate, &matched));
    Some(Completions { items: items.collect(), incomplete })
}

/// The best of all that can be named.
struct Offers<'a> {
    writing: &'a Writing<'a>,
    best: Best<Rank<'a>, (Candidate, String)>,
    /// Some were not even offered, for enough are better.
    cut: bool,
}

impl<'a> Offers<'a> {
    fn files(&mut self, query: &mut Query, by_path: bool, files: impl Iterator<Item = (FileId, &'a File)>) {
        for (id, file) in files {
            // Of equals the last one.
            let names = [by_path.then_some(&*file.path), file.facts.title(), Some(file.stem())];
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
    fn written(&mut self, query: &mut Query, names: impl Iterator<Item = (Key, usize)>) {
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
        // The link that is being typed is no name to offer.
        let is_own = || notes == 1 && index.notes_mentioning(key).next() == Some(writing.note);
        if is_name && !is_own() && writing.snapshot.resolve(writing.note, Dialect::Name, name).is_none() {
            self.best.offer(rank, || (Candidate::Missing(key), name.to_owned()));
        }
    }

    fn rank(&self, id: FileId, file: &'a File, score: Score) -> Rank<'a> {
        let snapshot = self.writing.snapshot;
        let linked = snapshot.popularity().get(id.0 as usize).copied().unwrap_or(0) as usize;
        let is_near = file.folder() == self.writing.folder();
        (score, !file.set_aside && file.is_note(), is_near, linked, Reverse((file.path.len(), &*file.path)))
    }

    fn catalogue(&mut self, query: &mut Query) {
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
            _ => Some(file.stem()),
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
        let mut by_class: BTreeMap<Class, Vec<(What, &str)>> = BTreeMap::new();
        for (named, text) in catalogue.containing(query.first_word()).filter(|(named, _)| known(named.what)) {
            by_class.entry(query.class(text)).or_default().push((named.what, text));
        }
        by_class.remove(&Class::Fuzzy);
        let mut found = Vec::new();
        for (_, names) in by_class.into_iter().rev() {
            found.extend(names.into_iter().filter_map(|(what, text)| Some((what, query.score(text)?))));
            // A file has at most two names that are one item.
            if found.len() > 2 * MOST {
                self.cut = true;
                return found;
            }
        }
        for (named, text) in catalogue.with_letters(query.letters()).filter(|(named, _)| known(named.what)) {
            if query.class(text) == Class::Fuzzy {
                found.extend(query.score(text).map(|score| (named.what, score)));
            }
        }
        found
    }
}

/// How an item is written here: what is replaced, and what stands around the name.
struct Form<'a> {
    writing: &'a Writing<'a>,
    typed: &'a str,
    embed: bool,
    habits: Habits,
    /// Bytes behind the cursor that belong to the name.
    behind: usize,
    /// What follows them.
    follows: Follows,
}

#[derive(Clone, Copy, PartialEq)]
enum Follows {
    /// `]]`
    Closing,
    /// `]`, as editors that close one bracket leave it.
    HalfClosing,
    /// `#` or `|`: the link goes on.
    Rest,
    Nothing,
}

impl<'a> Form<'a> {
    fn new(writing: &'a Writing, open: &super::line::Open<'a>) -> Form<'a> {
        let behind = writing.line.behind;
        let name_ends = open.part_ends(behind, &['#', '|']);
        let rest = &behind[name_ends..];
        let follows = if rest.starts_with("]]") {
            Follows::Closing
        } else if open.closed.is_some() {
            Follows::Rest
        } else if rest.starts_with(']') {
            Follows::HalfClosing
        } else {
            Follows::Nothing
        };
        let habits = Habits::of(writing.snapshot);
        Form { writing, typed: open.typed, embed: open.embed, habits, behind: name_ends, follows }
    }

    /// `None` where the name cannot be written here.
    fn item(&self, candidate: Candidate, matched: &str) -> Option<Item> {
        match candidate {
            Candidate::File { file, alias } => self.file(file, alias, matched),
            Candidate::Missing(key) => Some(self.missing(key)),
        }
    }

    fn file(&self, id: FileId, alias: Option<String>, matched: &str) -> Option<Item> {
        let snapshot = self.writing.snapshot;
        let file = snapshot.entry(id);
        let name = self.name(id, file);
        let shown = alias.clone().unwrap_or_else(|| note_title(file).to_owned());
        let fits = naming::fits_wikilink(&name);
        let as_markdown = !fits || self.habits.markdown && !self.embed && self.follows != Follows::Rest;
        // An anchor or a label behind the cursor belongs to a wikilink; quotes of the front matter end at quotes.
        let is_front = self.writing.document.outline.in_front_matter(Span::empty(self.writing.at));
        if !fits && self.follows == Follows::Rest || is_front && (!fits || naming::needs_yaml_escape(&name)) {
            return None;
        }
        let label = alias.or_else(|| (self.habits.title && file.is_note()).then(|| shown.clone()));
        let kind = if file.is_note() { ItemKind::Note } else { ItemKind::Attachment };
        let subject = file.is_note().then(|| Subject { path: file.path.to_string(), anchor: None });
        let item =
            if as_markdown { self.markdown(file, &shown, matched) } else { self.wikilink(&name, label, matched) };
        Some(Item { label: shown, detail: Some(file.path.to_string()), kind, subject, ..item })
    }

    fn missing(&self, key: Key) -> Item {
        let index = &self.writing.snapshot.index;
        let name = index.names.text(key);
        let notes = index.notes_mentioning(key).len();
        let detail = Some(format!("not written yet, linked from {}", crate::features::prose::counted(notes, "note")));
        let label = name.to_owned();
        Item { label, detail, kind: ItemKind::Missing, ..self.wikilink(name, None, name) }
    }

    /// The name as the settings want it; the shortest one leads to the file and to no other.
    fn name(&self, id: FileId, file: &File) -> String {
        let from = self.writing.folder();
        if self.typed.starts_with('/') {
            return format!("/{}", naming::without_ending(&file.path));
        }
        let is_relative = self.typed.starts_with("./") || self.typed.starts_with("../");
        match if is_relative { LinkPath::Relative } else { self.habits.path } {
            LinkPath::Shortest => naming::shortest_name(self.writing.snapshot, from, id),
            LinkPath::Absolute => naming::without_ending(&file.path).to_owned(),
            LinkPath::Relative => {
                let path = naming::relative_path(from, &file.path);
                let path = if path.starts_with("../") { path } else { format!("./{path}") };
                naming::without_ending(&path).to_owned()
            }
        }
    }

    fn wikilink(&self, name: &str, label: Option<String>, matched: &str) -> Item {
        let goes_on = self.follows == Follows::Rest;
        let label = label
            .filter(|label| !goes_on && !self.embed && label != name && !label.contains(['|', ']', '[', '\n', '\r']));
        let label = label.map_or_else(String::new, |label| self.bar() + &label);
        let (closing, behind) = match self.follows {
            Follows::Closing | Follows::Rest => ("", self.behind),
            Follows::HalfClosing => ("]]", self.behind + 1),
            Follows::Nothing => ("]]", self.behind),
        };
        let (replace, insert) = self.writing.around(self.typed.len(), behind);
        // Where editors only replace up to the cursor, what stands behind it must not be doubled.
        let insert = if self.behind == 0 && behind > 0 { replace } else { insert };
        let text = format!("{name}{label}{closing}");
        Item { text, filter: filter(self.typed, matched), replace, insert, ..blank() }
    }

    /// What stands between a name and its label; in the row of a table it must not end the cell.
    fn bar(&self) -> String {
        let bar = self.habits.bar();
        if self.is_row() { bar.replace('|', "\\|") } else { bar.to_owned() }
    }

    /// Whether the cursor is in the row of a table, where a bar ends the cell.
    fn is_row(&self) -> bool {
        self.writing.line.before.trim_start().starts_with('|')
    }

    /// `[title](path)` in place of the whole wikilink.
    fn markdown(&self, file: &File, shown: &str, matched: &str) -> Item {
        let path = match self.habits.path {
            LinkPath::Absolute => format!("/{}", file.path),
            _ => naming::relative_path(self.writing.folder(), &file.path),
        };
        let shown = shown.replace('[', "\\[").replace(']', "\\]");
        let shown = if self.is_row() { shown.replace('|', "\\|") } else { shown };
        let text = format!("[{shown}]({})", naming::destination(&path));
        let closing = match self.follows {
            Follows::Closing => 2,
            Follows::HalfClosing => 1,
            _ => 0,
        };
        let typed = format!("[[{}", self.typed);
        let (replace, _) = self.writing.around(typed.len(), self.behind + closing);
        Item { text, filter: filter(&typed, matched), replace, insert: replace, ..blank() }
    }
}

/// An item whose fields are all filled in by struct update.
pub(super) fn blank() -> Item {
    Item {
        label: String::new(),
        detail: None,
        kind: ItemKind::Note,
        filter: String::new(),
        text: String::new(),
        replace: Default::default(),
        insert: Default::default(),
        subject: None,
    }
}
