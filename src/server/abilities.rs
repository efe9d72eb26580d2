//! What the client announced at `initialize`, as far as an answer depends on it.
//!
//! Knows no state: read once, then plain values. What a client does not say, it cannot.

use super::quirks::{self, Quirks};
use crate::text::Encoding;
use tower_lsp::ls_types::{
    ClientCapabilities, CodeActionClientCapabilities, CompletionClientCapabilities, DiagnosticTag, InitializeParams,
    MarkupKind, PositionEncodingKind, ResourceOperationKind, TextDocumentClientCapabilities,
    WorkspaceClientCapabilities,
};

#[derive(Clone, Debug, Default)]
pub struct Abilities {
    pub quirks: Quirks,
    /// As agreed: the same for every position in either direction.
    pub encoding: Encoding,
    pub completion: Completion,
    pub hover_markdown: bool,
    /// Definitions may say which part of the asking note they are of, and how much to show.
    pub definition_links: bool,
    pub nested_symbols: bool,
    pub link_tooltips: bool,
    pub actions: Actions,
    /// Asks what would be renamed before it asks for a name.
    pub prepares_rename: bool,
    pub diagnostics: Diagnostics,
    pub refreshes: Refreshes,
    /// `window/showDocument`
    pub shows_documents: bool,
    /// `window/workDoneProgress/create`
    pub progress: bool,
    /// Wants to be told of changes of the vaults: `experimental.vaultls.changed`, which is ours.
    pub hears_changes: bool,
    /// `workspace/configuration`
    pub configuration: bool,
    /// Wants to be asked for `workspace/didChangeConfiguration`.
    pub registers_configuration: bool,
    /// Wants to be asked for `workspace/didChangeWatchedFiles`.
    pub registers_watching: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Completion {
    pub insert_replace: bool,
    pub label_details: bool,
    pub markdown: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Actions {
    /// Code actions may be more than commands.
    pub literals: bool,
    pub preferred: bool,
    /// Edits may name the version they are for.
    pub document_changes: bool,
    /// Edits may create files.
    pub create: bool,
    /// Edits may rename files.
    pub rename: bool,
    /// The edit of an action may be told when the action is taken.
    pub resolve: bool,
    /// Edits may have remarks, and be left out one by one.
    pub annotations: bool,
}

/// What the client asks for anew when it is told that it is no longer true.
#[derive(Clone, Copy, Debug, Default)]
pub struct Refreshes {
    pub tokens: bool,
    pub lenses: bool,
    pub hints: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    /// Asks for findings when it wants them; else they are pushed. Never both.
    pub pull: bool,
    pub related: bool,
    pub faded: bool,
    pub code_description: bool,
}

impl Abilities {
    pub fn of(params: &InitializeParams) -> Abilities {
        let ClientCapabilities { text_document, workspace, window, experimental, .. } = params.capabilities.clone();
        let text = text_document.unwrap_or_default();
        let workspace = workspace.unwrap_or_default();
        Abilities {
            quirks: quirks::of(params.client_info.as_ref().map(|client| client.name.as_str())),
            encoding: encoding(&params.capabilities),
            completion: completion(text.completion.clone().unwrap_or_default()),
            hover_markdown: text.hover.as_ref().is_some_and(|hover| knows_markdown(hover.content_format.as_deref())),
            definition_links: text.definition.is_some_and(|definition| definition.link_support == Some(true)),
            nested_symbols: text
                .document_symbol
                .as_ref()
                .is_some_and(|symbols| symbols.hierarchical_document_symbol_support == Some(true)),
            link_tooltips: text.document_link.as_ref().is_some_and(|links| links.tooltip_support == Some(true)),
            actions: actions(text.code_action.clone().unwrap_or_default(), &workspace),
            prepares_rename: text.rename.as_ref().is_some_and(|rename| rename.prepare_support == Some(true)),
            diagnostics: diagnostics(&text, &workspace),
            refreshes: Refreshes {
                tokens: workspace.semantic_tokens.as_ref().is_some_and(|can| can.refresh_support == Some(true)),
                lenses: workspace.code_lens.as_ref().is_some_and(|can| can.refresh_support == Some(true)),
                hints: workspace.inlay_hint.as_ref().is_some_and(|can| can.refresh_support == Some(true)),
            },
            shows_documents: window
                .as_ref()
                .is_some_and(|window| window.show_document.as_ref().is_some_and(|show| show.support)),
            progress: window.is_some_and(|window| window.work_done_progress == Some(true)),
            hears_changes: experimental.is_some_and(|ours| ours["vaultls"]["changed"] == true),
            configuration: workspace.configuration == Some(true),
            registers_configuration: workspace
                .did_change_configuration
                .is_some_and(|configuration| configuration.dynamic_registration == Some(true)),
            registers_watching: workspace
                .did_change_watched_files
                .is_some_and(|watching| watching.dynamic_registration == Some(true)),
        }
    }
}

/// UTF-8 where it is offered, for it is what we count in; else what the protocol means when nothing is said.
fn encoding(client: &ClientCapabilities) -> Encoding {
    let Some(offered) = client.general.as_ref().and_then(|general| general.position_encodings.as_ref()) else {
        return Encoding::Utf16;
    };
    let offers = |kind: PositionEncodingKind| offered.contains(&kind);
    if offers(PositionEncodingKind::UTF8) {
        Encoding::Utf8
    } else if offers(PositionEncodingKind::UTF16) || !offers(PositionEncodingKind::UTF32) {
        Encoding::Utf16
    } else {
        Encoding::Utf32
    }
}

fn completion(client: CompletionClientCapabilities) -> Completion {
    let item = client.completion_item.unwrap_or_default();
    Completion {
        insert_replace: item.insert_replace_support == Some(true),
        label_details: item.label_details_support == Some(true),
        markdown: knows_markdown(item.documentation_format.as_deref()),
    }
}

fn actions(client: CodeActionClientCapabilities, workspace: &WorkspaceClientCapabilities) -> Actions {
    let edit = workspace.workspace_edit.clone().unwrap_or_default();
    let can = |kind| edit.resource_operations.as_ref().is_some_and(|kinds| kinds.contains(&kind));
    Actions {
        literals: client.code_action_literal_support.is_some(),
        preferred: client.is_preferred_support == Some(true),
        document_changes: edit.document_changes == Some(true),
        create: can(ResourceOperationKind::Create),
        rename: can(ResourceOperationKind::Rename),
        resolve: client.data_support == Some(true)
            && client.resolve_support.is_some_and(|can| can.properties.iter().any(|property| property == "edit")),
        annotations: client.honors_change_annotations == Some(true)
            && edit.document_changes == Some(true)
            && edit.change_annotation_support.is_some(),
    }
}

/// Both channels describe what a finding may hold; what either knows of is enough, as it is the same list on the screen.
fn diagnostics(text: &TextDocumentClientCapabilities, workspace: &WorkspaceClientCapabilities) -> Diagnostics {
    let push = text.publish_diagnostics.clone().unwrap_or_default();
    let pull = text.diagnostic.clone();
    let refreshes = workspace.diagnostics.as_ref().is_some_and(|pull| pull.refresh_support == Some(true));
    let pulled = pull.clone().unwrap_or_default();
    Diagnostics {
        pull: pull.is_some() && refreshes,
        related: push.related_information == Some(true) || pulled.related_information == Some(true),
        faded: push.tag_support.is_some_and(|tags| tags.value_set.contains(&DiagnosticTag::UNNECESSARY))
            || pulled.tag_support.is_some(),
        code_description: push.code_description_support == Some(true) || pulled.code_description_support == Some(true),
    }
}

fn knows_markdown(formats: Option<&[MarkupKind]>) -> bool {
    formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn abilities(capabilities: Value) -> Abilities {
        let params = serde_json::from_value(json!({ "capabilities": capabilities })).expect("parameters");
        Abilities::of(&params)
    }

    #[test]
    fn the_encoding_is_the_best_of_those_offered() {
        for (offered, agreed) in [
            (json!(["utf-16", "utf-8", "utf-32"]), Encoding::Utf8),
            (json!(["utf-32", "utf-16"]), Encoding::Utf16),
            (json!(["utf-32"]), Encoding::Utf32),
            (json!([]), Encoding::Utf16),
            (json!(["utf-7"]), Encoding::Utf16),
        ] {
            assert_eq!(abilities(json!({ "general": { "positionEncodings": offered } })).encoding, agreed);
        }
        assert_eq!(abilities(json!({})).encoding, Encoding::Utf16);
    }

    #[test]
    fn findings_are_pulled_only_where_they_can_be_refreshed() {
        let pull = json!({ "diagnostic": {} });
        assert!(!abilities(json!({ "textDocument": pull })).diagnostics.pull);
        let refresh = json!({ "diagnostics": { "refreshSupport": true } });
        assert!(!abilities(json!({ "workspace": refresh })).diagnostics.pull);
        assert!(abilities(json!({ "textDocument": pull, "workspace": refresh })).diagnostics.pull);
    }

    #[test]
    fn files_are_created_where_that_operation_is_named() {
        let edit = |edit: Value| abilities(json!({ "workspace": { "workspaceEdit": edit } })).actions;
        assert!(!edit(json!({ "documentChanges": true })).create);
        assert!(edit(json!({ "resourceOperations": ["create", "rename"] })).create);
        assert!(!edit(json!({ "resourceOperations": ["rename"] })).create);
    }
}
