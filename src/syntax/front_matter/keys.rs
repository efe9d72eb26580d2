//! What the keys of a front matter mean. Knows their names, and how a text becomes names, tags, times and links.

use super::entries::{Entry, Form, Scalar};
use super::{Contents, Field};
use crate::syntax::outline::{Context, Link, Tag};
use crate::syntax::time::{self, Millis, Reading};
use crate::syntax::wikilink;
use crate::text::Span;

/// Reads the entries of a front matter in `text`. Of a key that stands more than once the first value counts, where
/// there can be only one. Keys are compared without regard to case.
pub(super) fn contents(text: &str, entries: &[Entry]) -> Contents {
    let mut contents = Contents::default();
    let Contents { front_matter, tags, links } = &mut contents;
    for entry in entries {
        match Key::of(entry) {
            Some(Key::Title) => set(&mut front_matter.title, single(text, entry)),
            Some(Key::VideoId) => set(&mut front_matter.video_id, single(text, entry)),
            Some(Key::Duration) => set(&mut front_matter.duration, single(text, entry).and_then(duration)),
            Some(Key::Aliases) => front_matter.aliases.extend(aliases(text, entry)),
            Some(Key::Tags) => tags.extend(tags_of(text, entry)),
            Some(Key::Media) => front_matter.media.extend(texts(entry).filter_map(|scalar| field(text, scalar))),
            None => {}
        }
        for scalar in entry.values.iter().chain(&entry.nested) {
            links.extend(links_of(text, scalar));
        }
    }
    tags.sort_unstable_by_key(|tag| tag.span);
    links.sort_unstable_by_key(|link| link.span);
    contents
}

/// The keys that mean something here.
#[derive(Clone, Copy)]
enum Key {
    Title,
    VideoId,
    Duration,
    Aliases,
    Tags,
    Media,
}

const KEYS: [(&str, Key); 13] = [
    ("title", Key::Title),
    ("videoId", Key::VideoId),
    ("duration", Key::Duration),
    ("alias", Key::Aliases),
    ("aliases", Key::Aliases),
    ("tag", Key::Tags),
    ("tags", Key::Tags),
    ("video", Key::Media),
    ("youtube", Key::Media),
    ("url", Key::Media),
    ("source", Key::Media),
    ("media", Key::Media),
    ("media_link", Key::Media),
];

impl Key {
    fn of(entry: &Entry) -> Option<Key> {
        KEYS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&entry.key)).map(|(_, key)| *key)
    }
}

fn set<T>(place: &mut Option<T>, value: Option<T>) {
    *place = place.take().or(value);
}

/// The values that are texts.
fn texts<'e, 'a>(entry: &'e Entry<'a>) -> impl Iterator<Item = &'e Scalar<'a>> {
    entry.values.iter().filter(|scalar| scalar.form != Form::Link)
}

/// The value of a key that has one text.
fn single(text: &str, entry: &Entry) -> Option<Field> {
    texts(entry).filter(|_| !entry.list).find_map(|scalar| field(text, scalar))
}

fn field(text: &str, scalar: &Scalar) -> Option<Field> {
    parts(text, scalar, |_| false).next()
}

/// Items of a list stand as they are; a single text is split at commas.
fn aliases(text: &str, entry: &Entry) -> Vec<Field> {
    let splits = |c| c == ',' && !entry.list;
    texts(entry).flat_map(|scalar| parts(text, scalar, splits)).collect()
}

fn tags_of(text: &str, entry: &Entry) -> Vec<Tag> {
    let splits = |c: char| c == ',' || c.is_whitespace();
    texts(entry).flat_map(|scalar| parts(text, scalar, splits)).filter_map(tag).collect()
}

/// A number is no tag, here as in text.
fn tag(Field { text, span }: Field) -> Option<Tag> {
    let name = text.trim_start_matches('#');
    let marks = (text.len() - name.len()).min(span.len());
    let name_span = Span { start: span.start + marks as u32, ..span };
    name.contains(|c: char| !c.is_numeric()).then_some(Tag { span: name_span, name: name_span, front_matter: true })
}

/// Seconds, a time, or ISO 8601.
fn duration(Field { text, span }: Field) -> Option<(Millis, Span)> {
    let millis = match time::read(&text) {
        Reading::Time(millis) => Some(millis),
        _ => time::read_iso_duration(&text),
    };
    Some((millis?, span))
}

/// What stands between separators, without blanks around, and where. A part whose source reads otherwise (it holds an
/// escape, or runs over lines) stands where the whole does.
fn parts<'s>(
    text: &'s str,
    scalar: &'s Scalar,
    splits: impl Fn(char) -> bool + 's,
) -> impl Iterator<Item = Field> + 's {
    let is_verbatim = scalar.is_verbatim(text);
    let mut rest = text.get(scalar.span.range());
    scalar.text.split(splits).map(str::trim).filter(|part| !part.is_empty()).map(move |part| {
        if is_verbatim {
            let start = part.as_ptr().addr() - text.as_ptr().addr();
            return Field { text: part.to_owned(), span: Span::new(start, start + part.len()) };
        }
        let found = rest.and_then(|source| source.find(part).map(|at| (source, at)));
        // One search that fails is the last, so that many cannot each read the whole.
        rest = found.map(|(source, at)| &source[at + part.len()..]);
        let span = found.map_or(scalar.span, |(source, at)| {
            let start = scalar.span.end as usize - source.len() + at;
            Span::new(start, start + part.len())
        });
        Field { text: part.to_owned(), span }
    })
}

fn links_of(text: &str, scalar: &Scalar) -> Vec<Link> {
    match scalar.form {
        Form::Alias => Vec::new(),
        Form::Link => wikilink::parse(text, scalar.span, Context::FrontMatterUnquoted).into_iter().collect(),
        Form::Text if scalar.is_verbatim(text) => links_in(text, scalar.span),
        Form::Text => {
            let mut links = links_in(text, scalar.span);
            // Names are what the escapes stand for.
            let unescaped = links_in(&scalar.text, Span::new(0, scalar.text.len()));
            if links.len() == unescaped.len() {
                links.iter_mut().zip(unescaped).for_each(|(link, unescaped)| link.target = unescaped.target);
            }
            links
        }
    }
}

/// The wikilinks in a part of a text.
fn links_in(text: &str, part: Span) -> Vec<Link> {
    wikilink_spans(text, part)
        .into_iter()
        .filter_map(|span| wikilink::parse(text, span, Context::FrontMatter))
        .collect()
}

/// From each innermost `[[`, or `![[`, to the next `]]`, unless a backslash stands before it.
fn wikilink_spans(text: &str, part: Span) -> Vec<Span> {
    let source = text.get(part.range()).unwrap_or_default();
    let bytes = source.as_bytes();
    let mut spans = Vec::new();
    let mut open = None;
    for at in memchr::memchr2_iter(b'[', b']', bytes) {
        let pair = bytes.get(at + 1) == Some(&bytes[at]);
        if pair && bytes[at] == b'[' {
            open = Some(at);
        } else if pair && let Some(open) = open.take() {
            let before = &bytes[..open];
            let start = if before.ends_with(b"!") { open - 1 } else { open };
            if !bytes[..start].ends_with(b"\\") {
                spans.push(Span::new(start, at + 2).shifted(part.start as usize));
            }
        }
    }
    spans
}
