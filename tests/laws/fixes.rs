//! Mending a vault changes what is mended, and nothing else: whatever the notes say and are called.

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use tempfile::TempDir;
use vaultls::config::{self, Watch};
use vaultls::features::change::FileEdit;
use vaultls::features::findings::{Mended, findings, fix_all};
use vaultls::features::parts;
use vaultls::syntax::Target;
use vaultls::text::{Span, spliced};
use vaultls::vault::{Anchored, Document, FileId, Snapshot, Vault};

/// Names with everything in them that a link, a table, YAML, a diff or a shell could stumble over.
#[rustfmt::skip]
const PATHS: &[&str] = &[
    "trade_deals.md", "china/trade_deals.md", "old harbour.md", "zoo/lion.md", "den/lion.md", "日本/灯台.md", "e\u{301}tude.md",
    "x`y.md", "x$y.md", "it's \"so\".md", "back\\slash.md", "50%20 off.md", "a|b.md", "c#d.md", "%% e.md", "<b>.md", "tab\there.md",
];

#[rustfmt::skip]
const FRONTS: &[&str] = &[
    "", "---\ntitle: All the deals\n---\n", "---\naliases: [prc, The Étude]\nup: [[Old Harbour]]\n---\n",
    "---\ntitle: \"On [[Old Harbour]]\"\nvideoId: sUjFz20kTFw\n---\n", "---\nvideoId: https://youtu.be/sUjFz20kTFw\nalias: cited\n---\n",
    "---\nup: [[All the deals]]\nvideoId: https://youtu.be/sUjFz20kTFw\nurl: https://youtu.be/dQw4w9WgXcQ\n---\n",
    "---\nrelated: \"[[cited|x]]\"\nvideoId: sUjFz20kTFw\n---\n", "---\n: [\n---\n",
];

#[rustfmt::skip]
const SCRAPS: &[&str] = &[
    "\n", "\n\n", "text ", "é 👍🏽 ", "`", "$", "%%", "\\", "|", "\n| a | b |\n| - | - |\n", "\n> ", "\n- ", "\n# ", "\n## ", "\n```\n", "<!--", "-->",
    "[[All the deals]]", "[[All the deals | them]]", "[[prc#Talks|x]]", "[[The étude]]", "[[cited]]", "![[Old Harbour]]", "[[old-harbour\\|x]]",
    "[[Trade deals]]", "[[trade_deals]]", "[[Lion]]", "[[lion#On All the deals]]", "[[gone]]", "[[#On Old Harbour]]", "[[#Talks]]", "[[Trade deals#on-prc]]",
    "[x](All%20the%20deals)", "[x](<Old Harbour> \"t\")", "[x](../zoo/lion.md#on-all-the-deals)", "[x][r]", "\n\n[r]: <All the deals>\n", "[x](cited)",
    "\n# On [[All the deals]]\n", "\n## On [[Old Harbour]] ^id\n", "\n# Talks\n", "\n## On [[prc]]\n", "\n# At <a class=\"yt-timestamp\" data-t=\"6:04\">[6:04]</a>\n", "[[#At 6 04]]",
    "<a class=\"yt-timestamp\" data-t=\"6:04]\">[6:04]</a>", "<a class=\"yt-timestamp\" data-t=\"00:06:04\"></a>", "<a class=\"yt-timestamp\" data-t=\"N/A\">[0:07]</a>",
    "<a class=\"yt-timestamp\" data-t=\"18:49:00\">[18:49:00]</a>", "<a class=\"yt-timestamp\">[00:06:04]</a>", "<a class=\"yt-timestamp\" data-t=\"00:06:63\">[]</a>",
    "[06:04]", "https://youtu.be/sUjFz20kTFw?t=5", "{{youtube-timestamp 3:35}}", "<!-- vaultls-disable-next-line link -->\n", "<img src=\"Old Harbour\">",
];

/// How a text is kept: how its lines end, and what stands at its ends.
fn kept(text: String) -> impl Strategy<Value = String> {
    (prop::sample::select(&["\n", "\n", "\r\n", "\r"][..]), any::<bool>(), any::<bool>()).prop_map(
        move |(end, ended, mark)| {
            let text = if ended { text.clone() + "\n" } else { text.trim_end_matches('\n').to_owned() };
            let mark = if mark && ended { "\u{feff}" } else { "" };
            mark.to_owned() + &text.replace('\n', end)
        },
    )
}

fn text() -> impl Strategy<Value = String> {
    let body = prop::collection::vec(prop::sample::select(SCRAPS), 0..16);
    (prop::sample::select(FRONTS), body).prop_flat_map(|(front, body)| kept(front.to_owned() + &body.concat()))
}

fn notes() -> impl Strategy<Value = BTreeMap<&'static str, String>> {
    prop::collection::btree_map(prop::sample::select(PATHS), text(), 2..8)
}

fn written(notes: &BTreeMap<&str, String>) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(".vaultls.toml"), "").expect("a file");
    for (path, text) in notes {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn load(root: &Path) -> Arc<Snapshot> {
    let vault = Vault::open(root, config::Config { watch: Watch::Client, ..config::Config::default() });
    assert!(vault.wait_until_loaded(&|| false));
    vault.snapshot()
}

/// The vault's notes after all of it is mended, by path, and what is said to be left.
fn mended(snapshot: &Snapshot) -> BTreeMap<String, (String, BTreeMap<&'static str, usize>)> {
    let mended = snapshot.notes().map(|note| {
        let document = snapshot.document(note).expect("a text");
        let Mended { edits, left, .. } = fix_all(snapshot, note, &document, &|_| true);
        let apart = |pair: &[FileEdit]| pair[0].span.end < pair[1].span.start;
        assert!(edits.windows(2).all(apart), "{edits:?}");
        let splices: Vec<_> = edits.into_iter().map(|edit| (edit.span, edit.text)).collect();
        (snapshot.path(note).to_owned(), (spliced(&document.source, &splices).expect("edits that fit"), left))
    });
    mended.collect()
}

/// Each link and each timestamp of a vault with what it leads to. Mending moves no lines.
fn leads(snapshot: &Snapshot) -> Vec<String> {
    let mut leads = Vec::new();
    for note in snapshot.notes() {
        let document = snapshot.document(note).expect("a text");
        let path = snapshot.path(note);
        let outline = &document.outline;
        let links = outline.links.iter().map(|link| (link.span, format!("{:?}", link.kind), &link.target));
        let definitions = outline.definitions.iter().map(|it| (it.span, it.key.clone(), &it.target));
        for (span, what, target) in links.chain(definitions) {
            let line = document.place(span).start.line;
            leads.push(format!("{path}:{line} {what} -> {}", lead(snapshot, note, target)));
        }
    }
    leads.sort();
    leads
}

fn lead(snapshot: &Snapshot, note: FileId, target: &Target) -> String {
    let Some((dialect, name, anchor)) = parts(target) else { return "elsewhere".to_owned() };
    let Some(resolved) = snapshot.resolve(note, dialect, name) else { return format!("{name}#{anchor:?}") };
    let part = anchor.map(|anchor| match snapshot.anchor(resolved.file, dialect, anchor) {
        Some(Anchored::Heading { index, .. }) => format!("heading {index}"),
        Some(part) => format!("line {:?}", part.place().map(|place| place.start.line)),
        None => anchor.to_owned(),
    });
    format!("{}#{part:?}", snapshot.path(resolved.file))
}

/// The moment each timestamp leads to, in order; `None` where it led nowhere.
fn moments(document: &Document) -> Vec<Option<(Option<&str>, u64)>> {
    let timestamps = document.outline.timestamps.iter();
    let moment = timestamps.map(|it| Some((document.outline.video_of(it), it.time.millis()?.seconds())));
    moment.collect()
}

fn counted(snapshot: &Snapshot, note: FileId) -> BTreeMap<&'static str, usize> {
    let mut counted = BTreeMap::new();
    let document = snapshot.document(note).expect("a text");
    for finding in findings(snapshot, note, &document) {
        *counted.entry(finding.code).or_default() += 1;
    }
    counted
}

proptest! {
    #![proptest_config(crate::config(300))]

    #[test]
    fn every_link_leads_where_it_led_when_all_is_mended(notes in notes()) {
        let vault = written(&notes);
        let before = load(vault.path());
        let mended = mended(&before);
        let texts: BTreeMap<&str, String> = mended.iter().map(|(path, (text, _))| (&**path, text.clone())).collect();
        let (vault, texts) = (written(&texts), texts);
        let after = load(vault.path());
        prop_assert_eq!(leads(&before), leads(&after), "{:?}", texts);
        for note in after.notes() {
            let path = after.path(note);
            prop_assert_eq!(&counted(&after, note), &mended[path].1, "{} left", path);
            let (was, is) = (before.document(before.file(path).expect("the note")).expect("a text"), after.document(note).expect("a text"));
            let (was, is) = (moments(&was), moments(&is));
            prop_assert_eq!(was.len(), is.len());
            for (was, is) in was.iter().zip(&is).filter_map(|(was, is)| Some((was.as_ref()?, is))) {
                let same = is.is_some_and(|is| is.1 == was.1 && (was.0.is_none() || is.0 == was.0));
                prop_assert!(same, "{}: {:?} {:?}", path, was, is);
            }
        }
        // Once more changes nothing.
        let again = self::mended(&after);
        prop_assert!(again.iter().all(|(path, (text, _))| texts[path.as_str()] == *text));
    }

    #[test]
    fn two_lots_of_splices_are_as_one(text in "[a-zé\n]{0,20}", first in splices(), second in splices()) {
        let first = fitting(&text, first);
        let between = spliced(&text, &first).expect("they fit");
        let second = fitting(&between, second);
        let both = vaultls::text::composed(&first, &between, &second);
        prop_assert_eq!(spliced(&text, &both), spliced(&between, &second));
        prop_assert!(both.windows(2).all(|pair| pair[0].0.end < pair[1].0.start), "{:?}", both);
    }
}

fn splices() -> impl Strategy<Value = Vec<(usize, usize, String)>> {
    prop::collection::vec((0..20usize, 0..5usize, "[A-ZÉ]{0,4}"), 0..6)
}

/// Those of the splices that fit a text and do not touch each other, in order.
fn fitting(text: &str, splices: Vec<(usize, usize, String)>) -> Vec<(Span, String)> {
    let mut taken = BTreeSet::new();
    let fits = |start: usize, end: usize| text.is_char_boundary(start) && text.is_char_boundary(end);
    let mut fitting: Vec<_> = splices
        .into_iter()
        .filter(|(start, length, _)| {
            fits(*start, start + length) && (*start..=start + length).all(|at| taken.insert(at))
        })
        .map(|(start, length, new)| (Span::new(start, start + length), new))
        .collect();
    fitting.sort();
    fitting
}

#[cfg(unix)]
mod command {
    use super::*;

    fn vaultls(vault: &Path, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vaultls"));
        command.arg("fix").args(arguments).arg(".").current_dir(vault).output().expect("the binary runs")
    }

    /// Every file of a vault with its bytes.
    fn files(vault: &Path) -> BTreeMap<String, Vec<u8>> {
        let walk =
            ignore::WalkBuilder::new(vault).standard_filters(false).build().map(|entry| entry.expect("an entry"));
        let files = walk.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
        files
            .map(|file| {
                (file.path().strip_prefix(vault).unwrap().display().to_string(), fs::read(file.path()).unwrap())
            })
            .collect()
    }

    proptest! {
        #![proptest_config(crate::config(60))]

        #[test]
        fn a_dry_run_through_patch_is_the_same_as_none(notes in notes()) {
            let (mended, patched) = (written(&notes), written(&notes));
            let diff = vaultls(mended.path(), &["--dry-run"]);
            prop_assert_eq!(files(mended.path()), files(patched.path()));
            let fixed = vaultls(mended.path(), &[]);
            prop_assert_eq!(fixed.status.code(), Some(0));
            prop_assert_eq!(diff.status.code(), Some(i32::from(!diff.stdout.is_empty())));
            let patch = patched.path().join("mend.patch");
            fs::write(&patch, &diff.stdout).expect("a file");
            let mut command = Command::new("patch");
            command.args(["-p1", "-s", "-i", "mend.patch"]).current_dir(patched.path());
            let said = command.output().expect("the tool `patch`, by which the diff is judged");
            prop_assert!(said.status.success(), "{:?} {}", said, String::from_utf8_lossy(&diff.stdout));
            fs::remove_file(patch).expect("a file");
            prop_assert_eq!(files(mended.path()), files(patched.path()), "{}", String::from_utf8_lossy(&diff.stdout));
            let again = vaultls(mended.path(), &[]);
            prop_assert!(again.stdout.starts_with(b"Nothing to mend"), "{:?}", again);
        }
    }
}
