//! Requests of our own: the timestamps of a note in order of time, and the way from one to the next.

use crate::support::{Server, Vault, about, at, range};
use serde_json::{Value, json};

const TRADE: &str =
    "---\nvideoId: sUjFz20kTFw\n---\n# 🦀 Trade\n🦀 Rice [09:00] and wheat [06:04.5].\n\nOats [07:00] [N/A]\n";

fn vault() -> Vault {
    Vault::of(&[
        ("trade.md", TRADE),
        ("near.md", "---\nvideoId: sUjFz20kTFw\n---\n[06:10] [06:20] [09:31]\n"),
        ("also.md", "https://youtu.be/sUjFz20kTFw?t=340\n"),
        ("plain.md", "prose\n"),
    ])
}

#[test]
fn a_timeline_is_in_order_of_time() {
    let vault = vault();
    let mut server = Server::in_vault(&vault, json!({}));
    let timeline = server.ask("vaultls/timeline", about(&vault.uri("trade.md")));
    let entry = |seconds: f64, time: &str, from: (u32, u32), to: (u32, u32), claim: &str, others: u32| {
        json!({
            "range": range(from, to),
            "seconds": seconds,
            "time": time,
            "address": format!("https://www.youtube.com/watch?v=sUjFz20kTFw&t={}s", seconds as u32),
            "claim": claim,
            "section": "🦀 Trade",
            "otherNotes": others,
        })
    };
    let expected = [
        entry(364.5, "00:06:04.500", (4, 26), (4, 35), "and wheat", 2),
        entry(420.0, "00:07:00", (6, 5), (6, 12), "Oats", 0),
        entry(540.0, "00:09:00", (4, 8), (4, 15), "🦀 Rice", 0),
    ];
    assert_eq!(timeline, json!(expected));
    assert_eq!(server.ask("vaultls/timeline", about(&vault.uri("plain.md"))), json!([]));
    assert_eq!(server.ask("vaultls/timeline", about(&vault.uri("missing.md"))), Value::Null);
}

#[test]
fn a_timestamp_leads_to_the_next_by_text_or_by_time() {
    let vault = vault();
    let uri = vault.uri("trade.md");
    let mut server = Server::in_vault(&vault, json!({}));
    let mut ask = |method: &str, by: Option<&str>, line: u32, character: u32| {
        let mut params = at(&uri, line, character);
        by.into_iter().for_each(|by| params["by"] = json!(by));
        server.ask(method, params)["start"].clone()
    };
    let place = |line: u32, character: u32| json!({ "line": line, "character": character });
    assert_eq!(ask("vaultls/nextTimestamp", None, 0, 0), place(4, 8));
    assert_eq!(ask("vaultls/nextTimestamp", Some("text"), 4, 10), place(4, 26));
    assert_eq!(ask("vaultls/nextTimestamp", Some("time"), 4, 10), Value::Null);
    assert_eq!(ask("vaultls/nextTimestamp", Some("time"), 4, 27), place(6, 5));
    assert_eq!(ask("vaultls/previousTimestamp", Some("text"), 6, 6), place(4, 26));
    assert_eq!(ask("vaultls/previousTimestamp", Some("time"), 4, 10), place(6, 5));
    assert_eq!(ask("vaultls/previousTimestamp", None, 4, 10), Value::Null);
}

#[test]
fn an_order_that_is_none_is_refused() {
    let vault = vault();
    let mut params = at(&vault.uri("trade.md"), 0, 0);
    params["by"] = json!("heart");
    assert_eq!(Server::in_vault(&vault, json!({})).ask_in_vain("vaultls/nextTimestamp", params), -32602);
}

#[test]
fn a_transcript_is_heard_as_soon_as_it_is_there() {
    let vault = vault();
    let uri = vault.uri("trade.md");
    let mut server = Server::in_vault(&vault, json!({}));
    assert_eq!(server.definition(&uri, 4, 10), Value::Null);
    vault.write("talk [sUjFz20kTFw].en.vtt", "WEBVTT\n\n00:09:00.000 --> 00:09:02.000\n灯台 rice\n");
    let changes = json!({ "changes": [{ "uri": vault.uri("talk [sUjFz20kTFw].en.vtt"), "type": 1 }] });
    server.notify("workspace/didChangeWatchedFiles", changes);
    let found = server.definition(&uri, 4, 10);
    assert_eq!(found[0]["range"], range((2, 0), (3, 7)), "{found}");
}
