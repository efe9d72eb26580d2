//! Wikilinks as Markdown links, and the other way: one, those of the note, those of the vault.

use super::link::{self, Aim, Parts, Rows};
use super::sound::sound;
use super::{Asked, Cost, Titled};
use crate::cores::on_all_cores;
use crate::features::change::{Change, FileEdit, Remark};
use crate::features::completion::Habits;
use crate::features::parts;
use crate::syntax::{Context, Link, LinkKind};
use crate::vault::{Dialect, Document, Fact, File, FileId, Snapshot, naming};
use std::cell::OnceCell;

/// A form, by the kind of its links.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Wiki,
    Markdown,
}

const FORMS: [Form; 2] = [Form::Markdown, Form::Wiki];

/// What is selected, in the other form.
pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let offers = FORMS.iter().filter_map(|form| {
        let writer = Writer::new(asked.snapshot, asked.note, asked.document, *form);
        let edits: Vec<FileEdit> = asked.links().filter_map(|link| writer.edit(link)).collect();
        let title = match edits.len() {
            0 => return None,
            1 => format!("Convert to a {}", form.one()),
            count => format!("Convert {count} links to {}", form.many()),
        };
        Some(asked.rewriting(title, edits))
    });
    offers.collect()
}

/// All links of the note or of the vault. Offered on such a link, for it is not every day's work.
pub fn offers_for_all<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let mut offers = Vec::new();
    for form in FORMS {
        let is_other =
            |link: &&Link| link.kind == form.other().kind() && !is_fixed(link) && parts(&link.target).is_some();
        let is_there = if asked.whole {
            asked.document.outline.links.iter().any(|link| is_other(&link))
        } else {
            asked.links().any(|link| is_other(&link))
        };
        if !is_there {
            continue;
        }
        let (from, to) = (form.other().many(), form.many());
        let of_note = move || {
            Some(Change::of(edits(asked.snapshot, asked.note, asked.document, form, Habits::of(asked.snapshot))))
        };
        offers.push(Titled::later(format!("Convert the {from} of the note to {to}"), Cost::Few, of_note));
        let of_vault = move || Some(in_vault(asked.snapshot, form));
        offers.push(Titled::later(format!("Convert the {from} of the vault to {to}"), Cost::Vault, of_vault));
    }
    offers
}

fn in_vault(snapshot: &Snapshot, form: Form) -> Change {
    let dialect = if form == Form::Wiki { Dialect::Path } else { Dialect::Name };
    let has_some = |file: &File| {
        file.facts.iter().any(|(_, fact)| matches!(fact, Fact::Mention(mention) if mention.dialect == dialect))
    };
    let notes = snapshot.files().filter(|(_, file)| file.is_note() && !file.set_aside && has_some(file));
    let notes: Vec<FileId> = notes.map(|(note, _)| note).collect();
    let habits = Habits::of(snapshot);
    let of_note = |note: &FileId| {
        let document = snapshot.document(*note);
        document.map_or_else(Vec::new, |document| edits(snapshot, *note, &document, form, habits))
    };
    let edits = on_all_cores(&notes, of_note).concat();
    let label = format!("Write as a {}", form.one());
    Change { edits, remark: Some(Remark { label, optional: false }), ..Change::default() }
}

fn edits(snapshot: &Snapshot, note: FileId, document: &Document, form: Form, habits: Habits) -> Vec<FileEdit> {
    let writer = Writer { habits: OnceCell::from(habits), ..Writer::new(snapshot, note, document, form) };
    let mut end = 0;
    let links = document.outline.links.iter().filter(|link| {
        // A link in the label of another stays: the outer one is not written anew either.
        let is_free = link.span.start >= end;
        end = end.max(link.span.end);
        is_free
    });
    sound(snapshot, note, document, links.filter_map(|link| writer.edit(link)).collect())
}

/// Writes links of one note in a form.
struct Writer<'a> {
    snapshot: &'a Snapshot,
    note: FileId,
    document: &'a Document,
    form: Form,
    habits: OnceCell<Habits>,
    rows: OnceCell<Rows>,
}

impl<'a> Writer<'a> {
    fn new(snapshot: &'a Snapshot, note: FileId, document: &'a Document, form: Form) -> Writer<'a> {
        Writer { snapshot, note, document, form, habits: OnceCell::new(), rows: OnceCell::new() }
    }

    /// `None` where the link is of this form, leads nowhere, or cannot be written so.
    fn edit(&self, link: &Link) -> Option<FileEdit> {
        if link.kind != self.form.other().kind() || is_fixed(link) {
            return None;
        }
        let aim = link::aim(self.snapshot, self.note, &link.target)?;
        let text = match self.form {
            Form::Markdown => self.markdown(link, &aim),
            Form::Wiki => self.wikilink(link, &aim),
        }?;
        let is_same = link::reads_as(self.snapshot, self.note, &text, self.form.kind(), &aim);
        is_same.then_some(FileEdit { file: self.note, span: link.span, text })
    }

    fn markdown(&self, link: &Link, aim: &Aim) -> Option<String> {
        let anchor = aim.anchor_in(self.snapshot, Dialect::Path)?;
        let path = match aim.name {
            "" => String::new(),
            _ => link::path_from(self.snapshot, self.note, aim.file, self.habits()),
        };
        let label = link.label.map(|label| self.document.of(label).to_owned()).or_else(|| {
            // An embed shows what is embedded, and no name.
            (!link.embed).then(|| link::shown_name(aim.name, aim.anchor))
        });
        let label = label.map(|label| if is_balanced(&label) { label } else { escaped(&label) });
        let parts = Parts { embed: link.embed, name: &path, anchor: anchor.as_deref(), label: label.as_deref() };
        Some(link::markdown(parts))
    }

    fn wikilink(&self, link: &Link, aim: &Aim) -> Option<String> {
        if link::has_title(self.document, link) || self.has_links_inside(link) {
            return None;
        }
        let anchor = aim.anchor_in(self.snapshot, Dialect::Name)?;
        let name = match aim.name {
            "" => String::new(),
            _ => naming::shortest_name(self.snapshot, self.folder(), aim.file),
        };
        let shown = link.label.map_or("", |label| self.document.of(label));
        let label = shown.replace("\\[", "[").replace("\\]", "]");
        let is_plain = if link.embed { label.is_empty() } else { label == link::shown_name(&name, anchor.as_deref()) };
        let label = Some(label.as_str()).filter(|_| !is_plain);
        let parts = Parts { embed: link.embed, name: &name, anchor: anchor.as_deref(), label };
        let in_row = label.is_some() && self.rows().contains(link.span.start as usize);
        // A link that shows nothing would show its name.
        let is_shown = label.is_none_or(|label| !label.trim().is_empty() && label.trim() == label);
        link::wikilink(parts, &link::bar(self.habits(), in_row)).filter(|_| is_shown)
    }

    fn has_links_inside(&self, link: &Link) -> bool {
        let links = &self.document.outline.links;
        let from = links.partition_point(|other| other.span.start <= link.span.start);
        links.get(from).is_some_and(|next| link.span.encloses(next.span))
    }

    fn folder(&self) -> &str {
        self.snapshot.get(self.note).map_or("", |note| note.folder())
    }

    fn habits(&self) -> Habits {
        *self.habits.get_or_init(|| Habits::of(self.snapshot))
    }

    fn rows(&self) -> &Rows {
        self.rows.get_or_init(|| Rows::of(self.document))
    }
}

impl Form {
    fn other(self) -> Form {
        match self {
            Form::Wiki => Form::Markdown,
            Form::Markdown => Form::Wiki,
        }
    }

    fn kind(self) -> LinkKind {
        match self {
            Form::Wiki => LinkKind::Wiki,
            Form::Markdown => LinkKind::Inline,
        }
    }

    fn one(self) -> &'static str {
        match self {
            Form::Wiki => "wikilink",
            Form::Markdown => "Markdown link",
        }
    }

    fn many(self) -> &'static str {
        match self {
            Form::Wiki => "wikilinks",
            Form::Markdown => "Markdown links",
        }
    }
}

/// Whether a link can only be what it is: YAML knows no Markdown links.
fn is_fixed(link: &Link) -> bool {
    matches!(link.context, Context::FrontMatter | Context::FrontMatterUnquoted) || link.bracketed
}

/// Whether brackets in a label are closed, so that it may stand as it is.
fn is_balanced(label: &str) -> bool {
    let mut open = 0_i32;
    let closes = label.chars().all(|c| {
        open += (c == '[') as i32 - (c == ']') as i32;
        open >= 0
    });
    closes && open == 0 && !label.contains('\\')
}

fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}
