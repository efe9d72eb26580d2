//! Timestamps in another form: `<a class="yt-timestamp" ..>`, `[00:06:04]`, or a link to YouTube.

use super::{Asked, Titled};
use crate::features::change::FileEdit;
use crate::features::timestamps::{anchor, is_of_note, link, words};
use crate::syntax::time::Millis;
use crate::syntax::{Link, LinkKind, Timestamp, TimestampForm};

pub fn offers<'a>(asked: &'a Asked<'a>) -> Vec<Titled<'a>> {
    let mut labels = asked.document.outline.links.iter().filter_map(|link| link.label).peekable();
    let mut shown = 0;
    // A link cannot stand in another.
    let mut is_in_label = |it: &Timestamp| {
        while let Some(label) = labels.next_if(|label| label.start <= it.span.start) {
            shown = shown.max(label.end);
        }
        it.span.start < shown
    };
    let convertible = asked.timestamps().filter(|it| is_convertible(asked, it));
    let timestamps: Vec<&Timestamp> = convertible.filter(|it| !is_in_label(it)).collect();
    let offers = FORMS.iter().filter_map(|&(form, forms, write)| {
        let edits: Vec<FileEdit> = timestamps.iter().filter_map(|it| converted(asked, it, write)).collect();
        let title = match edits.len() {
            0 => return None,
            1 => format!("Write as {form}"),
            count => format!("Write {count} timestamps as {forms}"),
        };
        Some(Titled::known(title, edits))
    });
    offers.collect()
}

/// What each form is called, one and many, and how it is written.
const FORMS: [(&str, &str, Writer); 3] = [
    ("an anchor", "anchors", as_anchor),
    ("a time in brackets", "times in brackets", as_bracket),
    ("a link to YouTube", "links to YouTube", as_link),
];

/// How a timestamp is written in a form; `None` where it is so already, or cannot be.
type Writer = fn(&Asked, &Timestamp, Millis) -> Option<String>;

fn converted(asked: &Asked, timestamp: &Timestamp, write: Writer) -> Option<FileEdit> {
    let text = write(asked, timestamp, exact_time(timestamp)?)?;
    Some(asked.edit(timestamp.span, words(asked.document, timestamp) + &text))
}

/// An address of YouTube leads to whole seconds; its label may show more of the same one.
fn exact_time(timestamp: &Timestamp) -> Option<Millis> {
    let led = timestamp.time.millis()?;
    let is_within = |shown: &Millis| led == Millis::from_seconds(shown.seconds());
    Some(timestamp.label_time.filter(is_within).unwrap_or(led))
}

fn as_anchor(asked: &Asked, timestamp: &Timestamp, time: Millis) -> Option<String> {
    let is_other = timestamp.form != TimestampForm::Anchor && is_of_note(&asked.document.outline, timestamp);
    is_other.then(|| anchor(time))
}

/// Only a note with a medium reads a time in brackets as a timestamp.
fn as_bracket(asked: &Asked, timestamp: &Timestamp, time: Millis) -> Option<String> {
    let outline = &asked.document.outline;
    let is_other = timestamp.form != TimestampForm::Bare && is_of_note(outline, timestamp);
    (is_other && outline.medium.is_some()).then(|| format!("[{time}]"))
}

/// Only whole seconds: YouTube starts at no other.
fn as_link(asked: &Asked, timestamp: &Timestamp, time: Millis) -> Option<String> {
    let id = asked.document.outline.video_of(timestamp)?;
    let is_other = timestamp.form != TimestampForm::Address && time == Millis::from_seconds(time.seconds());
    is_other.then(|| link(id, time))
}

/// Not the fence, which is a block; not a picture's source, an attribute, or half of a reference.
fn is_convertible(asked: &Asked, timestamp: &Timestamp) -> bool {
    let is_whole = |link: &Link| !link.embed && matches!(link.kind, LinkKind::Inline | LinkKind::Address);
    match timestamp.form {
        TimestampForm::Fence => false,
        TimestampForm::Anchor => timestamp.label.is_some(),
        TimestampForm::Address | TimestampForm::Seek | TimestampForm::Fragment => {
            let links = &asked.document.outline.links;
            let from = links.partition_point(|link| link.span.start < timestamp.span.start);
            links[from..].iter().take_while(|link| link.span.start == timestamp.span.start).any(is_whole)
        }
        TimestampForm::Macro | TimestampForm::Bare => true,
    }
}
