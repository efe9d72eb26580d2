//! Whatever a client sends, the server goes on.

use crate::support::{Server, Vault, about, frame, notification};
use serde_json::{Value, json};

fn framed(body: &str) -> Vec<u8> {
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

#[test]
fn no_malformed_message_ends_the_server() {
    let vault = Vault::of(&[("china.md", "# Trade deals\n")]);
    let uri = vault.uri("china.md");
    let mut server = Server::in_vault(&vault, json!({}));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let messages: Vec<Vec<u8>> = vec![
        framed("{"),
        framed("not JSON"),
        framed(""),
        framed("{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":{\"text\":\"\u{0}\"}}"),
        framed("[]"),
        framed(r#"[{"jsonrpc":"2.0","id":1000,"method":"textDocument/hover"}]"#),
        framed("5"),
        framed("null"),
        framed("{}"),
        framed(r#"{"jsonrpc":"1.0","id":1001,"method":"textDocument/hover"}"#),
        framed(r#"{"jsonrpc":"2.0","id":{"a":1},"method":"textDocument/hover"}"#),
        framed(r#"{"jsonrpc":"2.0","id":1.5,"method":"textDocument/hover"}"#),
        framed(r#"{"jsonrpc":"2.0","id":true,"method":"textDocument/hover"}"#),
        framed(r#"{"jsonrpc":"2.0","id":null,"method":"textDocument/hover"}"#),
        framed(r#"{"jsonrpc":"2.0","id":1002,"method":5}"#),
        framed(r#"{"jsonrpc":"2.0","id":1003,"method":"textDocument/hover","params":"text"}"#),
        framed(r#"{"jsonrpc":"2.0","id":1004,"method":"textDocument/hover","params":{"textDocument":5}}"#),
        framed(r#"{"jsonrpc":"2.0","id":1005,"result":5}"#),
        framed(r#"{"jsonrpc":"2.0","id":1006,"error":"none"}"#),
        framed(r#"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":"x"}}"#),
        framed(r#"{"jsonrpc":"2.0","method":"textDocument/didOpen"}"#),
        framed(r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":[1,2]}"#),
        framed(r#"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":[]}}"#),
        framed(r#"{"jsonrpc":"2.0","method":"workspace/didChangeConfiguration","params":{"settings":5}}"#),
        framed(r#"{"jsonrpc":"2.0","method":"$/unknown"}"#),
        framed(&format!(r#"{{"jsonrpc":"2.0","id":1007,"method":"a","params":{deep}}}"#)),
        framed(&format!(r#"{{"jsonrpc":"2.0","method":"textDocument/didSave","params":{deep}}}"#)),
        [b"Content-Length: 4\r\n\r\n".as_slice(), &[0xff, 0xfe, 0xfd, 0xfc]].concat(),
        b"Content-Type: text\r\n\r\n{\"no\":\"length\"}".to_vec(),
        b"Content-Length: many\r\n\r\n{}".to_vec(),
        b"Content-Length: -1\r\n\r\n{}".to_vec(),
        b"Content-Length: 99999999999999999999\r\n\r\n{}".to_vec(),
        b"Content-Length: 999999999999\r\n\r\n{}".to_vec(),
        b"Content-Length: 3\r\n\r\n{\"too\":\"short\"}".to_vec(),
        b"\r\n\r\n\r\n".to_vec(),
        b"nothing of the kind\n".to_vec(),
        vec![0; 10_000],
    ];
    assert!(messages.len() > 20);
    for message in messages {
        server.write(&message);
        let shown = String::from_utf8_lossy(&message[..message.len().min(80)]).into_owned();
        assert_eq!(server.headings(&uri), ["Trade deals"], "after {shown}");
    }
}

#[test]
fn a_message_that_is_none_is_answered_with_its_reason() {
    let vault = Vault::of(&[]);
    let mut server = Server::in_vault(&vault, json!({}));
    for (body, id, code) in [
        ("{", Value::Null, -32700),
        ("[]", Value::Null, -32600),
        (r#"{"jsonrpc":"1.0","id":7,"method":"a"}"#, json!(7), -32600),
        (r#"{"jsonrpc":"2.0","id":[],"method":"a"}"#, Value::Null, -32600),
        (r#"{"jsonrpc":"2.0","id":"x","method":"a"}"#, json!("x"), -32601),
        (r#"{"jsonrpc":"2.0","id":8,"method":"textDocument/hover","params":1}"#, json!(8), -32602),
        (r#"{"jsonrpc":"2.0","id":9,"method":"textDocument/hover"}"#, json!(9), -32602),
    ] {
        server.write(&framed(body));
        assert_eq!(server.answer(id)["error"]["code"], code, "{body}");
    }
}

#[test]
fn a_length_that_is_too_long_costs_one_message() {
    let vault = Vault::of(&[("china.md", "# Trade deals\n")]);
    let uri = vault.uri("china.md");
    let mut server = Server::in_vault(&vault, json!({}));
    server.write(b"Content-Length: 30\r\n\r\n{\"jsonrpc\":\"2.0\"}");
    assert_eq!(server.headings(&uri), ["Trade deals"]);
}

#[test]
fn a_capability_that_cannot_be_read_costs_only_itself() {
    let vault = Vault::of(&[]);
    let mut server = Server::start();
    let result = server.initialize(json!({
        "processId": "none", "rootUri": vault.uri(""), "trace": "loud",
        "capabilities": { "general": { "positionEncodings": ["utf-8"] }, "workspace": { "workspaceEdit": 5 } },
    }));
    assert_eq!(result["capabilities"]["positionEncoding"], "utf-8");
}

#[test]
fn half_an_emoji_does_not_lose_the_edit() {
    let vault = Vault::of(&[]);
    let uri = vault.uri("a.md");
    let mut server = Server::in_vault(&vault, json!({}));
    server.open(&uri, "");
    let edit = json!({ "textDocument": { "uri": uri, "version": 2 }, "contentChanges": [{ "text": "# cut @@ here" }] });
    let message = notification("textDocument/didChange", edit).to_string().replace("@@", r"\ud83d");
    server.write(&framed(&message));
    assert_eq!(server.headings(&uri), ["cut \u{fffd} here"]);
}

#[test]
fn a_message_in_single_bytes_is_read() {
    let vault = Vault::of(&[("china.md", "# Trade deals\n")]);
    let mut server = Server::in_vault(&vault, json!({}));
    let request = json!({ "jsonrpc": "2.0", "id": "slow", "method": "textDocument/documentSymbol",
                          "params": about(&vault.uri("china.md")) });
    frame(&request).iter().for_each(|byte| server.write(&[*byte]));
    assert_eq!(server.answer("slow")["result"][0]["name"], "Trade deals");
}
