//! The addresses that editors use, and the positions they count in.

use crate::support::{Server, Vault, about, at, initialize_params, opened, range};
use serde_json::{Value, json};

#[test]
fn every_spelling_of_an_address_is_understood_and_echoed() {
    for (file, spelling) in [
        ("a b.md", "a b.md"),
        ("a b.md", "a%20b.md"),
        ("日本語.md", "日本語.md"),
        ("日本語.md", "%E6%97%A5%E6%9C%AC%E8%AA%9E.md"),
        ("[1] {x}|^`.md", "[1] {x}|^`.md"),
        ("(a)'!*.md", "%28a%29%27%21%2A.md"),
        ("c#d?.md", "c#d?.md"),
        ("c#d?.md", "c%23d%3F.md"),
        ("100% sure.md", "100% sure.md"),
        ("e\u{301}.md", "e%CC%81.md"),
        ("🦀.md", "🦀.md"),
    ] {
        let vault = Vault::of(&[(file, "# On disk\n"), ("target.md", "")]);
        let uri = vault.uri(spelling);
        let mut server = Server::in_vault(&vault, json!({}));
        server.open(&uri, "# Trade deals\n[[#Trade deals]]\n");
        assert_eq!(server.headings(&uri), ["Trade deals"], "{spelling}");
        let definition = server.definition(&uri, 1, 5);
        assert_eq!(definition[0]["uri"], uri, "{spelling}");
        server.close(&uri);
        assert_eq!(server.headings(&uri), ["On disk"], "{spelling}");
    }
}

#[test]
fn addresses_of_other_things_than_files_are_no_notes() {
    let vault = Vault::of(&[("a.md", "# One\n")]);
    let mut server = Server::in_vault(&vault, json!({}));
    for uri in [
        "untitled:Untitled-1",
        "untitled:Untitled 1",
        "git:/a.md?{\"ref\":\"\"}",
        "vscode-notebook-cell:/x.ipynb#W0",
        "https://example.org/a.md",
        "file://",
        "file:///",
        "file:///%00.md",
        "file:///%FF%FE.md",
        "file://elsewhere/a.md",
        "",
        "a.md",
        ":",
        "%",
        "日本",
    ] {
        server.open(uri, "# No note\n");
        let id = server.request("textDocument/documentSymbol", about(uri));
        let answer = server.answer(id);
        assert!(answer["result"].is_null(), "{uri}: {answer}");
        server.close(uri);
    }
    assert_eq!(server.headings(&vault.uri("a.md")), ["One"]);
}

#[test]
fn a_plain_path_as_root_is_understood() {
    let vault = Vault::of(&[("a.md", "[[b c]]"), ("b c.md", "# B\n")]);
    let mut server = Server::start();
    server.initialize(json!({ "processId": null, "rootUri": null, "rootPath": vault.root(), "capabilities": {} }));
    server.wait_until_loaded();
    let definition = server.definition(&vault.uri("a.md"), 0, 3);
    assert_eq!(definition[0]["uri"], vault.uri("b%20c.md"));
}

#[test]
fn positions_are_counted_as_agreed() {
    let vault = Vault::of(&[("china.md", "text\n\n# é🦀 Trade\n"), ("a.md", "")]);
    let uri = vault.uri("a.md");
    for (offered, agreed, before, heading) in [
        (json!(["utf-8", "utf-16"]), "utf-8", 7, (2, 14)),
        (json!(["utf-16", "utf-32"]), "utf-16", 4, (2, 11)),
        (json!(["utf-32"]), "utf-32", 3, (2, 10)),
        (Value::Null, "utf-16", 4, (2, 11)),
    ] {
        let mut server = Server::start();
        let link_support = json!({ "definition": { "linkSupport": true } });
        let capabilities = json!({ "general": { "positionEncodings": offered }, "textDocument": link_support });
        let result = server.initialize(initialize_params(&vault, capabilities));
        assert_eq!(result["capabilities"]["positionEncoding"], agreed);
        server.wait_until_loaded();
        let mut open = opened(&uri, "🦀é ");
        open["textDocument"]["version"] = json!(1);
        server.notify("textDocument/didOpen", open);
        let insert = json!({ "range": range((0, before), (0, before)), "text": "[[china#É🦀 trade]]" });
        let document = json!({ "uri": uri, "version": 2 });
        server.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [insert] }));
        let found = server.definition(&uri, 0, before + 3)[0].clone();
        assert_eq!(found["originSelectionRange"]["start"], json!({ "line": 0, "character": before }), "{agreed}");
        let (line, end) = heading;
        assert_eq!(found["targetSelectionRange"]["end"], json!({ "line": line, "character": end }), "{agreed}");
    }
}

#[test]
fn positions_out_of_the_text_mean_its_nearest_part() {
    let vault = Vault::of(&[]);
    let uri = vault.uri("a.md");
    let mut server = Server::in_vault(&vault, json!({}));
    server.open(&uri, "# One\n");
    for (line, character) in [(0, u32::MAX), (u32::MAX, 0), (u32::MAX, u32::MAX), (7, 7)] {
        server.ask("textDocument/hover", at(&uri, line, character));
        server.ask("textDocument/completion", at(&uri, line, character));
    }
    let backwards = json!({ "range": range((9, 9), (0, 2)), "text": "Two" });
    let document = json!({ "uri": uri, "version": 2 });
    server.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [backwards] }));
    assert_eq!(server.headings(&uri), ["Two"]);
}
