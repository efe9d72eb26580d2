//! The fast scanner: the outline of a note whose structure is certain at a glance, in one pass over its lines.
//!
//! [`marks`] looks at every byte once. Of the bytes that may mean something two layers make sense: [`blocks`] reads lines
//! into leaves, [`inlines`] reads each leaf from one mark to the next. Neither guesses. A leaf that holds something rare
//! is given to the reference scanner alone, a note whose blocks are not certain as a whole, so that the law has no
//! exceptions: what this finds is what the reference scanner finds.

mod append;
mod blocks;
mod inlines;
mod marks;

use super::reading::Reading;
use crate::syntax::Outline;
use crate::text::Span;
use blocks::Blocks;
use inlines::Pending;
use marks::Marks;

/// What is known of a text on the way to its outline. It is filled anew for each, and keeps its memory.
#[derive(Debug, Default)]
pub struct Room {
    marks: Marks,
    blocks: Blocks,
    pending: Pending,
}

/// Adds to the empty `outline` what [`super::outline`] finds in `text` from byte `body` on. `None` where that is not
/// certain: what was added by then means nothing.
pub fn outline(text: &str, body: usize, room: &mut Room, outline: &mut Outline) -> Option<()> {
    let bytes = text.as_bytes();
    room.marks.read(bytes, body);
    let rare = if room.marks.suspicious { rare(&bytes[body..])? } else { Rare::default() };
    blocks::read(text, body, &room.marks, &mut room.blocks)?;
    inlines::read(text, room, rare, outline)
}

/// Marks of which every one would have to be looked at.
#[derive(Clone, Copy, Default)]
pub struct Rare {
    /// `://` or `www.` stand somewhere.
    pub addresses: bool,
    /// `{{` may.
    pub braces: bool,
}

/// What a body holds that is rare; `None` where it holds what reaches from block to block, or changes what a column is.
fn rare(body: &[u8]) -> Option<Rare> {
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
    Some(Rare { braces: holds(b"{{"), addresses: holds(b"://") || holds(b"www.") })
}

/// What the reference scanner finds in one leaf that no other part of the note can change.
fn by_reference(text: &str, leaf: Span) -> Option<Outline> {
    let outline = super::outline(Reading::new(leaf.of(text), 0));
    let whole = Span::new(0, leaf.len());
    (outline.paragraphs == [whole]).then_some(outline)
}
