//! Which settings count: those of the vault's own file before those of the editor.
//!
//! Knows layers of settings and their order; not when they change.

use crate::config::{Config, FILE};
use crate::vault::disk;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::Path;

/// The name of ours among an editor's settings.
pub const SECTION: &str = "vaultls";

/// The settings of the vault at `root`, and what is wrong with them in words for its owner. What cannot be read counts as
/// not set. `layers` are the editor's, the later ones over the earlier; the vault's own file is over them all, so that a
/// vault means the same in every editor and on the command line.
pub fn of_vault(root: &Path, layers: &[&Value]) -> (Config, Vec<String>) {
    let mut problems = Vec::new();
    let mut settings = Value::Object(Map::new());
    for layer in layers {
        take_in(&mut settings, section(layer), "settings of the editor", &mut problems);
    }
    if let Some(own) = own(root, &mut problems) {
        take_in(&mut settings, &own, FILE, &mut problems);
    }
    (Config::deserialize(settings).unwrap_or_default(), problems)
}

/// What the vault's own file says.
fn own(root: &Path, problems: &mut Vec<String>) -> Option<Value> {
    let text = disk::read_small(&root.join(FILE))?;
    match Config::from_toml(&text) {
        Ok((_, unknown)) => problems.extend(unknown.iter().map(|key| format!("{FILE}: there is no setting `{key}`"))),
        Err(problem) => {
            problems.push(format!("{FILE}: {problem}"));
            return None;
        }
    }
    toml::from_str(&text).ok()
}

/// Ours among the settings of an editor: some send all of them, some only these.
fn section(settings: &Value) -> &Value {
    settings.get(SECTION).unwrap_or(settings)
}

/// Lays one layer over the others, if settings come out of it.
fn take_in(settings: &mut Value, layer: &Value, from: &str, problems: &mut Vec<String>) {
    if !layer.is_object() {
        return;
    }
    let mut merged = settings.clone();
    lay_over(&mut merged, layer);
    match Config::deserialize(&merged) {
        Ok(_) => *settings = merged,
        Err(problem) => problems.push(format!("{from}: {problem}")),
    }
}

fn lay_over(below: &mut Value, above: &Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (key, value) in above {
                lay_over(below.entry(key).or_insert(Value::Null), value);
            }
        }
        // Editors send `null` for what their user has not set.
        (_, Value::Null) => {}
        (below, above) => *below = above.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Level, Watch};
    use serde_json::json;
    use std::fs::write;

    #[test]
    fn the_vaults_own_file_is_over_the_editor() {
        let vault = tempfile::tempdir().expect("a folder");
        write(vault.path().join(FILE), "[findings.severity]\n\"link.broken\" = \"error\"\n").expect("a file");
        let first = json!({ "watch": "client", "links": { "slugs": false } });
        let second = json!({ "vaultls": { "links": { "titles": false, "slugs": null },
                                          "findings": { "severity": { "link.broken": "hint", "link.inexact": "off" } } } });
        let (config, problems) = of_vault(vault.path(), &[&first, &second]);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!((config.watch, config.links.slugs, config.links.titles), (Watch::Client, false, false));
        assert_eq!(config.findings.severity["link.broken"], Level::Error);
        assert_eq!(config.findings.severity["link.inexact"], Level::Off);
    }

    #[test]
    fn a_mistake_costs_its_layer_and_is_told() {
        let vault = tempfile::tempdir().expect("a folder");
        write(vault.path().join(FILE), "watch = ").expect("a file");
        let (config, problems) =
            of_vault(vault.path(), &[&json!({ "links": { "slugs": false } }), &json!({ "watch": 5 }), &Value::Null]);
        assert!(!config.links.slugs);
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[1].starts_with(".vaultls.toml: line 1: "), "{problems:?}");
    }

    #[test]
    fn a_key_that_means_nothing_is_told_and_costs_nothing() {
        let vault = tempfile::tempdir().expect("a folder");
        write(vault.path().join(FILE), "watch = \"client\"\nwach = 1\n").expect("a file");
        let (config, problems) = of_vault(vault.path(), &[]);
        assert_eq!((config.watch, problems), (Watch::Client, vec![".vaultls.toml: there is no setting `wach`".into()]));
    }
}
