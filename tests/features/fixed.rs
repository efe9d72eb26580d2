//! Fixes: each one's title, every file that it changes as it is then, and what is still wrong in the note.

use crate::answer::{document, or_nothing};
use crate::case::{Case, CaseFile};
use crate::opened::Opened;
use vaultls::features::change::Change;
use vaultls::features::findings::findings;
use vaultls::features::findings::{Fix, fixes};
use vaultls::text::Span;
use vaultls::vault::Snapshot;

pub fn answer(case: &Case) -> String {
    let opened = Opened::of(case);
    let (note, at) = opened.cursor();
    let fixes = fixes(&opened.snapshot, note, Span::empty(at));
    or_nothing(fixes.iter().map(|fix| drawn(case, &opened.snapshot, fix)).collect())
}

fn drawn(case: &Case, snapshot: &Snapshot, fix: &Fix) -> String {
    let preferred = match (fix.automatic, fix.preferred) {
        (true, _) => ", automatic",
        (false, true) => ", preferred",
        (false, false) => "",
    };
    let mut drawn = format!("{} ({}{preferred})\n", fix.title, fix.finding.code);
    let fixed = applied(case, snapshot, &fix.change);
    for (i, file) in fixed.files.iter().enumerate() {
        if case.files.get(i).is_none_or(|before| before.text != file.text) {
            let text = file.text.replace('\r', "␍");
            let lines: String = text.lines().map(|line| format!("  |{line}\n")).collect();
            drawn += &format!("  {}\n{lines}", file.path);
        }
    }
    drawn + &still_wrong(&fixed)
}

/// The case with a change applied.
pub fn applied(case: &Case, snapshot: &Snapshot, change: &Change) -> Case {
    let mut fixed = case.clone();
    let mut edits: Vec<_> = change.edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    for edit in edits {
        let path = snapshot.path(edit.file);
        let file = fixed.files.iter_mut().find(|file| file.path == path).expect("an edit of a file of the case");
        file.text.replace_range(edit.span.range(), &edit.text);
    }
    let created = change.create.iter().map(|(path, text)| CaseFile { path: path.clone(), text: text.clone() });
    for (file, path) in &change.moves {
        let old = snapshot.path(*file);
        let moved = case.files.iter().position(|file| file.path == old).expect("a move of a file of the case");
        fixed.files[moved].path.clone_from(path);
    }
    fixed.files.extend(created);
    fixed
}

fn still_wrong(fixed: &Case) -> String {
    let opened = Opened::of(fixed);
    let (note, _) = opened.cursor();
    let found = findings(&opened.snapshot, note, &document(&opened.snapshot, note));
    found.iter().map(|finding| format!("  still {}: {}\n", finding.code, finding.message)).collect()
}
