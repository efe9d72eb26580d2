//! A text of one note that comes to stand in another: its links lead where they led. Knows names and folders; what
//! becomes of anchors is the matter of who moves it.

use crate::features::relink::Written;
use crate::text::{Span, Splice, spliced};
use crate::vault::{Dialect, Document, FileId, Found, Resolved, Snapshot, naming, resolve};

/// How the name in a link is written in a note of folder `to`, where it is written anew: nothing of a link that leads
/// nowhere, or that leads there as it stands. `None` where it cannot be written.
pub fn relinked(
    snapshot: &Snapshot,
    from: FileId,
    document: &Document,
    link: &Written,
    to: &str,
) -> Option<Vec<Splice>> {
    let (dialect, name) = (link.dialect(), link.path());
    let Some(resolved) = snapshot.resolve(from, dialect, name) else { return Some(Vec::new()) };
    let afterwards = resolve::resolve(snapshot, to, dialect, name).filter(|_| !name.is_empty());
    if afterwards.is_some_and(|after| is_as_good(&resolved, &after)) {
        return Some(Vec::new());
    }
    let name = match dialect {
        Dialect::Name => naming::shortest_name(snapshot, to, resolved.file),
        _ => path(naming::relative_path(to, snapshot.path(resolved.file)), name),
    };
    renamed(document, link, &name).map(|splice| vec![splice])
}

/// A stretch of a note with edits of it, in any order; `None` where they overlap or lie outside.
pub fn piece(document: &Document, span: Span, edits: &[Splice]) -> Option<String> {
    let inside = edits.iter().all(|(at, _)| span.encloses(*at));
    let shifted = |(at, text): &Splice| (Span { start: at.start - span.start, end: at.end - span.start }, text.clone());
    let mut edits: Vec<Splice> = edits.iter().filter(|_| inside).map(shifted).collect();
    edits.sort_by_key(|(at, _)| (at.start, at.end));
    spliced(document.of(span), &edits).filter(|_| inside)
}

/// A path that was one is to be one afterwards: being found by its name is not the same.
fn is_as_good(before: &Resolved, after: &Resolved) -> bool {
    let was_path = matches!(before.by, Found::Path | Found::Folder);
    before.file == after.file && (!was_path || matches!(after.by, Found::Path | Found::Folder))
}

/// A link with another name in it; `None` where it cannot hold that.
pub fn renamed(document: &Document, link: &Written, name: &str) -> Option<Splice> {
    let text = link.written_name(document, name).filter(|_| link.can_hold(name))?;
    Some((link.name, text))
}

/// A path as it is written in place of another: without an ending where that has none.
pub fn path(path: String, written: &str) -> String {
    let is_bare = !written.is_empty() && naming::without_ending(written) == written;
    if is_bare { naming::without_ending(&path).to_owned() } else { path }
}
