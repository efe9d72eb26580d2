//! Obsidian's canvases (JSON Canvas 1.0): which files one shows, and where it says so. Knows one text.

use crate::text::Span;

/// The path of a shown file.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// From the vault's root.
    pub path: String,
    /// Its JSON string, with the quotes.
    pub span: Span,
}

pub fn is_one(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("canvas"))
}

/// Every value of a key `file`, in order. Nothing of a text that is no JSON.
pub fn files(text: &str) -> Vec<Shown> {
    if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return Vec::new();
    }
    let mut strings = Strings { text, at: 0 };
    let mut shown = Vec::new();
    while let Some(key) = strings.next() {
        let colon = text[key.end as usize..].trim_start().strip_prefix(':');
        let is_string = colon.is_some_and(|value| value.trim_start().starts_with('"'));
        if key.of(text) == "\"file\"" && is_string {
            let Some(span) = strings.next() else { break };
            shown.extend(serde_json::from_str(span.of(text)).ok().map(|path| Shown { path, span }));
        }
    }
    shown
}

/// A path as a JSON string.
pub fn written(path: &str) -> String {
    serde_json::Value::from(path).to_string()
}

/// The string literals of a JSON text, with their quotes.
struct Strings<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Strings<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let start = self.at + self.text[self.at..].find('"')?;
        let mut end = start + 1;
        loop {
            end += self.text[end..].find(['"', '\\'])?;
            if self.text.as_bytes()[end] == b'"' {
                break;
            }
            end += 2; // What is escaped is ASCII.
        }
        self.at = end + 1;
        Some(Span::new(start, self.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canvas_shows_the_files_of_its_nodes_and_not_what_its_cards_say() {
        let text = r##"{"nodes":[
            {"id":"1","type":"file","file":"talks/m\u00f6scow.md","subpath":"#Trade"},
            {"id":"2","type":"text","text":"\"file\": \"no.md\", file"},
            {"id":"3","type":"file", "file" : "a \"b\".png"}]}"##;
        let shown = files(text);
        let paths: Vec<_> = shown.iter().map(|shown| &*shown.path).collect();
        assert_eq!(paths, ["talks/möscow.md", "a \"b\".png"]);
        assert_eq!(shown[1].span.of(text), r#""a \"b\".png""#);
    }

    #[test]
    fn what_is_no_json_shows_nothing() {
        assert_eq!(files(r#"{"file": "a.md""#), []);
        assert_eq!(files(""), []);
    }
}
