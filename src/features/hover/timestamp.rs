//! Cards of timestamps: the moment, the claim it belongs to, and what stands around it.

use super::video::{elsewhere, picture, words};
use crate::features::moments::distance;
use crate::features::prose::{escaped, shown};
use crate::features::video;
use crate::syntax::time::{Millis, Reading};
use crate::syntax::{Medium, Timestamp, media};
use crate::text::Span;
use crate::vault::{Document, FileId, Snapshot};

pub fn card(snapshot: &Snapshot, note: FileId, document: &Document, timestamp: &Timestamp) -> Option<String> {
    let video = document.outline.video_of(timestamp);
    let moment = video.zip(timestamp.time.millis());
    let mut lines = vec![head(snapshot, note, document, timestamp, video)];
    lines.extend(moment.map(|(id, at)| opening(id, at)));
    lines.extend(claim(document, timestamp).map(|claim| format!("> {claim}")));
    lines.extend(section(document, timestamp));
    lines.extend(neighbours(document, timestamp));
    lines.extend(moment.and_then(|(id, at)| words(snapshot, note, id, at)));
    lines.extend(moment.and_then(|(id, at)| elsewhere(snapshot, note, id, at)));
    lines.extend(video.and_then(|id| picture(snapshot, id)));
    Some(lines.join("\n\n"))
}

fn head(snapshot: &Snapshot, note: FileId, document: &Document, timestamp: &Timestamp, video: Option<&str>) -> String {
    let time = match timestamp.time {
        Reading::Time(at) | Reading::Sum(at) => format!("**{at}**"),
        Reading::Unreadable => format!("`{}` is no time", timestamp.value.map_or("", |value| document.of(value))),
        Reading::Missing => "No time".to_owned(),
    };
    let file = match &timestamp.medium {
        Medium::File(path) => Some(path.clone()),
        _ => None,
    };
    match file.or_else(|| video.and_then(|id| video::title(snapshot, id, note))) {
        Some(title) => format!("{time} · {}", escaped(&title)),
        None => time,
    }
}

fn opening(id: &str, at: Millis) -> String {
    format!("[Open the video at {at}]({})", media::watch_address(id, Some(at)))
}

/// What the timestamp supports: the words since the timestamp before it, in the same paragraph; where it stands in front
/// of them or right behind another, the words that follow or that the other one supports.
pub fn claim(document: &Document, timestamp: &Timestamp) -> Option<String> {
    let outline = &document.outline;
    let begun = outline.paragraphs.partition_point(|paragraph| paragraph.start <= timestamp.span.start);
    let paragraph = outline.paragraphs[..begun].last().filter(|paragraph| paragraph.encloses(timestamp.span))?;
    let (mut end, mut claim) = (timestamp.span.start, String::new());
    let begun = outline.timestamps.partition_point(|it| it.span.start < timestamp.span.start);
    let before = outline.timestamps[..begun].iter().rev().take(MOST_ADJACENT).map(|it| it.span);
    let before = before.filter(|it| it.start >= paragraph.start && it.end <= timestamp.span.start);
    for (from, next_end) in before.map(|it| (it.end, it.start)).chain([(paragraph.start, paragraph.start)]) {
        if from > end {
            continue; // A timestamp in a timestamp.
        }
        claim = tidy(&shown(document, Span { start: from, end }));
        if !claim.is_empty() {
            break;
        }
        end = next_end;
    }
    if claim.is_empty() {
        let after = outline.timestamps.partition_point(|it| it.span.start < timestamp.span.end);
        let after = outline.timestamps.get(after).map(|it| it.span.start);
        let end = after.unwrap_or(paragraph.end).min(paragraph.end);
        claim = tidy(&shown(document, Span { start: timestamp.span.end.min(end), end }));
    }
    Some(claim).filter(|claim| !claim.is_empty())
}

/// More timestamps than that do not stand side by side for one claim.
const MOST_ADJACENT: usize = 32;

/// Without the punctuation that belongs to the sentence before, and the marks of lists and tables; empty where no word
/// is left.
fn tidy(claim: &str) -> String {
    let begun = claim.trim_start_matches(|c: char| c.is_whitespace() || ".,;:)]|-*+>–—!?".contains(c));
    let ended = begun.trim_end_matches(|c: char| c.is_whitespace() || "([|–—".contains(c));
    if ended.chars().any(char::is_alphanumeric) { ended.to_owned() } else { String::new() }
}

fn section(document: &Document, timestamp: &Timestamp) -> Option<String> {
    let heading = document.outline.heading_before(timestamp.span.start as usize)?;
    Some(format!("In *{}*", escaped(&document.outline.headings[heading].text)))
}

/// The timestamps before and behind it in the text, with their distance.
fn neighbours(document: &Document, timestamp: &Timestamp) -> Option<String> {
    let here = timestamp.time.millis()?;
    let all: Vec<&Timestamp> = document
        .outline
        .timestamps
        .iter()
        .filter(|it| it.medium == timestamp.medium && it.time.millis().is_some())
        .collect();
    let index = all.iter().position(|it| it.span == timestamp.span)?;
    let before = index.checked_sub(1).and_then(|before| all.get(before)).and_then(|it| it.time.millis());
    let after = all.get(index + 1).and_then(|it| it.time.millis());
    let before = before.map(|at| format!("← {at} ({})", distance(here, at)));
    let after = after.map(|at| format!("→ {at} ({})", distance(here, at)));
    let both: Vec<String> = before.into_iter().chain(after).collect();
    (!both.is_empty()).then(|| both.join(" · "))
}
