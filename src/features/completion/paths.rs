//! Paths behind `](` and `[label]: `, and fragments behind their `#`.

use super::{Completions, Item, ItemKind, MOST, Subject, Writing, filter};
use crate::config::LinkPath;
use crate::features::fuzzy::{Best, Query};
use crate::features::hover::note_title;
use crate::syntax::name;
use crate::vault::{Dialect, Slugger, naming};
use percent_encoding::percent_decode_str;
use std::cmp::Reverse;

/// A destination that is being written.
struct Destination<'a> {
    typed: &'a str,
    /// Bytes behind the cursor that belong to it.
    behind: usize,
    /// What is written behind it.
    closing: &'static str,
    embed: bool,
}

fn destination<'a>(writing: &Writing<'a>) -> Option<Destination<'a>> {
    if let Some(open) = writing.line.open_destination() {
        let line = writing.line.behind;
        let ends = open.closed.map_or(0, |closed| line[..closed].find(['#', ' ']).unwrap_or(closed));
        let closing = if open.closed.is_none() { ")" } else { "" };
        return Some(Destination { typed: open.typed, behind: ends, closing, embed: open.embed });
    }
    let typed = writing.line.open_definition()?;
    let behind = writing.line.behind.find(char::is_whitespace).unwrap_or(writing.line.behind.len());
    Some(Destination { typed, behind, closing: "", embed: false })
}

/// `](path`
pub fn paths(writing: &Writing) -> Option<Completions> {
    let destination = destination(writing).filter(|it| !it.typed.contains(['#', ':']))?;
    let typed = destination.typed.trim_start_matches('<');
    let decoded = percent_decode_str(typed).decode_utf8_lossy();
    let mut query = Query::new(decoded.trim_start_matches(['.', '/']));
    let mut best = Best::new(MOST);
    let snapshot = writing.snapshot;
    for (id, file) in snapshot.files() {
        let names = [Some(&*file.path), Some(file.name()), file.facts.title()];
        let found = names.into_iter().flatten().filter_map(|name| query.score(name));
        let Some(score) = found.max() else { continue };
        let is_near = file.folder() == writing.folder();
        let is_fit = destination.embed != file.is_note();
        best.offer((score, is_fit && !file.set_aside, is_near, Reverse(file.path.len())), || id);
    }
    let incomplete = best.offered() > MOST;
    let (replace, insert) = writing.around(destination.typed.len(), destination.behind);
    // The closing angle bracket goes with the opening one.
    let is_wrapped = destination.typed.starts_with('<');
    let insert = if destination.closing.is_empty() && !is_wrapped { insert } else { replace };
    let items = best.into_sorted().into_iter().map(|id| {
        let file = snapshot.entry(id);
        let path = written_path(writing, &file.path);
        Item {
            label: path.clone(),
            detail: file.is_note().then(|| note_title(file).to_owned()),
            kind: if file.is_note() { ItemKind::Note } else { ItemKind::Attachment },
            filter: filter(destination.typed, &path),
            text: naming::destination(&path) + destination.closing,
            replace,
            insert,
            subject: file.is_note().then(|| Subject { path: file.path.to_string(), anchor: None }),
        }
    });
    Some(Completions { items: items.collect(), incomplete })
}

/// The path as the settings want it; from the root where it is typed so.
fn written_path(writing: &Writing, path: &str) -> String {
    let set = writing.snapshot.config().completion.path.or(writing.snapshot.obsidian().link_path);
    let rooted = destination(writing).is_some_and(|it| it.typed.starts_with('/'));
    if rooted || set == Some(LinkPath::Absolute) {
        return format!("/{path}");
    }
    naming::relative_path(writing.folder(), path)
}

/// `](path#fragment`
pub fn fragments(writing: &Writing) -> Option<Completions> {
    let destination = destination(writing)?;
    let (path, typed) = destination.typed.split_once('#').filter(|(path, _)| !path.contains(':'))?;
    let path = percent_decode_str(path.trim_start_matches('<')).decode_utf8_lossy();
    let file = writing.snapshot.resolve(writing.note, Dialect::Path, &path)?.file;
    let entry = writing.snapshot.get(file)?;
    let mut query = Query::new(typed);
    let mut best = Best::new(MOST);
    let mut slugger = Slugger::default();
    for (_, heading) in entry.facts.headings() {
        let slug = slugger.slug(heading.text);
        let score = query.score(&slug).max(query.score(heading.text));
        if let Some(score) = score {
            best.offer(score, || (slug, heading.text, heading.level));
        }
    }
    let incomplete = best.offered() > MOST;
    let (replace, insert) = writing.around(typed.len(), destination.behind);
    let insert = if destination.closing.is_empty() { insert } else { replace };
    let items = best.into_sorted().into_iter().map(|(slug, text, level)| Item {
        label: text.to_owned(),
        detail: Some(format!("{} {}", "#".repeat(level.into()), entry.stem())),
        kind: ItemKind::Heading,
        filter: filter(typed, &slug),
        text: naming::destination(&slug) + destination.closing,
        replace,
        insert,
        subject: Some(Subject { path: entry.path.to_string(), anchor: Some(name::fold_heading(text)) }),
    });
    Some(Completions { items: items.collect(), incomplete })
}
