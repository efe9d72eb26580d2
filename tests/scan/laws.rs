//! What holds for every text.

use crate::draw::draw;
use proptest::prelude::*;
use vaultls::syntax::*;
use vaultls::text::Span;

/// Scraps of which notes are made, and those that notes are not made of.
#[rustfmt::skip]
pub const SCRAPS: &[&str] = &[
    "[[", "]]", "![[", "[", "]", "(", ")", "|", "\\", "\\|", "#", "##", "^", "^id", " ^id", "`", "``", "```", "~~~",
    "$", "$$", "%%", "<!--", "-->", "<a ", "</a>", "<a class=\"yt-timestamp\" data-t=\"00:06:04\">", "[00:06:04]",
    "(06:04)", "data-t=", "\"", "'", ">", "<", "<div>", "</div>", "<img src=\"a.png\">", "<script>", "\n", "\n\n",
    "\r\n", "\r", "> ", "- ", "1. ", "    ", "\t", "---", "===", "| a | b |\n|---|---|\n", "[a]: b", "[^1]",
    "[^1]: ", "](x)", "][r]", "[r]: <d e> \"t\"", "https://youtu.be/sUjFz20kTFw?t=5", "www.a.b", "http://",
    "<https://a.b>", "{{youtube-timestamp 335}}", "```timestamp\n", "#tag", "#t=5", "日本", "é", "👍🏽", "\u{0}",
    "\u{feff}", " ", "a", "x.mp4", "&amp;", "*", "_", "**", "[!note]", "[//begin]: # \"x\"", "!", ":", "<![CDATA[",
    "<?", "%%\n", "<!-- vaultls-disable link.broken -->", "---\nvideoId: sUjFz20kTFw\n---\n",
];

fn note() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(SCRAPS), 0..60).prop_map(|scraps| scraps.concat())
}

/// Every span of an outline.
fn all_spans(outline: &Outline) -> Vec<Span> {
    let mut spans = [&outline.undefined[..], &outline.paragraphs, &outline.verbatim, &outline.comments].concat();
    outline.headings.iter().for_each(|heading| spans.extend([heading.span, heading.source]));
    for link in &outline.links {
        spans.extend([link.span, link.name]);
        spans.extend(link.anchor.into_iter().chain(link.label));
    }
    for definition in &outline.definitions {
        spans.extend([definition.span, definition.label, definition.name]);
        spans.extend(definition.anchor);
    }
    outline.footnotes.iter().for_each(|footnote| spans.extend([footnote.span, footnote.label]));
    outline.tags.iter().for_each(|tag| spans.extend([tag.span, tag.name]));
    outline.blocks.iter().for_each(|block| spans.extend([block.span, block.id, block.block]));
    for timestamp in &outline.timestamps {
        spans.push(timestamp.span);
        spans.extend(timestamp.value.into_iter().chain(timestamp.label));
    }
    outline.callouts.iter().for_each(|callout| spans.extend([callout.span, callout.kind, callout.title]));
    outline.elements.iter().for_each(|element| spans.extend([element.span, element.id]));
    spans.extend(outline.suppressions.iter().map(|suppression| suppression.span));
    spans
}

pub fn assert_lawful(text: &str) {
    let outline = scan(text);
    for span in all_spans(&outline) {
        assert!(span.start <= span.end && text.get(span.range()).is_some(), "{span:?} of {text:?}");
    }
    draw(text, &outline);
    assert_ordered(&outline);
    assert_parts_lie_inside(&outline);
    for apart in [&outline.verbatim, &outline.comments] {
        assert!(apart.windows(2).all(|two| two[0].end <= two[1].start), "{apart:?}");
    }
    for link in outline.links.iter().filter(|link| link.kind == LinkKind::Wiki) {
        let whole = link.span.of(text);
        assert!(whole.ends_with("]]") && !whole.contains(['\n', '\r']), "{whole:?}");
    }
}

fn assert_ordered(outline: &Outline) {
    let starts: [(&str, Vec<u32>); 12] = [
        ("headings", outline.headings.iter().map(|item| item.span.start).collect()),
        ("links", outline.links.iter().map(|item| item.span.start).collect()),
        ("definitions", outline.definitions.iter().map(|item| item.span.start).collect()),
        ("undefined", outline.undefined.iter().map(|item| item.start).collect()),
        ("footnotes", outline.footnotes.iter().map(|item| item.span.start).collect()),
        ("tags", outline.tags.iter().map(|item| item.span.start).collect()),
        ("blocks", outline.blocks.iter().map(|item| item.span.start).collect()),
        ("timestamps", outline.timestamps.iter().map(|item| item.span.start).collect()),
        ("callouts", outline.callouts.iter().map(|item| item.span.start).collect()),
        ("elements", outline.elements.iter().map(|item| item.span.start).collect()),
        ("suppressions", outline.suppressions.iter().map(|item| item.span.start).collect()),
        ("paragraphs", outline.paragraphs.iter().map(|item| item.start).collect()),
    ];
    for (kind, starts) in starts {
        assert!(starts.is_sorted(), "{kind}: {starts:?}");
    }
}

fn assert_parts_lie_inside(outline: &Outline) {
    for link in &outline.links {
        let parts = [Some(link.name), link.anchor, link.label];
        assert!(parts.into_iter().flatten().all(|part| link.span.encloses(part)), "{link:?}");
    }
    assert!(outline.headings.iter().all(|heading| heading.span.encloses(heading.source)));
    assert!(outline.definitions.iter().all(|it| it.span.encloses(it.label) && it.span.encloses(it.name)));
    assert!(outline.tags.iter().all(|tag| tag.span.encloses(tag.name)));
    assert!(outline.callouts.iter().all(|it| it.span.encloses(it.kind) && it.span.encloses(it.title)));
    let in_link_or_self = |timestamp: &Timestamp| timestamp.value.is_none_or(|value| timestamp.span.encloses(value));
    assert!(outline.timestamps.iter().filter(|it| it.form != TimestampForm::Address).all(in_link_or_self));
}

/// More cases where `PROPTEST_CASES` asks for them.
pub fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(2000), failure_persistence: None, ..default }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn scraps_of_notes_have_lawful_outlines(text in note()) {
        assert_lawful(&text);
    }

    #[test]
    fn any_text_has_a_lawful_outline(text in any::<String>()) {
        assert_lawful(&text);
    }

    #[test]
    fn a_byte_order_mark_shifts_all_and_changes_nothing(text in note()) {
        let text = text.trim_start_matches('\u{feff}');
        let shifted = all_spans(&scan(&format!("\u{feff}{text}")));
        let moved: Vec<Span> = all_spans(&scan(text)).into_iter().map(|span| span.shifted(3)).collect();
        prop_assert_eq!(moved, shifted);
    }

    #[test]
    fn carriage_returns_before_line_feeds_change_nothing(text in note()) {
        let text = text.replace('\r', "");
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        let shift = |at: u32| at as usize + ends.partition_point(|&end| end < at as usize);
        let moved: Vec<Span> =
            all_spans(&scan(&text)).into_iter().map(|span| Span::new(shift(span.start), shift(span.end))).collect();
        prop_assert_eq!(moved, all_spans(&scan(&text.replace('\n', "\r\n"))));
    }

    #[test]
    fn lone_carriage_returns_change_nothing(text in note()) {
        // Front matter does not know them.
        let text = format!("text\n{}", text.replace('\r', ""));
        prop_assert_eq!(all_spans(&scan(&text)), all_spans(&scan(&text.replace('\n', "\r"))));
    }
}

/// Each trap takes moments; were anything quadratic, this would not end within the patience of whoever runs it. No clock is
/// asked: a slow machine is no fault.
#[test]
fn no_text_takes_more_than_linear_time() {
    const LENGTH: usize = 200_000;
    let openers = ["", ">", "- ", "[", "[[", "`", "$", "<a b=\"", "![a](", "[a](http://b)", "[a]: b (", "*"];
    for opener in openers {
        for scrap in SCRAPS {
            println!("{opener:?} and {scrap:?}");
            let half = |scrap: &str| scrap.repeat(LENGTH / 2 / scrap.len().max(1));
            scan(&(half(opener) + &half(scrap)));
            scan(&half(&format!("{opener}{scrap}")));
        }
    }
}
