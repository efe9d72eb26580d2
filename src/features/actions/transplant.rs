//! A text of one note that comes to stand in another: its links lead where they led. Knows names and folders; what
//! becomes of anchors is the matter of who moves it.

use super::link::Named;
use crate::features::parts;
use crate::text::Span;
use crate::vault::{Dialect, Document, FileId, Found, Resolved, Snapshot, naming, resolve};

/// Edits of a text, in order.
pub type Edits = Vec<(Span, String)>;

/// How the name in a link is written in a note of folder `to`, where it is written anew: nothing of a link that leads
/// nowhere or elsewhere, or that leads there as it stands. `None` where it cannot be written.
pub fn relinked(snapshot: &Snapshot, from: FileId, document: &Document, named: &Named, to: &str) -> Option<Edits> {
    let Some((dialect, name, _)) = parts(named.target) else { return Some(Vec::new()) };
    let Some(resolved) = snapshot.resolve(from, dialect, name) else { return Some(Vec::new()) };
    if name.is_empty() {
        return led(snapshot, document, named, to, resolved.file).map(|edit| vec![edit]);
    }
    let afterwards = resolve::resolve(snapshot, to, dialect, name);
    if afterwards.is_some_and(|after| is_as_good(&resolved, &after)) {
        return Some(Vec::new());
    }
    led(snapshot, document, named, to, resolved.file).map(|edit| vec![edit])
}

/// A path that was one is to be one afterwards: being found by its name is not the same.
fn is_as_good(before: &Resolved, after: &Resolved) -> bool {
    let was_path = matches!(before.by, Found::Path | Found::Folder);
    before.file == after.file && (!was_path || matches!(after.by, Found::Path | Found::Folder))
}

/// The edit that leads a link to a file, from a folder.
pub fn led(snapshot: &Snapshot, document: &Document, named: &Named, to: &str, file: FileId) -> Option<(Span, String)> {
    let (dialect, name, _) = parts(named.target)?;
    let path = snapshot.path(file);
    let text = match dialect {
        Dialect::Name => naming::shortest_name(snapshot, to, file),
        _ => destination(naming::relative_path(to, path), name),
    };
    named.holds(document, &text).then_some((named.name, text))
}

/// A path as it is written in place of another: without an ending where that has none.
pub fn destination(path: String, written: &str) -> String {
    let is_bare = !written.is_empty() && naming::without_ending(written) == written;
    naming::destination(if is_bare { naming::without_ending(&path) } else { &path })
}
