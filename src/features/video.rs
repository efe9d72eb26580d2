//! What the vault says about a video: what it is called, what is said in it, where it ends.

use super::Location;
use super::prose::{plain, shown};
use crate::syntax::time::Millis;
use crate::syntax::transcript::Transcript;
use crate::syntax::{Target, media, time};
use crate::text::Place;
use crate::vault::{Document, Fact, FileId, Snapshot, folder, transcripts};
use std::sync::Arc;

/// A video's title: the label of a link to it that names no time, in a note named as its folder first, then by path;
/// else the title of the note `from`, or of the first note that is of the video.
pub fn title(snapshot: &Snapshot, id: &str, from: FileId) -> Option<String> {
    entry(snapshot, id).map(|(_, title)| title).or_else(|| own_title(snapshot, id, from))
}

/// The link that gives a video its title, most often in the note of its channel.
pub fn entry(snapshot: &Snapshot, id: &str) -> Option<(Location, String)> {
    let key = snapshot.index.names.get(id)?;
    let links_to_it = |&note: &FileId| {
        snapshot.get(note).is_some_and(|file| file.facts.iter().any(|(_, fact)| fact == Fact::Video(key)))
    };
    let mut linking: Vec<FileId> = snapshot.index.notes_of_video(id).filter(links_to_it).collect();
    linking.sort_by_key(|&note| (!speaks_for_its_folder(snapshot, note), snapshot.path(note)));
    linking.into_iter().find_map(|note| {
        let document = snapshot.document(note)?;
        let (place, _, title) = titles(&document).find(|(_, linked, _)| linked == id)?;
        Some((Location { file: note, place }, title))
    })
}

/// Whether a note is named as its folder: of a channel's videos it says the titles.
pub fn speaks_for_its_folder(snapshot: &Snapshot, note: FileId) -> bool {
    snapshot.get(note).is_some_and(|file| file.folder().rsplit('/').next() == Some(file.stem()))
}

/// The links of a note that say what a video is called: where they stand, the video's id, the title.
pub fn titles(document: &Document) -> impl Iterator<Item = (Place, String, String)> {
    document.outline.links.iter().filter_map(|link| {
        let Target::External(address) = &link.target else { return None };
        let video = media::video_address(address).filter(|video| video.time.is_none())?;
        let label = plain(&shown(document, link.label?));
        let is_time = matches!(time::read(label.trim_matches(['[', ']', '(', ')'])), time::Reading::Time(_));
        let is_address = label.contains("://") || label == video.id;
        let says_something = !label.trim().is_empty() && !is_time && !is_address;
        says_something.then(|| (document.place(link.span), video.id, label))
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

/// What is said in a video, for a reader of a note in `folder`: the file, and its cues. The first that can be read and
/// says something.
pub fn transcript(snapshot: &Snapshot, id: &str, folder: &str) -> Option<(FileId, Arc<Transcript>)> {
    let mut read = files(snapshot, id, folder).into_iter().map(|file| Some((file, snapshot.transcript(file)?)));
    read.find_map(|read| read.filter(|(_, transcript)| !transcript.cues.is_empty()))
}

/// Where a video that a note speaks of ends, as far as the vault says: the front matter's `duration` where the note is of
/// that video (of none, if it has none), else the last word of the transcript.
pub fn end(snapshot: &Snapshot, document: &Document, id: Option<&str>) -> Option<Millis> {
    let front = document.outline.front_matter.as_ref().filter(|_| document.outline.medium.as_deref() == id);
    if let Some((duration, _)) = front.and_then(|front| front.duration) {
        return Some(duration);
    }
    files(snapshot, id?, "").into_iter().find_map(|file| snapshot.transcript_end(file))
}

/// The transcripts of a video in the order in which they are asked: by language, the ones in `beside` first, by path.
fn files(snapshot: &Snapshot, id: &str, beside: &str) -> Vec<FileId> {
    let settings = &snapshot.config().video;
    let is_beside = |path: &str| folder(path) == beside;
    let is_wanted = |path: &str| {
        let wanted = &settings.transcripts;
        wanted.is_empty() || is_beside(path) || wanted.iter().any(|wanted| is_below(path, wanted))
    };
    let mut found: Vec<FileId> = snapshot.index.transcripts_of(id).collect();
    found.retain(|&file| is_wanted(snapshot.path(file)));
    found.sort_by_cached_key(|&file| {
        let language = snapshot.get(file).and_then(transcripts::of_file).and_then(|named| named.language);
        let path = snapshot.path(file);
        (rank(language, &settings.languages), !is_beside(path), path.to_owned())
    });
    found
}

fn is_below(path: &str, folder: &str) -> bool {
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| folder.is_empty() || rest.starts_with('/'))
}

/// The place of a language among the wanted ones: `en-US` is `en` where it is not named itself.
fn rank(language: Option<&str>, wanted: &[String]) -> (usize, bool) {
    let Some(language) = language else { return (wanted.len(), false) };
    let is = |wanted: &String| wanted.eq_ignore_ascii_case(language);
    let is_kind_of = |wanted: &String| {
        let (general, rest) = language.split_at_checked(wanted.len()).unwrap_or((language, ""));
        general.eq_ignore_ascii_case(wanted) && rest.starts_with(['-', '_'])
    };
    let exact = wanted.iter().position(is).map(|place| (place, false));
    exact.or_else(|| wanted.iter().position(is_kind_of).map(|place| (place, true))).unwrap_or((wanted.len(), true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_ordered_as_they_are_wanted() {
        let wanted = ["ja", "en"].map(str::to_owned);
        let mut languages = [Some("de"), None, Some("en-orig"), Some("EN"), Some("ja"), Some("eng")];
        languages.sort_by_key(|language| rank(*language, &wanted));
        assert_eq!(languages, [Some("ja"), Some("EN"), Some("en-orig"), None, Some("de"), Some("eng")]);
    }

    #[test]
    fn a_folder_holds_what_lies_below_it() {
        let cases = [
            ("subs/x.vtt", "subs", true),
            ("subs/en/x.vtt", "./subs/", true),
            ("subs2/x.vtt", "subs", false),
            ("x.vtt", "subs", false),
            ("x.vtt", "", true),
        ];
        for (path, folder, expected) in cases {
            assert_eq!(is_below(path, folder), expected, "{path} {folder}");
        }
    }
}
