//! Timestamps whose time is none, shows another time than it leads to, is spelled unlike others, or is not shown.

use super::fix::{Fix, rewrite};
use super::page::{Page, nearest_first};
use super::{Finding, Found};
use crate::features::change::{Change, FileEdit};
use crate::features::timestamps::{normalised, odd_part, spelled};
use crate::syntax::time::{self, Millis, Reading};
use crate::syntax::{Timestamp, TimestampForm};
use crate::text::Span;

// timestamp.malformed

pub fn malformed(page: &Page) -> Vec<Found> {
    let timestamps = page.document.outline.timestamps.iter();
    let ours = timestamps.filter(|it| match it.form {
        // A time in brackets is one only if it can be read.
        TimestampForm::Bare => false,
        // What else may stand in a file's fragment (`t=,10`, `t=clock:..`) is the player's matter.
        TimestampForm::Fragment => matches!(it.time, Reading::Sum(_)),
        _ => true,
    });
    ours.filter_map(|it| Some(Found::new(wrong_part(it), malformed_message(page, it)?))).collect()
}

/// The value; the element where it is empty or missing.
fn wrong_part(timestamp: &Timestamp) -> Span {
    timestamp.value.filter(|value| !value.is_empty()).unwrap_or(timestamp.span)
}

fn malformed_message(page: &Page, timestamp: &Timestamp) -> Option<String> {
    let written = timestamp.value.map_or("", |value| page.document.of(value));
    match timestamp.time {
        Reading::Time(_) => None,
        Reading::Sum(sum) => Some(format!("`{written}` has 60 or more below its highest unit; it leads to {sum}.")),
        Reading::Unreadable => Some(format!("`{written}` is no time, so this leads nowhere.")),
        Reading::Missing => Some("This timestamp holds no time, so it leads nowhere.".to_owned()),
    }
}

pub fn mend_malformed(page: &Page, finding: &Finding) -> Vec<Fix> {
    let mut near = nearest(page, finding);
    let Some(timestamp) = near.find(|it| wrong_part(it) == finding.span) else { return Vec::new() };
    let Some(value) = timestamp.value else { return add_value(page, finding, timestamp).into_iter().collect() };
    let written = page.document.of(value);
    let meant = timestamp.time.millis().or_else(|| nearest_time(written));
    let mut readings: Vec<Millis> = timestamp.label_time.into_iter().chain(meant).collect();
    readings.dedup();
    let is_sure = readings.len() == 1 && (tells_time(page, timestamp) || only_carries_too_much(written));
    let fixes = readings.iter().enumerate().map(|(i, time)| {
        let title = format!("Write `{time}`");
        let fix = rewrite(page, finding, value, spelled(timestamp.form, *time), title);
        Fix { preferred: i == 0, automatic: is_sure, ..fix }
    });
    fixes.collect()
}

/// Whether the label alone says what time is meant: a mere number may count anything.
fn tells_time(page: &Page, timestamp: &Timestamp) -> bool {
    let is_number = |label: Span| !page.document.of(label).contains(|c: char| !c.is_ascii_digit() && c != '.');
    timestamp.label_time.is_some() && timestamp.label.is_some_and(|label| !is_number(label))
}

/// A time in brackets, or in other digits: not `HH:29:26`, whose hours nobody knows, nor `00:01:`, nor 75 seconds.
fn only_carries_too_much(written: &str) -> bool {
    let around = |c: char| c.is_whitespace() || matches!(c, '[' | ']' | '(' | ')' | '\\' | '"' | '\'');
    narrowed(written).is_some_and(|time| matches!(time::read(time.trim_matches(around)), Reading::Time(_)))
}

/// `data-t` for an element that has none and shows a time.
fn add_value(page: &Page, finding: &Finding, timestamp: &Timestamp) -> Option<Fix> {
    let time = timestamp.label_time?;
    let name = page.document.of(timestamp.span).find(|c: char| c.is_ascii_whitespace())?;
    let at = Span::empty(timestamp.span.start as usize + name);
    let fix = rewrite(page, finding, at, format!(" data-t=\"{time}\""), format!("Lead to {time}"));
    Some(Fix { preferred: true, automatic: tells_time(page, timestamp), ..fix })
}

/// What is left of a time that only carries too much: `00:06:04]`, `[6:04`, full-width digits.
fn nearest_time(written: &str) -> Option<Millis> {
    let narrow = narrowed(written)?;
    match time::read(narrow.trim_matches(|c: char| !c.is_ascii_digit() && c != '-' && c != '.')) {
        Reading::Time(time) => Some(time),
        _ => None,
    }
}

/// With ASCII digits in the place of full-width ones. `None` for what is too long to be a time.
fn narrowed(written: &str) -> Option<String> {
    const FULL_WIDTH: u32 = 0xfee0;
    const LONGEST: usize = 40;
    let narrow = written.chars().map(|c| match c {
        '０'..='：' => char::from_u32(c as u32 - FULL_WIDTH).unwrap_or(c),
        _ => c,
    });
    (written.len() <= LONGEST).then(|| narrow.collect())
}

/// The timestamps around a finding, those before it first.
fn nearest<'a>(page: &'a Page, finding: &Finding) -> impl Iterator<Item = &'a Timestamp> {
    nearest_first(&page.document.outline.timestamps, |it| it.span, finding.span)
}

// timestamp.mismatch

pub fn mismatch(page: &Page) -> Vec<Found> {
    let differing = page.document.outline.timestamps.iter().filter_map(|it| {
        let (shown, led) = differing(it)?;
        let message = format!("This shows {shown} and leads to {led}.");
        Some(Found::new(it.label?, message))
    });
    differing.collect()
}

/// The shown time and the one it leads to, where they differ in seconds.
fn differing(timestamp: &Timestamp) -> Option<(Millis, Millis)> {
    let (shown, led) = (timestamp.label_time?, timestamp.time.millis()?);
    (shown.seconds() != led.seconds()).then_some((shown, led))
}

pub fn mend_mismatch(page: &Page, finding: &Finding) -> Vec<Fix> {
    let mut near = nearest(page, finding);
    let Some(timestamp) = near.find(|it| it.label == Some(finding.span)) else { return Vec::new() };
    let (Some((shown, led)), Some(value)) = (differing(timestamp), timestamp.value) else { return Vec::new() };
    let lead = rewrite(page, finding, value, spelled(timestamp.form, shown), format!("Lead to {shown}"));
    let show = rewrite(page, finding, finding.span, led.to_string(), format!("Show {led}"));
    vec![Fix { preferred: true, ..show }, lead]
}

// timestamp.spelling

pub fn spelling(page: &Page) -> Vec<Found> {
    let timestamps = page.document.outline.timestamps.iter();
    let found = timestamps.filter_map(|it| {
        let (wrong, time) = odd_part(page.document, it)?;
        let written = page.document.of(wrong);
        Some(Found::new(wrong, format!("`{written}` is {time}, spelled otherwise than `HH:MM:SS`.")))
    });
    found.collect()
}

pub fn mend_spelling(page: &Page, finding: &Finding) -> Vec<Fix> {
    let mut odd = nearest(page, finding).filter_map(|it| Some((it, odd_part(page.document, it)?)));
    let Some((timestamp, (_, time))) = odd.find(|(_, (wrong, _))| *wrong == finding.span) else { return Vec::new() };
    let edits = normalised(page.document, timestamp).into_iter();
    let edits = edits.map(|(span, text)| FileEdit { file: page.note, span, text }).collect();
    let change = Change { edits, ..Change::default() };
    // Where times are to be read in another unit, one more that is not would hide that.
    let automatic = !page.is_shifted();
    vec![Fix { title: format!("Write `{time}`"), preferred: true, automatic, finding: finding.clone(), change }]
}

// timestamp.empty-label

pub fn empty_label(page: &Page) -> Vec<Found> {
    let empty = page.document.outline.timestamps.iter().filter(|it| empty_label_of(page, it).is_some());
    empty.map(|it| Found::new(it.span, "This timestamp shows nothing to click on.".to_owned())).collect()
}

fn empty_label_of(page: &Page, timestamp: &Timestamp) -> Option<Span> {
    let written = page.document.of(timestamp.span);
    let shows_its_label = match timestamp.form {
        TimestampForm::Anchor => true,
        // An embed shows the video, a wikilink its target.
        TimestampForm::Address | TimestampForm::Seek | TimestampForm::Fragment => {
            written.starts_with('[') && !written.starts_with("[[")
        }
        TimestampForm::Macro | TimestampForm::Fence | TimestampForm::Bare => false,
    };
    timestamp.label.filter(|label| shows_its_label && label.is_empty())
}

pub fn mend_empty_label(page: &Page, finding: &Finding) -> Vec<Fix> {
    let mut here = nearest(page, finding).filter(|it| it.span == finding.span);
    let found = here.find_map(|it| Some((it, empty_label_of(page, it)?)));
    let Some((timestamp, label)) = found else { return Vec::new() };
    let Some(time) = timestamp.time.millis() else { return Vec::new() };
    let source = &page.document.source;
    let in_brackets = source[..label.start as usize].ends_with('[') && source[label.end as usize..].starts_with(']');
    let is_link = timestamp.form != TimestampForm::Anchor;
    let text = if in_brackets || is_link { time.to_string() } else { format!("[{time}]") };
    let fix = rewrite(page, finding, label, text, format!("Show {time}"));
    vec![Fix { preferred: true, automatic: matches!(timestamp.time, Reading::Time(_)), ..fix }]
}
