//! Where a link leads, as something that can be compared between two states of a vault.

use crate::text::Place;
use crate::vault::resolve::{at_path, join};
use crate::vault::{Anchored, Dialect, Fact, FileId, Found, Resolved, Snapshot};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Led {
    pub file: FileId,
    pub by: Found,
    /// The link names the place of its file, from its own note or from the root, and not what it is called.
    pub by_place: bool,
    /// What the anchor means; `None` without one, and where it means nothing.
    pub part: Option<Part>,
}

/// A part of a file that survives a change of its words: the first, second, .. of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Heading(usize),
    Block(usize),
    Element(usize),
    /// The top, a line, what is not for us to say: it needs no name.
    Unnamed,
}

/// Where a name and an anchor, written in `note`, lead.
pub fn led(snapshot: &Snapshot, note: FileId, dialect: Dialect, name: &str, anchor: Option<&str>) -> Option<Led> {
    let resolved = snapshot.resolve(note, dialect, name)?;
    let anchored = anchor.and_then(|anchor| snapshot.anchor(resolved.file, dialect, anchor));
    let part = anchored.map(|anchored| part(snapshot, resolved.file, anchored));
    let by_place = is_place(snapshot, note, dialect, name, &resolved);
    Some(Led { file: resolved.file, by: resolved.by, by_place, part })
}

impl Led {
    /// Whether a link that led here, and now leads to `after`, is as good as before: a destination that was a path must
    /// be one still, and not be found by a name.
    pub fn is_kept(self, after: Option<Led>, dialect: Dialect) -> bool {
        after.is_some_and(|after| {
            let is_place = dialect != Dialect::Path || !self.by_place || after.by_place;
            after.file == self.file && is_place && (self.part.is_none() || after.part == self.part)
        })
    }
}

fn is_place(snapshot: &Snapshot, note: FileId, dialect: Dialect, name: &str, resolved: &Resolved) -> bool {
    // A path from the root without a slash in front is found by its name: other readers of Markdown do not find it.
    let from = if name.starts_with('/') { "" } else { snapshot.get(note).map_or("", |file| file.folder()) };
    let is_there = || join(from, name).and_then(|path| at_path(snapshot, &path)) == Some(resolved.file);
    match resolved.by {
        Found::Folder | Found::Itself => true,
        Found::Path => dialect == Dialect::Name || is_there(),
        _ => false,
    }
}

fn part(snapshot: &Snapshot, file: FileId, anchored: Anchored) -> Part {
    let order = |place: Place, wanted: fn(&Fact) -> bool| {
        let facts = snapshot.get(file).map(|file| &file.facts);
        let places = facts.into_iter().flat_map(|facts| facts.iter().filter(|(_, fact)| wanted(fact)));
        places.take_while(|(other, _)| *other != place).count()
    };
    match anchored {
        Anchored::Heading { index, .. } => Part::Heading(index),
        Anchored::Block(place) => Part::Block(order(place, |fact| matches!(fact, Fact::Block(_)))),
        Anchored::Element(place) => Part::Element(order(place, |fact| matches!(fact, Fact::Element(_)))),
        Anchored::Top | Anchored::Line(_) | Anchored::Unchecked => Part::Unnamed,
    }
}
