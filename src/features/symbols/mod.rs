//! Names to jump to.

mod moments;

use super::Location;
use super::fuzzy::{Best, Class, Query, Score};
use crate::cores::on_each_core;
use crate::text::{Place, Span};
use crate::vault::{Fact, File, FileId, Snapshot};
use rustc_hash::FxHashSet;
use std::cmp::Reverse;

/// A heading with what stands beneath it.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    pub name: String,
    /// 1 to 6.
    pub level: u8,
    /// The section.
    pub span: Span,
    /// The heading's text.
    pub selection: Span,
    pub children: Vec<Symbol>,
}

/// The headings of a note, nested by level, and nothing else.
pub fn document_symbols(snapshot: &Snapshot, note: FileId) -> Vec<Symbol> {
    let Some(document) = snapshot.document(note) else { return Vec::new() };
    let outline = &document.outline;
    let mut open: Vec<Symbol> = Vec::new();
    let mut top = Vec::new();
    for (i, heading) in outline.headings.iter().enumerate() {
        close(&mut open, &mut top, heading.level);
        open.push(Symbol {
            name: heading.text.clone(),
            level: heading.level,
            span: outline.section(i, document.source.len()),
            selection: heading.span,
            children: Vec::new(),
        });
    }
    close(&mut open, &mut top, 0);
    top
}

/// Ends the open headings of `level` and below: each goes beneath the one before it.
fn close(open: &mut Vec<Symbol>, top: &mut Vec<Symbol>, level: u8) {
    while open.last().is_some_and(|last| last.level >= level) {
        let Some(ended) = open.pop() else { return };
        open.last_mut().map_or(&mut *top, |parent| &mut parent.children).push(ended);
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct VaultSymbol {
    pub name: String,
    pub kind: VaultSymbolKind,
    /// The note's path.
    pub container: String,
    pub location: Location,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VaultSymbolKind {
    Note,
    Alias,
    Heading,
    Tag,
    /// A timestamp.
    Moment,
}

/// How many symbols are shown.
const MOST: usize = 200;

/// Notes, headings, tags and aliases that match, fuzzily, best first, at most 200. Where the query ends in a time that
/// some note cites, the moments around it.
pub fn vault_symbols(snapshot: &Snapshot, query: &str) -> Vec<VaultSymbol> {
    let moments = moments::asked(query).map(|asked| moments::symbols(snapshot, asked)).unwrap_or_default();
    if moments.is_empty() { names(snapshot, query) } else { moments }
}

fn names(snapshot: &Snapshot, query: &str) -> Vec<VaultSymbol> {
    let typed = query.trim_start_matches('#');
    let letters = Query::new(typed).letters();
    let notes: Vec<(FileId, &File)> = snapshot
        .files()
        .filter(|(id, file)| file.is_note() && !file.set_aside && snapshot.may_say(*id, letters))
        .collect();
    let mut best = Best::new(MOST);
    for (rank, found) in on_each_core(&notes, |notes| best_of(snapshot, notes, typed)).into_iter().flatten() {
        best.offer(rank, || found);
    }
    best.into_sorted().into_iter().map(|(id, kind, name, place)| symbol(snapshot, id, kind, name, place)).collect()
}

/// How good a name is: of equals, that of the shorter path.
type Rank = (Score, Reverse<(VaultSymbolKind, usize)>);

/// A name, what it is of, and where it stands.
type Named<'a> = (FileId, VaultSymbolKind, &'a str, Place);

/// The best of some notes, best first.
fn best_of<'a>(snapshot: &'a Snapshot, notes: &[(FileId, &'a File)], typed: &str) -> Vec<(Rank, Named<'a>)> {
    let mut query = Query::new(typed);
    let mut best = Best::new(MOST);
    for &(id, file) in notes {
        each_name(snapshot, file, |kind, name, place| {
            let least = best.least().map_or(Class::Fuzzy, |(score, _): &Rank| score.class);
            if let Some(score) = query.score_from(name, least) {
                let rank = (score, Reverse((kind, file.path.len())));
                best.offer(rank, || (rank, (id, kind, name, place)));
            }
        });
    }
    best.into_sorted()
}

fn each_name<'a>(snapshot: &'a Snapshot, file: &'a File, mut each: impl FnMut(VaultSymbolKind, &'a str, Place)) {
    each(VaultSymbolKind::Note, file.stem(), Place::default());
    let mut tags = FxHashSet::default();
    for (place, fact) in file.facts.iter() {
        match fact {
            Fact::Title(title) if title != file.stem() => each(VaultSymbolKind::Note, title, place),
            Fact::Alias(alias) => each(VaultSymbolKind::Alias, alias, place),
            Fact::Heading(heading) => each(VaultSymbolKind::Heading, heading.text, place),
            Fact::Tag(tag) if tags.insert(tag) => {
                each(VaultSymbolKind::Tag, snapshot.index.names.text(tag), place);
            }
            _ => {}
        }
    }
}

fn symbol(snapshot: &Snapshot, file: FileId, kind: VaultSymbolKind, name: &str, place: Place) -> VaultSymbol {
    let name = if kind == VaultSymbolKind::Tag { format!("#{name}") } else { name.to_owned() };
    VaultSymbol { name, kind, container: snapshot.path(file).to_owned(), location: Location { file, place } }
}
