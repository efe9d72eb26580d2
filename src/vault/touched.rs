//! What a change can have changed elsewhere: the notes whose links may mean something else, or nothing, than before.
//!
//! Knows two snapshots of one vault; not what is found in a note.

use super::facts::{Dialect, Fact};
use super::file::{File, FileId};
use super::index::last_name;
use super::snapshot::Snapshot;
use super::transcripts;
use rustc_hash::FxHashSet;

/// The notes of which something may be found that was not found before, or no longer.
#[derive(Clone, Debug, PartialEq)]
pub enum Touched {
    Notes(FxHashSet<FileId>),
    /// A name came, went or moved, or a setting changed: any link may lead elsewhere, or have a better suggestion.
    All,
}

impl Touched {
    pub fn holds(&self, note: FileId) -> bool {
        match self {
            Touched::Notes(notes) => notes.contains(&note),
            Touched::All => true,
        }
    }

    pub fn is_nothing(&self) -> bool {
        matches!(self, Touched::Notes(notes) if notes.is_empty())
    }
}

/// What differs between two snapshots of one vault, in as far as another note can see it. An edit of prose touches the
/// note itself, an edit of headings also the notes that link there, one of links those that want the same missing note.
pub fn touched(before: &Snapshot, after: &Snapshot) -> Touched {
    if before.revision() == after.revision() {
        return Touched::Notes(FxHashSet::default());
    }
    if !same_ground(before, after) {
        return Touched::All;
    }
    let mut notes = FxHashSet::default();
    for id in may_differ(before, after) {
        let (old, new) = (before.get(id), after.get(id));
        if is_untouched(before, after, id, old, new) {
            continue;
        }
        let (Some(old), Some(new)) = (old, new) else { return Touched::All };
        if names(old).ne(names(new)) {
            return Touched::All;
        }
        notes.insert(id);
        if let Some(transcript) = transcripts::of_file(new) {
            notes.extend(after.index.notes_of_video(transcript.video));
        }
        if anchors(old).ne(anchors(new)) {
            names(new).for_each(|name| notes.extend(notes_mentioning(after, name)));
        }
        if mentions(before, old).eq(mentions(after, new)) {
            continue; // As nearly always, and found out sooner than as sets.
        }
        let (was, is): (FxHashSet<_>, FxHashSet<_>) = (mentions(before, old).collect(), mentions(after, new).collect());
        for (dialect, name) in was.symmetric_difference(&is) {
            // How many notes want a note is said in each of them. What is there seen from one folder may not be from another.
            let is_seen_from_a_folder = name.starts_with('.') || name.ends_with('/');
            if is_seen_from_a_folder || after.resolve(id, *dialect, name).is_none() {
                notes.extend(notes_mentioning(after, name));
            }
        }
    }
    Touched::Notes(notes)
}

/// The files that may not be the same in both: all, unless both have grown from one load or merge.
fn may_differ<'a>(before: &'a Snapshot, after: &'a Snapshot) -> Box<dyn Iterator<Item = FileId> + 'a> {
    let is_loaded = before.is_loaded() && after.is_loaded();
    if is_loaded && std::sync::Arc::ptr_eq(&before.overview, &after.overview) {
        let (older, newer) = if before.revision() < after.revision() { (before, after) } else { (after, before) };
        debug_assert!(older.recent.iter().all(|file| newer.recent.contains(file)));
        return Box::new(newer.recent.iter().copied());
    }
    Box::new((0..before.files.len().max(after.files.len())).map(|id| FileId(id as u32)))
}

/// Whether the same settings, loaded to the same degree, decide what a link means.
fn same_ground(before: &Snapshot, after: &Snapshot) -> bool {
    std::ptr::eq(before.config(), after.config())
        && std::ptr::eq(before.obsidian(), after.obsidian())
        && before.is_loaded() == after.is_loaded()
        && before.is_vault() == after.is_vault()
}

fn is_untouched(before: &Snapshot, after: &Snapshot, id: FileId, old: Option<&File>, new: Option<&File>) -> bool {
    let document = |snapshot: &Snapshot| snapshot.open_document(id).map(std::sync::Arc::as_ptr);
    let (old, new) = match (old, new) {
        (None, None) => return true,
        (Some(old), Some(new)) => (old, new),
        _ => return false,
    };
    // A merge makes every file anew; the hash of what was read tells that it says the same.
    let same_read = old.stamp.zip(new.stamp).is_some_and(|(old, new)| old.hash == new.hash && old.hash != 0);
    match (document(before), document(after)) {
        (None, None) => std::ptr::eq(old, new) || same_read,
        (old, new) => old == new,
    }
}

/// Everything a file is called.
fn names(file: &File) -> impl Iterator<Item = &str> {
    let called = file.facts.called().filter_map(|fact| match fact {
        Fact::Title(name) | Fact::Alias(name) => Some(name),
        _ => None,
    });
    [last_name(&file.path)].into_iter().chain(called)
}

/// What links into a note can name.
fn anchors(file: &File) -> impl Iterator<Item = Fact<'_>> {
    let is_anchor = |fact: &Fact| matches!(fact, Fact::Heading(_) | Fact::Block(_) | Fact::Element(_));
    file.facts.iter().map(|(_, fact)| fact).filter(is_anchor)
}

/// What the links of a note name, as written.
fn mentions<'a>(snapshot: &'a Snapshot, file: &'a File) -> impl Iterator<Item = (Dialect, &'a str)> {
    let mentions = file.facts.mentions().filter(|(_, mention)| mention.dialect != Dialect::External);
    mentions.map(|(_, mention)| (mention.dialect, snapshot.index.names.text(mention.name)))
}

/// Every note with a link that could mean something called `name`, in any sense.
fn notes_mentioning<'a>(snapshot: &'a Snapshot, name: &str) -> impl Iterator<Item = FileId> + 'a {
    snapshot.index.spellings(name).flat_map(|written| snapshot.index.notes_mentioning(written))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::vault::Vault;
    use std::fs::write;
    use std::sync::Arc;

    /// Three notes: `a` links to a heading of `china`, `b` to a note that is missing.
    fn vault() -> (tempfile::TempDir, Arc<Vault>) {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in [("a.md", "[[China#Trade]]"), ("b.md", "[[Missing note]]"), ("china.md", "# Trade\n")] {
            write(folder.path().join(path), text).expect("a note");
        }
        let vault = Vault::open(folder.path(), Config::default());
        assert!(vault.wait_until_loaded(&|| false));
        (folder, vault)
    }

    /// What editing `china` to `text` touches.
    fn touched_by(text: &str) -> Option<Vec<String>> {
        let (_folder, vault) = vault();
        vault.open_note("china.md", 1, "# Trade\n");
        let before = vault.snapshot();
        vault.open_note("china.md", 2, text);
        let after = vault.snapshot();
        let Touched::Notes(notes) = touched(&before, &after) else { return None };
        let mut paths: Vec<_> = notes.into_iter().map(|note| after.path(note).to_owned()).collect();
        paths.sort();
        Some(paths)
    }

    fn paths(paths: &[&str]) -> Option<Vec<String>> {
        Some(paths.iter().map(|&path| path.to_owned()).collect())
    }

    #[test]
    fn prose_touches_its_own_note() {
        assert_eq!(touched_by("\n# Trade\nmore [[b]]"), paths(&["china.md"]));
    }

    #[test]
    fn a_heading_touches_the_notes_that_link_to_its_note() {
        assert_eq!(touched_by("# Trade deals\n"), paths(&["a.md", "china.md"]));
    }

    #[test]
    fn a_link_to_a_missing_note_touches_the_notes_that_miss_it_too() {
        assert_eq!(touched_by("# Trade\n[[missing Note]] [[a]]"), paths(&["b.md", "china.md"]));
    }

    #[test]
    fn a_link_to_what_is_there_touches_notes_of_other_folders_that_miss_it() {
        let (folder, vault) = vault();
        std::fs::create_dir(folder.path().join("talks")).expect("a folder");
        vault.open_note("talks/moscow.md", 1, "[[./china]]");
        vault.open_note("a.md", 1, "");
        let before = vault.snapshot();
        vault.open_note("a.md", 2, "[[./china]]");
        let after = vault.snapshot();
        assert!(touched(&before, &after).holds(after.file("talks/moscow.md").expect("a note")));
    }

    #[test]
    fn a_name_touches_all() {
        assert_eq!(touched_by("---\naliases: [prc]\n---\n# Trade\n"), None);
        let (_folder, vault) = vault();
        let before = vault.snapshot();
        vault.open_note("new.md", 1, "");
        assert_eq!(touched(&before, &vault.snapshot()), Touched::All);
    }

    #[test]
    fn a_transcript_touches_the_notes_of_its_video() {
        let (folder, vault) = vault();
        let path = folder.path().join("sUjFz20kTFw.vtt");
        vault.open_note("china.md", 1, "---\nvideoId: sUjFz20kTFw\n---\n");
        write(&path, "00:01.000 --> 00:02.000\na\n").expect("a file");
        vault.look_at(std::slice::from_ref(&path));
        let before = vault.snapshot();
        write(&path, "00:01.000 --> 00:02.000\na and more\n").expect("a file");
        vault.look_at(std::slice::from_ref(&path));
        let after = vault.snapshot();
        let touched = touched(&before, &after);
        let Touched::Notes(_) = &touched else { panic!("only some are") };
        let is_touched = |path| touched.holds(after.file(path).expect("a file"));
        assert_eq!(["china.md", "a.md"].map(is_touched), [true, false]);
    }

    #[test]
    fn nothing_touches_nothing() {
        let (_folder, vault) = vault();
        let before = vault.snapshot();
        assert!(touched(&before, &vault.snapshot()).is_nothing());
    }
}
