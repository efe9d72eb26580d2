//! Cards of tags.

use crate::features::prose::{counted, escaped};
use crate::features::references::{Subject, mentions};
use crate::syntax::name;
use crate::vault::{FileId, Snapshot};

/// How many notes are listed.
const NOTES: usize = 10;

/// A tag: how often it is used, and the first notes that have it or one beneath it.
pub fn card(snapshot: &Snapshot, tag: &str) -> Option<String> {
    let uses = mentions(snapshot, &Subject::Tag(name::fold_tag(tag).into_owned()));
    let mut notes: Vec<FileId> = uses.iter().map(|mention| mention.file).collect();
    notes.dedup();
    let mut card =
        format!("**#{}** · {} in {}", escaped(tag), counted(uses.len(), "use"), counted(notes.len(), "note"));
    for &note in notes.iter().take(NOTES) {
        let file = snapshot.get(note)?;
        card += &format!("\n- {} (`{}`)", escaped(super::note::title(file)), file.path);
    }
    if notes.len() > NOTES {
        card += "\n- …";
    }
    Some(card)
}
