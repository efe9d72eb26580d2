//! Times moved by seconds: a video got an opening, or lost one.

use super::{Asked, Titled};
use crate::features::change::{Change, FileEdit};
use crate::features::prose::counted;
use crate::features::timestamps::{is_of_note, shown_time, spelled_like};
use crate::syntax::time::Millis;
use crate::syntax::{Medium, Timestamp};
use crate::text::Span;
use crate::vault::{Document, FileId, Snapshot};

/// A code action cannot ask for a number; these are a slip of the ear.
const STEPS: [i64; 4] = [1, -1, 5, -5];

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    if asked.span.is_empty() {
        return Vec::new();
    }
    let timestamps: Vec<&Timestamp> = asked.timestamps().collect();
    if timestamps.is_empty() {
        return Vec::new();
    }
    let what = counted(timestamps.len(), "time");
    let steps = STEPS.iter().filter_map(|&seconds| {
        let edits = edits(asked.note, asked.document, &timestamps, seconds)?;
        Some(Titled::known(format!("Shift {what} by {seconds:+} s"), edits))
    });
    steps.collect()
}

/// The change that moves times by seconds: those the selection touches, whatever they are of; without a selection, all
/// of the note's own medium. `None` where one would come before the beginning.
pub fn shifted(snapshot: &Snapshot, note: FileId, span: Option<Span>, seconds: i64) -> Option<Change> {
    let document = snapshot.document(note)?;
    let whole = Span::new(0, document.source.len());
    let asked = Asked { snapshot, note, document: &document, span: span.unwrap_or(whole), whole: false };
    let wanted = |it: &&Timestamp| span.is_some() || is_of_note(&document.outline, it);
    let timestamps: Vec<&Timestamp> = asked.timestamps().filter(wanted).collect();
    let edits = edits(note, &document, &timestamps, seconds)?;
    Some(Change { edits, ..Change::default() })
}

fn edits(note: FileId, document: &Document, timestamps: &[&Timestamp], seconds: i64) -> Option<Vec<FileEdit>> {
    let mut edits = Vec::new();
    for timestamp in timestamps {
        for (span, time) in times(document, timestamp) {
            let text = spelled_like(document.of(span), moved(time, seconds)?);
            edits.push(FileEdit { file: note, span, text });
        }
    }
    Some(edits)
}

/// Where a timestamp says a time, and which.
fn times(document: &Document, timestamp: &Timestamp) -> impl Iterator<Item = (Span, Millis)> {
    let label = timestamp.label.zip(shown_time(document, timestamp));
    let value = timestamp.value.zip(timestamp.time.millis());
    // The label of a link to a file is only a time if it is that time.
    let is_file = matches!(timestamp.medium, Medium::File(_));
    let label = label.filter(|(_, shown)| !is_file || timestamp.time.millis() == Some(*shown));
    value.into_iter().chain(label)
}

fn moved(time: Millis, seconds: i64) -> Option<Millis> {
    time.0.checked_add_signed(seconds.checked_mul(1000)?).map(Millis)
}
