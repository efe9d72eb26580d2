//! The bytes between us and the client: one thread reads, one writes. Knows frames, JSON-RPC and cancellation; no method.

mod frames;
pub mod message;
mod outbox;

pub use message::{Failure, Message, Params};
pub use outbox::Outbox;

use super::in_flight::{InFlight, Ticket};
use super::spawn;
use super::uri::Spellings;
use frames::Frames;
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::mpsc;
use tokio::sync::mpsc::UnboundedSender;
use tower_lsp::jsonrpc::{Id, Response};
use tower_lsp::ls_types::CancelParams;

/// What the dispatcher gets, in the order of arrival. The end of the channel is the end of the input.
#[derive(Debug)]
pub enum Incoming {
    /// `initialize` or `shutdown`: at once, never cancelled.
    Lifecycle {
        id: Id,
        method: String,
        params: Params,
    },
    Request {
        ticket: Ticket,
        method: String,
        params: Params,
    },
    Notification {
        method: String,
        params: Params,
    },
    Reply(Response),
}

/// Both directions.
#[derive(Clone, Default)]
pub struct Transport {
    pub outbox: Arc<Outbox>,
    pub in_flight: Arc<InFlight>,
    spellings: Arc<Spellings>,
}

impl Transport {
    /// Reads until the input ends. Never waits for anything but the input: whatever the rest of the server does,
    /// cancellation is seen.
    pub fn read(self, input: impl Read + Send + 'static, incoming: UnboundedSender<Incoming>) {
        spawn("reader", move || {
            let mut frames = Frames::new(input);
            while let Some(body) = frames.next_body() {
                let mut body = self.spellings.repair(body.to_vec());
                message::mend_surrogates(&mut body);
                let message = message::read(&body);
                if let Message::Invalid(_, failure) = &message {
                    tracing::warn!("a message that is none: {}", failure.message);
                    frames.resync();
                }
                if let Some(message) = self.sort(message)
                    && incoming.send(message).is_err()
                {
                    return;
                }
            }
        });
    }

    /// Writes what is put into the outbox. The receiver hears of it when all is written.
    pub fn write(&self, output: impl Write + Send + 'static) -> mpsc::Receiver<()> {
        let (written, all_written) = mpsc::channel();
        let (outbox, spellings) = (self.outbox.clone(), self.spellings.clone());
        spawn("writer", move || {
            outbox::write(&outbox, output, |body| spellings.restore(body));
            let _ = written.send(());
        });
        all_written
    }

    /// Answers a request with the reason why it has no answer.
    pub fn refuse(&self, ticket: &Ticket, failure: &Failure) {
        if self.in_flight.finish(ticket) {
            self.outbox.send(message::failure(&ticket.id, failure));
        }
    }

    /// Answers what can be answered here; the rest is for the dispatcher.
    fn sort(&self, message: Message) -> Option<Incoming> {
        match message {
            Message::Request { id, method, params } if method == "initialize" || method == "shutdown" => {
                Some(Incoming::Lifecycle { id, method, params })
            }
            Message::Request { id, method, params } => match self.in_flight.begin(&id) {
                Some(ticket) => Some(Incoming::Request { ticket, method, params }),
                None => self.complain(&id, &Failure::ID_IN_USE),
            },
            Message::Notification { method, params } if method == "$/cancelRequest" => self.cancel(params),
            Message::Notification { method, params } => Some(Incoming::Notification { method, params }),
            Message::Reply(reply) => Some(Incoming::Reply(reply)),
            Message::Invalid(id, failure) => self.complain(&id, &failure),
        }
    }

    fn cancel(&self, params: Params) -> Option<Incoming> {
        let params: CancelParams = serde_json::from_str(params?.get()).ok()?;
        let id = Id::from(params.id);
        if self.in_flight.cancel(&id) {
            self.complain(&id, &Failure::CANCELLED);
        }
        None
    }

    fn complain(&self, id: &Id, failure: &Failure) -> Option<Incoming> {
        self.outbox.send(message::failure(id, failure));
        None
    }
}
