//! How a file is written in a link: the other direction of resolution.

use super::facts::Dialect;
use super::file::{FileId, folder};
use super::resolve::resolve;
use super::snapshot::Snapshot;
use crate::syntax::name;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use std::path::Path;

/// The shortest name that leads from a note in folder `from` to `file`, and to no other: its stem, else as many folders
/// as it needs, else its whole path with its ending.
pub fn shortest_name(snapshot: &Snapshot, from: &str, file: FileId) -> String {
    let path = snapshot.path(file);
    let bare = without_ending(path);
    let starts = bare.rmatch_indices('/').map(|(at, _)| at + 1).chain([0]);
    let suffixes = starts.map(|start| &bare[start..]).chain([path]);
    let rooted = || format!("/{path}");
    suffixes.map(str::to_owned).find(|name| is_clear(snapshot, from, name, file)).unwrap_or_else(rooted)
}

/// Whether `name` leads to `file`, and would be called neither inexact nor ambiguous.
pub fn is_clear(snapshot: &Snapshot, from: &str, name: &str, file: FileId) -> bool {
    resolve(snapshot, from, Dialect::Name, name).is_some_and(|resolved| {
        let alone = resolved.others.is_empty() || folder(snapshot.path(file)) == from;
        resolved.file == file && !resolved.by.is_inexact() && alone
    })
}

/// A path without the ending of a note; that of an attachment stays.
pub fn without_ending(path: &str) -> &str {
    let stem = name::note_stem(path.rsplit('/').next().unwrap_or(path));
    stem.map_or(path, |stem| {
        let folders = path.rfind('/').map_or(0, |at| at + 1);
        &path[..folders + stem.len()]
    })
}

/// The path from a note in folder `from` to the file at `to`: `../talks/moscow.md`.
pub fn relative_path(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = to.split('/').collect();
    let common = from.iter().zip(&to[..to.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - common);
    up.chain(to[common..].iter().copied()).collect::<Vec<_>>().join("/")
}

/// What must be escaped in an unwrapped Markdown destination that is a path.
const DESTINATION: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'%')
    .add(b'#')
    .add(b'?')
    .add(b'(')
    .add(b')')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'"')
    .add(b'|');

/// What must be escaped between `<` and `>`.
const IN_BRACKETS: &AsciiSet = &CONTROLS.add(b'<').add(b'>').add(b'%').add(b'#').add(b'?').add(b'\\');

/// A path as a Markdown destination.
pub fn destination(path: &str) -> String {
    escaped(path, DESTINATION)
}

/// A path as a Markdown destination between `<` and `>`.
pub fn destination_in_brackets(path: &str) -> String {
    escaped(path, IN_BRACKETS)
}

/// What is not ASCII needs no escape, and is read more easily without.
fn escaped(path: &str, special: &'static AsciiSet) -> String {
    let mut written = String::with_capacity(path.len());
    for part in path.split_inclusive(|c: char| !c.is_ascii()) {
        let ascii = part.trim_end_matches(|c: char| !c.is_ascii());
        written.extend(utf8_percent_encode(ascii, special));
        written.push_str(&part[ascii.len()..]);
    }
    written
}

/// Whether a wikilink can hold this name.
pub fn fits_wikilink(name: &str) -> bool {
    let is_placeholder = name.contains("{{") || name.contains("<%");
    !is_placeholder && !name.contains(['#', '|', '^', '[', ']', '\n', '\r']) && name.trim() == name && !name.is_empty()
}

/// Whether a wikilink can hold this name if a file has it: then brackets may be part of a name.
pub fn fits_bracketed(name: &str) -> bool {
    let is_closed = name.contains("]]") || name.contains("[[") || name.starts_with('[');
    !is_closed && fits_wikilink(&name.replace(['[', ']'], "x"))
}

/// Whether a name would have to be escaped in a quoted string of YAML.
pub fn needs_yaml_escape(name: &str) -> bool {
    name.contains(['"', '\'', '\\'])
}

/// Whether a wikilink can show this label.
pub fn fits_label(label: &str) -> bool {
    !label.contains(['\n', '\r']) && !label.contains("]]") && !label.contains("[[")
}

/// Whether a file can have this name on every platform. `name` is one part of a path.
pub fn is_portable(name: &str) -> bool {
    const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];
    let device = name.split('.').next().unwrap_or(name).trim_end().to_ascii_lowercase();
    let numbered = device.strip_prefix("com").or(device.strip_prefix("lpt"));
    let is_device = RESERVED.contains(&&*device)
        || numbered.is_some_and(|n| matches!(n.chars().collect::<Vec<_>>()[..], ['1'..='9' | '¹' | '²' | '³']));
    let illegal = |c: char| c.is_control() || "<>:\"/\\|?*".contains(c);
    !name.is_empty() && name.len() <= 250 && !is_device && !name.contains(illegal) && !name.ends_with(['.', ' '])
}

/// `title` as a name that a file can have on every platform and a wikilink can hold: what it cannot have is left out.
/// Empty where nothing remains.
pub fn portable(title: &str) -> String {
    let illegal = |c: char| c.is_control() || "<>:\"/\\|?*#^[]".contains(c);
    let words = title.replace(illegal, " ");
    let mut name = words.split_whitespace().collect::<Vec<_>>().join(" ");
    name.truncate(name.floor_char_boundary(200));
    let name = name.trim_end_matches(['.', ' ']);
    if is_portable(name) && fits_wikilink(name) { name.to_owned() } else { String::new() }
}

/// A heading's text as an anchor: what would end or split a link stands as a blank.
pub fn anchor_text(heading: &str) -> String {
    let mut text = heading.replace(['#', '|', '^', ':', '\\', '\n', '\r'], " ");
    for mark in ["[[", "]]", "%%"] {
        text = text.replace(mark, " ");
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The `file:` address of an absolute path.
pub fn file_address(path: &Path) -> String {
    const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
    let path = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let root = if path.starts_with('/') { "file://" } else { "file:///" };
    format!("{root}{}", utf8_percent_encode(&path, IN_PATH))
}
