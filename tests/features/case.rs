//! How a case is written. Knows its text, not what is asked.
//!
//! ```text
//! Words for the reader, and lines that begin with `? `: what is asked besides what the folder says.
//! //- talks/moscow.md
//! See [[chi$0na]].
//! //- china.md - crlf
//! # Trade deals
//! ```
//!
//! `//-` begins a file; `$0` is the cursor. Behind a path and ` - ` may stand `crlf` or `cr` (how its lines end) and `unended` (the last
//! one does not). `\u{301}` is that character, in paths and in texts. `{1..120}` in a path stands for as many files, and
//! `{n}` in their text for the number. A path that ends with `/` is an empty folder.

use regex::Regex;

/// A vault, and a question to it.
#[derive(Clone, Default)]
pub struct Case {
    pub files: Vec<CaseFile>,
    /// The file that the cursor is in, by index, and the byte it is at.
    pub cursor: Option<(usize, usize)>,
    /// What is asked besides: `query trade`.
    pub asked: Vec<String>,
}

#[derive(Clone)]
pub struct CaseFile {
    pub path: String,
    pub text: String,
}

const CURSOR: &str = "$0";

impl Case {
    pub fn read(source: &str) -> Case {
        let mut parts = source.split("//- ");
        let head = parts.next().unwrap_or_default();
        let asked = head.lines().filter_map(|line| line.strip_prefix("? ")).map(str::to_owned).collect();
        let mut case = Case { asked, ..Case::default() };
        parts.for_each(|part| case.take(part));
        assert!(!case.files.is_empty(), "a case holds files, each begun by `//- path`");
        case
    }

    /// Whether `question` stands at the top.
    pub fn asks(&self, question: &str) -> bool {
        self.asked.iter().any(|asked| asked == question)
    }

    /// What stands behind `question` at the top.
    pub fn asked(&self, question: &str) -> Option<&str> {
        self.asked.iter().find_map(|asked| asked.strip_prefix(question)).map(str::trim_start)
    }

    fn take(&mut self, part: &str) {
        let (head, text) = part.split_once('\n').unwrap_or((part, ""));
        let (path, options) = head.split_once(" - ").unwrap_or((head, ""));
        let mut text = unescaped(text);
        for option in options.split_whitespace() {
            text = match option {
                "crlf" => text.replace('\n', "\r\n"),
                "cr" => text.replace('\n', "\r"),
                "unended" => text.trim_end_matches('\n').to_owned(),
                _ => panic!("`{option}` is nothing that a file can be"),
            };
        }
        if let Some(at) = text.find(CURSOR) {
            assert!(self.cursor.is_none(), "there is one cursor");
            self.cursor = Some((self.files.len(), at));
            text.replace_range(at..at + CURSOR.len(), "");
        }
        self.files.extend(numbered(&unescaped(path), &text));
    }
}

/// One file, or as many as its path says.
fn numbered(path: &str, text: &str) -> Vec<CaseFile> {
    let range = Regex::new(r"\{(\d+)\.\.(\d+)\}").expect("a valid pattern");
    let Some(found) = range.captures(path) else {
        return vec![CaseFile { path: path.to_owned(), text: text.to_owned() }];
    };
    let number = |group: usize| found[group].parse::<usize>().expect("a small number");
    let file = |n: usize| CaseFile {
        path: path.replace(&found[0], &n.to_string()),
        text: text.replace("{n}", &n.to_string()),
    };
    (number(1)..=number(2)).map(file).collect()
}

/// `\u{301}` as the character it is.
fn unescaped(text: &str) -> String {
    let escape = Regex::new(r"\\u\{([0-9a-fA-F]+)\}").expect("a valid pattern");
    let character = |found: &regex::Captures| {
        let code = u32::from_str_radix(&found[1], 16).ok().and_then(char::from_u32);
        code.expect("a character's number").to_string()
    };
    escape.replace_all(text, character).into_owned()
}
