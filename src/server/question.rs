//! One request on its way to an answer. Knows what the answer depends on and how it is sent; not what it says.

use super::in_flight::Ticket;
use super::messages::Messages;
use super::transport::{Failure, Outbox, message};
use super::view::View;
use serde_json::value::RawValue;
use std::sync::Arc;
use tower_lsp::ls_types::request::Request;

/// A request with everything that its answer depends on.
pub struct Question {
    pub view: View,
    pub ticket: Ticket,
    pub params: Box<RawValue>,
    pub outbox: Arc<Outbox>,
    pub messages: Messages,
}

pub enum Reply {
    /// A whole message.
    Now(Vec<u8>),
    /// Nothing is new: ask again when something has changed.
    AfterChange,
}

impl Question {
    /// Parameters from text, the answer straight to bytes.
    pub fn answer<R: Request>(&self, answer: fn(&View, R::Params) -> R::Result) -> Result<Reply, Failure> {
        self.reply(&answer(&self.view, self.params()?))
    }

    /// While the vault is being read, nothing found is no answer yet.
    pub fn answer_when_known<R, A>(&self, answer: fn(&View, R::Params) -> Option<A>) -> Result<Reply, Failure>
    where
        R: Request<Result = Option<A>>,
        A: serde::Serialize,
    {
        let found = answer(&self.view, self.params()?);
        let is_known = self.view.is_loaded() || found.is_some() && self.view.is_listed();
        if is_known { self.reply(&found) } else { Ok(Reply::AfterChange) }
    }

    pub fn params<P: serde::de::DeserializeOwned>(&self) -> Result<P, Failure> {
        serde_json::from_str(self.params.get()).map_err(|problem| Failure::invalid_params(&problem))
    }

    pub fn reply(&self, result: &impl serde::Serialize) -> Result<Reply, Failure> {
        message::answer(&self.ticket.id, result).map(Reply::Now)
    }
}
