//! What stands between `[[` and `]]`. Knows one wikilink whose ends are known; where it may begin and end is its
//! caller's matter.

use super::{Context, Link, LinkKind, Target};
use crate::text::Span;

/// Reads the wikilink or embed at `span` of `text`, from `[[` or `![[` to `]]`.
///
/// `None` where it names nothing (`[[]]`, `[[|x]]`), is a placeholder of a template, or runs over a line's end.
/// In `[[china#Trade deals | the talks]]` no span holds the blanks around the bar.
pub(crate) fn parse(text: &str, span: Span, context: Context) -> Option<Link> {
    let whole = span.of(text);
    let embed = whole.starts_with('!');
    let inner = whole.strip_prefix('!').unwrap_or(whole).strip_prefix("[[")?.strip_suffix("]]")?;
    let Marks { hash, bar, bracketed } = marks(inner.as_bytes())?;
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

const IS_MARK: [bool; 256] = {
    let (marks, mut is_mark) = (*b"\n\r|#<{[]", [false; 256]);
    let mut i = 0;
    while i < marks.len() {
        is_mark[marks[i] as usize] = true;
        i += 1;
    }
    is_mark
};

/// In a table the bar is written `\|`, and the backslash belongs to neither side.
fn before_bar(target: &str) -> &str {
    target.strip_suffix('\\').unwrap_or(target)
}

/// Without blanks around. Most have none, which two bytes tell.
fn trim(part: &str) -> &str {
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
        fn the_parts_of_any_wikilink_lie_in_it_in_order(inner in r"[a #|\\ é]{0,12}|\PC*") {
            let text = format!("![[{inner}]]");
            if let Some(link) = parse(&text, Span::new(0, text.len()), Context::Text) {
                let ends = [Some(link.name), link.anchor, link.label].into_iter().flatten().flat_map(|part| [part.start, part.end]);
                prop_assert!(ends.is_sorted());
            }
        }
    }
}
