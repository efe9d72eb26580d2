//! Tells the client what it did not ask for: findings, that findings are stale, and sentences for its user.
//!
//! One thread. It waits for quiet, looks again only at notes whose findings can have changed, and sends only differences.

use super::answers::findings;
use super::desk::Desk;
use super::folder::FolderId;
use super::ledger::{Digest, Ledger, Told};
use super::lock;
use super::messages::Messages;
use super::pool::guarded;
use super::spawn;
use super::transport::message;
use super::view::{Note, View};
use crate::vault::Touched;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};
use tower_lsp::ls_types::notification::PublishDiagnostics;
use tower_lsp::ls_types::{Diagnostic, PublishDiagnosticsParams, Uri};

/// Findings are looked for when nothing has changed for this long,
const QUIET: Duration = Duration::from_millis(120);
/// or, while something always changes, every so often.
const PATIENCE: Duration = Duration::from_secs(1);

/// Says that something changed. Costs nothing, however often it is done.
#[derive(Clone)]
pub struct Bell(SyncSender<()>);

impl Bell {
    pub fn new() -> (Bell, Receiver<()>) {
        let (sender, rings) = sync_channel(1);
        (Bell(sender), rings)
    }

    pub fn ring(&self) {
        // When it is full it has been rung and not been heard yet; when it is closed the server ends.
        let (Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(()))) = self.0.try_send(());
    }
}

pub struct Publisher {
    pub desk: Arc<Desk>,
    pub messages: Messages,
}

impl Publisher {
    /// Ends with the server.
    pub fn start(self, rings: Receiver<()>) {
        spawn("publisher", move || {
            while rings.recv().is_ok() {
                wait_for_quiet(&rings);
                let _ = guarded(|| self.look());
            }
        });
    }

    fn look(&self) {
        let view = self.desk.session.view();
        self.messages.tell(&view);
        let abilities = &view.session.abilities;
        if abilities.hears_changes {
            self.messages.tell_of_change(&view);
        }
        let is_stale = if abilities.diagnostics.pull { self.is_something_stale(&view) } else { self.push(&view) };
        if is_stale {
            self.messages.refresh_decorations(abilities.refreshes);
            if abilities.diagnostics.pull {
                self.messages.refresh_findings();
            }
        }
        self.desk.ask_again();
    }

    /// Tells what is new. True if some of it is about a text that did not change.
    fn push(&self, view: &View) -> bool {
        let mut is_stale = false;
        let mut ledger = lock(&view.session.ledger);
        let look = Look::at(view, &mut ledger);
        let mut before = std::mem::take(&mut ledger.told);
        for (uri, note) in view.open_notes() {
            let told = before.remove(uri);
            let is_forgotten = told.is_some_and(|told| told.opening != note.opening);
            if let Some(told) = told.filter(|told| !is_forgotten && !look.is_needed(&note, told)) {
                ledger.told.insert(uri.clone(), told);
                continue;
            }
            let found = found_in(&note);
            let digest = Digest::of(&found);
            if is_forgotten || digest != told.as_ref().map_or(Digest::of_nothing(), |told| told.digest) {
                is_stale |= told.is_some_and(|told| told.version == note.document.version);
                self.send(uri, found, Some(note.document.version));
            }
            ledger.told.insert(uri.clone(), Told::of(&note, digest));
        }
        for (closed, _) in before.into_iter().filter(|(_, told)| told.digest != Digest::of_nothing()) {
            self.send(&closed, Vec::new(), None);
        }
        is_stale
    }

    fn send(&self, uri: &Uri, diagnostics: Vec<Diagnostic>, version: Option<i32>) {
        let told = PublishDiagnosticsParams { uri: uri.clone(), diagnostics, version };
        self.desk.transport.outbox.send_when_room(message::notification::<PublishDiagnostics>(&told));
    }

    /// Whether the client holds findings of an open note that are no longer true, though its text is the same: of a text
    /// that changed it asks by itself.
    fn is_something_stale(&self, view: &View) -> bool {
        let mut ledger = lock(&view.session.ledger);
        let look = Look::at(view, &mut ledger);
        let mut before = std::mem::take(&mut ledger.told);
        let mut is_stale = false;
        for (uri, note) in view.open_notes() {
            let Some(mut told) = before.remove(uri).filter(|told| told.opening == note.opening) else { continue };
            if told.version == note.document.version && look.is_needed(&note, &told) {
                let now = Told::of(&note, Digest::of(&found_in(&note)));
                is_stale |= now.digest != told.digest;
                told = now;
            }
            ledger.told.insert(uri.clone(), told);
        }
        is_stale
    }
}

/// What can have changed in each vault since the last look, with the revision it had then.
struct Look(HashMap<FolderId, (Touched, u64)>);

impl Look {
    fn at(view: &View, ledger: &mut Ledger) -> Look {
        Look(ledger.touched(view.vaults()))
    }

    /// Whether other findings than those told are possible. What was told may be older than the last look.
    fn is_needed(&self, note: &Note, told: &Told) -> bool {
        let looked = self.0.get(&note.vault.folder.id);
        looked.is_none_or(|(touched, since)| touched.holds(note.file) || told.revision < *since)
    }
}

/// A note that cannot be looked at must not keep the others from it.
fn found_in(note: &Note) -> Vec<Diagnostic> {
    guarded(|| findings::of_note(note)).unwrap_or_default()
}

fn wait_for_quiet(rings: &Receiver<()>) {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end && rings.recv_timeout(QUIET).is_ok() {}
}
