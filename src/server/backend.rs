//! The client's lifecycle and notifications, as the protocol library hands them over. Knows what each sets going.
//!
//! No handler waits: the dispatcher runs one after the other, in the order of arrival.

use super::messages::Messages;
use super::publish::Bell;
use super::routes::ROUTES;
use super::session::Session;
use super::watchdog;
use crate::text::Encoding;
use std::sync::{Arc, OnceLock};
use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{
    CreateFilesParams, DeleteFilesParams, DidChangeConfigurationParams, DidChangeTextDocumentParams,
    DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams, InitializeParams, InitializeResult, InitializedParams, OneOf,
    PositionEncodingKind, RenameFilesParams, ServerCapabilities, ServerInfo, WorkspaceFoldersServerCapabilities,
    WorkspaceServerCapabilities,
};

pub struct Backend {
    pub messages: Messages,
    pub bell: Bell,
    /// Since `initialize`.
    pub session: OnceLock<Arc<Session>>,
}

impl Backend {
    fn with_session(&self, act: impl FnOnce(&Arc<Session>)) {
        if let Some(session) = self.session.get() {
            act(session);
        }
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        watchdog::end_with(params.process_id);
        let bell = self.bell.clone();
        let session = Session::begin(params, move || bell.ring());
        let capabilities = capabilities(&session);
        self.session.set(session).map_err(|_| Error::invalid_request())?;
        let version = Some(env!("CARGO_PKG_VERSION").to_owned());
        let server_info = Some(ServerInfo { name: env!("CARGO_PKG_NAME").to_owned(), version });
        Ok(InitializeResult { capabilities, server_info, ..InitializeResult::default() })
    }

    async fn initialized(&self, _: InitializedParams) {
        self.with_session(|session| {
            self.messages.register(session);
            self.messages.introduce(session);
        });
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.with_session(|session| session.open(params));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.with_session(|session| session.edit(params));
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.with_session(|session| session.saved(params));
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.with_session(|session| session.close(params));
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.with_session(|session| session.files_changed(params));
    }

    async fn did_rename_files(&self, params: RenameFilesParams) {
        let addresses = params.files.iter().flat_map(|file| [&*file.old_uri, &*file.new_uri]);
        self.with_session(|session| session.look_at(addresses));
    }

    async fn did_create_files(&self, params: CreateFilesParams) {
        self.with_session(|session| session.look_at(params.files.iter().map(|file| &*file.uri)));
    }

    async fn did_delete_files(&self, params: DeleteFilesParams) {
        self.with_session(|session| session.look_at(params.files.iter().map(|file| &*file.uri)));
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.with_session(|session| {
            session.change_folders(params.event);
            self.messages.introduce(session);
        });
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        self.with_session(|session| {
            session.change_settings(params.settings);
            self.messages.refresh_settings(session);
        });
    }
}

fn capabilities(session: &Session) -> ServerCapabilities {
    let folders =
        WorkspaceFoldersServerCapabilities { supported: Some(true), change_notifications: Some(OneOf::Left(true)) };
    let mut capabilities = ServerCapabilities {
        position_encoding: Some(match session.abilities.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }),
        text_document_sync: Some(session.sync()),
        workspace: Some(WorkspaceServerCapabilities { workspace_folders: Some(folders), file_operations: None }),
        ..ServerCapabilities::default()
    };
    for route in ROUTES {
        (route.announce)(&session.abilities, &mut capabilities);
    }
    capabilities
}
