//! The line around the cursor, half-written as it is. Knows only characters.

use crate::text::Span;
use crate::vault::Document;

/// A line, split at the cursor.
pub struct Line<'a> {
    pub before: &'a str,
    pub behind: &'a str,
}

/// A link that is being written.
#[derive(Debug, PartialEq)]
pub struct Open<'a> {
    /// What is typed of it, between its opening and the cursor.
    pub typed: &'a str,
    /// With `!` in front.
    pub embed: bool,
    /// Whether it is closed further on, in this line and before another opens.
    pub closed: Option<usize>,
}

impl Open<'_> {
    /// How many bytes behind the cursor belong to the part of the link that it is in, up to one of `marks`: without the
    /// blanks, or the backslash of a table, in front of them.
    pub fn part_ends(&self, behind: &str, marks: &[char]) -> usize {
        let rest = &behind[..self.closed.unwrap_or(0)];
        rest.find(marks).map_or(rest.len(), |mark| rest[..mark].trim_end_matches(['\\', ' ', '\t']).len())
    }
}

impl<'a> Line<'a> {
    pub fn at(document: &'a Document, at: usize) -> Line<'a> {
        let line = document.text.line_of(at);
        let start = document.text.line_start(line);
        let end = document.text.line_start(line + 1);
        let behind = document.of(Span::new(at, end)).trim_end_matches(['\n', '\r']);
        Line { before: document.of(Span::new(start, at)), behind }
    }

    /// The `[[` that the cursor is in.
    pub fn open_wikilink(&self) -> Option<Open<'a>> {
        let start = self.before.rfind("[[")?;
        let typed = &self.before[start + 2..];
        let before = &self.before[..start];
        if typed.contains("]]") || before.ends_with('\\') {
            return None;
        }
        let closed = self.behind.find("]]").filter(|&end| !self.behind[..end].contains("[["));
        Some(Open { typed, embed: before.ends_with('!'), closed })
    }

    /// The `](` that the cursor is in: an inline link's destination.
    pub fn open_destination(&self) -> Option<Open<'a>> {
        let start = self.before.rfind("](")?;
        let typed = &self.before[start + 2..];
        let is_ended = match typed.strip_prefix('<') {
            Some(wrapped) => wrapped.contains('>'),
            None => typed.contains([')', ' ', '\t']),
        };
        if is_ended {
            return None;
        }
        let opening = self.before[..start].rfind('[');
        let embed = opening.is_some_and(|opening| self.before[..opening].ends_with('!'));
        let closed = self.behind.find(')').filter(|&end| !self.behind[..end].contains("]("));
        Some(Open { typed, embed, closed })
    }

    /// How many bytes behind the cursor the brackets end that it is in, if they do before others open.
    pub fn bracket_ends(&self) -> Option<usize> {
        self.behind.find([']', '[']).filter(|&end| self.behind[end..].starts_with(']'))
    }

    /// The destination of `[label]: ` that the cursor is in.
    pub fn open_definition(&self) -> Option<&'a str> {
        let line = self.before.trim_start_matches(' ');
        let (label, typed) = line.strip_prefix('[')?.split_once("]:")?;
        let typed = typed.trim_start();
        let is_one = self.before.len() - line.len() < 4 && !label.is_empty() && !label.starts_with('^');
        (is_one && !label.contains([']', '[']) && !typed.contains(char::is_whitespace)).then_some(typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line with `$` at the cursor.
    fn line(text: &'static str) -> Line<'static> {
        let (before, behind) = text.split_once('$').unwrap();
        Line { before, behind }
    }

    #[test]
    fn a_wikilink_is_open_until_it_is_closed() {
        let open = |text| line(text).open_wikilink().map(|open| (open.typed, open.embed, open.closed));
        assert_eq!(open("see [[chi$"), Some(("chi", false, None)));
        assert_eq!(open("see ![[chi$na]] x"), Some(("chi", true, Some(2))));
        assert_eq!(open("[[a]] $ [[b]]"), None);
        assert_eq!(open("[[$ and [[b]]"), Some(("", false, None)));
        assert_eq!(open(r"\[[a$"), None);
    }

    #[test]
    fn a_destination_ends_at_a_blank_or_a_parenthesis() {
        let open = |text| line(text).open_destination().map(|open| (open.typed, open.embed, open.closed));
        assert_eq!(open("[a](b$)"), Some(("b", false, Some(0))));
        assert_eq!(open("![a](<b c$"), Some(("<b c", true, None)));
        assert_eq!(open("[a](b c$"), None);
        assert_eq!(open("[a](b) $"), None);
    }

    #[test]
    fn a_definition_stands_alone_on_its_line() {
        assert_eq!(line("[a]: b$").open_definition(), Some("b"));
        assert_eq!(line("[a]:$").open_definition(), Some(""));
        assert_eq!(line("[^a]: b$").open_definition(), None);
        assert_eq!(line("x [a]: b$").open_definition(), None);
        assert_eq!(line("[a]: b c$").open_definition(), None);
    }
}
