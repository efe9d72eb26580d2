//! Which folders are vaults, what settings they have, and what is told of them.

use crate::support::{Server, Vault, at, codes, initialize_params};
use serde_json::{Value, json};

fn folder(vault: &Vault, path: &str) -> Value {
    json!({ "uri": vault.uri(path), "name": "folder" })
}

#[test]
fn several_folders_are_several_vaults() {
    let (one, two) = (Vault::of(&[("china.md", "# One\n")]), Vault::of(&[("china.md", "# Two\n")]));
    let mut server = Server::start();
    let mut params = initialize_params(&one, json!({}));
    params["workspaceFolders"] = json!([folder(&one, ""), folder(&two, "")]);
    server.initialize(params);
    server.wait_until_loaded();
    for vault in [&one, &two] {
        server.open(&vault.uri("a.md"), "[[china]]");
        assert_eq!(server.definition(&vault.uri("a.md"), 0, 3)[0]["uri"], vault.uri("china.md"));
    }
    let symbols = server.ask("workspace/symbol", json!({ "query": "china" }));
    assert_eq!(symbols.as_array().map(Vec::len), Some(2), "{symbols}");
}

#[test]
fn folders_come_and_go_and_open_notes_with_them() {
    let vault = Vault::of(&[("inner/china.md", "# Inner\n"), ("china.md", "# Outer\n")]);
    let uri = vault.uri("inner/a.md");
    let mut server = Server::in_vault(&vault, json!({}));
    server.open(&uri, "# Mine\n[[/china]]");
    let leads_to = |server: &mut Server| server.definition(&uri, 1, 4)[0]["uri"].clone();
    assert_eq!(leads_to(&mut server), vault.uri("china.md"));
    let change = |added: &[Value], removed: &[Value]| json!({ "event": { "added": added, "removed": removed } });
    server.notify("workspace/didChangeWorkspaceFolders", change(&[folder(&vault, "inner")], &[]));
    server.wait_until_loaded();
    assert_eq!(leads_to(&mut server), vault.uri("inner/china.md"));
    assert_eq!(server.headings(&uri), ["Mine"], "the text moved along");
    server.notify("workspace/didChangeWorkspaceFolders", change(&[], &[folder(&vault, "inner")]));
    assert_eq!(leads_to(&mut server), vault.uri("china.md"));
    assert_eq!(server.headings(&uri), ["Mine"]);
}

#[test]
fn a_file_outside_of_all_folders_has_a_vault_of_its_own() {
    let vault = Vault::of(&[(".obsidian/app.json", "{}"), ("china.md", "# China\n"), ("talks/a.md", "[[china]]")]);
    let mut server = Server::start();
    server.initialize(json!({ "processId": null, "rootUri": null, "capabilities": {} }));
    let uri = vault.uri("talks/a.md");
    assert!(server.definition(&uri, 0, 3).is_null(), "nobody knows of it");
    server.open(&uri, "[[china]]");
    server.wait_until_loaded();
    assert_eq!(server.definition(&uri, 0, 3)[0]["uri"], vault.uri("china.md"));
    server.close(&uri);
    let symbols = server.ask("workspace/symbol", json!({ "query": "china" }));
    assert_eq!(symbols, json!([]), "it went with its last note");
}

#[test]
fn settings_of_the_vault_and_of_the_editor_count() {
    let vault = Vault::of(&[
        (".vaultls.toml", "[findings.severity]\n\"link.broken\" = \"error\"\n"),
        ("china.md", "---\naliases: [prc]\n---\n"),
    ]);
    let uri = vault.uri("a.md");
    let mut server = Server::start();
    let mut params = initialize_params(&vault, json!({}));
    params["initializationOptions"] =
        json!({ "vaultls": { "findings": { "severity": { "link.inexact": "warning" } } } });
    server.initialize(params);
    server.open(&uri, "[[missing]] [[prc]]");
    let severities = |found: &Value| -> Vec<i64> {
        found.as_array().into_iter().flatten().filter_map(|finding| finding["severity"].as_i64()).collect()
    };
    assert_eq!(severities(&server.pushed(&uri)), [1, 2]);
    let settings = json!({ "findings": { "severity": { "link.inexact": "off", "link.broken": "hint" } } });
    server.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
    assert_eq!(severities(&server.pushed(&uri)), [1], "the vault's own file is over the editor");
    vault.write(".vaultls.toml", "");
    server.notify(
        "workspace/didChangeWatchedFiles",
        json!({ "changes": [{ "uri": vault.uri(".vaultls.toml"), "type": 2 }] }),
    );
    assert_eq!(severities(&server.pushed(&uri)), [4]);
}

#[test]
fn settings_are_asked_for_where_the_client_has_them() {
    let vault = Vault::of(&[("china.md", "")]);
    let uri = vault.uri("a.md");
    let mut server = Server::start();
    server.settings = json!({ "findings": { "severity": { "link": "error" } } });
    let configuration = json!({ "configuration": true, "didChangeConfiguration": { "dynamicRegistration": true } });
    server.initialize(initialize_params(&vault, json!({ "workspace": configuration })));
    server.wait_for("the question", |message| message["method"] == "workspace/configuration");
    server.open(&uri, "[[missing]] [[china]]");
    let mut found = server.pushed(&uri);
    if found[0]["severity"] != 1 {
        found = server.pushed(&uri); // The answer came after the first look.
    }
    assert_eq!(found[0]["severity"], 1);
    server.settings = json!({ "findings": { "severity": { "link": "off" } } });
    server.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    assert_eq!(server.pushed(&uri), json!([]));
    let asked = &server.asked;
    let question = asked.iter().find(|request| request["method"] == "workspace/configuration").expect("a question");
    assert_eq!(question["params"]["items"][0], json!({ "scopeUri": vault.uri(""), "section": "vaultls" }));
    let registered = asked.iter().find(|request| request["method"] == "client/registerCapability");
    let registered = &registered.expect("a registration")["params"]["registrations"];
    assert_eq!(registered.as_array().map(Vec::len), Some(1));
    assert_eq!(registered[0]["method"], "workspace/didChangeConfiguration");
}

#[test]
fn a_mistake_in_the_settings_is_told_to_the_user() {
    let vault = Vault::of(&[(".vaultls.toml", "watch = \"nobody\"\n")]);
    let mut server = Server::in_vault(&vault, json!({}));
    let message = server.notified("window/showMessage")["message"].as_str().map(str::to_owned);
    assert!(message.as_deref().is_some_and(|message| message.starts_with(".vaultls.toml: line 1: ")), "{message:?}");
}

#[test]
fn watching_is_registered_only_where_that_is_possible() {
    let vault = Vault::of(&[]);
    for dynamic in [true, false] {
        let watching = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": dynamic } } });
        let mut server = Server::in_vault(&vault, watching);
        if dynamic {
            server.wait_for("a registration", |message| message["method"] == "client/registerCapability");
            let registrations = &server.asked[0]["params"]["registrations"];
            assert_eq!(registrations[0]["method"], "workspace/didChangeWatchedFiles");
        }
        server.rest();
        assert_eq!(server.asked.len(), dynamic as usize);
    }
}

#[test]
fn events_of_the_client_are_hints_to_look() {
    let vault = Vault::of(&[(".vaultls.toml", "watch = \"client\"\n"), ("china.md", "")]);
    let uri = vault.uri("a.md");
    let mut server = Server::in_vault(&vault, json!({}));
    server.open(&uri, "[[new]] [[china]]");
    assert_eq!(codes(&server.pushed(&uri)), ["link.broken"]);
    vault.write("new.md", "");
    let events =
        json!({ "changes": [{ "uri": vault.uri("new.md"), "type": 3 }, { "uri": vault.uri("none.md"), "type": 1 }] });
    server.notify("workspace/didChangeWatchedFiles", events);
    assert_eq!(server.pushed(&uri), json!([]), "whatever the event says, the disk is asked");
}

#[test]
fn progress_is_shown_while_a_vault_is_read() {
    let notes: Vec<(String, String)> =
        (0..6_000).map(|i| (format!("{i}.md"), format!("# Note {i}\n[[{}]]\n", i + 1))).collect();
    let files: Vec<(&str, &str)> = notes.iter().map(|(path, text)| (&**path, &**text)).collect();
    let vault = Vault::of(&files);
    let mut server = Server::in_new_vault(&vault, json!({ "window": { "workDoneProgress": true } }));
    server.wait_for("a token", |message| message["method"] == "window/workDoneProgress/create");
    let token = server.asked[0]["params"]["token"].clone();
    let begin = server.notified("$/progress");
    assert_eq!((&begin["token"], &begin["value"]["kind"]), (&token, &json!("begin")));
    let mut last = begin;
    while last["value"]["kind"] != "end" {
        last = server.notified("$/progress");
    }
    assert_eq!(last["value"]["message"], "6,000 notes");
}

#[test]
fn a_client_without_progress_is_shown_none() {
    let vault = Vault::of(&[("a.md", "")]);
    let mut server = Server::in_vault(&vault, json!({}));
    assert!(server.rest().is_empty());
    assert!(server.asked.is_empty());
    assert!(server.ask("textDocument/hover", at(&vault.uri("a.md"), 0, 0)).is_null());
}

#[test]
fn settings_that_another_program_writes_count_at_once() {
    let vault = Vault::of(&[(".vaultls.toml", ""), ("a.md", "[[chinna]]")]);
    let mut server = Server::in_vault(&vault, json!({}));
    let uri = vault.uri("a.md");
    server.open(&uri, "[[chinna]]");
    assert_eq!(codes(&server.pushed(&uri)), ["link.broken"]);
    vault.write(".vaultls.toml", "[findings.severity]\nlink = \"off\"\n");
    assert!(codes(&server.pushed(&uri)).is_empty());
}

#[test]
fn a_note_too_large_to_be_read_is_told_once_and_links_to_it_work() {
    let vault = Vault::of(&[("a.md", "[[huge]]")]);
    vault.write("huge.md", &"words ".repeat(3 << 20));
    let mut server = Server::in_vault(&vault, json!({}));
    let told = server.notified("window/showMessage");
    assert!(told["message"].as_str().is_some_and(|told| told.contains("huge.md has 18 MB")), "{told}");
    server.open(&vault.uri("a.md"), "[[huge]]");
    assert_eq!(server.definition(&vault.uri("a.md"), 0, 3)[0]["uri"], vault.uri("huge.md"));
}
