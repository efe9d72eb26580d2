//! Notes and attachments behind `[[`: how the names that are offered are written.

use super::habits::Habits;
use super::offers::{Candidate, Offers};
use super::{Completions, Item, ItemKind, Subject, Writing, filter};
use crate::config::LinkPath;
use crate::features::fuzzy::Query;
use crate::features::hover::note_title;
use crate::text::Span;
use crate::vault::{File, FileId, Key, naming};

pub fn notes(writing: &Writing) -> Option<Completions> {
    let open = writing.line.open_wikilink()?;
    if open.typed.contains(['#', '|', '^']) {
        return None;
    }
    let mut query = Query::new(open.typed.trim_start_matches(['.', '/']));
    let mut offers = Offers::new(writing);
    // A path is no name of the catalogue.
    if open.typed.contains(['/', '.']) || !writing.snapshot.is_loaded() {
        offers.files(&mut query, true, writing.snapshot.files());
        offers.written(&mut query, writing.snapshot.index.mentions());
    } else {
        offers.catalogue(&mut query);
    }
    let (best, incomplete) = offers.into_best();
    let form = Form::new(writing, &open);
    let items = best.into_iter().filter_map(|(candidate, matched)| form.item(candidate, &matched));
    Some(Completions { items: items.collect(), incomplete })
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
