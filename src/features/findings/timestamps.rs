//! Timestamps whose time is none, or that show another time than they lead to.

use super::fix::{Fix, rewrite};
use super::page::Page;
use super::{Finding, Found};
use crate::syntax::time::{self, Millis, Reading};
use crate::syntax::{Timestamp, TimestampForm};
use crate::text::Span;

// timestamp.malformed

pub fn malformed(page: &Page) -> Vec<Found> {
    let timestamps = page.document.outline.timestamps.iter();
    // A time in brackets is one only if it can be read, and a file's fragment is the player's matter.
    let ours = timestamps.filter(|it| !matches!(it.form, TimestampForm::Bare | TimestampForm::Fragment));
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
    let timestamps = &page.document.outline.timestamps;
    let Some(timestamp) = timestamps.iter().find(|it| wrong_part(it) == finding.span) else { return Vec::new() };
    let Some(value) = timestamp.value else { return Vec::new() };
    // A stray bracket is the commonest slip.
    let bare = page.document.of(value).trim_matches(['[', ']', '(', ')', ' ']);
    let led = timestamp.time.millis().or(time::read(bare).millis());
    let mut readings: Vec<Millis> = timestamp.label_time.into_iter().chain(led).collect();
    readings.dedup();
    let fixes = readings.iter().enumerate().map(|(i, time)| {
        let title = format!("Write `{time}`");
        Fix { preferred: i == 0, ..rewrite(page, finding, value, spelled(timestamp.form, *time), title) }
    });
    fixes.collect()
}

/// A time as a form spells it.
fn spelled(form: TimestampForm, time: Millis) -> String {
    match form {
        TimestampForm::Address => format!("{}s", time.seconds()),
        TimestampForm::Macro | TimestampForm::Seek => time.seconds().to_string(),
        _ => time.to_string(),
    }
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
    let timestamps = &page.document.outline.timestamps;
    let Some(timestamp) = timestamps.iter().find(|it| it.label == Some(finding.span)) else { return Vec::new() };
    let (Some((shown, led)), Some(value)) = (differing(timestamp), timestamp.value) else { return Vec::new() };
    let lead = rewrite(page, finding, value, spelled(timestamp.form, shown), format!("Lead to {shown}"));
    let show = rewrite(page, finding, finding.span, led.to_string(), format!("Show {led}"));
    vec![Fix { preferred: true, ..show }, lead]
}
