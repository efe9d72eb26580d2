//! What the vault says about a video, in the order of the video, and what can be made of that. Knows no file to write to.

use super::claims::{claim, passage, section};
use super::prose::{plain, shown};
use super::video;
use crate::syntax::Timestamp;
use crate::syntax::media::watch_address;
use crate::syntax::time::Millis;
use crate::text::Place;
use crate::vault::{Document, Fact, FileId, Snapshot};
use std::fmt::Write;

/// Something said at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub time: Millis,
    pub note: FileId,
    /// From 0.
    pub line: usize,
    /// The words that the moment supports, as Markdown.
    pub claim: Option<String>,
    /// The heading above it.
    pub section: Option<String>,
    /// Whether it is the first moment of its section, or of the text before all sections.
    pub begins_section: bool,
}

/// A place that names a video without a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    pub note: FileId,
    /// From 0.
    pub line: usize,
    /// What the link shows; `None` for a note that is of the video.
    pub label: Option<String>,
}

/// A video with what is said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub id: String,
    pub title: Option<String>,
    pub end: Option<Millis>,
    /// By time, then by path and place.
    pub said: Vec<Said>,
    /// By path and place: links without a time, and notes of the video without a timestamp of it.
    pub named: Vec<Named>,
}

/// All that the vault says about a video; `None` if it does not know it.
pub fn of_video(snapshot: &Snapshot, id: &str) -> Option<Told> {
    let mut notes: Vec<FileId> = snapshot.index.notes_of_video(id).collect();
    notes.sort_by_key(|&note| snapshot.path(note));
    let first = *notes.first()?;
    let (mut said, mut named, mut end) = (Vec::new(), Vec::new(), None);
    for note in notes {
        let Some(document) = snapshot.document(note) else { continue };
        let before = said.len();
        said.extend(said_in(&document, note, id));
        named.extend(named_in(snapshot, &document, note, id, said.len() == before));
        if document.outline.medium.as_deref() == Some(id) {
            end = end.or_else(|| video::end(snapshot, &document, Some(id)));
        }
    }
    said.sort_by_key(|it: &Said| it.time);
    Some(Told { id: id.to_owned(), title: video::title(snapshot, id, first), end, said, named })
}

/// What a note says about its own video; `None` if it has none.
pub fn of_note(snapshot: &Snapshot, note: FileId) -> Option<Told> {
    let document = snapshot.document(note)?;
    let id = document.outline.medium.as_deref()?;
    let mut said: Vec<Said> = said_in(&document, note, id).collect();
    said.sort_by_key(|it| it.time);
    let title = snapshot.get(note)?.facts.title().map(str::to_owned);
    let title = title.or_else(|| video::title(snapshot, id, note));
    let named = named_in(snapshot, &document, note, id, said.is_empty());
    Some(Told { id: id.to_owned(), title, end: video::end(snapshot, &document, Some(id)), said, named })
}

fn said_in<'a>(document: &'a Document, note: FileId, id: &'a str) -> impl Iterator<Item = Said> + 'a {
    let outline = &document.outline;
    let mut last = None;
    outline.timestamps.iter().filter(move |it| outline.video_of(it) == Some(id)).filter_map(move |it| {
        let heading = outline.heading_before(it.span.start as usize);
        let begins_section = last.replace(heading) != Some(heading);
        Some(Said {
            time: it.time.millis()?,
            note,
            line: document.text.line_of(it.span.start as usize),
            claim: claim_of(document, it),
            section: section(document, it),
            begins_section,
        })
    })
}

/// The places of a note that name a video without a time: its links, and where nothing else speaks of it the note itself.
fn named_in(snapshot: &Snapshot, document: &Document, note: FileId, id: &str, is_silent: bool) -> Vec<Named> {
    let key = snapshot.index.names.get(id);
    let Some((key, file)) = key.zip(snapshot.get(note)) else { return Vec::new() };
    let named = |place: Place, label| Named { note, line: place.start.line as usize, label };
    let links = file.facts.iter().filter(|(_, fact)| *fact == Fact::Video(key));
    let label = |place: Place| plain(&shown(document, document.span(place)));
    let links: Vec<Named> = links.map(|(place, _)| named(place, Some(label(place)))).collect();
    if links.is_empty() && is_silent {
        let own = file.facts.iter().filter(|(_, fact)| *fact == Fact::Medium(key));
        return own.map(|(place, _)| named(place, None)).collect();
    }
    links
}

/// The words around it; of a heading or a line that is nothing else, those of the line.
fn claim_of(document: &Document, timestamp: &Timestamp) -> Option<String> {
    claim(document, timestamp).or_else(|| {
        Some(shown(document, passage(document, timestamp)?)).filter(|words| words.chars().any(char::is_alphanumeric))
    })
}

// Chapters

/// A line of a video's description that YouTube makes a chapter of.
#[derive(Clone, Debug, PartialEq)]
pub struct Chapter {
    pub time: Millis,
    pub title: String,
}

/// Chapters, and how many moments are none.
#[derive(Clone, Debug, PartialEq)]
pub struct Chapters {
    pub chapters: Vec<Chapter>,
    /// Too close to a chapter or to the end.
    pub too_close: usize,
    pub past_end: usize,
}

/// YouTube's own rules.
const FEWEST: usize = 3;
const SHORTEST: u64 = 10;
const LONGEST_TITLE: usize = 60;

/// The moments of a video as chapters, as YouTube takes them: the first at 0:00, at least three, each of ten seconds or
/// more.
///
/// # Errors
/// The rule that cannot be kept.
pub fn chapters(snapshot: &Snapshot, told: &Told) -> Result<Chapters, String> {
    let mut chapters: Vec<Chapter> = Vec::new();
    let end = told.end.map_or(u64::MAX, |end| end.seconds());
    let last = end.saturating_sub(SHORTEST);
    let opening = told.title.as_deref().unwrap_or("Introduction");
    let (mut too_close, mut past_end) = (0, 0);
    for said in &told.said {
        if chapters.is_empty() && said.time.seconds() >= SHORTEST {
            chapters.push(Chapter { time: Millis(0), title: chapter_title(opening) });
        }
        let time = if chapters.is_empty() { Millis(0) } else { said.time };
        let before = chapters.last();
        let is_far = before.is_none_or(|before| before.time.seconds() + SHORTEST <= time.seconds());
        if is_far && time.seconds() <= last {
            let title = title_of(snapshot, said, before.map_or("", |before| &before.title));
            chapters.push(Chapter { time, title });
        } else if said.time.seconds() > end {
            past_end += 1;
        } else {
            too_close += 1;
        }
    }
    match chapters.len() {
        count if count < FEWEST => Err(format!(
            "YouTube wants at least {FEWEST} chapters of {SHORTEST} seconds or more, and the moments make {count}"
        )),
        _ => Ok(Chapters { chapters, too_close, past_end }),
    }
}

/// The section that a moment begins (before all sections, the note), unless the chapter `before` is called so; else the
/// beginning of what is said.
fn title_of(snapshot: &Snapshot, said: &Said, before: &str) -> String {
    let note = snapshot.get(said.note);
    let note = || note.map_or("", |note| note.facts.title().unwrap_or(note.stem()));
    let begun = said.begins_section.then(|| chapter_title(said.section.as_deref().unwrap_or_else(note)));
    let begun = begun.filter(|title| !title.is_empty() && title != before);
    let title = begun.or_else(|| said.claim.as_deref().map(|claim| chapter_title(&plain(claim)))).unwrap_or_default();
    if title.is_empty() { chapter_title(said.section.as_deref().unwrap_or_else(note)) } else { title }
}

/// One line without the brackets that YouTube refuses, cut between words.
fn chapter_title(text: &str) -> String {
    let plain = text.replace(['<', '>'], "");
    let mut title = String::new();
    for word in plain.split_whitespace() {
        if !title.is_empty() && title.chars().count() + 1 + word.chars().count() > LONGEST_TITLE {
            return title.trim_end_matches([',', ';', ':', '-', '–']).to_owned() + "…";
        }
        if !title.is_empty() {
            title.push(' ');
        }
        title.extend(word.chars().take(LONGEST_TITLE));
    }
    title
}

/// `0:00`, `6:04`, `1:06:04`: as YouTube writes times.
pub fn chapter_time(time: Millis) -> String {
    let seconds = time.seconds();
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{:02}", seconds % 60)
    } else {
        format!("{minutes}:{:02}", seconds % 60)
    }
}

/// A list of what is said, each with the address that opens the video there.
pub fn markdown(snapshot: &Snapshot, told: &Told) -> String {
    let title = told.title.as_deref().unwrap_or(&told.id);
    let mut text = format!("# [{}]({})\n\n", in_link(title), watch_address(&told.id, None));
    for said in &told.said {
        let address = watch_address(&told.id, Some(said.time));
        let words = said.claim.clone().unwrap_or_else(|| title_of(snapshot, said, ""));
        let _ = writeln!(text, "- [{}]({address}) {words}", said.time);
    }
    text
}

fn in_link(text: &str) -> String {
    text.replace(['[', ']'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_youtube_reads_them() {
        let written = [0, 64, 3664, 36_000].map(|seconds| chapter_time(Millis::from_seconds(seconds)));
        assert_eq!(written, ["0:00", "1:04", "1:01:04", "10:00:00"]);
    }

    #[test]
    fn a_long_title_is_cut_between_words() {
        let long = "The round wick of the Argand lamp, patented in 1784, let air rise inside the flame";
        assert_eq!(chapter_title(long), "The round wick of the Argand lamp, patented in 1784, let air…");
        assert_eq!(chapter_title("a <b>  c"), "a b c");
        assert_eq!(chapter_title(&"x".repeat(200)).chars().count(), LONGEST_TITLE);
    }
}
