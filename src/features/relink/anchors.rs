//! What a link calls a part of a note, in the style in which it did: one heading or a chain of them, words or a slug.

use super::Plan;
use super::led::Part;
use crate::syntax::name;
use crate::vault::naming::anchor_text;
use crate::vault::{Dialect, Fact, FileId, Slugger, Snapshot};

/// The anchors that may lead to a part after the change, the one most like `old` first.
pub fn anchors(plan: &Plan, dialect: Dialect, old: &str, file: FileId, part: Part) -> Vec<String> {
    let nth = |order: usize, text: fn(Fact<'_>) -> Option<&str>| {
        let facts = plan.after.get(file).map(|file| &file.facts);
        let texts = facts.into_iter().flat_map(|facts| facts.iter().filter_map(|(_, fact)| text(fact)));
        texts.map(str::to_owned).nth(order)
    };
    match part {
        Part::Heading(index) => headings(plan, dialect, old, file, index),
        Part::Block(order) => {
            let id = nth(order, |fact| if let Fact::Block(id) = fact { Some(id) } else { None });
            id.map(|id| format!("^{id}")).into_iter().collect()
        }
        Part::Element(order) => {
            nth(order, |fact| if let Fact::Element(id) = fact { Some(id) } else { None }).into_iter().collect()
        }
        Part::Unnamed => Vec::new(),
    }
}

struct Heading {
    level: u8,
    text: String,
    source: String,
    slug: String,
}

fn headings(plan: &Plan, dialect: Dialect, old: &str, file: FileId, index: usize) -> Vec<String> {
    let (before, after) = (headings_of(plan.before, file), headings_of(plan.after, file));
    let (Some(was), Some(now)) = (before.get(index), after.get(index)) else { return Vec::new() };
    let mut anchors = Vec::new();
    // `[x](#trade)` for a heading `Trade` may be either: what GitHub makes of a heading works everywhere.
    if dialect == Dialect::Path && was.slug == name::fold(old) {
        anchors.push(now.slug.clone());
    }
    let (lines_before, lines_after) = (line_of(&before, index), line_of(&after, index));
    let segments = old.split('#').map(|segment| respelled(segment, &before, &after, &lines_before));
    anchors.push(segments.collect::<Vec<_>>().join("#"));
    // Where two headings read the same, those above tell them apart, and at last their numbers.
    let mut chain = anchor_text(&now.text);
    anchors.push(chain.clone());
    for &above in &lines_after[1..] {
        chain = format!("{}#{chain}", anchor_text(&after[above].text));
        anchors.push(chain.clone());
    }
    anchors.push(now.slug.clone());
    anchors
}

/// A segment of a chain, with the new words of the heading that it names if that has new ones.
fn respelled(segment: &str, before: &[Heading], after: &[Heading], line: &[usize]) -> String {
    let folded = name::fold_heading(segment);
    let is_named = |heading: &Heading| {
        name::fold_heading(&heading.text) == folded || name::fold_heading(&heading.source) == folded
    };
    let named = line.iter().find(|&&index| is_named(&before[index]));
    match named.and_then(|&index| Some((&before[index], after.get(index)?))) {
        Some((was, now)) if was.source != now.source => anchor_text(&now.text),
        _ => segment.to_owned(),
    }
}

fn headings_of(snapshot: &Snapshot, file: FileId) -> Vec<Heading> {
    let mut slugger = Slugger::default();
    let facts = snapshot.get(file).map(|file| &file.facts);
    let headings = facts.into_iter().flat_map(|facts| facts.headings());
    headings
        .map(|(_, heading)| Heading {
            level: heading.level,
            text: heading.text.to_owned(),
            source: heading.source.to_owned(),
            slug: slugger.slug(heading.text),
        })
        .collect()
}

/// A heading and those it lies beneath, from itself upwards.
fn line_of(headings: &[Heading], index: usize) -> Vec<usize> {
    let mut line = vec![index];
    let mut level = headings[index].level;
    for above in (0..index).rev().filter(|&above| headings[above].level < 6) {
        if headings[above].level < level {
            level = headings[above].level;
            line.push(above);
        }
    }
    line
}
