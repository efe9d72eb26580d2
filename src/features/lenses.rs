//! Lines of small print above parts of a note.
//!
//! [`LENSES`] is the one list: a new lens is one function and one entry.

use super::prose::counted;
use super::references::{Subject, mentions};
use super::timestamps::is_of_note;
use crate::syntax::media;
use crate::text::Span;
use crate::vault::{Document, Fact, FileId, Snapshot};

/// A line above `span`.
#[derive(Clone, Debug, PartialEq)]
pub struct Lens {
    pub span: Span,
    pub title: String,
    pub does: Action,
}

/// What a click does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Opens a web address.
    Open(String),
    /// Shows the references of what stands at the lens.
    References,
}

type Source = fn(&Snapshot, FileId, &Document) -> Option<Lens>;

const LENSES: &[Source] = &[video, links];

/// The lenses of a note in order of place.
pub fn lenses(snapshot: &Snapshot, note: FileId, document: &Document) -> Vec<Lens> {
    LENSES.iter().filter_map(|lens| lens(snapshot, note, document)).collect()
}

/// "12 timestamps, 00:06:04-00:10:24 · 4 notes share this video · open video"
fn video(snapshot: &Snapshot, note: FileId, document: &Document) -> Option<Lens> {
    let id = document.outline.medium.as_deref().filter(|_| snapshot.config().lenses.video)?;
    let own = document.outline.timestamps.iter().filter(|it| is_of_note(&document.outline, it));
    let times: Vec<_> = own.filter_map(|it| it.time.millis()).collect();
    let span = times.iter().min().zip(times.iter().max()).map(|(first, last)| format!(", {first}-{last}"));
    let mut parts = vec![format!("{}{}", counted(times.len(), "timestamp"), span.unwrap_or_default())];
    let sharing = sharing(snapshot, note, id);
    if sharing > 0 {
        let verb = if sharing == 1 { "shares" } else { "share" };
        parts.push(format!("{} {verb} this video", counted(sharing, "other note")));
    }
    parts.push("open video".to_owned());
    Some(Lens { span: top(document), title: parts.join(" · "), does: Action::Open(media::watch_address(id, None)) })
}

/// How many other notes are of a video.
fn sharing(snapshot: &Snapshot, note: FileId, id: &str) -> usize {
    let Some(key) = snapshot.index.names.get(id) else { return 0 };
    let is_of = |other: FileId| {
        let file = snapshot.get(other);
        file.is_some_and(|file| file.facts.iter().any(|(_, fact)| fact == Fact::Medium(key)))
    };
    snapshot.index.notes_of_video(id).filter(|&other| other != note && is_of(other)).count()
}

/// "18 links from 7 notes"
fn links(snapshot: &Snapshot, note: FileId, document: &Document) -> Option<Lens> {
    if !snapshot.config().lenses.links {
        return None;
    }
    let found = mentions(snapshot, &Subject::File(note));
    let mut from: Vec<FileId> = found.iter().map(|mention| mention.file).collect();
    from.dedup();
    let title = format!("{} from {}", counted(found.len(), "link"), counted(from.len(), "note"));
    (!found.is_empty()).then(|| Lens { span: top(document), title, does: Action::References })
}

/// The note's own line: its title in the front matter, else its first line.
fn top(document: &Document) -> Span {
    let title = document.outline.front_matter.as_ref().and_then(|front| front.title.as_ref());
    title.map_or(Span::empty(0), |title| title.span)
}
