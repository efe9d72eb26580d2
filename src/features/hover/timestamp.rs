//! Cards of timestamps: the moment, the claim it belongs to, and what stands around it.

use super::video::{elsewhere, picture, words};
use crate::features::claims::{claim, section};
use crate::features::moments::distance;
use crate::features::prose::escaped;
use crate::features::video;
use crate::syntax::time::{Millis, Reading};
use crate::syntax::{Medium, Timestamp, media};
use crate::vault::{Document, FileId, Snapshot};

pub fn card(snapshot: &Snapshot, note: FileId, document: &Document, timestamp: &Timestamp) -> Option<String> {
    let video = document.outline.video_of(timestamp);
    let moment = video.zip(timestamp.time.millis());
    let mut lines = vec![head(snapshot, note, document, timestamp, video)];
    lines.extend(moment.map(|(id, at)| opening(id, at)));
    lines.extend(claim(document, timestamp).map(|claim| format!("> {claim}")));
    lines.extend(section(document, timestamp).map(|section| format!("In *{}*", escaped(&section))));
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

/// The timestamps of its medium before and behind it in the text, with their distance.
fn neighbours(document: &Document, timestamp: &Timestamp) -> Option<String> {
    let here = timestamp.time.millis()?;
    let outline = &document.outline;
    let medium = outline.medium_of(timestamp);
    let same = outline.timestamps.iter().filter(|it| outline.medium_of(it) == medium && it.time.millis().is_some());
    let all: Vec<&Timestamp> = same.collect();
    let index = all.iter().position(|it| it.span == timestamp.span)?;
    let before = index.checked_sub(1).and_then(|before| all.get(before)).and_then(|it| it.time.millis());
    let after = all.get(index + 1).and_then(|it| it.time.millis());
    let before = before.map(|at| format!("← {at} ({})", distance(here, at)));
    let after = after.map(|at| format!("→ {at} ({})", distance(here, at)));
    let both: Vec<String> = before.into_iter().chain(after).collect();
    (!both.is_empty()).then(|| both.join(" · "))
}
