//! The reference scanner: a text into its [`Outline`]. Knows the whole of one text; never another note.
//!
//! [`structure`] says what CommonMark sees; what vaults add is found in what remains, one kind a file. The order in
//! which things are found is the order in which they bind: code and HTML, wikilinks, addresses, math and comments,
//! then all that is only a mark in running text.

mod cover;
mod headings;
mod pairs;
mod structure;
mod wikilinks;

use super::{Context, Outline, front_matter};
use cover::Cover;
use structure::Structure;

/// Reads a text into its outline. Total: any text has one.
pub fn scan(text: &str) -> Outline {
    let front = front_matter::read(text);
    let body = match &front {
        Some(front) => front.front_matter.span.end as usize,
        None => text.len() - text.trim_start_matches('\u{feff}').len(),
    };
    let structure = structure::read(text, body);
    let opaque = opaque(&structure);
    let mut links = Vec::new();
    for line in &structure.lines {
        wikilinks::find(text, line.span, &opaque, &mut links);
    }
    let taken = Cover::new(links.iter().map(|link| link.span).chain(opaque.into_spans()).collect());
    let pairs = pairs::find(text, &structure.lines, &taken);
    let math = Cover::new(pairs.math.clone());
    let comments = Cover::new(pairs.comments.clone());
    links.retain(|link| !math.overlaps(link.span));
    for link in &mut links {
        if comments.contains(link.span.start as usize) {
            link.context = Context::Comment;
        }
    }
    let verbatim = Cover::new(structure.code.iter().chain(&pairs.math).copied().collect());
    let hidden = Cover::new(verbatim.clone().into_spans().into_iter().chain(pairs.comments.iter().copied()).collect());
    let shown = headings::Shown { links: &links, math: &pairs.math, comments: &pairs.comments, block_ids: &[] };
    let headings = headings::find(text, &structure, &hidden, &shown);
    let mut outline = Outline {
        headings,
        links,
        paragraphs: structure.leaves().map(|block| block.span).collect(),
        verbatim: verbatim.into_spans(),
        ..Outline::default()
    };
    if let Some(front) = front {
        outline.front_matter = Some(front.front_matter);
        outline.links.splice(0..0, front.links);
        outline.tags.splice(0..0, front.tags);
    }
    outline
}

/// What holds no wikilink: code, HTML, all of a Markdown link but its label.
fn opaque(structure: &Structure) -> Cover {
    let tails = structure.links.iter().map(|link| link.tail());
    Cover::new(structure.code.iter().chain(&structure.inline_html).copied().chain(tails).collect())
}

/// Whether a backslash takes the meaning from byte `at`.
fn escaped(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}
