//! What can be opened from a note.

use super::video;
use crate::syntax::time::Millis;
use crate::syntax::{Medium, Target, Timestamp, media};
use crate::text::Span;
use crate::vault::{Dialect, FileId, Snapshot};

/// A part of a note that opens something.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentLink {
    pub span: Span,
    pub to: Opens,
    pub tooltip: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Opens {
    File(FileId),
    /// A moment of a file: `v.mp4#t=62`.
    Moment(FileId, Millis),
    /// A web address.
    Address(String),
}

/// Links, web addresses and timestamps, in order of place, none in another.
pub fn document_links(snapshot: &Snapshot, note: FileId) -> Vec<DocumentLink> {
    let Some(document) = snapshot.document(note) else { return Vec::new() };
    let outline = &document.outline;
    let mut all: Vec<DocumentLink> = Vec::new();
    for timestamp in &outline.timestamps {
        if let Some(link) = moment_of_a_file(snapshot, note, timestamp) {
            all.push(link);
        }
        let Some((id, at)) = outline.video_of(timestamp).zip(timestamp.time.millis()) else { continue };
        let title = video::own_title(snapshot, id, note).map_or_else(String::new, |title| format!(" of {title}"));
        let to = Opens::Address(media::watch_address(id, Some(at)));
        all.push(DocumentLink { span: timestamp.span, to, tooltip: Some(format!("Open {at}{title}")) });
    }
    let targets = outline.links.iter().map(|link| (link.span, &link.target));
    let targets = targets.chain(outline.definitions.iter().map(|definition| (definition.name, &definition.target)));
    all.extend(
        targets.filter_map(|(span, target)| {
            Some(DocumentLink { span, to: opened(snapshot, note, target)?, tooltip: None })
        }),
    );
    // A stable sort: of a link that is a timestamp as well, the timestamp stays.
    all.sort_by_key(|link| (link.span.start, std::cmp::Reverse(link.span.end)));
    let mut end = 0;
    all.retain(|link| {
        let is_free = link.span.start >= end;
        end = end.max(link.span.end);
        is_free
    });
    all
}

/// A media fragment is the player's to read: `v.mp4#t=62`.
fn moment_of_a_file(snapshot: &Snapshot, note: FileId, timestamp: &Timestamp) -> Option<DocumentLink> {
    let (Medium::File(path), Some(at)) = (&timestamp.medium, timestamp.time.millis()) else { return None };
    let by_path = snapshot.resolve(note, Dialect::Path, path);
    let file = by_path.or_else(|| snapshot.resolve(note, Dialect::Name, path))?.file;
    Some(DocumentLink {
        span: timestamp.span,
        to: Opens::Moment(file, at),
        tooltip: Some(format!("Open {path} at {at}")),
    })
}

fn opened(snapshot: &Snapshot, note: FileId, target: &Target) -> Option<Opens> {
    match target {
        Target::External(address) => Some(Opens::Address(address.clone())).filter(|_| has_scheme(address)),
        _ => {
            let (dialect, name, _) = super::parts(target)?;
            snapshot.resolve(note, dialect, name).map(|resolved| Opens::File(resolved.file))
        }
    }
}

fn has_scheme(address: &str) -> bool {
    let scheme = address.split(':').next().unwrap_or_default();
    address.contains(':')
        && scheme.len() > 1
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}
