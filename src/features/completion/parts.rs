//! Headings and blocks behind `#` and `#^`, and labels behind `|`, of the note that a wikilink names.

use super::line::Open;
use super::notes::blank;
use super::{Completions, Item, ItemKind, MOST, Subject, Writing, filter};
use crate::features::fuzzy::{Best, Query};
use crate::features::prose::shown;
use crate::syntax::name;
use crate::vault::facts::Heading;
use crate::vault::{Anchored, Dialect, Fact, File, FileId, naming};
use rustc_hash::FxHashSet;

/// `[[name#head`
pub fn headings(writing: &Writing) -> Option<Completions> {
    let open = writing.line.open_wikilink()?;
    let (name, anchor) = open.typed.split_once('#')?;
    let (above, typed) = anchor.rsplit_once('#').unwrap_or(("", anchor));
    let (file, entry) = named(writing, name)?;
    let mut found = Found::new(writing, &open, typed);
    let mut seen = FxHashSet::default();
    for heading in headings_beneath(writing, file, entry, above) {
        let text = naming::anchor_text(heading.text);
        // A link leads to the first of its name.
        if !seen.insert(name::fold_heading(&text)) {
            continue;
        }
        found.offer(&text, || Item {
            label: heading.text.to_owned(),
            detail: Some(format!("{} {}", "#".repeat(heading.level.into()), entry.stem())),
            kind: ItemKind::Heading,
            subject: subject(writing, file, text.clone()),
            ..blank()
        });
    }
    Some(found.into_completions())
}

/// The headings in the section that `above` names, without its own; all where it names none.
fn headings_beneath<'a>(writing: &Writing, file: FileId, entry: &'a File, above: &str) -> Vec<Heading<'a>> {
    let mut headings: Vec<Heading> = entry.facts.headings().map(|(_, heading)| heading).collect();
    if let Some(Anchored::Heading { index, .. }) = writing.snapshot.anchor(file, Dialect::Name, above) {
        let level = headings[index].level;
        headings.drain(..=index);
        headings.truncate(headings.iter().position(|it| it.level <= level).unwrap_or(headings.len()));
    }
    headings
}

/// `[[name#^id`
pub fn blocks(writing: &Writing) -> Option<Completions> {
    let open = writing.line.open_wikilink()?;
    let (name, typed) = open.typed.split_once("#^")?;
    let (file, entry) = named(writing, name)?;
    let document = writing.snapshot.document(file)?;
    let mut found = Found::new(writing, &open, typed);
    for (place, fact) in entry.facts.iter() {
        let Fact::Block(id) = fact else { continue };
        let at = document.span(place);
        let block = document.outline.blocks.iter().find(|block| block.span == at);
        found.offer(id, || Item {
            label: format!("^{id}"),
            detail: block.map(|block| shown(&document, block.block).chars().take(80).collect()),
            kind: ItemKind::Block,
            subject: subject(writing, file, format!("^{id}")),
            ..blank()
        });
    }
    Some(found.into_completions())
}

/// `[[name|label`
pub fn labels(writing: &Writing) -> Option<Completions> {
    let open = writing.line.open_wikilink().filter(|open| !open.embed)?;
    let (target, label) = open.typed.split_once('|')?;
    let (name, anchor) = target.split_once('#').unwrap_or((target, ""));
    let (_, entry) = named(writing, name)?;
    let mut found = Found::new(writing, &open, label.trim_start());
    let spoken = entry.stem().replace(['_', '-'], " ");
    let names = entry.facts.title().into_iter().chain(entry.facts.aliases()).chain([anchor.trim(), &spoken]);
    let mut seen: Vec<&str> = Vec::new();
    for name in names.filter(|name| !name.is_empty() && !name.starts_with('^') && naming::fits_label(name)) {
        if !seen.contains(&name) {
            seen.push(name);
            found.offer(name, || Item { label: name.to_owned(), kind: ItemKind::Label, ..blank() });
        }
    }
    Some(found.into_completions())
}

/// The note that a half-written link names; the note itself where it names none.
fn named<'a>(writing: &Writing<'a>, name: &str) -> Option<(FileId, &'a File)> {
    let file = writing.snapshot.resolve(writing.note, Dialect::Name, name.trim().trim_end_matches('\\'))?.file;
    Some((file, writing.snapshot.get(file)?))
}

fn subject(writing: &Writing, file: FileId, anchor: String) -> Option<Subject> {
    Some(Subject { path: writing.snapshot.path(file).to_owned(), anchor: Some(anchor) })
}

/// The last part of a wikilink in the making: offers are matched, written and closed.
struct Found<'a> {
    writing: &'a Writing<'a>,
    typed: &'a str,
    query: Query,
    best: Best<crate::features::fuzzy::Score, (String, Item)>,
    /// Bytes behind the cursor that belong to this part.
    behind: usize,
    closing: &'static str,
}

impl<'a> Found<'a> {
    fn new(writing: &'a Writing, open: &Open<'a>, typed: &'a str) -> Found<'a> {
        let line = writing.line.behind;
        let behind = open.part_ends(line, &['|']);
        let half = open.closed.is_none() && line.starts_with(']');
        let closing = if open.closed.is_none() { "]]" } else { "" };
        Found {
            writing,
            typed,
            query: Query::new(typed),
            best: Best::new(MOST),
            behind: behind + half as usize,
            closing,
        }
    }

    fn offer(&mut self, text: &str, item: impl FnOnce() -> Item) {
        if let Some(score) = self.query.score(text) {
            self.best.offer(score, || (text.to_owned(), item()));
        }
    }

    fn into_completions(self) -> Completions {
        let incomplete = self.best.offered() > MOST;
        let (replace, insert) = self.writing.around(self.typed.len(), self.behind);
        let insert = if self.closing.is_empty() { insert } else { replace };
        let items = self.best.into_sorted().into_iter().map(|(text, item)| Item {
            filter: filter(self.typed, &text),
            text: text + self.closing,
            replace,
            insert,
            ..item
        });
        Completions { items: items.collect(), incomplete }
    }
}
