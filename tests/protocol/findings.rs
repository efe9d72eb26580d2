//! Findings on their way to the client: by one channel, and only differences.

use crate::support::{Server, Vault, about, codes};
use serde_json::{Value, json};
use std::collections::HashMap;

fn pulling() -> Value {
    json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } })
}

fn pull(server: &mut Server, uri: &str, known: Option<&str>) -> Value {
    let mut params = about(uri);
    params["previousResultId"] = json!(known);
    server.ask("textDocument/diagnostic", params)
}

/// What was pushed and not looked at yet.
fn rest_of_pushes(server: &mut Server) -> Vec<Value> {
    server.rest().into_iter().filter(|message| message["method"] == "textDocument/publishDiagnostics").collect()
}

#[test]
fn findings_are_pushed_and_follow_the_text() {
    let vault = Vault::of(&[("china.md", "")]);
    let uri = vault.uri("a.md");
    let mut server = Server::in_vault(&vault, json!({}));
    server.open(&uri, "🦀 [[chinna]]\n[[china]]\n");
    let found = server.pushed(&uri);
    assert_eq!(codes(&found), ["link.broken"]);
    assert_eq!(found[0]["range"], crate::support::range((0, 5), (0, 11)));
    assert_eq!((&found[0]["source"], &found[0]["severity"]), (&json!("vaultls"), &json!(2)));
    server.change(&uri, 2, "🦀 [[china]]\n");
    assert_eq!(server.pushed(&uri), json!([]));
    server.change(&uri, 3, "[[no]]");
    assert_eq!(codes(&server.pushed(&uri)), ["link.broken"]);
    server.close(&uri);
    assert_eq!(server.pushed(&uri), json!([]));
}

#[test]
fn a_note_that_appears_anywhere_mends_the_links_to_it() {
    let vault = Vault::of(&[("china.md", "")]);
    let uri = vault.uri("a.md");
    let mut server = Server::in_vault(&vault, json!({}));
    server.open(&uri, "[[new note]]\n[[china]]");
    assert_eq!(codes(&server.pushed(&uri)), ["link.broken"]);
    vault.write("deep/down/new note.md", "# New\n");
    assert_eq!(server.pushed(&uri), json!([]), "a file that another program wrote");
    vault.remove("deep/down/new note.md");
    assert_eq!(codes(&server.pushed(&uri)), ["link.broken"]);
    server.open(&vault.uri("new note.md"), "");
    assert_eq!(server.pushed(&uri), json!([]), "a note that is not saved yet");
}

#[test]
fn an_edit_of_one_note_is_told_to_the_notes_that_link_there() {
    let vault = Vault::of(&[("china.md", "# Trade\n")]);
    let (uri, china) = (vault.uri("a.md"), vault.uri("china.md"));
    let mut server = Server::in_vault(&vault, json!({}));
    server.open(&uri, "[[china#Trade]]\n");
    server.open(&china, "# Deals\n");
    assert_eq!(codes(&server.pushed(&uri)), ["link.broken-anchor"]);
    server.change(&china, 2, "text\n\n## Trade\n");
    assert_eq!(server.pushed(&uri), json!([]));
}

#[test]
fn what_the_client_knows_is_not_said_again() {
    let vault = Vault::of(&[("china.md", "")]);
    let (uri, other) = (vault.uri("a.md"), vault.uri("b.md"));
    let mut server = Server::in_vault(&vault, json!({}));
    server.open(&uri, "[[missing]] [[china]]\n");
    assert_eq!(codes(&server.pushed(&uri)), ["link.broken"]);
    server.change(&uri, 2, "[[missing]] [[china]]\nprose\n");
    server.open(&other, "[[china]] [[none]]\n");
    assert_eq!(codes(&server.pushed(&other)), ["link.broken"]);
    assert!(rest_of_pushes(&mut server).is_empty(), "neither equal lists nor empty ones");
}

#[test]
fn a_note_that_is_opened_again_is_told_of_again() {
    let vault = Vault::of(&[("china.md", "")]);
    let uri = vault.uri("a.md");
    let mut server = Server::in_vault(&vault, json!({}));
    server.open(&uri, "[[missing]] [[china]]\n");
    assert_eq!(codes(&server.pushed(&uri)), ["link.broken"]);
    server.close(&uri);
    server.open(&uri, "[[missing]] [[china]]\n");
    assert_eq!(codes(&server.pushed(&uri)), ["link.broken"], "clients forget at the close");

    let mut server = Server::in_vault(&vault, pulling());
    server.open(&uri, "[[missing]] [[china]]\n");
    let first = pull(&mut server, &uri, None);
    server.close(&uri);
    server.open(&uri, "[[missing]] [[china]]\n");
    assert_eq!(pull(&mut server, &uri, first["resultId"].as_str())["items"], first["items"]);
}

/// A client that opens four notes and edits them at random, and the lists it holds in the end.
struct Scribe {
    server: Server,
    uris: [String; 4],
    last_look: String,
    holds: HashMap<String, Value>,
}

impl Scribe {
    fn of(vault: &Vault, texts: &[String; 4]) -> Scribe {
        let mut server = Server::in_vault(vault, json!({}));
        let uris = ["a.md", "b.md", "c.md", "x/d.md"].map(|path| vault.uri(path));
        let last_look = vault.uri("zz.md");
        uris.iter().zip(texts).for_each(|(uri, text)| server.open(uri, text));
        server.open(&last_look, "");
        Scribe { server, uris, last_look, holds: HashMap::new() }
    }

    /// Waits until the server has looked at everything: the note looked at last gets a finding that it never had.
    fn look(&mut self, round: i32) {
        self.server.change(&self.last_look, round, &format!("[[nothing {round}]]"));
        let is_it = |message: &Value| {
            let finding = &message["params"]["diagnostics"][0]["message"];
            finding.as_str().is_some_and(|text| text.contains(&format!("`nothing {round}`")))
        };
        self.server.wait_for("the last finding", is_it);
        for push in rest_of_pushes(&mut self.server) {
            let uri = push["params"]["uri"].as_str().expect("an address").to_owned();
            self.holds.insert(uri, push["params"]["diagnostics"].clone());
        }
    }

    /// What is found when all is looked at anew.
    fn found(&mut self) -> Vec<Value> {
        let uris = self.uris.clone();
        uris.iter().map(|uri| pull(&mut self.server, uri, None)["items"].clone()).collect()
    }

    fn held(&self) -> Vec<Value> {
        self.uris.iter().map(|uri| self.holds.get(uri).cloned().unwrap_or(json!([]))).collect()
    }
}

/// A text of links, headings and names, of which each makes links of other notes true or false.
fn random_text(mut next: impl FnMut(usize) -> usize) -> String {
    const PARTS: [&str; 9] = [
        "# One\n",
        "## Two\n",
        "[[a]] ",
        "[[b#One]]\n",
        "[[c#Two]] ",
        "[[missing]] ",
        "[[alias]]\n",
        "prose\n",
        "[[d#^id]] text ^id\n\n",
    ];
    let front_matter = if next(6) == 0 { "---\naliases: [alias]\n---\n" } else { "" };
    (0..next(5)).fold(front_matter.to_owned(), |text, _| text + PARTS[next(PARTS.len())])
}

#[test]
fn after_many_edits_the_client_holds_what_a_new_server_would_tell() {
    let mut random: u64 = 7;
    let mut next = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below
    };
    let vault = Vault::of(&[("a.md", ""), ("b.md", "# One\n"), ("x/y.md", "[[missing]]")]);
    let mut texts: [String; 4] = Default::default();
    let mut scribe = Scribe::of(&vault, &texts);
    for round in 1..50 {
        for edit in 0..1 + next(2) as i32 {
            let note = next(4);
            texts[note] = random_text(&mut next);
            scribe.server.change(&scribe.uris[note], round * 10 + edit, &texts[note]);
        }
        scribe.look(round);
        assert_eq!(scribe.held(), scribe.found(), "{texts:#?}");
    }
    let mut fresh = Scribe::of(&vault, &texts);
    fresh.look(1);
    assert_eq!(scribe.held(), fresh.held(), "{texts:#?}");
}

#[test]
fn a_client_that_pulls_gets_nothing_pushed() {
    let vault = Vault::of(&[("china.md", "# Trade\n")]);
    let (uri, china) = (vault.uri("a.md"), vault.uri("china.md"));
    let mut server = Server::in_vault(&vault, pulling());
    server.open(&uri, "[[china#Trade]] [[missing]]\n");
    let first = pull(&mut server, &uri, None);
    assert_eq!((&first["kind"], codes(&first["items"])), (&json!("full"), vec!["link.broken"]));
    let id = first["resultId"].as_str().expect("an id");
    assert_eq!(pull(&mut server, &uri, Some(id)), json!({ "kind": "unchanged", "resultId": id }));
    server.open(&china, "# Deals\n");
    server.wait_for("a refresh", |message| message["method"] == "workspace/diagnostic/refresh");
    let second = pull(&mut server, &uri, Some(id));
    assert_eq!(codes(&second["items"]), ["link.broken-anchor", "link.broken"]);
    assert!(rest_of_pushes(&mut server).is_empty());
}

#[test]
fn a_refresh_follows_when_the_vault_has_been_read() {
    let notes: Vec<(String, String)> = (0..2_000).map(|i| (format!("{i}.md"), format!("# Note {i}\n"))).collect();
    let files: Vec<(&str, &str)> = notes.iter().map(|(path, text)| (&**path, &**text)).collect();
    let vault = Vault::of(&files);
    let uri = vault.uri("a.md");
    let mut server = Server::in_new_vault(&vault, pulling());
    server.open(&uri, "[[missing]] [[7]]\n");
    let mut found = pull(&mut server, &uri, None);
    if found["items"] == json!([]) {
        server.wait_for("a refresh", |message| message["method"] == "workspace/diagnostic/refresh");
        found = pull(&mut server, &uri, None);
    }
    assert_eq!(codes(&found["items"]), ["link.broken"]);
}

#[test]
fn the_findings_of_a_vault_are_pulled_as_differences() {
    let vault = Vault::of(&[("a.md", "[[missing]]"), ("b.md", "[[a]]"), ("c.md", "[[none]]")]);
    let mut server = Server::in_vault(&vault, pulling());
    let all = server.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
    let items = all["items"].as_array().expect("a list");
    let uris: Vec<&Value> = items.iter().map(|item| &item["uri"]).collect();
    assert_eq!(uris, [&json!(vault.uri("a.md")), &json!(vault.uri("c.md"))]);
    let known: Vec<Value> = items.iter().map(|item| json!({ "uri": item["uri"], "value": item["resultId"] })).collect();
    let nothing = server.ask("workspace/diagnostic", json!({ "previousResultIds": known }));
    assert_eq!(nothing["items"], json!([]));
    server.open(&vault.uri("c.md"), "[[a]]");
    let mended = server.ask("workspace/diagnostic", json!({ "previousResultIds": known }));
    assert_eq!(mended["items"][0]["uri"], vault.uri("c.md"));
    assert_eq!((&mended["items"][0]["items"], &mended["items"][0]["version"]), (&json!([]), &json!(1)));
    let unknown = server.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
    assert_eq!(unknown["items"].as_array().map(Vec::len), Some(1), "a client that knows nothing is told all");
}

#[test]
fn a_vault_with_many_findings_is_told_in_parts() {
    let notes: Vec<(String, String)> = (0..450).map(|i| (format!("{i}.md"), "[[missing]] [[1]]".to_owned())).collect();
    let files: Vec<(&str, &str)> = notes.iter().map(|(path, text)| (&**path, &**text)).collect();
    let vault = Vault::of(&files);
    let mut server = Server::in_vault(&vault, pulling());
    let params = json!({ "previousResultIds": [], "partialResultToken": 7 });
    let id = server.request("workspace/diagnostic", params);
    let mut count = 0;
    while count < 450 {
        let part = server.notified("$/progress");
        assert_eq!(part["token"], 7);
        count += part["value"]["items"].as_array().expect("a list").len();
    }
    assert_eq!((count, &server.answer(id)["result"]["items"]), (450, &json!([])));
}

#[test]
fn related_places_and_fading_are_sent_to_those_who_know_them() {
    let vault = Vault::of(&[("x/lion.md", ""), ("y/lion.md", ""), ("a/a.md", "")]);
    let uri = vault.uri("a/a.md");
    for can in [true, false] {
        let push =
            json!({ "relatedInformation": can, "tagSupport": { "valueSet": if can { vec![1, 2] } else { vec![] } } });
        let mut server = Server::in_vault(&vault, json!({ "textDocument": { "publishDiagnostics": push } }));
        server.open(&uri, "[[lion]]\n\n[unused]: lion.md\n");
        let found = server.pushed(&uri);
        let with_code = |code: &str| {
            let is_it = |finding: &&Value| finding["code"] == code;
            found.as_array().and_then(|all| all.iter().find(is_it)).unwrap_or_else(|| panic!("{code}: {found}")).clone()
        };
        assert_eq!(with_code("link.ambiguous")["relatedInformation"].is_array(), can, "{found}");
        assert_eq!(with_code("link.unused-definition")["tags"] == json!([1]), can, "{found}");
    }
}
