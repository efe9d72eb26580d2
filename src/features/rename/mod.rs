//! Giving a thing another name, with every link that leads to it.
//!
//! A rename is planned on the vault as it would be afterwards: what the thing is called is edited there, and
//! [`relink`](super::relink) says how the links follow. A name that cannot be is refused, and nothing is half done.

mod called;
mod moved;
mod names;
mod subject;
mod words;

use super::Location;
use super::change::{Change, FileEdit, edited};
use super::relink::relink;
use crate::config::FirstHeading;
use crate::text::Span;
use crate::vault::{Document, FileId, Snapshot, Supposed};
pub use moved::{added, leading_to, loss, lost, moved, path_for};
use std::fmt::Display;
use std::sync::Arc;
use subject::{Subject, named_at};

/// What would be renamed: where the cursor touches it, and what it is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Renameable {
    /// In the asking note.
    pub span: Span,
    pub name: String,
}

/// A change that gives something another name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Renaming {
    pub change: Change,
    /// Links that cannot follow, with the files they led to.
    pub lost: Vec<(Location, FileId)>,
}

/// Why something cannot be done, in a sentence for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub String);

impl Refused {
    fn because<T>(reason: impl Display) -> Result<T, Refused> {
        Err(Refused(reason.to_string()))
    }
}

impl Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What can be renamed at byte `at` of a note.
pub fn renameable(snapshot: &Snapshot, note: FileId, at: usize) -> Option<Renameable> {
    let document = snapshot.document(note)?;
    named_at(snapshot, note, &document, at).map(|(_, renameable)| renameable)
}

/// Gives what is at byte `at` of a note the name `new`.
///
/// # Errors
/// Where there is nothing to rename, and where the name cannot be: empty, taken, or none that can be linked.
pub fn rename(snapshot: &Snapshot, note: FileId, at: usize, new: &str) -> Result<Renaming, Refused> {
    let unreadable = || Refused(format!("{} cannot be read", snapshot.path(note)));
    let document = snapshot.document(note).ok_or_else(unreadable)?;
    let Some((subject, old)) = named_at(snapshot, note, &document, at) else {
        return Refused::because("there is nothing to rename here");
    };
    let new = new.trim();
    if new.is_empty() || new.contains(['\n', '\r']) {
        return Refused::because("a name is one line, and not empty");
    }
    if new == old.name {
        return Ok(Renaming::default());
    }
    let renaming = match subject {
        Subject::File(file) => moved(snapshot, &[(file, path_for(snapshot, file, new)?)]),
        Subject::Title(file) => called::title(snapshot, file, new),
        Subject::Alias(file, order) => called::alias(snapshot, file, order, new),
        Subject::Heading(file, index) if is_title(snapshot, index) => called::first_heading(snapshot, file, index, new),
        Subject::Heading(file, index) => called::heading(snapshot, file, index, new),
        Subject::Block(file, order) => called::block(snapshot, file, order, new),
        Subject::Tag(tag) => names::tag(snapshot, &tag, new),
        Subject::Missing(name) => names::missing(snapshot, &name, new),
        Subject::Footnote(file, key) => words::footnote(snapshot, file, &key, new),
        Subject::Definition(file, key) => words::definition(snapshot, file, &key, new),
    };
    whole(snapshot, renaming?)
}

/// Gives a note the title `new`, and leaves its file where it is. The links that are written by its title follow.
///
/// # Errors
/// Where the title cannot stand in a front matter of one line.
pub fn retitled(snapshot: &Snapshot, note: FileId, new: &str) -> Result<Renaming, Refused> {
    whole(snapshot, called::title_alone(snapshot, note, new)?)
}

/// Moves a note to another path and gives it a title.
///
/// # Errors
/// Where something is in the way, or the note has no title in its front matter.
pub fn moved_and_retitled(snapshot: &Snapshot, note: FileId, path: &str, title: &str) -> Result<Renaming, Refused> {
    whole(snapshot, called::moved_and_retitled(snapshot, note, path.to_owned(), title)?)
}

/// A change in which every link follows; nothing is half done.
fn whole(snapshot: &Snapshot, renaming: Renaming) -> Result<Renaming, Refused> {
    match lost(snapshot, &renaming.lost) {
        Some(sentence) => Refused::because(sentence),
        None => Ok(renaming),
    }
}

fn is_title(snapshot: &Snapshot, heading: usize) -> bool {
    heading == 0 && snapshot.config().rename.first_heading == FirstHeading::Note
}

/// The document of a note that something is to be written into.
fn document(snapshot: &Snapshot, note: FileId) -> Result<Arc<Document>, Refused> {
    let path = || snapshot.path(note);
    let document = snapshot.document(note).ok_or_else(|| Refused(format!("{} cannot be read", path())))?;
    if document.lossy { Refused::because(format!("{} is not UTF-8, and is not written", path())) } else { Ok(document) }
}

/// Edits of one note, and those by which the links follow.
fn with_links(snapshot: &Snapshot, note: FileId, document: &Document, own: Vec<FileEdit>) -> Renaming {
    let texts = vec![(note, Arc::new(edited(document, &own)))];
    let after = snapshot.supposing(&Supposed { texts, ..Supposed::default() });
    let relinked = relink(snapshot, &after, &[note], &own);
    let edits = own.into_iter().chain(relinked.edits).collect();
    Renaming { change: Change { edits, places: relinked.places, ..Change::default() }, lost: relinked.lost }
}
