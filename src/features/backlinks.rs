//! Which notes link to a note, and in which words.

use super::hover::note_title;
use super::prose::shown;
use super::references::{Subject, mentions};
use crate::text::{Place, Span};
use crate::vault::{Document, FileId, Snapshot};

/// A note that links to another one.
#[derive(Clone, Debug, PartialEq)]
pub struct Linking {
    pub note: FileId,
    /// What it is called.
    pub title: String,
    /// Its links to the other, in order of place.
    pub mentions: Vec<Mention>,
}

/// A link with the words around it in its line, as a reader sees them.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    pub place: Place,
    pub before: String,
    pub link: String,
    pub after: String,
}

/// How much of a line is shown before a link, and behind it; in bytes.
const BEFORE: usize = 60;
const AFTER: usize = 160;

/// What is shown may be written in as many times more bytes: a link or a timestamp among the words.
const WRITTEN: usize = 4;

/// The other notes that link to a note, by path.
pub fn backlinks(snapshot: &Snapshot, note: FileId) -> Vec<Linking> {
    let found = mentions(snapshot, &Subject::File(note));
    let by_note = found.chunk_by(|a, b| a.file == b.file).filter(|mentions| mentions[0].file != note);
    let linking = |mentions: &[super::Location]| {
        let from = mentions[0].file;
        let document = snapshot.document(from)?;
        let mentions = mentions.iter().map(|mention| quote(&document, mention.place)).collect();
        Some(Linking { note: from, title: note_title(snapshot.get(from)?).to_owned(), mentions })
    };
    by_note.filter_map(linking).collect()
}

fn quote(document: &Document, place: Place) -> Mention {
    let link = document.span(place);
    let (start, end) = (link.start as usize, link.end as usize);
    let text = &document.text;
    let line = text.line_start(text.line_of(start));
    let next = text.line_start(text.line_of(end) + 1);
    // A line may be a whole book: what lies far from the link is not looked at.
    let line = text.floor(line.max(start.saturating_sub(BEFORE * WRITTEN)));
    let next = text.floor(next.min(end + AFTER * WRITTEN));
    let (before, after) = (Span::new(line, start), Span::new(end, next.max(end)));
    Mention {
        place,
        before: ending(&(shown(document, before) + blank(document.of(before).chars().next_back()))),
        link: shown(document, link),
        after: beginning(&(blank(document.of(after).chars().next()).to_owned() + &shown(document, after))),
    }
}

fn blank(neighbour: Option<char>) -> &'static str {
    if neighbour.is_some_and(char::is_whitespace) { " " } else { "" }
}

/// The last words of what stands before a link, without the marks of a list or a heading.
fn ending(text: &str) -> String {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "-*+>#|".contains(c));
    if text.len() <= BEFORE {
        return text.to_owned();
    }
    let cut = &text[text.ceil_char_boundary(text.len() - BEFORE)..];
    format!("…{}", cut.find(' ').filter(|at| at + 1 < cut.len()).map_or(cut, |at| &cut[at + 1..]))
}

/// The first words of what stands behind a link.
fn beginning(text: &str) -> String {
    let text = text.trim_end();
    if text.len() <= AFTER {
        return text.to_owned();
    }
    let cut = &text[..text.floor_char_boundary(AFTER)];
    format!("{}…", cut.rfind(' ').filter(|at| *at > 0).map_or(cut, |at| &cut[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    fn quoted(source: &str, link: &str) -> [String; 3] {
        let document = Document::new(0, Text::new(source));
        let at = source.find(link).expect("the link is there");
        let mention = quote(&document, document.place(Span::new(at, at + link.len())));
        [mention.before, mention.link, mention.after]
    }

    #[test]
    fn a_link_is_quoted_as_a_reader_sees_its_line() {
        let source = "x\n- 🦀 So [[china#Trade | the talks]], with [[japan]] <a class=\"yt-timestamp\" data-t=\"00:06:04\">[00:06:04]</a>.\ny";
        assert_eq!(quoted(source, "[[china#Trade | the talks]]"), ["🦀 So ", "the talks", ", with japan ."]);
        assert_eq!(quoted(source, "[[japan]]"), ["🦀 So the talks, with ", "japan", " ."]);
        assert_eq!(quoted("[[a]]", "[[a]]"), ["", "a", ""]);
    }

    #[test]
    fn a_long_line_is_cut_between_words() {
        let source = format!("{}[[china]]{}", "日本 words ".repeat(10_000), " words 日本".repeat(10_000));
        let [before, _, after] = quoted(&source, "[[china]]");
        assert!(before.starts_with("…") && before.ends_with("日本 words ") && before.len() <= BEFORE + 3, "{before}");
        assert!(after.starts_with(" words") && after.ends_with("…") && after.len() <= AFTER + 3, "{after}");
    }
}
