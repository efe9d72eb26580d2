//! What is remembered of a note is what its text says, and where.

use proptest::prelude::*;
use vaultls::text::{Encoding, Position, Text};
use vaultls::vault::{Document, Fact, Names};

/// Everything that is remembered of notes, and what moves it about.
#[rustfmt::skip]
const SCRAPS: &[&str] = &[
    "---\ntitle: 貿易\naliases: [talks, 'é']\ntags: [a/b]\nvideoId: sUjFz20kTFw\n---\n", "\n", "\r\n", "\r", "\n\n", "\n# ", "\n### *a* ",
    "[[china#Trade deals | the talks]]", "![[b|c]]", "[[#h]]", "[x](a%20b.md#c)", "[two\nlines](y.md)", "[r]: z.md\n",
    "[a](https://youtu.be/sUjFz20kTFw)", "https://youtu.be/sUjFz20kTFw?t=5", "<https://a.b>", " #tag/é", " ^id\n",
    "<a class=\"yt-timestamp\" data-t=\"00:06:04\">[00:06:04]</a>", "<a class=\"yt-timestamp\" data-t=\"x\"></a>",
    "<b id=\"el\">", "[06:04]", "日本", "é", "👍🏽", " ", "text", "`", "> ", "- ",
];

fn note() -> impl Strategy<Value = String> {
    let front = prop_oneof![Just(""), Just(SCRAPS[0]), Just("\u{feff}")];
    let body = prop::collection::vec(prop::sample::select(SCRAPS), 0..40);
    (front, body).prop_map(|(front, body)| front.to_owned() + &body.concat())
}

/// How many facts an outline states.
fn expected(document: &Document) -> usize {
    let outline = &document.outline;
    let named = outline.front_matter.as_ref().map_or(0, |it| it.title.iter().count() + it.aliases.len());
    let links = outline.links.iter().filter(|link| link.kind != vaultls::syntax::LinkKind::Reference).count();
    let items = [outline.headings.len(), outline.blocks.len(), outline.elements.len(), outline.tags.len()];
    let moments = outline.timestamps.len() + outline.medium.iter().count() + outline.definitions.len();
    named + links + moments + items.into_iter().sum::<usize>()
}

proptest! {
    #![proptest_config(crate::config(3000))]

    #[test]
    fn facts_stand_where_their_text_stands_in_every_encoding(note in note()) {
        let document = Document::new(1, Text::new(&note));
        let facts = document.facts(&mut Names::default());
        let all: Vec<_> = facts.iter().collect();
        let but_videos = all.iter().filter(|(_, fact)| !matches!(fact, Fact::Video(_) | Fact::Doubt)).count();
        prop_assert_eq!(but_videos, expected(&document));
        for (place, fact) in &all {
            let span = document.span(*place);
            prop_assert_eq!(document.place(span), *place, "{:?}", fact);
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                let byte = |position: Position| document.text.byte(position, encoding);
                let bytes = byte(place.start.position(encoding))..byte(place.end.position(encoding));
                prop_assert_eq!(bytes, span.range());
            }
        }
        let headings = facts.headings().map(|(place, it)| (document.span(place), it.level, it.text.to_owned(), it.source));
        let outline = document.outline.headings.iter();
        let outline = outline.map(|it| (it.span, it.level, it.text.to_string(), it.source.of(&note)));
        prop_assert!(headings.eq(outline));
    }

    #[test]
    fn facts_can_be_brought_under_other_names_and_back(note in note(), other in note()) {
        let document = Document::new(1, Text::new(&note));
        let (mut names, mut others) = (Names::default(), Names::default());
        let facts = document.facts(&mut names);
        Document::new(1, Text::new(&other)).facts(&mut others);
        let moved = facts.moved(|key| others.intern(names.text(key)));
        prop_assert_eq!(document.facts(&mut others), moved.clone());
        prop_assert_eq!(moved.moved(|key| names.intern(others.text(key))), facts);
    }
}
