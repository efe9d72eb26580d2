//! All times of a note, or of the vault, in the one spelling.

use super::{Asked, Titled};
use crate::features::change::{Change, FileEdit};
use crate::features::prose::counted;
use crate::features::timestamps::normalised;
use crate::vault::{Document, Fact, File, FileId, Snapshot};

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let edits = edits(asked.note, asked.document);
    match edits.len() {
        0 => Vec::new(),
        count => vec![Titled::known(format!("Spell {} of the note as HH:MM:SS", counted(count, "time")), edits)],
    }
}

/// The change that spells the times of a note alike.
pub fn normalised_note(snapshot: &Snapshot, note: FileId) -> Change {
    let edits = snapshot.document(note).map_or_else(Vec::new, |document| edits(note, &document));
    Change { edits, ..Change::default() }
}

/// The change that spells the times of all notes alike. Reads every note that has a moment.
pub fn normalised_vault(snapshot: &Snapshot) -> Change {
    let has_moments = |file: &File| file.facts.iter().any(|(_, fact)| matches!(fact, Fact::Moment(_)));
    let notes = snapshot.files().filter(|(_, file)| file.is_note() && !file.set_aside && has_moments(file));
    let edits = notes.flat_map(|(note, _)| normalised_note(snapshot, note).edits).collect();
    Change { edits, ..Change::default() }
}

fn edits(note: FileId, document: &Document) -> Vec<FileEdit> {
    let parts = document.outline.timestamps.iter().flat_map(|timestamp| normalised(document, timestamp));
    parts.map(|(span, text)| FileEdit { file: note, span, text }).collect()
}
