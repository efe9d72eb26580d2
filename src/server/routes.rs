//! The one table of feature requests: which methods there are, what is announced for each, and who answers.
//!
//! A new feature is one function in `answers` and one row here.

use super::abilities::Abilities;
use super::answers::{actions, backlinks, completion, decorations, findings, navigation, rename, timeline, times};
use super::question::{Question, Reply};
use super::transport::Failure;
use crate::features::actions::ACTIONS;
use tower_lsp::ls_types::request::{
    CodeActionRequest, CodeActionResolveRequest, CodeLensRequest, Completion, DocumentDiagnosticRequest,
    DocumentLinkRequest, DocumentSymbolRequest, ExecuteCommand, GotoDefinition, HoverRequest, InlayHintRequest,
    LinkedEditingRange, PrepareRenameRequest, References, Rename, Request, ResolveCompletionItem,
    SemanticTokensFullRequest, SemanticTokensRangeRequest, WillCreateFiles, WillDeleteFiles, WillRenameFiles,
    WorkspaceDiagnosticRequest, WorkspaceSymbolRequest,
};
use tower_lsp::ls_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions, DiagnosticOptions,
    DiagnosticServerCapabilities, DocumentLinkOptions, ExecuteCommandOptions, FileOperationFilter,
    FileOperationPattern, FileOperationRegistrationOptions, HoverProviderCapability,
    LinkedEditingRangeServerCapabilities, OneOf, RenameOptions, SemanticTokensFullOptions, SemanticTokensOptions,
    SemanticTokensServerCapabilities, ServerCapabilities, WorkDoneProgressOptions,
    WorkspaceFileOperationsServerCapabilities,
};

pub struct Route {
    pub method: &'static str,
    pub needs: Needs,
    pub announce: fn(&Abilities, &mut ServerCapabilities),
    pub answer: fn(&Question) -> Result<Reply, Failure>,
}

/// What must have been read before there is an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// The note asked about: at once.
    Note,
    /// Every file of the vault of the note asked about, or of all vaults where none is.
    Vault,
}

pub const ROUTES: &[Route] = &[
    Route {
        method: Completion::METHOD,
        needs: Needs::Note,
        announce: |_, to| {
            to.completion_provider.get_or_insert_default().trigger_characters = Some(completion::triggers())
        },
        answer: |question| question.answer::<Completion>(completion::items),
    },
    Route {
        method: ResolveCompletionItem::METHOD,
        needs: Needs::Note,
        announce: |_, to| to.completion_provider.get_or_insert_default().resolve_provider = Some(true),
        answer: |question| question.answer::<ResolveCompletionItem>(completion::resolved),
    },
    Route {
        method: HoverRequest::METHOD,
        needs: Needs::Vault,
        announce: |_, to| to.hover_provider = Some(HoverProviderCapability::Simple(true)),
        answer: |question| question.answer::<HoverRequest>(navigation::hover),
    },
    Route {
        method: GotoDefinition::METHOD,
        needs: Needs::Note,
        announce: |_, to| to.definition_provider = Some(OneOf::Left(true)),
        answer: |question| question.answer_when_known::<GotoDefinition, _>(navigation::definition),
    },
    Route {
        method: References::METHOD,
        needs: Needs::Vault,
        announce: |_, to| to.references_provider = Some(OneOf::Left(true)),
        answer: |question| question.answer::<References>(navigation::references),
    },
    Route {
        method: DocumentSymbolRequest::METHOD,
        needs: Needs::Note,
        announce: |_, to| to.document_symbol_provider = Some(OneOf::Left(true)),
        answer: |question| question.answer::<DocumentSymbolRequest>(navigation::document_symbols),
    },
    Route {
        method: WorkspaceSymbolRequest::METHOD,
        needs: Needs::Vault,
        announce: |_, to| to.workspace_symbol_provider = Some(OneOf::Left(true)),
        answer: |question| question.answer::<WorkspaceSymbolRequest>(navigation::workspace_symbols),
    },
    Route {
        method: DocumentLinkRequest::METHOD,
        needs: Needs::Vault, // Clients ask once a text, and keep the answer.
        announce: |_, to| {
            let work_done_progress_options = WorkDoneProgressOptions::default();
            to.document_link_provider =
                Some(DocumentLinkOptions { resolve_provider: Some(false), work_done_progress_options });
        },
        answer: |question| question.answer::<DocumentLinkRequest>(navigation::document_links),
    },
    Route {
        method: SemanticTokensFullRequest::METHOD,
        needs: Needs::Vault,
        announce: |_, to| {
            to.semantic_tokens_provider =
                Some(SemanticTokensServerCapabilities::SemanticTokensOptions(SemanticTokensOptions {
                    legend: decorations::legend(),
                    range: Some(true),
                    full: Some(SemanticTokensFullOptions::Bool(true)),
                    ..SemanticTokensOptions::default()
                }))
        },
        answer: |question| question.answer::<SemanticTokensFullRequest>(decorations::tokens),
    },
    Route {
        method: SemanticTokensRangeRequest::METHOD,
        needs: Needs::Vault,
        announce: |_, _| {}, // With those of the whole note.
        answer: |question| question.answer::<SemanticTokensRangeRequest>(decorations::tokens_in_range),
    },
    Route {
        method: LinkedEditingRange::METHOD,
        needs: Needs::Note,
        announce: |_, to| {
            to.linked_editing_range_provider = Some(LinkedEditingRangeServerCapabilities::Simple(true));
        },
        answer: |question| question.answer::<LinkedEditingRange>(decorations::linked),
    },
    Route {
        method: InlayHintRequest::METHOD,
        needs: Needs::Vault,
        announce: |_, to| to.inlay_hint_provider = Some(OneOf::Left(true)),
        answer: |question| question.answer::<InlayHintRequest>(decorations::hints),
    },
    Route {
        method: CodeLensRequest::METHOD,
        needs: Needs::Vault,
        announce: |_, to| to.code_lens_provider = Some(CodeLensOptions { resolve_provider: Some(false) }),
        answer: |question| question.answer::<CodeLensRequest>(decorations::lenses),
    },
    Route {
        method: ExecuteCommand::METHOD,
        needs: Needs::Note,
        announce: |abilities, to| {
            let commands = vec![decorations::OPEN.to_owned()];
            let options = ExecuteCommandOptions { commands, ..ExecuteCommandOptions::default() };
            to.execute_command_provider = abilities.shows_documents.then_some(options);
        },
        answer: decorations::execute,
    },
    Route {
        method: CodeActionRequest::METHOD,
        needs: Needs::Vault,
        announce: |abilities, to| {
            let mut kinds = vec![CodeActionKind::QUICKFIX];
            kinds.extend(ACTIONS.iter().map(|offer| actions::kind(offer.kind)));
            kinds.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
            kinds.dedup();
            let resolve_provider = Some(abilities.actions.resolve);
            let options = CodeActionOptions { code_action_kinds: Some(kinds), resolve_provider, ..Default::default() };
            to.code_action_provider =
                abilities.actions.literals.then_some(CodeActionProviderCapability::Options(options));
        },
        answer: |question| question.answer::<CodeActionRequest>(actions::actions),
    },
    Route {
        method: PrepareRenameRequest::METHOD,
        needs: Needs::Vault,
        announce: |_, _| {}, // With the rename itself.
        answer: |question| question.answer::<PrepareRenameRequest>(rename::prepare),
    },
    Route {
        method: Rename::METHOD,
        needs: Needs::Vault,
        announce: |abilities, to| {
            let work_done_progress_options = WorkDoneProgressOptions::default();
            let options = RenameOptions { prepare_provider: Some(true), work_done_progress_options };
            let prepared = abilities.prepares_rename.then_some(OneOf::Right(options));
            to.rename_provider = Some(prepared.unwrap_or(OneOf::Left(true)));
        },
        answer: rename::rename,
    },
    Route {
        method: WillRenameFiles::METHOD,
        needs: Needs::Vault,
        announce: |_, to| {
            let operations = file_operations(to);
            operations.will_rename = Some(all_files());
            operations.did_rename = Some(all_files());
        },
        answer: rename::will_rename_files,
    },
    Route {
        method: WillCreateFiles::METHOD,
        needs: Needs::Vault,
        announce: |_, to| {
            let operations = file_operations(to);
            operations.will_create = Some(all_files());
            operations.did_create = Some(all_files());
        },
        answer: rename::will_create_files,
    },
    Route {
        method: WillDeleteFiles::METHOD,
        needs: Needs::Vault,
        announce: |_, to| {
            let operations = file_operations(to);
            operations.will_delete = Some(all_files());
            operations.did_delete = Some(all_files());
        },
        answer: rename::will_delete_files,
    },
    Route {
        method: CodeActionResolveRequest::METHOD,
        needs: Needs::Vault,
        announce: |_, _| {}, // With the actions.
        answer: actions::resolved,
    },
    Route {
        method: times::SHIFT_TIMES,
        needs: Needs::Note,
        announce: |_, _| {}, // Ours: who asks knows of it.
        answer: times::shift_times,
    },
    Route { method: times::SPELL_TIMES, needs: Needs::Vault, announce: |_, _| {}, answer: times::spell_times },
    Route { method: backlinks::BACKLINKS, needs: Needs::Vault, announce: |_, _| {}, answer: backlinks::backlinks },
    Route { method: timeline::TIMELINE, needs: Needs::Vault, announce: |_, _| {}, answer: timeline::timeline },
    Route { method: timeline::NEXT, needs: Needs::Note, announce: |_, _| {}, answer: timeline::next },
    Route { method: timeline::PREVIOUS, needs: Needs::Note, announce: |_, _| {}, answer: timeline::previous },
    Route {
        method: DocumentDiagnosticRequest::METHOD,
        needs: Needs::Note,
        announce: |abilities, to| {
            let options = DiagnosticOptions {
                inter_file_dependencies: true,
                workspace_diagnostics: !abilities.quirks.refreshes_closed_notes,
                ..DiagnosticOptions::default()
            };
            to.diagnostic_provider =
                abilities.diagnostics.pull.then_some(DiagnosticServerCapabilities::Options(options));
        },
        answer: |question| question.answer::<DocumentDiagnosticRequest>(findings::of_document),
    },
    Route {
        method: WorkspaceDiagnosticRequest::METHOD,
        needs: Needs::Vault,
        announce: |_, _| {}, // With those of a document.
        answer: findings::of_workspace,
    },
];

fn file_operations(to: &mut ServerCapabilities) -> &mut WorkspaceFileOperationsServerCapabilities {
    to.workspace.get_or_insert_default().file_operations.get_or_insert_default()
}

/// Files and folders, of any name.
fn all_files() -> FileOperationRegistrationOptions {
    let pattern = FileOperationPattern { glob: "**/*".to_owned(), matches: None, options: None };
    FileOperationRegistrationOptions { filters: vec![FileOperationFilter { scheme: Some("file".to_owned()), pattern }] }
}

/// The row of a method.
pub fn find(method: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.method == method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_method_has_two_rows() {
        let mut methods: Vec<&str> = ROUTES.iter().map(|route| route.method).collect();
        methods.sort_unstable();
        methods.dedup();
        assert_eq!(methods.len(), ROUTES.len());
    }
}
