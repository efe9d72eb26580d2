//! The plain shape of a front matter: `key: value` and lists of plain or quoted texts. Knows the YAML of a single line;
//! what it does not understand it leaves out, and says so.

use super::entries::{self, Entry, Scalar, Values, is_null};
use crate::text::Span;

/// The entries of `body`, and whether they are all that YAML would find.
pub(super) fn read(text: &str, body: Span) -> (bool, Vec<Entry<'_>>) {
    let mut reader = Reader { text, entries: Vec::new(), list: List::None, understood: true };
    for line in entries::lines(text, body) {
        if reader.line(line).is_none() {
            reader.understood = false;
        }
    }
    (reader.understood, reader.entries)
}

struct Reader<'a> {
    text: &'a str,
    entries: Vec<Entry<'a>>,
    list: List,
    understood: bool,
}

/// Whether an item may stand on the next line.
#[derive(Clone, Copy, PartialEq)]
enum List {
    None,
    /// Behind a key without value.
    Possible,
    /// Behind an item with so many blanks before its `-`.
    Open(u32),
}

impl<'a> Reader<'a> {
    /// `None` for a line that is not understood.
    fn line(&mut self, line: Span) -> Option<()> {
        let content = trim(self.text, line);
        let source = self.of(content);
        let printable = is_printable(self.of(line));
        if printable && (source.is_empty() || source.starts_with('#')) {
            return Some(());
        }
        if printable && source.starts_with("- ") {
            return self.item(line, content);
        }
        self.list = List::None;
        if printable && content.start == line.start { self.key(line, content) } else { None }
    }

    /// `- item`
    fn item(&mut self, line: Span, content: Span) -> Option<()> {
        let indent = content.start - line.start;
        if self.list != List::Possible && self.list != List::Open(indent) {
            return None;
        }
        self.list = List::Open(indent);
        let value = self.value(line, trim(self.text, Span { start: content.start + 1, ..content }));
        let entry = self.entries.last_mut()?;
        entry.list = true;
        match value? {
            Value::Text { scalar, whole: true } => entry.values.push(scalar),
            Value::Null => {}
            // A map or a list in the list.
            Value::Text { whole: false, .. } | Value::List(_) => return None,
        }
        Some(())
    }

    /// `key: value`
    fn key(&mut self, line: Span, content: Span) -> Option<()> {
        let source = self.of(content);
        let colon = memchr::memchr(b':', source.as_bytes())?;
        let (key, value) = (&source[..colon], &source[colon + 1..]);
        if !is_plain_key(key) || !(value.is_empty() || value.starts_with(' ')) {
            return None;
        }
        let value = trim(self.text, Span { start: content.end - value.len() as u32, ..content });
        let mut entry = Entry::new(key.into(), Span { end: content.start + key.len() as u32, ..content });
        let mut understood = Some(());
        match self.value(line, value)? {
            // `title: China: the talks` is no YAML, but it is clear what is meant.
            Value::Text { scalar, whole } => {
                entry.values.push(scalar);
                understood = whole.then_some(());
            }
            Value::List(values) => {
                entry.list = true;
                entry.values = values;
            }
            Value::Null => {}
        }
        self.entries.push(entry);
        if value.is_empty() {
            self.list = List::Possible;
        }
        understood
    }

    fn value(&self, line: Span, value: Span) -> Option<Value<'a>> {
        let text = |scalar| Value::Text { scalar, whole: true };
        match self.of(value).bytes().next() {
            None => Some(Value::Null),
            Some(quote @ (b'"' | b'\'')) => {
                let scalar = self.quoted(value, quote)?;
                (scalar.span.end + 1 == value.end).then_some(text(scalar))
            }
            Some(b'[') => match entries::unquoted_link(self.text, line) {
                Some(link) => Some(text(Scalar::link(link))),
                None => self.flow_list(value).map(Value::List),
            },
            Some(_) => self.plain(value),
        }
    }

    fn plain(&self, value: Span) -> Option<Value<'a>> {
        let comment = find_behind_blank(self.of(value), b'#');
        let value = trim(self.text, comment.map_or(value, |length| Span { end: value.start + length as u32, ..value }));
        let source = self.of(value);
        if !begins_plain(source) {
            return None;
        }
        let whole = !source.contains(':') || !source.contains(": ") && !source.ends_with(':');
        let scalar = Scalar::verbatim(self.text, value);
        Some(if is_null(source) { Value::Null } else { Value::Text { scalar, whole } })
    }

    /// The text in quotes at the start of `value`. An escape ends the search: what stands behind it does not fit.
    fn quoted(&self, value: Span, quote: u8) -> Option<Scalar<'a>> {
        let inner = &self.of(value).as_bytes()[1..];
        let length = memchr::memchr2(quote, b'\\', inner).filter(|&at| inner[at] == quote)?;
        let start = value.start as usize + 1;
        Some(Scalar::verbatim(self.text, Span::new(start, start + length)))
    }

    /// `[a, "b"]`
    fn flow_list(&self, value: Span) -> Option<Values<'a>> {
        let mut items = Values::new();
        let mut rest = trim(self.text, Span { start: value.start + 1, ..value });
        loop {
            let item = match self.of(rest).bytes().next()? {
                b']' => return (rest.len() == 1).then_some(items),
                quote @ (b'"' | b'\'') => {
                    let scalar = self.quoted(rest, quote)?;
                    rest.start = scalar.span.end + 1;
                    Some(scalar)
                }
                _ => {
                    let length = self.of(rest).find([',', ']'])?;
                    let item = trim(self.text, Span { end: rest.start + length as u32, ..rest });
                    rest.start += length as u32;
                    let source = self.of(item);
                    if !begins_plain(source)
                        || source.contains(['[', '{', '}', ':'])
                        || find_behind_blank(source, b'#').is_some()
                    {
                        return None;
                    }
                    (!is_null(source)).then(|| Scalar::verbatim(self.text, item))
                }
            };
            items.extend(item);
            rest = trim(self.text, rest);
            if self.of(rest).starts_with(',') {
                rest = trim(self.text, Span { start: rest.start + 1, ..rest });
            } else if !self.of(rest).starts_with(']') {
                return None;
            }
        }
    }

    fn of(&self, span: Span) -> &'a str {
        span.of(self.text)
    }
}

enum Value<'a> {
    Null,
    /// Where it holds `: `, YAML does not take it whole.
    Text {
        scalar: Scalar<'a>,
        whole: bool,
    },
    List(Values<'a>),
}

/// A span without the blanks at its ends.
fn trim(text: &str, span: Span) -> Span {
    let is_blank = |byte: &&u8| **byte == b' ';
    let source = span.of(text).as_bytes();
    let behind = source.iter().rev().take_while(is_blank).count();
    let before = source[..source.len() - behind].iter().take_while(is_blank).count();
    Span { start: span.start + before as u32, end: span.end - behind as u32 }
}

/// Where a blank and behind it `mark` stand.
fn find_behind_blank(source: &str, mark: u8) -> Option<usize> {
    let bytes = source.as_bytes();
    memchr::memchr_iter(mark, bytes).find(|&at| bytes[..at].ends_with(b" ")).map(|at| at - 1)
}

fn is_plain_key(key: &str) -> bool {
    // YAML takes keys of up to 1,024 characters.
    key.len() <= 128
        && key.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && !key.ends_with(' ')
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '))
}

/// Whether a value may begin so and be plain. Some that may are left out, where what follows would decide.
fn begins_plain(value: &str) -> bool {
    value.bytes().next().is_some_and(|byte| !b"-?:,[]{}#&*!|>'\"%@`".contains(&byte))
}

/// Whether a line holds nothing that means something else to YAML in some place, or nothing at all.
fn is_printable(line: &str) -> bool {
    let plain = line.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
    plain
        || !line.contains(|c: char| {
            c.is_control() || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{2028}' | '\u{2029}')
        })
}
