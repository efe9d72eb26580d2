//! The timestamps of a note as places in time.

use super::claims::{claim, section};
use super::moments::counted_elsewhere;
use super::prose::plain;
use crate::syntax::media;
use crate::syntax::time::Millis;
use crate::text::Span;
use crate::vault::{Document, FileId, Snapshot};

/// A timestamp that leads somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    pub span: Span,
    pub at: Millis,
    /// The address that opens the video there; `None` where the note has no medium, or where it is a file.
    pub address: Option<String>,
    /// What it supports, without marks.
    pub claim: Option<String>,
    /// The heading above it.
    pub section: Option<String>,
    /// How many other notes cite the moment.
    pub elsewhere: usize,
}

/// The order in which one timestamp follows another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Text,
    Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Next,
    Previous,
}

/// All timestamps of a note that lead somewhere, in order of time.
pub fn timeline(snapshot: &Snapshot, note: FileId, document: &Document) -> Vec<Moment> {
    let counts = counted_elsewhere(snapshot, note, document);
    let outline = &document.outline;
    let moment = |(timestamp, elsewhere): (&_, usize)| moment(document, timestamp, elsewhere);
    let mut all: Vec<Moment> = outline.timestamps.iter().zip(counts).filter_map(moment).collect();
    all.sort_by_key(|moment| (moment.at, moment.span));
    all
}

fn moment(document: &Document, timestamp: &crate::syntax::Timestamp, elsewhere: usize) -> Option<Moment> {
    let (outline, span) = (&document.outline, timestamp.span);
    let at = timestamp.time.millis()?;
    let address = outline.video_of(timestamp).map(|id| media::watch_address(id, Some(at)));
    let claim = claim(document, timestamp).map(|claim| plain(&claim));
    Some(Moment { span, at, address, claim, section: section(document, timestamp), elsewhere })
}

/// The timestamp before or behind the one at byte `at`; where none is there, the last one in front of it counts, and
/// without one the text's start. `None` at either end.
pub fn neighbour(document: &Document, at: usize, order: Order, direction: Direction) -> Option<Span> {
    let timestamps = document.outline.timestamps.iter();
    let mut all: Vec<(Millis, Span)> = timestamps.filter_map(|it| Some((it.time.millis()?, it.span))).collect();
    let begun = all.iter().rposition(|(_, span)| span.start as usize <= at);
    let here = begun.map(|index| all[index]);
    if order == Order::Time {
        all.sort_unstable();
    }
    // From between two, the one in front is the previous by text.
    let is_on = here.is_some_and(|(_, span)| span.touches(at));
    let index = here.and_then(|here| all.iter().position(|it| *it == here));
    let found = match (index, direction) {
        (None, Direction::Next) => 0,
        (None, Direction::Previous) => return None,
        (Some(index), Direction::Next) => index + 1,
        (Some(index), Direction::Previous) if !is_on && order == Order::Text => index,
        (Some(index), Direction::Previous) => index.checked_sub(1)?,
    };
    all.get(found).map(|(_, span)| *span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn a_timestamp_is_followed_by_text_or_by_time() {
        let source = "---\nvideoId: sUjFz20kTFw\n---\nx [03:00] y [01:00] z [02:00] [N/A]";
        let document = Document::new(0, Text::new(source));
        let from = |start: &str, order, direction| {
            let at = source.find(start).expect("it is there") + 1;
            neighbour(&document, at, order, direction).map(|span| span.of(source))
        };
        use Direction::{Next, Previous};
        use Order::{Text as InText, Time};
        let cases = [
            ("[03", InText, Next, Some("[01:00]")),
            ("[03", InText, Previous, None),
            ("[03", Time, Next, None),
            ("[03", Time, Previous, Some("[02:00]")),
            ("[01", InText, Previous, Some("[03:00]")),
            ("[01", Time, Next, Some("[02:00]")),
            ("[01", Time, Previous, None),
            ("[02", InText, Next, None),
            ("[N", InText, Previous, Some("[02:00]")),
            (" z", InText, Previous, Some("[01:00]")),
            (" z", InText, Next, Some("[02:00]")),
            ("x ", InText, Next, Some("[03:00]")),
            ("x ", Time, Next, Some("[01:00]")),
            ("x ", Time, Previous, None),
        ];
        for (start, order, direction, expected) in cases {
            assert_eq!(from(start, order, direction), expected, "{start:?} {order:?} {direction:?}");
        }
    }

    #[test]
    fn a_note_without_timestamps_has_no_neighbours() {
        let document = Document::new(0, Text::new("prose"));
        assert_eq!(neighbour(&document, 2, Order::Time, Direction::Next), None);
    }
}
