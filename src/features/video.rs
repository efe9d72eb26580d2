//! What the vault says about a video.

use crate::syntax::time::Millis;
use crate::syntax::{Target, media, time};
use crate::text::Place;
use crate::vault::{Document, Fact, FileId, Snapshot};

/// A video's title: the label of a link to it that names no time, in a note named as its folder first, then by path;
/// else the title of the note `from`, or of the first note that is of the video.
pub fn title(snapshot: &Snapshot, id: &str, from: FileId) -> Option<String> {
    let mut citing: Vec<(FileId, Place)> = snapshot
        .index
        .notes_of_video(id)
        .filter_map(|note| {
            let key = snapshot.index.names.get(id)?;
            let link = snapshot.get(note)?.facts.iter().find(|(_, fact)| *fact == Fact::Video(key))?;
            Some((note, link.0))
        })
        .collect();
    citing.sort_by_key(|(note, _)| (!speaks_for_its_folder(snapshot, *note), snapshot.path(*note)));
    let label = citing.into_iter().find_map(|(note, _)| label_of_link(snapshot, note, id));
    label.or_else(|| own_title(snapshot, id, from))
}

fn speaks_for_its_folder(snapshot: &Snapshot, note: FileId) -> bool {
    snapshot.get(note).is_some_and(|file| file.folder().rsplit('/').next() == Some(file.stem()))
}

/// The label of the first link of a note to a video, if it says something.
fn label_of_link(snapshot: &Snapshot, note: FileId, id: &str) -> Option<String> {
    let document = snapshot.document(note)?;
    document.outline.links.iter().find_map(|link| {
        let Target::External(address) = &link.target else { return None };
        let video = media::video_address(address).filter(|video| video.id == id && video.time.is_none())?;
        let label = super::prose::shown(&document, link.label?);
        let is_time = matches!(time::read(label.trim_matches(['[', ']', '(', ')'])), time::Reading::Time(_));
        let is_address = label.contains("://") || label == video.id;
        Some(label).filter(|label| !label.trim().is_empty() && !is_time && !is_address)
    })
}

/// The title of the note `from`, or of the first note, that is of the video.
pub fn own_title(snapshot: &Snapshot, id: &str, from: FileId) -> Option<String> {
    let key = snapshot.index.names.get(id)?;
    let is_of = |note: &FileId| {
        snapshot.get(*note).is_some_and(|file| file.facts.iter().any(|(_, fact)| fact == Fact::Medium(key)))
    };
    let others = snapshot.index.notes_of_video(id);
    let titles = std::iter::once(from).chain(others).filter(is_of);
    titles.filter_map(|note| snapshot.get(note)?.facts.title().map(str::to_owned)).next()
}

/// Where the note's video ends, as far as the vault says: the front matter's `duration`.
pub fn end(_snapshot: &Snapshot, document: &Document) -> Option<Millis> {
    Some(document.outline.front_matter.as_ref()?.duration?.0)
}
