//! What stands between `[[` and `]]`. Knows one wikilink whose ends are known; where it may begin and end is its
//! caller's matter.

use super::byte_set::byte_set;
use super::{Context, Link, LinkKind, Target};
use crate::text::Span;

/// Reads the wikilink or embed at `span` of `text`, from `[[` or `![[` to `]]`.
///
/// `None` where it names nothing (`[[]]`, `[[|x]]`), is a placeholder of a template, or runs over a line's end.
/// In `[[china#Trade deals | the talks]]` no span holds the blanks around the bar.
pub(crate) fn parse(text: &str, span: Span, context: Context) -> Option<Link> {
    let inner = inner(text, span)?;
    read(text, span, context, marks(inner.as_bytes())?)
}

/// What [`parse`] reads where neither a line ends nor any of `#[]<{` stands between the brackets, as in most wikilinks.
pub(crate) fn parse_plain(text: &str, span: Span, context: Context) -> Option<Link> {
    let bar = memchr::memchr(b'|', inner(text, span)?.as_bytes());
    read(text, span, context, Marks { bar, ..Marks::default() })
}

/// What stands between the brackets.
fn inner(text: &str, span: Span) -> Option<&str> {
    let whole = span.of(text);
    whole.strip_prefix('!').unwrap_or(whole).strip_prefix("[[")?.strip_suffix("]]")
}

fn read(text: &str, span: Span, context: Context, marks: Marks) -> Option<Link> {
    let (embed, inner) = (text.as_bytes()[span.start as usize] == b'!', inner(text, span)?);
    let Marks { hash, bar, bracketed } = marks;
    let (target, label) = match bar {
        Some(at) => (before_bar(&inner[..at]), Some(&inner[at + 1..])),
        None => (inner, None),
    };
    let (name, anchor) = match hash {
        Some(at) => (trim(&target[..at]), Some(trim(&target[at + 1..]))),
        None => (trim(target), None),
    };
    if name.is_empty() && anchor.is_none() {
        return None;
    }
    let span_of = |part: &str| {
        let start = part.as_ptr().addr() - text.as_ptr().addr();
        Span::new(start, start + part.len())
    };
    Some(Link {
        span,
        kind: LinkKind::Wiki,
        embed,
        context,
        name: span_of(name),
        anchor: anchor.map(span_of),
        label: label.map(|label| span_of(trim(label))),
        spaced: label
            .is_some_and(|label| target.ends_with(char::is_whitespace) && label.starts_with(char::is_whitespace)),
        bracketed,
        target: Target::Name { name: name.to_owned(), anchor: anchor.map(str::to_owned) },
    })
}

/// What divides the inside of a wikilink.
#[derive(Default)]
struct Marks {
    /// The first `#` before the bar.
    hash: Option<usize>,
    /// The first `|`.
    bar: Option<usize>,
    /// Whether a square bracket stands before the bar.
    bracketed: bool,
}

/// `None` where a line ends, or `<%` or `{{` stands before the bar, as in `[[<% tp.file %>]]`, `[[{{title}}]]`: what a
/// template puts there is not known.
fn marks(inner: &[u8]) -> Option<Marks> {
    let mut marks = Marks::default();
    for (at, &byte) in inner.iter().enumerate().filter(|(_, byte)| IS_MARK[**byte as usize]) {
        match byte {
            b'\n' | b'\r' => return None,
            _ if marks.bar.is_some() => {}
            b'|' => marks.bar = Some(at),
            b'#' => marks.hash = marks.hash.or(Some(at)),
            b'<' | b'{' => {
                let placeholder = if byte == b'<' { b'%' } else { b'{' };
                if inner.get(at + 1) == Some(&placeholder) {
                    return None;
                }
            }
            _ => marks.bracketed = true,
        }
    }
    Some(marks)
}

const IS_MARK: [bool; 256] = byte_set(b"\n\r|#<{[]");

/// In a table the bar is written `\|`, and the backslash belongs to neither side.
fn before_bar(target: &str) -> &str {
    target.strip_suffix('\\').unwrap_or(target)
}

/// Without blanks around, which are nearly always ASCII.
fn trim(part: &str) -> &str {
    let part = part.trim_ascii();
    match part.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => part,
        _ => part.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Name, anchor, label and whether the bar is spaced, as read from the spans.
    type Parts<'a> = (&'a str, Option<&'a str>, Option<&'a str>, bool);

    fn parts(written: &str) -> Option<Parts<'_>> {
        let link = parse(written, Span::new(0, written.len()), Context::Text)?;
        let anchor = link.anchor.map(|anchor| anchor.of(written));
        let name = link.name.of(written);
        assert_eq!(link.target, Target::Name { name: name.to_owned(), anchor: anchor.map(str::to_owned) });
        assert_eq!(link.embed, written.starts_with('!'));
        Some((name, anchor, link.label.map(|label| label.of(written)), link.spaced))
    }

    #[test]
    fn a_wikilink_has_a_name_an_anchor_and_a_label() {
        let cases: [(&str, Parts); _] = [
            ("[[china]]", ("china", None, None, false)),
            ("[[china#Trade deals | the talks]]", ("china", Some("Trade deals"), Some("the talks"), true)),
            ("[[china|the talks]]", ("china", None, Some("the talks"), false)),
            ("[[china |the talks]]", ("china", None, Some("the talks"), false)),
            ("[[  china\t|  the talks ]]", ("china", None, Some("the talks"), true)),
            ("[[china\\|the talks]]", ("china", None, Some("the talks"), false)),
            ("[[china \\| the talks]]", ("china", None, Some("the talks"), true)),
            ("[[china # Trade deals ]]", ("china", Some("Trade deals"), None, false)),
            ("[[china#Trade#Deals]]", ("china", Some("Trade#Deals"), None, false)),
            ("[[china#^id|x]]", ("china", Some("^id"), Some("x"), false)),
            ("[[china|#1 | best]]", ("china", None, Some("#1 | best"), false)),
            ("[[china#]]", ("china", Some(""), None, false)),
            ("[[#Trade deals]]", ("", Some("Trade deals"), None, false)),
            ("[[#]]", ("", Some(""), None, false)),
            ("[[#|top]]", ("", Some(""), Some("top"), false)),
            ("[[china|]]", ("china", None, Some(""), false)),
            ("[[china | ]]", ("china", None, Some(""), true)),
            ("[[b|see [1] there]]", ("b", None, Some("see [1] there"), false)),
            ("[[talks/moscow.md]]", ("talks/moscow.md", None, None, false)),
            ("[[日本語 # 見出し | 表示]]", ("日本語", Some("見出し"), Some("表示"), true)),
            ("![[x.png|center|300x200]]", ("x.png", None, Some("center|300x200"), false)),
            ("![[x]]", ("x", None, None, false)),
            ("[[china|{{label}}]]", ("china", None, Some("{{label}}"), false)),
        ];
        for (written, expected) in cases {
            assert_eq!(parts(written), Some(expected), "{written}");
        }
    }

    #[test]
    fn what_names_nothing_is_no_link() {
        let cases = [
            "[[]]",
            "[[ ]]",
            "[[|x]]",
            "[[ | x]]",
            "[[\\|x]]",
            "[[<% tp.file %>]]",
            "[[{{title}}]]",
            "[[a-{{date}}|x]]",
            "[[a\nb]]",
            "[[a|b\rc]]",
            "[[a]",
            "[a]]",
            "[]]",
            "[[]",
            "",
        ];
        for written in cases {
            assert_eq!(parts(written), None, "{written}");
        }
    }

    #[test]
    fn spans_are_bytes_of_the_whole_text() {
        let text = "é [[china#a | b]]";
        let link = parse(text, Span::new(3, text.len()), Context::Comment).expect("a link");
        assert_eq!(link.span.of(text), "[[china#a | b]]");
        assert_eq!(
            (link.name, link.anchor, link.label),
            (Span::new(5, 10), Some(Span::new(11, 12)), Some(Span::new(15, 16)))
        );
        assert_eq!(link.context, Context::Comment);
    }

    proptest! {
        #[test]
        fn what_is_plain_is_read_as_any_other(inner in r"[a |\\\\é\u{a0}\u{b}]{0,12}", embed in "!?", context in "[a!]?") {
            let text = format!("{context}{embed}[[{inner}]]");
            let span = Span::new(context.len(), text.len());
            prop_assert_eq!(parse_plain(&text, span, Context::Text), parse(&text, span, Context::Text));
        }

        #[test]
        fn the_parts_of_any_wikilink_lie_in_it_in_order(inner in r"[a #|\\ é]{0,12}|\PC*") {
            let text = format!("![[{inner}]]");
            if let Some(link) = parse(&text, Span::new(0, text.len()), Context::Text) {
                let ends = [Some(link.name), link.anchor, link.label].into_iter().flatten().flat_map(|part| [part.start, part.end]);
                prop_assert!(ends.is_sorted());
            }
        }
    }
}
