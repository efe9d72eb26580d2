//! Another name for a note, written into its front matter in the style it has.

use super::{Asked, Cost, Titled};
use crate::features::change::{Change, FileEdit};
use crate::features::parts;
use crate::syntax::{self, LinkKind, front_matter, name};
use crate::text::{Span, spliced};
use crate::vault::{Dialect, Document, FileId, Snapshot};

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    of_label(asked).or_else(|| of_heading(asked)).into_iter().collect()
}

/// What a link calls a note.
fn of_label<'a>(asked: &'a Asked<'a>) -> Option<Titled<'a>> {
    let link = asked.links().next().filter(|link| matches!(link.kind, LinkKind::Wiki | LinkKind::Inline))?;
    let label = asked.document.of(link.label?).trim();
    let (dialect, name, anchor) = parts(&link.target)?;
    let note = asked.snapshot.resolve(asked.note, dialect, name)?.file;
    let is_plain = !label.contains(['[', ']', '*', '`', '|', '\n', '\r']) && !label.is_empty() && !link.embed;
    // The label of a link to a part names the part.
    if !is_plain || anchor.is_some() || !is_new(asked.snapshot, note, label) {
        return None;
    }
    let title = format!("Add `{label}` to the aliases of `{}`", asked.snapshot.get(note)?.stem());
    Some(Titled::later(title, Cost::Few, move || change(asked.snapshot, note, label)))
}

/// What a note calls itself.
fn of_heading<'a>(asked: &'a Asked<'a>) -> Option<Titled<'a>> {
    let heading = asked.document.outline.headings.first()?;
    let is_on = heading.span.touches(asked.span.start as usize) && heading.level == 1;
    let text = heading.text.trim();
    let is_asked = is_on && !text.is_empty() && is_new(asked.snapshot, asked.note, text);
    let plan = move || change(asked.snapshot, asked.note, text);
    is_asked.then(|| Titled::later(format!("Add `{text}` to the aliases of the note"), Cost::Few, plan))
}

/// Whether a note is not called so, and no other is found by this name: links to that one would lead here.
fn is_new(snapshot: &Snapshot, note: FileId, alias: &str) -> bool {
    let Some(file) = snapshot.get(note).filter(|file| file.is_note()) else { return false };
    let wanted = name::fold(alias);
    let mut called = [Some(file.stem()), file.facts.title()].into_iter().flatten().chain(file.facts.aliases());
    let is_called = called.any(|name| name::fold(name) == wanted);
    let other = snapshot.resolve(note, Dialect::Name, alias).filter(|found| found.file != note);
    !is_called && other.is_none_or(|found| !found.by.is_inexact())
}

fn change(snapshot: &Snapshot, note: FileId, alias: &str) -> Option<Change> {
    let document = snapshot.document(note)?;
    let ways = [beside_others(&document, alias), behind_an_empty_key(&document, alias), new_key(&document, alias)];
    // What is there and cannot be read must not become text.
    let none_yet = document.outline.front_matter.is_none();
    let mut ways = ways.into_iter().flatten().chain(none_yet.then(|| new_front_matter(&document, alias)));
    let (span, text) = ways.find(|(span, text)| adds(&document, *span, text, alias))?;
    Some(Change::of(vec![FileEdit { file: note, span, text }]))
}

/// Whether an edit adds just this alias and leaves YAML behind.
fn adds(document: &Document, span: Span, text: &str, alias: &str) -> bool {
    let aliases = |outline: &syntax::Outline| {
        let front = outline.front_matter.as_ref();
        front.map_or_else(Vec::new, |it| it.aliases.iter().map(|field| field.text.clone()).collect())
    };
    let Some(after) = spliced(&document.source, &[(span, text.to_owned())]) else { return false };
    let after = syntax::scan(&after);
    let is_valid = after.front_matter.as_ref().is_some_and(|front| front.problem.is_none());
    let expected: Vec<String> = aliases(&document.outline).into_iter().chain([alias.to_owned()]).collect();
    is_valid && aliases(&after) == expected
}

/// Behind the last alias: as the next item of its list, or after a comma.
fn beside_others(document: &Document, alias: &str) -> Option<(Span, String)> {
    let last = document.outline.front_matter.as_ref()?.aliases.last()?.span;
    let text = &document.text;
    let line = text.line_of(last.start as usize);
    let (start, written) = (text.line_start(line), text.line(line));
    let indent = written.len() - written.trim_start().len();
    if written[indent..].starts_with("- ") {
        let end = start + written.len();
        let mark = &written[..written.len() - written[indent + 1..].trim_start().len()];
        return Some((Span::empty(end), format!("{}{mark}{}", document.line_ending(), front_matter::scalar(alias))));
    }
    let quote = document.source[last.end as usize..].starts_with(['"', '\'']) as usize;
    let is_list = written.contains('[') || !written.contains(':');
    let alias = front_matter::scalar(alias);
    // In a text of several, quotes stand around them all.
    let at = if is_list { last.end as usize + quote } else { last.end as usize };
    Some((Span::empty(at), format!(", {alias}")))
}

/// `aliases:` and `aliases: []`
fn behind_an_empty_key(document: &Document, alias: &str) -> Option<(Span, String)> {
    let front = document.outline.front_matter.as_ref()?;
    let text = &document.text;
    let lines = text.line_of(front.span.start as usize)..text.line_of(front.span.end as usize);
    let key = |line: &usize| {
        let line = text.line(*line).to_ascii_lowercase();
        line.starts_with("aliases:") || line.starts_with("alias:")
    };
    let line = lines.into_iter().find(key)?;
    let (start, written) = (text.line_start(line), text.line(line));
    let value = start + written.find(':')? + 1;
    let is_empty = ["", "[]", "[ ]", "~", "null"].contains(&written[value - start..].trim());
    is_empty.then(|| (Span::new(value, start + written.len()), format!(" [{}]", front_matter::scalar(alias))))
}

/// As the last key.
fn new_key(document: &Document, alias: &str) -> Option<(Span, String)> {
    let front = document.outline.front_matter.as_ref().filter(|front| front.aliases.is_empty())?;
    let close = document.text.line_start(document.text.line_of(front.span.end as usize));
    let end = document.line_ending();
    Some((Span::empty(close), format!("aliases:{end}  - {}{end}", front_matter::scalar(alias))))
}

fn new_front_matter(document: &Document, alias: &str) -> (Span, String) {
    let at = if document.source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let end = document.line_ending();
    (Span::empty(at), format!("---{end}aliases:{end}  - {}{end}---{end}", front_matter::scalar(alias)))
}
