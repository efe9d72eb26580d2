//! Whatever action is taken, anywhere: its edits fit, and every link that led somewhere leads there.

use proptest::prelude::*;
use proptest::test_runner::Config;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::sync::Arc;
use vaultls::config::{self, Watch};
use vaultls::features::actions::{Action, Kind, Plan, actions, planned};
use vaultls::features::change::Change;
use vaultls::features::parts;
use vaultls::syntax::Link;
use vaultls::text::{Span, Splice, Text, spliced};
use vaultls::vault::{Anchored, Document, FileId, Snapshot, Supposed, Vault};

const PATHS: &[&str] = &["index.md", "china.md", "talks/china.md", "talks/trade_deals.md", "zoo/C, D.md", "zoo/a b.md"];

/// `§` is a number of its own, so that each heading and block can be told from every other.
#[rustfmt::skip]
const SCRAPS: &[&str] = &[
    "\n", "\n\n", "\n\n", "text §", " Trade deals, China ", "\n\n# Trade\nh§\n\n", "\n\n## Trade\nh§\n\n", "\n\n### Lion §\nh§\n\n",
    "\n\n## Part: [[china|of]] `it`\nh§\n\n", "\n\nDeals\n---\nh§\n\n", "\n\n> # Quoted\n> h§\n\n", "\n\n- item §\n- ", " b§ ^id§\n\n",
    "[[china]]", "[[China#Trade]]", "[[talks/china|label]]", "[[trade deals | x]]", "[[index#Trade#Lion]]", "[[#Trade]]", "[[a b]]",
    "[[index#^id3]]", "[[missing]]", "[[#^id4]]", "[x](china.md)", "[x](../china.md#trade)", "[x](#trade-1)", "[y](talks/china.md#trade)",
    "[z](<a b.md>)", "[z](/zoo/a%20b.md \"t\")", "[see [1] here](../index.md)", "![[china]]", "![[china#Trade]]", "![[a b|300]]", "![x](a.png)",
    "\n\n![[trade_deals]]\n\n", "\n\n![[index#Trade]]\n\n", "![[china#^id2]]", "\n\n![](../china.md)\n\n", "> ![[china]]\n\n",
    "\n\n| a | b |\n|---|---|\n| [[china\\|x]] | [y](/china.md) China |\n\n", "\n\n[r]: china.md#trade \"t\"\n\n", "[r]", "[t][r]", "[t][s]",
    "\n\n[s]: ../talks/china.md\n\n", "[^1]", "\n\n[^1]: Note [[china]] §\n\n", "`code [[china]]`", "%% [[china#Trade]] %%", "<a id=\"el\">e</a>",
    "[[index#el]]", " [06:04] ", "<a class=\"yt-timestamp\" data-t=\"6:04\">[6:04]</a>", "\n\n<!-- toc -->\n\n- [Old](#old)\n\n<!-- tocstop -->\n\n",
    "![[trade_deals#Part: of it]]", "é 🦀 日本 ", "<img src=\"zoo/a b.md\">", "[[zoo/C, D]]", "[n](C,%20D.md)", "#tag ",
];

const FRONTS: &[&str] = &[
    "",
    "---\naliases: [prc, lion]\n---\n",
    "---\ntitle: Moscow\nup: \"[[china#Trade]]\"\n---\n",
    "---\nvideoId: sUjFz20kTFw\nalias: kin\n---\n",
];

fn text() -> impl Strategy<Value = String> {
    let scraps = prop::collection::vec(prop::sample::select(SCRAPS), 0..14);
    (prop::sample::select(FRONTS), scraps, any::<bool>()).prop_map(|(front, scraps, crlf)| {
        let text = front.to_owned() + &scraps.concat();
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

/// The texts, each `§` with its own number.
fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), PATHS.len()).prop_map(|texts| {
        let mut number = 0;
        let mut numbered = |text: String| {
            let pieces = text.split('§').map(str::to_owned).collect::<Vec<_>>();
            pieces.into_iter().reduce(|before, piece| {
                number += 1;
                format!("{before}{number}{piece}")
            })
        };
        texts.into_iter().map(|text| numbered(text).unwrap_or_default()).collect()
    })
}

struct Written {
    vault: Arc<Vault>,
    _folder: tempfile::TempDir,
}

fn write(texts: &[String]) -> Written {
    let folder = tempfile::tempdir().expect("a folder");
    for path in [".obsidian", "talks", "zoo"] {
        fs::create_dir(folder.path().join(path)).expect("a folder");
    }
    fs::write(folder.path().join("zoo/a.png"), "").expect("a file");
    for (path, text) in PATHS.iter().zip(texts) {
        fs::write(folder.path().join(path), text).expect("a file");
    }
    let vault = Vault::open(folder.path(), config::Config { watch: Watch::Client, ..config::Config::default() });
    assert!(vault.wait_until_loaded(&|| false));
    for (path, text) in PATHS.iter().zip(texts) {
        vault.open_note(path, 1, text);
    }
    Written { vault, _folder: folder }
}

/// The vault after a change; an error where its edits do not fit.
fn after(snapshot: &Snapshot, change: &Change) -> Result<Snapshot, TestCaseError> {
    let mut by_note: HashMap<FileId, Vec<Splice>> = HashMap::new();
    for edit in &change.edits {
        by_note.entry(edit.file).or_default().push((edit.span, edit.text.clone()));
    }
    let mut texts = Vec::new();
    for (note, mut splices) in by_note {
        splices.sort_by_key(|(span, _)| (span.start, span.end));
        let source = &snapshot.open_document(note).expect("an open note").source;
        let Some(text) = spliced(source, &splices) else {
            return Err(TestCaseError::fail(format!("edits of {} do not fit: {splices:?}", snapshot.path(note))));
        };
        texts.push((note, document(&text)));
    }
    let added = change.create.iter().map(|(path, _)| path.clone()).collect();
    let with_files = snapshot.supposing(&Supposed { added, ..Supposed::default() });
    for (path, text) in &change.create {
        let file = with_files.file(path).expect("a new note");
        texts.push((file, document(text)));
    }
    Ok(with_files.supposing(&Supposed { texts, ..Supposed::default() }))
}

fn document(text: &str) -> Arc<Document> {
    Arc::new(Document::new(1, Text::new(text)))
}

/// From which note, to which file, and to which part of it.
type Led = (String, String, String);

/// How often each is led to. `home` says where a path counts as.
fn all_led(snapshot: &Snapshot, home: &dyn Fn(&str) -> String, but: Option<(FileId, Span)>) -> BTreeMap<Led, usize> {
    let mut led: BTreeMap<Led, usize> = BTreeMap::new();
    for (note, document) in snapshot.open_notes() {
        for link in document.outline.links.iter().filter(|link| but != Some((note, link.span))) {
            if let Some((file, part)) = leads(snapshot, note, link) {
                *led.entry((home(snapshot.path(note)), home(snapshot.path(file)), part)).or_default() += 1;
            }
        }
    }
    led
}

fn leads(snapshot: &Snapshot, note: FileId, link: &Link) -> Option<(FileId, String)> {
    let (dialect, name, anchor) = parts(&link.target)?;
    let file = snapshot.resolve(note, dialect, name)?.file;
    let anchored = anchor.and_then(|anchor| snapshot.anchor(file, dialect, anchor));
    // What names a part that is not there has nothing to keep.
    if anchor.is_some() && anchored.is_none() && snapshot.entry(file).is_note() {
        return None;
    }
    let document = snapshot.open_document(file);
    let part = match (anchored, document) {
        (Some(Anchored::Heading { index, .. }), Some(document)) => told_by(document, index),
        (Some(Anchored::Block(place)), Some(document)) => document.of(document.span(place)).to_owned(),
        (Some(Anchored::Element(_)), _) => "element".to_owned(),
        _ => String::new(),
    };
    Some((file, part))
}

/// The word that stands behind a heading alone of all.
fn told_by(document: &Document, heading: usize) -> String {
    let behind = &document.source[document.outline.headings[heading].span.end as usize..];
    let word = behind.split_whitespace().find(|word| word.starts_with('h'));
    word.unwrap_or_default().to_owned()
}

fn change(snapshot: &Snapshot, note: FileId, span: Span, action: &Action) -> Option<Change> {
    match &action.plan {
        Plan::Known(change) => Some(change.clone()),
        Plan::WhenTaken(_) => planned(snapshot, note, span, action.kind, &action.title),
    }
}

fn check(snapshot: &Snapshot, note: FileId, span: Span, action: &Action) -> Result<(), TestCaseError> {
    let Some(change) = change(snapshot, note, span, action) else { return Ok(()) };
    let then = after(snapshot, &change)?;
    let new: Vec<&str> = change.create.iter().map(|(path, _)| &**path).collect();
    let old = snapshot.path(note);
    let home = |path: &str| if new.contains(&path) { old.to_owned() } else { path.to_owned() };
    // An embed whose text is written in its place leads nowhere any longer.
    let gone = snapshot.open_document(note).filter(|_| action.kind == Kind::Inline).and_then(|document| {
        let touched = document.outline.links.iter().filter(|link| link.embed && link.span.touches(span.start as usize));
        touched.min_by_key(|link| link.span.len()).map(|link| (note, link.span))
    });
    let (before, after) = (all_led(snapshot, &home, gone), all_led(&then, &home, None));
    for (led, count) in before {
        let now = after.get(&led).copied().unwrap_or(0);
        let texts = || {
            let texts = then.open_notes().map(|(note, it)| format!("{}:\n{}", then.path(note), it.source));
            texts.collect::<Vec<_>>().join("\n~~~\n")
        };
        prop_assert!(
            now >= count,
            "{}, at {span:?} of {old}: {led:?} {count} times, then {now}\n{}",
            action.title,
            texts()
        );
    }
    Ok(())
}

/// The next heading or embed: most is done there.
fn next_of_note(document: &Document, at: usize) -> usize {
    let headings = document.outline.headings.iter().map(|heading| heading.span);
    let embeds = document.outline.links.iter().filter(|link| link.embed).map(|link| link.span);
    headings.chain(embeds).map(|span| span.start as usize + 1).filter(|start| *start > at).min().unwrap_or(at)
}

proptest! {
    #![proptest_config(Config { max_shrink_iters: 500, ..crate::config(100) })]

    #[test]
    fn every_link_leads_where_it_led(texts in texts(), at in prop::collection::vec((0..PATHS.len(), 0.0..1.0f64, any::<bool>()), 6)) {
        let written = write(&texts);
        let snapshot = written.vault.snapshot();
        for (path, at, is_near) in at {
            let note = snapshot.file(PATHS[path]).expect("a note");
            let document = snapshot.open_document(note).expect("an open note");
            let at = document.text.floor((at * document.source.len() as f64) as usize);
            let at = if is_near { document.text.floor(next_of_note(document, at)) } else { at };
            for action in actions(&snapshot, note, Span::empty(at), |_| true) {
                check(&snapshot, note, Span::empty(at), &action)?;
            }
        }
    }
}
