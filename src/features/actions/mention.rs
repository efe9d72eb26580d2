//! Words in the text that a note is called by, and that are no link to it yet.

use super::link::{self, Aim, Rows};
use super::sound::sound;
use super::{Asked, Cost, Titled};
use crate::cores::on_all_cores;
use crate::features::change::{Change, FileEdit, Remark};
use crate::features::completion::Habits;
use crate::features::cursor::{Thing, things_at};
use crate::features::hover::note_title;
use crate::syntax::{LinkKind, name};
use crate::text::{Span, Text};
use crate::vault::{Dialect, Document, File, FileId, Snapshot, naming};
use regex::Regex;
use unicode_normalization::char::is_combining_mark;

/// How many words around the cursor are looked at.
const MOST_WORDS: usize = 6;
/// A name of fewer letters is met everywhere.
const FEWEST_LETTERS: usize = 3;
/// Nobody looks through more.
const MOST_MENTIONS: usize = 1_000;

/// The words under the cursor.
pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let mut offers = Vec::new();
    for (span, note) in mentions_at(asked) {
        let (Some(edit), Some(file)) = (linked(asked, span, note), asked.snapshot.get(note)) else { continue };
        offers.push(asked.rewriting(format!("Link to `{}`", file.path), vec![edit]));
        let plan = move || {
            let pattern = pattern(asked.snapshot.get(note)?)?;
            Some(Change::of(
                Linker::new(asked.snapshot, asked.note, asked.document, note, Habits::of(asked.snapshot))
                    .edits(&pattern),
            ))
        };
        let is_repeated = pattern(file).is_some_and(|it| mentions(asked.document, &it).nth(1).is_some());
        if is_repeated {
            offers.push(Titled::later(format!("Link all mentions of `{}` in this note", file.path), Cost::Few, plan));
        }
    }
    offers
}

/// All of the vault, where the cursor is on what the note is called.
pub fn offers_for_vault<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let mut things = things_at(asked.document, asked.span.start as usize);
    let is_title =
        |thing| matches!(thing, Thing::Title(_)) || matches!(thing, Thing::Heading(0, title) if title.level == 1);
    let file = asked.snapshot.get(asked.note).filter(|file| called(file).next().is_some());
    let file = file.filter(|_| asked.whole || things.any(is_title));
    let offer = file.map(|file| {
        let title = format!("Link unlinked mentions of `{}`…", note_title(file));
        Titled::later(title, Cost::Vault, move || in_vault(asked.snapshot, asked.note, file))
    });
    offer.into_iter().collect()
}

fn in_vault(snapshot: &Snapshot, target: FileId, file: &File) -> Option<Change> {
    let pattern = pattern(file)?;
    let mut notes: Vec<(FileId, &File)> =
        snapshot.files().filter(|(id, file)| file.is_note() && !file.set_aside && *id != target).collect();
    notes.sort_by_key(|(_, file)| &file.path);
    let habits = Habits::of(snapshot);
    let mut edits = on_all_cores(&notes, |(note, _)| in_note(snapshot, *note, target, &pattern, habits)).concat();
    edits.truncate(MOST_MENTIONS);
    let label = format!("Link to `{}`", file.path);
    Some(Change { edits, remark: Some(Remark { label, optional: true }), ..Change::default() })
}

fn in_note(snapshot: &Snapshot, note: FileId, target: FileId, pattern: &Regex, habits: Habits) -> Vec<FileEdit> {
    // Most notes hold no mention, and need no more than a look at their text.
    let Some(text) = snapshot.source(note).filter(|text| pattern.is_match(text)) else { return Vec::new() };
    let document = match snapshot.open_document(note) {
        Some(document) => document.clone(),
        None => Document::new(0, Text::new(&text)).into(),
    };
    Linker::new(snapshot, note, &document, target, habits).edits(pattern)
}

/// What a note is called, as a pattern: the longest name first.
fn pattern(file: &File) -> Option<Regex> {
    let mut names: Vec<String> = called(file).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.dedup();
    let words = |name: &String| name.split_whitespace().map(regex::escape).collect::<Vec<_>>().join(r"[ \t]+");
    let names: Vec<String> = names.iter().map(words).collect();
    let is_any = !names.is_empty();
    is_any.then(|| Regex::new(&format!("(?i){}", names.join("|"))).ok())?
}

/// Its name, as written and as spoken, its title and its aliases.
fn called(file: &File) -> impl Iterator<Item = String> {
    let spoken = file.stem().replace(['_', '-'], " ");
    let names = [file.stem(), &spoken].into_iter().chain(file.facts.title()).chain(file.facts.aliases());
    let names: Vec<String> = names.map(|name| name.trim().to_owned()).filter(|name| is_telling(name)).collect();
    names.into_iter()
}

/// Whether a name is long enough, and no number.
fn is_telling(name: &str) -> bool {
    let is_long = name.chars().count() >= FEWEST_LETTERS || name.chars().count() > 1 && !name.is_ascii();
    is_long && name.contains(char::is_alphabetic)
}

/// Where a note says one of the names, and it is mere text.
fn mentions<'a>(document: &'a Document, pattern: &'a Regex) -> impl Iterator<Item = Span> + 'a {
    let found = document.outline.paragraphs.iter().flat_map(move |leaf| {
        let start = leaf.start as usize;
        pattern.find_iter(document.of(*leaf)).map(move |it| Span::new(start + it.start(), start + it.end()))
    });
    let taken = Taken::of(document);
    found.filter(move |span| is_whole(&document.source, *span) && !taken.holds(document, *span))
}

/// Whether words end where a span does. Scripts without blanks have no such ends.
fn is_whole(source: &str, span: Span) -> bool {
    let (before, words, behind) = (&source[..span.start as usize], span.of(source), &source[span.end as usize..]);
    let joins = |a: Option<char>, b: Option<char>| a.zip(b).is_some_and(|(a, b)| is_of_word(a) && is_of_word(b));
    !joins(before.chars().next_back(), words.chars().next()) && !joins(words.chars().next_back(), behind.chars().next())
}

fn is_of_word(c: char) -> bool {
    let is_unspaced = matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
    (c.is_alphanumeric() || c == '_') && !is_unspaced
}

/// What is something already, in order of place.
struct Taken(Vec<Span>);

impl Taken {
    fn of(document: &Document) -> Taken {
        let outline = &document.outline;
        let mut spans: Vec<Span> = outline.links.iter().map(|it| it.span).collect();
        spans.extend(&outline.verbatim);
        spans.extend(outline.headings.iter().map(|it| it.span));
        spans.extend(outline.timestamps.iter().map(|it| it.span));
        spans.extend(outline.definitions.iter().map(|it| it.span));
        spans.extend(outline.footnotes.iter().map(|it| it.label));
        spans.extend(outline.tags.iter().map(|it| it.span));
        spans.extend(outline.blocks.iter().map(|it| it.span));
        spans.extend(outline.elements.iter().map(|it| it.span));
        spans.extend(outline.callouts.iter().map(|it| it.kind));
        spans.extend(&outline.undefined);
        spans.sort();
        spans.dedup_by(|next, last| {
            let joined = next.start < last.end;
            last.end = if joined { last.end.max(next.end) } else { last.end };
            joined
        });
        Taken(spans)
    }

    fn holds(&self, document: &Document, span: Span) -> bool {
        let i = self.0.partition_point(|taken| taken.end <= span.start);
        self.0.get(i).is_some_and(|taken| taken.overlaps(span)) || is_in_brackets(document, span)
    }
}

/// Whether a span stands in a tag of HTML, or in brackets that a link there would make something else.
fn is_in_brackets(document: &Document, span: Span) -> bool {
    const FAR: usize = 500;
    let source = &document.source;
    let from = source.floor_char_boundary((span.start as usize).saturating_sub(FAR));
    let before = &source[from..span.start as usize];
    let line = &before[before.rfind(['\n', '\r']).map_or(0, |at| at + 1)..];
    let is_tag = |at: usize| line[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
    let in_tag = line.rfind('<').is_some_and(|at| is_tag(at) && !line[at..].contains('>'));
    in_tag || line.ends_with('[') || source[span.end as usize..].starts_with(']')
}

/// Stretches of words around the cursor that a note is called by, the longest first; each note once.
fn mentions_at(asked: &Asked) -> Vec<(Span, FileId)> {
    let document = asked.document;
    let at = asked.span;
    let Some(leaf) = document.outline.paragraphs.iter().find(|leaf| leaf.encloses(at)) else { return Vec::new() };
    let taken = Taken::of(document);
    let mut found: Vec<(Span, FileId)> = Vec::new();
    for span in stretches(document, *leaf, at) {
        let is_inside = |outer: &(Span, FileId)| outer.0.encloses(span);
        if taken.holds(document, span) || !is_whole(&document.source, span) || found.iter().any(is_inside) {
            continue;
        }
        let notes = notes_called(asked.snapshot, document.of(span)).into_iter().filter(|note| *note != asked.note);
        found.extend(notes.take(3).map(|note| (span, note)));
    }
    found
}

/// Up to so many words of one line that the selection lies in; the selection itself where something is selected.
fn stretches(document: &Document, leaf: Span, at: Span) -> Vec<Span> {
    if !at.is_empty() {
        return vec![at];
    }
    let line = document.text.line_of(at.start as usize);
    let start = document.text.line_start(line).max(leaf.start as usize);
    let end = (document.text.line_start(line) + document.text.line(line).len()).min(leaf.end as usize).max(start);
    let text = &document.source[start..end];
    let is_part = |c: char| c.is_alphanumeric() || is_combining_mark(c) || "_'’-&.+#".contains(c);
    let mut words: Vec<Span> = Vec::new();
    for (offset, c) in text.char_indices() {
        let (from, to) = (start + offset, start + offset + c.len_utf8());
        match words.last_mut() {
            _ if !is_part(c) => {}
            Some(last) if last.end as usize == from => last.end = to as u32,
            _ => words.push(Span::new(from, to)),
        }
    }
    let Some(here) = words.iter().position(|word| word.touches(at.start as usize)) else { return Vec::new() };
    let trimmed = |span: Span| {
        let text = span.of(&document.source).trim_end_matches(['.', '\'', '’']);
        Span::new(span.start as usize, span.start as usize + text.len())
    };
    let firsts = here.saturating_sub(MOST_WORDS - 1)..=here;
    let all = firsts.flat_map(|first| (here..words.len().min(first + MOST_WORDS)).map(move |last| (first, last)));
    let mut all: Vec<(usize, usize)> = all.collect();
    all.sort_by_key(|(first, last)| std::cmp::Reverse(last - first));
    let spans = all.into_iter().map(|(first, last)| trimmed(Span { start: words[first].start, end: words[last].end }));
    spans.filter(|span| span.touches(at.start as usize)).collect()
}

/// The notes of a name, in any case: by name, title or alias; the best first.
fn notes_called(snapshot: &Snapshot, words: &str) -> Vec<FileId> {
    if !is_telling(words) {
        return Vec::new();
    }
    let index = &snapshot.index;
    let wanted = name::fold(words);
    let files = index.files_named(words).chain(index.notes_with_title(words)).chain(index.notes_with_alias(words));
    let is_called = |id: &FileId| {
        let Some(file) = snapshot.get(*id).filter(|file| file.is_note() && !file.set_aside) else { return false };
        called(file).any(|name| name::fold(&name) == wanted)
    };
    let mut notes: Vec<FileId> = files.filter(is_called).collect();
    let mut seen = Vec::new();
    notes.retain(|note| {
        !seen.contains(note) && {
            seen.push(*note);
            true
        }
    });
    notes
}

fn linked(asked: &Asked, span: Span, note: FileId) -> Option<FileEdit> {
    Linker::new(asked.snapshot, asked.note, asked.document, note, Habits::of(asked.snapshot)).edit(span)
}

/// Writes links of one note to another.
struct Linker<'a> {
    snapshot: &'a Snapshot,
    note: FileId,
    document: &'a Document,
    target: FileId,
    habits: Habits,
    rows: Rows,
}

impl<'a> Linker<'a> {
    fn new(snapshot: &'a Snapshot, note: FileId, document: &'a Document, target: FileId, habits: Habits) -> Linker<'a> {
        Linker { snapshot, note, document, target, habits, rows: Rows::of(document) }
    }

    fn edits(&self, pattern: &Regex) -> Vec<FileEdit> {
        let edits = mentions(self.document, pattern).filter_map(|span| self.edit(span)).collect();
        sound(self.snapshot, self.note, self.document, edits)
    }

    /// The words stay what is shown.
    fn edit(&self, span: Span) -> Option<FileEdit> {
        let words = self.document.of(span);
        let folder = self.snapshot.get(self.note).map_or("", |note| note.folder());
        let aim = Aim { file: self.target, name: words, anchor: None, anchored: None };
        let named = self.snapshot.resolve(self.note, Dialect::Name, words);
        let is_name = named.is_some_and(|it| it.file == self.target && !it.by.is_inexact() && it.others.is_empty());
        let (text, kind) = if self.habits.markdown {
            let path = link::path_from(self.snapshot, self.note, self.target, self.habits);
            let parts = link::Parts { embed: false, name: &path, anchor: None, label: Some(words) };
            (link::markdown(parts), LinkKind::Inline)
        } else {
            let name =
                if is_name { words.to_owned() } else { naming::shortest_name(self.snapshot, folder, self.target) };
            let label = Some(words).filter(|_| !is_name);
            let bar = link::bar(self.habits, self.rows.contains(span.start as usize));
            let parts = link::Parts { embed: false, name: &name, anchor: None, label };
            (link::wikilink(parts, &bar)?, LinkKind::Wiki)
        };
        let is_right = link::reads_as(self.snapshot, self.note, &text, kind, &aim);
        is_right.then_some(FileEdit { file: self.note, span, text })
    }
}
