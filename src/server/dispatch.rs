//! Takes messages one by one, in the order of arrival, and sees to it that each is done before the next: what changes
//! something has changed it when the next message is looked at. Questions are left with the desk.

use super::backend::Backend;
use super::desk::Desk;
use super::messages::Messages;
use super::publish::Publisher;
use super::transport::{Failure, Incoming, Params, Transport, message};
use futures::future::FutureExt;
use futures::sink::SinkExt;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use tokio::sync::mpsc::UnboundedReceiver;
use tower_lsp::LspService;
use tower_lsp::jsonrpc::{Id, Request, Response};
use tower_lsp::ls_types::InitializeParams;
use tower_service::Service;

pub struct Dispatcher<Replies> {
    pub service: LspService<Backend>,
    /// To our own requests.
    pub replies: Replies,
    pub transport: Transport,
    pub messages: Messages,
    /// Until the publisher has it.
    pub rings: Option<Receiver<()>>,
    pub phase: Phase,
}

/// Where in its life the server is.
pub enum Phase {
    Uninitialized,
    Running(Arc<Desk>),
    ShutDown,
}

impl<Replies: futures::sink::Sink<Response> + Unpin> Dispatcher<Replies> {
    /// Until the client says `exit` or its messages end. Whether it was in order to end.
    pub async fn run(mut self, mut incoming: UnboundedReceiver<Incoming>) -> bool {
        while let Some(message) = incoming.recv().await {
            match message {
                Incoming::Notification { method, .. } if method == "exit" => break,
                Incoming::Notification { method, params } => self.notify(method, &params).await,
                Incoming::Lifecycle { id, method, params } => self.lifecycle(id, method, params).await,
                Incoming::Request { ticket, method, params } => match &self.phase {
                    Phase::Running(desk) => desk.take(ticket, &method, params),
                    Phase::Uninitialized => self.transport.refuse(&ticket, &Failure::NOT_INITIALIZED),
                    Phase::ShutDown => self.transport.refuse(&ticket, &Failure::SHUT_DOWN),
                },
                Incoming::Reply(reply) => drop(self.replies.send(reply).await),
            }
        }
        matches!(self.phase, Phase::ShutDown)
    }

    async fn notify(&mut self, method: String, params: &Params) {
        // Some clients send nothing where `{}` is meant.
        let nothing = RawValue::from_string("{}".to_owned()).ok();
        let params = if params.as_ref().is_none_or(|params| params.get() == "null") { &nothing } else { params };
        match message::for_service(method, None, params) {
            Ok(request) => drop(self.call(request).await),
            Err(failure) => tracing::warn!("{}", failure.message),
        }
    }

    /// `initialize` or `shutdown`.
    async fn lifecycle(&mut self, id: Id, method: String, params: Params) {
        let body = match self.answered(id.clone(), &method, params).await {
            Ok(response) => message::response(&response),
            Err(failure) => message::failure(&id, &failure),
        };
        self.transport.outbox.send(body);
        // Nothing may be sent before the answer to `initialize`.
        match (&self.phase, self.service.inner().session.get()) {
            (Phase::Uninitialized, Some(session)) => {
                let desk = Desk::new(session.clone(), self.messages.clone(), self.transport.clone());
                if let Some(rings) = self.rings.take() {
                    Publisher { desk: desk.clone(), messages: self.messages.clone() }.start(rings);
                    session.changed();
                }
                self.phase = Phase::Running(desk);
            }
            (Phase::Running(_), _) if method == "shutdown" => self.phase = Phase::ShutDown,
            _ => {}
        }
    }

    async fn answered(&mut self, id: Id, method: &str, params: Params) -> Result<Response, Failure> {
        let (method, id, params) = message::for_service(method.to_owned(), Some(id), &params)?.into_parts();
        let params = match params {
            Some(params) if method == "initialize" => Some(readable(params)),
            // Some clients send `{}` where nothing is expected.
            _ => None,
        };
        let mut request = Request::build(method).id(id.unwrap_or_default());
        if let Some(params) = params {
            request = request.params(params);
        }
        self.call(request.finish()).await?.ok_or(Failure::INTERNAL)
    }

    /// Runs a handler to its end. A panic in it costs one message.
    async fn call(&mut self, request: Request) -> Result<Option<Response>, Failure> {
        match AssertUnwindSafe(self.service.call(request)).catch_unwind().await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(exited)) => {
                tracing::warn!("{exited}");
                Ok(None)
            }
            Err(_) => Err(Failure::INTERNAL),
        }
    }
}

/// The parameters of `initialize` without what cannot be read: something new that a client announces must not cost it the
/// server.
fn readable(params: Value) -> Value {
    if serde_json::from_value::<InitializeParams>(params.clone()).is_ok() {
        return params;
    }
    let Value::Object(mut members) = params else { return params };
    let mut capabilities = members.remove("capabilities").unwrap_or_default();
    for room in capabilities.as_object_mut().into_iter().flat_map(|rooms| rooms.iter_mut()) {
        retain_readable(room.1, |name, value| json!({ "capabilities": { room.0: { name: value } } }));
    }
    retain_readable(&mut capabilities, |name, value| json!({ "capabilities": { name: value } }));
    let mut members = Value::Object(members);
    retain_readable(&mut members, |name, value| json!({ "capabilities": {}, name: value }));
    members["capabilities"] = if capabilities.is_object() { capabilities } else { json!({}) };
    members
}

fn retain_readable(members: &mut Value, alone: impl Fn(&str, &Value) -> Value) {
    let Value::Object(members) = members else { return };
    members.retain(|name, value| {
        let problem = serde_json::from_value::<InitializeParams>(alone(name, value)).err();
        if let Some(problem) = &problem {
            tracing::warn!("what the client says of `{name}` is left out: {problem}");
        }
        problem.is_none()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_of_initialize_is_left_out() {
        let params = readable(json!({
            "processId": "many",
            "rootUri": "",
            "workspaceFolders": [{ "uri": "file:///notes", "name": "notes" }],
            "capabilities": {
                "general": { "positionEncodings": ["utf-8"] },
                "workspace": { "workspaceEdit": { "failureHandling": "prayer" }, "configuration": true },
                "window": 5,
                "textDocument": { "hover": { "contentFormat": ["markdown"] }, "definition": "no" },
            },
        }));
        assert_eq!(
            params,
            json!({
                "workspaceFolders": [{ "uri": "file:///notes", "name": "notes" }],
                "capabilities": {
                    "general": { "positionEncodings": ["utf-8"] },
                    "workspace": { "configuration": true },
                    "textDocument": { "hover": { "contentFormat": ["markdown"] } },
                },
            })
        );
        assert!(serde_json::from_value::<InitializeParams>(params).is_ok());
    }

    #[test]
    fn parameters_of_another_shape_are_not_made_up() {
        assert_eq!(readable(json!([1])), json!([1]));
        assert_eq!(readable(json!({})), json!({ "capabilities": {} }));
    }
}
