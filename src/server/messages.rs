//! What we ask and tell the client of our own accord, other than findings. Knows sentences and requests; decides nothing.
//!
//! Requests are sent by tasks: nobody who answers, reads or writes ever waits for the client.

use super::abilities::Refreshes;
use super::folder::Folder;
use super::session::Session;
use super::settings::SECTION;
use super::transport::{Outbox, message};
use super::view::{VaultView, View};
use crate::features::prose::grouped;
use crate::vault::{Notice, Progress};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tower_lsp::Client;
use tower_lsp::ls_types::notification::{
    DidChangeConfiguration, DidChangeWatchedFiles, LogMessage, Notification, Progress as Progressed, ShowMessage,
};
use tower_lsp::ls_types::{
    ConfigurationItem, DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, LogMessageParams,
    MessageActionItem, MessageType, ProgressParams, ProgressParamsValue, ProgressToken, Registration,
    ShowDocumentParams, ShowMessageParams, Uri, WorkDoneProgress, WorkDoneProgressBegin, WorkDoneProgressEnd,
    WorkDoneProgressReport,
};

/// How often progress is told.
const STEP: Duration = Duration::from_millis(100);
const READ_ALL: &str = "Read all files";

/// A notification of our own, for clients that say they hear it: something changed in a vault. README tells authors of
/// editor plugins of it.
enum Changed {}

impl Notification for Changed {
    type Params = ChangedParams;
    const METHOD: &'static str = "vaultls/changed";
}

#[derive(Serialize, Deserialize)]
struct ChangedParams {
    vaults: Vec<ChangedVault>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChangedVault {
    /// Of its folder.
    uri: Uri,
    notes: usize,
    /// Not just a folder that happens to hold Markdown.
    is_vault: bool,
    /// How many of how many notes have been read, and whether that is all.
    read: usize,
    total: usize,
    loaded: bool,
}

#[derive(Clone)]
pub struct Messages {
    pub client: Client,
    pub tasks: Handle,
    pub outbox: Arc<Outbox>,
}

impl Messages {
    /// What there is to say to the user, and to do for folders that are new.
    pub fn tell(&self, view: &View) {
        let mut problems = view.session.take_problems();
        for vault in view.vaults() {
            for notice in vault.folder.vault.take_notices() {
                match notice {
                    Notice::Problem(problem) => problems.push(problem),
                    Notice::TooManyFiles => self.offer_to_read_all(vault.folder.clone()),
                    Notice::Settings => view.session.configure(|other| std::ptr::eq(other, &*vault.folder)),
                }
            }
        }
        self.show_problems(&problems);
        self.introduce(&view.session);
    }

    /// Says how the vaults are now, so that the client can ask again for what it shows of them.
    pub fn tell_of_change(&self, view: &View) {
        let told = |vault: &VaultView| {
            let Progress { read, total, done } = vault.folder.vault.progress();
            let notes = vault.snapshot.notes().count();
            let is_vault = vault.snapshot.is_vault();
            ChangedVault { uri: vault.folder.uri.clone(), notes, is_vault, read, total, loaded: done }
        };
        let vaults = view.vaults().iter().map(told).collect();
        self.outbox.send_when_room(message::notification::<Changed>(&ChangedParams { vaults }));
    }

    /// Asks for the settings of folders that are new, and shows how far they have been read.
    pub fn introduce(&self, session: &Arc<Session>) {
        let folders = session.state().folders.iter().filter(|folder| folder.is_new()).cloned().collect::<Vec<_>>();
        for folder in &folders {
            if session.abilities.progress && !folder.is_loaded() {
                self.tasks.spawn(self.clone().show_progress(folder.clone()));
            }
        }
        if session.abilities.configuration {
            self.tasks.spawn(self.clone().ask_for_settings(session.clone(), folders));
        }
    }

    /// Asks for the settings of all folders again.
    pub fn refresh_settings(&self, session: &Arc<Session>) {
        if session.abilities.configuration {
            let folders = session.state().folders.clone();
            self.tasks.spawn(self.clone().ask_for_settings(session.clone(), folders));
        }
    }

    /// Asks the client to ask again for what it shows in a text besides findings.
    pub fn refresh_decorations(&self, can: Refreshes) {
        let client = self.client.clone();
        self.tasks.spawn(async move {
            if can.tokens {
                let _ = client.semantic_tokens_refresh().await;
            }
            if can.lenses {
                let _ = client.code_lens_refresh().await;
            }
            if can.hints {
                let _ = client.inlay_hint_refresh().await;
            }
        });
    }

    /// Has a web address opened outside the editor.
    pub fn open(&self, address: Uri) {
        let client = self.client.clone();
        let params = ShowDocumentParams { uri: address, external: Some(true), take_focus: None, selection: None };
        self.tasks.spawn(async move { client.show_document(params).await });
    }

    pub fn refresh_findings(&self) {
        let client = self.client.clone();
        self.tasks.spawn(async move { client.workspace_diagnostic_refresh().await });
    }

    /// What can only be announced to clients that want it so.
    pub fn register(&self, session: &Session) {
        let watch = || FileSystemWatcher { glob_pattern: GlobPattern::String("**/*".into()), kind: None };
        let watching = || DidChangeWatchedFilesRegistrationOptions { watchers: vec![watch()] };
        let registration = |method: &str, register_options| Registration {
            id: method.to_owned(),
            method: method.to_owned(),
            register_options,
        };
        let mut registrations = Vec::new();
        if session.abilities.registers_watching {
            registrations.push(registration(DidChangeWatchedFiles::METHOD, serde_json::to_value(watching()).ok()));
        }
        if session.abilities.registers_configuration {
            let options = serde_json::json!({ "section": SECTION });
            registrations.push(registration(DidChangeConfiguration::METHOD, Some(options)));
        }
        if !registrations.is_empty() {
            let client = self.client.clone();
            self.tasks.spawn(async move { client.register_capability(registrations).await });
        }
    }

    /// Shows a sentence to the user.
    pub fn warn(&self, sentence: &str) {
        self.show(MessageType::WARNING, sentence);
    }

    /// The same of what is no mishap.
    pub fn inform(&self, sentence: &str) {
        self.show(MessageType::INFO, sentence);
    }

    fn show(&self, typ: MessageType, sentence: &str) {
        let message = ShowMessageParams { typ, message: sentence.to_owned() };
        self.outbox.send_when_room(message::notification::<ShowMessage>(&message));
    }

    /// All go to the client's log; the user is shown one.
    fn show_problems(&self, problems: &[String]) {
        let Some(first) = problems.first() else { return };
        for problem in problems {
            tracing::warn!("{problem}");
            let message = LogMessageParams { typ: MessageType::WARNING, message: problem.clone() };
            self.outbox.send_when_room(message::notification::<LogMessage>(&message));
        }
        let message = match problems.len() - 1 {
            0 => first.clone(),
            more => format!("{first} (and {more} more, in the log)"),
        };
        let message = ShowMessageParams { typ: MessageType::WARNING, message };
        self.outbox.send_when_room(message::notification::<ShowMessage>(&message));
    }

    fn offer_to_read_all(&self, folder: Arc<Folder>) {
        let client = self.client.clone();
        self.tasks.spawn(async move {
            let question = format!(
                "{} holds more than {} files, and nothing marks it as a vault of notes. Only some of them were read.",
                folder.root.display(),
                grouped(crate::vault::MAX_FILES_UNASKED)
            );
            let yes = MessageActionItem { title: READ_ALL.into(), properties: Default::default() };
            let answer = client.show_message_request(MessageType::INFO, question, Some(vec![yes])).await;
            if answer.is_ok_and(|chosen| chosen.is_some_and(|chosen| chosen.title == READ_ALL)) {
                folder.vault.load_all();
            }
        });
    }

    async fn ask_for_settings(self, session: Arc<Session>, folders: Vec<Arc<Folder>>) {
        let scope = |folder: &Arc<Folder>| ConfigurationItem {
            scope_uri: Some(folder.uri.clone()),
            section: Some(SECTION.to_owned()),
        };
        if folders.is_empty() {
            return;
        }
        match self.client.configuration(folders.iter().map(scope).collect()).await {
            Ok(settings) => {
                for (folder, settings) in folders.iter().zip(settings) {
                    session.change_scoped_settings(folder, settings);
                }
            }
            Err(error) => tracing::warn!("asking for settings: {error}"),
        }
    }

    async fn show_progress(self, folder: Arc<Folder>) {
        static SHOWN: AtomicU32 = AtomicU32::new(0);
        let token = ProgressToken::String(format!("vaultls/{}", SHOWN.fetch_add(1, Ordering::Relaxed)));
        if self.client.create_work_done_progress(token.clone()).await.is_err() || folder.is_loaded() {
            return;
        }
        let send = |value| {
            let params = ProgressParams { token: token.clone(), value: ProgressParamsValue::WorkDone(value) };
            self.outbox.send(message::notification::<Progressed>(&params));
        };
        let (message, percentage) = shown(folder.vault.progress());
        let title = format!("Reading {}", folder.root.file_name().unwrap_or(folder.root.as_os_str()).display());
        let begin = WorkDoneProgressBegin { title, message: Some(message), percentage, cancellable: Some(false) };
        send(WorkDoneProgress::Begin(begin));
        let mut told = folder.vault.progress();
        while !folder.is_loaded() {
            tokio::time::sleep(STEP).await;
            let now = folder.vault.progress();
            if now != std::mem::replace(&mut told, now) {
                let (message, percentage) = shown(now);
                let report = WorkDoneProgressReport { message: Some(message), percentage, cancellable: Some(false) };
                send(WorkDoneProgress::Report(report));
            }
        }
        let (message, _) = shown(folder.vault.progress());
        send(WorkDoneProgress::End(WorkDoneProgressEnd { message: Some(message) }));
    }
}

/// `4,200 of 24,304 notes`, and per cent.
fn shown(Progress { read, total, done }: Progress) -> (String, Option<u32>) {
    let message = match (done, total) {
        (true, _) => format!("{} notes", grouped(total)),
        (false, 0) => "looking for notes".to_owned(),
        (false, _) => format!("{} of {} notes", grouped(read), grouped(total)),
    };
    (message, Some((read.min(total) * 100).checked_div(total).unwrap_or(0) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_in_notes() {
        let progress = |read, total, done| shown(Progress { read, total, done });
        assert_eq!(progress(4_200, 24_304, false), ("4,200 of 24,304 notes".to_owned(), Some(17)));
        assert_eq!(progress(0, 0, false), ("looking for notes".to_owned(), Some(0)));
        assert_eq!(progress(999, 999, true), ("999 notes".to_owned(), Some(100)));
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
