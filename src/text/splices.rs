//! Several edits of one string: done together, and two lots of them as one. Knows bytes; no lines, no files.

use super::Span;

/// What stands in a span, and what shall.
pub type Splice = (Span, String);

/// A text with splices of it done; `None` where they overlap or do not fit it. They are in order of place.
pub fn spliced(text: &str, splices: &[Splice]) -> Option<String> {
    let mut spliced = String::with_capacity(text.len());
    let mut at = 0;
    for (span, new) in splices {
        spliced.push_str(text.get(at..span.start as usize)?);
        text.get(span.range())?;
        spliced.push_str(new);
        at = span.end as usize;
    }
    spliced.push_str(text.get(at..)?);
    Some(spliced)
}

/// A stretch of the text between two lots.
struct Stretch<'a> {
    span: Span,
    /// How many bytes the first lot made it longer, or shorter.
    grown: i64,
    /// What the second lot makes of it.
    new: Option<&'a str>,
}

/// Two lots of splices as one of the first text. `between` is the text that the first lot made and the second is of; both
/// lots are in order and fit.
pub fn composed(first: &[Splice], between: &str, second: &[Splice]) -> Vec<Splice> {
    let mut stretches = made(first);
    stretches.extend(second.iter().map(|(span, new)| Stretch { span: *span, grown: 0, new: Some(new) }));
    stretches.sort_by_key(|stretch| (stretch.span.start, stretch.span.end));
    let mut composed = Vec::new();
    let mut grown = 0;
    for group in stretches.chunk_by(touching()) {
        let start = group[0].span.start;
        let end = group.iter().map(|stretch| stretch.span.end).fold(start, u32::max);
        let before = grown;
        grown += group.iter().map(|stretch| stretch.grown).sum::<i64>();
        let span = Span::new((start as i64 - before) as usize, (end as i64 - grown) as usize);
        composed.push((span, now(between, Span { start, end }, group)));
    }
    composed
}

/// Where the text stands that splices made.
fn made(splices: &[Splice]) -> Vec<Stretch<'static>> {
    let mut grown = 0;
    let made = splices.iter().map(|(span, new)| {
        let start = (span.start as i64 + grown) as usize;
        let more = new.len() as i64 - span.len() as i64;
        grown += more;
        Stretch { span: Span::new(start, start + new.len()), grown: more, new: None }
    });
    made.collect()
}

/// Whether a stretch touches one of those before it, asked in order.
fn touching<'a>() -> impl FnMut(&Stretch<'a>, &Stretch<'a>) -> bool {
    let mut end = 0;
    move |before, next| {
        end = end.max(before.span.end);
        next.span.start <= end
    }
}

/// What stands in `span` when the splices of a group are done.
fn now(text: &str, span: Span, group: &[Stretch]) -> String {
    let mut now = String::new();
    let mut at = span.start as usize;
    for (stretch, new) in group.iter().filter_map(|stretch| Some((stretch.span, stretch.new?))) {
        now.push_str(&text[at..stretch.start as usize]);
        now.push_str(new);
        at = stretch.end as usize;
    }
    now + &text[at..span.end as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn splice(at: usize, old: &str, new: &str) -> Splice {
        (Span::new(at, at + old.len()), new.to_owned())
    }

    #[test]
    fn splices_that_overlap_or_do_not_fit_are_none() {
        let fits = |splices: &[Splice]| spliced("é[[a]]", splices).is_some();
        assert!(fits(&[splice(0, "é", "e"), splice(2, "", "!"), splice(2, "[[", "[")]));
        assert!(!fits(&[splice(1, "", "x")]) && !fits(&[splice(7, "]]", "]")]));
        assert!(!fits(&[splice(0, "é[", ""), splice(2, "", "")]));
    }

    #[test]
    fn what_the_second_lot_does_within_the_first_is_one_splice() {
        let first = [splice(4, "[[x]]", "\"[[x]]\"")];
        let between = spliced("up: [[x]] [[y]]", &first).expect("it fits");
        let both = composed(&first, &between, &[splice(7, "x", "lion"), splice(14, "y", "zoo")]);
        assert_eq!(both, [splice(4, "[[x]]", "\"[[lion]]\""), splice(12, "y", "zoo")]);
    }
}
