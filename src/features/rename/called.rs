//! What a note calls itself and its parts: title, alias, heading, block id.

use super::moved::{moved, path_for};
use super::{Refused, Renaming, document, with_links};
use crate::features::change::{Change, FileEdit, edited};
use crate::features::relink::relink;
use crate::syntax::front_matter::{self, Field, FrontMatter};
use crate::syntax::name;
use crate::text::Span;
use crate::vault::naming::portable;
use crate::vault::{Document, FileId, Snapshot, Supposed};
use std::sync::Arc;

/// A new title. Where the file is named by its title, as it is or as a slug, it goes on being so.
pub fn title(snapshot: &Snapshot, note: FileId, new: &str) -> Result<Renaming, Refused> {
    let document = document(snapshot, note)?;
    let field = front_matter_of(&document)?.title.as_ref().ok_or_else(gone)?;
    let edit = in_yaml(&document, note, field.span, new)?;
    named_after(snapshot, note, &document, edit, &field.text, new)
}

/// A new title, and nothing else but the links written by it.
pub fn title_alone(snapshot: &Snapshot, note: FileId, new: &str) -> Result<Renaming, Refused> {
    let document = document(snapshot, note)?;
    let field = front_matter_of(&document)?.title.as_ref().ok_or_else(gone)?;
    rewritten(snapshot, note, &document, field, new)
}

pub fn alias(snapshot: &Snapshot, note: FileId, order: usize, new: &str) -> Result<Renaming, Refused> {
    let document = document(snapshot, note)?;
    let field = front_matter_of(&document)?.aliases.get(order).ok_or_else(gone)?;
    rewritten(snapshot, note, &document, field, new)
}

fn rewritten(
    snapshot: &Snapshot,
    note: FileId,
    document: &Document,
    field: &Field,
    new: &str,
) -> Result<Renaming, Refused> {
    let edit = in_yaml(document, note, field.span, new)?;
    Ok(with_links(snapshot, note, document, vec![edit]))
}

/// The first heading, where that is what the note is called.
pub fn first_heading(snapshot: &Snapshot, note: FileId, index: usize, new: &str) -> Result<Renaming, Refused> {
    let document = document(snapshot, note)?;
    let edit = heading_edit(&document, note, index, new)?;
    let old = document.outline.headings[index].text.clone();
    named_after(snapshot, note, &document, edit, &old, new)
}

pub fn heading(snapshot: &Snapshot, note: FileId, index: usize, new: &str) -> Result<Renaming, Refused> {
    let document = document(snapshot, note)?;
    let edit = heading_edit(&document, note, index, new)?;
    Ok(with_links(snapshot, note, &document, vec![edit]))
}

pub fn block(snapshot: &Snapshot, note: FileId, order: usize, new: &str) -> Result<Renaming, Refused> {
    let document = document(snapshot, note)?;
    let new = new.strip_prefix('^').unwrap_or(new);
    let block = document.outline.blocks.get(order).ok_or_else(gone)?;
    let mut others = document.outline.blocks.iter().enumerate().filter(|(other, _)| *other != order);
    if others.any(|(_, other)| document.of(other.id).eq_ignore_ascii_case(new)) {
        return Refused::because(format!("there is a block ^{new} in this note already"));
    }
    let edit = FileEdit { file: note, span: block.id, text: new.to_owned() };
    let after = edited(&document, std::slice::from_ref(&edit));
    let is_whole = |id: Span| id.of(&after.source) == new;
    if !after.outline.blocks.get(order).is_some_and(|block| is_whole(block.id)) {
        return Refused::because("a block id consists of letters, digits and hyphens");
    }
    Ok(with_links(snapshot, note, &document, vec![edit]))
}

/// An edit of what a note is called, with the file's own name where it says the same.
fn named_after(
    snapshot: &Snapshot,
    note: FileId,
    document: &Document,
    edit: FileEdit,
    old: &str,
    new: &str,
) -> Result<Renaming, Refused> {
    let stem = snapshot.entry(note).stem();
    let Some(stem) = stem_after(stem, old, new) else {
        return Ok(with_links(snapshot, note, document, vec![edit]));
    };
    let path = path_for(snapshot, note, &stem)?;
    moved_with(snapshot, note, path, document, edit)
}

pub fn moved_and_retitled(snapshot: &Snapshot, note: FileId, path: String, title: &str) -> Result<Renaming, Refused> {
    let document = document(snapshot, note)?;
    let no_title = || Refused(format!("{} has no title in its front matter", snapshot.path(note)));
    let field = document.outline.front_matter.as_ref().and_then(|front| front.title.as_ref()).ok_or_else(no_title)?;
    if field.text == title {
        return moved(snapshot, &[(note, path)]);
    }
    let edit = in_yaml(&document, note, field.span, title)?;
    moved_with(snapshot, note, path, &document, edit)
}

/// A note that goes to another path and says something else there.
fn moved_with(
    snapshot: &Snapshot,
    note: FileId,
    path: String,
    document: &Document,
    edit: FileEdit,
) -> Result<Renaming, Refused> {
    let moves = moved(snapshot, &[(note, path)])?.change.moves;
    let own = vec![edit];
    let supposed =
        Supposed { moved: moves.clone(), texts: vec![(note, Arc::new(edited(document, &own)))], ..Supposed::default() };
    let relinked = relink(snapshot, &snapshot.supposing(&supposed), &[note], &own);
    let edits = own.into_iter().chain(relinked.edits).collect();
    let change = Change { edits, places: relinked.places, moves, ..Change::default() };
    Ok(Renaming { change, lost: relinked.lost })
}

/// What a file named `stem` by its title is named by a new one; `None` where its name is its own.
fn stem_after(stem: &str, old: &str, new: &str) -> Option<String> {
    if stem == old || stem == portable(old) {
        return Some(portable(new));
    }
    let slugged: [fn(&str) -> String; 2] =
        [name::github_slug, |title| name::slugs(title).first().cloned().unwrap_or_default()];
    let slug = slugged.into_iter().find(|slug| !stem.is_empty() && slug(old) == stem)?;
    Some(slug(new)).filter(|stem| !stem.is_empty())
}

fn heading_edit(document: &Document, note: FileId, index: usize, new: &str) -> Result<FileEdit, Refused> {
    let headings = &document.outline.headings;
    let heading = headings.get(index).ok_or_else(gone)?;
    let edit = FileEdit { file: note, span: heading.source, text: new.to_owned() };
    let after = edited(document, std::slice::from_ref(&edit));
    let is_still_one = after.outline.headings.get(index).is_some_and(|heading| heading.source.of(&after.source) == new);
    if !is_still_one || after.outline.headings.len() != headings.len() {
        return Refused::because(format!("`{new}` cannot be the text of this heading"));
    }
    Ok(edit)
}

fn front_matter_of(document: &Document) -> Result<&FrontMatter, Refused> {
    document.outline.front_matter.as_ref().ok_or_else(gone)
}

/// What the note said when it was asked about is no longer there.
fn gone() -> Refused {
    Refused("the note has changed".to_owned())
}

/// The edit that writes a value for the place of another, quoted as that is and where it must be: so that it is read
/// back, and everything else in the front matter is as it was.
fn in_yaml(document: &Document, note: FileId, span: Span, value: &str) -> Result<FileEdit, Refused> {
    let before = &document.source[..span.start as usize];
    let quote = ['"', '\''].into_iter().find(|&quote| before.ends_with(quote));
    let quoted = quote.map_or_else(|| front_matter::scalar(value), |quote| front_matter::quoted(value, quote));
    // Where lines are text as they stand, quotes would be part of it.
    let written = [quoted, value.to_owned()].into_iter().filter(|_| !value.chars().any(char::is_control));
    let mut edits = written.map(|text| FileEdit { file: note, span, text });
    let old = called(document).into_iter().map(|field| if field.span == span { value } else { &field.text });
    let expected: Vec<String> = old.map(str::to_owned).collect();
    let is_read_back = |edit: &FileEdit| {
        let after = edited(document, std::slice::from_ref(edit));
        let problem =
            |document: &Document| document.outline.front_matter.as_ref().is_some_and(|it| it.problem.is_some());
        called(&after).into_iter().map(|field| &field.text).eq(&expected) && (!problem(&after) || problem(document))
    };
    edits
        .find(is_read_back)
        .ok_or_else(|| Refused(format!("`{value}` cannot be written in this place of the front matter")))
}

/// The title and the aliases.
fn called(document: &Document) -> Vec<&Field> {
    let front = document.outline.front_matter.as_ref();
    front.map_or_else(Vec::new, |front| front.title.iter().chain(&front.aliases).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_named_by_its_title_goes_on_being_so() {
        let cases = [
            ("Trade deals", "Trade deals", Some("War and peace")),
            ("trade-deals", "Trade deals", Some("war-and-peace")),
            ("trade_deals", "Trade deals", Some("war_and_peace")),
            ("202301011200", "Trade deals", None),
        ];
        for (stem, title, expected) in cases {
            assert_eq!(stem_after(stem, title, "War and peace").as_deref(), expected, "{stem}");
        }
    }
}
