//! `$math$`, `$$math$$` and `%%comments%%`: what opens with a mark and closes with the same one. Knows leaves and
//! lines; whatever stands before a mark that it is part of (code, a wikilink, an address) has already been found.

use super::cover::Cover;
use super::source::escaped;
use super::structure::{BlockKind, Line};
use crate::text::Span;

pub struct Pairs {
    pub math: Cover,
    pub comments: Cover,
}

/// Reads all lines in order. Marks that `taken` covers do not count.
pub fn find(text: &str, lines: &[Line], taken: &Cover) -> Pairs {
    let marks = marks(text, lines, taken);
    let closers = Closers::new(&marks);
    let (mut math, mut comments) = (Vec::new(), Vec::new());
    let (mut i, mut comment_end) = (0, None);
    while let Some(mark) = marks.get(i) {
        let close = closers.of(&marks, i);
        match (mark.kind, close) {
            (Kind::Percent, _) if comment_end == Some(i) => comment_end = None,
            (Kind::Percent, Some(close)) => {
                comments.push(Span::new(mark.at, marks[close].at + 2));
                comment_end = Some(close);
            }
            // Math does not leave the comment it began in.
            (Kind::Single { .. } | Kind::Double { .. }, Some(close)) if comment_end.is_none_or(|end| close < end) => {
                math.push(Span::new(mark.at, marks[close].at + mark.kind.len()));
                i = close;
            }
            _ => {}
        }
        i += 1;
    }
    Pairs { math: Cover::new(math), comments: Cover::new(comments) }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// `%%`
    Percent,
    /// `$$`. At the start of a line it opens a block, which may hold blank lines.
    Double { starts_line: bool },
    /// `$`. It opens before a non-blank, and closes after one and not before a digit.
    Single { opens: bool, closes: bool },
}

impl Kind {
    fn len(self) -> usize {
        match self {
            Kind::Single { .. } => 1,
            Kind::Percent | Kind::Double { .. } => 2,
        }
    }
}

#[derive(Debug)]
struct Mark {
    at: usize,
    kind: Kind,
    /// The paragraph or cell, by number.
    scope: usize,
}

fn marks(text: &str, lines: &[Line], taken: &Cover) -> Vec<Mark> {
    let bytes = text.as_bytes();
    let (mut marks, mut scope, mut block) = (Vec::new(), 0, None);
    for line in lines {
        scope += usize::from(block.replace(line.block) != Some(line.block));
        let (mut at, end) = (line.span.start as usize, line.span.end as usize);
        while let Some(next) = memchr::memchr3(b'$', b'%', b'|', &bytes[at..end]) {
            at += next;
            if let Some(span) = taken.at(at) {
                at = end.min(span.end as usize);
                continue;
            }
            let run = run_length(&bytes[at..end]);
            if !escaped(bytes, at) {
                match bytes[at] {
                    b'|' => scope += usize::from(line.kind == BlockKind::Row),
                    b'%' => marks.extend((0..run / 2).map(|n| Mark { at: at + 2 * n, kind: Kind::Percent, scope })),
                    _ => marks.extend(dollar(bytes, line.span, at, run).map(|kind| Mark { at, kind, scope })),
                }
            }
            at += run;
        }
    }
    marks
}

fn run_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&byte| byte == bytes[0]).count()
}

/// Dollars in threes and more are prices of restaurants.
fn dollar(bytes: &[u8], line: Span, at: usize, run: usize) -> Option<Kind> {
    let inside = |at: &usize| line.contains(*at);
    let before = at.checked_sub(1).filter(inside).map(|at| bytes[at]);
    let after = Some(at + 1).filter(inside).map(|at| bytes[at]);
    let blank = |byte: Option<u8>| byte.is_none_or(|byte| byte.is_ascii_whitespace());
    match run {
        1 => {
            let closes = !blank(before) && !after.is_some_and(|byte| byte.is_ascii_digit());
            Some(Kind::Single { opens: !blank(after), closes })
        }
        2 => Some(Kind::Double { starts_line: at == line.start as usize }),
        _ => None,
    }
}

/// For each place among the marks, the next mark of each kind that can close, by index.
struct Closers {
    percent: Vec<Option<usize>>,
    double: Vec<Option<usize>>,
    single: Vec<Option<usize>>,
}

impl Closers {
    fn new(marks: &[Mark]) -> Closers {
        let next = |closes: fn(Kind) -> bool| {
            let mut found = vec![None; marks.len() + 1];
            for (i, mark) in marks.iter().enumerate().rev() {
                found[i] = if closes(mark.kind) { Some(i) } else { found[i + 1] };
            }
            found
        };
        Closers {
            percent: next(|kind| kind == Kind::Percent),
            double: next(|kind| matches!(kind, Kind::Double { .. })),
            single: next(|kind| matches!(kind, Kind::Single { closes: true, .. })),
        }
    }

    /// The mark that closes what mark `i` opens.
    fn of(&self, marks: &[Mark], i: usize) -> Option<usize> {
        let in_scope = |close: &usize| marks[*close].scope == marks[i].scope;
        match marks[i].kind {
            Kind::Percent => self.percent[i + 1],
            Kind::Double { starts_line: true } => self.double[i + 1],
            Kind::Double { starts_line: false } => self.double[i + 1].filter(in_scope),
            Kind::Single { opens: true, .. } => self.single[i + 1].filter(in_scope),
            Kind::Single { opens: false, .. } => None,
        }
    }
}
