//! What a reader sees of a stretch of a note: links by their labels, no timestamps, no comments, no marks of blocks.

use crate::syntax::{Callout, Link, LinkKind, Target, scan};
use crate::text::Span;
use crate::vault::Document;

/// The shown text of `span`, still Markdown: one line, links replaced by what they show; timestamps, comments, references
/// of footnotes and the marks of quotes and callouts left out.
pub fn shown(document: &Document, span: Span) -> String {
    let mut text = String::new();
    let mut at = span.start;
    for (hidden, shown) in replacements(document, span) {
        if hidden.start < at {
            continue; // Inside one that was replaced already.
        }
        text.push_str(document.of(Span { start: at, end: hidden.start }));
        text.push_str(shown);
        at = hidden.end;
    }
    text.push_str(document.of(Span { start: at.min(span.end), end: span.end }));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Stretches that are shown otherwise than written, in order, the outer first.
fn replacements(document: &Document, span: Span) -> Vec<(Span, &str)> {
    let outline = &document.outline;
    let timestamps = begun_in(&outline.timestamps, span, |it| it.span).iter().map(|it| (it.span, ""));
    let links = begun_in(&outline.links, span, |link| link.span).iter();
    let links = links.filter_map(|link| Some((link.span, shown_of(document, link)?)));
    let blocks = begun_in(&outline.blocks, span, |block| block.span).iter().map(|block| (block.span, ""));
    let others = unshown(document, span).into_iter().map(|hidden| (hidden, ""));
    let mut all: Vec<(Span, &str)> =
        timestamps.chain(links).chain(blocks).chain(others).filter(|(hidden, _)| span.encloses(*hidden)).collect();
    all.sort_by_key(|(hidden, shown)| (hidden.start, std::cmp::Reverse(hidden.end), shown.len()));
    all
}

/// Comments, references of footnotes, the marks of callouts, and those that lines of a quote begin with.
fn unshown(document: &Document, span: Span) -> Vec<Span> {
    let outline = &document.outline;
    let is_comment = |it: &&Span| document.of(**it).starts_with("<!--");
    let mut all: Vec<Span> = begun_in(&outline.verbatim, span, |it| *it).iter().filter(is_comment).copied().collect();
    let passed = outline.comments.partition_point(|it| it.end <= span.start);
    let comments = outline.comments[passed..].iter().take_while(|it| it.start < span.end);
    // One may begin or end elsewhere. What stands in one was asked for itself.
    let parts = comments.filter(|it| !it.encloses(span));
    all.extend(parts.map(|it| Span { start: it.start.max(span.start), end: it.end.min(span.end) }));
    all.extend(begun_in(&outline.footnotes, span, |it| it.span).iter().filter(|it| !it.definition).map(|it| it.span));
    let mark = |callout: &Callout| Span { start: callout.kind.start - 2, end: callout.title.start };
    all.extend(begun_in(&outline.callouts, span, mark).iter().map(mark));
    let source = document.of(span);
    for (end, _) in source.match_indices(['\n', '\r']) {
        let behind = &source[end + 1..];
        let marks = behind.len() - behind.trim_start_matches([' ', '\t', '>']).len();
        if behind[..marks].contains('>') {
            let start = span.start as usize + end + 1;
            all.push(Span::new(start, start + marks));
        }
    }
    all
}

/// The items of a list that begin in a span. A list of an outline is ordered by the start of its items.
fn begun_in<T>(items: &[T], span: Span, span_of: impl Fn(&T) -> Span) -> &[T] {
    let from = items.partition_point(|item| span_of(item).start < span.start);
    let len = items[from..].partition_point(|item| span_of(item).start <= span.end);
    &items[from..from + len]
}

/// What a link shows; `None` where it is written as it is shown.
fn shown_of<'a>(document: &'a Document, link: &'a Link) -> Option<&'a str> {
    if let Some(label) = link.label {
        return Some(document.of(label));
    }
    match (link.kind, &link.target) {
        (LinkKind::Wiki, Target::Name { name, anchor }) => {
            Some(if name.is_empty() { anchor.as_deref().unwrap_or_default() } else { name })
        }
        (LinkKind::Inline, _) => Some(""),
        _ => None,
    }
}

/// What a reader sees of a line of Markdown: emphasis, code, tags, escapes and entities undone.
pub fn plain(markdown: &str) -> String {
    // A heading is running text, whatever it begins with, and its outline says what is seen of it.
    let seen = scan(&format!("# {markdown}")).headings.into_iter().next().map(|heading| heading.text);
    seen.filter(|seen| !seen.is_empty()).unwrap_or_else(|| markdown.to_owned())
}

/// The first lines of `span` as they are written: at most `lines` lines and 1,200 bytes.
pub fn excerpt(document: &Document, span: Span, lines: usize) -> String {
    let source = document.of(span);
    let body = source.trim_start_matches(['\n', '\r']).trim_end();
    let mut text: String = body.lines().take(lines).collect::<Vec<_>>().join("\n");
    let is_cut = body.lines().nth(lines).is_some() || text.len() > MAX_EXCERPT;
    if text.len() > MAX_EXCERPT {
        text.truncate(text.floor_char_boundary(MAX_EXCERPT));
        text.truncate(text.rfind(char::is_whitespace).unwrap_or(text.len()));
    }
    let open_fence = text.lines().filter(|line| line.trim_start().starts_with("```")).count() % 2 == 1;
    if open_fence {
        text.push_str("\n```");
    }
    if is_cut { text + "\n\n…" } else { text }
}

const MAX_EXCERPT: usize = 1_200;

/// Text that stands in Markdown as it is.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_[]<>#|~".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// "1 note", "2 notes"
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{} {noun}s", grouped(count)),
    }
}

/// `24,304`
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn links_are_shown_by_their_labels_and_timestamps_not_at_all() {
        let text = "So [[china#Trade | the talks]] with [[japan]] [here](x.md) \
                    <a class=\"yt-timestamp\" data-t=\"00:06:04\">[00:06:04]</a> end ^id";
        let document = Document::new(0, Text::new(text));
        assert_eq!(shown(&document, Span::new(0, text.len())), "So the talks with japan here end");
    }

    #[test]
    fn what_no_reader_sees_is_not_shown() {
        let text = "> [!note] Title\n> a %%b%% c <!-- d --> e[^1] `<!-- f -->`\n> > g\n\n[^1]: h\n";
        let document = Document::new(0, Text::new(text));
        let quote = Span::new(0, text.find("\n\n").unwrap_or_default());
        assert_eq!(shown(&document, quote), "> Title a c e `<!-- f -->` g");
    }

    #[test]
    fn the_end_of_a_comment_that_began_before_is_not_shown() {
        let text = "%% a\n\n[[b]] %% c %%d";
        let document = Document::new(0, Text::new(text));
        let from = |part: &str| text.find(part).unwrap_or_default();
        assert_eq!(shown(&document, Span::new(from("[[b]]"), text.len())), "c %%d");
        assert_eq!(shown(&document, Span::new(from("[[b]]"), from(" %% c"))), "b");
    }

    #[test]
    fn plain_text_has_no_marks() {
        for (markdown, seen) in [
            ("Q\\*A\\_B &amp; C &lt; <b>D</b> <i>e</i>", "Q*A_B & C < D e"),
            ("**Rice** is `<cheap>` ~~now~~", "Rice is <cheap> now"),
            ("1986. A year", "1986. A year"),
            ("- # x", "- # x"),
            ("2*3*4", "234"),
            ("2 * 3 * 4", "2 * 3 * 4"),
            ("", ""),
        ] {
            assert_eq!(plain(markdown), seen, "{markdown}");
        }
    }

    #[test]
    fn an_excerpt_is_cut_at_a_blank_and_closes_what_it_opens() {
        let excerpt = |text: &str, lines| {
            let document = Document::new(0, Text::new(text));
            excerpt(&document, Span::new(0, text.len()), lines)
        };
        assert_eq!(excerpt("\n\none\ntwo\nthree\n", 2), "one\ntwo\n\n…");
        assert_eq!(excerpt("one\n```\ncode\nmore\n```\n", 3), "one\n```\ncode\n```\n\n…");
        let long = excerpt(&"words ".repeat(300), 12);
        assert!(long.ends_with("words\n\n…") && (1_190..=1_210).contains(&long.len()), "{} bytes", long.len());
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(["0", "999", "1,000", "24,304"], [0, 999, 1000, 24304].map(grouped).each_ref().map(|s| s.as_str()));
    }
}
