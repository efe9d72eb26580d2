//! Settings: plain values with documented defaults, read from `.vaultls.toml` and from the editor.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The file at a vault's root that holds its own settings.
pub const FILE: &str = ".vaultls.toml";

/// All settings. Unknown keys are reported by [`Config::from_toml`], never fatal.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Config {
    /// Who watches the vault for changes on disk.
    pub watch: Watch,
    /// Folders and files (gitignore patterns) that are no part of the vault.
    pub exclude: Vec<String>,
    pub links: Links,
    pub notes: Notes,
    pub completion: Completion,
    pub lenses: Lenses,
    pub hints: Hints,
    pub video: Video,
    pub rename: Rename,
    pub findings: Findings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Watch {
    /// The server itself; events of the editor are taken too.
    #[default]
    Server,
    /// Only the editor's events.
    Client,
}

/// How names are resolved beyond file names.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Links {
    /// A link may name a front matter alias.
    pub aliases: bool,
    /// A link may name a front matter title.
    pub titles: bool,
    /// A link may name a note by slug: `[[Trade deals]]` finds `trade_deals.md`.
    pub slugs: bool,
}

/// Where new notes lie, and how they begin.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Notes {
    /// The folder, from the vault's root, of a new note that is named without one; `/` is the root, `.` the folder of the
    /// note that links to it. Where it is not set, what `.obsidian/app.json` says, else `.`.
    pub folder: Option<String>,
    /// The file, by its path from the vault's root, that new notes are copies of.
    pub template: Option<String>,
}

/// How completion writes a link. `None` means: as `.obsidian/app.json` says, else as the vault mostly does.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Completion {
    pub path: Option<LinkPath>,
    /// `[text](path)` instead of `[[name]]`.
    pub markdown: Option<bool>,
    /// Write ` | Title` behind the name.
    pub title: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkPath {
    /// The shortest name that leads to the note.
    Shortest,
    /// The path from the note that holds the link.
    Relative,
    /// The path from the vault's root.
    Absolute,
}

/// Words shown behind timestamps.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Hints {
    /// What a shifted or mismatched time most likely means.
    pub readings: bool,
    /// In how many other notes the moment is cited.
    pub elsewhere: bool,
}

/// Lines of small print above a note.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Lenses {
    /// How many timestamps a note has, who else is of its video, and a way to open it.
    pub video: bool,
    /// How many links lead to a note.
    pub links: bool,
}

/// What is shown of videos.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Video {
    /// Citations of a video that are at most so many seconds apart are of the same moment.
    pub window: u32,
    /// Show the video's picture in hovers: the editor fetches it from YouTube, the server never does.
    pub thumbnail: bool,
    /// Folders of the vault, from its root, in which transcripts lie besides those in the note's own folder; anywhere if
    /// none is named.
    pub transcripts: Vec<String>,
    /// Languages of transcripts, the best first: `en` also means `en-US`. Others come after, first the one without any.
    pub languages: Vec<String>,
}

/// What a rename means.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Rename {
    /// What the first heading of a note names.
    pub first_heading: FirstHeading,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FirstHeading {
    /// A part of the note, as every other does.
    #[default]
    Heading,
    /// The note: its file goes with it, where it is named by it.
    Note,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Findings {
    /// Severity by code, where it is not the default.
    pub severity: BTreeMap<String, Level>,
    /// Targets (glob patterns) never reported as broken.
    pub ignore: Vec<String>,
}

/// A severity as set; `off` means: not reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Off,
    Hint,
    Information,
    Warning,
    Error,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            watch: Watch::Server,
            exclude: Vec::new(),
            links: Links::default(),
            notes: Notes::default(),
            completion: Completion::default(),
            lenses: Lenses::default(),
            hints: Hints::default(),
            video: Video::default(),
            rename: Rename::default(),
            findings: Findings::default(),
        }
    }
}

impl Default for Hints {
    fn default() -> Hints {
        Hints { readings: true, elsewhere: false }
    }
}

impl Default for Lenses {
    fn default() -> Lenses {
        Lenses { video: true, links: false }
    }
}

impl Default for Video {
    fn default() -> Video {
        Video { window: 30, thumbnail: false, transcripts: Vec::new(), languages: Vec::new() }
    }
}

impl Default for Links {
    fn default() -> Links {
        Links { aliases: true, titles: true, slugs: true }
    }
}

impl Config {
    /// The settings that `.vaultls.toml` holds, and the keys in it that mean nothing.
    ///
    /// # Errors
    /// Where it is no TOML, or a value is of the wrong kind: on which line, and why.
    pub fn from_toml(text: &str) -> Result<(Config, Vec<String>), String> {
        let mut unknown = Vec::new();
        let read = toml::Deserializer::parse(text)
            .and_then(|toml| serde_ignored::deserialize(toml, |key| unknown.push(key.to_string())));
        match read {
            Ok(config) => Ok((config, unknown)),
            Err(error) => {
                let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
                Err(format!("line {line}: {}", error.message()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_and_the_rest_keeps_its_defaults() {
        let text = "watch = \"client\"\n[links]\nslugs = false\n[findings.severity]\n\"link.broken\" = \"error\"\n";
        let (config, unknown) = Config::from_toml(text).unwrap();
        assert_eq!(config.watch, Watch::Client);
        assert_eq!(config.links, Links { slugs: false, ..Links::default() });
        assert_eq!(config.findings.severity["link.broken"], Level::Error);
        assert!(unknown.is_empty());
    }

    #[test]
    fn keys_that_mean_nothing_are_named() {
        let (config, unknown) = Config::from_toml("[links]\nslug = false\n").unwrap();
        assert_eq!(config, Config::default());
        assert_eq!(unknown, ["links.slug"]);
    }

    #[test]
    fn a_mistake_is_said_with_its_line() {
        assert_eq!(
            Config::from_toml("# mine\nwatch = \"me\"\n"),
            Err("line 2: unknown variant `me`, expected `server` or `client`".to_owned())
        );
        assert!(Config::from_toml("a =").unwrap_err().starts_with("line 1: "));
    }
}
