//! A link as it is written, and written anew so that it leads where it led. Knows one link at a time; edits nothing.

use crate::features::completion::Habits;
use crate::features::parts;
use crate::syntax::{self, Link, LinkKind};
use crate::text::Span;
use crate::vault::{Anchored, Dialect, Document, Facts, FileId, Slugger, Snapshot, naming};

/// Where a link leads: a file, and what it says of a part of it.
#[derive(Clone, Debug)]
pub struct Aim<'a> {
    pub file: FileId,
    pub name: &'a str,
    /// As written, decoded.
    pub anchor: Option<&'a str>,
    /// What the anchor means; `None` too where the file is no note, whose parts are not known.
    pub anchored: Option<Anchored>,
}

/// The parts of a link that is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    pub embed: bool,
    pub name: &'a str,
    /// Without `#`.
    pub anchor: Option<&'a str>,
    pub label: Option<&'a str>,
}

/// Where a target leads from a note; `None` where that is nowhere, or elsewhere than in the vault.
pub fn aim<'a>(snapshot: &Snapshot, note: FileId, target: &'a syntax::Target) -> Option<Aim<'a>> {
    let (dialect, name, anchor) = parts(target)?;
    let resolved = snapshot.resolve(note, dialect, name)?;
    let anchored = anchor.and_then(|anchor| snapshot.anchor(resolved.file, dialect, anchor));
    Some(Aim { file: resolved.file, name, anchor, anchored })
}

impl Aim<'_> {
    /// Whether an anchor, written in a dialect, means the same part of the file.
    pub fn is_same_part(&self, snapshot: &Snapshot, dialect: Dialect, anchor: Option<&str>) -> bool {
        let is_note = snapshot.get(self.file).is_some_and(|file| file.is_note());
        match anchor {
            Some(anchor) if is_note => {
                self.anchored.is_some() && snapshot.anchor(self.file, dialect, anchor) == self.anchored
            }
            _ => self.anchor == anchor,
        }
    }

    /// The anchor in another dialect, `None` inside where there is none; `None` where it cannot be said there.
    pub fn anchor_in(&self, snapshot: &Snapshot, dialect: Dialect) -> Option<Option<String>> {
        let Some(written) = self.anchor else { return Some(None) };
        let heading = match self.anchored {
            Some(Anchored::Heading { index, .. }) => {
                snapshot.get(self.file).map_or_else(Vec::new, |file| heading_anchors(&file.facts, index, dialect))
            }
            _ => Vec::new(),
        };
        let mut said = heading.into_iter().chain([written.to_owned()]);
        said.find(|anchor| self.is_same_part(snapshot, dialect, Some(anchor))).map(Some)
    }
}

/// How a heading of a note of these facts may be named, best first.
pub fn heading_anchors(facts: &Facts, index: usize, dialect: Dialect) -> Vec<String> {
    let mut slugger = Slugger::default();
    let mut above: Vec<(u8, String)> = Vec::new();
    let mut slug = String::new();
    for (_, heading) in facts.headings().take(index + 1) {
        slug = slugger.slug(heading.text);
        above.retain(|(level, _)| *level < heading.level);
        above.push((heading.level, naming::anchor_text(heading.text)));
    }
    let Some((_, text)) = above.last().cloned() else { return Vec::new() };
    let chain: Vec<String> = above.into_iter().map(|(_, text)| text).collect();
    match dialect {
        Dialect::Path => vec![slug, text],
        _ => vec![text, chain[chain.len().saturating_sub(2)..].join("#"), chain.join("#"), slug],
    }
}

/// `[[name#anchor | label]]`; `None` where a wikilink cannot hold a part of it.
pub fn wikilink(parts: Parts, bar: &str) -> Option<String> {
    let Parts { embed, name, anchor, label } = parts;
    let fits_name = naming::fits_wikilink(name) || name.is_empty() && anchor.is_some();
    let fits_anchor = anchor.is_none_or(|anchor| !anchor.contains(['|', '[', ']', '\n', '\r']));
    if !fits_name || !fits_anchor || label.is_some_and(|label| !naming::fits_label(label) || label.ends_with(']')) {
        return None;
    }
    let mark = if embed { "!" } else { "" };
    let anchor = anchor.map_or_else(String::new, |anchor| format!("#{anchor}"));
    let label = label.map_or_else(String::new, |label| format!("{bar}{label}"));
    Some(format!("{mark}[[{name}{anchor}{label}]]"))
}

/// `[label](name#anchor)`
pub fn markdown(parts: Parts) -> String {
    let Parts { embed, name, anchor, label } = parts;
    let mark = if embed { "!" } else { "" };
    let anchor = anchor.map_or_else(String::new, |anchor| format!("#{}", naming::destination(anchor)));
    format!("{mark}[{}]({}{anchor})", label.unwrap_or_default(), naming::destination(name))
}

/// What a wikilink without a label shows.
pub fn shown_name(name: &str, anchor: Option<&str>) -> String {
    let parts = anchor.into_iter().flat_map(|anchor| anchor.split('#')).filter(|part| !part.is_empty());
    let parts: Vec<&str> = [name].into_iter().filter(|name| !name.is_empty()).chain(parts).collect();
    parts.join(" > ")
}

/// Whether a text is one link, and leads from a note where `aim` does.
pub fn reads_as(snapshot: &Snapshot, note: FileId, text: &str, kind: LinkKind, aim: &Aim) -> bool {
    let outline = syntax::scan(text);
    let whole = Span::new(0, text.len());
    let [link] = &outline.links[..] else { return false };
    let Some((dialect, name, anchor)) = parts(&link.target) else { return false };
    let file = snapshot.resolve(note, dialect, name).map(|resolved| resolved.file);
    link.span == whole && link.kind == kind && file == Some(aim.file) && aim.is_same_part(snapshot, dialect, anchor)
}

/// The path of a file as a Markdown link of a note names it, by the vault's habits.
pub fn path_from(snapshot: &Snapshot, note: FileId, file: FileId, habits: Habits) -> String {
    let path = snapshot.path(file);
    match habits.path {
        crate::config::LinkPath::Absolute => format!("/{path}"),
        _ => naming::relative_path(snapshot.get(note).map_or("", |note| note.folder()), path),
    }
}

/// The rows of the tables of a note, where a bar ends a cell.
pub struct Rows(Vec<Span>);

impl Rows {
    pub fn of(document: &Document) -> Rows {
        let text = &document.text;
        let mut rows: Vec<Span> = Vec::new();
        // The last line that belongs to a table.
        let mut last = None;
        for leaf in &document.outline.paragraphs {
            let line = text.line_of(leaf.start as usize);
            let is_head = is_delimiter(&text.line(line + 1)) && document.of(*leaf).contains('|');
            if is_head || last.is_some_and(|last| last + 1 == line) {
                last = Some(line + is_head as usize);
                rows.push(Span::new(text.line_start(line), text.line_start(line + 1)));
            }
        }
        Rows(rows)
    }

    pub fn contains(&self, at: usize) -> bool {
        let i = self.0.partition_point(|row| (row.end as usize) <= at);
        self.0.get(i).is_some_and(|row| row.contains(at))
    }
}

/// `|---|:--:|` beneath the first row of a table.
fn is_delimiter(line: &str) -> bool {
    let line = line.trim_start_matches(['>', ' ', '\t']);
    line.contains('-') && line.contains(['|', ':']) && line.chars().all(|c| "|-: \t".contains(c))
}

/// What stands between a name and a label: as the vault does, and escaped in a table.
pub fn bar(habits: Habits, in_row: bool) -> String {
    if in_row { habits.bar().replace('|', "\\|") } else { habits.bar().to_owned() }
}

/// Whether a Markdown link says a title behind its destination, as in `[a](b "c")`.
pub fn has_title(document: &Document, link: &Link) -> bool {
    let end = link.anchor.map_or(link.name.end, |anchor| anchor.end.max(link.name.end));
    let rest = &document.source[end as usize..link.span.end as usize];
    !rest.trim_end_matches(')').trim_matches(|c: char| c == '>' || c.is_whitespace()).is_empty()
}

/// How a file is named in a link of a note in a folder; `None` for an address.
pub fn nearest_written(snapshot: &Snapshot, folder: &str, dialect: Dialect, file: FileId) -> Option<String> {
    match dialect {
        Dialect::Path => Some(naming::relative_path(folder, snapshot.path(file))),
        Dialect::Name => Some(naming::shortest_name(snapshot, folder, file)),
        Dialect::External => None,
    }
}
