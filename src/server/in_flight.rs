//! Which requests wait for their answer. Knows ids; not what was asked.
//!
//! Whoever takes a request out of the table answers it, so each is answered once: by the thread that did the work, or by
//! the reader when it is cancelled, at once, wherever the request stands in the queue.

use dashmap::{DashMap, Entry};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tower_lsp::jsonrpc::Id;

/// No guard of the map leaves a function.
#[derive(Default)]
pub struct InFlight(DashMap<Id, Arc<AtomicBool>>);

/// The right to answer a request.
#[derive(Debug)]
pub struct Ticket {
    pub id: Id,
    cancelled: Arc<AtomicBool>,
}

impl InFlight {
    /// `None` if a request of this id is in flight already.
    pub fn begin(&self, id: &Id) -> Option<Ticket> {
        match self.0.entry(id.clone()) {
            Entry::Occupied(_) => None,
            Entry::Vacant(entry) => {
                let cancelled = Arc::new(AtomicBool::new(false));
                entry.insert(cancelled.clone());
                Some(Ticket { id: id.clone(), cancelled })
            }
        }
    }

    /// Whether the caller has to say so.
    pub fn cancel(&self, id: &Id) -> bool {
        let taken = self.0.remove(id);
        if let Some((_, cancelled)) = &taken {
            cancelled.store(true, Ordering::Release);
        }
        taken.is_some()
    }

    /// Whether the caller has to answer.
    pub fn finish(&self, ticket: &Ticket) -> bool {
        // The id may be in use again, by another request.
        self.0.remove_if(&ticket.id, |_, cancelled| Arc::ptr_eq(cancelled, &ticket.cancelled)).is_some()
    }
}

impl Ticket {
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_answered_once() {
        let in_flight = InFlight::default();
        let ticket = in_flight.begin(&Id::Number(1)).expect("the id is free");
        assert!(in_flight.begin(&Id::Number(1)).is_none());
        assert!(in_flight.finish(&ticket));
        assert!(!in_flight.finish(&ticket));
        assert!(!in_flight.cancel(&Id::Number(1)));
    }

    #[test]
    fn a_cancelled_request_does_not_answer_for_the_next_of_its_id() {
        let in_flight = InFlight::default();
        let first = in_flight.begin(&Id::Number(1)).expect("the id is free");
        assert!(in_flight.cancel(&Id::Number(1)));
        assert!(first.is_cancelled());
        let second = in_flight.begin(&Id::Number(1)).expect("the id is free again");
        assert!(!in_flight.finish(&first));
        assert!(in_flight.finish(&second) && !second.is_cancelled());
    }
}
