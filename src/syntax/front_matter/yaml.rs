//! A front matter in full YAML. Knows what the parser finds, and how to say to the writer of a note what is wrong.
//!
//! It takes the events of the parser beneath `serde_yaml`: they say where each text stands and how it is quoted, which
//! a deserialised value has forgotten, and an alias is an event and not a copy of what it refers to.

use super::Problem;
use super::entries::{self, Entry, Form, Scalar, is_null};
use crate::text::Span;
use rustc_hash::FxHashMap;
use serde_yaml::granit_parser::{self, ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, StructureStyle};
use std::borrow::Cow;

/// Lists and maps may be nested this deep.
const MAX_DEPTH: usize = 64;

/// All texts that stand for aliases together may be this long, as the front matter itself may.
const MAX_ALIASED_BYTES: usize = super::MAX_BYTES;

/// The entries of `body`, or what is wrong with it.
pub(super) fn read(text: &str, body: Span) -> Result<Vec<Entry<'_>>, Problem> {
    let links: Vec<Span> = entries::lines(text, body).filter_map(|line| entries::unquoted_link(text, line)).collect();
    let first = read_source(text, body, body.of(text), &links);
    if first.is_ok() || links.is_empty() {
        return first;
    }
    // `up: [[C #]]` is no YAML, but it is a link. Seen as a word of the same length it harms nothing.
    let mut masked = body.of(text).to_owned();
    for link in &links {
        let range = link.start as usize - body.start as usize..link.end as usize - body.start as usize;
        masked.replace_range(range, &"x".repeat(link.len()));
    }
    let entries = read_source(text, body, &masked, &links)?;
    Ok(entries.into_iter().map(Entry::into_owned).collect())
}

/// `source` is the body, or the body with other bytes in place of `links`.
fn read_source<'a>(text: &str, body: Span, source: &'a str, links: &[Span]) -> Result<Vec<Entry<'a>>, Problem> {
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.flow_nesting_limit = MAX_DEPTH;
    options.block_nesting_limit = MAX_DEPTH;
    let mut reader = Reader { text, body, links, ..Reader::default() };
    for event in Parser::new_from_str_with_options(source, options) {
        match event {
            Ok((event, span)) => reader.event(event, span)?,
            Err(error) => return Err(reader.problem(&error)),
        }
    }
    Ok(reader.entries)
}

#[derive(Default)]
struct Reader<'a, 't> {
    text: &'t str,
    body: Span,
    links: &'t [Span],
    entries: Vec<Entry<'a>>,
    /// Texts that have an anchor, by its number.
    anchors: FxHashMap<usize, Scalar<'a>>,
    aliased_bytes: usize,
    documents: usize,
    /// Lists and maps that are open; the outermost is the map of keys.
    depth: usize,
    /// Brackets of an unquoted link that are open.
    link_depth: usize,
    /// Whether the next node of the outermost map is a value.
    in_value: bool,
    /// Whether the value is a list.
    in_list: bool,
}

impl<'a> Reader<'a, '_> {
    fn event(&mut self, event: Event<'a>, span: granit_parser::Span) -> Result<(), Problem> {
        let span = self.span(span);
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) if self.link_depth > 0 => self.link_depth += 1,
            Event::SequenceEnd | Event::MappingEnd if self.link_depth > 0 => self.link_depth -= 1,
            _ if self.link_depth > 0 => {}
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(self.problem_at(span, "A second document begins here."));
                }
            }
            Event::Scalar(text, style, anchor, _) => {
                let scalar = self.scalar(text, style, span);
                if anchor > 0 {
                    self.anchors.insert(anchor, scalar.clone());
                }
                let null = style == ScalarStyle::Plain && scalar.form == Form::Text && is_null(&scalar.text);
                return self.text(scalar, null);
            }
            Event::Alias(anchor) => {
                let (scalar, null) = self.alias(anchor, span);
                return self.text(scalar, null);
            }
            // A block list may be said to begin where its first item does.
            Event::SequenceStart(StructureStyle::Flow, ..) if let Some(link) = self.link_at(span.start) => {
                self.link_depth = 1;
                return self.text(Scalar::link(link), false);
            }
            Event::SequenceStart(..) => return self.open(span, true),
            Event::MappingStart(..) => return self.open(span, false),
            Event::SequenceEnd | Event::MappingEnd => {
                self.depth -= 1;
                self.end_node();
            }
            _ => {}
        }
        Ok(())
    }

    fn scalar(&self, text: Cow<'a, str>, style: ScalarStyle, mut span: Span) -> Scalar<'a> {
        match style {
            ScalarStyle::Plain if self.link_at(span.start) == Some(span) => return Scalar::link(span),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted if span.len() >= 2 => {
                span = Span { start: span.start + 1, end: span.end - 1 };
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let source = self.text.get(span.range()).unwrap_or_default();
                span.end = span.start + source.trim_end().len() as u32;
            }
            _ => {}
        }
        Scalar { text, span, form: Form::Text }
    }

    fn link_at(&self, start: u32) -> Option<Span> {
        self.links.binary_search_by_key(&start, |link| link.start).ok().map(|i| self.links[i])
    }

    /// The text behind an alias, or null.
    fn alias(&mut self, anchor: usize, span: Span) -> (Scalar<'a>, bool) {
        let null = Scalar { text: Cow::Borrowed(""), span, form: Form::Alias };
        match self.anchors.get(&anchor) {
            Some(scalar) if self.aliased_bytes + scalar.text.len() <= MAX_ALIASED_BYTES => {
                self.aliased_bytes += scalar.text.len();
                (Scalar { form: Form::Alias, ..scalar.clone() }, false)
            }
            _ => (null, true),
        }
    }

    fn text(&mut self, scalar: Scalar<'a>, null: bool) -> Result<(), Problem> {
        match (self.depth, self.entries.last_mut()) {
            (0, _) if null => {}
            (0, _) => return Err(self.no_map(scalar.span)),
            (1, _) if !self.in_value => self.entries.push(Entry::new(scalar.text, scalar.span)),
            _ if null => {}
            (1, Some(entry)) => entry.values.push(scalar),
            (2, Some(entry)) if self.in_list => entry.values.push(scalar),
            (_, Some(entry)) => entry.nested.push(scalar),
            (_, None) => {}
        }
        self.end_node();
        Ok(())
    }

    /// A list or a map begins.
    fn open(&mut self, span: Span, list: bool) -> Result<(), Problem> {
        match self.depth {
            0 if list => return Err(self.no_map(span)),
            // A list or a map for a key.
            1 if !self.in_value => self.entries.push(Entry::new(Cow::Borrowed(""), Span { end: span.start, ..span })),
            1 => {
                self.in_list = list;
                self.entries.last_mut().into_iter().for_each(|entry| entry.list = list);
            }
            _ => {}
        }
        self.depth += 1;
        Ok(())
    }

    fn end_node(&mut self) {
        if self.depth == 1 {
            self.in_value = !self.in_value;
            self.in_list = false;
        }
    }

    fn span(&self, span: granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or_default();
        Span::from(range).shifted(self.body.start as usize)
    }

    fn no_map(&self, span: Span) -> Problem {
        self.problem_at(span, "A front matter is made of lines `key: value`.")
    }

    fn problem(&self, error: &ScanError) -> Problem {
        let mut at = self.body.start as usize + error.marker().byte_offset().unwrap_or_default();
        // The parser names a character anywhere in a text, and the place of the text.
        if let ErrorKind::UnexpectedCharacter { character } = error.kind() {
            at += self.text.get(at..).and_then(|behind| behind.find(*character)).unwrap_or_default();
        }
        self.problem_at(Span::empty(at), &wording(error.kind()))
    }

    fn problem_at(&self, span: Span, message: &str) -> Problem {
        Problem { message: message.to_owned(), span: self.place(span.start as usize) }
    }

    /// The character or word at byte `at`; behind the end of a line the character before it.
    fn place(&self, at: usize) -> Span {
        let body = self.body.range();
        let (before, behind) = self.text.get(body.start..at).zip(self.text.get(at..body.end)).unwrap_or_default();
        let word = behind.find(|c: char| !c.is_alphanumeric()).unwrap_or(behind.len());
        match behind.chars().next() {
            Some(c) if !c.is_whitespace() => Span::new(at, at + word.max(c.len_utf8())),
            _ => {
                let end = body.start + before.trim_end().len();
                let last = before.trim_end().chars().next_back().map_or(0, char::len_utf8);
                Span::new(end - last, end)
            }
        }
    }
}

/// What is wrong, in the words of someone who writes notes.
fn wording(error: &ErrorKind) -> Cow<'static, str> {
    match error {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            "A `:` is not expected here. A value that holds one needs quotes.".into()
        }
        ErrorKind::UnclosedQuotedScalar => "This quote is never closed.".into(),
        ErrorKind::UnclosedFlowCollection { open } => format!("This `{open}` is never closed.").into(),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            format!("This `{close}` cannot close a `{open}`.").into()
        }
        ErrorKind::MisplacedFlowCollectionEnd => "This bracket closes nothing.".into(),
        ErrorKind::ExpectedFlowSequenceSeparator => "A `,` or `]` is missing here.".into(),
        ErrorKind::ExpectedFlowMappingSeparator => "A `,` or `}` is missing here.".into(),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "Nothing may follow the closing quote.".into()
        }
        ErrorKind::UnknownQuotedScalarEscape => {
            "A backslash in double quotes begins an escape, and this is none. Use single quotes, or `\\\\`.".into()
        }
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation => {
            "A tab cannot indent a line. Use blanks.".into()
        }
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
            "This character is not allowed.".into()
        }
        ErrorKind::UnexpectedCharacter { character } => {
            format!("A value cannot begin with `{character}`. It needs quotes.").into()
        }
        ErrorKind::CommentNotSeparated => "A `#` begins a comment. A value that begins with one needs quotes.".into(),
        ErrorKind::CommentInterceptedScalar => "A comment cannot stand in the midst of a value.".into(),
        ErrorKind::UnknownAnchor => {
            "A `*` refers to an anchor, and there is none. A value that begins with one needs quotes.".into()
        }
        ErrorKind::SimpleKeyExpected => "A line `key: value` is expected here.".into(),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => {
            "This does not fit what stands before it. Mind the indentation, or put the value in quotes.".into()
        }
        ErrorKind::RecursionLimitExceeded => "Lists and maps are nested too deep here.".into(),
        other => sentence(&other.to_string()).into(),
    }
}

/// The parser's own words, from a capital to a full stop.
fn sentence(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), rest.as_str()))
}
