//! All links of the vault to a name that no file has, led to the note that is meant.

use super::link::nearest_written;
use super::{Asked, Cost, Titled};
use crate::features::change::{Change, FileEdit, Remark};
use crate::features::missing;
use crate::features::references::mentions_of_missing;
use crate::features::relink::links;
use crate::syntax::name;
use crate::text::Span;
use crate::vault::{Dialect, FileId, Snapshot, naming};
use rustc_hash::{FxHashMap, FxHashSet};

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let Some((dialect, missed)) = missed(asked).filter(|(_, missed)| is_elsewhere_too(asked, missed)) else {
        return Vec::new();
    };
    let near = asked.snapshot.nearest(&missed);
    let offers = near.iter().filter_map(|&file| {
        let name = nearest_written(asked.snapshot, asked.folder(), dialect, file)?;
        let title = format!("Write `{name}` in all links to `{missed}`");
        let missed = missed.clone();
        Some(Titled::later(title, Cost::Few, move || Some(mended(asked.snapshot, &missed, file))))
    });
    offers.collect()
}

/// The name under the cursor, if nothing has it.
fn missed(asked: &Asked) -> Option<(Dialect, String)> {
    let Span { start, end } = asked.span;
    let mut links = links(asked.document);
    let link = links.find(|link| link.name.start <= start && end <= link.name.end && !link.name.is_empty())?;
    let (dialect, name) = (link.dialect(), link.path());
    let is_missing = asked.snapshot.resolve(asked.note, dialect, name).is_none() && !missing::is_text(dialect, name);
    is_missing.then(|| (dialect, name.to_owned()))
}

/// Whether another link, here or elsewhere, writes the name.
fn is_elsewhere_too(asked: &Asked, missed: &str) -> bool {
    let index = &asked.snapshot.index;
    let wanted: Vec<String> = spelled(missed).collect();
    let same = |name: &str| wanted.contains(&name::fold(name).into_owned());
    let mut spellings = index.spellings(missed).filter(|key| same(index.names.text(*key)));
    links(asked.document).filter(|link| same(link.path())).count() > 1
        || spellings.any(|key| index.notes_mentioning(key).any(|note| note != asked.note))
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
        for link in links(&document).filter(|link| spans.contains(&link.span)) {
            // Another link may stand in the label of one.
            let is_it = spelled(missed).any(|spelled| spelled == name::fold(link.path()));
            let name =
                nearest_written(snapshot, folder, link.dialect(), file).filter(|name| is_it && link.can_hold(name));
            let text = name.and_then(|name| link.written_name(&document, &name));
            edits.extend(text.map(|text| FileEdit { file: note, span: link.name, text }));
        }
    }
    edits.sort_by(|a, b| snapshot.path(a.file).cmp(snapshot.path(b.file)).then(a.span.cmp(&b.span)));
    let label = format!("Lead `{missed}` to `{}`", snapshot.path(file));
    Change { edits, remark: Some(Remark { label, optional: false }), ..Change::default() }
}
