//! How editors spell the address of a file, and what path they mean.
//!
//! Knows paths and addresses; no vault and no disk. Editors differ: `file:///a b.md`, `file:///日本語.md`, `file:///c%3A/x`,
//! `file:///c:/x` and plain paths are all met. Whatever comes in is repaired once, so that the strict parser of the
//! protocol types takes it, and is echoed in the client's own spelling.

use memchr::{memchr, memmem};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode_byte, utf8_percent_encode};
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering};
use tower_lsp::ls_types::Uri;

/// What VS Code leaves as it is in a path.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The path of a `file:` address; `None` for every other scheme, another host, and bytes that are no text.
pub fn path(uri: &str) -> Option<PathBuf> {
    path_on(uri, cfg!(windows)).map(PathBuf::from)
}

/// The address of an absolute path.
pub fn of_path(path: &Path) -> Option<Uri> {
    let path = path.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
    let root = if path.starts_with('/') { "file://" } else { "file:///" };
    format!("{root}{}", utf8_percent_encode(&path, IN_PATH)).parse().ok()
}

/// The address of a file below `root`, an address as its client spells it.
pub fn join(root: &str, path: &str) -> Option<Uri> {
    format!("{}/{}", root.trim_end_matches('/'), utf8_percent_encode(path, IN_PATH)).parse().ok()
}

/// The address with everything escaped that RFC 3986 forbids. A plain path becomes a `file:` address, and in one `?` and
/// `#` belong to the name: the address of a text has neither query nor fragment.
pub fn repair(uri: &str) -> Cow<'_, str> {
    if is_plain_path(uri) {
        let path = uri.replace('\\', "/");
        let root = if path.starts_with('/') { "file://" } else { "file:///" };
        return Cow::Owned(format!("{root}{}", escape(&path, is_path_byte)));
    }
    let allowed = if has_scheme(uri, "file") { is_path_byte } else { is_address_byte };
    escape(uri, allowed)
}

/// The client's own spelling of the addresses that had to be repaired; shared by the thread that reads and the one that
/// writes.
#[derive(Default)]
pub struct Spellings {
    by_repaired: RwLock<HashMap<String, String>>,
    any: AtomicBool,
}

impl Spellings {
    /// A message of the client with the values of all keys that end in `uri` or `Uri` repaired.
    pub fn repair(&self, body: Vec<u8>) -> Vec<u8> {
        let mut repaired = Vec::new();
        let mut done = 0;
        for key in memmem::find_iter(&body, b"ri\"") {
            let Some(value) = value_of_key(&body, key) else { continue };
            let Ok(written) = serde_json::from_slice::<Cow<str>>(&body[value.clone()]) else { continue };
            if let Cow::Owned(mended) = repair(&written) {
                repaired.extend_from_slice(&body[done..value.start]);
                repaired.push(b'"');
                repaired.extend_from_slice(mended.as_bytes());
                repaired.push(b'"');
                done = value.end;
                self.remember(mended, written.into_owned());
            }
        }
        if done == 0 {
            return body;
        }
        repaired.extend_from_slice(&body[done..]);
        repaired
    }

    /// A message to the client with its own spelling put back.
    pub fn restore(&self, body: Vec<u8>) -> Vec<u8> {
        if !self.any.load(Ordering::Acquire) {
            return body;
        }
        let Ok(spellings) = self.by_repaired.read() else { return body };
        let mut restored = Vec::with_capacity(body.len());
        let mut done = 0;
        for quote in memmem::find_iter(&body, b"\"file:") {
            let start = quote + 1;
            let Some(length) = memchr(b'"', &body[start..]) else { break };
            let written = std::str::from_utf8(&body[start..start + length]).ok();
            let Some(spelling) = written.and_then(|written| spellings.get(written)) else { continue };
            let Ok(spelling) = serde_json::to_string(spelling) else { continue };
            restored.extend_from_slice(&body[done..quote]);
            restored.extend_from_slice(spelling.as_bytes());
            done = start + length + 1;
        }
        restored.extend_from_slice(&body[done..]);
        restored
    }

    fn remember(&self, repaired: String, written: String) {
        if let Ok(mut spellings) = self.by_repaired.write() {
            spellings.insert(repaired, written);
            self.any.store(true, Ordering::Release);
        }
    }
}

/// The string, quotes included, that is the value of a key whose last three bytes (`ri"`) stand at `key`; `None` where
/// they end something else. Inside a text such a quote has a backslash before it, so it is never mistaken for a key.
fn value_of_key(body: &[u8], key: usize) -> Option<std::ops::Range<usize>> {
    if key == 0 || !matches!(body[key - 1], b'u' | b'U') {
        return None;
    }
    let colon = skip_blanks(body, key + 3);
    let start = skip_blanks(body, colon + 1);
    if body.get(colon) != Some(&b':') || body.get(start) != Some(&b'"') {
        return None;
    }
    let mut at = start + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', body.get(at..)?)?;
        match body[at] {
            b'"' => return Some(start..at + 1),
            _ => at += 2,
        }
    }
}

fn skip_blanks(body: &[u8], at: usize) -> usize {
    let rest = body.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// `drives`: whether paths begin with a drive.
fn path_on(uri: &str, drives: bool) -> Option<String> {
    if !has_scheme(uri, "file") {
        return None;
    }
    let rest = &uri["file:".len()..];
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/')?),
        None => ("", rest),
    };
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let local = host.is_empty() || host.eq_ignore_ascii_case("localhost");
    if !path.starts_with('/') || path.contains('\0') || !(local || drives) {
        return None;
    }
    if !drives {
        return Some(path.into_owned());
    }
    if !local {
        return Some(format!("//{host}{path}"));
    }
    let (drive, rest) = path[1..].split_once(':').filter(|(drive, _)| is_drive(drive))?;
    Some(format!("{}:{rest}", drive.to_ascii_uppercase()))
}

fn is_drive(text: &str) -> bool {
    text.len() == 1 && text.as_bytes()[0].is_ascii_alphabetic()
}

fn has_scheme(uri: &str, scheme: &str) -> bool {
    uri.split_once(':').is_some_and(|(written, _)| written.eq_ignore_ascii_case(scheme))
}

/// `/home/x.md`, `C:\x.md`
fn is_plain_path(uri: &str) -> bool {
    uri.starts_with('/') || uri.split_once(':').is_some_and(|(drive, _)| is_drive(drive))
}

fn escape(text: &str, allowed: fn(u8) -> bool) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_fine = |at: usize| match bytes[at] {
        b'%' => is_escape(&bytes[at..]),
        byte => allowed(byte),
    };
    let Some(first) = (0..bytes.len()).find(|&at| !is_fine(at)) else { return Cow::Borrowed(text) };
    let mut escaped = text[..first].to_owned();
    for (at, &byte) in bytes.iter().enumerate().skip(first) {
        match is_fine(at) {
            true => escaped.push(byte as char),
            false => escaped.push_str(percent_encode_byte(byte)),
        }
    }
    Cow::Owned(escaped)
}

fn is_escape(bytes: &[u8]) -> bool {
    bytes.len() >= 3 && bytes[1].is_ascii_hexdigit() && bytes[2].is_ascii_hexdigit()
}

fn is_path_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte)
}

fn is_address_byte(byte: u8) -> bool {
    is_path_byte(byte) || b"?#".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_file_leads_to_its_path() {
        for (uri, path) in [
            ("file:///notes/china.md", "/notes/china.md"),
            ("file:///a%20b.md", "/a b.md"),
            ("file:///%E6%97%A5%E6%9C%AC%E8%AA%9E.md", "/日本語.md"),
            ("file:/a.md", "/a.md"),
            ("FILE://localhost/a.md", "/a.md"),
            ("file:///c%23d%3F.md", "/c#d?.md"),
            ("file:///100%.md", "/100%.md"),
        ] {
            assert_eq!(path_on(uri, false).as_deref(), Some(path), "{uri}");
        }
    }

    #[test]
    fn drives_are_read_in_all_their_spellings() {
        for uri in
            ["file:///c%3A/notes/a.md", "file:///c:/notes/a.md", "file:///C:/notes/a.md", "file:///C%3a/notes/a.md"]
        {
            assert_eq!(path_on(uri, true).as_deref(), Some("C:/notes/a.md"), "{uri}");
        }
        assert_eq!(path_on("file://nas/share/a.md", true).as_deref(), Some("//nas/share/a.md"));
        assert_eq!(path_on("file:///notes/a.md", true), None);
    }

    #[test]
    fn what_is_no_file_has_no_path() {
        for uri in
            ["untitled:Untitled-1", "git:/a.md?x", "https://x/a.md", "file://", "file://nas/a.md", "file:///%FF", ""]
        {
            assert_eq!(path_on(uri, false), None, "{uri}");
        }
        assert_eq!(path_on("file:///%00", false), None);
    }

    #[test]
    fn repaired_addresses_satisfy_the_strict_parser() {
        for (written, repaired) in [
            ("file:///a b.md", "file:///a%20b.md"),
            ("file:///日.md", "file:///%E6%97%A5.md"),
            ("file:///[1] {x} 100%.md", "file:///%5B1%5D%20%7Bx%7D%20100%25.md"),
            ("file:///a#b?.md", "file:///a%23b%3F.md"),
            ("/home/a b.md", "file:///home/a%20b.md"),
            (r"C:\notes\a.md", "file:///C:/notes/a.md"),
            ("untitled:Untitled 1", "untitled:Untitled%201"),
            ("https://x.org/a b?q#f", "https://x.org/a%20b?q#f"),
        ] {
            assert_eq!(repair(written), repaired);
            assert!(repaired.parse::<Uri>().is_ok(), "{repaired}");
        }
        assert!(matches!(repair("file:///c%3A/a.md"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_path_survives_the_way_to_an_address_and_back() {
        for path in ["/a b/ü [1]#?%20.md", "/日本語/🦀.md", "/plain.md"] {
            let uri = of_path(Path::new(path)).expect("a path has an address");
            assert_eq!(path_on(uri.as_str(), false).as_deref(), Some(path));
        }
        assert_eq!(join("file:///c%3A/n/", "a b.md").expect("an address").as_str(), "file:///c%3A/n/a%20b.md");
    }

    #[test]
    fn a_client_gets_its_own_spelling_back() {
        let spellings = Spellings::default();
        let body = r#"{"rootUri" : "file:///日/a b","text":"a \"uri\": \"file:///x y\"","uri":"file:///\u65e5/a b"}"#;
        let repaired = spellings.repair(body.into());
        let uri = "file:///%E6%97%A5/a%20b";
        let expected = format!(r#"{{"rootUri" : "{uri}","text":"a \"uri\": \"file:///x y\"","uri":"{uri}"}}"#);
        assert_eq!(String::from_utf8(repaired), Ok(expected));
        let answer = spellings.restore(format!(r#"[{{"uri":"{uri}"}},"file:///other"]"#).into());
        assert_eq!(String::from_utf8(answer), Ok(r#"[{"uri":"file:///日/a b"},"file:///other"]"#.into()));
    }

    #[test]
    fn a_message_without_odd_addresses_is_left_alone() {
        let spellings = Spellings::default();
        for body in [r#"{"uri":"file:///a.md"}"#, r#"{"uri"}"#, r#"{"uri":"#, r#"{"uri":"x\"#, r#"ri""#, r#"{"uri":1}"#]
        {
            assert_eq!(spellings.repair(body.into()), body.as_bytes());
            assert_eq!(spellings.restore(body.into()), body.as_bytes());
        }
    }
}
