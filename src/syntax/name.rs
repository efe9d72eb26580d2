//! When two names are the same. The only folding; knows no vault, no path and no note.

use regex::Regex;
use smallvec::SmallVec;
use std::borrow::Cow;
use std::sync::LazyLock;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Endings of notes, without the dot.
pub const NOTE_ENDINGS: [&str; 2] = ["md", "markdown"];

/// A name as compared: NFC, Unicode simple case folding.
pub fn fold(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        return if name.bytes().any(|b| b.is_ascii_uppercase()) {
            name.to_ascii_lowercase().into()
        } else {
            name.into()
        };
    }
    if is_nfc_quick(name.chars()) == IsNormalized::Yes && name.chars().all(|c| fold_char(c) == c) {
        return name.into();
    }
    // Folding may pull apart what NFC had joined, and join what it had not: `ͅ` becomes a letter of its own.
    name.nfc().map(fold_char).nfc().collect::<String>().into()
}

/// `file` without a note's ending (in any case), or `None` if it is no note's file name. `.md` alone has none.
pub fn note_stem(file: &str) -> Option<&str> {
    let (stem, ending) = file.rsplit_once('.')?;
    let is_note = NOTE_ENDINGS.iter().any(|note| note.eq_ignore_ascii_case(ending));
    (is_note && !stem.is_empty() && !stem.ends_with('/')).then_some(stem)
}

/// The slugs of a name: folded, punctuation dropped, runs of blank, `-`, `_` as one `_` (none at the ends); `+` and `#` after a
/// letter and punctuation between two digits are kept. The second form, where it differs, has each hyphen dropped instead.
/// Empty slugs are left out.
pub fn slugs(name: &str) -> SmallVec<[String; 2]> {
    let folded = fold(name);
    let mut slugs: SmallVec<[String; 2]> = SmallVec::from_iter([slug(&folded, Hyphen::Separates)]);
    if folded.contains('-') {
        slugs.push(slug(&folded, Hyphen::Vanishes));
        slugs.dedup();
    }
    slugs.retain(|slug| !slug.is_empty());
    slugs
}

/// The coarsest key of a name: names that are equal in any sense (exact, folded, by slug) have the same one.
/// The folded name without punctuation, blanks, `-` and `_`; the folded name itself where nothing would remain.
pub fn squash(name: &str) -> String {
    if name.is_ascii() {
        let mut squashed = vec![0; name.len()];
        let mut length = 0;
        for byte in name.bytes() {
            let kept = SQUASHED[byte as usize];
            squashed[length] = kept;
            length += usize::from(kept != DROPPED);
        }
        squashed.truncate(length);
        let squashed = String::from_utf8(squashed).unwrap_or_default();
        return if squashed.is_empty() { fold(name).into_owned() } else { squashed };
    }
    let folded = fold(name);
    let squashed: String = folded.chars().filter(|&c| !c.is_whitespace() && !is_punctuation(c)).collect();
    if squashed.is_empty() {
        return folded.into_owned();
    }
    let is_composed = is_nfc_quick(squashed.chars()) == IsNormalized::Yes;
    if is_composed { squashed } else { squashed.nfc().collect() }
}

/// What [`squash`] makes of each byte of ASCII.
const SQUASHED: [u8; 256] = {
    let mut squashed = [DROPPED; 256];
    let mut byte: u8 = 0;
    while byte.is_ascii() {
        let is_space = matches!(byte, b'\t'..=b'\r');
        if byte.is_ascii_alphanumeric() || byte.is_ascii_control() && !is_space {
            squashed[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    squashed
};

/// No byte of ASCII.
const DROPPED: u8 = 0xff;

/// A heading or an anchor as compared: each of ``!"#$%&()*+,.:;<=>?@^`{|}~/[]\`` to a blank, blanks collapsed, trimmed,
/// folded.
pub fn fold_heading(text: &str) -> String {
    let is_blank = |c: char| c.is_whitespace() || c.is_ascii_punctuation() && !matches!(c, '\'' | '-' | '_');
    // Folded first: NFC makes a `;` of the Greek question mark.
    let folded = fold(text);
    let words: Vec<&str> = folded.split(is_blank).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// GitHub's slug of a heading's text: lower-cased, punctuation dropped, each blank a `-`. Repeats are numbered by the caller.
pub fn github_slug(text: &str) -> String {
    let lower = text.to_lowercase();
    lower.chars().filter(|&c| c == ' ' || c == '-' || is_word(c)).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// A tag as compared.
pub fn fold_tag(tag: &str) -> Cow<'_, str> {
    fold(tag)
}

/// What becomes of a hyphen in a slug: `e-mail` is `e_mail` or `email`.
#[derive(Clone, Copy, PartialEq)]
enum Hyphen {
    Separates,
    Vanishes,
}

fn slug(folded: &str, hyphen: Hyphen) -> String {
    let mut slug = String::with_capacity(folded.len());
    let mut separated = false;
    // Behind a letter, or behind a `+` or `#` that is kept for one.
    let mut after_letter = false;
    let mut before = None;
    let mut rest = folded.chars();
    while let Some(c) = rest.next() {
        let kept = if is_punctuation(c) {
            let between_digits =
                before.is_some_and(char::is_numeric) && rest.clone().next().is_some_and(char::is_numeric);
            after_letter &= matches!(c, '+' | '#');
            (between_digits || after_letter) && !matches!(c, '-' | '_')
        } else {
            after_letter = is_letter(c);
            !c.is_whitespace()
        };
        if kept {
            if separated && !slug.is_empty() {
                slug.push('_');
            }
            slug.push(c);
            separated = false;
        } else {
            separated |= c.is_whitespace() || c == '_' || c == '-' && hyphen == Hyphen::Separates;
        }
        before = Some(c);
    }
    slug
}

fn fold_char(c: char) -> char {
    unicode_case_mapping::case_folded(c).and_then(|folded| char::from_u32(folded.get())).unwrap_or(c)
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c)
}

/// The punctuation of CommonMark without the symbols beyond ASCII: an emoji is part of a name.
fn is_punctuation(c: char) -> bool {
    static PUNCTUATION: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\p{Punctuation}").expect("a valid pattern"));
    if c.is_ascii() { c.is_ascii_punctuation() } else { !c.is_alphanumeric() && is_match(&PUNCTUATION, c) }
}

/// What GitHub keeps in a slug besides hyphens and blanks.
fn is_word(c: char) -> bool {
    static WORD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[\p{Alphabetic}\p{Mark}\p{Nd}\p{Pc}]").expect("a valid pattern"));
    if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { c.is_alphabetic() || is_match(&WORD, c) }
}

fn is_match(class: &Regex, c: char) -> bool {
    class.is_match(c.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_fold_without_regard_to_case_and_composition() {
        let same = [
            ("China", "CHINA"),
            ("Zoë", "zoe\u{308}"),
            ("STRASSE", "strasse"),
            ("Straẞe", "straße"),
            ("МОСКВА", "москва"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("Ǆ", "ǆ"),
            ("한글", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"),
        ];
        for (a, b) in same {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
        let different = [("straße", "strasse"), ("zoe", "zoë"), ("İ", "i"), ("a b", "a_b")];
        for (a, b) in different {
            assert_ne!(fold(a), fold(b), "{a} {b}");
        }
    }

    #[test]
    fn a_folded_name_is_not_copied() {
        for name in ["china", "a_b-1.2", "москва", "日本語", ""] {
            assert!(matches!(fold(name), Cow::Borrowed(_)), "{name}");
        }
    }

    #[test]
    fn the_stem_of_a_note_is_its_file_without_ending() {
        let cases = [
            ("china.md", Some("china")),
            ("README.MD", Some("README")),
            ("a.markdown", Some("a")),
            ("java.util.Scanner.md", Some("java.util.Scanner")),
            ("talks/moscow.md", Some("talks/moscow")),
            ("x.md.md", Some("x.md")),
            (".hidden.md", Some(".hidden")),
            (".md", None),
            ("talks/.md", None),
            ("md", None),
            ("Next.js", None),
            ("notes.md/china", None),
            ("x.mdx", None),
            ("", None),
        ];
        for (file, stem) in cases {
            assert_eq!(note_stem(file), stem, "{file}");
        }
    }

    #[test]
    fn a_slug_forgets_punctuation_and_how_words_are_parted() {
        let cases: [(&str, &[&str]); _] = [
            ("Vladimir Putin and his political strategies", &["vladimir_putin_and_his_political_strategies"]),
            ("  a \t- _b__", &["a_b"]),
            ("E-Mail", &["e_mail", "email"]),
            ("well-known e-mail", &["well_known_e_mail", "wellknown_email"]),
            ("covid-19", &["covid_19", "covid19"]),
            ("a - b", &["a_b"]),
            ("-a-", &["a"]),
            ("Russia's \u{201c}plan\u{201d}", &["russias_plan"]),
            ("salt & pepper", &["salt_pepper"]),
            ("a\u{2013}b", &["ab"]),
            ("C++", &["c++"]),
            ("C#", &["c#"]),
            ("C", &["c"]),
            ("c# / .NET", &["c#_net"]),
            ("1 + 1 #2", &["1_1_2"]),
            ("C'#", &["c"]),
            ("v1.2", &["v1.2"]),
            ("12", &["12"]),
            ("1.2.", &["1.2"]),
            ("3,000:1", &["3,000:1"]),
            ("1..2", &["12"]),
            ("2024-01-05", &["2024_01_05", "20240105"]),
            ("What?! Why...", &["what_why"]),
            ("日本語、の名前。", &["日本語の名前"]),
            ("हिन्दी", &["हिन्दी"]),
            ("Rocket 🚀 launch", &["rocket_🚀_launch"]),
            ("€ 5", &["€_5"]),
            ("¿Qué?", &["qué"]),
            ("!?", &[]),
            ("---", &[]),
            ("", &[]),
        ];
        for (name, expected) in cases {
            assert_eq!(slugs(name).as_slice(), expected, "{name}");
        }
    }

    #[test]
    fn a_squashed_name_is_what_remains_of_all_its_slugs() {
        let cases = [
            ("E-Mail", "email"),
            ("Vladimir_Putin", "vladimirputin"),
            ("C++", "c"),
            ("1.2", "12"),
            ("!?", "!?"),
            ("- -", "- -"),
            (" ", " "),
            ("", ""),
        ];
        for (name, squashed) in cases {
            assert_eq!(squash(name), squashed, "{name}");
        }
    }

    #[test]
    fn a_heading_is_compared_without_its_marks() {
        let cases = [
            ("Trade deals", "trade deals"),
            ("  Trade:   deals! ", "trade deals"),
            ("java flyweight|Flyweight", "java flyweight flyweight"),
            ("Issue #12", "issue 12"),
            ("a/b\\c[d]", "a b c d"),
            ("it's a-b_c", "it's a-b_c"),
            ("Zoe\u{308}", "zoë"),
            ("“quoted” – text", "“quoted” – text"),
            ("#", ""),
        ];
        for (text, folded) in cases {
            assert_eq!(fold_heading(text), folded, "{text}");
        }
    }

    #[test]
    fn a_github_slug_is_the_one_github_makes() {
        let cases = [
            ("Trade deals", "trade-deals"),
            ("What's new in 1.2?", "whats-new-in-12"),
            ("a & b", "a--b"),
            ("snake_case and kebab-case", "snake_case-and-kebab-case"),
            ("C++ / C#", "c--c"),
            ("  padded ", "--padded-"),
            ("Привет мир", "привет-мир"),
            ("日本語、見出し", "日本語見出し"),
            ("हिन्दी", "हिन्दी"),
            ("🚀 Launch", "-launch"),
            ("⚠\u{fe0f} Warning", "\u{fe0f}-warning"),
            ("Ⅷ and ½ ٣", "ⅷ-and--٣"),
            ("a‿b—c", "a‿bc"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("a\tb", "ab"),
        ];
        for (text, slug) in cases {
            assert_eq!(github_slug(text), slug, "{text}");
        }
    }

    /// Short names over few characters, so that two of them often meet.
    fn name() -> impl Strategy<Value = String> {
        prop_oneof![r"[aAbC12 _+#.'-]{0,5}", r"[éÉe\u{301}ſSßẞσΣςΩΩ–‿🚀٣-]{0,5}", r"\PC{0,6}"]
    }

    proptest! {
        #[test]
        fn folding_does_not_see_composition(name in name()) {
            let composed: String = name.nfc().collect();
            let decomposed: String = name.nfd().collect();
            prop_assert_eq!(fold(&composed), fold(&decomposed));
            prop_assert_eq!(fold(&composed), fold(&name));
        }

        #[test]
        fn folding_a_folded_name_changes_nothing(name in name()) {
            let folded = fold(&name);
            prop_assert_eq!(fold(&folded), folded.as_ref());
        }

        #[test]
        fn names_that_are_equal_in_any_sense_squash_to_one(a in name(), b in name()) {
            let share_a_slug = slugs(&a).iter().any(|slug| slugs(&b).contains(slug));
            if fold(&a) == fold(&b) || share_a_slug {
                prop_assert_eq!(squash(&a), squash(&b));
            }
            prop_assert_eq!(squash(&a).is_empty(), a.is_empty());
        }

        /// The law above, where two random names seldom meet.
        #[test]
        fn a_slug_squashes_as_its_name(name in name()) {
            for slug in slugs(&name) {
                prop_assert_eq!(squash(&slug), squash(&name));
                prop_assert!(!slug.starts_with('_') && !slug.ends_with('_'));
            }
        }

        #[test]
        fn any_text_can_be_a_heading(text in r"\PC*") {
            let folded = fold_heading(&text);
            prop_assert_eq!(fold_heading(&folded), folded);
            github_slug(&text);
            note_stem(&text);
        }
    }
}
