//! What the parts of a note are, for colouring: links by where they lead, anchors, tags, timestamps.

use super::parts;
use crate::syntax::{Context, LinkKind, Target};
use crate::text::Span;
use crate::vault::{Document, FileId, Snapshot};

/// A stretch of one line that is one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub span: Span,
    pub kind: TokenKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A name that leads to a note or a file.
    Name,
    /// A name that leads there by alias, title or slug.
    InexactName,
    /// A name that leads nowhere.
    BrokenName,
    Anchor,
    Tag,
    Timestamp,
}

/// The tokens that touch `within`, in order of place, not overlapping, none over a line's end.
pub fn tokens(snapshot: &Snapshot, note: FileId, document: &Document, within: Span) -> Vec<Token> {
    let outline = &document.outline;
    let mut all: Vec<Token> = Vec::new();
    let timestamps = outline.timestamps.iter().filter(|timestamp| touches(timestamp.span, within));
    let timestamps = timestamps.flat_map(|it| on_lines(document, it.span)).map(|span| (span, TokenKind::Timestamp));
    let tags = outline.tags.iter().map(|tag| (tag.span, TokenKind::Tag));
    all.extend(timestamps.chain(tags).map(|(span, kind)| Token { span, kind }));
    let links = outline.links.iter().filter(|link| matches!(link.kind, LinkKind::Wiki | LinkKind::Inline));
    for link in links.filter(|link| touches(link.span, within)) {
        let Some(kind) = name_kind(snapshot, note, &link.target, link.context) else { continue };
        all.push(Token { span: link.name, kind });
        all.extend(link.anchor.map(|span| Token { span, kind: TokenKind::Anchor }));
    }
    all.retain(|token| touches(token.span, within) && !token.span.is_empty());
    all.sort_by_key(|token| (token.span.start, token.span.end));
    let mut end = 0;
    all.retain(|token| {
        let is_free = token.span.start >= end && !document.of(token.span).contains(['\n', '\r']);
        if is_free {
            end = token.span.end;
        }
        is_free
    });
    all
}

/// What a span covers of each line, without blanks around and the marks of a quote that it goes on in.
fn on_lines(document: &Document, span: Span) -> impl Iterator<Item = Span> {
    let mut end = span.start as usize;
    document.of(span).split_inclusive(['\n', '\r']).filter_map(move |line| {
        let covered = if end == span.start as usize { line } else { line.trim_start_matches([' ', '\t', '>']) };
        end += line.len();
        let start = end - covered.len();
        let len = covered.trim_end().len();
        (len > 0).then(|| Span::new(start, start + len))
    })
}

fn touches(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}

/// `None` for an address elsewhere.
fn name_kind(snapshot: &Snapshot, note: FileId, target: &Target, context: Context) -> Option<TokenKind> {
    let (dialect, name, _) = parts(target)?;
    Some(match snapshot.resolve(note, dialect, name) {
        Some(resolved) if resolved.by.is_inexact() => TokenKind::InexactName,
        Some(_) => TokenKind::Name,
        None if context == Context::Comment => TokenKind::Name,
        None => TokenKind::BrokenName,
    })
}
