//! The answers as the protocol wants them, in the forms that different clients can take.

use crate::support::{Server, Vault, about, at, initialize_params, names, range};
use serde_json::{Value, json};

fn vault() -> Vault {
    Vault::of(&[
        ("china.md", "---\ntitle: China\n---\n# Trade deals\n\ntext\n\n## With Moscow\n\n# Other\n"),
        ("a.md", "# Mine\n[[china#Trade deals | the talks]]\nhttps://example.org/a b\n\nprose\n"),
    ])
}

#[test]
fn what_is_announced_is_what_is_answered() {
    let vault = vault();
    let mut server = Server::start();
    let everything = json!({
        "textDocument": { "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } },
                          "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    });
    let capabilities = server.initialize(initialize_params(&vault, everything))["capabilities"].clone();
    let announced: Vec<&str> = capabilities.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(
        announced,
        [
            "codeActionProvider",
            "codeLensProvider",
            "completionProvider",
            "definitionProvider",
            "diagnosticProvider",
            "documentLinkProvider",
            "documentSymbolProvider",
            "hoverProvider",
            "inlayHintProvider",
            "linkedEditingRangeProvider",
            "positionEncoding",
            "referencesProvider",
            "renameProvider",
            "semanticTokensProvider",
            "textDocumentSync",
            "workspace",
            "workspaceSymbolProvider",
        ]
    );
    assert_eq!(capabilities["completionProvider"]["resolveProvider"], true);
    assert_eq!(capabilities["diagnosticProvider"]["workspaceDiagnostics"], true);
    assert_eq!(
        capabilities["workspace"]["workspaceFolders"],
        json!({ "supported": true, "changeNotifications": true })
    );
}

#[test]
fn definitions_are_links_or_locations() {
    let vault = vault();
    let uri = vault.uri("a.md");
    let mut plain = Server::in_vault(&vault, json!({}));
    let found = plain.definition(&uri, 1, 12);
    assert_eq!(found[0]["uri"], vault.uri("china.md"));
    assert_eq!(found[0]["range"]["start"]["line"], 3);
    let mut linked = Server::in_vault(&vault, json!({ "textDocument": { "definition": { "linkSupport": true } } }));
    let found = linked.definition(&uri, 1, 12);
    assert_eq!(found[0]["targetUri"], vault.uri("china.md"));
    assert_eq!(found[0]["targetSelectionRange"]["start"]["line"], 3);
    assert_eq!(found[0]["targetRange"]["end"]["line"], 9, "the whole section");
    assert!(linked.definition(&uri, 4, 2).is_null());
}

#[test]
fn symbols_are_nested_or_flat() {
    let vault = vault();
    let uri = vault.uri("china.md");
    let nested = json!({ "textDocument": { "documentSymbol": { "hierarchicalDocumentSymbolSupport": true } } });
    let symbols = Server::in_vault(&vault, nested).ask("textDocument/documentSymbol", about(&uri));
    assert_eq!(names(&symbols), ["Trade deals", "With Moscow", "Other"]);
    assert_eq!(symbols[0]["children"][0]["name"], "With Moscow");
    assert_eq!(symbols[0]["selectionRange"]["end"], json!({ "line": 3, "character": 13 }));
    assert_eq!(symbols[0]["range"], range((3, 0), (9, 0)));
    let symbols = Server::in_vault(&vault, json!({})).ask("textDocument/documentSymbol", about(&uri));
    assert_eq!(names(&symbols), ["Trade deals", "With Moscow", "Other"]);
    assert_eq!(symbols[1]["containerName"], "Trade deals");
    assert_eq!(symbols[1]["location"]["uri"], uri);
}

#[test]
fn a_heading_without_text_has_a_name_all_the_same() {
    let vault = Vault::of(&[("a.md", "##\n\ntext\n")]);
    let symbols = Server::in_vault(&vault, json!({})).headings(&vault.uri("a.md"));
    assert_eq!(symbols, ["##"]);
}

#[test]
fn references_are_locations_in_all_notes() {
    let vault = vault();
    let mut server = Server::in_vault(&vault, json!({}));
    let mut params = at(&vault.uri("a.md"), 1, 4);
    params["context"] = json!({ "includeDeclaration": false });
    let found = server.ask("textDocument/references", params);
    assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(found[0]["uri"], vault.uri("a.md"));
}

#[test]
fn hover_is_markdown_where_that_is_read() {
    let vault = vault();
    for (format, kind) in [(json!(["markdown", "plaintext"]), "markdown"), (json!(["plaintext"]), "plaintext")] {
        let capabilities = json!({ "textDocument": { "hover": { "contentFormat": format } } });
        let card = Server::in_vault(&vault, capabilities).ask("textDocument/hover", at(&vault.uri("a.md"), 1, 4));
        assert_eq!(card["contents"]["kind"], kind);
        assert_eq!(card["range"]["start"]["line"], 1);
    }
}

#[test]
fn document_links_lead_to_files_and_addresses() {
    let vault = vault();
    let links = Server::in_vault(&vault, json!({})).ask("textDocument/documentLink", about(&vault.uri("a.md")));
    let targets: Vec<&str> =
        links.as_array().into_iter().flatten().filter_map(|link| link["target"].as_str()).collect();
    assert_eq!(targets, [&*vault.uri("china.md"), "https://example.org/a"]);
}

/// The fixes for a link to a note that is missing.
fn fixes(abilities: Value) -> (Vault, Vec<Value>) {
    let vault = Vault::of(&[("china.md", ""), ("a.md", "")]);
    let uri = vault.uri("a.md");
    let mut server = Server::in_vault(&vault, abilities);
    server.open(&uri, "🦀 [[chinna]] [[china]]\n");
    let mut params = about(&uri);
    params["range"] = range((0, 6), (0, 6));
    params["context"] = json!({ "diagnostics": [] });
    let actions = server.ask("textDocument/codeAction", params);
    (vault, actions.as_array().cloned().unwrap_or_default())
}

fn literals() -> Value {
    json!({ "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } }, "isPreferredSupport": true })
}

#[test]
fn fixes_are_edits_in_the_form_the_client_takes() {
    let (vault, plain) = fixes(json!({ "textDocument": { "codeAction": literals() } }));
    let edit = json!({ "range": range((0, 5), (0, 11)), "newText": "china" });
    assert_eq!(plain[0]["edit"]["changes"][vault.uri("a.md")], json!([edit]));
    assert_eq!((&plain[0]["kind"], &plain[0]["isPreferred"]), (&json!("quickfix"), &json!(true)));
    assert_eq!(plain[0]["diagnostics"][0]["code"], "link.broken");
    let (vault, versioned) = fixes(json!({
        "textDocument": { "codeAction": literals() },
        "workspace": { "workspaceEdit": { "documentChanges": true } },
    }));
    let document = json!({ "uri": vault.uri("a.md"), "version": 1 });
    assert_eq!(versioned[0]["edit"]["documentChanges"], json!([{ "textDocument": document, "edits": [edit] }]));
}

#[test]
fn a_note_is_created_only_by_clients_that_can() {
    let creates = |action: &&Value| action["edit"]["documentChanges"][0]["kind"] == "create";
    let (vault, actions) = fixes(json!({
        "textDocument": { "codeAction": literals() },
        "workspace": { "workspaceEdit": { "resourceOperations": ["create"] } },
    }));
    let action = actions.iter().find(creates).expect("a fix that creates");
    let changes = &action["edit"]["documentChanges"];
    assert_eq!(changes[0]["uri"], vault.uri("chinna.md"));
    assert_eq!(changes[1]["textDocument"], json!({ "uri": vault.uri("chinna.md"), "version": null }));
    assert!(changes[1]["edits"][0]["newText"].as_str().is_some_and(|text| text.contains("chinna")), "{changes}");
    let (_, actions) = fixes(json!({
        "textDocument": { "codeAction": literals() },
        "workspace": { "workspaceEdit": { "documentChanges": true } },
    }));
    assert!(!actions.is_empty() && !actions.iter().any(|action| creates(&action)), "{actions:?}");
}

const MOMENT: &str = "<a class=\"yt-timestamp\" data-t=\"6:04\">[6:04]</a>";

/// A server with an open note of one moment, and the note's address.
fn at_a_moment(vault: &Vault) -> (Server, String) {
    let uri = vault.uri("a.md");
    let mut server = Server::in_vault(vault, json!({ "textDocument": { "codeAction": literals() } }));
    server.open(&uri, &format!("---\nvideoId: sUjFz20kTFw\n---\n{MOMENT}\n"));
    (server, uri)
}

#[test]
fn actions_come_by_kind() {
    let vault = Vault::of(&[("a.md", "")]);
    let (mut server, uri) = at_a_moment(&vault);
    let mut kinds = |only: Value| {
        let mut params = about(&uri);
        params["range"] = range((3, 0), (3, 9));
        params["context"] = json!({ "diagnostics": [], "only": only });
        let actions = server.ask("textDocument/codeAction", params);
        let kinds = actions.as_array().into_iter().flatten().filter_map(|it| it["kind"].as_str().map(str::to_owned));
        let mut kinds: Vec<String> = kinds.collect();
        kinds.sort();
        kinds.dedup();
        kinds
    };
    assert_eq!(kinds(Value::Null), ["refactor.rewrite", "source"]);
    assert_eq!(kinds(json!(["refactor"])), ["refactor.rewrite"]);
    assert_eq!(kinds(json!(["source", "quickfix"])), ["source", "source.fixAll.vaultls"]);
    assert_eq!(kinds(json!(["source.fixAll", "refactor.rewrite.other"])), ["source.fixAll.vaultls"]);
    assert_eq!(kinds(json!(["source.fixAll.other", "refactor.rewrite.other"])), [""; 0]);
}

#[test]
fn times_are_shifted_by_any_number_and_spelled_alike() {
    let vault = Vault::of(&[("a.md", ""), ("b.md", MOMENT)]);
    let (mut server, uri) = at_a_moment(&vault);
    let mut params = about(&uri);
    params["seconds"] = json!(90);
    let shifted = server.ask("vaultls/shiftTimes", params.clone());
    let texts: Vec<&Value> =
        shifted["changes"][&uri].as_array().expect("edits").iter().map(|it| &it["newText"]).collect();
    assert_eq!(texts, ["7:34", "7:34"]);
    params["range"] = range((0, 0), (1, 0));
    assert_eq!(server.ask("vaultls/shiftTimes", params.clone())["changes"], json!({}));
    let mut params = about(&uri);
    assert_eq!(server.ask("vaultls/spellTimes", params.clone())["changes"].as_object().map(|it| it.len()), Some(1));
    params["wholeVault"] = json!(true);
    let spelled = server.ask("vaultls/spellTimes", params);
    assert_eq!(spelled["changes"][vault.uri("b.md")][0]["newText"], "00:06:04");
    assert_eq!(spelled["changes"].as_object().map(|it| it.len()), Some(2));
}

#[test]
fn a_time_before_the_beginning_is_refused() {
    let vault = Vault::of(&[("a.md", "")]);
    let (mut server, uri) = at_a_moment(&vault);
    let mut params = about(&uri);
    params["seconds"] = json!(-365);
    assert_eq!(server.ask_in_vain("vaultls/shiftTimes", params), -32602);
}

#[test]
fn clients_that_know_only_commands_get_no_fixes() {
    let (_, actions) = fixes(json!({}));
    assert!(actions.is_empty());
}

/// The first item offered behind `🦀 [[chi`, and the same with its documentation.
fn first_item(abilities: Value) -> (Value, Value) {
    let vault = vault();
    let uri = vault.uri("new.md");
    let mut server = Server::in_vault(&vault, json!({ "textDocument": { "completion": abilities } }));
    server.open(&uri, "🦀 [[chi]]\n");
    let list = server.ask("textDocument/completion", at(&uri, 0, 8));
    assert_eq!(list["isIncomplete"], false);
    let item = list["items"][0].clone();
    let resolved = server.ask("completionItem/resolve", item.clone());
    (item, resolved)
}

#[test]
fn a_name_that_no_note_writes_any_more_is_not_offered() {
    let vault = Vault::of(&[("a.md", "[[ghost town]]\n"), ("b.md", "")]);
    let (a, b) = (vault.uri("a.md"), vault.uri("b.md"));
    let mut server = Server::in_vault(&vault, json!({}));
    server.open(&a, "[[ghost town]]\n");
    server.open(&b, "[[gho");
    let offered = |server: &mut Server| server.ask("textDocument/completion", at(&b, 0, 5))["items"].clone();
    assert_eq!(offered(&mut server)[0]["label"], "ghost town");
    server.change(&a, 2, "nothing\n");
    assert_eq!(offered(&mut server), json!([]));
}

#[test]
fn completion_replaces_what_stands_there() {
    let (item, _) = first_item(json!({}));
    assert_eq!(item["textEdit"]["range"], range((0, 5), (0, 8)));
    assert!(item["textEdit"]["newText"].as_str().is_some_and(|text| text.starts_with("china")), "{item}");
    assert!(item["filterText"].as_str().is_some_and(|text| text.starts_with("chi")), "{item}");
    assert_eq!((&item["sortText"], item.get("labelDetails")), (&json!("0000"), None));
}

#[test]
fn completion_inserts_or_replaces_where_the_client_lets_its_user_choose() {
    let (item, _) =
        first_item(json!({ "completionItem": { "insertReplaceSupport": true, "labelDetailsSupport": true } }));
    assert_eq!(item["textEdit"]["insert"], range((0, 5), (0, 8)));
    assert_eq!(item["textEdit"]["replace"]["start"], item["textEdit"]["insert"]["start"]);
    assert!(item.get("detail").is_none(), "{item}");
}

#[test]
fn documentation_follows_when_it_is_asked_for() {
    let (item, resolved) = first_item(json!({ "completionItem": { "documentationFormat": ["markdown"] } }));
    assert!(item.get("documentation").is_none());
    assert_eq!(resolved["documentation"]["kind"], "markdown");
    assert!(resolved["documentation"]["value"].as_str().is_some_and(|text| text.contains("Trade deals")), "{resolved}");
    let (_, resolved) = first_item(json!({}));
    assert!(resolved["documentation"].is_string(), "{resolved}");
    let mut server = Server::in_vault(&vault(), json!({}));
    let foreign = json!({ "label": "x", "data": { "of": "another server" } });
    assert_eq!(server.ask("completionItem/resolve", foreign.clone()), foreign);
}
