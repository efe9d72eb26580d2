//! A client of the real server over pipes. Knows the wire; nothing of what an answer should be.
//!
//! Synchronous: everything is waited for with a deadline, nothing is slept for.

// Each test program uses its part of this.
#![allow(dead_code)]

use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Longer than anything takes on a busy machine; a test that meets it has failed.
const DEADLINE: Duration = Duration::from_secs(60);

/// A vault on disk, gone with the test.
pub struct Vault(tempfile::TempDir);

impl Vault {
    pub fn of(files: &[(&str, &str)]) -> Vault {
        let vault = Vault(tempfile::Builder::new().prefix("vault").tempdir().expect("a folder"));
        files.iter().for_each(|(path, text)| vault.write(path, text));
        vault
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn uri(&self, path: &str) -> String {
        format!("file://{}", self.path(path).display())
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    pub fn remove(&self, path: &str) {
        std::fs::remove_file(self.path(path)).expect("a file");
    }
}

/// The server, and what it has said that nobody has waited for yet.
pub struct Server {
    child: Child,
    input: Option<ChildStdin>,
    output: Option<ChildStdout>,
    messages: Option<Receiver<Value>>,
    unclaimed: VecDeque<Value>,
    /// Requests of the server, by method, in order.
    pub asked: Vec<Value>,
    /// What `workspace/configuration` answers for every item.
    pub settings: Value,
    last_id: i64,
}

impl Server {
    pub fn start() -> Server {
        let mut server = Server::start_unread();
        server.read();
        server
    }

    /// A server to whose output nobody listens until [`Server::read`].
    pub fn start_unread() -> Server {
        Server::spawn(Command::new(env!("CARGO_BIN_EXE_vaultls")))
    }

    pub fn spawn(mut command: Command) -> Server {
        let home = std::env::temp_dir().join("vaultls-no-home");
        command.env("HOME", home).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the server starts");
        Server {
            input: child.stdin.take(),
            output: child.stdout.take(),
            child,
            messages: None,
            unclaimed: VecDeque::new(),
            asked: Vec::new(),
            settings: Value::Null,
            last_id: 0,
        }
    }

    /// Begins to read what the server says.
    pub fn read(&mut self) {
        let mut output = BufReader::new(self.output.take().expect("nobody reads yet"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read_message(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        self.messages = Some(messages);
    }

    /// A server that has read a vault.
    pub fn in_vault(vault: &Vault, capabilities: Value) -> Server {
        let mut server = Server::in_new_vault(vault, capabilities);
        server.wait_until_loaded();
        server
    }

    /// A server that has answered `initialize` for a vault and was told `initialized`.
    pub fn in_new_vault(vault: &Vault, capabilities: Value) -> Server {
        let mut server = Server::start();
        server.initialize(initialize_params(vault, capabilities));
        server
    }

    /// Asks what can only be answered when all vaults have been read.
    pub fn wait_until_loaded(&mut self) {
        self.ask("workspace/symbol", json!({ "query": "" }));
    }

    pub fn initialize(&mut self, params: Value) -> Value {
        let result = self.ask("initialize", params);
        self.notify("initialized", json!({}));
        result
    }

    pub fn write(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("the input is open");
        input.write_all(bytes).and_then(|()| input.flush()).expect("the server reads");
    }

    pub fn send(&mut self, message: &Value) {
        self.write(&frame(message));
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&notification(method, params));
    }

    /// The id of a new request.
    pub fn request(&mut self, method: &str, params: Value) -> i64 {
        self.last_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params }));
        self.last_id
    }

    /// The whole answer to a request.
    pub fn answer(&mut self, id: impl Into<Value>) -> Value {
        let id = id.into();
        self.wait_for(&format!("an answer to {id}"), |message| message.get("method").is_none() && message["id"] == id)
    }

    /// The result of a request made now.
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        let answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The code of the error that a request made now is answered with.
    pub fn ask_in_vain(&mut self, method: &str, params: Value) -> i64 {
        let id = self.request(method, params);
        let answer = self.answer(id);
        answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("{method} is answered: {answer}"))
    }

    /// The first message not claimed yet that `is_it`; requests of the server are answered on the way.
    pub fn wait_for(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.unclaimed.iter().position(&is_it) {
            return self.unclaimed.remove(at).expect("it is there");
        }
        let end = Instant::now() + DEADLINE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let received = self.messages.as_ref().expect("somebody reads").recv_timeout(left);
            let message = received.unwrap_or_else(|error| panic!("waiting for {what}: {error}"));
            self.reply_to(&message);
            if is_it(&message) {
                return message;
            }
            self.unclaimed.push_back(message);
        }
    }

    /// The parameters of the next notification of this method.
    pub fn notified(&mut self, method: &str) -> Value {
        self.wait_for(method, |message| message["method"] == method && message.get("id").is_none())["params"].clone()
    }

    /// The next list of findings that is pushed for an address.
    pub fn pushed(&mut self, uri: &str) -> Value {
        let is_it =
            |message: &Value| message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri;
        self.wait_for(&format!("findings of {uri}"), is_it)["params"]["diagnostics"].clone()
    }

    /// Everything that was said and not waited for, up to the answer of a request made now.
    pub fn rest(&mut self) -> Vec<Value> {
        let id = self.request("workspace/symbol", json!({ "query": "" }));
        self.answer(id);
        self.unclaimed.drain(..).collect()
    }

    pub fn open(&mut self, uri: &str, text: &str) {
        self.notify("textDocument/didOpen", opened(uri, text));
    }

    /// Replaces the whole text.
    pub fn change(&mut self, uri: &str, version: i32, text: &str) {
        let document = json!({ "uri": uri, "version": version });
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": [{ "text": text }] }),
        );
    }

    pub fn close(&mut self, uri: &str) {
        self.notify("textDocument/didClose", about(uri));
    }

    /// The names of the headings of a note.
    pub fn headings(&mut self, uri: &str) -> Vec<String> {
        let symbols = self.ask("textDocument/documentSymbol", about(uri));
        names(&symbols)
    }

    pub fn definition(&mut self, uri: &str, line: u32, character: u32) -> Value {
        self.ask("textDocument/definition", at(uri, line, character))
    }

    /// Nothing more is sent to the server.
    pub fn close_input(&mut self) {
        self.input = None;
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// How the server ended.
    pub fn exit_code(&mut self) -> Option<i32> {
        let end = Instant::now() + DEADLINE;
        // The output ends when the server does, unless somebody else holds it.
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            let Some(messages) = &self.messages else { break };
            if messages.recv_timeout(left).is_err() {
                break;
            }
        }
        assert!(Instant::now() < end, "the server does not end");
        self.child.wait().expect("the server was started").code()
    }

    fn reply_to(&mut self, message: &Value) {
        if message.get("method").is_none() || message.get("id").is_none() {
            return;
        }
        let items = message["params"]["items"].as_array().map_or(0, Vec::len);
        let result = match message["method"].as_str() {
            Some("workspace/configuration") => Value::Array(vec![self.settings.clone(); items]),
            _ => Value::Null,
        };
        self.asked.push(message.clone());
        if self.input.is_some() {
            self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": result }));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn initialize_params(vault: &Vault, capabilities: Value) -> Value {
    json!({
        "processId": null,
        "rootUri": vault.uri(""),
        "workspaceFolders": [{ "uri": vault.uri(""), "name": "vault" }],
        "capabilities": capabilities,
    })
}

pub fn notification(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "method": method, "params": params })
}

pub fn opened(uri: &str, text: &str) -> Value {
    json!({ "textDocument": { "uri": uri, "languageId": "markdown", "version": 1, "text": text } })
}

pub fn about(uri: &str) -> Value {
    json!({ "textDocument": { "uri": uri } })
}

pub fn at(uri: &str, line: u32, character: u32) -> Value {
    json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } })
}

pub fn range(from: (u32, u32), to: (u32, u32)) -> Value {
    let position = |(line, character): (u32, u32)| json!({ "line": line, "character": character });
    json!({ "start": position(from), "end": position(to) })
}

/// The names of symbols, flat or nested, in order.
pub fn names(symbols: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for symbol in symbols.as_array().into_iter().flatten() {
        all.extend(symbol["name"].as_str().map(str::to_owned));
        all.extend(names(&symbol["children"]));
    }
    all
}

/// The codes of findings, in order.
pub fn codes(findings: &Value) -> Vec<&str> {
    findings.as_array().into_iter().flatten().filter_map(|finding| finding["code"].as_str()).collect()
}

pub fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Strict: whatever is no frame on the output is a bug of the server.
fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut header = String::new();
    if output.read_line(&mut header).ok()? == 0 {
        return None;
    }
    let length = header.strip_prefix("Content-Length: ").expect("a header").trim_end().parse().expect("a length");
    let mut blank = String::new();
    output.read_line(&mut blank).ok()?;
    assert_eq!(blank, "\r\n");
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("JSON"))
}
