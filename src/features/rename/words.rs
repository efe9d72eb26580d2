//! Labels that only their own note knows: of footnotes, and of reference definitions.

use super::{Refused, Renaming, document};
use crate::features::change::{Change, FileEdit, edited};
use crate::syntax::{self, LinkKind};
use crate::text::Span;
use crate::vault::{FileId, Snapshot};

pub fn footnote(snapshot: &Snapshot, note: FileId, key: &str, new: &str) -> Result<Renaming, Refused> {
    let document = document(snapshot, note)?;
    let new = new.strip_prefix('^').unwrap_or(new);
    let footnotes = &document.outline.footnotes;
    if new.contains(|c: char| c.is_whitespace() || "[]^".contains(c)) || new.is_empty() {
        return Refused::because("the label of a footnote holds no blanks and no brackets");
    }
    let new_key = syntax::name::fold(new).into_owned();
    if new_key != key && footnotes.iter().any(|footnote| footnote.key == new_key) {
        return Refused::because(format!("there is a footnote [^{new}] in this note already"));
    }
    let named = footnotes.iter().filter(|footnote| footnote.key == key);
    let edits = named.map(|footnote| FileEdit { file: note, span: footnote.label, text: new.to_owned() });
    Ok(Renaming { change: Change { edits: edits.collect(), ..Change::default() }, lost: Vec::new() })
}

/// What a link shows stays: `[china]` becomes `[china][new]`.
pub fn definition(snapshot: &Snapshot, note: FileId, key: &str, new: &str) -> Result<Renaming, Refused> {
    let document = document(snapshot, note)?;
    let outline = &document.outline;
    if new.contains(['[', ']', '\\']) || new.starts_with('^') {
        return Refused::because("a label holds no brackets, and does not begin with ^");
    }
    let new_key = syntax::definition_key(new);
    if new_key != key && outline.definitions.iter().any(|definition| definition.key == new_key) {
        return Refused::because(format!("there is a definition [{new}] in this note already"));
    }
    let mut edits: Vec<FileEdit> = Vec::new();
    let mut write = |span, text| edits.push(FileEdit { file: note, span, text });
    for definition in outline.definitions.iter().filter(|definition| definition.key == key) {
        write(definition.label, new.to_owned());
    }
    let references = outline.links.iter().filter(|link| link.kind == LinkKind::Reference);
    for link in references.filter(|link| syntax::definition_key(document.of(link.name)) == key) {
        let shows_itself = link.label.is_none_or(|label| label == link.name);
        match shows_itself {
            false => write(link.name, new.to_owned()),
            true => {
                let behind = Span { start: link.name.end + 1, end: link.span.end };
                write(behind, format!("[{new}]"));
            }
        }
    }
    if edited(&document, &edits).outline.links.len() != outline.links.len() {
        return Refused::because(format!("[{new}] stands in this note already, and would become a link"));
    }
    Ok(Renaming { change: Change { edits, ..Change::default() }, lost: Vec::new() })
}
