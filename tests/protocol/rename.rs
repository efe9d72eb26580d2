//! Renames and moves over the wire: in the form that the client can take, from what is on disk now, and never half.

use crate::support::{Server, Vault, at, range};
use serde_json::{Value, json};

fn capabilities(operations: &[&str], document_changes: bool) -> Value {
    json!({
        "workspace": { "workspaceEdit": { "documentChanges": document_changes, "resourceOperations": operations } },
        "textDocument": { "rename": { "prepareSupport": true } },
    })
}

fn vault() -> Vault {
    Vault::of(&[
        ("index.md", "😀 [[china]] and [x](talks/moscow.md)\n"),
        ("china.md", "[[moscow]]\n"),
        ("talks/moscow.md", "[y](../china.md) ![[pic.png]]\n"),
        ("talks/pic.png", ""),
        ("board.canvas", "{\"nodes\":[{\"type\":\"file\",\"file\":\"china.md\"}]}"),
    ])
}

fn rename(uri: &str, line: u32, character: u32, new: &str) -> Value {
    let mut params = at(uri, line, character);
    params["newName"] = json!(new);
    params
}

fn moves(vault: &Vault, moves: &[(&str, &str)]) -> Value {
    let file = |(old, new): &(&str, &str)| json!({ "oldUri": vault.uri(old), "newUri": vault.uri(new) });
    json!({ "files": moves.iter().map(file).collect::<Vec<_>>() })
}

/// The edits of an answer in the plain form: range and text, by file.
fn edits<'a>(edit: &'a Value, uri: &str) -> Vec<(&'a Value, &'a str)> {
    let edits = edit["changes"][uri].as_array().map_or(&[][..], |edits| edits);
    edits.iter().map(|edit| (&edit["range"], edit["newText"].as_str().unwrap_or_default())).collect()
}

#[test]
fn the_editor_is_shown_what_it_will_rename() {
    let vault = vault();
    let mut server = Server::in_vault(&vault, capabilities(&["rename"], true));
    let shown = server.ask("textDocument/prepareRename", at(&vault.uri("index.md"), 0, 6));
    // In UTF-16: the emoji is two.
    assert_eq!(shown, json!({ "range": range((0, 5), (0, 10)), "placeholder": "china" }));
    assert_eq!(server.ask("textDocument/prepareRename", at(&vault.uri("index.md"), 0, 14)), Value::Null);
}

#[test]
fn a_rename_edits_the_links_and_moves_the_file_last() {
    let vault = vault();
    let mut server = Server::in_vault(&vault, capabilities(&["create", "rename"], true));
    server.open(&vault.uri("index.md"), "😀 [[china]] and [x](talks/moscow.md)\n");
    let edit = server.ask("textDocument/rename", rename(&vault.uri("index.md"), 0, 6, "prc"));
    let changes = edit["documentChanges"].as_array().expect("changes");
    let of = |path: &str| changes.iter().find(|change| change["textDocument"]["uri"] == vault.uri(path));
    let index = of("index.md").expect("an edit of the index");
    assert_eq!(index["textDocument"]["version"], 1);
    assert_eq!(index["edits"], json!([{ "range": range((0, 5), (0, 10)), "newText": "prc" }]));
    let moscow = of("talks/moscow.md").expect("an edit of a closed note");
    assert_eq!(moscow["textDocument"]["version"], Value::Null);
    assert_eq!(moscow["edits"][0]["newText"], "../prc.md");
    assert_eq!(of("board.canvas").expect("an edit of the canvas")["edits"][0]["newText"], "\"prc.md\"");
    let last = changes.last().expect("a move");
    assert_eq!((&last["kind"], &last["newUri"]), (&json!("rename"), &json!(vault.uri("prc.md"))));
    assert_eq!(last["options"], json!({ "overwrite": false, "ignoreIfExists": false }));
}

#[test]
fn a_client_that_cannot_rename_files_is_told_who_can() {
    let vault = vault();
    let mut server = Server::in_vault(&vault, capabilities(&[], false));
    let id = server.request("textDocument/rename", rename(&vault.uri("index.md"), 0, 6, "prc"));
    let answer = server.wait_for("a refusal", |message| message["id"] == id);
    assert_eq!(answer["error"]["code"], -32803);
    assert!(answer["error"]["message"].as_str().is_some_and(|why| why.contains("vaultls rename")), "{answer}");
}

#[test]
fn a_heading_is_renamed_in_the_plain_form_where_that_is_all_a_client_takes() {
    let vault = Vault::of(&[("china.md", "# Trade\n"), ("index.md", "[[china#Trade]]\n")]);
    let mut server = Server::in_vault(&vault, capabilities(&[], false));
    let edit = server.ask("textDocument/rename", rename(&vault.uri("china.md"), 0, 3, "War"));
    assert_eq!(edits(&edit, &vault.uri("china.md")), [(&range((0, 2), (0, 7)), "War")]);
    assert_eq!(edits(&edit, &vault.uri("index.md")), [(&range((0, 8), (0, 13)), "War")]);
}

#[test]
fn a_name_that_is_taken_is_refused_with_the_reason() {
    let vault = vault();
    let mut server = Server::in_vault(&vault, capabilities(&["rename"], true));
    for (new, why) in
        [("talks/moscow", "there is a file at talks/moscow.md already"), ("a|b", "every system"), ("", "not empty")]
    {
        let id = server.request("textDocument/rename", rename(&vault.uri("index.md"), 0, 6, new));
        let answer = server.wait_for("a refusal", |message| message["id"] == id);
        assert!(answer["error"]["message"].as_str().is_some_and(|said| said.contains(why)), "{answer}");
    }
}

#[test]
fn an_edit_is_of_what_the_disk_holds_now() {
    let vault = vault();
    // Nobody tells the server of changes: it has to look.
    vault.write(".vaultls.toml", "watch = \"client\"\n");
    let mut server = Server::in_vault(&vault, capabilities(&["rename"], false));
    vault.write("china.md", "New words in front. [[moscow]]\n");
    let edit = server.ask("textDocument/rename", rename(&vault.uri("talks/moscow.md"), 0, 26, "map"));
    assert_eq!(edit["documentChanges"].as_array().map(Vec::len), Some(2));
    let edit = server.ask("workspace/willRenameFiles", moves(&vault, &[("talks/moscow.md", "kreml.md")]));
    let of_china = edits(&edit, &vault.uri("china.md"));
    assert_eq!(of_china, [(&range((0, 22), (0, 28)), "kreml")]);
}

#[test]
fn files_that_an_editor_moves_take_their_links_along() {
    let vault = vault();
    let mut server = Server::in_vault(&vault, capabilities(&["rename"], false));
    let edit = server
        .ask("workspace/willRenameFiles", moves(&vault, &[("talks", "old/talks"), ("china.md", "asia/china.md")]));
    let texts =
        |path: &str| edits(&edit, &vault.uri(path)).into_iter().map(|(_, text)| text.to_owned()).collect::<Vec<_>>();
    assert_eq!(texts("index.md"), ["old/talks/moscow.md"]);
    assert_eq!(texts("talks/moscow.md"), ["../../asia/china.md"]);
    assert_eq!(texts("board.canvas"), ["\"asia/china.md\""]);
    assert_eq!(edit["changes"].as_object().map(serde_json::Map::len), Some(3));
}

#[test]
fn an_editor_that_asks_about_our_own_move_is_not_given_the_edits_twice() {
    let vault = vault();
    let mut server = Server::in_vault(&vault, capabilities(&["rename"], true));
    server.open(&vault.uri("index.md"), "😀 [[china]] and [x](talks/moscow.md)\n");
    server.ask("textDocument/rename", rename(&vault.uri("index.md"), 0, 6, "prc"));
    // Left as it is, the move is the user's own idea.
    let moved = moves(&vault, &[("china.md", "prc.md")]);
    assert!(!server.ask("workspace/willRenameFiles", moved.clone()).is_null());
    server.change(&vault.uri("index.md"), 2, "😀 [[prc]] and [x](talks/moscow.md)\n");
    assert_eq!(server.ask("workspace/willRenameFiles", moved), Value::Null);
}

#[test]
fn a_note_that_comes_takes_no_link_of_another() {
    let vault = vault();
    let mut server = Server::in_vault(&vault, capabilities(&["rename"], false));
    let edit = server.ask("workspace/willCreateFiles", json!({ "files": [{ "uri": vault.uri("moscow.md") }] }));
    assert_eq!(edits(&edit, &vault.uri("china.md")), [(&range((0, 2), (0, 8)), "talks/moscow")]);
}

#[test]
fn before_a_file_goes_the_user_is_told_what_breaks() {
    let vault = vault();
    let mut server = Server::in_vault(&vault, capabilities(&["rename"], false));
    let id = server.request("workspace/willDeleteFiles", json!({ "files": [{ "uri": vault.uri("talks") }] }));
    let told = server.notified("window/showMessage");
    assert_eq!(told["message"].as_str(), Some("Without 2 files, 2 links in 2 notes will lead nowhere"));
    assert_eq!(server.answer(id)["result"], Value::Null);
}

#[test]
fn what_was_moved_is_seen_at_once() {
    let vault = vault();
    let mut server = Server::in_vault(&vault, capabilities(&["rename"], true));
    std::fs::rename(vault.path("china.md"), vault.path("prc.md")).expect("a rename");
    server.notify("workspace/didRenameFiles", moves(&vault, &[("china.md", "prc.md")]));
    server.open(&vault.uri("new.md"), "[[prc]]\n");
    let definition = server.definition(&vault.uri("new.md"), 0, 3);
    assert!(definition.to_string().contains("prc.md"), "{definition}");
}

#[test]
fn a_file_that_was_moved_outside_the_editor_is_recognised() {
    let vault = vault();
    let mut can = capabilities(&["rename"], false);
    can["textDocument"]["codeAction"] = json!({
        "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [""] } },
        "dataSupport": true, "resolveSupport": { "properties": ["edit"] },
    });
    let mut server = Server::in_vault(&vault, can);
    let index = vault.uri("index.md");
    server.open(&index, "😀 [[china]] and [x](talks/moscow.md)\n");
    let asked =
        json!({ "textDocument": { "uri": index }, "range": range((0, 24), (0, 24)), "context": { "diagnostics": [] } });
    let titles = |actions: &Value| -> Vec<String> {
        let actions = actions.as_array().into_iter().flatten();
        actions.map(|action| action["title"].as_str().unwrap_or_default().to_owned()).collect()
    };
    std::fs::create_dir(vault.path("asia")).expect("a folder");
    std::fs::rename(vault.path("talks/moscow.md"), vault.path("asia/kremlin.md")).expect("a rename");
    let changed = |path: &str, kind: u32| json!({ "uri": vault.uri(path), "type": kind });
    let changes = [changed("talks/moscow.md", 3), changed("asia/kremlin.md", 1)];
    server.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    let actions = server.ask("textDocument/codeAction", asked);
    let title = "Update the links to `talks/moscow.md`, which is `asia/kremlin.md` now";
    let at = titles(&actions).iter().position(|it| it == title).unwrap_or_else(|| panic!("{actions}"));
    let edit = server.ask("codeAction/resolve", actions[at].clone())["edit"].clone();
    let texts =
        |path: &str| edits(&edit, &vault.uri(path)).into_iter().map(|(_, text)| text.to_owned()).collect::<Vec<_>>();
    assert_eq!(texts("index.md"), ["asia/kremlin.md"]);
    assert_eq!(texts("china.md"), ["kremlin"]);
    // Its own lead where they led.
    assert_eq!(texts("asia/kremlin.md"), Vec::<String>::new());
}

#[test]
fn a_byte_order_mark_counts_for_nothing_and_bytes_that_are_no_text_are_not_written() {
    let vault = vault();
    vault.write("marked.md", "\u{feff}[[china]]\n");
    std::fs::write(vault.path("latin.md"), b"\xe9 [[china]]\n").expect("a note");
    let mut server = Server::in_new_vault(&vault, capabilities(&["rename"], false));
    server.wait_until_loaded();
    let edit = server.ask("workspace/willRenameFiles", moves(&vault, &[("china.md", "prc.md")]));
    assert_eq!(edits(&edit, &vault.uri("marked.md")), [(&range((0, 2), (0, 7)), "prc")]);
    assert_eq!(edits(&edit, &vault.uri("latin.md")), []);
    server.wait_for("a warning", |message| {
        message["params"]["message"].as_str().is_some_and(|said| said.contains("latin.md, line 1"))
    });
}

#[test]
fn what_the_disk_no_longer_says_is_planned_anew() {
    let vault = Vault::of(&[
        (".vaultls.toml", "watch = \"client\"\n"),
        ("china.md", "# Steel\n# Trade\n"),
        ("index.md", "[[china#Trade]]\n"),
    ]);
    let mut server = Server::in_vault(&vault, capabilities(&[], false));
    // Nobody tells: by what the server knows, the second heading is meant.
    vault.write("china.md", "# New\n# Steel\n# Trade\n");
    let edit = server.ask("textDocument/rename", rename(&vault.uri("index.md"), 0, 10, "War"));
    assert_eq!(edits(&edit, &vault.uri("china.md")), [(&range((2, 2), (2, 7)), "War")]);
}
