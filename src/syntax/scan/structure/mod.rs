//! What CommonMark and GitHub's additions say about a text: its blocks, its code and HTML, its Markdown links.
//!
//! Knows pulldown-cmark, and is the only folder that does. What vaults add (wikilinks, tags, block ids, timestamps) it
//! does not know.

mod reader;

use super::cover::Cover;
use super::mask::mask;
use crate::text::Span;
use pulldown_cmark::{BrokenLink, LinkType, Options, Parser};
use reader::Reader;
use std::ops::Range;

/// A text as CommonMark sees it. Every list is in order of the text.
#[derive(Debug, Default)]
pub struct Structure {
    pub blocks: Vec<Block>,
    /// The lines of all leaves.
    pub lines: Vec<Line>,
    pub headings: Vec<HeadingParts>,
    /// Code blocks and inline code.
    pub code: Vec<Span>,
    pub html_blocks: Vec<Span>,
    /// Tags and comments in running text.
    pub inline_html: Vec<Span>,
    pub links: Vec<MarkdownLink>,
    /// `[^label]`, where the label is defined.
    pub footnote_references: Vec<Span>,
    /// Definitions of references; of those with the same label only the first.
    pub definitions: Vec<Span>,
    /// `[text][label]` without definition, whole.
    pub undefined: Vec<Span>,
    /// Fences whose language is `timestamp`.
    pub timestamp_fences: Vec<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    Paragraph,
    Heading,
    /// The text of a list item that is not loose.
    ItemText,
    /// A row of a table, its head included.
    Row,
    Table,
    List,
    Item,
    Quote,
    Code,
    Html,
    Footnote,
    Rule,
}

impl BlockKind {
    /// Whether it holds running text, and no other block.
    pub fn is_leaf(self) -> bool {
        matches!(self, BlockKind::Paragraph | BlockKind::Heading | BlockKind::ItemText | BlockKind::Row)
    }
}

#[derive(Clone, Debug)]
pub struct Block {
    pub kind: BlockKind,
    /// Without blanks and line endings behind it.
    pub span: Span,
    /// The block it stands in.
    pub parent: Option<usize>,
    /// The block before it in the same parent.
    pub previous: Option<usize>,
    /// Of a leaf: its part of [`Structure::lines`].
    pub lines: Range<usize>,
}

/// A line of a leaf, without what belongs to quotes and lists, without the marks of a heading and its ending.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub span: Span,
    /// The leaf, as index into [`Structure::blocks`].
    pub block: usize,
    pub kind: BlockKind,
}

#[derive(Debug)]
pub struct HeadingParts {
    pub block: usize,
    pub level: u8,
    /// Without its marks.
    pub content: Span,
    pub pieces: Vec<Piece>,
}

/// Text that a reader sees, and where its source stands.
#[derive(Debug)]
pub struct Piece {
    pub span: Span,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkForm {
    /// `[label](destination "title")`
    Inline,
    /// `[label][reference]`
    Reference,
    /// `[label][]`, `[label]`
    LabelOnly,
    /// `<https://example.org>`
    Autolink,
    /// `<me@example.org>`
    Email,
}

#[derive(Debug)]
pub struct MarkdownLink {
    pub span: Span,
    pub form: LinkForm,
    pub image: bool,
    /// Between the first `[` and its `]`; of autolinks what stands between `<` and `>`.
    pub label: Span,
    /// The destination in its source, without angle brackets; of references the reference's label.
    pub destination: Span,
    /// The destination with escapes and entities undone.
    pub url: String,
}

impl MarkdownLink {
    /// What is no text: all behind the label. Of autolinks the whole.
    pub fn tail(&self) -> Span {
        match self.form {
            LinkForm::Autolink | LinkForm::Email => self.span,
            _ => Span { start: self.label.end, end: self.span.end },
        }
    }
}

/// Reads `text` from byte `body` on, where its front matter has ended.
pub fn read(text: &str, body: usize) -> Structure {
    let (masked, wikilinks) = mask(&text[body..]);
    let mut undefined = Vec::new();
    let note_undefined = |broken: BrokenLink<'_>| {
        if broken.link_type == LinkType::Reference {
            undefined.push(Span::from(broken.span).shifted(body));
        }
        None
    };
    let parser = Parser::new_with_broken_link_callback(&masked, options(), Some(note_undefined));
    let definitions = parser.reference_definitions().iter().map(|(_, definition)| definition.span.clone());
    let mut definitions: Vec<Span> = definitions.map(|span| Span::from(span).shifted(body)).collect();
    let mut reader = Reader::new(text);
    for (event, range) in parser.into_offset_iter() {
        reader.take(event, Span::from(range).shifted(body));
    }
    let mut structure = reader.into_structure();
    definitions.sort();
    undefined.sort();
    structure.links.sort_by_key(|link| link.span);
    // `[label]([[china]])`: people write it, and mean the wikilink.
    let wikilinks = Cover::new(wikilinks.into_iter().map(|span| span.shifted(body)).collect());
    structure.links.retain(|link| !wikilinks.overlaps(link.tail()));
    Structure { definitions, undefined, ..structure }
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS
}

impl Structure {
    pub fn leaves(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|block| block.kind.is_leaf())
    }
}
