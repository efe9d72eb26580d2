//! What the vault says about a video, in the order of the video, and what can be made of that. Knows no file to write to.

use super::hover::claim;
use super::prose::shown;
use super::video;
use crate::syntax::Timestamp;
use crate::syntax::media::watch_address;
use crate::syntax::time::Millis;
use crate::vault::{Document, FileId, Snapshot};
use std::fmt::Write;

/// Something said at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub time: Millis,
    pub note: FileId,
    /// From 0.
    pub line: usize,
    /// The words that the moment supports.
    pub claim: Option<String>,
    /// The heading above it.
    pub section: Option<String>,
    /// Whether it is the first moment of its section, or of the text before all sections.
    pub begins_section: bool,
}

/// A video with what is said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub id: String,
    pub title: Option<String>,
    pub end: Option<Millis>,
    /// By time, then by path and place.
    pub said: Vec<Said>,
}

/// All that the vault says about a video; `None` if it does not know it.
pub fn of_video(snapshot: &Snapshot, id: &str) -> Option<Told> {
    let mut notes: Vec<FileId> = snapshot.index.notes_of_video(id).collect();
    notes.sort_by_key(|&note| snapshot.path(note));
    let first = *notes.first()?;
    let (mut said, mut end) = (Vec::new(), None);
    for note in notes {
        let Some(document) = snapshot.document(note) else { continue };
        said.extend(said_in(&document, note, id));
        if document.outline.medium.as_deref() == Some(id) {
            end = end.or_else(|| video::end(snapshot, &document));
        }
    }
    said.sort_by_key(|it: &Said| it.time);
    Some(Told { id: id.to_owned(), title: video::title(snapshot, id, first), end, said })
}

/// What a note says about its own video; `None` if it has none.
pub fn of_note(snapshot: &Snapshot, note: FileId) -> Option<Told> {
    let document = snapshot.document(note)?;
    let id = document.outline.medium.as_deref()?;
    let mut said: Vec<Said> = said_in(&document, note, id).collect();
    said.sort_by_key(|it| it.time);
    let title = snapshot.get(note)?.facts.title().map(str::to_owned);
    let title = title.or_else(|| video::title(snapshot, id, note));
    Some(Told { id: id.to_owned(), title, end: video::end(snapshot, &document), said })
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
            section: heading.map(|heading| outline.headings[heading].text.clone()),
            begins_section,
        })
    })
}

/// The words around it; of a heading or a line that is nothing else, those of the line.
fn claim_of(document: &Document, timestamp: &Timestamp) -> Option<String> {
    claim(document, timestamp).or_else(|| {
        let paragraph = document.outline.paragraphs.iter().find(|it| it.encloses(timestamp.span))?;
        Some(shown(document, *paragraph)).filter(|words| words.chars().any(char::is_alphanumeric))
    })
}

// Chapters

/// A line of a video's description that YouTube makes a chapter of.
#[derive(Clone, Debug, PartialEq)]
pub struct Chapter {
    pub time: Millis,
    pub title: String,
}

/// Chapters, and how many moments are none because they are too close to one.
#[derive(Clone, Debug, PartialEq)]
pub struct Chapters {
    pub chapters: Vec<Chapter>,
    pub left_out: usize,
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
    let last = told.end.map_or(u64::MAX, |end| end.seconds().saturating_sub(SHORTEST));
    let opening = told.title.as_deref().unwrap_or("Introduction");
    let mut left_out = 0;
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
        } else {
            left_out += 1;
        }
    }
    match chapters.len() {
        count if count < FEWEST => Err(format!(
            "YouTube wants at least {FEWEST} chapters of {SHORTEST} seconds or more, and the moments make {count}"
        )),
        _ => Ok(Chapters { chapters, left_out }),
    }
}

/// The section that a moment begins (before all sections, the note), unless the chapter `before` is called so; else the
/// beginning of what is said.
fn title_of(snapshot: &Snapshot, said: &Said, before: &str) -> String {
    let note = snapshot.get(said.note);
    let note = || note.map_or("", |note| note.facts.title().unwrap_or(note.stem()));
    let begun = said.begins_section.then(|| chapter_title(said.section.as_deref().unwrap_or_else(note)));
    let begun = begun.filter(|title| !title.is_empty() && title != before);
    let title = begun.or_else(|| said.claim.as_deref().map(chapter_title)).unwrap_or_default();
    if title.is_empty() { chapter_title(said.section.as_deref().unwrap_or_else(note)) } else { title }
}

/// One line without the brackets that YouTube refuses, cut between words.
fn chapter_title(text: &str) -> String {
    let plain = text.replace(['<', '>', '*', '`'], "");
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
