//! Where the links and timestamps of a note lead, and those that lead to it: what mending it must not change.

use super::super::parts;
use super::super::references::mentions_of_file;
use crate::syntax::{LinkKind, Outline, Target};
use crate::vault::{Anchored, Dialect, Document, Facts, FileId, Mention, Names, Snapshot, find_anchor};
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// A note before it is mended.
pub struct Leads<'a> {
    document: &'a Document,
    links: OnceCell<Vec<Lead>>,
    /// Anchors with which links lead into the note, decoded.
    anchors: OnceCell<BTreeSet<(bool, String)>>,
}

/// A link and what it leads to.
#[derive(PartialEq)]
struct Lead {
    /// `None` for a definition.
    kind: Option<LinkKind>,
    to: To,
    anchor: Option<String>,
}

#[derive(PartialEq)]
enum To {
    File(FileId),
    /// No file of this name.
    Nowhere(String),
    /// An address: if it is of a moment, the timestamp says which.
    Elsewhere,
}

impl<'a> Leads<'a> {
    pub fn of(document: &'a Document) -> Leads<'a> {
        Leads { document, links: OnceCell::new(), anchors: OnceCell::new() }
    }

    /// Whether all of it stays as it is where the note becomes `after`, line by line.
    pub fn stay(&self, snapshot: &Snapshot, note: FileId, after: &Document) -> bool {
        let before = self.document;
        let links = self.links.get_or_init(|| links(snapshot, note, &before.outline));
        *links == self::links(snapshot, note, &after.outline)
            && times_stay(&before.outline, &after.outline)
            && called(&before.outline) == called(&after.outline)
            && self.parts_stay(snapshot, note, after)
    }

    /// Whether the parts of it that links name are still there, and still what they find first.
    pub fn parts_stay(&self, snapshot: &Snapshot, note: FileId, after: &Document) -> bool {
        parts_of(self.document) == parts_of(after) || self.anchors_stay(snapshot, note, after)
    }

    fn anchors_stay(&self, snapshot: &Snapshot, note: FileId, after: &Document) -> bool {
        let (before, after) = (facts(self.document), facts(after));
        let anchors = self.anchors.get_or_init(|| anchors(snapshot, note));
        anchors.iter().all(|(is_path, anchor)| {
            let dialect = if *is_path { Dialect::Path } else { Dialect::Name };
            let lead = |facts| find_anchor(facts, dialect, anchor).map(by_line);
            lead(&before) == lead(&after)
        })
    }
}

fn links(snapshot: &Snapshot, note: FileId, outline: &Outline) -> Vec<Lead> {
    let lead = |kind, target: &Target| {
        let Some((dialect, name, anchor)) = parts(target) else {
            return Lead { kind, to: To::Elsewhere, anchor: None };
        };
        let file = snapshot.resolve(note, dialect, name).map(|resolved| To::File(resolved.file));
        Lead { kind, to: file.unwrap_or_else(|| To::Nowhere(name.to_owned())), anchor: anchor.map(str::to_owned) }
    };
    let links = outline.links.iter().map(|link| lead(Some(link.kind), &link.target));
    links.chain(outline.definitions.iter().map(|it| lead(None, &it.target))).collect()
}

/// Whether each timestamp that led to a moment leads to that one.
fn times_stay(before: &Outline, after: &Outline) -> bool {
    let same = before.timestamps.iter().zip(&after.timestamps).all(|(was, is)| {
        let moment = was.time.millis().map(|time| time.seconds());
        let video = before.video_of(was);
        (moment.is_none() || moment == is.time.millis().map(|time| time.seconds()))
            && (video.is_none() || video == after.video_of(is))
    });
    same && before.timestamps.len() == after.timestamps.len()
}

/// The names by which links find the note.
fn called(outline: &Outline) -> Vec<&str> {
    let front = outline.front_matter.iter();
    front.flat_map(|front| front.title.iter().chain(&front.aliases)).map(|field| field.text.as_str()).collect()
}

/// What an anchor can name: headings with their texts, blocks and elements with their ids.
fn parts_of(document: &Document) -> (Vec<(u8, &str, &str)>, Vec<&str>) {
    let Outline { headings, blocks, elements, .. } = &document.outline;
    let headings = headings.iter().map(|it| (it.level, it.text.as_str(), document.of(it.source)));
    let ids = blocks.iter().map(|block| block.id).chain(elements.iter().map(|element| element.id));
    (headings.collect(), ids.map(|id| document.of(id)).collect())
}

fn facts(document: &Document) -> Facts {
    document.facts(&mut Names::default())
}

/// Whether it is a path's, and the anchor, of each link that leads into the note.
fn anchors(snapshot: &Snapshot, note: FileId) -> BTreeSet<(bool, String)> {
    let anchor = |mention: Mention| {
        let anchor = snapshot.index.names.text(mention.anchor?);
        Some((mention.dialect == Dialect::Path, anchor.to_owned()))
    };
    mentions_of_file(snapshot, note).into_iter().filter_map(|(_, mention)| anchor(mention)).collect()
}

/// Mending moves what stands in a line, and no lines.
fn by_line(anchored: Anchored) -> (Option<u32>, Option<usize>) {
    let index = if let Anchored::Heading { index, .. } = anchored { Some(index) } else { None };
    (anchored.place().map(|place| place.start.line), index)
}
