//! Moments to jump to: `12:34` in any video, `ID@12:34` in one, `title 12:34` in those of a title or a note's.

use super::{MOST, VaultSymbol, VaultSymbolKind};
use crate::features::fuzzy::{Best, Query, Score};
use crate::features::hover::note_title;
use crate::features::moments::{self, Citation, distance};
use crate::features::{Location, video};
use crate::syntax::media::is_video_id;
use crate::syntax::time::{self, Millis, Reading};
use crate::vault::{Fact, File, FileId, Key, Snapshot};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;

/// A moment that was typed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked<'a> {
    video: Option<&'a str>,
    /// Empty for any.
    title: &'a str,
    at: Millis,
    /// As typed.
    written: &'a str,
}

/// Reads a query that ends in a time with a colon.
pub fn asked(query: &str) -> Option<Asked<'_>> {
    let query = query.trim();
    let (title, last) = query.rsplit_once(char::is_whitespace).unwrap_or(("", query));
    let (video, written) = match last.rsplit_once('@') {
        Some((id, written)) if is_video_id(id) => (Some(id), written),
        _ => (None, last),
    };
    match time::read(written) {
        Reading::Time(at) if written.contains(':') => Some(Asked { video, title: title.trim_end(), at, written }),
        _ => None,
    }
}

/// The citations of the moment: those of the best title first, then the nearest.
pub fn symbols(snapshot: &Snapshot, asked: Asked) -> Vec<VaultSymbol> {
    let mut titles = Titles::new(snapshot, asked.title);
    let mut best = Best::new(MOST);
    let mut offer = |citation: Citation, video: Key| {
        let Some(file) = snapshot.get(citation.note).filter(|file| !file.set_aside) else { return };
        if let Some((score, title)) = titles.of(citation.note, file, video) {
            let nearness = Reverse((citation.at.0.abs_diff(asked.at.0), &file.path, citation.place));
            best.offer((score, nearness), || (citation, title));
        }
    };
    match asked.video.map(|id| (id, snapshot.index.names.get(id))) {
        Some((id, Some(video))) => {
            let same = moments::citations(snapshot, id).filter(|it| moments::is_same(snapshot, it.at, asked.at));
            same.for_each(|citation| offer(citation, video));
        }
        Some((_, None)) => {}
        None => each_at(snapshot, asked.at, offer),
    }
    best.into_sorted().into_iter().map(|(citation, title)| symbol(snapshot, &asked, citation, &title)).collect()
}

/// Every citation of any video around a time.
fn each_at(snapshot: &Snapshot, at: Millis, mut each: impl FnMut(Citation, Key)) {
    for (note, file) in snapshot.files().filter(|(_, file)| file.is_note()) {
        for (place, fact) in file.facts.iter() {
            let Fact::Moment(moment) = fact else { continue };
            let Some((video, millis)) = moment.video.zip(moment.millis) else { continue };
            if moments::is_same(snapshot, Millis(millis), at) {
                each(Citation { note, place, at: Millis(millis) }, video);
            }
        }
    }
}

fn symbol(snapshot: &Snapshot, asked: &Asked, citation: Citation, title: &str) -> VaultSymbol {
    let Citation { note, place, at } = citation;
    // Clients filter once more: the name holds what was typed, in its order.
    let name = match asked.video {
        Some(id) => format!("{id}@{at}"),
        None => format!("{title} · {at}"),
    };
    let apart = match at.seconds() == asked.at.seconds() {
        true => String::new(),
        false => format!(" ({} than {})", distance(asked.at, at), asked.written),
    };
    let title = if asked.video.is_some() { format!(" · {title}") } else { String::new() };
    VaultSymbol {
        name: format!("{name}{apart}{title}"),
        kind: VaultSymbolKind::Moment,
        container: snapshot.path(note).to_owned(),
        location: Location { file: note, place },
    }
}

/// What of notes and videos matches a typed title.
struct Titles<'a> {
    snapshot: &'a Snapshot,
    query: Query,
    /// Of videos, as the notes of their channels say; each read only where a title was typed.
    videos: FxHashMap<String, String>,
    matched: FxHashMap<(FileId, Key), Option<(Score, String)>>,
}

impl<'a> Titles<'a> {
    fn new(snapshot: &'a Snapshot, typed: &str) -> Titles<'a> {
        let query = Query::new(typed);
        let videos = if query.is_empty() { FxHashMap::default() } else { titles_of_videos(snapshot) };
        Titles { snapshot, query, videos, matched: FxHashMap::default() }
    }

    /// The title that matches, a note's before its video's; `None` where neither does.
    fn of(&mut self, note: FileId, file: &File, video: Key) -> Option<(Score, String)> {
        let Titles { snapshot, query, videos, matched } = self;
        let matched = matched.entry((note, video)).or_insert_with(|| {
            let video = videos.get(snapshot.index.names.text(video)).map(String::as_str);
            let titles = [Some(note_title(file)), video].into_iter().flatten();
            let scored = titles.filter_map(|title| Some((query.score(title)?, title.to_owned())));
            scored.reduce(|best, next| if next.0 > best.0 { next } else { best })
        });
        matched.clone()
    }
}

fn titles_of_videos(snapshot: &Snapshot) -> FxHashMap<String, String> {
    let lists_videos = |file: &File| file.facts.iter().any(|(_, fact)| matches!(fact, Fact::Video(_)));
    let channels = snapshot.files().filter(|(_, file)| file.is_note() && lists_videos(file)).map(|(note, _)| note);
    let channels = channels.filter(|&note| video::speaks_for_its_folder(snapshot, note));
    let mut titles = FxHashMap::default();
    for document in channels.filter_map(|note| snapshot.document(note)) {
        video::titles(&document).for_each(|(_, id, title)| {
            titles.entry(id).or_insert(title);
        });
    }
    titles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_that_ends_in_a_time_asks_for_a_moment() {
        let cases = [
            ("12:34", Some((None, "", 754))),
            (" 1:02:03 ", Some((None, "", 3723))),
            ("sUjFz20kTFw@12:34", Some((Some("sUjFz20kTFw"), "", 754))),
            ("light  houses 12:34", Some((None, "light  houses", 754))),
            ("12:75", None),
            ("1234", None),
            ("houses", None),
            ("short@12:34", None),
            ("", None),
        ];
        for (query, expected) in cases {
            let found = asked(query).map(|asked| (asked.video, asked.title, asked.at.seconds()));
            assert_eq!(found, expected, "{query}");
        }
    }
}
