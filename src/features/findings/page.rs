//! One note as the checks see it: its document, and where each of its links leads, found out once.

use super::super::parts;
use super::super::shifted::shifted_times;
use crate::syntax::{Context, Link, LinkKind, Target};
use crate::text::Span;
use crate::vault::{Anchored, Dialect, Document, FileId, Resolved, Snapshot};
use std::cell::OnceCell;

pub struct Page<'a> {
    pub snapshot: &'a Snapshot,
    pub note: FileId,
    pub document: &'a Document,
    /// Links and definitions that name something in the vault and are looked at; in order of place.
    pub links: Vec<LinkOutcome<'a>>,
    shifted: OnceCell<bool>,
}

/// A link, and where it leads.
pub struct LinkOutcome<'a> {
    pub span: Span,
    pub name_span: Span,
    pub anchor_span: Option<Span>,
    pub dialect: Dialect,
    pub embed: bool,
    pub name: &'a str,
    pub anchor: Option<&'a str>,
    /// What the vault says; the disk may know better.
    pub resolved: Option<Resolved>,
    /// What the anchor means in the file that was found.
    pub anchored: Option<Anchored>,
}

/// What is ordered by place, beginning where `span` stands: so that what belongs to it is found at once, however much there is.
pub fn nearest_first<T>(ordered: &[T], place: impl Fn(&T) -> Span, span: Span) -> impl Iterator<Item = &T> {
    let (before, behind) = ordered.split_at(ordered.partition_point(|it| place(it).start <= span.start));
    before.iter().rev().chain(behind)
}

impl<'a> Page<'a> {
    pub fn new(snapshot: &'a Snapshot, note: FileId, document: &'a Document) -> Page<'a> {
        Page::without(snapshot, note, document, &|_| false)
    }

    /// Without the links of which it is known that there is nothing to say.
    pub fn without(
        snapshot: &'a Snapshot,
        note: FileId,
        document: &'a Document,
        is_sound: &dyn Fn(&Target) -> bool,
    ) -> Page<'a> {
        let mut page = Page { snapshot, note, document, links: Vec::new(), shifted: OnceCell::new() };
        if !snapshot.is_loaded() {
            return page; // Nothing is known to be missing yet.
        }
        let links = document.outline.links.iter().filter(|link| page.is_checked(link) && !is_sound(&link.target));
        let links = links.filter_map(|link| page.outcome(link.span, link.name, link.anchor, link.embed, &link.target));
        let definitions = document.outline.definitions.iter();
        let definitions = definitions.filter_map(|it| page.outcome(it.span, it.name, it.anchor, false, &it.target));
        let mut all: Vec<LinkOutcome> = links.chain(definitions).collect();
        all.sort_by_key(|link| link.span.start);
        page.links = all;
        page
    }

    /// The folder of the note.
    pub fn folder(&self) -> &'a str {
        self.snapshot.get(self.note).map_or("", |file| file.folder())
    }

    /// Whether the note's times were written a unit too high.
    pub fn is_shifted(&self) -> bool {
        *self.shifted.get_or_init(|| !shifted_times(self.document).is_empty())
    }

    /// The link whose name stands at `span`.
    pub fn link_named_at(&self, span: Span) -> Option<&LinkOutcome<'a>> {
        nearest_first(&self.links, |link| link.span, span).find(|link| link.name_span == span)
    }

    /// A link is not looked at in a comment, as an attribute of HTML, by way of its definition, or as a wikilink of a
    /// folder that is no vault.
    fn is_checked(&self, link: &Link) -> bool {
        let is_kind = match link.kind {
            LinkKind::Wiki => self.snapshot.is_vault(),
            LinkKind::Inline => true,
            LinkKind::Reference | LinkKind::Html | LinkKind::Address => false,
        };
        is_kind && link.context != Context::Comment
    }

    fn outcome(
        &self,
        span: Span,
        name_span: Span,
        anchor_span: Option<Span>,
        embed: bool,
        target: &'a Target,
    ) -> Option<LinkOutcome<'a>> {
        let (dialect, name, anchor) = parts(target)?;
        let resolved = self.snapshot.resolve(self.note, dialect, name);
        let anchored = resolved.as_ref().zip(anchor);
        let anchored = anchored.and_then(|(resolved, anchor)| self.snapshot.anchor(resolved.file, dialect, anchor));
        Some(LinkOutcome { span, name_span, anchor_span, dialect, embed, name, anchor, resolved, anchored })
    }
}
