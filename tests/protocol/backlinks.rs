//! What of ours shows a vault in an editor: who links to a note, and that something changed.

use crate::support::{Server, Vault, about, range};
use serde_json::{Value, json};

fn vault() -> Vault {
    Vault::of(&[
        (".obsidian/app.json", "{}"),
        ("china.md", "# China\n[[#China]]\n"),
        ("talks/one.md", "---\ntitle: The talks\n---\n- 🦀 So [[china | the talks]].\n[China](../china.md) again\n"),
        ("two.md", "prose\n"),
    ])
}

#[test]
fn a_note_is_told_who_links_to_it_and_in_which_words() {
    let vault = vault();
    let mut server = Server::in_vault(&vault, json!({}));
    let found = server.ask("vaultls/backlinks", about(&vault.uri("china.md")));
    let quote = |from, to, words: [&str; 3]| json!({ "range": range(from, to), "before": words[0], "link": words[1], "after": words[2] });
    let expected = json!([{
        "uri": vault.uri("talks/one.md"),
        "title": "The talks",
        "path": "talks/one.md",
        "mentions": [quote((3, 8), (3, 29), ["🦀 So ", "the talks", "."]), quote((4, 0), (4, 20), ["", "China", " again"])],
    }]);
    assert_eq!(found, expected, "its own links are none");
    assert_eq!(server.ask("vaultls/backlinks", about(&vault.uri("two.md"))), json!([]));
    assert_eq!(server.ask("vaultls/backlinks", about(&vault.uri("missing.md"))), Value::Null);
}

#[test]
fn who_wants_to_hear_of_changes_is_told_when_they_can_be_asked_for() {
    let vault = vault();
    let mut server = Server::in_vault(&vault, json!({ "experimental": { "vaultls": { "changed": true } } }));
    let told = |server: &mut Server, notes: u64| loop {
        let vaults = server.notified("vaultls/changed")["vaults"].clone();
        if vaults[0]["notes"] == notes && vaults[0]["loaded"] == true {
            return vaults;
        }
    };
    let expected = json!({ "uri": vault.uri(""), "notes": 3, "isVault": true, "read": 3, "total": 3, "loaded": true });
    assert_eq!(told(&mut server, 3)[0], expected);
    vault.write("new.md", "[[two]]\n");
    told(&mut server, 4);
    let found = server.ask("vaultls/backlinks", about(&vault.uri("two.md")));
    assert_eq!(found[0]["path"], "new.md");
}

#[test]
fn who_does_not_hear_of_changes_is_not_told() {
    let vault = vault();
    let mut server = Server::in_vault(&vault, json!({}));
    server.open(&vault.uri("two.md"), "[[missing]]");
    server.pushed(&vault.uri("two.md"));
    assert!(server.rest().iter().all(|message| message["method"] != "vaultls/changed"));
}
