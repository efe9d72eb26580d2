//! What part of a note an anchor means. Knows one note's facts and the anchor; never another note.

use super::facts::{Dialect, Fact, Facts, Heading};
use crate::syntax::name;
use crate::text::{Place, Point};
use smallvec::SmallVec;

/// What an anchor leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchored {
    /// The top of the note: `[[note#]]`.
    Top,
    /// A heading, by its order in the note.
    Heading { index: usize, place: Place },
    /// A block id.
    Block(Place),
    /// An HTML element.
    Element(Place),
    /// A place by line: never checked.
    Line(Place),
    /// Not for us to say: `#^key=value`.
    Unchecked,
}

impl Anchored {
    pub fn place(self) -> Option<Place> {
        match self {
            Anchored::Top | Anchored::Unchecked => None,
            Anchored::Heading { place, .. }
            | Anchored::Block(place)
            | Anchored::Element(place)
            | Anchored::Line(place) => Some(place),
        }
    }
}

/// What can be named in a note. Of several that have a name, the first is meant.
pub trait Named {
    fn facts(&self) -> &Facts;
    /// By its text, or else by its source, folded.
    fn heading(&self, folded: &str) -> Option<Anchored>;
    /// A heading by GitHub's slug, with `-1`, `-2` for repeats, folded.
    fn slug(&self, folded: &str) -> Option<Anchored>;
    fn block(&self, id: &str) -> Option<Anchored>;
    fn element(&self, id: &str) -> Option<Anchored>;
}

/// What `anchor` (without `#`, decoded) means in the note of these facts; `None` when there is no such thing.
pub fn find(facts: &Facts, dialect: Dialect, anchor: &str) -> Option<Anchored> {
    find_in(facts, dialect, anchor)
}

pub fn find_in(note: &impl Named, dialect: Dialect, anchor: &str) -> Option<Anchored> {
    if let Some(id) = anchor.strip_prefix('^') {
        return if id.contains('=') { Some(Anchored::Unchecked) } else { note.block(id.trim()) };
    }
    if name::fold_heading(anchor).is_empty() && anchor.trim().trim_matches('#').is_empty() {
        return Some(Anchored::Top);
    }
    let slug = || note.slug(&name::fold(anchor));
    let element = || note.element(anchor);
    match dialect {
        Dialect::Path => line(anchor).or_else(slug).or_else(element).or_else(|| chain(note, anchor)),
        _ => chain(note, anchor).or_else(slug).or_else(element),
    }
}

/// `a#b`: `b` beneath `a`, each deeper than the one before; else the whole as one heading.
fn chain(note: &impl Named, anchor: &str) -> Option<Anchored> {
    let parts: Vec<String> = anchor.split('#').map(name::fold_heading).filter(|part| !part.is_empty()).collect();
    match &parts[..] {
        [] => None,
        [part] => note.heading(part),
        parts => fitting(note.facts(), parts).or_else(|| note.heading(&name::fold_heading(anchor))),
    }
}

impl Named for Facts {
    fn facts(&self) -> &Facts {
        self
    }

    fn heading(&self, folded: &str) -> Option<Anchored> {
        fitting(self, &[folded.to_owned()])
    }

    fn slug(&self, folded: &str) -> Option<Anchored> {
        let mut slugger = Slugger::default();
        let mut headings = self.headings().enumerate();
        headings.find_map(|(index, (place, heading))| {
            (name::fold(&slugger.slug(heading.text)) == folded).then_some(Anchored::Heading { index, place })
        })
    }

    fn block(&self, id: &str) -> Option<Anchored> {
        self.iter().find_map(|(place, fact)| match fact {
            Fact::Block(own) if own.eq_ignore_ascii_case(id) => Some(Anchored::Block(place)),
            _ => None,
        })
    }

    fn element(&self, id: &str) -> Option<Anchored> {
        self.iter().find_map(|(place, fact)| match fact {
            Fact::Element(own) if own == id => Some(Anchored::Element(place)),
            _ => None,
        })
    }
}

/// The first chain of headings that match `parts`: by text before by source.
fn fitting(facts: &Facts, parts: &[String]) -> Option<Anchored> {
    let headings: Vec<(Place, u8, String, Option<String>)> = facts.headings().map(folded).collect();
    let by_text = |i: usize, part: &String| headings[i].2 == *part;
    let by_source = |i: usize, part: &String| headings[i].3.as_ref().unwrap_or(&headings[i].2) == part;
    let levels: Vec<u8> = headings.iter().map(|heading| heading.1).collect();
    let index = first_chain(&levels, parts, by_text)
        .or_else(|| first_chain(&levels, parts, |i, part| by_text(i, part) || by_source(i, part)))?;
    Some(Anchored::Heading { index, place: headings[index].0 })
}

fn folded((place, heading): (Place, Heading)) -> (Place, u8, String, Option<String>) {
    let source = (heading.source != heading.text).then(|| name::fold_heading(heading.source));
    (place, heading.level, name::fold_heading(heading.text), source)
}

/// The last heading of the first chain: every part matches, each in the section of the part before it and deeper.
/// The headings above one are at most five, so this is linear in the note.
fn first_chain(levels: &[u8], parts: &[String], matches: impl Fn(usize, &String) -> bool) -> Option<usize> {
    let (last, above) = parts.split_last()?;
    let mut open: SmallVec<[usize; 6]> = SmallVec::new();
    (0..levels.len()).find(|&i| {
        open.truncate(open.iter().rposition(|&upper| levels[upper] < levels[i]).map_or(0, |at| at + 1));
        let mut upper = open.iter();
        let fits = matches(i, last) && above.iter().all(|part| upper.any(|&i| matches(i, part)));
        open.push(i);
        fits
    })
}

/// Numbers repeated slugs as GitHub does.
#[derive(Default)]
pub struct Slugger {
    seen: rustc_hash::FxHashMap<String, u32>,
}

impl Slugger {
    /// The slug of the next heading of a note.
    pub fn slug(&mut self, heading: &str) -> String {
        let slug = name::github_slug(heading);
        let mut numbered = slug.clone();
        while self.seen.contains_key(&numbered) {
            let count = self.seen.entry(slug.clone()).or_insert(0);
            *count += 1;
            numbered = format!("{slug}-{count}");
        }
        self.seen.insert(numbered.clone(), 0);
        numbered
    }
}

/// `L12`, `L1-L9`, `L1C2-L3C4`, from 1.
fn line(anchor: &str) -> Option<Anchored> {
    let (start, end) = anchor.split_once('-').unwrap_or((anchor, anchor));
    let place = Place { start: line_and_column(start)?, end: line_and_column(end)? };
    Some(Anchored::Line(place))
}

fn line_and_column(text: &str) -> Option<Point> {
    let text = text.strip_prefix('L')?;
    let (line, column) = match text.split_once('C') {
        Some((line, column)) => (line, column.parse::<u32>().ok()?.saturating_sub(1)),
        None => (text, 0),
    };
    let line = line.bytes().all(|b| b.is_ascii_digit()).then(|| line.parse::<u32>().ok())??.saturating_sub(1);
    Some(Point { line, utf8: column, utf16: column, utf32: column })
}
