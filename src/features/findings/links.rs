//! Links that lead nowhere, by a side door, or to one of several.

use super::fix::{Fix, rewrite};
use super::page::{LinkOutcome, Page};
use super::{Finding, Found};
use crate::features::Location;
use crate::features::change::{Change, FileEdit};
use crate::features::{missing, new_note};
use crate::syntax::name;
use crate::text::{Place, Span};
use crate::vault::{Anchored, Dialect, FileId, Found as FoundBy, disk, folder, naming, nearest, resolve};
use ignore::gitignore::{Gitignore, GitignoreBuilder};

// link.broken

pub fn broken(page: &Page) -> Vec<Found> {
    let missing = page.links.iter().filter(|link| link.resolved.is_none());
    let is_missing = |link: &&LinkOutcome| {
        let LinkOutcome { name, dialect, .. } = **link;
        !missing::is_text(dialect, name) && !missing::is_on_disk(page.snapshot, page.folder(), dialect, name)
    };
    let missing: Vec<&LinkOutcome> = missing.filter(is_missing).collect();
    let ignored = ignored_targets(page, &missing);
    let missing = missing.into_iter().filter(|link| !ignored.matched(link.name, false).is_ignore());
    missing
        .map(|link| Found {
            missing: Some(link.name.to_owned()),
            ..Found::new(link.name_span, broken_message(page, link))
        })
        .collect()
}

pub fn mend_broken(page: &Page, finding: &Finding) -> Vec<Fix> {
    let Some(link) = page.link_named_at(finding.span) else { return Vec::new() };
    let nearest = page.snapshot.nearest(link.name);
    let meant = nearest.iter().filter_map(|&file| rename(page, link, finding, file)).enumerate();
    let meant = meant.map(|(i, fix)| Fix { preferred: i == 0, ..fix });
    meant.chain(create(page, link, finding)).collect()
}

/// Targets that the settings say are never broken.
fn ignored_targets(page: &Page, missing: &[&LinkOutcome]) -> Gitignore {
    let patterns = &page.snapshot.config().findings.ignore;
    if patterns.is_empty() || missing.is_empty() {
        return Gitignore::empty();
    }
    let mut builder = GitignoreBuilder::new("");
    for pattern in patterns {
        // A pattern that is none is told when the settings are read.
        let _ = builder.add_line(None, pattern);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

fn broken_message(page: &Page, link: &LinkOutcome) -> String {
    let LinkOutcome { name, dialect, embed, .. } = link;
    let snapshot = page.snapshot;
    let what = missing::sentence(*dialect, *embed, name);
    let meant =
        snapshot.nearest(name).first().map(|&file| format!(" Did you mean `{}`?", written(page, *dialect, file)));
    let others = other_mentions(page, name);
    let others = match others {
        0 => String::new(),
        1 => " 1 other note links to it.".to_owned(),
        _ => format!(" {others} other notes link to it."),
    };
    what + &meant.unwrap_or_default() + &others
}

/// How many other notes write the same name, in any case or composition.
pub fn other_mentions(page: &Page, name: &str) -> usize {
    let index = &page.snapshot.index;
    let wanted = name::fold(name);
    let spellings = index.spellings(name).filter(|&key| name::fold(index.names.text(key)) == wanted);
    let mut notes: Vec<FileId> = spellings.flat_map(|key| index.notes_mentioning(key)).collect();
    notes.sort_unstable();
    notes.dedup();
    notes.len() - notes.contains(&page.note) as usize
}

/// How `file` is written in a link of the page's note.
fn written(page: &Page, dialect: Dialect, file: FileId) -> String {
    match dialect {
        Dialect::Path => naming::destination(&naming::relative_path(page.folder(), page.snapshot.path(file))),
        _ => naming::shortest_name(page.snapshot, page.folder(), file),
    }
}

/// Writes `file` where a link names something else; nothing where a wikilink cannot hold its name.
fn rename(page: &Page, link: &LinkOutcome, finding: &Finding, file: FileId) -> Option<Fix> {
    let name = written(page, link.dialect, file);
    let is_quoted = page.document.outline.in_front_matter(link.span);
    let fits = link.dialect == Dialect::Path || naming::fits_wikilink(&name);
    let fits = fits && !(is_quoted && naming::needs_yaml_escape(&name));
    let title = format!("Write `{name}`");
    fits.then(|| rewrite(page, finding, link.name_span, name, title))
}

/// "Create the note": where the settings say, or the name's own folders.
fn create(page: &Page, link: &LinkOutcome, finding: &Finding) -> Option<Fix> {
    let name = naming::without_ending(link.name);
    let is_name = link.dialect == Dialect::Name && !name.starts_with('.');
    let below = match name.contains('/') {
        _ if name.starts_with('/') => "",
        true if is_name => "",
        false if is_name => new_note::folder(page.snapshot, page.folder()),
        _ => page.folder(),
    };
    let path = resolve::join(below, name)?;
    // A dot begins no ending in a wikilink; what is embedded with one is an attachment all the same.
    let may_have_ending = link.dialect == Dialect::Path || link.embed;
    let has_other_ending = may_have_ending && name.rsplit('/').next()?.contains('.') && name == link.name;
    let title = title(page, link, path.rsplit('/').next()?);
    let path = new_note::path(page.snapshot, "", &path).filter(|_| !has_other_ending)?;
    let change = Change { create: vec![(path.clone(), new_note::text(page.snapshot, &title))], ..Change::default() };
    let title = format!("Create the note `{path}`");
    Some(Fix { title, preferred: false, automatic: false, finding: finding.clone(), change })
}

/// What a new note is called: as the label has it, where the name is made of that.
fn title(page: &Page, link: &LinkOutcome, stem: &str) -> String {
    let links = &page.document.outline.links;
    let written = links.iter().find(|it| it.span == link.span).and_then(|it| it.label);
    let label = written.map(|label| page.document.of(label)).filter(|label| !label.contains(['\n', '\r']));
    let is_made_of = |label: &&str| name::slugs(label).iter().any(|slug| name::slugs(stem).contains(slug));
    label.filter(is_made_of).unwrap_or(stem).to_owned()
}

// link.broken-anchor

pub fn broken_anchor(page: &Page) -> Vec<Found> {
    page.links.iter().filter_map(|link| broken_anchor_of(page, link)).collect()
}

fn broken_anchor_of(page: &Page, link: &LinkOutcome) -> Option<Found> {
    let (file, anchor) = (link.resolved.as_ref()?.file, link.anchor?);
    let target = page.snapshot.get(file)?;
    let is_unread = target.stamp.is_some_and(|stamp| stamp.size > disk::MAX_NOTE);
    let has_brackets = link.dialect == Dialect::Name && anchor.contains(['[', ']']);
    if link.anchored.is_some() || !target.is_note() || is_unread || has_brackets {
        return None;
    }
    let stem = target.stem();
    let message = match anchor.strip_prefix('^') {
        Some(_) => format!("`{stem}` has no block `{anchor}`."),
        None => {
            let meant = nearest_headings(page, file, anchor).into_iter().next();
            let meant = meant.map(|heading| format!(" Did you mean `{heading}`?"));
            format!("`{stem}` has no heading `{anchor}`.{}", meant.unwrap_or_default())
        }
    };
    Some(Found::new(link.anchor_span?, message))
}

/// The headings of a note whose text is closest to an anchor, best first; at most three.
pub fn nearest_headings(page: &Page, file: FileId, anchor: &str) -> Vec<String> {
    let wanted = name::squash(anchor.rsplit('#').next().unwrap_or(anchor));
    let most = nearest::most_slips(wanted.chars().count());
    let Some(target) = page.snapshot.get(file).filter(|_| most > 0) else { return Vec::new() };
    let mut near: Vec<(usize, &str)> = target
        .facts
        .headings()
        .filter_map(|(_, heading)| Some((nearest::distance(&wanted, &name::squash(heading.text), most)?, heading.text)))
        .collect();
    near.sort();
    near.into_iter().map(|(_, text)| text.to_owned()).take(3).collect()
}

pub fn mend_broken_anchor(page: &Page, finding: &Finding) -> Vec<Fix> {
    let broken = page.links.iter().find(|link| link.anchor_span == Some(finding.span));
    let Some((link, file)) = broken.and_then(|link| Some((link, link.resolved.as_ref()?.file))) else {
        return Vec::new();
    };
    let anchor = link.anchor.unwrap_or_default();
    if anchor.starts_with('^') {
        return Vec::new();
    }
    let near = nearest_headings(page, file, anchor);
    let meant = near.iter().enumerate().map(|(i, heading)| {
        let text = match link.dialect {
            Dialect::Path => naming::destination(&name::github_slug(heading)),
            _ => naming::anchor_text(heading),
        };
        Fix { preferred: i == 0, ..rewrite(page, finding, finding.span, text, format!("Write `{heading}`")) }
    });
    meant.chain(add_heading(page, file, anchor, finding)).collect()
}

/// At the note's end; the last of a chain at the end of the section that the others name.
fn add_heading(page: &Page, file: FileId, anchor: &str, finding: &Finding) -> Option<Fix> {
    let target = page.snapshot.document(file)?;
    let end = target.source.len();
    let (level, at, heading) = match anchor.rsplit_once('#') {
        None => (2, end, anchor),
        Some((above, heading)) => match page.snapshot.anchor(file, Dialect::Name, above)? {
            Anchored::Top => (2, end, heading),
            Anchored::Heading { index, .. } if index < target.outline.headings.len() => {
                let level = target.outline.headings[index].level + 1;
                (level, target.outline.section(index, end).end as usize, heading)
            }
            _ => return None,
        },
    };
    let heading = heading.trim();
    let heading = if anchor.contains(' ') { heading.to_owned() } else { heading.replace('-', " ") };
    let text = set_apart(&target.source, at, &format!("{} {heading}", "#".repeat(level.into())));
    let edit = FileEdit { file, span: Span::empty(at), text };
    let title = format!("Add the heading `{heading}` to `{}`", page.snapshot.get(file)?.stem());
    let change = Change { edits: vec![edit], ..Change::default() };
    (level <= 6).then(|| Fix { title, preferred: false, automatic: false, finding: finding.clone(), change })
}

/// A line to insert at byte `at` of a text, with empty lines around it and the text's own line endings.
fn set_apart(source: &str, at: usize, line: &str) -> String {
    let end = if source.contains("\r\n") { "\r\n" } else { "\n" };
    let before = &source[..at];
    let gap = match before.trim_end_matches(['\n', '\r']) {
        "" => 0,
        text => 2_usize.saturating_sub(before[text.len()..].matches('\n').count()),
    };
    format!("{}{line}{end}{}", end.repeat(gap), if at < source.len() { end } else { "" })
}

// link.inexact

pub fn inexact(page: &Page) -> Vec<Found> {
    let inexact = page.links.iter().filter_map(|link| {
        let resolved = link.resolved.as_ref().filter(|resolved| resolved.by.is_inexact())?;
        let stem = page.snapshot.get(resolved.file)?.stem();
        let by = match resolved.by {
            FoundBy::Alias => format!("is an alias of the note `{stem}`"),
            FoundBy::Title => format!("is the title of the note `{stem}`"),
            _ => format!("finds the note `{stem}` by a similar name"),
        };
        let message = format!("`{}` {by}; not every editor follows such a link.", link.name);
        Some(Found::new(link.name_span, message))
    });
    inexact.collect()
}

pub fn mend_inexact(page: &Page, finding: &Finding) -> Vec<Fix> {
    let Some(link) = page.link_named_at(finding.span) else { return Vec::new() };
    let Some(resolved) = &link.resolved else { return Vec::new() };
    let fix = rename(page, link, finding, resolved.file);
    fix.map(Fix::automatic).into_iter().collect()
}

// link.ambiguous

pub fn ambiguous(page: &Page) -> Vec<Found> {
    page.links.iter().filter_map(|link| ambiguous_of(page, link)).collect()
}

fn ambiguous_of(page: &Page, link: &LinkOutcome) -> Option<Found> {
    let resolved = link.resolved.as_ref()?;
    let path = page.snapshot.path(resolved.file);
    if resolved.others.is_empty() || folder(path) == page.folder() {
        return None;
    }
    let count = resolved.other_count + 1;
    let others = resolved.others.iter().map(|&other| {
        let location = Location { file: other, place: Place::default() };
        (location, format!("`{}` has this name too", page.snapshot.path(other)))
    });
    let message = format!("{count} files are named `{}`; this leads to `{path}`.", link.name);
    Some(Found { related: others.take(10).collect(), ..Found::new(link.name_span, message) })
}

pub fn mend_ambiguous(page: &Page, finding: &Finding) -> Vec<Fix> {
    let Some(link) = page.link_named_at(finding.span) else { return Vec::new() };
    let Some(resolved) = &link.resolved else { return Vec::new() };
    let candidates = std::iter::once(&resolved.file).chain(&resolved.others).take(10);
    candidates.filter_map(|&file| rename(page, link, finding, file)).collect()
}
