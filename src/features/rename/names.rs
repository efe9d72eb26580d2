//! Names that many notes write and none owns: tags, and links that lead nowhere.

use super::{Refused, Renaming, document};
use crate::features::change::{Change, FileEdit};
use crate::features::references::mentions_of_missing;
use crate::features::relink::{Written, links};
use crate::syntax::name::NOTE_ENDINGS;
use crate::syntax::{self, name};
use crate::text::Span;
use crate::vault::naming::{fits_wikilink, without_ending};
use crate::vault::{FileId, Snapshot};

/// Gives a tag, folded, another name, and with it those beneath.
pub fn tag(snapshot: &Snapshot, tag: &str, new: &str) -> Result<Renaming, Refused> {
    let new = new.strip_prefix('#').unwrap_or(new);
    if !is_tag(new) {
        return Refused::because(format!("`{new}` is no tag: letters, digits, `_`, `-` and `/`, and not digits alone"));
    }
    let mut notes: Vec<FileId> = snapshot.index.notes_tagged(tag).collect();
    notes.sort_unstable_by(|&a, &b| snapshot.path(a).cmp(snapshot.path(b)));
    let depth = tag.matches('/').count();
    let mut edits = Vec::new();
    for note in notes {
        let document = document(snapshot, note)?;
        for written in &document.outline.tags {
            let of_it = upper(document.of(written.name), depth).filter(|upper| name::fold_tag(upper) == tag);
            edits.extend(of_it.map(|upper| {
                let start = written.name.start as usize;
                let span = Span::new(start, start + upper.len());
                FileEdit { file: note, span, text: new.to_owned() }
            }));
        }
    }
    Ok(Renaming { change: Change { edits, ..Change::default() }, lost: Vec::new() })
}

/// The first parts of a tag: one more than `depth`.
fn upper(tag: &str, depth: usize) -> Option<&str> {
    let mut ends = tag.match_indices('/').map(|(at, _)| at).chain([tag.len()]);
    ends.nth(depth).map(|end| &tag[..end])
}

fn is_tag(name: &str) -> bool {
    let source = format!("#{name}\n");
    let outline = syntax::scan(&source);
    let is_whole = |tag: &syntax::Tag| tag.name.of(&source) == name;
    let parts_are_named = name.split('/').all(|part| !part.is_empty());
    parts_are_named && matches!(&outline.tags[..], [tag] if is_whole(tag))
}

/// Writes another name in every link that names a file which is not there.
pub fn missing(snapshot: &Snapshot, folded: &str, new: &str) -> Result<Renaming, Refused> {
    if !fits_wikilink(new) {
        return Refused::because(format!("`{new}` cannot be linked: a wikilink holds none of # ^ | [ ]"));
    }
    // `[[x]]` and `[y](x.md)` miss the same note.
    let bare = without_ending(folded);
    let ended = NOTE_ENDINGS.map(|ending| format!("{bare}.{ending}"));
    let spelled: Vec<&str> = ended.iter().map(String::as_str).chain([bare]).collect();
    let mentions = spelled.iter().flat_map(|name| mentions_of_missing(snapshot, name));
    let mut notes: Vec<FileId> = mentions.map(|mention| mention.file).collect();
    notes.sort_unstable_by(|&a, &b| snapshot.path(a).cmp(snapshot.path(b)));
    notes.dedup();
    let new = without_ending(new);
    let mut edits = Vec::new();
    for note in notes {
        let document = document(snapshot, note)?;
        let leads_nowhere = |link: &Written| {
            spelled.contains(&&*name::fold(link.path()))
                && snapshot.resolve(note, link.dialect(), link.path()).is_none()
        };
        for link in links(&document).filter(leads_nowhere) {
            let ending = &link.path()[without_ending(link.path()).len()..];
            let text = link.written_name(&document, &format!("{new}{ending}"));
            edits.extend(text.map(|text| FileEdit { file: note, span: link.name, text }));
        }
    }
    Ok(Renaming { change: Change { edits, ..Change::default() }, lost: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_what_the_scanner_reads_as_one() {
        assert_eq!(["a", "a/b", "日本", "v1_2-x"].map(is_tag), [true; 4]);
        assert_eq!(["", "12", "a b", "a/", "/a", "a//b", "a#b", "a."].map(is_tag), [false; 8]);
    }
}
