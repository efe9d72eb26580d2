//! Places as text: the line with carets beneath.

use unicode_width::UnicodeWidthStr;
use vaultls::features::Location;
use vaultls::text::{Place, Span};
use vaultls::vault::{Document, Snapshot};

/// The lines of `span`, each with carets beneath what is covered of it.
pub fn ruled(document: &Document, span: Span) -> String {
    let (start, end) = (span.start as usize, span.end as usize);
    let mut drawn = String::new();
    for line in document.text.line_of(start)..=document.text.line_of(end) {
        let line_start = document.text.line_start(line);
        if line_start == end && start < end {
            break; // The span ends with the line before.
        }
        let text = document.text.line(line);
        let from = start.saturating_sub(line_start).min(text.len());
        let to = (end - line_start).min(text.len());
        let carets = "^".repeat(text[from..to].width().max(1));
        drawn += &format!("  {text}\n  {}{carets}\n", " ".repeat(text[..from].width()));
    }
    drawn
}

/// A place in a file: the file alone where it is its top.
pub fn location(snapshot: &Snapshot, location: Location) -> String {
    let Location { file, place } = location;
    let path = snapshot.path(file);
    match snapshot.document(file) {
        Some(document) if place != Place::default() => {
            format!("{path}:{}\n{}", place.start.line + 1, ruled(&document, document.span(place)))
        }
        None if place != Place::default() => format!("{path} {}\n", extent(place)),
        _ => format!("{path}\n"),
    }
}

/// `3:1-5:1`, from 1, in characters.
pub fn extent(place: Place) -> String {
    let Place { start, end } = place;
    format!("{}:{}-{}:{}", start.line + 1, start.utf32 + 1, end.line + 1, end.utf32 + 1)
}

/// Every line a little further in.
pub fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}").trim_end().to_owned() + "\n").collect()
}
