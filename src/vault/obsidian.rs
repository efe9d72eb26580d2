//! What a vault's own `.obsidian/app.json` says about links.

use super::disk;
use crate::config::LinkPath;
use regex::Regex;
use std::path::Path;

/// The settings of Obsidian that decide how links are written and what is set aside.
#[derive(Debug, Default, PartialEq)]
pub struct Obsidian {
    /// `newLinkFormat`
    pub link_path: Option<LinkPath>,
    /// `useMarkdownLinks`
    pub markdown: Option<bool>,
    /// `newFileLocation` and `newFileFolderPath`: the folder of new notes, `/` for the root, `.` for that of the open note.
    pub new_notes: Option<String>,
    /// `userIgnoreFilters`
    set_aside: Vec<Filter>,
}

#[derive(Debug)]
enum Filter {
    /// A path or the beginning of one.
    Prefix(String),
    /// `/expression/`
    Pattern(Regex),
}

impl PartialEq for Filter {
    fn eq(&self, other: &Filter) -> bool {
        match (self, other) {
            (Filter::Prefix(a), Filter::Prefix(b)) => a == b,
            (Filter::Pattern(a), Filter::Pattern(b)) => a.as_str() == b.as_str(),
            _ => false,
        }
    }
}

#[derive(Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct AppJson {
    new_link_format: Option<String>,
    use_markdown_links: Option<bool>,
    new_file_location: Option<String>,
    new_file_folder_path: Option<String>,
    user_ignore_filters: Option<Vec<String>>,
}

impl Obsidian {
    /// Reads the settings of the vault at `root`; without a readable file there are none.
    pub fn read(root: &Path) -> Obsidian {
        let json = disk::read_small(&root.join(".obsidian/app.json")).unwrap_or_default();
        let app: AppJson = serde_json::from_str(&json).unwrap_or_default();
        let link_path = match app.new_link_format.as_deref() {
            Some("shortest") => Some(LinkPath::Shortest),
            Some("relative") => Some(LinkPath::Relative),
            Some("absolute") => Some(LinkPath::Absolute),
            _ => None,
        };
        let new_notes = match app.new_file_location.as_deref() {
            Some("root") => Some("/".to_owned()),
            Some("current") => Some(".".to_owned()),
            Some("folder") => app.new_file_folder_path,
            _ => None,
        };
        let filters = app.user_ignore_filters.unwrap_or_default();
        Obsidian {
            link_path,
            markdown: app.use_markdown_links,
            new_notes,
            set_aside: filters.iter().filter_map(|written| filter(written)).collect(),
        }
    }

    /// Whether a path (relative to the root) is named by `userIgnoreFilters`.
    pub fn sets_aside(&self, path: &str) -> bool {
        self.set_aside.iter().any(|filter| match filter {
            Filter::Prefix(prefix) => path.starts_with(prefix.as_str()),
            Filter::Pattern(pattern) => pattern.is_match(path),
        })
    }
}

fn filter(written: &str) -> Option<Filter> {
    match written.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        Some(pattern) if !pattern.is_empty() => Regex::new(pattern).ok().map(Filter::Pattern),
        _ => Some(Filter::Prefix(written.to_owned())).filter(|_| !written.is_empty()),
    }
}
