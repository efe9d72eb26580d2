//! The YAML between `---` lines at a note's head. Knows what it says of the note, not what that means for the vault.
//!
//! [`lines`] reads the plain shape that nearly every note has, a line at a time. [`yaml`] reads the rest, and says what
//! is wrong. Both give the same [`entries`], and [`keys`] says what those mean.

mod entries;
mod keys;
mod lines;
mod yaml;

use super::outline::{Link, Tag};
use super::time::Millis;
use crate::text::Span;
use entries::Entry;
use smallvec::SmallVec;

/// What is read of a front matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrontMatter {
    /// Both fences and what stands between, without a byte order mark before and the line ending behind.
    pub span: Span,
    pub title: Option<Field>,
    pub aliases: Vec<Field>,
    /// `videoId`, valid or not.
    pub video_id: Option<Field>,
    /// `video`, `youtube`, `url`, `source`, `media`, `media_link`, as they stand.
    pub media: Vec<Field>,
    pub duration: Option<(Millis, Span)>,
    /// Invalid YAML: what the parser says, and where. Costs only the front matter.
    pub problem: Option<Problem>,
}

/// A value as text, and where it stands without quotes.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub text: String,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub message: String,
    pub span: Span,
}

/// What the front matter contributes to the note's lists.
#[derive(Debug, Default, PartialEq)]
pub struct Contents {
    pub front_matter: FrontMatter,
    pub tags: Vec<Tag>,
    pub links: Vec<Link>,
}

/// A longer front matter is not read.
const MAX_BYTES: usize = 64 * 1024;

/// Finds and reads the front matter of `text`; `None` where it has none or it is not closed.
pub fn read(text: &str) -> Option<Contents> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = entries::lines(text, Span::new(start, text.len()));
    let opening = lines.next().filter(|line| is_fence(line.of(text), "---"))?;
    let closing = lines.find(|line| is_fence(line.of(text), "---") || is_fence(line.of(text), "..."))?;
    let body = Span { start: opening.end, end: closing.start };
    let (entries, problem) = if body.len() > MAX_BYTES {
        let message = format!("A front matter of more than {} KB is not read.", MAX_BYTES / 1024);
        (Vec::new(), Some(Problem { message, span: opening }))
    } else {
        read_body(text, body)
    };
    let mut contents = keys::contents(text, &entries);
    contents.front_matter.span = Span { start: opening.start, end: closing.end };
    contents.front_matter.problem = problem.or_else(|| repeated_key(&entries));
    Some(contents)
}

/// A text as a value of one line that every reader of YAML takes for that text, in a list between brackets as well:
/// without quotes where they are not needed. `value` holds no line ending.
pub fn scalar(value: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(value));
    let is_plain = value.starts_with(char::is_alphabetic)
        && !is_word
        && !value.ends_with([':', ' '])
        && !value.contains([',', '[', ']', '{', '}', '\t'])
        && !value.contains(": ")
        && !value.contains(" #");
    if is_plain { value.to_owned() } else { format!("\"{}\"", quoted(value, '"')) }
}

/// A text as it stands between quotes: `"` or `'`.
pub fn quoted(value: &str, quote: char) -> String {
    match quote {
        '\'' => value.replace('\'', "''"),
        _ => value.replace('\\', "\\\\").replace('"', "\\\""),
    }
}

fn read_body(text: &str, body: Span) -> (Vec<Entry<'_>>, Option<Problem>) {
    let (understood, entries) = lines::read(text, body);
    if understood {
        return (entries, None);
    }
    match yaml::read(text, body) {
        Ok(entries) => (entries, None),
        // What could be read by lines outlives a mistake elsewhere: a note keeps its video while its title is typed.
        Err(problem) => (entries, Some(problem)),
    }
}

fn is_fence(line: &str, mark: &str) -> bool {
    line.strip_prefix(mark).is_some_and(|behind| behind.bytes().all(|byte| matches!(byte, b' ' | b'\t')))
}

fn repeated_key(entries: &[Entry]) -> Option<Problem> {
    let named = entries.iter().filter(|entry| !entry.key.is_empty());
    let mut keys: SmallVec<[_; 8]> = named.map(|entry| (&entry.key, entry.key_span)).collect();
    keys.sort_unstable();
    let repeated = keys.array_windows().filter(|[a, b]| a.0 == b.0).map(|[_, b]| b).min_by_key(|(_, span)| *span)?;
    let message = format!("The key `{}` stands here a second time.", repeated.0);
    Some(Problem { message, span: repeated.1 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{Context, Target};
    use proptest::prelude::*;
    use std::fmt::Display;

    #[test]
    fn a_value_is_quoted_where_yaml_would_read_something_else() {
        assert_eq!(["Trade deals", "it's", "日本 12"].map(scalar), ["Trade deals", "it's", "日本 12"]);
        for value in ["a: b", "# a", "12", "true", "[a]", "- a", "a, b", "*x", "~", "a \"b\" \\: c", ""] {
            let written = scalar(value);
            assert!(written.starts_with('"'), "{written}");
            let text = format!("---\ntitle: {written}\n---\n");
            let title = read(&text).and_then(|read| read.front_matter.title).map(|title| title.text);
            assert_eq!(title.unwrap_or_default(), value);
        }
    }

    /// All that a front matter says, an item a line, with its source in brackets where that reads otherwise.
    fn said(text: &str) -> Option<String> {
        let Contents { front_matter, tags, links } = read(text)?;
        let mut lines = Vec::new();
        let mut say = |kind: &str, item: &dyn Display, span: Span| {
            let (item, source) = (item.to_string(), span.of(text));
            lines.push(if item == source { format!("{kind} {item}") } else { format!("{kind} {item} <{source}>") });
        };
        let fields = |fields: &[Field]| fields.to_vec();
        for (kind, fields) in [
            ("title", fields(front_matter.title.as_slice())),
            ("alias", fields(&front_matter.aliases)),
            ("video", fields(front_matter.video_id.as_slice())),
            ("media", fields(&front_matter.media)),
        ] {
            fields.iter().for_each(|field| say(kind, &field.text, field.span));
        }
        front_matter.duration.into_iter().for_each(|(millis, span)| say("duration", &millis, span));
        tags.iter().for_each(|tag| say("tag", &tag.name.of(text), tag.span));
        for link in &links {
            let kind = if link.context == Context::FrontMatterUnquoted { "unquoted" } else { "link" };
            let Target::Name { name, anchor } = &link.target else { panic!("{link:?} is no wikilink") };
            let anchor = anchor.as_ref().map_or_else(String::new, |anchor| format!("#{anchor}"));
            say(kind, &format!("{name}{anchor}"), link.span);
        }
        front_matter.problem.into_iter().for_each(|problem| say("problem", &problem.message, problem.span));
        Some(lines.join("\n"))
    }

    fn check(yaml: &str, expected: &[&str]) {
        let text = format!("---\n{yaml}\n---\n");
        assert_eq!(said(&text), Some(expected.join("\n")), "{yaml}");
    }

    #[test]
    fn front_matter_stands_between_fences_at_the_head() {
        let cases = [
            ("---\ntitle: China\n---\n\ntext", Some("---\ntitle: China\n---")),
            ("---\ntitle: China\n...\ntext", Some("---\ntitle: China\n...")),
            ("---\r\ntitle: China\r\n---\r\ntext", Some("---\r\ntitle: China\r\n---")),
            ("---\rtitle: China\r---\rtext", Some("---\rtitle: China\r---")),
            ("\u{feff}---\ntitle: China\n---", Some("---\ntitle: China\n---")),
            ("--- \t\ntitle: China\n--- \ntext", Some("--- \t\ntitle: China\n--- ")),
            ("---\ntitle: China\n----\n---", Some("---\ntitle: China\n----\n---")),
            ("---\n---", Some("---\n---")),
            ("---\ntitle: China\n", None),
            ("---\ntitle: China\n ---\n", None),
            ("\n---\ntitle: China\n---", None),
            (" ---\ntitle: China\n---", None),
            ("----\ntitle: China\n----", None),
            ("--- title: China\n---", None),
            ("---", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let contents = read(text);
            assert_eq!(contents.as_ref().map(|contents| contents.front_matter.span.of(text)), expected, "{text:?}");
            let title = contents.and_then(|contents| contents.front_matter.title);
            assert_eq!(title.is_some(), expected.is_some_and(|whole| whole.contains("China")), "{text:?}");
        }
    }

    #[test]
    fn a_value_is_the_text_as_written() {
        check("title: China", &["title China"]);
        check("title: \"China: the talks\"", &["title China: the talks"]);
        check("title: 'China'", &["title China"]);
        check("title: 'it''s'", &["title it's <it''s>"]);
        check(r#"title: "a \"b\" \u00e9""#, &[r#"title a "b" é <a \"b\" \u00e9>"#]);
        check("title:   spaced out   ", &["title spaced out"]);
        check("title: \" in quotes \"", &["title in quotes"]);
        check("title: China # a comment", &["title China"]);
        check("title: C# and https://x.org", &["title C# and https://x.org"]);
        check("title: 2024-01-01", &["title 2024-01-01"]);
        check("title: yes", &["title yes"]);
        check("title: 0x1F", &["title 0x1F"]);
        check("title: .5", &["title .5"]);
        check("title: !!str 5", &["title 5"]);
        check("videoId: 12345678e10", &["video 12345678e10"]);
        check("videoId: -Uj_z20kTFw", &["video -Uj_z20kTFw"]);
        check("title: 日本語", &["title 日本語"]);
        check("title: one\n  two", &["title one two <one\n  two>"]);
        check("title: >-\n  one\n  two\n", &["title one two <one\n  two>"]);
        check("title: |\n  one\n\n", &["title one"]);
        check("{title: China, videoId: x}", &["title China", "video x"]);
        check("? title\n: China", &["title China"]);
        check("\"title\": China", &["title China"]);
        check("Title: China", &["title China"]);
        check("name: &n China\ntitle: *n", &["title China"]);
    }

    #[test]
    fn a_value_that_is_no_text_is_none() {
        for value in ["", "~", "null", "# comment", "\"\"", "[a, b]", "{a: b}", "\n  - a", "\n  a: b", "[[a]]"] {
            let yaml = format!("---\ntitle: {value}\n---");
            let contents = read(&yaml).expect("a front matter");
            assert_eq!((contents.front_matter.title, contents.front_matter.problem), (None, None), "{value}");
        }
    }

    #[test]
    fn aliases_are_a_list_or_parted_by_commas() {
        let both = &["alias PRC", "alias Middle Kingdom"][..];
        check("aliases: [PRC, Middle Kingdom]", both);
        check("aliases: ['PRC', \"Middle Kingdom\"]", both);
        check("aliases:\n  - PRC\n  - Middle Kingdom", both);
        check("aliases:\n- PRC\n\n# more\n- \"Middle Kingdom\"", both);
        check("aliases: PRC, Middle Kingdom,", both);
        check("alias: \"PRC , Middle Kingdom\"", both);
        check("aliases: [\n  PRC,\n  Middle Kingdom\n]", both);
        check("alias: PRC\naliases: [Middle Kingdom]", both);
        check("aliases: [\"Smith, John\"]", &["alias Smith, John"]);
        check("aliases: [don't, a-b, 2024]", &["alias don't", "alias a-b", "alias 2024"]);
        check("aliases: [it's, 'it''s']", &["alias it's", "alias it's <it''s>"]);
        for none in ["aliases:", "aliases: []", "aliases: [null]", "aliases: null", "aliases: [ ]", "aliases: ','"] {
            check(none, &[]);
        }
    }

    #[test]
    fn tags_are_a_list_or_parted_by_commas_and_blanks() {
        let both = &["tag trade", "tag asia/china"][..];
        check("tags: [trade, asia/china]", both);
        check("tags: trade asia/china", both);
        check("tags: trade,asia/china", both);
        check("tag: \"#trade #asia/china\"", both);
        check("tags:\n  - trade\n  - \"#asia/china\"", both);
        check("tags: [trade asia/china]", both);
        check("tags: >\n  trade\n  asia/china", both);
        check("tags: [2024, y2024, \"#\"]", &["tag y2024"]);
        check("tags: #trade", &[]);
        check("tags: [[trade]]", &["unquoted trade <[[trade]]>"]);
    }

    #[test]
    fn a_duration_is_seconds_a_time_or_iso_8601() {
        check("duration: 364", &["duration 00:06:04 <364>"]);
        check("duration: 1:05:15", &["duration 01:05:15 <1:05:15>"]);
        check("duration: \"00:06:04\"", &["duration 00:06:04"]);
        check("duration: PT1H2M3S", &["duration 01:02:03 <PT1H2M3S>"]);
        check("duration: 2.5", &["duration 00:00:02.500 <2.5>"]);
        check("duration: long", &[]);
        check("duration: 00:99:00", &[]);
    }

    #[test]
    fn the_keys_of_media_are_kept_as_they_stand() {
        check(
            "video: a\nyoutube: b\nurl: https://youtu.be/x?t=1\nsource: [c, d]\nmedia: \"e\"\nmedia_link: f",
            &["media a", "media b", "media https://youtu.be/x?t=1", "media c", "media d", "media e", "media f"],
        );
    }

    #[test]
    fn wikilinks_stand_in_any_string() {
        check(
            r#"up: "[[china#Trade deals | the talks]]""#,
            &["link china#Trade deals <[[china#Trade deals | the talks]]>"],
        );
        check("up: '[[it''s]]'", &["link it's <[[it''s]]>"]);
        check("up: see [[a]] and ![[b]]", &["link a <[[a]]>", "link b <![[b]]>"]);
        check("up: \"[[a]], [[b]]\"", &["link a <[[a]]>", "link b <[[b]]>"]);
        check("up: [\"[[a]]\", '[[b]]']", &["link a <[[a]]>", "link b <[[b]]>"]);
        check("up:\n  - \"[[a]]\"\n  - x:\n      - \"[[b]]\"", &["link a <[[a]]>", "link b <[[b]]>"]);
        check("up: |\n  [[a]]\n\n  - [[b]]", &["link a <[[a]]>", "link b <[[b]]>"]);
        check("up: &up \"[[a]]\"\ndown: *up", &["link a <[[a]]>"]);
        check("up: \"[[[a]]]\"", &["link a <[[a]]>"]);
        check("title: \"[[a]]\"", &["title [[a]]", "link a <[[a]]>"]);
        for none in
            ["up: \"[[]]\"", "up: '\\[[x]]'", "up: \"[[a\n  b]]\"", "up: '[[{{title}}]]'", "# [[x]]", "up: \"[[x\""]
        {
            check(none, &[]);
        }
    }

    #[test]
    fn an_unquoted_wikilink_counts_where_it_is_the_whole_value() {
        check("up: [[china]]", &["unquoted china <[[china]]>"]);
        check("up: [[a|b]]  # why", &["unquoted a <[[a|b]]>"]);
        check("up:\n  - [[a]]\n  - [[b]]", &["unquoted a <[[a]]>", "unquoted b <[[b]]>"]);
        check("up:\n  deep: [[a]]\n  list:\n  - more: [[b]]", &["unquoted a <[[a]]>", "unquoted b <[[b]]>"]);
        check("up: [[C #]]", &["unquoted C# <[[C #]]>"]);
        check("up: [[a: b]]", &["unquoted a: b <[[a: b]]>"]);
        check("up: [[@who]]\ntitle: one\n  two", &["title one two <one\n  two>", "unquoted @who <[[@who]]>"]);
        check("up: [[\"x]]\ntitle: China", &["title China", "unquoted \"x <[[\"x]]>"]);
        for list in ["up: [[a, b]]", "up: [[a], [b]]", "up: [[[a]]]", "up: [[a]\n  ]", "up: [a, [[b]]]", "up: [[]]"] {
            check(list, &[]);
        }
    }

    #[test]
    fn invalid_yaml_is_a_problem_at_its_place_and_costs_no_other_key() {
        let colon = "A `:` is not expected here. A value that holds one needs quotes.";
        check(
            "title: China: the talks\nvideoId: x",
            &["title China: the talks", "video x", &format!("problem {colon} <:>")],
        );
        check("title: \"China\nvideoId: x", &["video x", "problem This quote is never closed. <\">"]);
        check("tags: [a, b\nvideoId: x", &["video x", &format!("problem {colon} <:>")]);
        check("videoId: x\ntags: [a, b", &["video x", "problem This `[` is never closed. <[>"]);
        check("tags: [a]]", &["problem This bracket closes nothing. <]>"]);
        check("tags:\n\t- a", &["problem A tab cannot indent a line. Use blanks. <->"]);
        check("title: @you", &["problem A value cannot begin with `@`. It needs quotes. <@>"]);
        check(
            "title: *you",
            &["problem A `*` refers to an anchor, and there is none. A value that begins with one needs quotes. <*>"],
        );
        check("title: 'a' b", &["problem Nothing may follow the closing quote. <b>"]);
        check(
            "videoId: x\nplain words\ntitle: a",
            &["title a", "video x", "problem A line `key: value` is expected here. <plain>"],
        );
        check("tags: [#a]", &["problem A `#` begins a comment. A value that begins with one needs quotes. <#>"]);
        check("plain words", &["problem A front matter is made of lines `key: value`. <plain>"]);
        check("- a", &["problem A front matter is made of lines `key: value`. <->"]);
        check("title: a\n--- b\n", &["title a", "problem A second document begins here. <->"]);
        check("title: a\n  b: c", &["title a", &format!("problem {colon} <:>")]);
        check(
            "title: a\ntags: x\ntitle: b",
            &["title a", "tag x", "problem The key `title` stands here a second time. <title>"],
        );
        check("title: a\u{7}", &["problem This character is not allowed. <\u{7}>"]);
    }

    #[test]
    fn a_front_matter_that_is_too_long_or_too_deep_is_a_problem() {
        let long = format!("title: a\nx: {}", "x".repeat(MAX_BYTES));
        check(&long, &["problem A front matter of more than 64 KB is not read. <--->"]);
        let deep = format!("title: a\nx: {}{}", "[".repeat(65), "]".repeat(65));
        check(&deep, &["title a", "problem Lists and maps are nested too deep here. <[>"]);
    }

    #[test]
    fn aliases_cannot_multiply_a_front_matter() {
        let text = format!("---\nx: &x {}\naliases: [{}]\n---", "y".repeat(10_000), "*x, ".repeat(10_000));
        let aliases = read(&text).expect("a front matter").front_matter.aliases;
        assert_eq!(aliases.len(), MAX_BYTES / 10_000);
        let bomb = "---\na: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\naliases: *c\n---";
        assert_eq!(said(bomb).as_deref(), Some(""));
    }

    /// Front matter that both readers may understand, and much that they may not.
    fn yaml() -> impl Strategy<Value = String> {
        let text = prop_oneof![
            4 => r"[a-c]{1,3}( [a-c#:'}-]{1,3}){0,2}",
            1 => r#"["'\\\[\]{},#:&*!|>@%~ ax-]{0,8}"#,
            1 => r"(null|~|2024-01-01|1e3|true|- a|\[\[a\]\]|\[\[a #b\]\]|é|\*a|&a x|'a''b')",
        ];
        let value = prop_oneof![
            4 => text.clone(),
            2 => text.clone().prop_map(|text| format!("\"{text}\"")),
            2 => text.clone().prop_map(|text| format!("'{text}'")),
            2 => prop::collection::vec(text.clone(), 0..4).prop_map(|texts| format!("[{}]", texts.join(", "))),
            1 => Just(String::new()),
        ];
        let key = r"(title|tags|up|[a-c:#'-]{1,3})( ?: ?|:  )";
        let line = (" {0,2}", "(- ){0,2}", prop_oneof![2 => key, 1 => Just(String::new())], value, "( |  # c)?");
        let ending = prop_oneof![4 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\r"), 1 => Just("\n\n")];
        let plain = (Just(String::new()), Just(String::new()), r"[a-c]{1,2}: ", text, Just(String::new()));
        let lines = prop::collection::vec(prop_oneof![line, plain], 0..5);
        (lines, ending).prop_map(|(lines, ending)| {
            lines
                .into_iter()
                .map(|(indent, item, key, value, end)| format!("{indent}{item}{key}{value}{end}{ending}"))
                .collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16 * ProptestConfig::default().cases))]

        #[test]
        fn lines_read_what_the_parser_reads(yaml in yaml()) {
            let body = Span::new(0, yaml.len());
            if let (true, entries) = lines::read(&yaml, body) {
                prop_assert_eq!(yaml::read(&yaml, body), Ok(entries));
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_between_fences_can_be_read(yaml in yaml(), text in r#"([a\[\]{}:,"'|>&*!#? é\\-]|\n|\r){0,40}"#, any in r"\PC*") {
            for body in [yaml, text, any] {
                let text = format!("---\n{body}\n---");
                prop_assert!(said(&text).is_some());
            }
        }
    }
}
