//! How the name and the anchor of a link stand in the text: escaped as its kind asks, and as its writer did.

use crate::syntax::{Context, Definition, Link, LinkKind, Target};
use crate::text::Span;
use crate::vault::naming::{destination, destination_in_brackets, fits_bracketed, needs_yaml_escape};
use crate::vault::{Dialect, Document};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// A link or a definition: what both have.
pub struct Written<'a> {
    pub span: Span,
    pub name: Span,
    pub anchor: Option<Span>,
    kind: LinkKind,
    context: Context,
    target: &'a Target,
}

/// What a browser keeps as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

impl<'a> Written<'a> {
    pub fn link(link: &'a Link) -> Written<'a> {
        let Link { span, name, anchor, kind, context, .. } = *link;
        Written { span, name, anchor, kind, context, target: &link.target }
    }

    pub fn definition(definition: &'a Definition) -> Written<'a> {
        let Definition { span, name, anchor, .. } = *definition;
        Written { span, name, anchor, kind: LinkKind::Inline, context: Context::Text, target: &definition.target }
    }

    /// Whether it leads to a file of the vault, and not to an address.
    pub fn is_ours(&self) -> bool {
        !matches!(self.target, Target::External(_))
    }

    pub fn dialect(&self) -> Dialect {
        if matches!(self.target, Target::Name { .. }) { Dialect::Name } else { Dialect::Path }
    }

    /// The name or path, decoded.
    pub fn path(&self) -> &str {
        crate::features::parts(self.target).map_or("", |(_, name, _)| name)
    }

    /// The anchor, decoded.
    pub fn fragment(&self) -> Option<&str> {
        crate::features::parts(self.target).and_then(|(_, _, anchor)| anchor)
    }

    /// Whether a name can stand in such a link at all.
    pub fn can_hold(&self, name: &str) -> bool {
        can_hold(self.dialect(), name)
    }

    /// `name` as it stands in the text; `None` where it cannot.
    pub fn written_name(&self, document: &Document, name: &str) -> Option<String> {
        if self.dialect() == Dialect::Name {
            return self.in_yaml(document, name);
        }
        let old = document.of(self.name);
        let escaped = |part: &str| {
            // What stays keeps its own escapes.
            let same = |written: &&str| percent_decode_str(written).decode_utf8().is_ok_and(|plain| plain == part);
            let written = old.split('/').find(|written| !part.is_empty() && same(written));
            written.map_or_else(|| self.escaped(document, part), str::to_owned)
        };
        Some(name.split('/').map(escaped).collect::<Vec<_>>().join("/"))
    }

    /// `anchor` as it stands in the text; `None` where it cannot.
    pub fn written_anchor(&self, document: &Document, anchor: &str) -> Option<String> {
        if self.dialect() == Dialect::Name {
            return self.in_yaml(document, anchor);
        }
        Some(anchor.split('#').map(|part| self.escaped(document, part)).collect::<Vec<_>>().join("#"))
    }

    /// A part of a path, escaped as its link asks.
    fn escaped(&self, document: &Document, part: &str) -> String {
        let old = document.of(self.name);
        let is_ascii_only = old.is_ascii() && percent_decode_str(old).any(|byte| !byte.is_ascii());
        if document.source[..self.name.start as usize].ends_with('<') {
            destination_in_brackets(part)
        } else if self.kind == LinkKind::Html || is_ascii_only {
            utf8_percent_encode(part, UNRESERVED).to_string()
        } else {
            destination(part)
        }
    }

    /// What stands in a quoted string of the front matter must not end it.
    fn in_yaml(&self, document: &Document, words: &str) -> Option<String> {
        let is_safe = match self.context {
            Context::Text | Context::Comment => true,
            Context::FrontMatter | Context::FrontMatterUnquoted => {
                !needs_yaml_escape(words)
                    || quote_around(document, self.span) == Some('"') && !words.contains(['"', '\\'])
            }
        };
        is_safe.then(|| words.to_owned())
    }
}

/// Whether a name can stand in a link of this kind at all.
pub fn can_hold(dialect: Dialect, name: &str) -> bool {
    dialect == Dialect::Path || fits_bracketed(name)
}

/// The quote that opens the string around a span of one line.
fn quote_around(document: &Document, span: Span) -> Option<char> {
    let before = &document.source[..span.start as usize];
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let mut open = None;
    for c in before[line..].chars().filter(|c| matches!(c, '"' | '\'')) {
        open = match open {
            None => Some(c),
            Some(quote) if quote == c => None,
            other => other,
        };
    }
    open
}
