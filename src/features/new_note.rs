//! How a note begins that is not there yet: in which folder it lies, and what it says. Knows the settings of the vault,
//! and its template.

use crate::syntax::front_matter;
use crate::vault::{Snapshot, naming, resolve};
use jiff::ZonedDateTime;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// The folder of a new note that is linked from a note in folder `from`, by its name alone.
pub fn folder<'a>(snapshot: &'a Snapshot, from: &'a str) -> &'a str {
    match snapshot.config().notes.folder.as_deref().or(snapshot.obsidian().new_notes.as_deref()) {
        None | Some("." | "./") => from,
        Some(folder) => folder.trim_matches('/'),
    }
}

/// The path of a note of this name in a folder; `None` where it leaves the vault, is there, or could not be everywhere.
pub fn path(snapshot: &Snapshot, folder: &str, name: &str) -> Option<String> {
    let path = resolve::join("", &format!("{folder}/{name}.md"))?;
    let is_portable = |part: &str| naming::is_portable(part) && !part.starts_with('.');
    (path.split('/').all(is_portable) && snapshot.can_create(&path)).then_some(path)
}

/// What a new note says: the template with its places filled in, else its title.
pub fn text(snapshot: &Snapshot, title: &str) -> String {
    match snapshot.template() {
        Some(template) => filled(&template, title, ZonedDateTime::now),
        None => format!("---\ntitle: {}\n---\n", front_matter::scalar(title)),
    }
}

/// `{{title}}`, `{{date}}`, `{{time}}`, `{{date:YYYY-MM-DD}}`, as the core templates of Obsidian have them. The clock is
/// only asked where a template does.
fn filled(template: &str, title: &str, now: impl Fn() -> ZonedDateTime) -> String {
    static PLACE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?i)\{\{\s*(title|date|time)\s*(?::([^}]*))?\}\}").ok());
    let Some(place) = &*PLACE else { return template.to_owned() };
    let fill = |found: &Captures| {
        let format = |default| found.get(2).map_or(default, |format| format.as_str().trim());
        match &*found[1].to_ascii_lowercase() {
            "title" => title.to_owned(),
            "date" => dated(format("YYYY-MM-DD"), &now()),
            _ => dated(format("HH:mm"), &now()),
        }
    };
    place.replace_all(template, fill).into_owned()
}

/// A moment in the notation of Moment.js, in English; what is in brackets stands as it is.
fn dated(format: &str, now: &ZonedDateTime) -> String {
    static TOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"\[[^\]]*\]|YYYY|YY|M{1,4}|D{1,4}|Do|d{1,4}|E|W{1,2}|Q|H{1,2}|h{1,2}|m{1,2}|s{1,2}|A|a|Z{1,2}|X")
            .ok()
    });
    let Some(token) = &*TOKEN else { return format.to_owned() };
    let said = |found: &Captures| {
        let token = &found[0];
        let directive = match token {
            "YYYY" => "%Y",
            "YY" => "%y",
            "MMMM" => "%B",
            "MMM" => "%b",
            "MM" => "%m",
            "M" => "%-m",
            "DDDD" => "%j",
            "DDD" => "%-j",
            "DD" => "%d",
            "D" => "%-d",
            "dddd" => "%A",
            "ddd" => "%a",
            "d" => "%w",
            "E" => "%u",
            "WW" => "%V",
            "W" => "%-V",
            "HH" => "%H",
            "H" => "%-H",
            "hh" => "%I",
            "h" => "%-I",
            "mm" => "%M",
            "m" => "%-M",
            "ss" => "%S",
            "s" => "%-S",
            "A" => "%p",
            "a" => "%P",
            "ZZ" => "%z",
            "Z" => "%:z",
            "X" => "%s",
            "dd" => return now.strftime("%a").to_string().chars().take(2).collect(),
            "Q" => return ((now.month() + 2) / 3).to_string(),
            _ => return token.trim_matches(['[', ']']).to_owned(),
        };
        now.strftime(directive).to_string()
    };
    token.replace_all(format, said).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> ZonedDateTime {
        jiff::civil::date(2024, 3, 7).at(6, 4, 9, 0).to_zoned_datetime(jiff::tz::TimeZone::UTC).expect("a moment")
    }

    #[test]
    fn the_places_of_a_template_are_filled() {
        for (template, expected) in [
            ("# {{title}}\n{{date}} {{time}}", "# Trade deals\n2024-03-07 06:04"),
            ("{{ Title }}{{date:dddd, D MMMM YYYY}}", "Trade dealsThursday, 7 March 2024"),
            ("{{time:h:mm a}} {{date:[Week] W}} {{date:Q}}", "6:04 am Week 10 1"),
            ("{{other}} {{title", "{{other}} {{title"),
        ] {
            assert_eq!(filled(template, "Trade deals", now), expected);
        }
    }
}
