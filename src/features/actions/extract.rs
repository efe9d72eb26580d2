//! A section that becomes a note of its own. Where it stood stays a link to it, or it is embedded there.
//!
//! What led to a part of the section leads to it in the new note; what stands in it leads where it led. Definitions and
//! footnotes that both sides use are there on both; so is the video.

use super::link;
use super::part::{Part, Reading};
use super::sound::parts_stay;
use super::transplant::{path, piece, relinked, renamed};
use super::{Asked, Cost, Titled};
use crate::features::change::{Change, FileEdit, Remark};
use crate::features::completion::Habits;
use crate::features::new_note;
use crate::features::references::linking_notes;
use crate::features::relink::{Written, links};
use crate::syntax::{Heading, LinkKind, Medium, Outline, definition_key, front_matter};
use crate::text::{Span, Splice};
use crate::vault::{Dialect, Document, FileId, Snapshot, last_name, naming, resolve};
use rustc_hash::FxHashSet;

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let Some(section) = Section::at(asked) else { return Vec::new() };
    let heading = &section.heading.text;
    let offer = |end: &str, embed: bool| {
        let plan = move || Extraction::new(asked, section)?.change(embed);
        Titled::later(format!("Move the section `{heading}` to a note of its own, {end}"), Cost::Few, plan)
    };
    vec![offer("leaving a link", false), offer("embedding it here", true)]
}

/// A heading with all that stands beneath it.
#[derive(Clone, Copy)]
struct Section<'a> {
    heading: &'a Heading,
    /// The headings in it, by index.
    first: usize,
    last: usize,
    /// Whole lines.
    span: Span,
}

impl<'a> Section<'a> {
    /// The section whose heading is under the cursor. Not one in a quote or a list, and not all there is.
    fn at(asked: &'a Asked) -> Option<Section<'a>> {
        let document = asked.document;
        let headings = &document.outline.headings;
        let first = headings.iter().position(|heading| heading.span.touches(asked.span.start as usize))?;
        let heading = &headings[first];
        let is_plain = |heading: &Heading| {
            let start = line_start(document, heading.span.start);
            document.source[start..heading.span.start as usize].trim().is_empty()
        };
        let ends = |next: &Heading| next.level <= heading.level && is_plain(next);
        let next = headings[first + 1..].iter().position(ends).map(|next| first + 1 + next);
        let end = next.map_or(document.source.len(), |next| line_start(document, headings[next].span.start));
        let span = Span::new(line_start(document, heading.span.start), end);
        let before = document.outline.front_matter.as_ref().map_or(0, |front| front.span.end as usize);
        let is_all = document.source[before..span.start as usize].trim().is_empty() && next.is_none();
        let last = next.unwrap_or(headings.len());
        (is_plain(heading) && !is_all && !heading.text.trim().is_empty()).then_some(Section {
            heading,
            first,
            last,
            span,
        })
    }

    fn holds(&self, document: &Document, part: &Part) -> bool {
        let at = |span: Span| self.span.encloses(span);
        match part {
            Part::Heading(index) => (self.first..self.last).contains(index),
            Part::Block(id) => {
                let block = document.outline.blocks.iter().find(|it| document.of(it.id).eq_ignore_ascii_case(id));
                block.is_some_and(|block| at(block.span))
            }
            Part::Element(id) => {
                document.outline.elements.iter().find(|it| document.of(it.id) == id).is_some_and(|it| at(it.span))
            }
        }
    }

    /// The part as it is named where it stands afterwards.
    fn moved(&self, part: &Part, is_in: bool) -> Part {
        match part {
            Part::Heading(index) if is_in => Part::Heading(index - self.first),
            Part::Heading(index) if *index >= self.last => Part::Heading(index - (self.last - self.first)),
            part => part.clone(),
        }
    }
}

fn line_start(document: &Document, at: u32) -> usize {
    document.text.line_start(document.text.line_of(at as usize))
}

/// Which note a text stands in afterwards.
#[derive(Clone, Copy, PartialEq)]
enum Home {
    Old,
    New,
}

struct Extraction<'a> {
    snapshot: &'a Snapshot,
    note: FileId,
    document: &'a Document,
    section: Section<'a>,
    /// Of the new note.
    path: String,
    /// The note as it is, as it will be, and the new one: but for the names and anchors in links.
    now: Reading,
    old: Reading,
    new: Reading,
}

impl<'a> Extraction<'a> {
    fn new(asked: &Asked<'a>, section: Section<'a>) -> Option<Extraction<'a>> {
        let document = asked.document;
        let path = path_of_new(asked, section.heading)?;
        let remaining = vec![(section.span, String::new())];
        let raised = raised(document, section);
        Some(Extraction {
            snapshot: asked.snapshot,
            note: asked.note,
            document,
            section,
            path,
            now: Reading::new(&document.source),
            old: Reading::edited(document, &remaining)?,
            new: Reading::new(&piece(document, section.span, &raised)?),
        })
    }

    fn change(&self, embed: bool) -> Option<Change> {
        let (old, new) = (self.old_edits(embed)?, self.new_text()?);
        if !self.is_right(&old, &new) {
            return None;
        }
        let mut edits: Vec<FileEdit> =
            old.into_iter().map(|(span, text)| FileEdit { file: self.note, span, text }).collect();
        edits.extend(self.edits_elsewhere()?);
        let label = format!("Move `{}` to `{}`", self.section.heading.text, self.path);
        let remark = Some(Remark { label, optional: false });
        Some(Change { edits, create: vec![(self.path.clone(), new)], remark, ..Change::default() })
    }

    fn new_text(&self) -> Option<String> {
        let end = self.document.line_ending();
        let mut edits = raised(self.document, self.section);
        edits.extend(self.link_edits(self.document, self.note, self.section.span, Home::New)?);
        let mut text = self.front_matter();
        text += piece(self.document, self.section.span, &edits)?.trim_end();
        text += end;
        for copied in self.copied(|span| self.section.span.encloses(span)) {
            let edits = self.link_edits(self.document, self.note, copied, Home::New)?;
            text += &format!("{end}{}{end}", piece(self.document, copied, &edits)?.trim_end());
        }
        Some(text)
    }

    /// The video, where the section has moments of it.
    fn front_matter(&self) -> String {
        let end = self.document.line_ending();
        let id =
            self.document.outline.medium.as_ref().filter(|_| has_moments(&self.document.outline, self.section.span));
        id.map_or_else(String::new, |id| format!("---{end}videoId: {}{end}---{end}{end}", front_matter::scalar(id)))
    }

    fn old_edits(&self, embed: bool) -> Option<Vec<Splice>> {
        let (document, section) = (self.document, self.section);
        let (source, end) = (&document.source, document.line_ending());
        let rest = [Span::new(0, section.span.start as usize), Span::new(section.span.end as usize, source.len())];
        let mut edits = self.link_edits(document, self.note, rest[0], Home::Old)?;
        let is_apart = source[..section.span.start as usize].trim_end_matches([' ', '\t']).ends_with(['\n', '\r']);
        let is_last = rest[1].is_empty();
        let before = document.text.line_of(section.span.start as usize).checked_sub(1);
        let gap = match before {
            Some(line) if is_apart && !document.text.line(line).trim().is_empty() => end,
            _ => "",
        };
        let behind = if is_last { if source.ends_with(['\n', '\r']) { end } else { "" } } else { &*end.repeat(2) };
        let mut left = format!("{gap}{}{behind}", self.left(embed)?);
        let mut copies = String::new();
        for copied in self.copied(|span| !section.span.encloses(span)) {
            let edits = self.link_edits(document, self.note, copied, Home::Old)?;
            copies += &format!("{end}{}{end}", piece(document, copied, &edits)?.trim_end());
        }
        if is_last {
            let gap = if copies.is_empty() || left.ends_with(['\n', '\r']) { "" } else { end };
            left += &format!("{gap}{copies}");
            copies.clear();
        }
        edits.push((section.span, left));
        edits.extend(self.link_edits(document, self.note, rest[1], Home::Old)?);
        if !copies.is_empty() {
            let gap = if source.ends_with(['\n', '\r']) { "" } else { end };
            edits.push((Span::empty(source.len()), format!("{gap}{copies}")));
        }
        Some(edits)
    }

    /// The link in place of the section.
    fn left(&self, embed: bool) -> Option<String> {
        let habits = Habits::of(self.snapshot);
        let name = naming::without_ending(&self.path).rsplit('/').next()?;
        let heading = self.section.heading.text.trim();
        if habits.markdown && !embed {
            let label = heading.replace('[', "\\[").replace(']', "\\]");
            let path = naming::relative_path(self.folder(), &self.path);
            return Some(link::markdown(link::Parts { embed, name: &path, anchor: None, label: Some(&label) }));
        }
        let is_shown = !embed && heading != name && naming::fits_label(heading) && !heading.ends_with(']');
        let label = Some(heading).filter(|_| is_shown);
        link::wikilink(link::Parts { embed, name, anchor: None, label }, habits.bar())
    }

    /// The definitions and footnotes of the other side that the texts of one side use.
    fn copied(&self, is_here: impl Fn(Span) -> bool) -> Vec<Span> {
        let outline = &self.document.outline;
        let references = outline.links.iter().filter(|link| link.kind == LinkKind::Reference && is_here(link.span));
        let keys: FxHashSet<String> = references.map(|link| definition_key(self.document.of(link.name))).collect();
        let mut seen = FxHashSet::default();
        let definitions = outline.definitions.iter().filter(|it| keys.contains(&it.key) && seen.insert(&it.key));
        let definitions = definitions.filter(|it| !is_here(it.span)).map(|it| it.span);
        let noted = outline.footnotes.iter().filter(|it| !it.definition && is_here(it.span));
        let noted: FxHashSet<&str> = noted.map(|it| &*it.key).collect();
        let notes =
            outline.footnotes.iter().filter(|it| it.definition && noted.contains(&*it.key) && !is_here(it.span));
        definitions.chain(notes.map(|it| it.span)).collect()
    }

    /// How the links in a stretch of a note are written where it stands afterwards. `None` where one cannot be.
    fn link_edits(&self, document: &Document, note: FileId, span: Span, home: Home) -> Option<Vec<Splice>> {
        let mut edits = Vec::new();
        for link in links(document).filter(|link| span.encloses(link.span)) {
            edits.extend(self.edits_of(document, note, &link, home)?);
        }
        Some(edits)
    }

    fn edits_of(&self, document: &Document, note: FileId, link: &Written, home: Home) -> Option<Vec<Splice>> {
        let folder = match home {
            Home::New => resolve_folder(&self.path),
            Home::Old => self.snapshot.get(note)?.folder(),
        };
        let stays = || {
            if home == Home::New { relinked(self.snapshot, note, document, link, folder) } else { Some(Vec::new()) }
        };
        let (dialect, name) = (link.dialect(), link.path());
        let Some(written) = link.fragment() else { return stays() };
        let leads_here = self.snapshot.resolve(note, dialect, name).is_some_and(|it| it.file == self.note);
        let part = if leads_here { self.now.part(dialect, written) } else { None };
        let (Some(part), Some(span)) = (part, link.anchor) else { return stays() };
        let is_in = self.section.holds(self.document, &part);
        let reading = if is_in { &self.new } else { &self.old };
        let anchor = reading.anchor(dialect, written, &self.section.moved(&part, is_in))?;
        let is_own = name.is_empty() && is_in == (home == Home::New);
        let mut edits = match (is_own, is_in) {
            (true, _) => Vec::new(),
            (false, true) => vec![self.led_to_new(document, link, folder)?],
            (false, false) => stays()?,
        };
        if anchor != written {
            edits.push((span, link.written_anchor(document, &anchor)?));
        }
        Some(edits)
    }

    fn led_to_new(&self, document: &Document, link: &Written, folder: &str) -> Option<(Span, String)> {
        let written = link.path();
        let name = match link.dialect() {
            Dialect::Path if written.starts_with('/') => path(format!("/{}", self.path), written),
            Dialect::Path => path(naming::relative_path(folder, &self.path), written),
            _ => naming::without_ending(&self.path).rsplit('/').next()?.to_owned(),
        };
        renamed(document, link, &name)
    }

    /// The links of other notes to parts of this one.
    fn edits_elsewhere(&self) -> Option<Vec<FileEdit>> {
        let mut edits = Vec::new();
        for note in linking_notes(self.snapshot, self.note) {
            let Some(document) = self.snapshot.document(note) else { continue };
            let whole = Span::new(0, document.source.len());
            let of_note = self.link_edits(&document, note, whole, Home::Old)?;
            if !parts_stay(self.snapshot, note, &document, &of_note) {
                return None;
            }
            edits.extend(of_note.into_iter().map(|(span, text)| FileEdit { file: note, span, text }));
        }
        Some(edits)
    }

    fn folder(&self) -> &str {
        self.snapshot.get(self.note).map_or("", |note| note.folder())
    }

    /// Whether both texts say together what the one said: no part was cut, no moment lost its video.
    fn is_right(&self, old: &[Splice], new: &str) -> bool {
        let Some(old) = Reading::edited(self.document, old) else { return false };
        let new = Reading::new(new);
        let (now, section) = (&self.now, self.section);
        let mut headings = now.heading_texts();
        let moved: Vec<&str> = headings.drain(section.first..section.last).collect();
        let (inside, outside): (Vec<_>, Vec<_>) =
            now.document.outline.blocks.iter().partition(|block| section.span.encloses(block.span));
        let ids = |blocks: Vec<&crate::syntax::Block>| {
            blocks.into_iter().map(|it| now.document.of(it.id)).collect::<Vec<_>>()
        };
        let links = |is_in: bool| {
            let links = now.document.outline.links.iter().filter(|it| section.span.encloses(it.span) == is_in);
            links.map(|link| link.kind).collect::<Vec<_>>()
        };
        let references = |kinds: &[LinkKind]| kinds.iter().filter(|kind| **kind == LinkKind::Reference).count();
        let kinds = |reading: &Reading| reading.document.outline.links.iter().map(|link| link.kind).collect::<Vec<_>>();
        let medium =
            |reading: &Reading, has: bool| !has || reading.document.outline.medium == now.document.outline.medium;
        let whole = Span::new(0, self.document.source.len());
        let rest = has_moments(&old.document.outline, Span::new(0, old.document.source.len()));
        let all = has_moments(&now.document.outline, whole);
        old.heading_texts() == headings
            && new.heading_texts() == moved
            && old.block_ids() == ids(outside)
            && new.block_ids() == ids(inside)
            && kinds(&new).starts_with(&links(true))
            && kinds(&old).len() > links(false).len()
            && references(&kinds(&old)) == references(&links(false))
            && medium(&old, rest)
            && medium(&new, all && has_moments(&now.document.outline, section.span))
    }
}

fn resolve_folder(path: &str) -> &str {
    crate::vault::folder(path)
}

/// The edits that make the first heading of a section one of the first level, and those beneath as much higher.
fn raised(document: &Document, section: Section) -> Vec<Splice> {
    let by = section.heading.level - 1;
    let headings = document.outline.headings[section.first..section.last].iter();
    headings.filter(|_| by > 0).flat_map(|heading| raised_heading(document, heading, by)).collect()
}

fn raised_heading(document: &Document, heading: &Heading, by: u8) -> Option<(Span, String)> {
    let written = document.of(heading.span);
    let start = heading.span.start as usize;
    if written.starts_with('#') {
        // One in a quote may be of a higher level than the section.
        let fewer = by.min(heading.level - 1) as usize;
        return Some((Span::new(start, start + fewer), String::new()));
    }
    // Underlined with `-`: only the section's own, of the second level.
    let line = written.trim_end().rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let underline = Span::new(start + line, heading.span.end as usize);
    Some((underline, document.of(underline).replace('-', "=")))
}

fn has_moments(outline: &Outline, span: Span) -> bool {
    outline.medium.is_some()
        && outline.timestamps.iter().any(|it| it.medium == Medium::OfNote && span.encloses(it.span))
}

/// Where the new note lies: named as its heading, and as nothing else is called, so that every link finds it and none
/// that found another.
fn path_of_new(asked: &Asked, heading: &Heading) -> Option<String> {
    let name = naming::portable(&heading.text);
    if name.is_empty() {
        return None;
    }
    let folder = new_note::folder(asked.snapshot, asked.folder());
    let numbered = (2..100).map(|number| format!("{name} {number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered).filter(|name| is_free(asked.snapshot, name));
    names.find_map(|name| new_note::path(asked.snapshot, folder, &name))
}

fn is_free(snapshot: &Snapshot, name: &str) -> bool {
    let index = &snapshot.index;
    let name = last_name(name);
    index.files_named(name).len() == 0
        && index.notes_with_alias(name).len() == 0
        && index.notes_with_title(name).len() == 0
        && resolve::resolve(snapshot, "", Dialect::Name, name).is_none()
}
