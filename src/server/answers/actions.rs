//! Fixes and other changes as code actions.

use super::findings;
use super::rename::PLANS;
use crate::cores::on_all_cores;
use crate::features::actions::{self, ACTIONS, Ability, Action, Cost, Kind, Offer, Plan};
use crate::features::change::{Change, FileEdit, Places, Remark};
use crate::features::findings::{Fix, fixes};
use crate::server::convert::{self, Ruler};
use crate::server::question::{Question, Reply};
use crate::server::transport::Failure;
use crate::server::view::{Note, VaultView, View};
use crate::text::{Place, Span};
use crate::vault::FileId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use tower_lsp::ls_types::{
    AnnotatedTextEdit, ChangeAnnotation, CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams,
    CodeActionResponse, CodeActionTriggerKind, CreateFile, CreateFileOptions, DocumentChangeOperation, DocumentChanges,
    OneOf, OptionalVersionedTextDocumentIdentifier, Range, RenameFile, RenameFileOptions, ResourceOp, TextDocumentEdit,
    TextEdit, Uri, WorkspaceEdit,
};

/// Where a code action belongs, in the words of the protocol.
pub fn kind(kind: Kind) -> CodeActionKind {
    match kind {
        Kind::Fix => CodeActionKind::QUICKFIX,
        Kind::Rewrite => CodeActionKind::REFACTOR_REWRITE,
        Kind::Extract => CodeActionKind::REFACTOR_EXTRACT,
        Kind::Inline => CodeActionKind::REFACTOR_INLINE,
        Kind::Note => CodeActionKind::SOURCE,
        Kind::FixAll => CodeActionKind::new("source.fixAll.vaultls"),
        // As VS Code calls what it does itself in Markdown.
        Kind::Definitions => CodeActionKind::new("source.organizeLinkDefinitions"),
    }
}

/// What a client gives back of an action that is taken.
#[derive(Serialize, Deserialize)]
struct Carried {
    uri: Uri,
    range: Range,
    /// Of the note: the range is of this text and no other.
    version: i32,
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
    let version = note.document.version;
    let carried = Carried { uri: params.text_document.uri, range: params.range, version };
    let carried = serde_json::to_value(carried).ok()?;
    let is_looking_by = params.context.trigger_kind == Some(CodeActionTriggerKind::AUTOMATIC);
    let is_told = |offer: &Offer| wanted(&kind(offer.kind)) && !(offer.quiet && is_looking_by);
    let others = actions::actions(note.snapshot(), note.file, span, is_told);
    all.extend(others.into_iter().filter_map(|action| changing(&note, span, action, &carried)));
    Some(all.into_iter().map(CodeActionOrCommand::CodeAction).collect())
}

/// An action that is taken, with its edit; without one where there is nothing to change.
pub fn resolved(question: &Question) -> Result<Reply, Failure> {
    let mut action: CodeAction = question.params()?;
    let carried = action.data.clone().and_then(|carried| serde_json::from_value::<Carried>(carried).ok());
    let Some(carried) = carried.filter(|_| action.edit.is_none()) else { return question.reply(&action) };
    for _ in 0..PLANS {
        let view = question.view.session.view();
        let note = view.note(&carried.uri).filter(|note| note.document.version == carried.version);
        let note = note.ok_or(Failure::CONTENT_MODIFIED)?;
        let Some(change) = planned(&note, &carried, &action) else {
            question.messages.inform("There is nothing to change.");
            return question.reply(&action);
        };
        if !is_stale(&note, &change) {
            action.edit = workspace_edit(&view, note.vault, change);
            return question.reply(&action);
        }
    }
    Err(Failure::refused("the notes change while they are looked at; try again"))
}

fn planned(note: &Note, carried: &Carried, action: &CodeAction) -> Option<Change> {
    let offered = ACTIONS.iter().map(|offer| offer.kind).find(|it| Some(kind(*it)) == action.kind)?;
    actions::planned(note.snapshot(), note.file, note.span(carried.range), offered, &action.title)
}

/// Whether a note that would be changed says something else by now than it did when that was planned.
fn is_stale(note: &Note, change: &Change) -> bool {
    note.vault.folder.vault.refresh(note.snapshot(), &change.files())
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

/// `None` where the client cannot do what the action needs, or would have to be told at once what takes long to plan.
fn changing(note: &Note, span: Span, action: Action, carried: &serde_json::Value) -> Option<CodeAction> {
    let can = &note.view.session.abilities.actions;
    let is_able = match action.needs {
        None => true,
        Some(Ability::Create) => can.create,
        Some(Ability::Ask) => can.annotations,
    };
    let offered = CodeAction { title: action.title, kind: Some(kind(action.kind)), ..CodeAction::default() };
    let change = match action.plan {
        _ if !is_able => return None,
        Plan::Known(change) => change,
        Plan::WhenTaken(_) if can.resolve => return Some(CodeAction { data: Some(carried.clone()), ..offered }),
        Plan::WhenTaken(Cost::Vault) => return None,
        Plan::WhenTaken(Cost::Few) => {
            let change = actions::planned(note.snapshot(), note.file, span, action.kind, &offered.title)?;
            Some(change).filter(|change| !is_stale(note, change))?
        }
    };
    Some(CodeAction { edit: Some(workspace_edit(note.view, note.vault, change)?), ..offered })
}

/// The edits of one file, measured in its text of the same moment.
struct Edited {
    document: OptionalVersionedTextDocumentIdentifier,
    edits: Vec<TextEdit>,
}

/// The name of the one remark that the edits of a change have.
const REMARK: &str = "vaultls";

/// A change as the client can take it; `None` where it cannot.
pub fn workspace_edit(view: &View, vault: &VaultView, change: Change) -> Option<WorkspaceEdit> {
    let can = &view.session.abilities.actions;
    let remark = change.remark.filter(|_| can.annotations);
    let edited = edited(view, vault, change.edits, &change.places)?;
    let document_changes = if !change.create.is_empty() || !change.moves.is_empty() {
        // Some clients create files and do not announce versioned edits, which then are what creation comes in.
        if !change.create.is_empty() && !can.create || !change.moves.is_empty() && !can.rename {
            return None;
        }
        let mut operations = operations(view, vault, change.create, edited, remark.is_some())?;
        // Last, so that the edits find the files where they are.
        for (file, path) in change.moves {
            operations.push(DocumentChangeOperation::Op(ResourceOp::Rename(moved(view, vault, file, &path)?)));
        }
        DocumentChanges::Operations(operations)
    } else if can.document_changes {
        DocumentChanges::Edits(edited.into_iter().map(|file| file.into_edit(remark.is_some())).collect())
    } else {
        let changes = edited.into_iter().map(|file| (file.document.uri, file.edits)).collect();
        return Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() });
    };
    let document_changes = Some(document_changes);
    let change_annotations = remark.map(|remark| HashMap::from([(REMARK.to_owned(), annotation(remark))]));
    Some(WorkspaceEdit { document_changes, change_annotations, changes: None })
}

fn annotation(remark: Remark) -> ChangeAnnotation {
    let needs_confirmation = remark.optional.then_some(true);
    ChangeAnnotation { label: remark.label, needs_confirmation, description: None }
}

fn moved(view: &View, vault: &VaultView, file: FileId, path: &str) -> Option<RenameFile> {
    let options = Some(RenameFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) });
    let (old_uri, new_uri) = (view.uri(vault, file)?, vault.folder.uri_of(path)?);
    Some(RenameFile { old_uri, new_uri, options, annotation_id: None })
}

/// The files first, so that there is something to write into.
fn operations(
    view: &View,
    vault: &VaultView,
    create: Vec<(String, String)>,
    edited: Vec<Edited>,
    remarked: bool,
) -> Option<Vec<DocumentChangeOperation>> {
    let mut operations = Vec::new();
    for (path, text) in create {
        let uri = view.uri_at(vault, &path)?;
        // Where something is there by now, the whole edit fails: its text must not be written into another note.
        let options = Some(CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) });
        let annotation_id = remarked.then(|| REMARK.to_owned());
        let file = CreateFile { uri: uri.clone(), options, annotation_id };
        operations.push(DocumentChangeOperation::Op(ResourceOp::Create(file)));
        let document = OptionalVersionedTextDocumentIdentifier { uri, version: None };
        let written = Edited { document, edits: vec![TextEdit { range: Range::default(), new_text: text }] };
        operations.push(DocumentChangeOperation::Edit(written.into_edit(remarked)));
    }
    operations.extend(edited.into_iter().map(|file| DocumentChangeOperation::Edit(file.into_edit(remarked))));
    Some(operations)
}

fn edited(view: &View, vault: &VaultView, edits: Vec<FileEdit>, places: &Places) -> Option<Vec<Edited>> {
    let mut by_file: BTreeMap<FileId, Vec<FileEdit>> = BTreeMap::new();
    for edit in edits {
        by_file.entry(edit.file).or_default().push(edit);
    }
    let by_file: Vec<(FileId, Vec<FileEdit>)> = by_file.into_iter().collect();
    on_all_cores(&by_file, |(file, edits)| edited_file(view, vault, *file, edits.clone(), places.get(file)))
        .into_iter()
        .collect()
}

fn edited_file(
    view: &View,
    vault: &VaultView,
    file: FileId,
    mut edits: Vec<FileEdit>,
    places: Option<&Vec<Place>>,
) -> Option<Edited> {
    let (snapshot, encoding) = (&vault.snapshot, view.session.abilities.encoding);
    let version = snapshot.open_document(file).map(|document| document.version);
    let uri = view.uri(vault, file)?;
    edits.sort_by_key(|edit| edit.span.start);
    let ranges: Vec<Range> = match places.filter(|places| places.len() == edits.len()) {
        Some(places) => places.iter().map(|&place| convert::range(place, encoding)).collect(),
        None => {
            let document = snapshot.unscanned(file).filter(|document| !document.lossy)?;
            let mut ruler = Ruler::new(&document, encoding);
            edits.iter().map(|edit| ruler.range(edit.span)).collect()
        }
    };
    let edits = edits.into_iter().zip(ranges).map(|(edit, range)| TextEdit { range, new_text: edit.text }).collect();
    Some(Edited { document: OptionalVersionedTextDocumentIdentifier { uri, version }, edits })
}

impl Edited {
    fn into_edit(self, remarked: bool) -> TextDocumentEdit {
        let edit = |text_edit| match remarked {
            true => OneOf::Right(AnnotatedTextEdit { text_edit, annotation_id: REMARK.to_owned() }),
            false => OneOf::Left(text_edit),
        };
        TextDocumentEdit { text_document: self.document, edits: self.edits.into_iter().map(edit).collect() }
    }
}
