//! The name in a link made shorter or longer: `[[china]]` and `[[talks/china]]`, a path from the note and from the root.

use super::sound::sound_change;
use super::{Asked, Cost, Titled};
use crate::features::change::FileEdit;
use crate::features::parts;
use crate::syntax::{Link, LinkKind};
use crate::vault::{Dialect, naming};

/// A way to write a name.
#[derive(Clone, Copy)]
enum Way {
    Shortest,
    Full,
    FromNote,
    FromRoot,
}

const WAYS: [Way; 4] = [Way::Shortest, Way::Full, Way::FromNote, Way::FromRoot];

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let Some(link) = asked.links().next() else { return Vec::new() };
    let offers = WAYS.iter().filter_map(|&way| {
        let edit = edit(asked, link, way)?;
        Some(asked.rewriting(format!("Write {} `{}`", way.one(), edit.text), vec![edit]))
    });
    offers.collect()
}

/// The same for all links of the note, where one is selected that can be written so.
pub fn offers_for_all<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let links = &asked.document.outline.links;
    let is_possible = |way: &Way| match asked.whole {
        true => links.iter().any(|link| edit(asked, link, *way).is_some()),
        false => asked.links().any(|link| edit(asked, link, *way).is_some()),
    };
    let offer = |way: Way| {
        let plan = move || {
            let edits = links.iter().filter_map(|link| edit(asked, link, way)).collect();
            sound_change(asked.snapshot, asked.note, asked.document, edits)
        };
        Titled::later(format!("Write {} in all links of the note", way.many()), Cost::Few, plan)
    };
    WAYS.into_iter().filter(is_possible).map(offer).collect()
}

/// `None` where the link is written so, or would lead elsewhere.
fn edit(asked: &Asked, link: &Link, way: Way) -> Option<FileEdit> {
    let (dialect, name, _) = parts(&link.target)?;
    let is_kind = matches!(link.kind, LinkKind::Wiki | LinkKind::Inline | LinkKind::Html);
    let resolved = asked.snapshot.resolve(asked.note, dialect, name).filter(|_| is_kind && !name.is_empty())?;
    let path = asked.snapshot.path(resolved.file);
    let ended = |path: &str| match naming::without_ending(name) == name {
        true => naming::without_ending(path).to_owned(),
        false => path.to_owned(),
    };
    let written = match (dialect, way) {
        (Dialect::Name, Way::Shortest) => {
            let shortest = naming::shortest_name(asked.snapshot, asked.folder(), resolved.file);
            (shortest.len() < name.len()).then_some(shortest)?
        }
        (Dialect::Name, Way::Full) if !name.starts_with('/') => naming::without_ending(path).to_owned(),
        (Dialect::Path, Way::FromNote) => ended(&naming::relative_path(asked.folder(), path)),
        (Dialect::Path, Way::FromRoot) => format!("/{}", ended(path)),
        _ => return None,
    };
    let leads = asked.snapshot.resolve(asked.note, dialect, &written)?;
    let is_quoted = asked.document.outline.in_front_matter(link.span);
    let fits = match dialect {
        Dialect::Name => naming::fits_wikilink(&written) && !(is_quoted && naming::needs_yaml_escape(&written)),
        _ => !is_like_an_address(&written),
    };
    let is_same = leads.file == resolved.file && leads.others.is_empty() && !leads.by.is_inexact();
    let is_new = written != name.strip_prefix("./").unwrap_or(name);
    let text = if dialect == Dialect::Path { naming::destination(&written) } else { written };
    (is_same && fits && is_new).then(|| asked.edit(link.name, text))
}

/// `a:b.md` would be read as an address of the scheme `a`.
fn is_like_an_address(path: &str) -> bool {
    path.split('/').next().is_some_and(|first| first.contains(':'))
}

impl Way {
    fn one(self) -> &'static str {
        match self {
            Way::Shortest => "the shortest name",
            Way::Full => "the full path",
            Way::FromNote => "the path from this note",
            Way::FromRoot => "the path from the root",
        }
    }

    fn many(self) -> &'static str {
        match self {
            Way::Shortest => "the shortest names",
            Way::Full => "the full paths",
            Way::FromNote => "the paths from this note",
            Way::FromRoot => "the paths from the root",
        }
    }
}
