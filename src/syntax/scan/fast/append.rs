//! An outline of a part of a text as part of the outline of the whole. Knows which spans an outline holds.

use crate::syntax::Outline;
use crate::text::Span;

/// Adds what was found in a part of the text that begins at byte `offset`, behind all that was found so far.
pub fn append(whole: &mut Outline, mut part: Outline, offset: usize) {
    shift(&mut part, offset);
    whole.headings.append(&mut part.headings);
    whole.links.append(&mut part.links);
    whole.definitions.append(&mut part.definitions);
    whole.undefined.append(&mut part.undefined);
    whole.footnotes.append(&mut part.footnotes);
    whole.tags.append(&mut part.tags);
    whole.blocks.append(&mut part.blocks);
    whole.timestamps.append(&mut part.timestamps);
    whole.callouts.append(&mut part.callouts);
    whole.elements.append(&mut part.elements);
    whole.suppressions.append(&mut part.suppressions);
    whole.paragraphs.append(&mut part.paragraphs);
    whole.verbatim.append(&mut part.verbatim);
    whole.comments.append(&mut part.comments);
}

fn shift(outline: &mut Outline, offset: usize) {
    let shift = |spans: &mut [&mut Span]| spans.iter_mut().for_each(|span| **span = span.shifted(offset));
    let shift_some = |span: &mut Option<Span>| *span = span.map(|span| span.shifted(offset));
    for heading in &mut outline.headings {
        shift(&mut [&mut heading.span, &mut heading.source]);
    }
    for link in &mut outline.links {
        shift(&mut [&mut link.span, &mut link.name]);
        shift_some(&mut link.anchor);
        shift_some(&mut link.label);
    }
    for definition in &mut outline.definitions {
        shift(&mut [&mut definition.span, &mut definition.label, &mut definition.name]);
        shift_some(&mut definition.anchor);
    }
    for footnote in &mut outline.footnotes {
        shift(&mut [&mut footnote.span, &mut footnote.label]);
    }
    for tag in &mut outline.tags {
        shift(&mut [&mut tag.span, &mut tag.name]);
    }
    for block in &mut outline.blocks {
        shift(&mut [&mut block.span, &mut block.id, &mut block.block]);
    }
    for timestamp in &mut outline.timestamps {
        shift(&mut [&mut timestamp.span]);
        shift_some(&mut timestamp.value);
        shift_some(&mut timestamp.label);
    }
    for callout in &mut outline.callouts {
        shift(&mut [&mut callout.span, &mut callout.kind, &mut callout.title]);
    }
    for element in &mut outline.elements {
        shift(&mut [&mut element.span, &mut element.id]);
    }
    for suppression in &mut outline.suppressions {
        shift(&mut [&mut suppression.span]);
    }
    for spans in [&mut outline.undefined, &mut outline.paragraphs, &mut outline.verbatim, &mut outline.comments] {
        spans.iter_mut().for_each(|span| shift(&mut [span]));
    }
}
