//! Stretches of source: blanks, lines and marks. Knows bytes of Markdown, not what they are part of.

use crate::text::Span;

/// The destination at the beginning of `within`, without angle brackets, and the byte behind it.
pub fn destination(text: &str, within: Span) -> (Span, usize) {
    let (bytes, end) = (text.as_bytes(), within.end as usize);
    let start = skip_blanks(bytes, within.start as usize, end);
    let bracketed = start < end && bytes[start] == b'<';
    let mut at = start + usize::from(bracketed);
    while at < end {
        match bytes[at] {
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at += 1,
            b'>' if bracketed => return (Span::new(start + 1, at), at + 1),
            b' ' | b'\t' | b'\n' | b'\r' if !bracketed => break,
            _ => {}
        }
        at += 1;
    }
    let at = at.min(end);
    (Span::new((start + usize::from(bracketed)).min(at), at), at)
}

/// Blanks, line endings, and the `>` that continue a quote on the next line.
pub fn skip_blanks(bytes: &[u8], mut at: usize, end: usize) -> usize {
    let mut new_line = false;
    while at < end {
        match bytes[at] {
            b' ' | b'\t' => {}
            b'\n' | b'\r' => new_line = true,
            b'>' if new_line => {}
            _ => break,
        }
        at += 1;
    }
    at
}

/// `span` without blanks at either end.
pub fn trimmed(text: &str, span: Span) -> Span {
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    let whole = &text.as_bytes()[span.range()];
    // As most are.
    if let [first, .., last] = whole
        && !is_blank(&first)
        && !is_blank(&last)
    {
        return span;
    }
    let behind = whole.iter().rev().take_while(is_blank).count();
    let before = whole[..whole.len() - behind].iter().take_while(is_blank).count();
    Span { start: span.start + before as u32, end: span.end - behind as u32 }
}

/// What stands between the marks of inline code, if that is `length` bytes.
pub fn code_content(code: &str, length: usize) -> Option<&str> {
    let marks = code.bytes().take_while(|&byte| byte == b'`').count();
    let inner = code.get(marks..code.len().checked_sub(marks)?)?;
    if inner.len() == length {
        Some(inner)
    } else {
        inner.strip_prefix(' ')?.strip_suffix(' ').filter(|it| it.len() == length)
    }
}

/// Text begins behind an escaping backslash for pulldown-cmark, before it for us.
pub fn with_backslash(text: &str, span: Span) -> Span {
    let escaped = text[..span.start as usize].ends_with('\\');
    Span { start: span.start - u32::from(escaped), ..span }
}

pub fn to_line_end(text: &str, span: Span) -> Span {
    let end = span.end as usize;
    let rest = memchr::memchr2(b'\n', b'\r', &text.as_bytes()[end..]).unwrap_or(text.len() - end);
    trimmed(text, Span::new(span.start as usize, end + rest))
}

/// `span` without blank lines behind it, and with the ending of its last line.
pub fn whole_lines(text: &str, span: Span) -> Span {
    let end = trimmed(text, span).end as usize;
    let line = &text[end..];
    let rest = line.trim_start_matches([' ', '\t']);
    let ending = ["\r\n", "\n", "\r"].into_iter().find(|ending| rest.starts_with(ending)).map_or(0, str::len);
    Span::new(span.start as usize, end + line.len() - rest.len() + ending)
}

/// A heading without its marks: `Trade deals` of `## Trade deals ##` and of its setext form.
pub fn heading_content(text: &str, heading: Span) -> Span {
    let whole = heading.of(text);
    let start = heading.start as usize;
    if let Some(last) = memchr::memrchr2(b'\n', b'\r', whole.as_bytes()) {
        return trimmed(text, Span::new(start, start + last));
    }
    let inner = whole.trim_start_matches('#').trim_start_matches([' ', '\t']);
    let start = start + whole.len() - inner.len();
    let open = inner.trim_end_matches('#');
    let closed = open.is_empty() || open.ends_with([' ', '\t']);
    trimmed(text, Span::new(start, start + if closed { open.len() } else { inner.len() }))
}

pub fn physical_lines(text: &str, within: Span) -> impl Iterator<Item = Span> {
    let (mut at, end) = (within.start as usize, within.end as usize);
    std::iter::from_fn(move || {
        if at >= end {
            return None;
        }
        let length = memchr::memchr2(b'\n', b'\r', &text.as_bytes()[at..end]).unwrap_or(end - at);
        let line = Span::new(at, at + length);
        at += length + if text[at + length..].starts_with("\r\n") { 2 } else { 1 };
        Some(line)
    })
}

/// A line that goes on after a break, without the marks of the quotes and the indentation of the lists it stands in.
pub fn without_prefix(text: &str, line: Span, resumes: &[usize]) -> Span {
    let whole = line.of(text);
    let mut start = line.end as usize - whole.trim_start_matches([' ', '\t', '>']).len();
    // `    > x` goes on with a `>` that is text.
    let i = resumes.partition_point(|&resume| resume < line.start as usize);
    if let Some(&resume) = resumes.get(i) {
        start = start.min(resume).max(line.start as usize);
    }
    Span::new(start, line.end as usize)
}

/// Whether a backslash takes the meaning from byte `at`.
pub fn escaped(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}
