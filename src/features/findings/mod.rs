//! What is wrong in a note.
//!
//! [`CHECKS`] is the one list: a new kind of finding is one row and its function. The README's table and the command
//! line's `--select` are made from it.

mod blocks;
mod definitions;
mod fix;
mod fix_all;
mod front_matter;
mod leads;
mod links;
mod moments;
mod page;
mod suspects;
mod timestamps;

use super::Location;
use crate::config::{Config, Level};
use crate::syntax::Suppression;
use crate::text::Span;
use crate::vault::{Document, FileId, Snapshot};
pub use fix::Fix;
pub use fix_all::{Mended, fix_all};
pub(super) use leads::Leads;
pub use page::{LinkOutcome, Page};
pub use suspects::Suspects;

/// One thing to mend.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// `link.broken`
    pub code: &'static str,
    /// Never [`Level::Off`].
    pub level: Level,
    /// Exactly the wrong part.
    pub span: Span,
    /// A sentence for the writer of the note.
    pub message: String,
    /// Other places that explain it, each with a few words.
    pub related: Vec<(Location, String)>,
    /// Not wrong, only of no use: shown faded.
    pub unnecessary: bool,
    /// The name that no file has, for `link.broken`.
    pub missing: Option<String>,
}

/// A kind of finding.
pub struct Check {
    pub code: &'static str,
    pub level: Level,
    /// One sentence: what it means.
    pub doc: &'static str,
    /// What it marks.
    pub range: &'static str,
    /// How it is mended, in a few words; empty where it is not.
    pub fix: &'static str,
    /// Which of its findings are mended without asking, in a few words; empty where none is. A fix says it of itself.
    pub automatic: &'static str,
    find: fn(&Page) -> Vec<Found>,
    fixes: fn(&Page, &Finding) -> Vec<Fix>,
}

/// Every kind there is.
pub const CHECKS: &[Check] = &[
    Check {
        code: "link.broken",
        level: Level::Warning,
        doc: "No note or file has the name that a link names.",
        range: "name",
        fix: "write the nearest name, create the note",
        automatic: "",
        find: links::broken,
        fixes: links::mend_broken,
    },
    Check {
        code: "link.broken-anchor",
        level: Level::Warning,
        doc: "The note is there, but the heading, block or element that the link names in it is not.",
        range: "anchor",
        fix: "write the nearest heading, add the heading",
        automatic: "",
        find: links::broken_anchor,
        fixes: links::mend_broken_anchor,
    },
    Check {
        code: "link.inexact",
        level: Level::Hint,
        doc: "The link finds its note by alias, title or slug: it works here, and not in Obsidian.",
        range: "name",
        fix: "write the name",
        automatic: "all",
        find: links::inexact,
        fixes: links::mend_inexact,
    },
    Check {
        code: "link.ambiguous",
        level: Level::Information,
        doc: "Several files have the name, and none of them lies in the linking note's folder.",
        range: "name",
        fix: "write the path of one of them",
        automatic: "",
        find: links::ambiguous,
        fixes: links::mend_ambiguous,
    },
    Check {
        code: "link.undefined-reference",
        level: Level::Hint,
        doc: "A `[text][label]` whose label has no definition is text, and perhaps meant as a link.",
        range: "label",
        fix: "write the nearest label, define it",
        automatic: "",
        find: definitions::undefined_reference,
        fixes: definitions::mend_undefined_reference,
    },
    Check {
        code: "link.unused-definition",
        level: Level::Hint,
        doc: "No link of the note uses the definition.",
        range: "definition",
        fix: "remove it",
        automatic: "",
        find: definitions::unused,
        fixes: definitions::mend_unused,
    },
    Check {
        code: "link.duplicate-definition",
        level: Level::Warning,
        doc: "The label is defined twice; only the first definition counts.",
        range: "definition",
        fix: "",
        automatic: "",
        find: definitions::duplicate,
        fixes: no_fixes,
    },
    Check {
        code: "link.undefined-footnote",
        level: Level::Information,
        doc: "The note holds no text for the footnote.",
        range: "label",
        fix: "",
        automatic: "",
        find: definitions::undefined_footnote,
        fixes: no_fixes,
    },
    Check {
        code: "timestamp.malformed",
        level: Level::Warning,
        doc: "The written time is none: empty, negative, no number, or 60 and more below its highest unit.",
        range: "value; the element where it is empty or missing",
        fix: "write the nearest time",
        automatic: "where the value only carries too much, or the label tells the time",
        find: timestamps::malformed,
        fixes: timestamps::mend_malformed,
    },
    Check {
        code: "timestamp.mismatch",
        level: Level::Warning,
        doc: "The shown time and the one that the timestamp leads to differ in seconds.",
        range: "label",
        fix: "take either",
        automatic: "",
        find: timestamps::mismatch,
        fixes: timestamps::mend_mismatch,
    },
    Check {
        code: "timestamp.spelling",
        level: Level::Hint,
        doc: "The time is right and spelled otherwise than `HH:MM:SS`, as shown or in `data-t`.",
        range: "label, else value",
        fix: "write it as `HH:MM:SS`",
        automatic: "all, but in a note of shifted times",
        find: timestamps::spelling,
        fixes: timestamps::mend_spelling,
    },
    Check {
        code: "timestamp.empty-label",
        level: Level::Hint,
        doc: "The timestamp shows nothing to click on.",
        range: "element",
        fix: "show the time",
        automatic: "all whose value is a time",
        find: timestamps::empty_label,
        fixes: timestamps::mend_empty_label,
    },
    Check {
        code: "timestamp.shifted",
        level: Level::Information,
        doc: "All times of the note end in `:00`: minutes and seconds stand in the places of hours and minutes.",
        range: "the first value",
        fix: "read all as minutes and seconds",
        automatic: "",
        find: moments::shifted,
        fixes: moments::mend_shifted,
    },
    Check {
        code: "timestamp.no-medium",
        level: Level::Warning,
        doc: "The note has timestamps, and nothing says of which video.",
        range: "the first timestamp",
        fix: "",
        automatic: "",
        find: moments::no_medium,
        fixes: no_fixes,
    },
    Check {
        code: "timestamp.beyond-end",
        level: Level::Warning,
        doc: "The time is past the end of the video, as the note's `duration` or a transcript says.",
        range: "value",
        fix: "",
        automatic: "",
        find: moments::beyond_end,
        fixes: no_fixes,
    },
    Check {
        code: "timestamp.backwards",
        level: Level::Off,
        doc: "The time is earlier than the one that stands before it.",
        range: "value",
        fix: "",
        automatic: "",
        find: moments::backwards,
        fixes: no_fixes,
    },
    Check {
        code: "media.invalid-id",
        level: Level::Warning,
        doc: "The `videoId` is no id of a video: those have 11 letters, digits, `-` or `_`.",
        range: "value",
        fix: "write the id of an address",
        automatic: "all",
        find: moments::invalid_id,
        fixes: moments::mend_invalid_id,
    },
    Check {
        code: "front-matter.invalid",
        level: Level::Warning,
        doc: "The front matter is no YAML; the rest of the note is not touched by it.",
        range: "where the parser stopped",
        fix: "",
        automatic: "",
        find: front_matter::invalid,
        fixes: no_fixes,
    },
    Check {
        code: "front-matter.unquoted-link",
        level: Level::Hint,
        doc: "YAML reads an unquoted `[[link]]` as a list in a list.",
        range: "link",
        fix: "quote it",
        automatic: "all",
        find: front_matter::unquoted_link,
        fixes: front_matter::mend_unquoted_link,
    },
    Check {
        code: "block.duplicate-id",
        level: Level::Warning,
        doc: "Two blocks of the note have the same id; links lead to the first.",
        range: "id",
        fix: "",
        automatic: "",
        find: blocks::duplicate_id,
        fixes: no_fixes,
    },
];

fn no_fixes(_: &Page, _: &Finding) -> Vec<Fix> {
    Vec::new()
}

/// What a check found, before it is known how severe that is.
#[derive(Default)]
struct Found {
    span: Span,
    message: String,
    related: Vec<(Location, String)>,
    unnecessary: bool,
    missing: Option<String>,
}

impl Found {
    fn new(span: Span, message: String) -> Found {
        Found { span, message, ..Found::default() }
    }
}

/// The findings of a note in order of place. `document` must be the snapshot's document of `note`.
pub fn findings(snapshot: &Snapshot, note: FileId, document: &Document) -> Vec<Finding> {
    if snapshot.get(note).is_none_or(|file| file.set_aside) {
        return Vec::new();
    }
    findings_of(&Page::new(snapshot, note, document))
}

/// The findings of a page, in order of place.
pub fn findings_of(page: &Page) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for check in CHECKS {
        let level = level_of(page.snapshot.config(), check);
        if level == Level::Off {
            continue;
        }
        all.extend((check.find)(page).into_iter().map(|found| Finding {
            code: check.code,
            level,
            span: found.span,
            message: found.message,
            related: found.related,
            unnecessary: found.unnecessary,
            missing: found.missing,
        }));
    }
    all.retain(|finding| !is_suppressed(page.document, finding));
    all.sort_by_key(|finding| (finding.span.start, finding.span.end));
    all
}

/// The fixes for the findings of a note that touch `span`.
pub fn fixes(snapshot: &Snapshot, note: FileId, span: Span) -> Vec<Fix> {
    let Some(document) = snapshot.document(note) else { return Vec::new() };
    let page = Page::new(snapshot, note, &document);
    let touched = |finding: &Finding| finding.span.start <= span.end && span.start <= finding.span.end;
    let findings = findings_of(&page).into_iter().filter(touched);
    findings.flat_map(|finding| fixes_of(&page, &finding)).collect()
}

fn fixes_of(page: &Page, finding: &Finding) -> Vec<Fix> {
    let check = CHECKS.iter().find(|check| check.code == finding.code);
    check.map_or_else(Vec::new, |check| (check.fixes)(page, finding))
}

/// The severity of a check: as set for its code, else for its group (`link`), else its own.
fn level_of(config: &Config, check: &Check) -> Level {
    let set = &config.findings.severity;
    let group = || check.code.split_once('.').and_then(|(group, _)| set.get(group));
    set.get(check.code).or_else(group).copied().unwrap_or(check.level)
}

fn is_suppressed(document: &Document, finding: &Finding) -> bool {
    let line = |at: u32| document.text.line_of(at as usize);
    let group = finding.code.split('.').next();
    let named = |suppression: &Suppression| {
        let codes = &suppression.codes;
        codes.is_empty() || codes.iter().any(|code| code == finding.code || Some(code.as_str()) == group)
    };
    let reaches = |suppression: &Suppression| {
        !suppression.next_line || line(suppression.span.end) + 1 == line(finding.span.start)
    };
    document.outline.suppressions.iter().any(|suppression| named(suppression) && reaches(suppression))
}
