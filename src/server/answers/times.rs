//! Edits of times that an editor asks for by requests of ours, as a code action cannot ask how many seconds.

use super::actions::workspace_edit;
use crate::features::actions;
use crate::server::question::{Question, Reply};
use crate::server::transport::Failure;
use serde::Deserialize;
use tower_lsp::ls_types::{Range, TextDocumentIdentifier};

/// Moves the times of a range, or of a note, by seconds: an edit for the editor to apply.
pub const SHIFT_TIMES: &str = "vaultls/shiftTimes";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShiftTimesParams {
    text_document: TextDocumentIdentifier,
    /// What is selected; all times of the note's own medium where it is left out.
    range: Option<Range>,
    /// Below zero for earlier.
    seconds: i64,
}

/// Spells the times of a note, or of its whole vault, as `HH:MM:SS`: an edit for the editor to apply.
pub const SPELL_TIMES: &str = "vaultls/spellTimes";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SpellTimesParams {
    text_document: TextDocumentIdentifier,
    #[serde(default)]
    whole_vault: bool,
}

pub fn shift_times(question: &Question) -> Result<Reply, Failure> {
    let params: ShiftTimesParams = question.params()?;
    let Some(note) = question.view.note(&params.text_document.uri) else { return question.reply(&()) };
    let span = params.range.map(|range| note.span(range));
    let change = actions::shifted(note.snapshot(), note.file, span, params.seconds)
        .ok_or_else(|| Failure::invalid_params(&"a time would come before the beginning of its video"))?;
    question.reply(&workspace_edit(note.view, note.vault, change))
}

pub fn spell_times(question: &Question) -> Result<Reply, Failure> {
    let params: SpellTimesParams = question.params()?;
    let Some(note) = question.view.note(&params.text_document.uri) else { return question.reply(&()) };
    let change = match params.whole_vault {
        true => actions::normalised_vault(note.snapshot()),
        false => actions::normalised_note(note.snapshot(), note.file),
    };
    question.reply(&workspace_edit(note.view, note.vault, change))
}
