//! Findings counted: by code, by severity, by the name that is missing and by the video whose time is wrong. Knows no way to print them.

use super::Checked;
use crate::config::Level;
use crate::syntax::name;
use crate::text::Span;
use crate::vault::FileId;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a check found so far.
#[derive(Default)]
pub struct Summary {
    /// Notes checked.
    pub notes: usize,
    pub notes_with_findings: usize,
    /// Notes that could not be read.
    pub unread: usize,
    counts: BTreeMap<(Level, &'static str), usize>,
    /// By folded name.
    missing: HashMap<String, Missing>,
    /// By id.
    videos: HashMap<String, Video>,
}

/// A video with what is wrong in the times of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Video {
    pub id: String,
    /// As the vault has it; known of those that a summary lists.
    pub title: Option<String>,
    /// A note that has such a time.
    pub note: FileId,
    /// By code.
    pub counts: BTreeMap<&'static str, usize>,
}

/// How many videos a summary lists.
pub const VIDEOS: usize = 20;

/// A name that links mention and no note has.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// As first written.
    pub name: String,
    pub links: usize,
    /// Notes that hold those links.
    pub notes: usize,
}

impl Summary {
    pub fn add(&mut self, note: &Checked) {
        self.notes += 1;
        self.notes_with_findings += usize::from(!note.findings.is_empty());
        for finding in &note.findings {
            *self.counts.entry((finding.level, finding.code)).or_default() += 1;
        }
        self.add_missing_names(note);
        self.add_videos(note);
    }

    /// Counts notes in which nothing can be wrong.
    pub fn add_sound(&mut self, notes: usize) {
        self.notes += notes;
    }

    /// The videos whose times have most findings, at most [`VIDEOS`], and how many more there are.
    pub fn videos(&self) -> (Vec<&Video>, usize) {
        let mut videos: Vec<&Video> = self.videos.values().collect();
        videos.sort_by(|a, b| b.findings().cmp(&a.findings()).then_with(|| a.id.cmp(&b.id)));
        let more = videos.len().saturating_sub(VIDEOS);
        videos.truncate(VIDEOS);
        (videos, more)
    }

    /// Gives the videos that a summary lists their titles.
    pub fn name_videos(&mut self, title: impl Fn(&str, FileId) -> Option<String>) {
        let listed = self.videos().0.into_iter().filter(|video| video.title.is_none());
        let titles: Vec<_> = listed.map(|video| (video.id.clone(), title(&video.id, video.note))).collect();
        for (id, title) in titles {
            self.videos.entry(id).and_modify(|video| video.title = title);
        }
    }

    pub fn findings(&self) -> usize {
        self.counts.values().sum()
    }

    /// The highest severity found.
    pub fn worst(&self) -> Option<Level> {
        self.counts.keys().map(|(level, _)| *level).next_back()
    }

    /// Codes with their counts: the worst first, then the most frequent.
    pub fn codes(&self) -> Vec<(&'static str, Level, usize)> {
        let mut codes: Vec<_> = self.counts.iter().map(|(&(level, code), &count)| (code, level, count)).collect();
        codes.sort_by(|a, b| (b.1, b.2, a.0).cmp(&(a.1, a.2, b.0)));
        codes
    }

    /// Severities with their counts, the worst first.
    pub fn levels(&self) -> impl Iterator<Item = (Level, usize)> {
        let mut levels = BTreeMap::new();
        for ((level, _), count) in &self.counts {
            *levels.entry(*level).or_default() += count;
        }
        levels.into_iter().rev()
    }

    /// Names that no note has, the most wanted first.
    pub fn missing_names(&self) -> Vec<Missing> {
        let mut names: Vec<_> = self.missing.values().cloned().collect();
        names.sort_by(|a, b| b.links.cmp(&a.links).then_with(|| a.name.cmp(&b.name)));
        names
    }

    fn add_videos(&mut self, note: &Checked) {
        for finding in note.findings.iter().filter(|it| is_of_times(it.code)) {
            let Some(id) = video_at(note, finding.span) else { continue };
            let new = || Video { id: id.to_owned(), title: None, note: note.file, counts: BTreeMap::new() };
            let video = self.videos.entry(id.to_owned()).or_insert_with(new);
            *video.counts.entry(finding.code).or_default() += 1;
        }
    }

    fn add_missing_names(&mut self, note: &Checked) {
        let mut seen = HashSet::new();
        for name in note.findings.iter().filter_map(|finding| finding.missing.as_deref()) {
            let key = name::fold(name).into_owned();
            let entry = self.missing.entry(key.clone());
            let missing = entry.or_insert_with(|| Missing { name: name.to_owned(), links: 0, notes: 0 });
            missing.links += 1;
            missing.notes += usize::from(seen.insert(key));
        }
    }
}

impl Video {
    pub fn findings(&self) -> usize {
        self.counts.values().sum()
    }
}

fn is_of_times(code: &str) -> bool {
    code.starts_with("timestamp.")
}

/// The video of the timestamp at a place, else the note's own.
fn video_at(note: &Checked, span: Span) -> Option<&str> {
    let outline = &note.document.outline;
    let behind = outline.timestamps.partition_point(|it| it.span.start <= span.start);
    let here = outline.timestamps[..behind].last().filter(|it| it.span.encloses(span));
    here.map_or(outline.medium.as_deref(), |it| outline.video_of(it))
}
