//! Code actions that are planned when they are taken, and what is kept from clients that cannot do them.

use crate::support::{Server, Vault, about, range};
use serde_json::{Value, json};

/// What a client can that does all there is.
fn able() -> Value {
    json!({
        "textDocument": { "codeAction": {
            "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } },
            "dataSupport": true,
            "resolveSupport": { "properties": ["edit"] },
            "honorsChangeAnnotations": true,
        } },
        "workspace": { "workspaceEdit": {
            "documentChanges": true,
            "resourceOperations": ["create"],
            "changeAnnotationSupport": {},
        } },
    })
}

/// The same without one ability.
fn without(pointer: &str) -> Value {
    let mut able = able();
    *able.pointer_mut(pointer).expect("an ability") = Value::Null;
    able
}

fn vault() -> Vault {
    Vault::of(&[("aaa.md", "# A\n"), ("b.md", "[[aaa#Part]] of it\n"), ("c.md", "")])
}

const TEXT: &str = "# Aaa\n🦀 [[b]]\n## Part\ntext\n";

/// A server that holds `a.md` open.
fn opened(vault: &Vault, abilities: Value) -> Server {
    let mut server = Server::in_vault(vault, abilities);
    server.open(&vault.uri("aaa.md"), TEXT);
    server
}

fn actions(server: &mut Server, vault: &Vault, line: u32, context: Value) -> Vec<Value> {
    let mut params = about(&vault.uri("aaa.md"));
    params["range"] = range((line, 3), (line, 3));
    params["context"] = context;
    server.ask("textDocument/codeAction", params).as_array().cloned().unwrap_or_default()
}

fn titled(actions: &[Value], words: &str) -> Option<Value> {
    actions.iter().find(|action| action["title"].as_str().is_some_and(|title| title.contains(words))).cloned()
}

const ALL: fn() -> Value = || json!({ "diagnostics": [] });

#[test]
fn an_action_on_other_notes_is_planned_when_it_is_taken() {
    let vault = vault();
    let mut server = opened(&vault, able());
    let offered = titled(&actions(&mut server, &vault, 2, ALL()), "leaving a link").expect("an action");
    assert_eq!((&offered["kind"], offered.get("edit")), (&json!("refactor.extract"), None));
    let taken = server.ask("codeAction/resolve", offered);
    let changes = &taken["edit"]["documentChanges"];
    assert_eq!((&changes[0]["kind"], &changes[0]["uri"]), (&json!("create"), &json!(vault.uri("Part.md"))));
    assert_eq!(changes[1]["edits"][0]["newText"], "# Part\ntext\n");
    assert_eq!(changes[2]["textDocument"], json!({ "uri": vault.uri("aaa.md"), "version": 1 }));
    assert_eq!(changes[2]["edits"][0]["range"], range((2, 0), (4, 0)));
    assert_eq!(changes[3]["textDocument"], json!({ "uri": vault.uri("b.md"), "version": null }));
    assert_eq!(changes[3]["edits"][0]["newText"], "Part");
    let remark = changes[3]["edits"][0]["annotationId"].as_str().expect("a remark");
    let remark = &taken["edit"]["changeAnnotations"][remark];
    assert_eq!((&remark["label"], remark.get("needsConfirmation")), (&json!("Move `Part` to `Part.md`"), None));
}

#[test]
fn an_action_on_a_text_that_has_changed_is_refused() {
    let vault = vault();
    let mut server = opened(&vault, able());
    let offered = titled(&actions(&mut server, &vault, 2, ALL()), "leaving a link").expect("an action");
    server.change(&vault.uri("aaa.md"), 2, "# Aaa\n");
    assert_eq!(server.ask_in_vain("codeAction/resolve", offered), -32801);
}

#[test]
fn mentions_are_linked_by_choice() {
    let vault = vault();
    let mut server = opened(&vault, able());
    server.open(&vault.uri("c.md"), "🦀 the Aaa\n");
    let offered = titled(&actions(&mut server, &vault, 0, ALL()), "unlinked mentions").expect("an action");
    let taken = server.ask("codeAction/resolve", offered);
    let edit = &taken["edit"]["documentChanges"][0]["edits"][0];
    assert_eq!((&edit["newText"], &edit["range"]), (&json!("[[Aaa]]"), &range((0, 7), (0, 10))));
    let remark = &taken["edit"]["changeAnnotations"][edit["annotationId"].as_str().expect("a remark")];
    assert_eq!(remark["needsConfirmation"], true);
}

#[test]
fn nothing_is_offered_that_the_client_cannot_do() {
    let vault = vault();
    let offered = |abilities: Value, line: u32, words: &str| {
        titled(&actions(&mut opened(&vault, abilities), &vault, line, ALL()), words)
    };
    assert_eq!(offered(without("/workspace/workspaceEdit/resourceOperations"), 2, "leaving"), None);
    assert!(offered(able(), 0, "unlinked").is_some());
    assert_eq!(offered(without("/workspace/workspaceEdit/changeAnnotationSupport"), 0, "unlinked"), None);
    assert_eq!(offered(without("/textDocument/codeAction/honorsChangeAnnotations"), 0, "unlinked"), None);
    assert_eq!(offered(without("/textDocument/codeAction/resolveSupport"), 1, "of the vault"), None);
    // What few notes have to do with is told at once.
    let told = offered(without("/textDocument/codeAction/resolveSupport"), 2, "leaving a link").expect("an action");
    assert_eq!((&told["edit"]["documentChanges"][0]["kind"], told.get("data")), (&json!("create"), None));
    let mut server = opened(&vault, without("/workspace/workspaceEdit/documentChanges"));
    let plain = titled(&actions(&mut server, &vault, 1, ALL()), "Convert to").expect("an action");
    let plain = server.ask("codeAction/resolve", plain);
    assert_eq!(plain["edit"]["changes"][vault.uri("aaa.md")][0]["newText"], "[b](b.md)");
}

#[test]
fn who_only_looks_by_is_not_told_of_what_is_possible_everywhere() {
    let vault = vault();
    let mut server = opened(&vault, able());
    let mut block_id = |trigger: Value| {
        let context = json!({ "diagnostics": [], "triggerKind": trigger });
        titled(&actions(&mut server, &vault, 3, context), "block id").is_some()
    };
    assert_eq!((block_id(json!(1)), block_id(json!(2)), block_id(Value::Null)), (true, false, true));
}

#[test]
fn what_concerns_the_whole_note_needs_no_place() {
    let vault = vault();
    let mut server = opened(&vault, able());
    let source = json!({ "diagnostics": [], "only": ["source"] });
    let all = actions(&mut server, &vault, 3, source);
    for words in ["Convert the wikilinks of the vault", "unlinked mentions"] {
        assert!(titled(&all, words).is_some(), "{words}: {all:?}");
    }
    assert!(titled(&actions(&mut server, &vault, 3, ALL()), "of the vault").is_none());
}

#[test]
fn what_needs_no_asking_is_mended_on_save() {
    let vault = Vault::of(&[("aaa.md", ""), ("trade_deals.md", "")]);
    let mut server = Server::in_vault(&vault, able());
    server.open(&vault.uri("aaa.md"), "🦀 [[Trade deals]] [[missing]]\n");
    let on_save = json!({ "diagnostics": [], "only": ["source.fixAll"], "triggerKind": 2 });
    let offered = actions(&mut server, &vault, 0, on_save);
    assert_eq!((offered.len(), &offered[0]["kind"]), (1, &json!("source.fixAll.vaultls")));
    let taken = server.ask("codeAction/resolve", offered[0].clone());
    let edits = &taken["edit"]["documentChanges"][0]["edits"];
    assert_eq!(*edits, json!([{ "range": range((0, 5), (0, 16)), "newText": "trade_deals" }]));
}

#[test]
fn who_takes_an_action_that_finds_nothing_is_told() {
    let vault = vault();
    let mut server = opened(&vault, able());
    let offered = titled(&actions(&mut server, &vault, 0, ALL()), "unlinked mentions").expect("an action");
    assert_eq!(server.ask("codeAction/resolve", offered).get("edit"), None);
    assert_eq!(server.notified("window/showMessage")["message"], "There is nothing to change.");
}
