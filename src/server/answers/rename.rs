//! Renames, and what keeps the links when files come, move and go.
//!
//! No edit is planned from stale knowledge: every closed note that one would touch is looked at first, and if it says
//! something else by now, the edit is planned anew.

use super::actions::workspace_edit;
use crate::features::change::Change;
use crate::features::rename::{self, Refused, Renaming};
use crate::server::question::{Question, Reply};
use crate::server::transport::Failure;
use crate::server::uri;
use crate::server::view::{Note, VaultView, View};
use crate::vault::{FileId, Snapshot};
use std::path::PathBuf;
use tower_lsp::ls_types::{
    CreateFilesParams, DeleteFilesParams, DocumentChangeOperation, DocumentChanges, PrepareRenameResponse,
    RenameFilesParams, RenameParams, TextDocumentPositionParams, WorkspaceEdit,
};

/// How often an edit is planned before it is given up because the files never rest.
pub const PLANS: usize = 5;

/// The plan of one vault.
struct Planned {
    /// In the view that it was made from.
    vault: usize,
    renaming: Renaming,
}

pub fn prepare(view: &View, params: TextDocumentPositionParams) -> Option<PrepareRenameResponse> {
    let note = view.note(&params.text_document.uri)?;
    let renameable = rename::renameable(note.snapshot(), note.file, note.byte(params.position))?;
    let range = note.ruler().range(renameable.span);
    Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: renameable.name })
}

pub fn rename(question: &Question) -> Result<Reply, Failure> {
    let RenameParams { text_document_position: asked, new_name, .. } = question.params()?;
    let asked_of = question.view.note(&asked.text_document.uri).map(|note| note.document.version);
    let (view, plans) = settled(question, |view| {
        let note = view.note(&asked.text_document.uri).ok_or_else(|| Failure::refused("no note is there"))?;
        if asked_of != Some(note.document.version) {
            return Err(Failure::CONTENT_MODIFIED);
        }
        let renaming = rename::rename(note.snapshot(), note.file, note.byte(asked.position), &new_name);
        Ok(vec![Planned { vault: index_of(view, &note), renaming: renaming.map_err(refused)? }])
    })?;
    let moves_files = plans.iter().any(|plan| !plan.renaming.change.moves.is_empty());
    if moves_files && !view.session.abilities.actions.rename {
        return Err(Failure::refused("this editor cannot rename files; `vaultls rename` on the command line can"));
    }
    view.session.expect_moves(plans.iter().map(|plan| &plan.renaming.change).find(|change| !change.moves.is_empty()));
    reply(question, &view, plans)
}

pub fn will_rename_files(question: &Question) -> Result<Reply, Failure> {
    let params: RenameFilesParams = question.params()?;
    let moves: Vec<(PathBuf, PathBuf)> =
        params.files.iter().filter_map(|file| Some((uri::path(&file.old_uri)?, uri::path(&file.new_uri)?))).collect();
    let (view, plans) = settled(question, |view| {
        let plan = |(vault, of): (usize, &VaultView)| {
            let moves = moves_within(of, &moves);
            (!moves.is_empty()).then(|| {
                let mut renaming = rename::leading_to(&of.snapshot, &moves);
                renaming.change.moves = moves;
                Planned { vault, renaming }
            })
        };
        Ok(view.vaults().iter().enumerate().filter_map(plan).collect())
    })?;
    let mut own = plans.iter().map(|plan| &plan.renaming.change);
    if own.any(|change| view.session.has_done(change)) {
        return question.reply(&());
    }
    let edits_only = |mut plan: Planned| {
        plan.renaming.change.moves.clear();
        plan
    };
    reply(question, &view, plans.into_iter().map(edits_only).collect())
}

pub fn will_create_files(question: &Question) -> Result<Reply, Failure> {
    let params: CreateFilesParams = question.params()?;
    let new: Vec<PathBuf> = params.files.iter().filter_map(|file| uri::path(&file.uri)).collect();
    let (view, plans) = settled(question, |view| {
        let plan = |(vault, of): (usize, &VaultView)| {
            let paths: Vec<String> = new.iter().filter_map(|path| of.folder.relative(path)).collect();
            let taken_in: Vec<String> = paths.into_iter().filter(|path| of.snapshot.takes_in(path)).collect();
            Planned { vault, renaming: rename::added(&of.snapshot, &taken_in) }
        };
        Ok(view.vaults().iter().enumerate().map(plan).collect())
    })?;
    reply(question, &view, plans)
}

/// Nothing can keep the links to what goes: the user is told how many there are.
pub fn will_delete_files(question: &Question) -> Result<Reply, Failure> {
    let params: DeleteFilesParams = question.params()?;
    let gone: Vec<PathBuf> = params.files.iter().filter_map(|file| uri::path(&file.uri)).collect();
    for vault in question.view.vaults() {
        let files: Vec<FileId> = gone.iter().flat_map(|path| files_at(vault, path)).map(|(file, _)| file).collect();
        if let Some(sentence) = rename::loss(&vault.snapshot, &files) {
            question.messages.warn(&sentence);
        }
    }
    question.reply(&())
}

/// Plans until what the plans touch is as it was when they were made.
fn settled(
    question: &Question,
    plan: impl Fn(&View) -> Result<Vec<Planned>, Failure>,
) -> Result<(View, Vec<Planned>), Failure> {
    for _ in 0..PLANS {
        let view = question.view.session.view();
        let plans = plan(&view)?;
        let stale = plans.iter().filter(|plan| {
            let VaultView { folder, snapshot } = &view.vaults()[plan.vault];
            folder.vault.refresh(snapshot, &plan.renaming.change.files())
        });
        if stale.count() == 0 {
            return Ok((view, plans));
        }
    }
    Err(Failure::refused("the notes change while they are looked at; try again"))
}

fn reply(question: &Question, view: &View, plans: Vec<Planned>) -> Result<Reply, Failure> {
    let mut merged: Option<WorkspaceEdit> = None;
    for Planned { vault, renaming } in plans {
        let vault = &view.vaults()[vault];
        if let Some(sentence) = rename::lost(&vault.snapshot, &renaming.lost) {
            question.messages.warn(&sentence);
        }
        if renaming.change == Change::default() {
            continue;
        }
        let edit = workspace_edit(view, vault, renaming.change)
            .ok_or_else(|| Failure::refused("this editor cannot make such an edit"))?;
        merged = Some(match merged {
            Some(before) => both(before, edit),
            None => edit,
        });
    }
    question.reply(&merged)
}

/// Two edits of different files as one.
fn both(mut a: WorkspaceEdit, b: WorkspaceEdit) -> WorkspaceEdit {
    a.changes.get_or_insert_default().extend(b.changes.unwrap_or_default());
    a.changes = a.changes.filter(|changes| !changes.is_empty());
    a.document_changes = match (a.document_changes, b.document_changes) {
        (Some(a), Some(b)) => {
            let operations = [a, b].into_iter().flat_map(|changes| match changes {
                DocumentChanges::Edits(edits) => edits.into_iter().map(DocumentChangeOperation::Edit).collect(),
                DocumentChanges::Operations(operations) => operations,
            });
            Some(DocumentChanges::Operations(operations.collect()))
        }
        (a, b) => a.or(b),
    };
    a
}

/// The files of a vault that move within it, folders as what is in them.
fn moves_within(vault: &VaultView, moves: &[(PathBuf, PathBuf)]) -> Vec<(FileId, String)> {
    let of = |(old, new): &(PathBuf, PathBuf)| -> Vec<(FileId, String)> {
        let Some(new) = vault.folder.relative(new) else { return Vec::new() };
        files_at(vault, old).into_iter().map(|(file, below)| (file, format!("{new}{below}"))).collect()
    };
    moves.iter().flat_map(of).collect()
}

/// The file at a path, or all in the folder there: with what stands behind the path in their own.
fn files_at(vault: &VaultView, path: &std::path::Path) -> Vec<(FileId, String)> {
    let Some(path) = vault.folder.relative(path) else { return Vec::new() };
    let snapshot: &Snapshot = &vault.snapshot;
    match snapshot.file(&path) {
        Some(file) => vec![(file, String::new())],
        None => snapshot.beneath(&path).map(|(file, below)| (file, below.to_owned())).collect(),
    }
}

fn index_of(view: &View, note: &Note) -> usize {
    view.vaults().iter().position(|vault| std::ptr::eq(vault, note.vault)).unwrap_or_default()
}

fn refused(refused: Refused) -> Failure {
    Failure::refused(refused.0)
}
