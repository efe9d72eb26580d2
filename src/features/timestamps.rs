//! How timestamps are written. Knows one timestamp; not whether it is right.

use crate::syntax::time::{self, Millis, Reading};
use crate::syntax::{Medium, Outline, Timestamp, TimestampForm, media};
use crate::text::Span;
use crate::vault::Document;

/// Whether it is of the note's own medium, however it says so.
pub fn is_of_note(outline: &Outline, timestamp: &Timestamp) -> bool {
    match &timestamp.medium {
        Medium::OfNote => true,
        Medium::Video(id) => outline.medium.as_ref() == Some(id),
        Medium::File(_) => false,
    }
}

/// `<a class="yt-timestamp" data-t="00:06:04">[00:06:04]</a>`
pub fn anchor(time: Millis) -> String {
    format!("<a class=\"yt-timestamp\" data-t=\"{time}\">[{time}]</a>")
}

/// `[00:06:04](https://www.youtube.com/watch?v=sUjFz20kTFw&t=364s)`
pub fn link(video: &str, time: Millis) -> String {
    format!("[{time}]({})", media::watch_address(video, Some(time)))
}

/// The time that a label says. What may be none, a mere number or one out of range, is one where it is the time that the
/// timestamp leads to.
pub fn shown_time(document: &Document, timestamp: &Timestamp) -> Option<Millis> {
    let led = timestamp.time.millis();
    let read = || time::read(document.of(timestamp.label?)).millis();
    timestamp.label_time.or_else(|| read().filter(|shown| led.is_some_and(|led| led.seconds() == shown.seconds())))
}

/// What a timestamp says besides its time, to stand in front of another form of it.
pub fn words(document: &Document, timestamp: &Timestamp) -> String {
    let label = timestamp.label.filter(|label| shown_time(document, timestamp).is_none() && !label.is_empty());
    label.map_or_else(String::new, |label| format!("{} ", document.of(label)))
}

/// The label, else the value of an anchor that says its time in another spelling, and that time.
pub fn odd_part(document: &Document, timestamp: &Timestamp) -> Option<(Span, Millis)> {
    let (part, time) = (odd_parts(document, timestamp).next()?, timestamp.time.millis()?);
    Some((part, time))
}

/// The normal spelling for each part of a timestamp that has another.
pub fn normalised(document: &Document, timestamp: &Timestamp) -> Vec<(Span, String)> {
    let time = timestamp.time.millis().unwrap_or_default();
    odd_parts(document, timestamp).map(|part| (part, time.to_string())).collect()
}

fn odd_parts(document: &Document, timestamp: &Timestamp) -> impl Iterator<Item = Span> {
    let time = match (timestamp.form, timestamp.time) {
        (TimestampForm::Anchor, Reading::Time(time)) => Some(time),
        _ => None,
    };
    let same = timestamp.label_time.is_some_and(|shown| time.is_some_and(|time| shown.seconds() == time.seconds()));
    let parts = timestamp.label.filter(|_| same).into_iter().chain(timestamp.value.filter(|_| time.is_some()));
    parts.filter(|part| !time::is_normal(document.of(*part)))
}

/// A time as a form spells it.
pub fn spelled(form: TimestampForm, time: Millis) -> String {
    match form {
        TimestampForm::Address => format!("{}s", time.seconds()),
        TimestampForm::Macro | TimestampForm::Seek => time.seconds().to_string(),
        _ => time.to_string(),
    }
}

/// A time with as many parts as `written` has, each as wide: `6:04` and nine seconds is `6:13`, `364s` is `373s`.
pub fn spelled_like(written: &str, time: Millis) -> String {
    let seconds = time.seconds();
    let fraction = match time.0 % 1000 {
        0 => String::new(),
        millis => format!(".{millis:03}"),
    };
    let width = written.trim().find(':').unwrap_or(0);
    match written.matches(':').count() {
        0 if written.contains(|c: char| c.is_ascii_alphabetic()) => format!("{seconds}{fraction}s"),
        0 => format!("{seconds}{fraction}"),
        1 if seconds < 3600 => format!("{:0width$}:{:02}{fraction}", seconds / 60, seconds % 60),
        1 => time.to_string(),
        _ => format!("{:0width$}:{:02}:{:02}{fraction}", seconds / 3600, seconds / 60 % 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_spelled_as_another_one_is() {
        for (written, seconds, spelled) in [
            ("6:04", 373, "6:13"),
            ("06:04", 373, "06:13"),
            ("59:59", 3600, "01:00:00"),
            ("0:06:04", 373, "0:06:13"),
            ("00:06:04", 373, "00:06:13"),
            ("364", 373, "373"),
            ("364s", 373, "373s"),
            ("6m4s", 373, "373s"),
        ] {
            assert_eq!(spelled_like(written, Millis::from_seconds(seconds)), spelled, "{written}");
        }
        assert_eq!(spelled_like("1:02.5", Millis(63_500)), "1:03.500");
    }
}
