//! Fixes and other changes as code actions.

use super::findings;
use crate::features::actions::{self, Action};
use crate::features::change::{Change, FileEdit};
use crate::features::findings::{Fix, fixes};
use crate::server::convert::Ruler;
use crate::server::view::{Note, VaultView, View};
use crate::vault::FileId;
use std::collections::BTreeMap;
use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse, CreateFile,
    CreateFileOptions, DocumentChangeOperation, DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, Range,
    RenameFile, RenameFileOptions, ResourceOp, TextDocumentEdit, TextEdit, WorkspaceEdit,
};

/// Where a code action belongs, in the words of the protocol.
pub fn kind(kind: actions::Kind) -> CodeActionKind {
    match kind {
        actions::Kind::Rewrite => CodeActionKind::REFACTOR_REWRITE,
        actions::Kind::Note => CodeActionKind::SOURCE,
    }
}

pub fn actions(view: &View, params: CodeActionParams) -> Option<CodeActionResponse> {
    if !view.session.abilities.actions.literals {
        return None;
    }
    let only = params.context.only;
    let wanted = |kind: &CodeActionKind| only.as_ref().is_none_or(|only| only.iter().any(|asked| covers(asked, kind)));
    let note = view.note(&params.text_document.uri)?;
    let span = note.span(params.range);
    let mut all = Vec::new();
    if wanted(&CodeActionKind::QUICKFIX) {
        all.extend(fixes(note.snapshot(), note.file, span).into_iter().filter_map(|fix| fixing(&note, fix)));
    }
    let others = actions::actions(note.snapshot(), note.file, span, |it| wanted(&kind(it)));
    all.extend(others.into_iter().filter_map(|action| changing(&note, action)));
    Some(all.into_iter().map(CodeActionOrCommand::CodeAction).collect())
}

/// Whether a kind that is asked for is this one, or above it; the empty one is above all.
fn covers(asked: &CodeActionKind, kind: &CodeActionKind) -> bool {
    let rest = kind.as_str().strip_prefix(asked.as_str());
    asked.as_str().is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// `None` where the client cannot do what the fix needs.
fn fixing(note: &Note, fix: Fix) -> Option<CodeAction> {
    let can = &note.view.session.abilities.actions;
    Some(CodeAction {
        title: fix.title,
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: findings::diagnostic(note, &mut note.ruler(), fix.finding).map(|finding| vec![finding]),
        edit: Some(workspace_edit(note.view, note.vault, fix.change)?),
        is_preferred: (fix.preferred && can.preferred).then_some(true),
        ..CodeAction::default()
    })
}

fn changing(note: &Note, action: Action) -> Option<CodeAction> {
    Some(CodeAction {
        title: action.title,
        kind: Some(kind(action.kind)),
        edit: Some(workspace_edit(note.view, note.vault, action.change)?),
        ..CodeAction::default()
    })
}

/// The edits of one file, measured in its text of the same moment.
struct Edited {
    document: OptionalVersionedTextDocumentIdentifier,
    edits: Vec<TextEdit>,
}

/// A change as the client can take it; `None` where it cannot.
pub fn workspace_edit(view: &View, vault: &VaultView, change: Change) -> Option<WorkspaceEdit> {
    let can = &view.session.abilities.actions;
    let edited = edited(view, vault, change.edits)?;
    if !change.create.is_empty() || !change.moves.is_empty() {
        // Some clients create files and do not announce versioned edits, which then are what creation comes in.
        if !change.create.is_empty() && !can.create || !change.moves.is_empty() && !can.rename {
            return None;
        }
        let mut operations = operations(view, vault, change.create, edited)?;
        // Last, so that the edits find the files where they are.
        for (file, path) in change.moves {
            let (old_uri, new_uri) = (view.uri(vault, file)?, vault.folder.uri_of(&path)?);
            let options = Some(RenameFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) });
            let moved = RenameFile { old_uri, new_uri, options, annotation_id: None };
            operations.push(DocumentChangeOperation::Op(ResourceOp::Rename(moved)));
        }
        let document_changes = Some(DocumentChanges::Operations(operations));
        return Some(WorkspaceEdit { document_changes, ..WorkspaceEdit::default() });
    }
    if can.document_changes {
        let edits = edited.into_iter().map(TextDocumentEdit::from).collect();
        let document_changes = Some(DocumentChanges::Edits(edits));
        return Some(WorkspaceEdit { document_changes, ..WorkspaceEdit::default() });
    }
    let changes = edited.into_iter().map(|file| (file.document.uri, file.edits)).collect();
    Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
}

/// The files first, so that there is something to write into.
fn operations(
    view: &View,
    vault: &VaultView,
    create: Vec<(String, String)>,
    edited: Vec<Edited>,
) -> Option<Vec<DocumentChangeOperation>> {
    let mut operations = Vec::new();
    for (path, text) in create {
        let uri = view.uri_at(vault, &path)?;
        // Where something is there by now, the whole edit fails: its text must not be written into another note.
        let options = Some(CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) });
        let file = CreateFile { uri: uri.clone(), options, annotation_id: None };
        operations.push(DocumentChangeOperation::Op(ResourceOp::Create(file)));
        let document = OptionalVersionedTextDocumentIdentifier { uri, version: None };
        let written = Edited { document, edits: vec![TextEdit { range: Range::default(), new_text: text }] };
        operations.push(DocumentChangeOperation::Edit(written.into()));
    }
    operations.extend(edited.into_iter().map(|file| DocumentChangeOperation::Edit(file.into())));
    Some(operations)
}

fn edited(view: &View, vault: &VaultView, edits: Vec<FileEdit>) -> Option<Vec<Edited>> {
    let mut by_file: BTreeMap<FileId, Vec<FileEdit>> = BTreeMap::new();
    for edit in edits {
        by_file.entry(edit.file).or_default().push(edit);
    }
    by_file.into_iter().map(|(file, edits)| edited_file(view, vault, file, edits)).collect()
}

fn edited_file(view: &View, vault: &VaultView, file: FileId, mut edits: Vec<FileEdit>) -> Option<Edited> {
    let snapshot = &vault.snapshot;
    let version = snapshot.open_document(file).map(|document| document.version);
    let uri = view.uri(vault, file)?;
    let document = snapshot.document(file).or_else(|| snapshot.attachment(file))?;
    let mut ruler = Ruler::new(&document, view.session.abilities.encoding);
    edits.sort_by_key(|edit| edit.span.start);
    let edits = edits.into_iter().map(|edit| TextEdit { range: ruler.range(edit.span), new_text: edit.text }).collect();
    Some(Edited { document: OptionalVersionedTextDocumentIdentifier { uri, version }, edits })
}

impl From<Edited> for TextDocumentEdit {
    fn from(file: Edited) -> TextDocumentEdit {
        let edits = file.edits.into_iter().map(OneOf::Left).collect();
        TextDocumentEdit { text_document: file.document, edits }
    }
}
