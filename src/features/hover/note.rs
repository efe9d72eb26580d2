//! Cards of notes, their parts, attachments, and of names that nothing has.

use crate::features::missing;
use crate::features::prose::{counted, escaped, excerpt};
use crate::features::references::{linking_notes, mentions_of_missing};
use crate::syntax::name;
use crate::text::Span;
use crate::vault::{Anchored, Dialect, Document, File, FileId, Snapshot, naming};

/// How many lines of a note are shown.
const LINES: usize = 12;

/// A note or an attachment, or the part of it that an anchor names.
pub fn card(snapshot: &Snapshot, file: FileId, anchor: Option<(Dialect, &str)>) -> Option<String> {
    let entry = snapshot.get(file)?;
    if !entry.is_note() {
        return Some(attachment(snapshot, file, entry));
    }
    let linked = match linking_notes(snapshot, file).len() {
        0 => "linked from no note".to_owned(),
        notes => format!("linked from {}", counted(notes, "note")),
    };
    let head = format!("**{}**  \n`{}` · {linked}", escaped(title(entry)), entry.path);
    let body = preview(snapshot, file, anchor).unwrap_or_else(|| "*The note cannot be read.*".to_owned());
    Some(if body.is_empty() { head } else { format!("{head}\n\n---\n\n{body}") })
}

/// What a note is called: its title, else its name.
pub fn title(note: &File) -> &str {
    note.facts.title().filter(|title| !title.trim().is_empty()).unwrap_or(note.stem())
}

/// The first lines of a note or of the part that an anchor names, as they are written.
pub fn preview(snapshot: &Snapshot, note: FileId, anchor: Option<(Dialect, &str)>) -> Option<String> {
    let document = snapshot.document(note)?;
    let Some((dialect, anchor)) = anchor else { return Some(excerpt(&document, body(&document), LINES)) };
    Some(match snapshot.anchor(note, dialect, anchor) {
        Some(anchored) => excerpt(&document, part(&document, anchored), LINES),
        None => {
            let what = if anchor.starts_with('^') { "block" } else { "heading" };
            format!("*There is no {what} `{anchor}` in it.*\n\n{}", excerpt(&document, body(&document), LINES))
        }
    })
}

/// The text behind the front matter.
fn body(document: &Document) -> Span {
    let start = document.outline.front_matter.as_ref().map_or(0, |front| front.span.end as usize);
    Span::new(start.min(document.source.len()), document.source.len())
}

fn part(document: &Document, anchored: Anchored) -> Span {
    let outline = &document.outline;
    let end = document.source.len();
    match anchored {
        Anchored::Heading { index, .. } if index < outline.headings.len() => outline.section(index, end),
        Anchored::Block(place) => {
            let id = document.span(place);
            outline.blocks.iter().find(|block| block.span == id).map_or(id, |block| block.block)
        }
        Anchored::Element(place) | Anchored::Line(place) => Span::new(document.span(place).start as usize, end),
        _ => body(document),
    }
}

fn attachment(snapshot: &Snapshot, file: FileId, entry: &File) -> String {
    let path = snapshot.absolute(file);
    let size = crate::vault::disk::stamp(&path).map_or_else(|| "not on disk".to_owned(), |stamp| in_units(stamp.size));
    let head = format!("**{}**  \n`{}` · {size}", escaped(entry.name()), entry.path);
    let ending = entry.name().rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if IMAGES.contains(&&*ending) {
        return format!("{head}\n\n![{}]({})", escaped(entry.name()), naming::file_address(&path));
    }
    head
}

const IMAGES: [&str; 8] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "avif"];

fn in_units(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// A name that no file has: what is missing, what may have been meant, who else links to it.
pub fn missing(snapshot: &Snapshot, from: FileId, dialect: Dialect, embed: bool, written: &str) -> Option<String> {
    let folder = snapshot.get(from)?.folder();
    if missing::is_text(dialect, written) || missing::is_on_disk(snapshot, folder, dialect, written) {
        return None;
    }
    let mut card = missing::sentence(dialect, embed, written);
    let near = snapshot.nearest(written);
    if !near.is_empty() {
        let names = near.iter().map(|&file| format!("`{}`", naming::shortest_name(snapshot, folder, file)));
        card += &format!("\n\nDid you mean {}?", names.collect::<Vec<_>>().join(" or "));
    }
    let others = mentions_of_missing(snapshot, &name::fold(written));
    let others = others.iter().filter(|mention| mention.file != from).count();
    if others > 0 {
        card += &format!("\n\n{} to it in other notes.", counted(others, "link"));
    }
    Some(card)
}
