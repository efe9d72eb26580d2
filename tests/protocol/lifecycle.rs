//! How the server begins and ends.

use crate::support::{Server, Vault, about, initialize_params, notification, opened};
use serde_json::json;
use std::process::{Command, Stdio};

#[test]
fn requests_before_initialize_and_after_shutdown_are_refused() {
    let vault = Vault::of(&[("china.md", "# Trade deals\n")]);
    let uri = vault.uri("china.md");
    let mut server = Server::start();
    assert_eq!(server.ask_in_vain("textDocument/hover", about(&uri)), -32002);
    assert_eq!(server.ask_in_vain("no/such/method", json!({})), -32002);
    assert_eq!(server.ask_in_vain("shutdown", json!(null)), -32002);
    server.open(&uri, "# not yet\n");
    server.initialize(initialize_params(&vault, json!({})));
    assert_eq!(server.ask_in_vain("initialize", initialize_params(&vault, json!({}))), -32600);
    server.wait_until_loaded();
    assert_eq!(server.headings(&uri), ["Trade deals"]);
    assert_eq!(server.ask("shutdown", json!(null)), json!(null));
    assert_eq!(server.ask_in_vain("textDocument/hover", about(&uri)), -32600);
    assert_eq!(server.ask_in_vain("no/such/method", json!({})), -32600);
    assert_eq!(server.ask_in_vain("shutdown", json!(null)), -32600);
}

#[test]
fn a_note_opened_in_the_same_write_as_initialize_is_kept() {
    let vault = Vault::of(&[]);
    let uri = vault.uri("china.md");
    let mut server = Server::start();
    let initialize = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize",
                             "params": initialize_params(&vault, json!({})) });
    let question = json!({ "jsonrpc": "2.0", "id": 1, "method": "textDocument/documentSymbol", "params": about(&uri) });
    let messages = [
        initialize,
        notification("initialized", json!({})),
        notification("textDocument/didOpen", opened(&uri, "# Trade deals\n")),
        question,
    ];
    let bytes: Vec<u8> = messages.iter().flat_map(crate::support::frame).collect();
    server.write(&bytes);
    assert_eq!(server.answer(1)["result"][0]["name"], "Trade deals");
}

#[test]
fn nothing_is_said_before_the_answer_to_initialize() {
    let vault = Vault::of(&[("a.md", "[[none]] [[b]]"), ("b.md", ""), (".vaultls.toml", "watch = 5")]);
    let mut server = Server::start();
    let mut params = initialize_params(&vault, json!({ "window": { "workDoneProgress": true } }));
    params["initializationOptions"] = json!({ "watch": 7 });
    let id = server.request("initialize", params);
    let first = server.wait_for("the first message", |_| true);
    assert_eq!(first["id"], id);
    assert_eq!(first["result"]["serverInfo"]["name"], "vaultls");
}

#[test]
fn the_exit_code_says_whether_it_was_in_order() {
    let begin = || Server::in_vault(&Vault::of(&[]), json!({}));
    let mut server = begin();
    server.ask("shutdown", json!(null));
    server.notify("exit", json!(null));
    assert_eq!(server.exit_code(), Some(0));

    let mut server = begin();
    server.notify("exit", json!(null));
    assert_eq!(server.exit_code(), Some(1));

    let mut server = Server::start();
    server.notify("exit", json!(null));
    assert_eq!(server.exit_code(), Some(1));
}

#[test]
fn the_end_of_the_input_is_the_end_of_the_server() {
    let mut server = Server::in_vault(&Vault::of(&[]), json!({}));
    server.close_input();
    assert_eq!(server.exit_code(), Some(1));

    let mut server = Server::in_vault(&Vault::of(&[]), json!({}));
    server.ask("shutdown", json!(null));
    server.close_input();
    assert_eq!(server.exit_code(), Some(0));
}

#[test]
fn initialized_without_parameters_is_understood() {
    let vault = Vault::of(&[]);
    let watching = json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    for message in [json!({ "method": "initialized" }), notification("initialized", json!(null))] {
        let mut server = Server::start();
        server.ask("initialize", initialize_params(&vault, watching.clone()));
        server.send(&message);
        server.wait_for("a registration", |message| message["method"] == "client/registerCapability");
    }
}

#[test]
fn shutdown_with_an_empty_object_is_understood() {
    let mut server = Server::in_vault(&Vault::of(&[]), json!({}));
    assert_eq!(server.ask("shutdown", json!({})), json!(null));
}

#[test]
fn a_server_ends_with_its_client() {
    let vault = Vault::of(&[]);
    let mut client = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("a process");
    let mut server = Server::start();
    let mut params = initialize_params(&vault, json!({}));
    params["processId"] = json!(client.id());
    server.initialize(params);
    client.kill().and_then(|()| client.wait()).expect("the client ends");
    assert_eq!(server.exit_code(), Some(1));
}

#[test]
fn a_client_that_cannot_be_seen_is_not_waited_for() {
    let vault = Vault::of(&[("china.md", "# Trade deals\n")]);
    let mut server = Server::start();
    let mut params = initialize_params(&vault, json!({}));
    params["processId"] = json!(u32::MAX);
    server.initialize(params);
    server.wait_until_loaded();
    assert_eq!(server.headings(&vault.uri("china.md")), ["Trade deals"]);
}
