//! Notes whose times were written a unit too high: minute 18:49 as `18:49:00`. Knows one document.

use crate::syntax::Medium;
use crate::syntax::time::{Millis, Reading};
use crate::text::Span;
use crate::vault::Document;

/// Fewer may end in `:00` by chance.
const FEWEST: usize = 4;

/// Every `H:MM:SS` of the note's medium with its value's span, as written, if they all are `mm:ss:00` and one has an hour.
pub fn shifted_times(document: &Document) -> Vec<(Span, Millis)> {
    let ours = document.outline.timestamps.iter().filter(|it| it.medium == Medium::OfNote);
    let written = ours.filter_map(|it| match it.time {
        Reading::Time(time) => it.value.filter(|value| has_hours(document.of(*value))).map(|value| (value, time)),
        _ => None,
    });
    let written: Vec<(Span, Millis)> = written.collect();
    let all = written.iter().all(|(_, time)| is_shifted(*time));
    let has_an_hour = written.iter().any(|(_, time)| time.seconds() >= 3600);
    if all && has_an_hour && written.len() >= FEWEST { written } else { Vec::new() }
}

pub fn has_hours(written: &str) -> bool {
    written.matches(':').count() == 2
}

pub fn is_shifted(time: Millis) -> bool {
    time.0.is_multiple_of(60_000)
}

/// `18:49:00` read as minutes and seconds.
pub fn unshifted(time: Millis) -> Millis {
    Millis(time.0 / 60)
}
