//! What an embed shows, in its place: a note, a section or a block.
//!
//! The note it comes from stays as it is, and what led there leads there. The text that is brought leads where it led:
//! a link to its own note names it, a reference brings its destination along, a moment its video.

use super::link;
use super::part::{Part, Reading};
use super::sound::parts_stay;
use super::transplant::{piece, relinked};
use super::{Asked, Cost, Titled};
use crate::features::change::{Change, FileEdit, Remark};
use crate::features::references::linking_notes;
use crate::features::relink::{Written, links};
use crate::features::timestamps;
use crate::syntax::{Definition, Link, LinkKind, Medium, Timestamp, TimestampForm, definition_key};
use crate::text::{Span, Splice};
use crate::vault::{Anchored, Document, FileId, Snapshot};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let Some((link, source)) = embedded(asked) else { return Vec::new() };
    let name = asked.snapshot.get(source).map_or("", |file| file.stem());
    let plan = move || Inlining::new(asked, link, source)?.change();
    vec![Titled::later(format!("Write the text of `{name}` here instead of embedding it"), Cost::Few, plan)]
}

/// The embed of another note under the cursor.
fn embedded<'a>(asked: &'a Asked) -> Option<(&'a Link, FileId)> {
    let link = asked.links().next().filter(|link| link.embed && link.kind != LinkKind::Html)?;
    let aim = link::aim(asked.snapshot, asked.note, &link.target)?;
    let is_note = asked.snapshot.get(aim.file).is_some_and(|file| file.is_note());
    let is_there = aim.anchor.is_none() || aim.anchored.is_some();
    (is_note && is_there && aim.file != asked.note).then_some((link, aim.file))
}

struct Inlining<'a> {
    snapshot: &'a Snapshot,
    note: FileId,
    document: &'a Document,
    link: &'a Link,
    source: FileId,
    /// Of the embedded note.
    embedded: Arc<Document>,
    /// The stretch of it that is shown.
    shown: Span,
}

impl<'a> Inlining<'a> {
    fn new(asked: &Asked<'a>, link: &'a Link, source: FileId) -> Option<Inlining<'a>> {
        let aim = link::aim(asked.snapshot, asked.note, &link.target)?;
        let embedded = asked.snapshot.document(source)?;
        let shown = shown(&embedded, aim.anchored)?;
        let shown = if is_among_words(asked.document, link) { only_words(&embedded, shown)? } else { shown };
        let Asked { snapshot, note, document, .. } = *asked;
        Some(Inlining { snapshot, note, document, link, source, embedded, shown })
    }

    fn change(&self) -> Option<Change> {
        let text = self.text()?;
        let (span, placed) = self.placed(&text)?;
        let brought = self.footnotes_brought()?;
        let now = Reading::new(&self.document.source);
        let mut own: Vec<Splice> = vec![(span, placed)];
        if !brought.is_empty() {
            own.push((Span::empty(self.document.source.len()), brought));
        }
        let then = Reading::edited(self.document, &own)?;
        if !self.is_right(&now, &then, &text) {
            return None;
        }
        let added = then.heading_texts().len() - now.heading_texts().len();
        let moved = |part: Part| match part {
            Part::Heading(index) if self.is_behind(index) => Part::Heading(index + added),
            part => part,
        };
        let kept = Kept { snapshot: self.snapshot, note: self.note, now: &now, then: &then };
        let mut edits = Vec::new();
        if added > 0 {
            own.extend(kept.own_edits(self.document, self.link.span, &moved)?);
            edits.extend(kept.edits_elsewhere(&moved)?);
        }
        edits.extend(own.into_iter().map(|(span, text)| FileEdit { file: self.note, span, text }));
        let label = format!("Write the text of `{}`", self.snapshot.path(self.source));
        Some(Change { edits, remark: Some(Remark { label, optional: false }), ..Change::default() })
    }

    fn is_behind(&self, heading: usize) -> bool {
        self.document.outline.headings[heading].span.start > self.link.span.start
    }

    /// What is shown, with links that lead where they led.
    fn text(&self) -> Option<String> {
        let mut edits = self.moments();
        edits.extend(self.definitions());
        edits.extend(self.own_ids());
        edits.extend(self.labels(self.shown));
        let is_free = |edits: &Vec<Splice>, span: Span| !edits.iter().any(|(taken, _)| taken.overlaps(span));
        let mut links = self.references()?;
        links.extend(self.links(self.shown)?);
        links.retain(|(span, _)| is_free(&edits, *span));
        edits.extend(links);
        Some(self.piece(self.shown, &edits)?.trim_matches(['\n', '\r']).trim_end().to_owned())
    }

    fn piece(&self, span: Span, edits: &[Splice]) -> Option<String> {
        piece(&self.embedded, span, edits)
    }

    fn links(&self, span: Span) -> Option<Vec<Splice>> {
        let folder = self.snapshot.get(self.note)?.folder();
        let links = links(&self.embedded).filter(|link| span.encloses(link.span) && !self.is_definition(link));
        let edits: Option<Vec<Vec<Splice>>> =
            links.map(|link| relinked(self.snapshot, self.source, &self.embedded, &link, folder)).collect();
        Some(edits?.concat())
    }

    fn is_definition(&self, link: &Written) -> bool {
        self.embedded.outline.definitions.binary_search_by_key(&link.span.start, |it| it.span.start).is_ok()
    }

    /// Links by reference, with the destination of their definition.
    fn references(&self) -> Option<Vec<Splice>> {
        let outline = &self.embedded.outline;
        let folder = self.snapshot.get(self.note)?.folder();
        // Of two definitions the first counts.
        let definitions = outline.definitions.iter().rev();
        let defined: FxHashMap<&str, &Definition> = definitions.map(|it| (&*it.key, it)).collect();
        let mut edits = Vec::new();
        for link in outline.links.iter().filter(|it| it.kind == LinkKind::Reference && self.shown.encloses(it.span)) {
            let key = definition_key(self.embedded.of(link.name));
            let definition = defined.get(&*key)?;
            let named = Written::definition(definition);
            let relinked = relinked(self.snapshot, self.source, &self.embedded, &named, folder)?;
            // Behind `[label]:`, to the end of the title.
            let start = definition.label.end as usize + "]:".len();
            let rest = Span::new(start, definition.span.end as usize);
            let destination = self.piece(rest, &relinked)?;
            let destination = destination.split_whitespace().collect::<Vec<_>>().join(" ");
            let label = link.label.unwrap_or(link.name);
            edits.push((Span::new(label.end as usize, link.span.end as usize), format!("]({destination})")));
        }
        Some(edits)
    }

    /// The definitions themselves are of no use here.
    fn definitions(&self) -> Vec<Splice> {
        let text = &self.embedded.text;
        let inside = self.embedded.outline.definitions.iter().filter(|it| self.shown.encloses(it.span));
        let lines = inside.map(|it| {
            let end = text.line_start(text.line_of(it.span.end as usize) + 1).min(self.shown.end as usize);
            Span::new(it.span.start as usize, end.max(it.span.end as usize))
        });
        lines.map(|span| (span, String::new())).collect()
    }

    /// The ids that this note has already.
    fn own_ids(&self) -> Vec<Splice> {
        let own = self.document.outline.blocks.iter().map(|block| self.document.of(block.id).to_ascii_lowercase());
        let own: FxHashSet<String> = own.collect();
        let is_taken = |id: &str| own.contains(&id.to_ascii_lowercase());
        let source = &self.embedded.source;
        let inside = self.embedded.outline.blocks.iter().filter(|it| self.shown.encloses(it.span));
        let taken = inside.filter(|block| is_taken(self.embedded.of(block.id)));
        let with_blank = |span: Span| {
            let start = source[..span.start as usize].trim_end_matches([' ', '\t']).len();
            Span::new(start.max(self.shown.start as usize), span.end as usize)
        };
        taken.map(|block| (with_blank(block.span), String::new())).collect()
    }

    /// The moments of another video, as links to it.
    fn moments(&self) -> Vec<Splice> {
        let outline = &self.embedded.outline;
        if outline.medium == self.document.outline.medium {
            return Vec::new();
        }
        let own = outline.timestamps.iter().filter(|it| it.medium == Medium::OfNote && self.shown.encloses(it.span));
        let link = |it: &Timestamp| {
            let link = timestamps::link(outline.medium.as_deref()?, it.time.millis()?);
            Some((it.span, timestamps::words(&self.embedded, it) + &link))
        };
        own.filter(|it| it.form != TimestampForm::Fence).filter_map(link).collect()
    }

    /// Footnotes whose labels this note uses get others.
    fn labels(&self, span: Span) -> Vec<Splice> {
        let renamed = self.renamed_footnotes();
        let inside = self.embedded.outline.footnotes.iter().filter(|it| span.encloses(it.span));
        inside.filter_map(|it| Some((it.label, renamed.get(&*it.key)?.clone()))).collect()
    }

    fn renamed_footnotes(&self) -> FxHashMap<&str, String> {
        let theirs = &self.embedded.outline.footnotes;
        let own: FxHashSet<&str> = self.document.outline.footnotes.iter().map(|it| &*it.key).collect();
        let all: FxHashSet<&str> = own.iter().copied().chain(theirs.iter().map(|it| &*it.key)).collect();
        let renamed = theirs.iter().filter(|it| own.contains(&*it.key)).filter_map(|it| {
            let label = self.embedded.of(it.label);
            let mut labels = (2..100).map(|number| format!("{label}-{number}"));
            Some((&*it.key, labels.find(|new| !all.contains(&*new.to_lowercase()))?))
        });
        renamed.collect()
    }

    /// The footnotes that stand elsewhere in their note.
    fn footnotes_brought(&self) -> Option<String> {
        let footnotes = &self.embedded.outline.footnotes;
        let used = footnotes.iter().filter(|it| !it.definition && self.shown.encloses(it.span));
        let keys: Vec<&str> = used.map(|it| &*it.key).collect();
        let outside = footnotes.iter().filter(|it| it.definition && !self.shown.encloses(it.span));
        let end = self.document.line_ending();
        let mut brought = String::new();
        for it in outside.filter(|it| keys.contains(&&*it.key)) {
            let mut edits = self.links(it.span)?;
            edits.extend(self.labels(it.span));
            let text = self.piece(it.span, &edits)?;
            brought += &format!("{end}{}{end}", lines(text.trim_end()).collect::<Vec<_>>().join(end));
        }
        let is_ended = self.document.source.ends_with(['\n', '\r']) || brought.is_empty();
        Some(if is_ended { brought } else { format!("{end}{brought}") })
    }

    /// The text as it stands in place of the embed, and what it replaces. `None` where it cannot stand there: of several
    /// lines, in the midst of one.
    fn placed(&self, text: &str) -> Option<(Span, String)> {
        let (document, span) = (self.document, self.link.span);
        let end = document.line_ending();
        let line = document.text.line_of(span.start as usize);
        let start = document.text.line_start(line);
        let before = &document.source[start..span.start as usize];
        if is_among_words(document, self.link) {
            let is_plain = lines(text).count() == 1 && !text.starts_with(['#', '>', '-', '*', '+', '|', '`', '~']);
            return is_plain.then(|| (span, text.to_owned()));
        }
        let indent: String = before.chars().map(|c| if c == '>' || c.is_whitespace() { c } else { ' ' }).collect();
        let indented = lines(text).enumerate().map(|(i, line)| match (i, line) {
            (0, line) => line.to_owned(),
            (_, "") => indent.trim_end().to_owned(),
            (_, line) => format!("{indent}{line}"),
        });
        let text = indented.collect::<Vec<_>>().join(end);
        let is_text = |line: Option<usize>| {
            line.is_some_and(|line| line < document.text.lines() && !document.text.line(line).trim().is_empty())
        };
        let (above, beneath) = (is_text(line.checked_sub(1)), is_text(Some(line + 1)));
        // A text of its own between lines of another would become part of that.
        let gap = |is_text: bool| if before.is_empty() && is_text { end } else { "" };
        Some((span, format!("{}{text}{}", gap(above), gap(beneath))))
    }

    /// Whether all headings, blocks and links of both are there, and nothing became something else.
    fn is_right(&self, now: &Reading, then: &Reading, text: &str) -> bool {
        let brought = Reading::new(text);
        let own = now.heading_texts();
        let at = self.document.outline.headings.iter().filter(|it| it.span.start < self.link.span.start).count();
        let expected = [&own[..at], &brought.heading_texts(), &own[at..]].concat();
        let links = |reading: &Reading| reading.document.outline.links.len();
        let blocks = now.block_ids().len() + brought.block_ids().len();
        let undefined = |reading: &Reading| reading.document.outline.undefined.len();
        then.heading_texts() == expected
            && then.block_ids().len() == blocks
            && links(then) + 1 >= links(now) + links(&brought)
            && undefined(then) <= undefined(now) + undefined(&brought)
            && (then.document.outline.medium == now.document.outline.medium || !has_own_moments(&then.document))
    }
}

fn has_own_moments(document: &Document) -> bool {
    document.outline.timestamps.iter().any(|it| it.medium == Medium::OfNote)
}

/// Whether an embed stands in the midst of a line, between other words.
fn is_among_words(document: &Document, link: &Link) -> bool {
    let line = document.text.line_of(link.span.start as usize);
    let start = document.text.line_start(line);
    let before = &document.source[start..link.span.start as usize];
    let behind = &document.text.line(line)[link.span.end as usize - start..];
    let is_mark = |c: char| c.is_ascii_digit() || "> \t-*+.)".contains(c);
    !behind.trim().is_empty() || !before.chars().all(is_mark)
}

/// The one text in a stretch, without the mark of its list; `None` where there are more.
fn only_words(document: &Document, shown: Span) -> Option<Span> {
    let mut leaves = document.outline.paragraphs.iter().filter(|leaf| leaf.overlaps(shown));
    let leaf = leaves.next().filter(|_| leaves.next().is_none())?;
    Some(Span { start: leaf.start.max(shown.start), end: leaf.end.min(shown.end) })
}

/// The stretch of a note that an embed of a part of it shows.
fn shown(document: &Document, anchored: Option<Anchored>) -> Option<Span> {
    let outline = &document.outline;
    let end = document.source.len();
    match anchored {
        None | Some(Anchored::Top) => {
            let front = outline.front_matter.as_ref().map_or(0, |front| front.span.end as usize);
            let bom = if front == 0 && document.source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            Some(Span::new(front.max(bom), end))
        }
        Some(Anchored::Heading { index, .. }) if index < outline.headings.len() => {
            let section = outline.section(index, end);
            let text = &document.text;
            // The next heading may stand in a quote, whose mark is no part of this.
            let end =
                if section.end as usize == end { end } else { text.line_start(text.line_of(section.end as usize)) };
            Some(Span::new(section.start as usize, end.max(section.start as usize)))
        }
        Some(Anchored::Block(place)) => {
            let id = document.span(place);
            let block = outline.blocks.iter().find(|block| block.span == id)?.block;
            let is_inside = block.encloses(id);
            let text =
                if is_inside { document.source[..id.start as usize].trim_end().len() } else { block.end as usize };
            Some(Span::new(block.start as usize, text.max(block.start as usize)))
        }
        _ => None,
    }
}

/// Lines without their endings, of whatever kind.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

/// The links to the parts of a note whose text changes: they lead to the same parts afterwards.
struct Kept<'a> {
    snapshot: &'a Snapshot,
    note: FileId,
    now: &'a Reading,
    then: &'a Reading,
}

impl Kept<'_> {
    /// Those of the note itself, but for one that goes away.
    fn own_edits(&self, document: &Document, gone: Span, moved: &impl Fn(Part) -> Part) -> Option<Vec<Splice>> {
        let own = links(document).filter(|link| !gone.encloses(link.span));
        let edits: Option<Vec<Vec<Splice>>> = own.map(|link| self.edit(document, self.note, &link, moved)).collect();
        Some(edits?.concat())
    }

    fn edits_elsewhere(&self, moved: &impl Fn(Part) -> Part) -> Option<Vec<FileEdit>> {
        let mut edits = Vec::new();
        for note in linking_notes(self.snapshot, self.note) {
            let Some(document) = self.snapshot.document(note) else { continue };
            let of_note: Option<Vec<Vec<Splice>>> =
                links(&document).map(|link| self.edit(&document, note, &link, moved)).collect();
            let of_note = of_note?.concat();
            if !parts_stay(self.snapshot, note, &document, &of_note) {
                return None;
            }
            edits.extend(of_note.into_iter().map(|(span, text)| FileEdit { file: note, span, text }));
        }
        Some(edits)
    }

    /// Nothing inside, where the anchor is right as it stands; `None` where there is none that would be.
    fn edit(
        &self,
        document: &Document,
        note: FileId,
        link: &Written,
        moved: &impl Fn(Part) -> Part,
    ) -> Option<Vec<Splice>> {
        let (dialect, name) = (link.dialect(), link.path());
        let Some(written) = link.fragment() else { return Some(Vec::new()) };
        let leads_here = self.snapshot.resolve(note, dialect, name).is_some_and(|it| it.file == self.note);
        let part = if leads_here { self.now.part(dialect, written) } else { None };
        let (Some(part), Some(span)) = (part, link.anchor) else { return Some(Vec::new()) };
        let anchor = self.then.anchor(dialect, written, &moved(part))?;
        if anchor == written {
            return Some(Vec::new());
        }
        Some(vec![(span, link.written_anchor(document, &anchor)?)])
    }
}
