//! Moments of videos, in every form. Knows the note's links and HTML; not which video is the note's own.

use super::cover::Cover;
use super::definitions::ByLabel;
use super::html::{Attribute, Piece, Tag};
use super::source::{escaped, trimmed};
use super::structure::{Line, Structure};
use crate::syntax::media::{self, VideoAddress};
use crate::syntax::time::{self, Millis, Reading};
use crate::syntax::{Link, LinkKind, Medium, Target, Timestamp, TimestampForm, name};
use crate::text::Span;
use memchr::memmem;
use std::ops::Range;

/// `<a class="yt-timestamp" data-t="00:06:04">[00:06:04]</a>` at byte `at`, if that is written as nearly all are. Says
/// what [`anchors`] says of it.
pub fn usual_anchor(text: &str, at: usize, end: usize) -> Option<Timestamp> {
    const OPEN: &[u8] = b"<a class=\"yt-timestamp\" data-t=\"";
    const BETWEEN: &[u8] = b"\">[";
    const CLOSE: &[u8] = b"]</a>";
    let behind = text.as_bytes()[at..end].strip_prefix(OPEN)?;
    let (value, behind) = behind.split_first_chunk()?;
    let (label, behind) = behind.strip_prefix(BETWEEN)?.split_first_chunk()?;
    behind.strip_prefix(CLOSE)?;
    let time = time::in_full(value)?;
    let label_time = if label == value { time } else { time::in_full(label)? };
    let value_at = at + OPEN.len();
    let label_at = value_at + value.len() + BETWEEN.len();
    Some(Timestamp {
        span: Span::new(at, label_at + label.len() + CLOSE.len()),
        form: TimestampForm::Anchor,
        value: Some(Span::new(value_at, value_at + value.len())),
        time,
        label: Some(Span::new(label_at, label_at + label.len())),
        label_time: in_range(label_time),
        medium: Medium::OfNote,
    })
}

/// `<a class="yt-timestamp" data-t="00:06:04">[00:06:04]</a>`. Elements that do not end on the line they begin on
/// are their opening tags alone.
pub fn anchors(text: &str, pieces: &[Piece]) -> Vec<Timestamp> {
    let (mut found, mut open) = (Vec::new(), None::<(usize, Tag)>);
    for (i, piece) in pieces.iter().enumerate() {
        match *piece {
            Piece::Open(tag) if tag.is(text, "a") => {
                found.extend(open.take().map(|(_, tag)| anchor(text, tag, tag.span.end, None)));
                open = Some((i, tag)).filter(|(_, tag)| is_timestamp(text, tag));
            }
            Piece::Close(close) if close.is(text, "a") => {
                let Some((first, tag)) = open.take() else { continue };
                let inside = Span { start: tag.span.end, end: close.span.start };
                let closed = memchr::memchr2(b'\n', b'\r', inside.of(text).as_bytes()).is_none();
                let shown = closed.then(|| shown(text, inside, &pieces[first + 1..i]));
                found.push(anchor(text, tag, if closed { close.span.end } else { tag.span.end }, shown));
            }
            _ => {}
        }
    }
    found.extend(open.map(|(_, tag)| anchor(text, tag, tag.span.end, None)));
    found
}

fn is_timestamp(text: &str, tag: &Tag) -> bool {
    let class = tag.attribute(Attribute::Class).map_or("", |class| class.of(text));
    class.split_ascii_whitespace().any(|word| word == "yt-timestamp")
}

fn anchor(text: &str, tag: Tag, end: u32, label: Option<Span>) -> Timestamp {
    let value = tag.attribute(Attribute::DataT);
    Timestamp {
        span: Span { end, ..tag.span },
        form: TimestampForm::Anchor,
        value,
        time: value.map_or(Reading::Missing, |value| time::read(value.of(text))),
        label,
        label_time: label.and_then(|label| read_time(label.of(text))),
        medium: Medium::OfNote,
    }
}

/// The text of an element that holds the tags `inner`: without tags and emphasis around it, without its brackets.
fn shown(text: &str, mut span: Span, inner: &[Piece]) -> Span {
    // As nearly all are written.
    if let [b'[', time @ .., b']'] = span.of(text).as_bytes()
        && time.iter().all(|&byte| byte.is_ascii_digit() || byte == b':')
    {
        return Span { start: span.start + 1, end: span.end - 1 };
    }
    let tags = Cover::new(inner.iter().map(|piece| piece.span()).collect());
    loop {
        let before = span;
        span = trimmed(text, span);
        if let Some(tag) = tags.at(span.start as usize).filter(|tag| span.encloses(*tag)) {
            span.start = tag.end;
        }
        if let Some(tag) =
            span.end.checked_sub(1).and_then(|last| tags.at(last as usize)).filter(|tag| span.encloses(*tag))
        {
            span.end = tag.start;
        }
        span = without_emphasis(text, span);
        if span == before {
            return without_brackets(text, span);
        }
    }
}

fn without_emphasis(text: &str, span: Span) -> Span {
    let whole = span.of(text);
    let inner = whole.trim_start_matches(['*', '_']);
    let start = span.end as usize - inner.len();
    Span::new(start, start + inner.trim_end_matches(['*', '_']).len())
}

fn without_brackets(text: &str, span: Span) -> Span {
    let whole = span.of(text);
    let pairs = [("[", "]"), ("\\[", "\\]")];
    let inner =
        pairs.iter().find_map(|(open, close)| Some((open.len(), whole.strip_prefix(open)?.strip_suffix(close)?)));
    match inner {
        Some((open, inner)) => {
            let start = span.start as usize + open;
            trimmed(text, Span::new(start, start + inner.len()))
        }
        None => span,
    }
}

fn read_time(label: &str) -> Option<Millis> {
    in_range(time::read(label))
}

fn in_range(time: Reading) -> Option<Millis> {
    if let Reading::Time(millis) = time { Some(millis) } else { None }
}

/// A time that the label of a link says: with a colon or units, for a mere number may count anything.
fn link_label_time(label: &str) -> Option<Millis> {
    let is_number = label.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    read_time(label).filter(|_| !is_number)
}

/// Whether [`of_links`] or [`of_wikilinks`] may find anything in `link`. Nearly no wikilink is one.
pub fn may_be_moment(text: &str, link: &Link) -> bool {
    let is_name = link.kind == LinkKind::Wiki && link.anchor.is_none();
    !is_name || link.name.of(text).as_bytes().first().is_some_and(u8::is_ascii_digit)
}

/// Links that lead to a moment: of a video, of a file, or of the note's medium.
pub fn of_links<'a>(
    text: &'a str,
    links: &'a [Link],
    definitions: &'a ByLabel,
) -> impl Iterator<Item = Timestamp> + 'a {
    links.iter().filter_map(|link| of_link(text, link, definitions))
}

fn of_link(text: &str, link: &Link, definitions: &ByLabel) -> Option<Timestamp> {
    let (form, value, time, medium) = match &link.target {
        Target::External(address) if address.starts_with(SEEK) => {
            let value = Span { start: link.name.start + SEEK.len() as u32, ..link.name };
            (TimestampForm::Seek, value, time::read(value.of(text)), Medium::OfNote)
        }
        Target::External(_) => {
            let written = match link.kind {
                LinkKind::Reference => definitions.get(super::definitions::key(link.name.of(text)).as_str())?.name,
                _ => link.name,
            };
            let VideoAddress { id, time } = video_address(written.of(text))?;
            let (range, time) = time?;
            (TimestampForm::Address, within(written, range), time, Medium::Video(id))
        }
        Target::Name { name, .. } | Target::Path { path: name, .. } => {
            let anchor = link.anchor.filter(|_| is_media_file(name))?;
            let (range, time) = media::fragment_time(anchor.of(text))?;
            (TimestampForm::Fragment, within(anchor, range), time, Medium::File(name.clone()))
        }
    };
    let label = link.label.map(|label| without_brackets(text, trimmed(text, label)));
    let label_time = label.and_then(|label| link_label_time(label.of(text)));
    Some(Timestamp { span: link.span, form, value: Some(value), time, label, label_time, medium })
}

const SEEK: &str = "ytseek://";

fn within(span: Span, range: Range<usize>) -> Span {
    Span::from(range).shifted(span.start as usize)
}

/// An address of a video; one that begins with `www.` needs no scheme.
fn video_address(written: &str) -> Option<VideoAddress> {
    const SCHEME: &str = "https://";
    if !written.starts_with("www.") {
        return media::video_address(written);
    }
    let mut address = media::video_address(&format!("{SCHEME}{written}"))?;
    if let Some((range, _)) = &mut address.time {
        *range = range.start - SCHEME.len()..range.end - SCHEME.len();
    }
    Some(address)
}

/// A file with an ending that is no note's.
fn is_media_file(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    !ending.is_empty() && name::note_stem(file).is_none()
}

/// ```` ```timestamp ```` fences of one time, outside of `comments`.
pub fn fences(text: &str, structure: &Structure, comments: &Cover) -> Vec<Timestamp> {
    let fences = structure.timestamp_fences.iter().filter(|span| !comments.overlaps(**span));
    fences.filter_map(|span| fence(text, *span)).collect()
}

fn fence(text: &str, span: Span) -> Option<Timestamp> {
    let mut lines = span.of(text).lines().skip(1).map(|line| line.trim_start_matches([' ', '\t', '>']).trim_end());
    let line = lines.find(|line| !line.is_empty())?;
    let alone = lines.all(|line| line.is_empty() || line.starts_with("```") || line.starts_with("~~~"));
    let time = time::read(line);
    time.millis().filter(|_| alone)?;
    let start = line.as_ptr().addr() - text.as_ptr().addr();
    Some(of_note(TimestampForm::Fence, span, Span::new(start, start + line.len()), time))
}

fn of_note(form: TimestampForm, span: Span, value: Span, time: Reading) -> Timestamp {
    Timestamp { span, form, value: Some(value), time, label: None, label_time: None, medium: Medium::OfNote }
}

/// `{{youtube-timestamp 335}}`, outside of `taken`.
pub fn macros(text: &str, lines: &[Line], taken: &Cover) -> Vec<Timestamp> {
    let opened = memmem::Finder::new(MACRO);
    let mut found = Vec::new();
    for line in lines {
        let starts = opened.find_iter(line.span.of(text).as_bytes()).map(|at| line.span.start as usize + at);
        let outside = starts.filter(|start| !taken.contains(*start));
        found.extend(outside.filter_map(|start| macro_at(text, start, line.span.end as usize)));
    }
    found
}

const MACRO: &str = "{{youtube-timestamp";

fn macro_at(text: &str, start: usize, end: usize) -> Option<Timestamp> {
    const LONGEST: usize = 40;
    let inner = start + MACRO.len();
    let window = &text.as_bytes()[inner..(inner + LONGEST).min(end)];
    window.first().filter(|byte| byte.is_ascii_whitespace())?;
    let length = memmem::find(window, b"}}")?;
    let value = trimmed(text, Span::new(inner, inner + length));
    let span = Span::new(start, inner + length + 2);
    Some(of_note(TimestampForm::Macro, span, value, time::read(value.of(text))))
}

/// `[00:06:04]`, `(06:04)`, outside of `taken`.
pub fn bare(text: &str, lines: &[Line], taken: &Cover) -> Vec<Timestamp> {
    let mut found = Vec::new();
    for line in lines {
        let starts = memchr::memchr2_iter(b'[', b'(', line.span.of(text).as_bytes());
        let starts = starts.map(|at| line.span.start as usize + at);
        let outside = starts.filter(|start| !taken.contains(*start));
        found.extend(outside.filter_map(|start| bare_at(text, start, line.span.end as usize)));
    }
    found
}

/// The bare time between the bracket at byte `start` and the next.
pub fn bare_at(text: &str, start: usize, end: usize) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let close = if bytes[start] == b'[' { b']' } else { b')' };
    let (length, time) = bare_time(&bytes[start + 1..end], close)?;
    if escaped(bytes, start) {
        return None;
    }
    let value = Span::new(start + 1, start + 1 + length);
    Some(of_note(TimestampForm::Bare, Span::new(start, start + length + 2), value, time))
}

/// A time with a colon, in range and followed by `close`: its length, and what it says.
fn bare_time(bytes: &[u8], close: u8) -> Option<(usize, Reading)> {
    const LONGEST: usize = 16;
    bytes.first().filter(|byte| byte.is_ascii_digit())?;
    let length = bytes.iter().take(LONGEST).position(|&byte| byte == close)?;
    let written = std::str::from_utf8(&bytes[..length]).ok()?;
    is_colon_time(written).then(|| (length, time::read(written))).filter(|(_, time)| matches!(time, Reading::Time(_)))
}

/// `M:SS`, `H:MM:SS`: below the highest unit always two digits, so that `(3:1)` is none.
pub fn is_colon_time(written: &str) -> bool {
    if !written.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let mut parts = written.split(':');
    let first = parts.next().unwrap_or_default();
    let mut below = parts.peekable();
    let two_digits = |part: &str| {
        let digits = part.split('.').next().unwrap_or_default();
        digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    (1..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_digit())
        && below.peek().is_some()
        && below.all(two_digits)
}

/// `[[01:07:01]]`: a timestamp unless a note has that name, so it is the link and this.
pub fn of_wikilinks<'a>(text: &'a str, links: &'a [Link]) -> impl Iterator<Item = Timestamp> + 'a {
    let plain = links.iter().filter(|link| link.kind == LinkKind::Wiki && !link.embed && link.anchor.is_none());
    plain.filter(|link| is_colon_time(link.name.of(text))).filter_map(|link| match time::read(link.name.of(text)) {
        time @ Reading::Time(_) => Some(of_note(TimestampForm::Bare, link.span, link.name, time)),
        _ => None,
    })
}

/// The video of the only address in the links that stand before byte `end`.
pub fn only_video(links: &[Link], end: usize) -> Option<String> {
    let mut ids = links
        .iter()
        .take_while(|link| (link.span.start as usize) < end)
        .filter_map(|link| if let Target::External(address) = &link.target { Some(address) } else { None })
        .filter_map(|address| Some(video_address(address)?.id));
    let only = ids.next()?;
    ids.all(|id| id == only).then_some(only)
}
