//! What is done before what, and what nothing may hold up.

use crate::support::{Server, Vault, about, at, frame, initialize_params, notification, range};
use serde_json::{Value, json};

/// A client that pulls findings: its question for news is held until there are some.
fn pulling() -> Value {
    json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } })
}

/// A question that has no answer as long as nothing changes.
fn ask_for_news(server: &mut Server) -> i64 {
    server.request("workspace/diagnostic", json!({ "previousResultIds": [], "partialResultToken": "news" }))
}

#[test]
fn a_request_sees_every_edit_before_it() {
    let vault = Vault::of(&[]);
    let uri = vault.uri("a.md");
    let mut server = Server::in_vault(&vault, json!({}));
    server.open(&uri, "");
    let mut bytes = Vec::new();
    for version in 2..10_002 {
        let change = json!({ "range": range((version - 2, 0), (version - 2, 0)), "text": "# h\n" });
        let document = json!({ "uri": uri, "version": version });
        let edit = json!({ "textDocument": document, "contentChanges": [change] });
        bytes.extend(frame(&notification("textDocument/didChange", edit)));
    }
    server.write(&bytes);
    assert_eq!(server.headings(&uri).len(), 10_000);
}

#[test]
fn each_request_sees_exactly_the_edits_before_it() {
    let vault = Vault::of(&[]);
    let uri = vault.uri("a.md");
    let mut server = Server::in_vault(&vault, json!({}));
    server.open(&uri, "# 0\n");
    let mut asked = Vec::new();
    for version in 1..200 {
        server.change(&uri, version, &format!("# {version}\n"));
        asked.push((version, server.request("textDocument/documentSymbol", about(&uri))));
    }
    for (version, id) in asked {
        assert_eq!(server.answer(id)["result"][0]["name"], version.to_string());
    }
}

#[test]
fn pending_requests_stop_neither_cancellation_nor_edits() {
    let vault = Vault::of(&[("a.md", "text\n")]);
    let uri = vault.uri("a.md");
    let mut server = Server::in_vault(&vault, pulling());
    let pending: Vec<i64> = (0..20).map(|_| ask_for_news(&mut server)).collect();
    server.open(&uri, "# One\n");
    assert_eq!(server.headings(&uri), ["One"]);
    for &id in pending.iter().rev() {
        server.notify("$/cancelRequest", json!({ "id": id }));
        assert_eq!(server.answer(id)["error"]["code"], -32800);
    }
    server.change(&uri, 2, "# Two\n");
    assert_eq!(server.headings(&uri), ["Two"]);
}

#[test]
fn a_cancelled_id_can_be_used_again() {
    let vault = Vault::of(&[("a.md", "# One\n")]);
    let mut server = Server::in_vault(&vault, pulling());
    let id = ask_for_news(&mut server);
    let again = json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/documentSymbol",
                        "params": about(&vault.uri("a.md")) });
    server.send(&again);
    assert_eq!(server.answer(id)["error"]["code"], -32600, "the id is in use");
    server.notify("$/cancelRequest", json!({ "id": id }));
    assert_eq!(server.answer(id)["error"]["code"], -32800);
    server.send(&again);
    assert_eq!(server.answer(id)["result"][0]["name"], "One");
    server.notify("$/cancelRequest", json!({ "id": id }));
    assert!(server.rest().is_empty(), "what is answered cannot be cancelled");
}

#[test]
fn news_are_told_when_there_are_some() {
    let vault = Vault::of(&[("a.md", "[[b]]\n"), ("b.md", "")]);
    let mut server = Server::in_vault(&vault, pulling());
    let id = ask_for_news(&mut server);
    server.open(&vault.uri("b.md"), "[[a]] [[missing]]");
    let report = &server.answer(id)["result"]["items"][0];
    assert_eq!(report["uri"], vault.uri("b.md"));
    assert_eq!(report["items"][0]["code"], "link.broken");
}

#[test]
fn an_output_that_nobody_reads_holds_nothing_up() {
    let headings = "# A heading of some length, so that there is something to say\n".repeat(100);
    let vault = Vault::of(&[("a.md", &headings)]);
    let uri = vault.uri("a.md");
    let mut server = Server::start_unread();
    let initialize = json!({ "jsonrpc": "2.0", "id": "init", "method": "initialize",
                             "params": initialize_params(&vault, json!({})) });
    server.send(&initialize);
    server.notify("initialized", json!({}));
    server.open(&uri, &headings);
    // Some 60 MB of answers: more than all buffers on the way.
    let asked: Vec<i64> = (0..3_000).map(|_| server.request("textDocument/documentSymbol", about(&uri))).collect();
    server.change(&uri, 2, "# Read at last\n");
    let last = server.request("textDocument/documentSymbol", about(&uri));
    server.read();
    assert_eq!(server.answer(last)["result"][0]["name"], "Read at last");
    for id in asked {
        assert_eq!(server.answer(id)["result"].as_array().map(Vec::len), Some(100));
    }
}

#[test]
fn a_client_that_reads_nothing_can_still_end_the_server() {
    let headings = "# A heading of some length, so that there is something to say\n".repeat(1_000);
    let vault = Vault::of(&[("a.md", &headings)]);
    let mut server = Server::start_unread();
    let id =
        json!({ "jsonrpc": "2.0", "id": "i", "method": "initialize", "params": initialize_params(&vault, json!({})) });
    server.send(&id);
    server.open(&vault.uri("a.md"), &headings);
    for _ in 0..300 {
        server.request("textDocument/documentSymbol", about(&vault.uri("a.md")));
    }
    server.request("shutdown", json!(null));
    server.notify("exit", json!(null));
    assert_eq!(server.exit_code(), Some(0));
}

#[test]
fn changes_that_overtake_each_other_do_not_spoil_the_text_of_helix() {
    let vault = Vault::of(&[]);
    let uri = vault.uri("a.md");
    let mut server = Server::start();
    let mut params = initialize_params(&vault, json!({}));
    params["clientInfo"] = json!({ "name": "helix", "version": "25.01.1" });
    let result = server.initialize(params);
    assert_eq!(result["capabilities"]["textDocumentSync"]["change"], 1, "whole texts");
    server.open(&uri, "# 1\n");
    for version in [4, 2, 5, 3] {
        server.change(&uri, version, &format!("# {version}\n"));
    }
    assert_eq!(server.headings(&uri), ["5"]);
    server.close(&uri);
    server.open(&uri, "# 1\n");
    server.change(&uri, 2, "# 2\n");
    assert_eq!(server.headings(&uri), ["2"], "the guard starts anew with the note");
}

#[test]
fn other_clients_are_asked_for_differences_and_believed() {
    let vault = Vault::of(&[]);
    let uri = vault.uri("a.md");
    let mut server = Server::start();
    let result = server.initialize(initialize_params(&vault, json!({})));
    assert_eq!(result["capabilities"]["textDocumentSync"]["change"], 2, "differences");
    server.open(&uri, "# 1\n");
    server.change(&uri, 0, "# 0\n");
    assert_eq!(server.headings(&uri), ["0"]);
}

#[test]
fn definitions_are_answered_while_the_vault_is_read_and_references_when_it_is() {
    let notes: Vec<(String, String)> =
        (0..3_000).map(|i| (format!("notes/{i}.md"), format!("# Note {i}\n[[china]] [[{}]]\n", i + 1))).collect();
    let mut files: Vec<(&str, &str)> = notes.iter().map(|(path, text)| (&**path, &**text)).collect();
    files.push(("china.md", "# China\n"));
    let vault = Vault::of(&files);
    let uri = vault.uri("a.md");
    let mut server = Server::in_new_vault(&vault, json!({}));
    server.open(&uri, "# Mine\n[[china]]\n");
    let mut references = at(&uri, 1, 4);
    references["context"] = json!({ "includeDeclaration": false });
    let cancelled = server.request("textDocument/references", references.clone());
    server.notify("$/cancelRequest", json!({ "id": cancelled }));
    let all = server.request("textDocument/references", references);
    assert_eq!(server.headings(&uri), ["Mine"]);
    assert_eq!(server.answer(all)["result"].as_array().map(Vec::len), Some(3_001));
    let answer = server.answer(cancelled);
    assert!(answer["error"]["code"] == -32800 || answer["result"].is_array(), "{answer}");
}
