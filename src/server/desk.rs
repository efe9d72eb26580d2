//! Takes in feature requests and sees that each is answered once. Knows when a question can be answered; not how.

use super::folder::Folder;
use super::in_flight::Ticket;
use super::lock;
use super::messages::Messages;
use super::pool::{self, Pool};
use super::question::{Question, Reply};
use super::routes::{self, Needs, Route};
use super::session::Session;
use super::transport::{Failure, Params, Transport, message};
use super::uri;
use super::view::View;
use crate::vault::heap;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::sync::{Arc, Mutex};
use tower_lsp::ls_types::TextDocumentIdentifier;

/// Bytes of an answer that leaves much behind that was needed for it alone.
const LARGE: usize = 1 << 20;

pub struct Desk {
    pub session: Arc<Session>,
    messages: Messages,
    pub transport: Transport,
    pool: Pool,
    /// Questions whose answer would be that nothing is new.
    held: Mutex<Vec<Ask>>,
}

/// A request that is not answered yet.
struct Ask {
    route: &'static Route,
    ticket: Ticket,
    params: Box<RawValue>,
}

impl Desk {
    pub fn new(session: Arc<Session>, messages: Messages, transport: Transport) -> Arc<Desk> {
        Arc::new(Desk { session, messages, transport, pool: Pool::new(), held: Mutex::default() })
    }

    /// A request arrived. Called in the order of arrival; returns at once.
    pub fn take(self: &Arc<Self>, ticket: Ticket, method: &str, params: Params) {
        match routes::find(method) {
            Some(route) => {
                self.admit(Ask { route, ticket, params: params.unwrap_or_else(|| RawValue::NULL.to_owned()) })
            }
            None => self.transport.refuse(&ticket, &Failure::unknown(method)),
        }
    }

    /// Something changed: what was held may have an answer now.
    pub fn ask_again(self: &Arc<Self>) {
        let held = std::mem::take(&mut *lock(&self.held));
        held.into_iter().for_each(|ask| self.admit(ask));
    }

    /// Has the question answered: now, from the state of this moment, or when the vault it is about has been read. While it
    /// waits it holds no thread.
    fn admit(self: &Arc<Self>, ask: Ask) {
        if ask.ticket.is_cancelled() {
            return;
        }
        let desk = self.clone();
        if let Some(folder) = self.unread_folder(&ask) {
            return folder.when_loaded(Box::new(move || desk.admit(ask)));
        }
        let Ask { route, ticket, params } = ask;
        match pool::guarded(|| self.session.view()) {
            Ok(view) => {
                let (outbox, messages) = (self.transport.outbox.clone(), self.messages.clone());
                let question = Question { view, ticket, params, outbox, messages };
                self.pool.run(Box::new(move || desk.answer(route, question)));
            }
            Err(failure) => self.transport.refuse(&ticket, &failure),
        }
    }

    /// Runs on a thread of the pool.
    fn answer(&self, route: &'static Route, question: Question) {
        if question.ticket.is_cancelled() {
            return;
        }
        let reply = pool::guarded(|| (route.answer)(&question)).and_then(|reply| reply);
        let Question { view, ticket, params, .. } = question;
        let is_large = matches!(&reply, Ok(Reply::Now(body)) if body.len() >= LARGE);
        let body = match reply {
            Ok(Reply::Now(body)) => body,
            Ok(Reply::AfterChange) => return self.hold(Ask { route, ticket, params }, &view),
            Err(failure) => message::failure(&ticket.id, &failure),
        };
        if self.transport.in_flight.finish(&ticket) {
            self.transport.outbox.send_when_room(body);
        }
        if is_large {
            heap::trim();
        }
    }

    fn hold(&self, ask: Ask, answered_from: &View) {
        lock(&self.held).push(ask);
        if !answered_from.is_current() {
            // The change may have come before there was something to ask again.
            self.session.changed();
        }
    }

    /// A folder that must be read first.
    fn unread_folder(&self, ask: &Ask) -> Option<Arc<Folder>> {
        if ask.route.needs == Needs::Note {
            return None;
        }
        let state = self.session.state();
        let path = note_asked_about(&ask.params).and_then(|note| uri::path(note.uri.as_str()));
        match path {
            Some(path) => state.locate(&path).map(|(folder, _)| folder).filter(|folder| !folder.is_loaded()).cloned(),
            None => state.folders.iter().find(|folder| !folder.is_loaded()).cloned(),
        }
    }
}

fn note_asked_about(params: &RawValue) -> Option<TextDocumentIdentifier> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct About {
        text_document: TextDocumentIdentifier,
    }
    serde_json::from_str::<About>(params.get()).ok().map(|about| about.text_document)
}
