//! A table of contents: a list of links to the headings, between two comments, kept in its place.

use super::{Asked, Titled};
use crate::features::change::FileEdit;
use crate::features::prose::escaped;
use crate::text::Span;
use crate::vault::{Document, Slugger};

/// Fewer headings need no table.
const FEWEST: usize = 2;
/// The comments of markdown-toc, of Marksman, of others, and of doctoc. The first pair is what is written here.
const MARKS: [(&str, &str); 4] =
    [("toc", "tocstop"), ("toc:start", "toc:end"), ("toc", "/toc"), ("start doctoc", "end doctoc")];

pub fn offers_to_update<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let edit = marked(asked.document).and_then(|between| updated(asked, between));
    edit.map(|edit| Titled::known("Update the table of contents", vec![edit])).into_iter().collect()
}

pub fn offers_to_insert<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let edit = if marked(asked.document).is_none() { inserted(asked) } else { None };
    edit.map(|edit| Titled::known("Insert a table of contents", vec![edit])).into_iter().collect()
}

/// What stands between the two comments.
fn marked(document: &Document) -> Option<Span> {
    let comment = |span: &Span| {
        let inner = document.of(*span).strip_prefix("<!--")?.strip_suffix("-->")?;
        Some((*span, inner.trim().to_ascii_lowercase()))
    };
    let comments: Vec<(Span, String)> = document.outline.verbatim.iter().filter_map(comment).collect();
    let is = |said: &str, mark: &str| said == mark || mark.contains(' ') && said.starts_with(mark);
    MARKS.iter().find_map(|(begin, end)| {
        let from = comments.iter().position(|(_, said)| is(said, begin))?;
        let to = comments[from..].iter().find(|(_, said)| is(said, end))?;
        Some(Span { start: comments[from].0.end, end: to.0.start })
    })
}

/// `None` where it says already what there is.
fn updated(asked: &Asked, between: Span) -> Option<FileEdit> {
    let (text, end) = (&asked.document.text, asked.document.line_ending());
    let lines = text.line_of(between.start as usize) + 1..text.line_of(between.end as usize);
    let is_item = |line: &usize| ["- ", "* ", "+ "].iter().any(|mark| text.line(*line).trim_start().starts_with(mark));
    let first = lines.clone().find(is_item);
    let last = lines.rev().find(is_item);
    let mark = first.and_then(|line| text.line(line).trim_start().chars().next()).unwrap_or('-');
    let table = table(asked.document, mark)?;
    let (span, written) = match first.zip(last) {
        Some((first, last)) => {
            (Span::new(text.line_start(first), text.line_start(last) + text.line(last).len()), table)
        }
        None => (between, format!("{end}{end}{table}{end}{end}")),
    };
    (asked.document.of(span) != written).then(|| asked.edit(span, written))
}

/// On the empty line at the cursor, or beneath the title.
fn inserted(asked: &Asked) -> Option<FileEdit> {
    let document = asked.document;
    let (text, end) = (&document.text, document.line_ending());
    let table = table(document, '-')?;
    let (begin, stop) = MARKS[0];
    let written = format!("<!-- {begin} -->{end}{end}{table}{end}{end}<!-- {stop} -->");
    let at = asked.span.start as usize;
    let line = text.line_of(at);
    let is_empty = |line: usize| text.line(line).trim().is_empty();
    let is_in_text = !document.outline.is_verbatim(at) && !document.outline.in_front_matter(Span::empty(at));
    if asked.span.is_empty() && is_empty(line) && is_in_text && !asked.whole {
        let before = if line == 0 || is_empty(line - 1) { "" } else { end };
        let after = if line + 1 >= text.lines() || is_empty(line + 1) { "" } else { end };
        let whole = Span::new(text.line_start(line), text.line_start(line) + text.line(line).len());
        return Some(asked.edit(whole, format!("{before}{written}{after}")));
    }
    let title = document.outline.headings.first().filter(|title| title.level == 1)?.span;
    let is_on_title = title.touches(at) || asked.whole;
    let next = text.line_of(title.end as usize) + 1;
    let after = if next >= text.lines() || is_empty(next) { "" } else { end };
    is_on_title.then(|| asked.edit(Span::empty(title.end as usize), format!("{end}{end}{written}{after}")))
}

/// The list; `None` where there is too little to list. The title of the note is no part of it.
fn table(document: &Document, mark: char) -> Option<String> {
    let headings = &document.outline.headings;
    let is_titled =
        headings.first().is_some_and(|it| it.level == 1) && headings.iter().filter(|it| it.level == 1).count() == 1;
    let mut slugger = Slugger::default();
    let mut above: Vec<u8> = Vec::new();
    let mut lines = Vec::new();
    for (i, heading) in headings.iter().enumerate() {
        let slug = slugger.slug(&heading.text);
        if i == 0 && is_titled || slug.is_empty() {
            continue;
        }
        above.retain(|level| *level < heading.level);
        let indent = "  ".repeat(above.len());
        above.push(heading.level);
        lines.push(format!("{indent}{mark} [{}](#{slug})", escaped(heading.text.trim())));
    }
    (lines.len() >= FEWEST).then(|| lines.join(document.line_ending()))
}
