//! Colours, lenses, hints, and what is edited together.

use crate::support::{Server, Vault, about, at};
use serde_json::{Value, json};

const TALK: &str = "---\ntitle: The talks\nvideoId: sUjFz20kTFw\n---\n\
    \u{1f389} [[china#Deals]] [[The china]] [[chinna]] #tag\n\
    One <a class=\"yt-timestamp\" data-t=\"00:06:04\">[00:06:04]</a>\n\
    Two <a class=\"yt-timestamp\" data-t=\"00:01:10\">[00:06:10]</a>\n\
    Three <a class=\"yt-timestamp\" data-t=\"00:06:20\">[00:06:20]</a>\n";

fn vault() -> Vault {
    let other =
        "---\nvideoId: sUjFz20kTFw\n---\n[[talk]] <a class=\"yt-timestamp\" data-t=\"00:06:05\">[00:06:05]</a>\n";
    Vault::of(&[("china.md", "---\ntitle: The China\n---\n# Deals\n"), ("talk.md", TALK), ("other.md", other)])
}

fn opened(vault: &Vault, capabilities: Value) -> (Server, String) {
    let mut server = Server::in_vault(vault, capabilities);
    let uri = vault.uri("talk.md");
    server.open(&uri, TALK);
    (server, uri)
}

#[test]
fn links_are_coloured_by_where_they_lead() {
    let vault = vault();
    let (mut server, uri) = opened(&vault, json!({}));
    let tokens = server.ask("textDocument/semanticTokens/full", about(&uri));
    let numbers: Vec<u64> = tokens["data"].as_array().expect("numbers").iter().filter_map(Value::as_u64).collect();
    // Distance in lines and UTF-16 columns, length, kind, modifiers.
    let line: [[u64; 5]; 5] = [[4, 5, 5, 0, 0], [0, 6, 5, 1, 0], [0, 10, 9, 0, 1], [0, 14, 6, 4, 0], [0, 9, 4, 2, 0]];
    assert_eq!(numbers[..25], line.concat());
    assert_eq!(numbers[25..30], [1, 4, 56, 3, 0]);
    let range = json!({ "start": { "line": 5, "character": 0 }, "end": { "line": 5, "character": 9 } });
    let params = json!({ "textDocument": { "uri": uri }, "range": range });
    let tokens = server.ask("textDocument/semanticTokens/range", params);
    assert_eq!(tokens["data"], json!([5, 4, 56, 3, 0]));
}

#[test]
fn a_line_above_a_note_of_a_video_opens_it() {
    let vault = vault();
    let (mut server, uri) = opened(&vault, json!({ "window": { "showDocument": { "support": true } } }));
    let lenses = server.ask("textDocument/codeLens", about(&uri));
    let command = &lenses[0]["command"];
    let title = "3 timestamps, 00:01:10-00:06:20 · 1 other note shares this video · open video";
    assert_eq!((&lenses[0]["range"]["start"]["line"], &command["title"]), (&json!(1), &json!(title)));
    let params = json!({ "command": command["command"], "arguments": command["arguments"] });
    assert!(server.ask("workspace/executeCommand", params).is_null());
    let shown = server.wait_for("a document to show", |message| message["method"] == "window/showDocument");
    assert_eq!(shown["params"]["uri"], "https://www.youtube.com/watch?v=sUjFz20kTFw");
    assert_eq!(shown["params"]["external"], true);
    let unknown = json!({ "command": "vaultls.nothing", "arguments": [] });
    assert_eq!(server.ask_in_vain("workspace/executeCommand", unknown), -32601);
}

#[test]
fn a_time_and_its_label_are_edited_together() {
    let vault = vault();
    let (mut server, uri) = opened(&vault, json!({}));
    let linked = server.ask("textDocument/linkedEditingRange", at(&uri, 5, 40));
    let columns = |range: &Value| (range["start"]["character"].as_u64(), range["end"]["character"].as_u64());
    let ranges: Vec<_> = linked["ranges"].as_array().expect("ranges").iter().map(columns).collect();
    assert_eq!(ranges, [(Some(36), Some(44)), (Some(47), Some(55))]);
    assert!(server.ask("textDocument/linkedEditingRange", at(&uri, 6, 40)).is_null(), "they differ");
}

#[test]
fn hints_say_what_a_time_likely_means_and_who_else_cites_it() {
    let vault = vault();
    vault.write(".vaultls.toml", "[hints]\nelsewhere = true\n");
    let (mut server, uri) = opened(&vault, json!({}));
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } });
    let hints = server.ask("textDocument/inlayHint", json!({ "textDocument": { "uri": uri }, "range": range }));
    let shown = |hint: &Value| (hint["position"]["line"].as_u64(), hint["label"].as_str().map(str::to_owned));
    let shown: Vec<_> = hints.as_array().expect("hints").iter().map(shown).collect();
    let label = |label: &str| Some(label.to_owned());
    assert_eq!(
        shown,
        [(Some(5), label("also in 1 note")), (Some(6), label("likely 00:06:10")), (Some(7), label("also in 1 note"))]
    );
}

#[test]
fn what_is_shown_in_a_text_is_asked_for_again_when_another_note_changes_what_it_means() {
    let vault = Vault::of(&[("index.md", "[[china]] [[japan]]\n"), ("japan.md", "")]);
    let refreshes = json!({ "refreshSupport": true });
    let can = json!({ "workspace": { "semanticTokens": refreshes, "codeLens": refreshes, "inlayHint": refreshes } });
    let mut server = Server::in_vault(&vault, can);
    let index = vault.uri("index.md");
    server.open(&index, "[[china]] [[japan]]\n");
    server.pushed(&index);
    vault.write("china.md", "");
    server
        .notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": vault.uri("china.md"), "type": 1 }] }));
    for what in ["semanticTokens", "codeLens", "inlayHint"] {
        let method = format!("workspace/{what}/refresh");
        server.wait_for(&method, |message| message["method"] == method);
    }
}
