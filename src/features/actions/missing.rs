//! All links of the vault to a name that no file has, led to the note that is meant.

use super::link::{all_named, nearest_written};
use super::{Asked, Cost, Titled};
use crate::features::change::{Change, FileEdit, Remark};
use crate::features::references::mentions_of_missing;
use crate::features::{missing, parts};
use crate::syntax::name;
use crate::text::Span;
use crate::vault::{Dialect, FileId, Snapshot, naming};
use rustc_hash::{FxHashMap, FxHashSet};

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let Some((dialect, missed)) = missed(asked) else { return Vec::new() };
    if !is_elsewhere_too(asked, missed) {
        return Vec::new();
    }
    let near = asked.snapshot.nearest(missed);
    let offers = near.iter().filter_map(|&file| {
        let written = nearest_written(asked.snapshot, asked.folder(), dialect, file)?;
        let title = format!("Write `{written}` in all links to `{missed}`");
        Some(Titled::later(title, Cost::Few, move || Some(mended(asked.snapshot, missed, file))))
    });
    offers.collect()
}

/// The name under the cursor, if nothing has it.
fn missed<'a>(asked: &'a Asked) -> Option<(Dialect, &'a str)> {
    let named = all_named(asked.document).find(|named| {
        named.name.start <= asked.span.start && asked.span.end <= named.name.end && !named.name.is_empty()
    })?;
    let (dialect, name, _) = parts(named.target)?;
    let is_missing = asked.snapshot.resolve(asked.note, dialect, name).is_none() && !missing::is_text(dialect, name);
    is_missing.then_some((dialect, name))
}

/// Whether another link, here or elsewhere, writes the name.
fn is_elsewhere_too(asked: &Asked, missed: &str) -> bool {
    let index = &asked.snapshot.index;
    let wanted: Vec<String> = spelled(missed).collect();
    let same = |name: &str| wanted.contains(&name::fold(name).into_owned());
    let mut spellings = index.spellings(missed).filter(|key| same(index.names.text(*key)));
    let own = all_named(asked.document).filter_map(|named| parts(named.target)).filter(|(_, name, _)| same(name));
    own.count() > 1 || spellings.any(|key| index.notes_mentioning(key).any(|note| note != asked.note))
}

/// The name, folded, with and without the ending of a note.
fn spelled(missed: &str) -> impl Iterator<Item = String> {
    let bare = name::fold(naming::without_ending(missed)).into_owned();
    let ended = name::NOTE_ENDINGS.map(|ending| format!("{bare}.{ending}"));
    std::iter::once(bare).chain(ended)
}

/// The change that leads all links to a missing name to a file.
fn mended(snapshot: &Snapshot, missed: &str, file: FileId) -> Change {
    let mut by_note: FxHashMap<FileId, Vec<_>> = FxHashMap::default();
    for mention in spelled(missed).flat_map(|written| mentions_of_missing(snapshot, &written)) {
        by_note.entry(mention.file).or_default().push(mention.place);
    }
    let mut edits = Vec::new();
    for (note, places) in by_note {
        let Some(document) = snapshot.document(note) else { continue };
        let spans: FxHashSet<Span> = places.into_iter().map(|place| document.span(place)).collect();
        let folder = snapshot.get(note).map_or("", |note| note.folder());
        for named in all_named(&document).filter(|named| spans.contains(&named.span)) {
            let Some((dialect, name, _)) = parts(named.target) else { continue };
            let written = nearest_written(snapshot, folder, dialect, file);
            // Another link may stand in the label of one.
            let is_it = spelled(missed).any(|spelled| spelled == name::fold(name));
            let fits = written.filter(|written| is_it && named.holds(&document, written));
            edits.extend(fits.map(|text| FileEdit { file: note, span: named.name, text }));
        }
    }
    edits.sort_by(|a, b| snapshot.path(a.file).cmp(snapshot.path(b.file)).then(a.span.cmp(&b.span)));
    let label = format!("Lead `{missed}` to `{}`", snapshot.path(file));
    Change { edits, remark: Some(Remark { label, optional: false }), ..Change::default() }
}
