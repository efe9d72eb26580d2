//! Completions: what each item is, the line once it is taken, and where the written link leads then.

use crate::answer::{document, or_nothing};
use crate::case::Case;
use crate::draw::indented;
use crate::opened::Opened;
use vaultls::features::completion::{Item, ItemKind, completion, documentation};
use vaultls::features::definition::definition;
use vaultls::text::Span;

/// How many items are drawn.
const DRAWN: usize = 8;

pub fn answer(case: &Case) -> String {
    let opened = Opened::of(case);
    let (note, at) = opened.cursor();
    let completions = completion(&opened.snapshot, note, at);
    let writing = Writing { case, opened: &opened, at };
    let mut drawn = String::new();
    for (i, item) in completions.items.iter().enumerate() {
        writing.check(item);
        if i < DRAWN {
            drawn += &writing.drawn(item);
        }
    }
    if completions.items.len() > DRAWN {
        let more = if completions.incomplete { ", and more when asked again" } else { "" };
        drawn += &format!("… {} in all{more}\n", completions.items.len());
    }
    or_nothing(drawn)
}

struct Writing<'a> {
    case: &'a Case,
    opened: &'a Opened,
    at: usize,
}

impl Writing<'_> {
    /// What holds for every item: editors drop it or write nonsense otherwise.
    fn check(&self, item: &Item) {
        let held = &self.text()[item.replace.start as usize..self.at];
        assert!(item.filter.starts_with(held), "`{}` does not begin with `{held}`", item.filter);
        assert!(item.replace.touches(self.at) && item.insert.touches(self.at));
        assert!(item.replace.start == item.insert.start && item.replace.encloses(item.insert));
        assert!(!item.label.is_empty());
    }

    fn drawn(&self, item: &Item) -> String {
        let detail = item.detail.as_ref().map_or_else(String::new, |detail| format!(" ({detail})"));
        let kind = format!("{:?}", item.kind).to_lowercase();
        let mut drawn = format!("{kind} {}{detail}, found by {:?}\n", item.label, item.filter);
        drawn += &format!("  {}{}\n", self.line_with(item, item.replace), self.leads_to(item));
        if item.insert != item.replace {
            drawn += &format!("  {} where the editor inserts\n", self.line_with(item, item.insert));
        }
        if let Some(subject) = item.subject.as_ref().filter(|_| self.case.asks("documentation")) {
            drawn += &indented(&documentation(&self.opened.snapshot, subject).unwrap_or("nothing".to_owned()));
        }
        drawn
    }

    fn text(&self) -> &str {
        &self.case.files[self.case.cursor.expect("a cursor").0].text
    }

    /// The lines that the item changes, once it is taken.
    fn line_with(&self, item: &Item, replaced: Span) -> String {
        let text = self.with(item, replaced);
        let end = replaced.start as usize + item.text.len();
        let from = text[..replaced.start as usize].rfind('\n').map_or(0, |at| at + 1);
        let to = text[end..].find(['\n', '\r']).map_or(text.len(), |at| end + at);
        text[from..to].to_owned()
    }

    fn with(&self, item: &Item, replaced: Span) -> String {
        let mut text = self.text().to_owned();
        text.replace_range(replaced.range(), &item.text);
        text
    }

    /// Where the written link leads: found out in a vault where it is written.
    fn leads_to(&self, item: &Item) -> String {
        if matches!(item.kind, ItemKind::Tag | ItemKind::Footnote | ItemKind::Definition | ItemKind::Label) {
            return String::new();
        }
        let (note, _) = self.opened.cursor();
        let vault = &self.opened.vault;
        let path = self.opened.snapshot.path(note);
        vault.open_note(path, 2, &self.with(item, item.replace));
        let written = vault.snapshot();
        vault.open_note(path, 3, self.text());
        let found = definition(&written, note, item.replace.start as usize);
        let Some(target) = found.and_then(|found| found.targets.first().copied()) else {
            return " -> nothing".to_owned();
        };
        let place = target.location.place;
        let path = written.path(target.location.file);
        if place == Default::default() {
            return format!(" -> {path}");
        }
        let target = document(&written, target.location.file);
        format!(" -> {path}: {}", target.of(target.span(place)))
    }
}
