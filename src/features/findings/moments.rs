//! The times of a note taken together: whether they have a video, fit in it, and are written in the unit they are meant in.

use super::fix::{Fix, rewrite};
use super::page::Page;
use super::{Finding, Found};
use crate::features::change::{Change, FileEdit};
use crate::features::prose::counted;
use crate::features::shifted::{has_hours, is_shifted, shifted_times, unshifted};
use crate::features::timestamps::spelled;
use crate::features::video;
use crate::syntax::media::{is_video_id, video_address};
use crate::syntax::time::Millis;
use crate::syntax::{Medium, Timestamp};
use crate::text::Span;
use rustc_hash::FxHashMap;

// timestamp.shifted

pub fn shifted(page: &Page) -> Vec<Found> {
    let shifted = shifted_times(page.document);
    let first = shifted.iter().find_map(|(value, time)| (time.seconds() >= 3600).then_some((*value, *time)));
    let (Some((span, _)), Some((example, time))) = (shifted.first(), first) else { return Vec::new() };
    let written = page.document.of(example);
    let message = format!(
        "All {} of this note end in `:00`, as if minutes and seconds stood in the places of hours and minutes: \
         `{written}` may mean {}.",
        counted(shifted.len(), "time"),
        unshifted(time)
    );
    vec![Found::new(*span, message)]
}

pub fn mend_shifted(page: &Page, finding: &Finding) -> Vec<Fix> {
    let shifted = shifted_times(page.document);
    let first = shifted.iter().find(|(_, time)| time.seconds() >= 3600);
    let Some((value, time)) = first else { return Vec::new() };
    let outline = &page.document.outline;
    let by_value: FxHashMap<Span, Millis> = shifted.iter().copied().collect();
    let meant = outline.timestamps.iter().filter_map(|it| Some((it, *by_value.get(&it.value?)?)));
    let edits = meant.flat_map(|(it, time)| unshifting(page, it, unshifted(time))).collect();
    let others = match shifted.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let title = format!("Read {} as {}{others}", page.document.of(*value), unshifted(*time));
    let change = Change { edits, ..Change::default() };
    vec![Fix { title, preferred: true, automatic: false, finding: finding.clone(), change }]
}

/// The value says `meant`, and so does a label that was shifted as well, or says so in other words.
fn unshifting(page: &Page, timestamp: &Timestamp, meant: Millis) -> Vec<FileEdit> {
    let edit = |span: Span, text: String| FileEdit { file: page.note, span, text };
    let shown = timestamp.label.zip(timestamp.label_time).filter(|(label, shown)| {
        has_hours(page.document.of(*label)) && is_shifted(*shown) || shown.seconds() == meant.seconds()
    });
    let shown = shown.map(|(label, shown)| {
        let is_meant = shown.seconds() == meant.seconds();
        edit(label, if is_meant { meant } else { unshifted(shown) }.to_string())
    });
    let value = timestamp.value.map(|value| edit(value, spelled(timestamp.form, meant)));
    value.into_iter().chain(shown).collect()
}

// timestamp.no-medium

pub fn no_medium(page: &Page) -> Vec<Found> {
    let outline = &page.document.outline;
    if outline.medium.is_some() {
        return Vec::new();
    }
    let ours = outline.timestamps.iter().filter(|it| it.medium == Medium::OfNote);
    let Some(first) = ours.clone().next() else { return Vec::new() };
    let message = match ours.count() {
        1 => "This timestamp is of no video: the note has no `videoId`.".to_owned(),
        count => format!("The {} of this note are of no video: it has no `videoId`.", counted(count, "timestamp")),
    };
    vec![Found::new(first.span, message)]
}

// timestamp.beyond-end

pub fn beyond_end(page: &Page) -> Vec<Found> {
    let outline = &page.document.outline;
    let mut ends: FxHashMap<Option<&str>, Option<Millis>> = FxHashMap::default();
    let of_videos = outline.timestamps.iter().filter(|it| !matches!(it.medium, Medium::File(_)));
    let beyond = of_videos.filter_map(|it| {
        let ((value, time), id) = (it.value.zip(it.time.millis())?, outline.video_of(it));
        let end = (*ends.entry(id).or_insert_with(|| video::end(page.snapshot, page.document, id)))?;
        // Where a video ends is known to the second.
        let is_beyond = time.seconds() > end.seconds();
        is_beyond.then(|| Found::new(value, format!("{time} is past the video's end at {end}.")))
    });
    beyond.collect()
}

// timestamp.backwards

pub fn backwards(page: &Page) -> Vec<Found> {
    let outline = &page.document.outline;
    let mut last: FxHashMap<&str, Millis> = FxHashMap::default();
    let mut found = Vec::new();
    for timestamp in &outline.timestamps {
        let (Some(value), Some(time)) = (timestamp.value, timestamp.time.millis()) else { continue };
        let before = last.insert(outline.medium_of(timestamp), time).filter(|before| *before > time);
        found.extend(before.map(|before| Found::new(value, format!("{time} stands behind {before}."))));
    }
    found
}

// media.invalid-id

pub fn invalid_id(page: &Page) -> Vec<Found> {
    let written = page.document.outline.front_matter.iter().filter_map(|front| front.video_id.as_ref());
    let invalid = written.filter(|field| !is_video_id(&field.text));
    let message = |id: &str| format!("`{id}` is no video: an id is 11 letters, digits, `-` or `_`.");
    invalid.map(|field| Found::new(field.span, message(&field.text))).collect()
}

/// An address in the place of the id.
pub fn mend_invalid_id(page: &Page, finding: &Finding) -> Vec<Fix> {
    let address = page.document.of(finding.span);
    let id = video_address(address.trim_matches(['"', '\''])).map(|video| video.id);
    let fix = id.map(|id| {
        let title = format!("Write `{id}`");
        rewrite(page, finding, finding.span, id, title).automatic()
    });
    fix.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::time;

    #[test]
    fn minutes_and_seconds_are_read_out_of_hours_and_minutes() {
        let read = |written: &str| time::read(written).millis().expect("a time");
        for (written, meant) in [("18:49:00", "00:18:49"), ("75:30:00", "01:15:30"), ("00:05:00", "00:00:05")] {
            assert!(is_shifted(read(written)));
            assert_eq!(unshifted(read(written)).to_string(), meant);
        }
        assert!(!is_shifted(read("18:49:01")));
    }
}
