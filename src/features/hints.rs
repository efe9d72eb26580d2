//! Words shown between the words of a note.
//!
//! [`HINTS`] is the one list: a new kind of hint is one function and one entry.

use super::moments::counted_elsewhere;
use super::prose::counted;
use super::shifted::{shifted_times, unshifted};
use crate::syntax::time::Millis;
use crate::syntax::{Medium, Outline, Timestamp};
use crate::text::Span;
use crate::vault::{Document, FileId, Snapshot};

/// Words shown at byte `at`.
#[derive(Clone, Debug, PartialEq)]
pub struct Hint {
    pub at: usize,
    pub label: String,
}

type Source = fn(&Snapshot, FileId, &Document) -> Vec<Hint>;

const HINTS: &[Source] = &[readings, elsewhere];

/// The hints within a part of a note, in order of place.
pub fn hints(snapshot: &Snapshot, note: FileId, document: &Document, within: Span) -> Vec<Hint> {
    let mut all: Vec<Hint> = HINTS.iter().flat_map(|hints| hints(snapshot, note, document)).collect();
    all.retain(|hint| within.touches(hint.at));
    all.sort_by_key(|hint| hint.at);
    all
}

/// What a time most likely means: where the whole note is shifted, or the label says otherwise and fits better between the
/// times around it.
fn readings(snapshot: &Snapshot, _: FileId, document: &Document) -> Vec<Hint> {
    if !snapshot.config().hints.readings {
        return Vec::new();
    }
    let outline = &document.outline;
    let shifted = shifted_times(document);
    let meant = |it: &Timestamp| {
        let written = shifted.binary_search_by_key(&it.value?.start, |(value, _)| value.start).ok()?;
        Some(unshifted(shifted[written].1))
    };
    let hint = |index: usize, it: &Timestamp| {
        let meant = if shifted.is_empty() { likelier(outline, index) } else { meant(it) }?;
        Some(Hint { at: it.span.end as usize, label: format!("likely {meant}") })
    };
    outline.timestamps.iter().enumerate().filter_map(|(index, it)| hint(index, it)).collect()
}

/// The label of a timestamp that leads elsewhere, if it alone keeps the order of the times before and after.
fn likelier(outline: &Outline, index: usize) -> Option<Millis> {
    let timestamps = &outline.timestamps;
    let it = &timestamps[index];
    let (shown, led) = (it.label_time?, it.time.millis()?);
    let time_of = |other: &Timestamp| other.time.millis().filter(|_| outline.medium_of(other) == outline.medium_of(it));
    let before = timestamps[..index].last().and_then(time_of);
    let after = timestamps.get(index + 1).and_then(time_of);
    let fits = |time: Millis| before.is_none_or(|at| at <= time) && after.is_none_or(|at| time <= at);
    (shown.seconds() != led.seconds() && fits(shown) && !fits(led)).then_some(shown)
}

/// "also in 3 notes"
fn elsewhere(snapshot: &Snapshot, note: FileId, document: &Document) -> Vec<Hint> {
    if !snapshot.config().hints.elsewhere {
        return Vec::new();
    }
    let counts = counted_elsewhere(snapshot, note, document);
    let cited = document.outline.timestamps.iter().zip(counts).filter(|(it, count)| *count > 0 && !is_file(it));
    cited
        .map(|(it, count)| Hint { at: it.span.end as usize, label: format!("also in {}", counted(count, "note")) })
        .collect()
}

fn is_file(timestamp: &Timestamp) -> bool {
    matches!(timestamp.medium, Medium::File(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    fn note(times: &[(&str, &str)]) -> Document {
        let anchor =
            |(value, label): &(&str, &str)| format!("x <a class=\"yt-timestamp\" data-t=\"{value}\">[{label}]</a>\n");
        let body: String = times.iter().map(anchor).collect();
        Document::new(0, Text::new(&format!("---\nvideoId: sUjFz20kTFw\n---\n{body}")))
    }

    #[test]
    fn of_two_times_the_one_that_keeps_the_order_is_likelier() {
        let document = note(&[("00:06:04", "00:06:04"), ("00:01:10", "00:06:10"), ("00:06:20", "00:06:20")]);
        let outline = &document.outline;
        assert_eq!(likelier(outline, 1), Some(Millis::from_seconds(370)));
        assert_eq!(likelier(outline, 0), None);
    }

    #[test]
    fn where_both_fit_nothing_is_said() {
        let document = note(&[("00:06:04", "00:06:04"), ("00:06:10", "00:06:12"), ("00:06:20", "00:06:20")]);
        assert_eq!(likelier(&document.outline, 1), None);
    }
}
