//! Renames: what the cursor names, and every line that changes with its name. The links must lead where they led.
//!
//! `? to NAME` renames what the cursor is on, `? title NAME` the note's title alone; `? move OLD -> NEW` (once or more; a
//! folder ends with `/`) says what an editor is about to move, and `? come PATH` what is about to come.

use crate::answer::document;
use crate::case::Case;
use crate::fixed::applied;
use crate::opened::Opened;
use vaultls::features::parts;
use vaultls::features::rename::{self, Refused, Renaming};
use vaultls::syntax::LinkKind;
use vaultls::vault::{FileId, Snapshot};

pub fn answer(case: &Case) -> String {
    let opened = Opened::of(case);
    let snapshot = &*opened.snapshot;
    let mut drawn = String::new();
    let moves = moves(case, snapshot);
    let renaming = if let Some(new) = case.asked("to") {
        let (note, at) = opened.cursor();
        match rename::renameable(snapshot, note, at) {
            Some(it) => {
                let shown = document(snapshot, note);
                drawn += &format!("renames `{}`, shown at `{}`\n", it.name, shown.of(it.span));
            }
            None => drawn += "renames nothing\n",
        }
        rename::rename(snapshot, note, at, new)
    } else if let Some(new) = case.asked("title") {
        rename::retitled(snapshot, opened.cursor().0, new)
    } else if !moves.is_empty() {
        rename::moved(snapshot, &moves)
    } else {
        let paths = asked_all(case, "come").map(str::to_owned).collect::<Vec<_>>();
        Ok(rename::added(snapshot, &paths))
    };
    drawn + &outcome(case, snapshot, renaming)
}

fn outcome(case: &Case, snapshot: &Snapshot, renaming: Result<Renaming, Refused>) -> String {
    let renaming = match renaming {
        Ok(renaming) => renaming,
        Err(refused) => return format!("refused: {refused}\n"),
    };
    let mut after = applied(case, snapshot, &renaming.change);
    after.files.extend(
        asked_all(case, "come").map(|path| crate::case::CaseFile { path: path.to_owned(), text: String::new() }),
    );
    let mut drawn = String::new();
    for (before, after) in case.files.iter().zip(&after.files) {
        let old: Vec<&str> = before.text.split('\n').collect();
        let lines = after.text.split('\n').enumerate().filter(|(i, line)| old.get(*i) != Some(line));
        let lines: String = lines.map(|(i, line)| format!("  {}|{line}\n", i + 1)).collect();
        let is_moved = before.path != after.path;
        if is_moved {
            drawn += &format!("{} -> {}\n", before.path, after.path);
        } else if !lines.is_empty() {
            drawn += &format!("{}\n", before.path);
        }
        drawn += &lines.replace('\r', "␍");
    }
    for (location, to) in &renaming.lost {
        let (from, line) = (snapshot.path(location.file), location.place.start.line + 1);
        drawn += &format!("cannot follow: {from}:{line} to {}\n", snapshot.path(*to));
    }
    if renaming.lost.is_empty() {
        same_links(case, snapshot, &after);
    }
    if drawn.is_empty() { "nothing changes\n".to_owned() } else { drawn }
}

fn asked_all<'a>(case: &'a Case, question: &'a str) -> impl Iterator<Item = &'a str> {
    case.asked.iter().filter_map(move |asked| asked.strip_prefix(question)).map(str::trim)
}

fn moves(case: &Case, snapshot: &Snapshot) -> Vec<(FileId, String)> {
    let moves = asked_all(case, "move").map(|asked| asked.split_once(" -> ").expect("`OLD -> NEW`"));
    moves
        .flat_map(|(old, new)| match old.strip_suffix('/') {
            None => vec![(snapshot.file(old).expect("a file to move"), new.to_owned())],
            Some(folder) => {
                let new = new.trim_end_matches('/');
                snapshot.beneath(folder).map(|(file, below)| (file, format!("{new}{below}"))).collect()
            }
        })
        .collect()
}

/// Every link leads to the file it led to, and every anchor that led to something leads to something.
fn same_links(case: &Case, before: &Snapshot, after: &Case) {
    let opened = Opened::of(after);
    let path_after = |path: &str| {
        let at = case.files.iter().position(|file| file.path == path).expect("a file of the case");
        after.files[at].path.clone()
    };
    for note in before.notes() {
        let now = opened.snapshot.file(&path_after(before.path(note))).expect("the note is there after");
        let was = led(before, note).into_iter().map(|(to, anchored)| (to.map(|to| path_after(&to)), anchored));
        let is = led(&opened.snapshot, now);
        assert_eq!(was.len(), is.len(), "the links of {}", before.path(note));
        for ((to, anchored), (is_to, is_anchored)) in was.zip(is) {
            assert!(to.is_none() || to == is_to, "{} led to {to:?}, leads to {is_to:?}", before.path(note));
            assert!(!anchored || is_anchored, "an anchor to {to:?} in {} is broken", before.path(note));
        }
    }
}

/// Where each link of a note leads, and whether its anchor leads to something.
fn led(snapshot: &Snapshot, note: FileId) -> Vec<(Option<String>, bool)> {
    let outline = &document(snapshot, note).outline;
    let links = outline.links.iter().filter(|link| link.kind != LinkKind::Reference).map(|link| &link.target);
    let targets = links.chain(outline.definitions.iter().map(|definition| &definition.target));
    targets
        .map(|target| {
            let Some((dialect, name, anchor)) = parts(target) else { return (None, false) };
            let resolved = snapshot.resolve(note, dialect, name).map(|resolved| resolved.file);
            let anchored =
                resolved.zip(anchor).is_some_and(|(file, anchor)| snapshot.anchor(file, dialect, anchor).is_some());
            (resolved.map(|file| snapshot.path(file).to_owned()), anchored)
        })
        .collect()
}
