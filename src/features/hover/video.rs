//! What cards say of videos: the moment elsewhere, the words around it, the picture, and the video itself.

use super::note::title;
use crate::features::moments::{self, distance};
use crate::features::prose::{counted, escaped};
use crate::features::video;
use crate::syntax::media;
use crate::syntax::time::Millis;
use crate::syntax::transcript::Cue;
use crate::vault::{FileId, Snapshot, naming};
use rustc_hash::FxHashSet;

/// How many other notes are listed.
const NOTES: usize = 8;

/// The card of a video.
pub fn card(snapshot: &Snapshot, note: FileId, id: &str) -> String {
    let title = video::title(snapshot, id, note).unwrap_or_else(|| id.to_owned());
    let cited: Vec<FileId> = moments::citations(snapshot, id).map(|citation| citation.note).collect();
    let citing = cited.iter().collect::<FxHashSet<_>>().len();
    let others = match snapshot.index.notes_of_video(id).len().saturating_sub(citing) {
        0 => String::new(),
        others => format!(", named in {} without one", counted(others, "note")),
    };
    let counts = format!("{} in {}{others}", counted(cited.len(), "timestamp"), counted(citing, "note"));
    let open = format!("[Open the video]({})", media::watch_address(id, None));
    let lines = [format!("**{}** · {counts}", escaped(&title)), open];
    lines.into_iter().chain(picture(snapshot, id)).collect::<Vec<_>>().join("\n\n")
}

/// The video's picture, for the editor to fetch, where the settings want it.
pub fn picture(snapshot: &Snapshot, id: &str) -> Option<String> {
    snapshot.config().video.thumbnail.then(|| format!("![](https://i.ytimg.com/vi/{id}/mqdefault.jpg)"))
}

/// The other notes that cite the moment, nearest first.
pub fn elsewhere(snapshot: &Snapshot, note: FileId, id: &str, at: Millis) -> Option<String> {
    let found = moments::elsewhere(snapshot, note, id, at);
    let head = format!("Also in {}:", counted(found.len(), "other note"));
    let listed = found.iter().take(NOTES).filter_map(|it| {
        let file = snapshot.get(it.note)?;
        let address = naming::file_address(&snapshot.absolute(it.note));
        let line = it.place.start.line + 1;
        let name = escaped(title(file));
        Some(format!("- [{name}]({address}#L{line}) at {} ({})", it.at, distance(at, it.at)))
    });
    let more = (found.len() > NOTES).then(|| "- …".to_owned());
    let lines: Vec<String> = std::iter::once(head).chain(listed).chain(more).collect();
    (!found.is_empty()).then(|| lines.join("\n"))
}

/// The words around a moment, with the file they stand in.
pub fn words(snapshot: &Snapshot, note: FileId, id: &str, at: Millis) -> Option<String> {
    let (file, transcript) = video::transcript(snapshot, id, snapshot.get(note)?.folder())?;
    let heard = transcript.at(at);
    let from = heard.unwrap_or(0).saturating_sub(1);
    let to = heard.unwrap_or(0) + 1 + BEHIND;
    let near = transcript.cues.iter().enumerate().take(to).skip(from);
    let lines: Vec<String> = near.map(|(index, cue)| quoted(cue, heard == Some(index))).collect();
    let entry = snapshot.get(file)?;
    let address = naming::file_address(&snapshot.absolute(file));
    let line = transcript.cues.get(heard.unwrap_or(0))?.place.start.line + 1;
    let source = format!("[{}]({address}#L{line})", escaped(entry.name()));
    (!lines.is_empty()).then(|| format!("> {}\n\n{source}", lines.join("  \n> ")))
}

/// How many cues are shown behind the one that is heard; before it one.
const BEHIND: usize = 2;

fn quoted(cue: &Cue, heard: bool) -> String {
    let text = cue.text.get(..cue.text.floor_char_boundary(MAX_CUE)).unwrap_or_default();
    let line = format!("{} {}", Millis::from_seconds(cue.start.seconds()), escaped(text));
    if heard { format!("**{line}**") } else { line }
}

/// A longer cue is cut.
const MAX_CUE: usize = 300;
