//! What CommonMark and GitHub's additions say about a text: its blocks, its code and HTML, its Markdown links.
//!
//! Knows pulldown-cmark, and is the only file that does. What vaults add (wikilinks, tags, block ids, timestamps) it
//! does not know.

use super::wikilinks;
use crate::text::Span;
use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
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
    let (masked, wikilinks) = wikilinks::mask(&text[body..]);
    let mut undefined = Vec::new();
    let note_undefined = |broken: BrokenLink<'_>| {
        if broken.link_type == LinkType::ReferenceUnknown || broken.link_type == LinkType::Reference {
            undefined.push(Span::from(broken.span).shifted(body));
        }
        None
    };
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let parser = Parser::new_with_broken_link_callback(&masked, options, Some(note_undefined));
    let mut reader = Reader::new(text);
    reader.structure.definitions =
        parser.reference_definitions().iter().map(|(_, definition)| Span::from(definition.span.clone())).collect();
    for (event, range) in parser.into_offset_iter() {
        reader.take(event, Span::from(range).shifted(body));
    }
    let mut structure = reader.structure;
    structure.undefined = undefined;
    structure.finish(body, &wikilinks);
    structure
}

impl Structure {
    fn finish(&mut self, body: usize, wikilinks: &[Span]) {
        for definition in &mut self.definitions {
            *definition = definition.shifted(body);
        }
        self.definitions.sort_unstable();
        self.undefined.sort_unstable();
        // `[label]([[china]])`: people write it, and mean the wikilink.
        self.links.retain(|link| {
            let tail = link.tail();
            let i = wikilinks.partition_point(|wikilink| wikilink.shifted(body).end <= tail.start);
            !wikilinks.get(i).is_some_and(|wikilink| wikilink.shifted(body).overlaps(tail))
        });
        self.links.sort_by_key(|link| link.span);
    }

    pub fn leaves(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|block| block.kind.is_leaf())
    }
}

/// Takes pulldown-cmark's events in order.
struct Reader<'t> {
    text: &'t str,
    structure: Structure,
    /// Blocks that have begun and not ended; the innermost last.
    open: Vec<usize>,
    /// The last block that has ended in each open block, and at the top level.
    last_in: Vec<Option<usize>>,
    /// Where text goes on after a line break within the open leaf.
    resumes: Vec<usize>,
    after_break: bool,
    links: Vec<OpenLink>,
}

struct OpenLink {
    span: Span,
    form: LinkForm,
    collapsed: bool,
    image: bool,
    url: String,
    /// The end of what has been seen of its label.
    label_end: usize,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Reader<'t> {
        Reader {
            text,
            structure: Structure::default(),
            open: Vec::new(),
            last_in: vec![None],
            resumes: Vec::new(),
            after_break: false,
            links: Vec::new(),
        }
    }

    fn take(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag),
            Event::Text(written) => self.inline(span, Some(&written)),
            Event::Code(written) => {
                self.structure.code.push(span);
                let inner = code_content(span.of(self.text), written.len());
                self.inline(span, Some(inner.unwrap_or(&written)));
            }
            Event::InlineHtml(_) => {
                self.structure.inline_html.push(span);
                self.inline(span, None);
            }
            Event::FootnoteReference(_) => {
                self.structure.footnote_references.push(span);
                self.inline(span, None);
            }
            Event::SoftBreak | Event::HardBreak => {
                self.inline(span, Some(" "));
                self.after_break = true;
            }
            Event::Rule => {
                self.begin(BlockKind::Rule, span);
                self.finish();
            }
            Event::Html(_) | Event::TaskListMarker(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Span) {
        match tag {
            Tag::Paragraph => self.begin(BlockKind::Paragraph, span),
            Tag::Heading { level, .. } => {
                self.begin(BlockKind::Heading, span);
                let block = self.structure.blocks.len() - 1;
                let content = heading_content(self.text, self.structure.blocks[block].span);
                let level = level as u8;
                self.structure.headings.push(HeadingParts { block, level, content, pieces: Vec::new() });
            }
            Tag::BlockQuote(_) => self.begin(BlockKind::Quote, span),
            Tag::List(_) => self.begin(BlockKind::List, span),
            Tag::Item => self.begin(BlockKind::Item, span),
            Tag::FootnoteDefinition(_) => self.begin(BlockKind::Footnote, span),
            Tag::Table(_) => self.begin(BlockKind::Table, span),
            Tag::TableHead | Tag::TableRow => self.begin(BlockKind::Row, span),
            Tag::HtmlBlock => {
                self.structure.html_blocks.push(span);
                self.begin(BlockKind::Html, span);
            }
            Tag::CodeBlock(kind) => {
                self.structure.code.push(span);
                if matches!(&kind, CodeBlockKind::Fenced(info) if info.split_whitespace().next() == Some("timestamp")) {
                    self.structure.timestamp_fences.push(span);
                }
                self.begin(BlockKind::Code, span);
            }
            Tag::Link { link_type, dest_url, .. } => self.begin_link(link_type, dest_url.into_string(), false, span),
            Tag::Image { link_type, dest_url, .. } => self.begin_link(link_type, dest_url.into_string(), true, span),
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => self.inline(span, None),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Link | TagEnd::Image => self.finish_link(),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::TableCell => {}
            _ => {
                self.finish_item_text();
                self.finish();
            }
        }
    }

    fn begin(&mut self, kind: BlockKind, span: Span) {
        self.finish_item_text();
        let previous = self.last_in.last().copied().flatten();
        let block =
            Block { kind, span: trimmed(self.text, span), parent: self.open.last().copied(), previous, lines: 0..0 };
        self.open.push(self.structure.blocks.len());
        self.last_in.push(None);
        self.structure.blocks.push(block);
        self.resumes.clear();
        self.after_break = false;
    }

    fn finish(&mut self) {
        let Some(block) = self.open.pop() else { return };
        self.last_in.pop();
        if let Some(last) = self.last_in.last_mut() {
            *last = Some(block);
        }
        if self.structure.blocks[block].kind.is_leaf() {
            self.add_lines(block);
        }
    }

    /// The text of an item that is not loose has no events of its own: it ends where anything else begins or ends.
    fn finish_item_text(&mut self) {
        if self.open_kind() == Some(BlockKind::ItemText) {
            self.finish();
        }
    }

    fn open_kind(&self) -> Option<BlockKind> {
        self.open.last().map(|&block| self.structure.blocks[block].kind)
    }

    /// A part of running text; `seen` is what a reader sees of it.
    fn inline(&mut self, span: Span, seen: Option<&str>) {
        match self.open_kind() {
            Some(BlockKind::Code | BlockKind::Html) => return,
            Some(kind) if kind.is_leaf() => {}
            _ => self.begin(BlockKind::ItemText, with_backslash(self.text, span)),
        }
        if std::mem::take(&mut self.after_break) {
            self.resumes.push(span.start as usize);
        }
        if let Some(link) = self.links.last_mut() {
            link.label_end = link.label_end.max(span.end as usize);
        }
        self.extend_item_text(span);
        self.add_piece(span, seen);
    }

    fn extend_item_text(&mut self, span: Span) {
        if let Some(&block) = self.open.last()
            && let Block { kind: BlockKind::ItemText, span: whole, .. } = &mut self.structure.blocks[block]
        {
            whole.end = whole.end.max(span.end);
        }
    }

    fn add_piece(&mut self, span: Span, seen: Option<&str>) {
        if let Some(seen) = seen
            && self.open_kind() == Some(BlockKind::Heading)
            && !self.links.iter().any(|link| link.image)
            && let Some(heading) = self.structure.headings.last_mut()
        {
            // What is seen was read from the masked copy; where nothing was undone the source says the same.
            let source = span.of(self.text);
            let text = if source.len() == seen.len() && seen != " " { source } else { seen };
            heading.pieces.push(Piece { span, text: text.to_owned() });
        }
    }

    fn begin_link(&mut self, kind: LinkType, url: String, image: bool, span: Span) {
        let form = match kind {
            LinkType::Inline => LinkForm::Inline,
            LinkType::Reference | LinkType::ReferenceUnknown => LinkForm::Reference,
            LinkType::Autolink => LinkForm::Autolink,
            LinkType::Email => LinkForm::Email,
            _ => LinkForm::LabelOnly,
        };
        // pulldown-cmark ends `[label][]` behind the label.
        let collapsed = kind == LinkType::Collapsed && self.text[span.end as usize..].starts_with("[]");
        let span = if collapsed { Span { end: span.end + 2, ..span } } else { span };
        self.inline(span, None);
        let label_end = span.start as usize + if image { 2 } else { 1 };
        self.links.push(OpenLink { span, form, collapsed, image, url, label_end });
    }

    fn finish_link(&mut self) {
        let Some(link) = self.links.pop() else { return };
        self.structure.links.extend(link.close(self.text));
    }

    fn add_lines(&mut self, block: usize) {
        let Structure { blocks, lines, headings, .. } = &mut self.structure;
        let Block { kind, span, .. } = blocks[block];
        let content = match headings.last() {
            Some(heading) if heading.block == block => heading.content,
            _ if kind == BlockKind::ItemText => to_line_end(self.text, span),
            _ => span,
        };
        if kind == BlockKind::ItemText {
            blocks[block].span = content;
        }
        let first = lines.len();
        for line in physical_lines(self.text, content) {
            let is_first = line.start == content.start;
            let span = if is_first { line } else { without_prefix(self.text, line, &self.resumes) };
            lines.push(Line { span, block, kind });
        }
        blocks[block].lines = first..lines.len();
    }
}

impl OpenLink {
    /// Its parts, now that the end of its label is known. `None` if they are not where they should be.
    fn close(self, text: &str) -> Option<MarkdownLink> {
        let OpenLink { span, form, image, url, .. } = self;
        let start = span.start as usize + if image { 2 } else { 1 };
        let end = span.end as usize;
        let (label, destination) = match form {
            LinkForm::Autolink | LinkForm::Email => {
                let inside = Span::new(span.start as usize + 1, end.checked_sub(1)?);
                (inside, inside)
            }
            LinkForm::LabelOnly => {
                let label = Span::new(start, end - if self.collapsed { 3 } else { 1 });
                (label, label)
            }
            LinkForm::Inline => {
                let close = self.label_end + text.get(self.label_end..end)?.find("](")?;
                (Span::new(start, close), destination(text, Span::new(close + 2, end - 1)).0)
            }
            LinkForm::Reference => {
                let close = self.label_end + text.get(self.label_end..end)?.find("][")?;
                (Span::new(start, close), Span::new(close + 2, end - 1))
            }
        };
        Some(MarkdownLink { span, form, image, label, destination, url })
    }
}

/// The destination at the beginning of `within`, without angle brackets, and the byte behind it.
pub fn destination(text: &str, within: Span) -> (Span, usize) {
    let (bytes, end) = (text.as_bytes(), within.end as usize);
    let start = skip_blanks(bytes, within.start as usize, end);
    let bracketed = start < end && bytes[start] == b'<';
    let mut at = start + usize::from(bracketed);
    while at < end {
        match bytes[at] {
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
            b'>' if bracketed => return (Span::new(start + 1, at), at + 1),
            b' ' | b'\t' | b'\n' | b'\r' if !bracketed => break,
            _ => {}
        }
        at += 1;
    }
    let at = at.min(end);
    (Span::new((start + usize::from(bracketed)).min(at), at), at)
}

/// Blanks, line endings, and the `>` that continue a quote on the next line.
pub fn skip_blanks(bytes: &[u8], mut at: usize, end: usize) -> usize {
    let mut new_line = false;
    while at < end {
        match bytes[at] {
            b' ' | b'\t' => {}
            b'\n' | b'\r' => new_line = true,
            b'>' if new_line => {}
            _ => break,
        }
        at += 1;
    }
    at
}

/// `span` without blanks at either end.
pub fn trimmed(text: &str, span: Span) -> Span {
    const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];
    let whole = span.of(text);
    let end = span.start as usize + whole.trim_end_matches(BLANKS).len();
    let start = end - whole[..end - span.start as usize].trim_start_matches(BLANKS).len();
    Span::new(start, end)
}

/// What stands between the marks of inline code, if that is `length` bytes.
fn code_content(code: &str, length: usize) -> Option<&str> {
    let marks = code.bytes().take_while(|&byte| byte == b'`').count();
    let inner = code.get(marks..code.len().checked_sub(marks)?)?;
    if inner.len() == length {
        Some(inner)
    } else {
        inner.strip_prefix(' ')?.strip_suffix(' ').filter(|it| it.len() == length)
    }
}

/// Text begins behind an escaping backslash for pulldown-cmark, before it for us.
fn with_backslash(text: &str, span: Span) -> Span {
    let escaped = text[..span.start as usize].ends_with('\\');
    Span { start: span.start - u32::from(escaped), ..span }
}

fn to_line_end(text: &str, span: Span) -> Span {
    let end = span.end as usize;
    let rest = memchr::memchr2(b'\n', b'\r', &text.as_bytes()[end..]).unwrap_or(text.len() - end);
    trimmed(text, Span::new(span.start as usize, end + rest))
}

/// A heading without its marks: `Trade deals` of `## Trade deals ##` and of its setext form.
fn heading_content(text: &str, heading: Span) -> Span {
    let whole = heading.of(text);
    let start = heading.start as usize;
    if let Some(last) = whole.rfind(['\n', '\r']) {
        return trimmed(text, Span::new(start, start + last));
    }
    let inner = whole.trim_start_matches('#').trim_start_matches([' ', '\t']);
    let start = start + whole.len() - inner.len();
    let open = inner.trim_end_matches('#');
    let closed = open.is_empty() || open.ends_with([' ', '\t']);
    trimmed(text, Span::new(start, start + if closed { open.len() } else { inner.len() }))
}

fn physical_lines(text: &str, within: Span) -> impl Iterator<Item = Span> {
    let (mut at, end) = (within.start as usize, within.end as usize);
    std::iter::from_fn(move || {
        if at >= end {
            return None;
        }
        let length = memchr::memchr2(b'\n', b'\r', &text.as_bytes()[at..end]).unwrap_or(end - at);
        let line = Span::new(at, at + length);
        at += length + if text[at + length..].starts_with("\r\n") { 2 } else { 1 };
        Some(line)
    })
}

/// A line that goes on after a break, without the marks of the quotes and the indentation of the lists it stands in.
fn without_prefix(text: &str, line: Span, resumes: &[usize]) -> Span {
    let whole = line.of(text);
    let mut start = line.end as usize - whole.trim_start_matches([' ', '\t', '>']).len();
    // `    > x` goes on with a `>` that is text.
    let i = resumes.partition_point(|&resume| resume < line.start as usize);
    if let Some(&resume) = resumes.get(i) {
        start = start.min(resume).max(line.start as usize);
    }
    Span::new(start, line.end as usize)
}
