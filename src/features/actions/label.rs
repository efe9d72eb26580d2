//! The label of a wikilink: the title of what it leads to, or none where it says the name again.

use super::link::{self, Aim};
use super::{Asked, Titled};
use crate::features::completion::Habits;
use crate::features::hover::note_title;
use crate::syntax::{Link, LinkKind};
use crate::text::Span;
use crate::vault::{Anchored, naming};

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let Some(link) = asked.links().next().filter(|link| link.kind == LinkKind::Wiki && !link.embed) else {
        return Vec::new();
    };
    match link.label {
        Some(label) => superfluous(asked, link, label).into_iter().collect(),
        None => title(asked, link).into_iter().collect(),
    }
}

fn superfluous<'a>(asked: &'a Asked<'a>, link: &Link, label: Span) -> Option<Titled<'a>> {
    let named = link.anchor.unwrap_or(link.name).end;
    let shown = link::shown_name(asked.document.of(link.name), link.anchor.map(|anchor| asked.document.of(anchor)));
    let bar = Span::new(named as usize, link.span.end as usize - "]]".len());
    let edit = asked.edit(bar, String::new());
    (asked.document.of(label) == shown)
        .then(|| asked.rewriting("Remove the label, which says the name again", vec![edit]))
}

fn title<'a>(asked: &'a Asked<'a>, link: &Link) -> Option<Titled<'a>> {
    let aim = link::aim(asked.snapshot, asked.note, &link.target)?;
    let label = called(asked, &aim)?;
    let is_quoted = asked.document.outline.in_front_matter(link.span);
    let fits = naming::fits_label(&label) && !label.ends_with(']') && !(is_quoted && naming::needs_yaml_escape(&label));
    let shown = link::shown_name(aim.name, aim.anchor);
    if !fits || label == shown || label.trim().is_empty() {
        return None;
    }
    let in_row = link::Rows::of(asked.document).contains(link.span.start as usize);
    let bar = link::bar(Habits::of(asked.snapshot), in_row);
    let edit = asked.edit(Span::empty(link.span.end as usize - "]]".len()), format!("{bar}{label}"));
    Some(asked.rewriting(format!("Write the label `{label}`"), vec![edit]))
}

/// The text of the heading that is led to, else the note's title.
fn called(asked: &Asked, aim: &Aim) -> Option<String> {
    let target = asked.snapshot.get(aim.file).filter(|file| file.is_note())?;
    match (aim.anchor, aim.anchored) {
        (None, _) => Some(note_title(target).to_owned()),
        (_, Some(Anchored::Heading { index, .. })) => {
            Some(target.facts.headings().nth(index)?.1.text.trim().to_owned())
        }
        _ => None,
    }
}
