//! Whatever gets another name: every link leads where it led, and nothing else has changed.

use proptest::prelude::*;
use proptest::sample::select;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};
use vaultls::config::{Config, Watch};
use vaultls::features::change::Change;
use vaultls::features::parts;
use vaultls::features::references::{linking_notes, mentions_of_file};
use vaultls::features::rename::{self, Refused, Renaming};
use vaultls::syntax::{LinkKind, scan};
use vaultls::text::{Edit, Encoding, Place, Position, Span, Text};
use vaultls::vault::{Anchored, Document, FileId, Snapshot, Supposed, Vault};

/// Texts by path.
type Files = BTreeMap<String, String>;

const FOLDERS: [&str; 4] = ["", "a/", "a/b/", "c d/"];
const STEMS: [&str; 6] = ["x", "y", "Trade deals", "été", "trade-deals", "😀 1"];
const HEADINGS: [&str; 6] = ["One", "Two", "Trade deals", "été 😀", "One `code`", "On [[x]]"];

/// An empty vault: those of the laws are only supposed, and need no disk.
static NOWHERE: LazyLock<(tempfile::TempDir, Arc<Snapshot>)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    let vault = Vault::open(folder.path(), Config { watch: Watch::Client, ..Config::default() });
    assert!(vault.wait_until_loaded(&|| false));
    let snapshot = vault.snapshot();
    (folder, snapshot)
});

fn vault(files: &Files) -> Snapshot {
    let added: Vec<String> = files.keys().cloned().collect();
    let named = NOWHERE.1.supposing(&Supposed { added, ..Supposed::default() });
    let document = |(path, text): (&String, &String)| {
        (named.file(path).expect("a file"), Arc::new(Document::new(0, Text::new(text))))
    };
    let texts = files.iter().filter(|(path, _)| path.ends_with(".md")).map(document).collect();
    named.supposing(&Supposed { texts, ..Supposed::default() })
}

/// A name or path that a link may write for a file, from a note in `from`.
fn spelled(from: &str, to: &str, style: u8) -> String {
    let stem = to.trim_end_matches(".md");
    let last = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let up = "../".repeat(from.matches('/').count());
    match style {
        0 | 1 => last(stem),
        2 => last(to),
        3 => stem.to_owned(),
        4 => format!("/{to}"),
        5 => format!("{}{stem}", if up.is_empty() { "./" } else { &up }),
        _ => last(stem).to_lowercase(),
    }
}

/// A destination, relative to a note in `from` unless the style says otherwise.
fn destination(from: &str, to: &str, style: u8) -> String {
    let up = "../".repeat(from.matches('/').count());
    let path = match style {
        0 | 1 => format!("{up}{to}"),
        2 => format!("{up}{}", to.trim_end_matches(".md")),
        3 => format!("/{to}"),
        4 => format!("./{up}{to}"),
        _ => to.to_owned(),
    };
    if style.is_multiple_of(2) { format!("<{path}>") } else { path.replace(' ', "%20") }
}

fn link() -> impl Strategy<Value = (usize, u8, u8, &'static str, u8)> {
    (0..8_usize, 0..8_u8, 0..7_u8, select(&HEADINGS[..]), 0..4_u8)
}

fn files() -> impl Strategy<Value = Files> {
    let note = (select(&FOLDERS[..]), select(&STEMS[..]), prop::collection::vec(link(), 0..6), any::<[bool; 3]>());
    let notes = prop::collection::vec((note, prop::collection::vec(select(&HEADINGS[..]), 0..4)), 2..7);
    notes.prop_map(|notes| {
        let mut paths: Vec<String> = notes.iter().map(|((folder, stem, ..), _)| format!("{folder}{stem}.md")).collect();
        paths.push("a/pic 1.png".to_owned());
        let mut files: Files = [(paths[paths.len() - 1].clone(), String::new())].into();
        for ((((folder, _, links, has), headings), path), n) in notes.iter().zip(&paths).zip(1..) {
            let mut text = String::new();
            if has[0] {
                text += &format!(
                    "---\ntitle: \"Title {n}\"\naliases: [Alias {n}, other {n}]\nup: \"[[{}]]\"\n---\n",
                    spelled(folder, &paths[0], 0)
                );
            }
            text += "Words 😀 #tag/one and #tag. ^id\n\n";
            for (i, (to, kind, style, heading, anchor)) in links.iter().enumerate() {
                let to = &paths[to % paths.len()];
                let anchor = match anchor {
                    0 => format!("#{heading}"),
                    1 => "#^id".to_owned(),
                    _ => String::new(),
                };
                text += &match kind {
                    0 => format!("[[{}{anchor} | shown]]\n", spelled(folder, to, *style)),
                    1 => format!("![[{}{anchor}]]\n", spelled(folder, to, *style)),
                    2 => format!("😀 [x]({})\n", destination(folder, to, *style)),
                    3 => format!("[x][r{i}]\n\n[r{i}]: {}\n", destination(folder, to, *style)),
                    4 if !anchor.is_empty() => format!("[[{anchor}]]\n"),
                    5 => format!("[[Title {to}]] [[Alias 1]] %%[[{}]]%%\n", spelled(folder, to, *style), to = i + 1),
                    _ => format!("[[{}{anchor}]]\n", spelled(folder, to, *style)),
                };
            }
            headings
                .iter()
                .enumerate()
                .for_each(|(i, heading)| text += &format!("\n{} {heading}\n", "#".repeat(i % 2 + 1)));
            files.insert(path.clone(), text);
        }
        files
    })
}

/// Where a link leads: a path, and a part of the note there.
type Led = Option<(String, Option<String>)>;

/// Where each link of each note leads: the file, and the order of the heading or block.
fn led(files: &Files, path_after: impl Fn(&str) -> String) -> BTreeMap<String, Vec<Led>> {
    let snapshot = vault(files);
    let part = |anchored: Anchored| match anchored {
        Anchored::Heading { index, .. } => format!("heading {index}"),
        Anchored::Block(place) => format!("block in line {}", place.start.line),
        other => format!("{other:?}"),
    };
    let of_note = |note: FileId| {
        let outline = &snapshot.document(note).expect("a note").outline;
        let links = outline.links.iter().filter(|link| link.kind != LinkKind::Reference).map(|link| &link.target);
        let targets = links.chain(outline.definitions.iter().map(|definition| &definition.target));
        let led = targets.map(|target| {
            let (dialect, name, anchor) = parts(target)?;
            let file = snapshot.resolve(note, dialect, name)?.file;
            let anchored = anchor.and_then(|anchor| snapshot.anchor(file, dialect, anchor));
            Some((path_after(snapshot.path(file)), anchored.map(part)))
        });
        led.collect::<Vec<_>>()
    };
    snapshot.notes().map(|note| (path_after(snapshot.path(note)), of_note(note))).collect()
}

/// The files after a change, edited as a client would that counts in `encoding`.
fn changed(snapshot: &Snapshot, files: &Files, change: &Change, encoding: Encoding) -> Files {
    let mut texts: BTreeMap<FileId, Text> = BTreeMap::new();
    let mut edits = change.edits.clone();
    edits.sort_by_key(|edit| (edit.file, edit.span.start));
    for pair in edits.windows(2) {
        let apart = pair[0].file != pair[1].file || pair[0].span.end <= pair[1].span.start;
        assert!(apart, "{pair:?} overlap");
    }
    for edit in edits.iter().rev() {
        let text = texts.entry(edit.file).or_insert_with(|| Text::new(&files[snapshot.path(edit.file)]));
        let position = |at: u32| -> Position { text.position(at as usize, encoding) };
        let range = Some((position(edit.span.start), position(edit.span.end)));
        text.edit(&Edit { range, text: edit.text.clone() }, encoding);
    }
    let path_after = |path: &String| {
        let moved = change.moves.iter().find(|(file, _)| snapshot.path(*file) == path);
        moved.map_or_else(|| path.clone(), |(_, new)| new.clone())
    };
    let text = |path: &String, old: &String| {
        snapshot.file(path).and_then(|file| texts.get(&file)).map_or_else(|| old.clone(), Text::to_string)
    };
    files.iter().map(|(path, old)| (path_after(path), text(path, old))).collect()
}

/// What is asked for: of which file, at which of its places, and the new name.
type Asked = (usize, usize, &'static str);

fn asked() -> impl Strategy<Value = Asked> {
    let new = select(&["new name", "x", "Trade deals", "a/b/new", "c d/y", "été 2", "One", "tag/two", "id2"][..]);
    (0..8_usize, 0..400_usize, new)
}

fn renamed(snapshot: &Snapshot, files: &Files, (file, at, new): Asked) -> Result<Renaming, Refused> {
    let notes: Vec<&String> = files.keys().filter(|path| path.ends_with(".md")).collect();
    let path = notes[file % notes.len()];
    let text = &files[path];
    let at = text.floor_char_boundary(at % (text.len() + 1));
    rename::rename(snapshot, snapshot.file(path).expect("a note"), at, new)
}

/// Whether every link that led somewhere leads there still.
fn keeps_links(snapshot: &Snapshot, files: &Files, change: &Change) -> Result<Files, TestCaseError> {
    let after = changed(snapshot, files, change, Encoding::Utf8);
    prop_assert_eq!(&after, &changed(snapshot, files, change, Encoding::Utf16));
    let path_after = |path: &str| {
        let moved = change.moves.iter().find(|(file, _)| snapshot.path(*file) == path);
        moved.map_or_else(|| path.to_owned(), |(_, new)| new.clone())
    };
    let (was, is) = (led(files, path_after), led(&after, str::to_owned));
    for (note, was) in &was {
        let is = &is[note];
        prop_assert_eq!(was.len(), is.len(), "the links of {} in {:#?}", note, after);
        for (i, (was, is)) in was.iter().zip(is).enumerate() {
            let Some((to, part)) = was else { continue };
            let is = is.as_ref();
            let same = is.is_some_and(|is| is.0 == *to && (part.is_none() || is.1 == *part));
            prop_assert!(same, "link {} of {} led to {:?} {:?}, leads to {:?}: {:#?}", i, note, to, part, is, after);
        }
    }
    Ok(after)
}

proptest! {
    #![proptest_config(super::config(2_000))]

    #[test]
    fn every_link_leads_where_it_led(files in files(), asked in asked()) {
        let snapshot = vault(&files);
        // A heading that is rewritten takes the links in it along: those lead nowhere afterwards.
        let drops_a_link = |change: &Change| {
            change.edits.iter().any(|edit| edit.span.of(&files[snapshot.path(edit.file)]).contains("[["))
        };
        if let Ok(renaming) = renamed(&snapshot, &files, asked) && !drops_a_link(&renaming.change) {
            keeps_links(&snapshot, &files, &renaming.change)?;
        }
    }

    #[test]
    fn files_that_move_take_their_links_along(files in files(), moves in prop::collection::vec((0..8_usize, 0..5_usize, select(&STEMS[..])), 1..4)) {
        let snapshot = vault(&files);
        let paths: Vec<&String> = files.keys().collect();
        let mut moved: BTreeMap<FileId, String> = BTreeMap::new();
        for (file, folder, stem) in moves {
            let path = paths[file % paths.len()];
            let ending = &path[path.rfind('.').unwrap_or(0)..];
            let folder = FOLDERS.get(folder).copied().unwrap_or("new/");
            moved.insert(snapshot.file(path).expect("a file"), format!("{folder}{stem}{ending}"));
        }
        let moved: Vec<_> = moved.into_iter().collect();
        if let Ok(renaming) = rename::moved(&snapshot, &moved) {
            keeps_links(&snapshot, &files, &renaming.change)?;
        }
    }

    /// What was spelled otherwise before takes the new spelling and keeps it.
    #[test]
    fn there_and_back_is_where_one_was(files in files(), file in 0..8_usize) {
        let paths: Vec<&String> = files.keys().collect();
        let path = paths[file % paths.len()];
        let ending = &path[path.rfind('.').unwrap_or(0)..];
        let there = format!("{}quite new{ending}", &path[..path.rfind('/').map_or(0, |at| at + 1)]);
        let once = |files: &Files, from: &str, to: &str| {
            let snapshot = vault(files);
            let moves = [(snapshot.file(from).expect("a file"), to.to_owned())];
            let renaming = rename::moved(&snapshot, &moves).map_err(|refused| TestCaseError::fail(refused.0))?;
            keeps_links(&snapshot, files, &renaming.change)
        };
        let back = once(&once(&files, path, &there)?, &there, path)?;
        let again = once(&once(&back, path, &there)?, &there, path)?;
        prop_assert_eq!(&back, &again, "what took the new spelling keeps it");
        let snapshot = vault(&files);
        for (note, text) in &files {
            let exact = |text: &str| spelled_exactly(&snapshot, note, text, path);
            for (old, new) in text.lines().zip(back[note].lines()) {
                prop_assert!(old == new || !exact(old), "{:?} came back as {:?}", old, new);
            }
        }
    }

    #[test]
    fn a_file_that_comes_takes_no_link(files in files(), folder in select(&FOLDERS[..]), stem in select(&STEMS[..])) {
        let snapshot = vault(&files);
        let path = format!("{folder}{stem}.md");
        if files.contains_key(&path) {
            return Ok(());
        }
        let renaming = rename::added(&snapshot, std::slice::from_ref(&path));
        let mut after = changed(&snapshot, &files, &renaming.change, Encoding::Utf8);
        after.insert(path.clone(), String::new());
        let (was, is) = (led(&files, str::to_owned), led(&after, str::to_owned));
        for (note, was) in &was {
            for (was, is) in was.iter().zip(&is[note]) {
                prop_assert!(was.is_none() || was == is, "led to {:?}, leads to {:?}: {:#?}", was, is, after);
            }
        }
    }
}

/// The same vault on disk, where no editor holds a note.
fn closed(files: &Files) -> (tempfile::TempDir, Arc<Snapshot>) {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
        std::fs::write(path, text).expect("a file is written");
    }
    let vault = Vault::open(folder.path(), Config { watch: Watch::Client, ..Config::default() });
    assert!(vault.wait_until_loaded(&|| false));
    (folder, vault.snapshot())
}

/// An edit: of which file, of which bytes, and what is written there.
type Written<'a> = (&'a str, Span, &'a str);

/// A change, or why it is refused, in words that do not depend on the snapshot.
fn told<'a>(snapshot: &'a Snapshot, asked: &'a Result<Renaming, Refused>) -> Result<Vec<Written<'a>>, &'a str> {
    let Renaming { change, .. } = asked.as_ref().map_err(|refused| &*refused.0)?;
    let edits = change.edits.iter().map(|edit| (snapshot.path(edit.file), edit.span, &*edit.text));
    let moves = change.moves.iter().map(|(file, to)| (snapshot.path(*file), Span::default(), &**to));
    let mut all: Vec<Written> = edits.chain(moves).collect();
    all.sort_unstable();
    Ok(all)
}

/// Vaults in which what a name means depends on where it is written: on folders, on their notes, on aliases.
fn alike() -> impl Strategy<Value = Files> {
    let path = (select(&["", "b/", "a/b/", "a/"][..]), select(&["b", "index", "x", "B", "b-"][..]));
    let link =
        select(&["[[b]]", "[x](b)", "[[index]]", "[x](index.md)", "[[x]]", "[x](x)", "[[a/b]]", "[x](b.md)"][..]);
    let note = (path, any::<bool>(), prop::collection::vec(link, 0..4));
    prop::collection::vec(note, 1..7).prop_map(|notes| {
        let text = |aliased: bool, links: Vec<&str>| {
            format!("{}{}\n", if aliased { "---\naliases: [x, b]\n---\n" } else { "" }, links.join(" "))
        };
        notes.into_iter().map(|((folder, stem), a, links)| (format!("{folder}{stem}.md"), text(a, links))).collect()
    })
}

proptest! {
    #![proptest_config(super::config(300))]

    #[test]
    fn what_is_remembered_of_closed_notes_is_renamed_as_what_they_say(files in files(), asked in asked()) {
        let (opened, (_folder, closed)) = (vault(&files), closed(&files));
        let (by_text, by_facts) = (renamed(&opened, &files, asked), renamed(&closed, &files, asked));
        prop_assert_eq!(told(&opened, &by_text), told(&closed, &by_facts));
        let Ok(Renaming { change, .. }) = by_facts else { return Ok(()) };
        for (note, places) in &change.places {
            let document = closed.document(*note).expect("a note");
            let edits = change.edits.iter().filter(|edit| edit.file == *note);
            let measured: Vec<Place> = edits.map(|edit| document.place(edit.span)).collect();
            prop_assert_eq!(places, &measured);
        }
    }

    #[test]
    fn the_notes_that_link_to_a_file_are_those_that_mention_it(files in prop_oneof![files(), alike()]) {
        let snapshot = vault(&files);
        for (file, _) in snapshot.files() {
            let mentions = mentions_of_file(&snapshot, file).into_iter().map(|(location, _)| location.file);
            let notes: BTreeSet<FileId> = mentions.filter(|note| *note != file).collect();
            prop_assert_eq!(linking_notes(&snapshot, file), notes.into_iter().collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_link_in_a_heading_of_a_closed_note_takes_those_along_that_lead_to_the_heading() {
    let texts = [("x.md", ""), ("y.md", "# On [[x]]\n"), ("z.md", "[[y#On x]]")];
    let files: Files = texts.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    let (_folder, closed) = closed(&files);
    let renaming = rename::moved(&closed, &[(closed.file("x.md").expect("a file"), "new.md".to_owned())]);
    let edits = renaming.expect("it can be done").change.edits;
    let mut texts: Vec<(&str, &str)> = edits.iter().map(|edit| (closed.path(edit.file), &*edit.text)).collect();
    texts.sort_unstable();
    assert_eq!(texts, [("y.md", "new"), ("z.md", "On new")]);
}

#[test]
fn what_is_the_name_of_a_folder_too_means_the_note_of_the_folder_there() {
    let texts = [("b.md", ""), ("a/b/index.md", ""), ("a/x.md", "[x](b)"), ("y.md", "[[b]]")];
    let snapshot = vault(&texts.map(|(path, text)| (path.to_owned(), text.to_owned())).into());
    let linking = |path: &str| {
        let notes = linking_notes(&snapshot, snapshot.file(path).expect("a file"));
        notes.into_iter().map(|note| snapshot.path(note).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((linking("b.md"), linking("a/b/index.md")), (vec!["y.md".to_owned()], vec!["a/x.md".to_owned()]));
}

/// Whether all links of a line spell the path of a file, or an end of it, letter by letter, and could mean no other.
fn spelled_exactly(snapshot: &Snapshot, note: &str, line: &str, path: &str) -> bool {
    let note = snapshot.file(note).expect("a note");
    let outline = scan(line);
    let bare = path.trim_end_matches(".md");
    outline.links.iter().filter_map(|link| parts(&link.target)).all(|(dialect, name, _)| {
        if snapshot.resolve(note, dialect, name).is_none_or(|resolved| !resolved.others.is_empty()) {
            return false;
        }
        let name = name.trim_start_matches("../").trim_start_matches("./").trim_start_matches('/');
        [path, bare].iter().any(|whole| *whole == name || whole.ends_with(&format!("/{name}")))
    })
}
