//! The events of pulldown-cmark, read into a [`Structure`]. Knows what they leave out: where labels and destinations
//! stand, where the text of a list item ends, and what belongs to a line's quotes and lists.

use super::super::source::{
    code_content, destination, heading_content, physical_lines, to_line_end, trimmed, whole_lines, with_backslash,
    without_prefix,
};
use super::{Block, BlockKind, HeadingParts, Line, LinkForm, MarkdownLink, Piece, Structure};
use crate::text::Span;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};

/// Takes pulldown-cmark's events in order.
pub struct Reader<'t> {
    text: &'t str,
    structure: Structure,
    /// Blocks that have begun and not ended; the innermost last.
    open: Vec<usize>,
    /// The last block that has ended in each open block, and at the top level.
    last_in: Vec<Option<usize>>,
    /// Where text goes on after a line break within the open leaf.
    resumes: Vec<usize>,
    after_break: bool,
    /// The end of the last block that began, and where its text ends.
    trimmed_end: (u32, u32),
    links: Vec<OpenLink>,
    /// How many of `links` are images.
    images: usize,
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
    pub fn new(text: &'t str) -> Reader<'t> {
        Reader {
            text,
            structure: Structure::default(),
            open: Vec::new(),
            last_in: vec![None],
            resumes: Vec::new(),
            after_break: false,
            trimmed_end: (0, 0),
            links: Vec::new(),
            images: 0,
        }
    }

    pub fn take(&mut self, event: Event<'_>, span: Span) {
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

    pub fn into_structure(self) -> Structure {
        self.structure
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
                let indented = kind == CodeBlockKind::Indented;
                self.structure.code.push(if indented { whole_lines(self.text, span) } else { span });
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
        let span = self.trimmed(span);
        let block = Block { kind, span, parent: self.open.last().copied(), previous, lines: 0..0 };
        self.open.push(self.structure.blocks.len());
        self.last_in.push(None);
        self.structure.blocks.push(block);
        self.resumes.clear();
        self.after_break = false;
    }

    /// Blocks within blocks often end together; the blanks behind them are looked at once.
    fn trimmed(&mut self, span: Span) -> Span {
        if self.trimmed_end.0 != span.end {
            self.trimmed_end = (span.end, trimmed(self.text, span).end);
        }
        let end = self.trimmed_end.1.max(span.start);
        let blanks = |byte: &&u8| matches!(byte, b' ' | b'\t');
        let indent = self.text.as_bytes()[span.start as usize..end as usize].iter().take_while(blanks).count();
        Span { start: span.start + indent as u32, end }
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
            && self.images == 0
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
        self.images += usize::from(image);
        self.links.push(OpenLink { span, form, collapsed, image, url, label_end });
    }

    fn finish_link(&mut self) {
        let Some(link) = self.links.pop() else { return };
        self.images -= usize::from(link.image);
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
