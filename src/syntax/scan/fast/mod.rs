//! The fast scanner: the outline of a note whose structure is certain at a glance, in one pass over its lines.
//!
//! Two layers: [`blocks`] reads lines into leaves, [`inlines`] reads each leaf from one interesting byte to the next.
//! Neither guesses. A leaf that holds something rare is given to the reference scanner alone, a note whose blocks are not
//! certain as a whole, so that the law has no exceptions: what this finds is what the reference scanner finds.

mod append;
mod blocks;
mod inlines;

use super::reading::Reading;
use crate::syntax::Outline;
use crate::text::Span;

/// What [`super::outline`] finds in `text` from byte `body` on; `None` where that is not certain.
pub fn outline(text: &str, body: usize) -> Option<Outline> {
    let doubled = is_plain(&text.as_bytes()[body..])?;
    let blocks = blocks::read(text, body)?;
    inlines::read(text, blocks, doubled)
}

/// Marks of which every one would have to be looked at.
#[derive(Clone, Copy)]
pub struct Rare {
    /// `://` or `www.` stand somewhere.
    pub addresses: bool,
}

/// Whether a body is free of what reaches from block to block, or changes what a column is.
fn is_plain(body: &[u8]) -> Option<Rare> {
    let doubled = |&at: &usize| body.get(at + 1) == Some(&body[at]);
    let is_macro = |at: usize| body[at] == b'{' && body[at..].starts_with(b"{{youtube-timestamp");
    let reaches_far = |at: usize| body[at] != b'{' || is_macro(at);
    if memchr::memchr3_iter(b'%', b'$', b'{', body).filter(doubled).any(reaches_far) {
        return None;
    }
    let ends_a_line = |at: usize| body[at] == b'\r' && body.get(at + 1) == Some(&b'\n');
    if !memchr::memchr3_iter(b'\t', b'\0', b'\r', body).all(ends_a_line) {
        return None;
    }
    let holds = |mark: &[u8]| memchr::memmem::find(body, mark).is_some();
    Some(Rare { addresses: holds(b"://") || holds(b"www.") })
}

/// What the reference scanner finds in one leaf that no other part of the note can change.
fn by_reference(text: &str, leaf: Span) -> Option<Outline> {
    let outline = super::outline(Reading::new(leaf.of(text), 0));
    let whole = Span::new(0, leaf.len());
    (outline.paragraphs == [whole]).then_some(outline)
}
