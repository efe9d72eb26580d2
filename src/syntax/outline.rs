//! What a scan finds: items with the exact bytes of the whole and of its parts.
//!
//! All spans are bytes of the scanned text. Lists are ordered by the start of their items.

use super::front_matter::FrontMatter;
use super::time::{Millis, Reading};
use crate::text::Span;

/// Everything one note says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    pub front_matter: Option<FrontMatter>,
    /// The id of the note's own video, to which timestamps of [`Medium::OfNote`] lead.
    pub medium: Option<String>,
    pub headings: Vec<Heading>,
    /// Wikilinks, Markdown links, destinations of HTML elements and web addresses, front matter included.
    pub links: Vec<Link>,
    /// `[label]: destination "title"`
    pub definitions: Vec<Definition>,
    /// `[text][label]` whose label has no definition: text, by CommonMark, and perhaps a mistake. The label's span.
    pub undefined: Vec<Span>,
    pub footnotes: Vec<Footnote>,
    /// Tags of the text and of the front matter.
    pub tags: Vec<Tag>,
    pub blocks: Vec<Block>,
    pub timestamps: Vec<Timestamp>,
    pub callouts: Vec<Callout>,
    /// Elements with an `id` or `name`: targets of fragments.
    pub elements: Vec<Element>,
    /// `<!-- vaultls-disable ... -->`
    pub suppressions: Vec<Suppression>,
    /// Leaf blocks of text in order: paragraphs, list item texts, table rows, headings. Not code, not HTML blocks.
    pub paragraphs: Vec<Span>,
    /// Where nothing is recognised: code, math, HTML comments. In order, not overlapping.
    pub verbatim: Vec<Span>,
    /// `%%comments%%`, which may reach over blocks. In order, not overlapping.
    pub comments: Vec<Span>,
}

/// `## Trade deals ^id`, or its setext form.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// From the first `#` (setext: the text's start) to the end of the line, or of the underline; no line ending.
    pub span: Span,
    /// The source of the text: without marks, closing marks and a trailing ` ^id`.
    pub source: Span,
    /// What a reader sees: `source` with inline markup stripped.
    pub text: String,
    /// 1 to 6.
    pub level: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `[[name#anchor | label]]`
    Wiki,
    /// `[label](destination)`
    Inline,
    /// `[label][reference]`, `[reference][]`, `[reference]`; resolved against [`Outline::definitions`].
    Reference,
    /// `src` or `href` of an HTML element.
    Html,
    /// `<https://..>`, or a bare web address.
    Address,
}

/// Where a link stands, as far as it decides what is reported about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Context {
    #[default]
    Text,
    /// In `%%..%%`: a link, never reported.
    Comment,
    /// A quoted string of the front matter.
    FrontMatter,
    /// `up: [[x]]`, which YAML reads as a list of lists.
    FrontMatterUnquoted,
}

/// A link, an embed or an address.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The whole: from `[[`, `![[`, `[`, `![` or `<` to the closing bracket; for [`LinkKind::Html`] the attribute's value.
    pub span: Span,
    pub kind: LinkKind,
    /// With `!` in front, or the `src` of an element.
    pub embed: bool,
    pub context: Context,
    /// The name or path as written, without blanks around, angle brackets and anchor; empty in `[[#anchor]]`, `[x]()`.
    /// For [`LinkKind::Reference`] the span of the reference label.
    pub name: Span,
    /// What follows the first `#`, as written; empty in `[[name#]]`. None of external links and of references.
    pub anchor: Option<Span>,
    /// The shown text: what stands behind the first `|`, blanks excluded, or between `[` and `]`.
    pub label: Option<Span>,
    /// Whether a blank stands on both sides of the bar, as in `[[china | the talks]]`.
    pub spaced: bool,
    /// Whether the name or the anchor of a wikilink holds `[` or `]`: a link only if a file (a heading) of that name
    /// exists, else text of which nothing is reported.
    pub bracketed: bool,
    pub target: Target,
}

/// Where a link points, decoded: escapes and percent-encoding undone, blanks trimmed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// `[[name#anchor]]`: found by name. In a name, `\` before `|` is gone.
    Name { name: String, anchor: Option<String> },
    /// A Markdown or HTML destination: found by path first.
    Path { path: String, anchor: Option<String> },
    /// Another scheme, a drive, a host: as written, never looked at. Web addresses are compared as written.
    External(String),
}

/// `[label]: destination "title"`
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// From `[` to the end of the destination or title.
    pub span: Span,
    /// Between the brackets.
    pub label: Span,
    /// The destination without angle brackets and anchor.
    pub name: Span,
    pub anchor: Option<Span>,
    pub target: Target,
    /// Matched label: case-folded, blanks collapsed, as CommonMark compares labels.
    pub key: String,
    /// Part of a block of definitions at the note's end that belong to wikilinks (Foam writes such): never unused.
    pub for_wikilinks: bool,
}

/// A reference label as compared: case-folded, blanks collapsed, as CommonMark compares labels.
pub fn definition_key(label: &str) -> String {
    let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
    super::name::fold(&label).into_owned()
}

/// `[^label]`, or `[^label]: text`.
#[derive(Clone, Debug, PartialEq)]
pub struct Footnote {
    /// The brackets; for a definition from `[` to the end of its text.
    pub span: Span,
    /// Behind `^`, before `]`.
    pub label: Span,
    /// The label as compared: case-folded.
    pub key: String,
    pub definition: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    /// In text from `#`; in the front matter the name alone.
    pub span: Span,
    /// Without `#`, as written.
    pub name: Span,
    pub front_matter: bool,
}

/// `^id` at the end of a paragraph, list item or heading, or alone behind a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// `^id`
    pub span: Span,
    /// Behind `^`.
    pub id: Span,
    /// The block it names.
    pub block: Span,
}

/// `> [!note] title`
#[derive(Clone, Debug, PartialEq)]
pub struct Callout {
    /// The whole quote.
    pub span: Span,
    /// Between `[!` and `]`.
    pub kind: Span,
    pub title: Span,
}

/// An HTML element with an `id` or `name` attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// The opening tag.
    pub span: Span,
    /// The attribute's value.
    pub id: Span,
}

/// `<!-- vaultls-disable-next-line CODE.. -->` or `<!-- vaultls-disable CODE.. -->`
#[derive(Clone, Debug, PartialEq)]
pub struct Suppression {
    pub span: Span,
    /// Codes named; none means all.
    pub codes: Vec<String>,
    /// For the next line only; else for the note.
    pub next_line: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimestampForm {
    /// `<a class="yt-timestamp" data-t="00:06:04">[00:06:04]</a>`
    Anchor,
    /// An address of YouTube with a time, wherever it stands; the element is the link that holds it.
    Address,
    /// `[T](file.mp4#t=62)`, `[[v.mp4#t=5,10]]`
    Fragment,
    /// `{{youtube-timestamp 335}}`
    Macro,
    /// A ```` ```timestamp ```` fence of one time.
    Fence,
    /// `[02:01](ytseek://121)`
    Seek,
    /// `[00:06:04]`, `(06:04)`, in a note that has a medium. `[[01:07:01]]` is one too, and with the same span in
    /// [`Outline::links`]: it is a link if a note has that name, which only the vault knows.
    Bare,
}

/// What video or file a timestamp is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Medium {
    /// The note's own, whatever that is.
    OfNote,
    /// The YouTube video of this id.
    Video(String),
    /// A file, as the link names it; the link is in [`Outline::links`] with the same start.
    File(String),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Timestamp {
    /// The whole element.
    pub span: Span,
    pub form: TimestampForm,
    /// The written time that decides where it leads (the value of `data-t`, of `t=`, between the brackets). It stands
    /// in the element, but for links by reference: there in the definition.
    /// `None` where the element has none at all.
    pub value: Option<Span>,
    /// What `value` says.
    pub time: Reading,
    /// The shown text, without square brackets around it. For `Anchor` empty when nothing is shown, `None` when the
    /// element is not closed on its line; `None` too where the value itself is what is shown.
    pub label: Option<Span>,
    /// What the label says, if it is a time.
    pub label_time: Option<Millis>,
    pub medium: Medium,
}

impl Outline {
    /// Makes it the outline of an empty text, which keeps its memory for another.
    pub fn clear(&mut self) {
        self.front_matter = None;
        self.medium = None;
        self.headings.clear();
        self.links.clear();
        self.definitions.clear();
        self.undefined.clear();
        self.footnotes.clear();
        self.tags.clear();
        self.blocks.clear();
        self.timestamps.clear();
        self.callouts.clear();
        self.elements.clear();
        self.suppressions.clear();
        self.paragraphs.clear();
        self.verbatim.clear();
        self.comments.clear();
    }

    /// Whether a cursor at byte `at` stands where nothing is recognised.
    pub fn is_verbatim(&self, at: usize) -> bool {
        let i = self.verbatim.partition_point(|span| (span.end as usize) <= at);
        self.verbatim.get(i).is_some_and(|span| (span.start as usize) < at)
    }

    /// The id of the video that a timestamp is of; `None` for a file, or where the note has no medium.
    pub fn video_of<'a>(&'a self, timestamp: &'a Timestamp) -> Option<&'a str> {
        match &timestamp.medium {
            Medium::OfNote => self.medium.as_deref(),
            Medium::Video(id) => Some(id),
            Medium::File(_) => None,
        }
    }

    /// What a timestamp is of, however it says so: the id of a video, the name of a file, nothing where the note has no
    /// medium. Two timestamps are of one medium where this is equal.
    pub fn medium_of<'a>(&'a self, timestamp: &'a Timestamp) -> &'a str {
        match &timestamp.medium {
            Medium::File(file) => file,
            _ => self.video_of(timestamp).unwrap_or_default(),
        }
    }

    /// Whether a span lies in the front matter.
    pub fn in_front_matter(&self, span: Span) -> bool {
        self.front_matter.as_ref().is_some_and(|front| front.span.encloses(span))
    }

    /// The section a heading opens: up to the next heading of its level or above, or `end`, the text's length.
    pub fn section(&self, heading: usize, end: usize) -> Span {
        let Heading { span, level, .. } = &self.headings[heading];
        let next = self.headings[heading + 1..].iter().find(|next| next.level <= *level);
        Span::new(span.start as usize, next.map_or(end, |next| next.span.start as usize))
    }

    /// The last heading that begins at or before byte `at`, by index.
    pub fn heading_before(&self, at: usize) -> Option<usize> {
        self.headings.partition_point(|heading| heading.span.start as usize <= at).checked_sub(1)
    }
}
