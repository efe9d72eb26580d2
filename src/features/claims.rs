//! What a timestamp supports, and beneath which heading. Knows one document.

use super::prose::{plain, shown};
use crate::syntax::Timestamp;
use crate::text::Span;
use crate::vault::Document;

/// What the timestamp supports, as Markdown: the words since the timestamp before it, in the same passage; where it stands
/// in front of them or right behind another, the words that follow or that the other one supports.
pub fn claim(document: &Document, timestamp: &Timestamp) -> Option<String> {
    let outline = &document.outline;
    let passage = passage(document, timestamp)?;
    let (mut end, mut claim) = (timestamp.span.start, String::new());
    let begun = outline.timestamps.partition_point(|it| it.span.start < timestamp.span.start);
    let before = outline.timestamps[..begun].iter().rev().take(MOST_ADJACENT).map(|it| it.span);
    let before = before.filter(|it| it.start >= passage.start && it.end <= timestamp.span.start);
    for (from, next_end) in before.map(|it| (it.end, it.start)).chain([(passage.start, passage.start)]) {
        if from > end {
            continue; // A timestamp in a timestamp.
        }
        claim = tidy(&shown(document, Span { start: from, end }));
        if !claim.is_empty() {
            break;
        }
        end = next_end;
    }
    if claim.is_empty() {
        let after = outline.timestamps.partition_point(|it| it.span.start < timestamp.span.end);
        let after = outline.timestamps.get(after).map(|it| it.span.start);
        let end = after.unwrap_or(passage.end).min(passage.end);
        claim = tidy(&shown(document, Span { start: timestamp.span.end.min(end), end }));
    }
    Some(claim).filter(|claim| !claim.is_empty())
}

/// More timestamps than that do not stand side by side for one claim.
const MOST_ADJACENT: usize = 32;

/// The running text it stands in: a paragraph, the text of a heading, the title of a callout or what follows that.
pub fn passage(document: &Document, timestamp: &Timestamp) -> Option<Span> {
    let outline = &document.outline;
    let begun = outline.paragraphs.partition_point(|paragraph| paragraph.start <= timestamp.span.start);
    let mut passage = *outline.paragraphs[..begun].last().filter(|paragraph| paragraph.encloses(timestamp.span))?;
    let heading = outline.heading_before(timestamp.span.start as usize).map(|heading| outline.headings[heading].source);
    if let Some(source) = heading.filter(|source| passage.encloses(*source) && source.encloses(timestamp.span)) {
        return Some(source);
    }
    let begun = outline.callouts.partition_point(|callout| callout.title.start <= timestamp.span.start);
    if let Some(title) = outline.callouts[..begun].last().map(|it| it.title).filter(|title| passage.encloses(*title)) {
        match title.encloses(timestamp.span) {
            true => passage = title,
            false => passage.start = title.end,
        }
    }
    Some(passage)
}

/// What a reader sees of the heading above it, without the times in that.
pub fn section(document: &Document, timestamp: &Timestamp) -> Option<String> {
    let outline = &document.outline;
    let heading = &outline.headings[outline.heading_before(timestamp.span.start as usize)?];
    let begun = outline.timestamps.partition_point(|it| it.span.start < heading.source.start);
    let is_timed = outline.timestamps.get(begun).is_some_and(|it| heading.source.encloses(it.span));
    let untimed = is_timed.then(|| plain(&tidy(&shown(document, heading.source)))).filter(|text| !text.is_empty());
    Some(untimed.unwrap_or_else(|| heading.text.clone()))
}

/// Without the punctuation that belongs to the sentence before, and the marks of lists and tables; empty where no word
/// is left.
fn tidy(claim: &str) -> String {
    let mut begun = claim;
    loop {
        let before = begun;
        begun = begun.trim_start_matches(|c: char| c.is_whitespace() || ".,;:)]|-+>–—!?".contains(c));
        let behind_stars = begun.trim_start_matches('*');
        if behind_stars.starts_with(char::is_whitespace) {
            begun = behind_stars; // The mark of a list, or the end of an emphasis: not `**Rice** is cheap`.
        }
        if begun == before {
            break;
        }
    }
    let ended = begun.trim_end_matches(|c: char| c.is_whitespace() || "([|–—".contains(c));
    if ended.chars().any(char::is_alphanumeric) { without_half_emphasis(ended).to_owned() } else { String::new() }
}

/// Without marks of an emphasis whose other end lies behind a timestamp.
fn without_half_emphasis(mut claim: &str) -> &str {
    const MARKS: [char; 2] = ['*', '_'];
    if !claim.starts_with(MARKS) && !claim.ends_with(MARKS) {
        return claim;
    }
    let seen = plain(claim);
    if seen.starts_with(MARKS) {
        claim = claim.trim_start_matches(MARKS);
    }
    if seen.ends_with(MARKS) {
        let kept = claim.trim_end_matches(MARKS);
        claim = if kept.ends_with('\\') { claim } else { kept };
    }
    claim
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_the_words_before_is_no_part_of_a_claim() {
        let cases = [
            (". Rice is cheap (", "Rice is cheap"),
            ("- * Rice", "Rice"),
            ("**Rice** is cheap", "**Rice** is cheap"),
            ("**Rice is cheap", "Rice is cheap"),
            ("** and wheat", "and wheat"),
            ("Rice is cheap**", "Rice is cheap"),
            ("Rice \\*", "Rice \\*"),
            ("| – |", ""),
        ];
        for (written, claim) in cases {
            assert_eq!(tidy(written), claim, "{written}");
        }
    }
}
