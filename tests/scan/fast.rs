//! The fast scanner finds what the reference scanner finds, in every text.
//!
//! `PROPTEST_CASES=100000 cargo test --test scan fast` asks more often;
//! `VAULT=path cargo test --test scan -- --ignored` asks about the notes of a vault.

use crate::laws::{SCRAPS, config};
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use vaultls::syntax::{Scanner, is_certain, scan, scan_by_reference};

/// What lines begin with, each more often the earlier it stands.
#[rustfmt::skip]
const STARTS: &[&str] = &[
    "", "- ", "> ", "  ", "1. ", "    ", "# ", "* ", "   ", "## ", "> [!note] ", "- [ ] ", "2) ", "+ ", "*   ", "     ", ">",
    "- - ", "> - ", "- > ", "  - ", "    * ", "10. ", "```", "~~~", "---", "***", "- - -", "===", "<div>", "</div>", "<a>",
    "<br/>", "<!--", "<script>", "| a | b |", "|---|---|", ":-:", "[a]: b", "[^1]: x", "%%", "$$", "^id", "-", "*", "1.", "#",
    "\\", "- ```", "> ```", "  ```", "\t", "- \t", "- # ", "> # ", "---\n", "###### ", "####### ", "- [x] ", "[x] ",
];

/// What stands in lines, each more often the earlier it stands.
#[rustfmt::skip]
const CONTENTS: &[&str] = &[
    "a", "b c ", " ", "[[x]]", "[[x | y]]", "<a class=\"yt-timestamp\" data-t=\"00:06:04\">[00:06:04]</a>", "<br/>", "#tag",
    "[t](u)", "é", "`c`", "(06:04)", "[00:06:04]", "**", "![[z.png|1]]", "[[x#h|y]]", "[[01:07:01]]", " ^id", "*", "_", "]]",
    "[t](u.md#h)", "![t](u.png)", "[v](x.mp4#t=5)", "[t](http://youtu.be/sUjFz20kTFw?t=5)", "<img src='a.png'/>", "<i id=\"w\" >",
    "<a href=\"x.md\">", "</a>", "https://a.b/c", "www.a.b", "$5", "$x$", "&amp;", "<", "< ", "[", "]", "[[", "(", ")", "!", "[r]",
    "[r][s]", "[^1]", "``", "`", "\\", "\\[", "[t](<u v>)", "[t](u \"q\")", "[[a]](b)", "[a [[b]]](c)", "[a]([[b]])", "[[[a]]]",
    "[[1, 2], [3, 4]]", "[[{{t}}]]", "[[x<br>y]]", "[[x`y`z]]", "`[[x]]`", "<a b=\"[[x]]\">", "<https://a.b>", "<x@y.z>",
    "<!-- c -->", "<!--", "-->", "<?x?>", "|", "^", "#", "]:", "%%", "{{youtube-timestamp 335}}", "\u{a0}", "日本", "👍🏽", "---",
];

/// Marks that change what others on their line mean.
#[rustfmt::skip]
const MARKS: &[&str] = &[
    "[", "]", "[[", "]]", "](u)", "](v.mp4#t=5)", "x", " ", "|", "#", "{{", "}}", "`", "<b>", "<i id=w>", "<img src=\"v.mp4#t=5\">",
    "</a>", "<a>", "<a class=\"yt-timestamp\" data-t=\"1:05\">", "<a class=\"yt-timestamp\" data-t=\"00:06:04\">[00:06:04]</a>",
    "<a class=\"yt-timestamp\" data-t=\"00:06:04\">[00:06:64]</a>", "<a class=\"yt-timestamp\" data-t=\"00:06:04\">[00:06-04]</a>",
    "[00:06:04]", "(06:04)", "[[x]]", "[[1:02]]", "[v](x.mp4#t=5)", " ^id", "\\", "\n",
];

/// One of `scraps`, the early ones more often.
fn early(scraps: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    (1..=scraps.len()).prop_flat_map(|end| prop::sample::select(&scraps[..end]))
}

fn line() -> impl Strategy<Value = String> {
    let starts = prop::collection::vec(early(STARTS), 0..3).prop_map(|starts| starts.concat());
    let contents = prop::collection::vec(early(CONTENTS), 0..6).prop_map(|contents| contents.concat());
    let ending = prop::sample::select(&["\n", "\n", "\n", "\n\n", "\n\n", "  \n", "\r\n", ""][..]);
    (starts, contents, ending).prop_map(|(starts, contents, ending)| starts + &contents + ending)
}

fn note() -> impl Strategy<Value = String> {
    let front_matter = prop::sample::select(&["", "---\nvideoId: sUjFz20kTFw\n---\n"][..]);
    let lines = prop::collection::vec(line(), 0..10).prop_map(|lines| lines.concat());
    (front_matter, lines).prop_map(|(front_matter, lines)| front_matter.to_owned() + &lines)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn lines_of_notes_are_read_as_by_the_reference_scanner(text in note()) {
        prop_assert_eq!(scan(&text), scan_by_reference(&text));
    }

    #[test]
    fn marks_on_a_line_are_read_as_by_the_reference_scanner(marks in prop::collection::vec(prop::sample::select(MARKS), 1..7)) {
        let text = format!("---\nvideoId: sUjFz20kTFw\n---\n\n{}\n\n[[x]] a\n", marks.concat());
        prop_assert_eq!(scan(&text), scan_by_reference(&text));
    }

    #[test]
    fn nothing_of_a_note_is_found_in_the_next(notes in prop::collection::vec(note(), 2..5)) {
        let mut scanner = Scanner::default();
        for text in &notes {
            prop_assert_eq!(scanner.scan(text), &scan_by_reference(text));
        }
    }

    #[test]
    fn scraps_of_notes_are_read_as_by_the_reference_scanner(text in prop::collection::vec(early(SCRAPS), 0..30)) {
        let text = text.concat();
        prop_assert_eq!(scan(&text), scan_by_reference(&text));
    }
}

/// Else the law would hold because nothing is ever found.
#[test]
fn what_notes_are_made_of_is_certain() {
    const NOTE: &str = "---\ntitle: Trade\nvideoId: sUjFz20kTFw\n---\n\nFrom: [[talks]] <br/> \n\n\
        # Deals\nOf [[china | China]] #trade <a class=\"yt-timestamp\" data-t=\"00:06:04\">[00:06:04]</a>. ^a1\n\n\
        ## Deals with [[china]]\n*   **One**: `[[x]]` for $5\n    *   two [a](b.md)\n1.  three\n\n    and more\n\n\
        > [!info] title\n> text\n\n```\n[[code]]\n```\n\n---\nhttps://example.org\n";
    assert!(is_certain(NOTE));
    assert_eq!(scan(NOTE), scan_by_reference(NOTE));
}

/// Each was read otherwise once.
#[test]
fn what_is_rare_is_read_as_by_the_reference_scanner() {
    let texts = ["[[a|b](c)]]", "[[(|](x)]] [[y]]"];
    for text in texts {
        assert_eq!(scan(text), scan_by_reference(text), "{text}");
    }
}

#[test]
fn all_fixtures_are_read_as_by_the_reference_scanner() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let (_, certain) = compared(&tests);
    assert!(certain > 0);
}

#[test]
#[ignore = "asks about the notes of the folder that VAULT names"]
fn all_notes_of_a_vault_are_read_as_by_the_reference_scanner() {
    let (all, certain) = compared(Path::new(&std::env::var_os("VAULT").expect("a folder")));
    println!("{certain} of {all} notes are certain");
}

/// How many notes there are in a folder, and of how many of them the fast scanner is certain.
fn compared(folder: &Path) -> (usize, usize) {
    let (mut all, mut certain) = (0, 0);
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            let (more, certain_of_more) = compared(&path);
            (all, certain) = (all + more, certain + certain_of_more);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            let text = String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned();
            (all, certain) = (all + 1, certain + usize::from(is_certain(&text)));
            assert_eq!(scan(&text), scan_by_reference(&text), "{}", path.display());
        }
    }
    (all, certain)
}
