//! Who cites which moment of a video. Knows the facts of notes, no text.

use crate::syntax::time::Millis;
use crate::text::Place;
use crate::vault::{Document, Fact, FileId, Snapshot};
use rustc_hash::{FxHashMap, FxHashSet};

/// A timestamp that leads to a moment of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citation {
    pub note: FileId,
    pub place: Place,
    pub at: Millis,
}

/// Every citation of a video.
pub fn citations<'a>(snapshot: &'a Snapshot, id: &str) -> impl Iterator<Item = Citation> + 'a {
    let video = snapshot.index.names.get(id);
    let notes = snapshot.index.notes_of_video(id).collect::<Vec<_>>().into_iter();
    notes.filter_map(|note| Some((note, snapshot.get(note)?))).flat_map(move |(note, file)| {
        file.facts.iter().filter_map(move |(place, fact)| match fact {
            Fact::Moment(moment) if moment.video == video && video.is_some() => {
                Some(Citation { note, place, at: Millis(moment.millis?) })
            }
            _ => None,
        })
    })
}

/// Whether two times are of the same moment, as the settings have it.
pub fn is_same(snapshot: &Snapshot, a: Millis, b: Millis) -> bool {
    a.0.abs_diff(b.0) <= window(snapshot)
}

/// In milliseconds.
fn window(snapshot: &Snapshot) -> u64 {
    u64::from(snapshot.config().video.window) * 1000
}

/// The other notes that cite the same moment, each by its nearest citation, the nearest first.
pub fn elsewhere(snapshot: &Snapshot, note: FileId, id: &str, at: Millis) -> Vec<Citation> {
    let others = citations(snapshot, id).filter(|it| it.note != note && is_same(snapshot, it.at, at));
    let mut all: Vec<Citation> = others.collect();
    all.sort_by_cached_key(|it| (it.at.0.abs_diff(at.0), snapshot.path(it.note).to_owned(), it.place));
    let mut met = FxHashSet::default();
    all.retain(|it| met.insert(it.note));
    all
}

/// How many other notes cite the moment of each timestamp of a note, in the order of the outline.
pub fn counted_elsewhere(snapshot: &Snapshot, note: FileId, document: &Document) -> Vec<usize> {
    let outline = &document.outline;
    let mut counts = vec![0; outline.timestamps.len()];
    let mut asked: FxHashMap<&str, Vec<(Millis, usize)>> = FxHashMap::default();
    for (index, timestamp) in outline.timestamps.iter().enumerate() {
        if let Some((id, at)) = outline.video_of(timestamp).zip(timestamp.time.millis()) {
            asked.entry(id).or_default().push((at, index));
        }
    }
    for (id, mut times) in asked {
        times.sort_unstable();
        let mut others: Vec<_> = citations(snapshot, id).filter(|it| it.note != note).collect();
        others.sort_by_key(|it| it.at);
        count_in_step(&times, &others, window(snapshot), &mut counts);
    }
    counts
}

/// Both lists are in order of time, so the citations around a time are a stretch that only moves on.
fn count_in_step(times: &[(Millis, usize)], others: &[Citation], window: u64, counts: &mut [usize]) {
    let mut around: FxHashMap<FileId, usize> = FxHashMap::default();
    let (mut from, mut to) = (0, 0);
    for (at, index) in times {
        while let Some(next) = others.get(to).filter(|next| next.at.0 <= at.0.saturating_add(window)) {
            *around.entry(next.note).or_default() += 1;
            to += 1;
        }
        while let Some(last) = others[..to].get(from).filter(|last| last.at.0.saturating_add(window) < at.0) {
            if let Some(count) = around.get_mut(&last.note) {
                *count -= 1;
                if *count == 0 {
                    around.remove(&last.note);
                }
            }
            from += 1;
        }
        counts[*index] = around.len();
    }
}

/// "8 s later", "1 min 5 s earlier"
pub fn distance(from: Millis, to: Millis) -> String {
    let (seconds, direction) = match to.seconds().checked_sub(from.seconds()) {
        Some(0) => return "the same second".to_owned(),
        Some(later) => (later, "later"),
        None => (from.seconds() - to.seconds(), "earlier"),
    };
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count} {unit}"));
    format!("{} {direction}", parts.collect::<Vec<_>>().join(" "))
}
