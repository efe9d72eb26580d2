//! Links to a file that went and came elsewhere, seen on disk and told by nobody.

use super::{Asked, Cost, Titled};
use crate::features::change::Change;
use crate::features::prose::grouped;
use crate::features::relink::{links, relink};
use crate::vault::{FileId, Snapshot, Supposed, last_name};

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let here = |span: crate::text::Span| span.start <= asked.span.start && asked.span.end <= span.end;
    let Some(link) = links(asked.document).find(|link| here(link.span)) else { return Vec::new() };
    let snapshot = asked.snapshot;
    let could_mean = |path: &str| last_name(path).eq_ignore_ascii_case(last_name(link.path()));
    if snapshot.resolve(asked.note, link.dialect(), link.path()).is_some() || !snapshot.departed().any(could_mean) {
        return Vec::new();
    }
    let all = snapshot.elsewhere();
    let meant = all.iter().find(|moved| {
        let before = as_before(snapshot, std::slice::from_ref(moved));
        before.resolve(asked.note, link.dialect(), link.path()).is_some_and(|resolved| resolved.file == moved.0)
    });
    let Some((file, old)) = meant.cloned() else { return Vec::new() };
    let title = format!("Update the links to `{old}`, which is `{}` now", snapshot.path(file));
    let mut offers = vec![Titled::later(title, Cost::Vault, move || Some(updated(snapshot, &[(file, old)])))];
    if all.len() > 1 {
        let title = format!("Update the links to all {} files that were moved", grouped(all.len()));
        offers.push(Titled::later(title, Cost::Vault, move || Some(updated(snapshot, &all))));
    }
    offers
}

/// The vault before files were moved.
fn as_before(snapshot: &Snapshot, moved: &[(FileId, String)]) -> Snapshot {
    // What they say is where they are now.
    let texts = moved.iter().filter_map(|(file, _)| Some((*file, snapshot.document(*file)?))).collect();
    snapshot.supposing(&Supposed { moved: moved.to_vec(), texts, ..Supposed::default() })
}

/// The edits after which every link leads where it led before files were moved.
fn updated(snapshot: &Snapshot, moved: &[(FileId, String)]) -> Change {
    let files: Vec<FileId> = moved.iter().map(|(file, _)| *file).collect();
    Change::of(relink(&as_before(snapshot, moved), snapshot, &files, &[]).edits)
}
