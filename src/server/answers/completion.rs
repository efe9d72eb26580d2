//! What may be written at the cursor.

use crate::features::completion::{Item, Subject, completion, documentation};
use crate::server::abilities::Abilities;
use crate::server::convert::{self, Ruler};
use crate::server::view::View;
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{
    CompletionItem, CompletionItemLabelDetails, CompletionList, CompletionParams, CompletionResponse,
    CompletionTextEdit, Documentation, InsertReplaceEdit, MarkupContent, MarkupKind, TextEdit,
};

/// What an item carries until its documentation is asked for. No id of a snapshot: that one is gone by then.
#[derive(Serialize, Deserialize)]
struct Carried {
    /// The root of the vault.
    vault: String,
    subject: Subject,
}

/// Characters after which there is something to offer: `[[`, `#heading` and `#tag`, `^block`, `| label`, `](path`, `folder/`.
pub fn triggers() -> Vec<String> {
    ["[", "#", "^", "|", "(", "/"].map(str::to_owned).to_vec()
}

pub fn items(view: &View, params: CompletionParams) -> Option<CompletionResponse> {
    let at = params.text_document_position;
    let note = view.note(&at.text_document.uri)?;
    let found = completion(note.snapshot(), note.file, note.byte(at.position));
    let vault = note.vault.folder.root.to_str()?;
    let mut ruler = note.ruler();
    let items = found.items.into_iter().enumerate();
    let items = items.map(|(rank, item)| completion_item(item, rank, vault, &mut ruler, &view.session.abilities));
    Some(CompletionResponse::List(CompletionList {
        is_incomplete: found.incomplete || !note.snapshot().is_loaded(),
        items: items.collect(),
    }))
}

/// The item with its documentation, if there is any; it is never refused.
pub fn resolved(view: &View, mut item: CompletionItem) -> CompletionItem {
    let carried = item.data.clone().and_then(|carried| serde_json::from_value::<Carried>(carried).ok());
    let text = carried.and_then(|Carried { vault, subject }| documentation(&view.vault_at(&vault)?.snapshot, &subject));
    item.documentation = text.map(|value| match view.session.abilities.completion.markdown {
        true => Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value }),
        false => Documentation::String(value),
    });
    item
}

fn completion_item(item: Item, rank: usize, vault: &str, ruler: &mut Ruler, abilities: &Abilities) -> CompletionItem {
    let can = &abilities.completion;
    let replace = ruler.range(item.replace);
    let insert_text =
        (abilities.quirks.cuts_edits_at_blanks && ends_at_the_cursor_as_a_word(&item)).then(|| item.text.clone());
    let edit = if can.insert_replace {
        let insert = ruler.range(item.insert);
        CompletionTextEdit::InsertAndReplace(InsertReplaceEdit { new_text: item.text, insert, replace })
    } else {
        CompletionTextEdit::Edit(TextEdit { range: replace, new_text: item.text })
    };
    let (detail, description) = if can.label_details { (None, item.detail) } else { (item.detail, None) };
    let carried = item.subject.map(|subject| Carried { vault: vault.to_owned(), subject });
    CompletionItem {
        label: item.label,
        label_details: description.map(|text| CompletionItemLabelDetails { detail: None, description: Some(text) }),
        kind: Some(convert::item_kind(item.kind)),
        detail,
        // Clients sort by this text; the order is ours.
        sort_text: Some(format!("{rank:04}")),
        filter_text: Some(item.filter),
        text_edit: Some(edit).filter(|_| insert_text.is_none()),
        insert_text,
        data: carried.and_then(|carried| serde_json::to_value(carried).ok()),
        ..CompletionItem::default()
    }
}

/// Whether the words of an item replace just the word in front of the cursor, so that its edit says no more than its text.
fn ends_at_the_cursor_as_a_word(item: &Item) -> bool {
    let typed = item.filter.get(..item.insert.len()).unwrap_or_default();
    let is_word = typed.chars().all(|c| c.is_alphanumeric() || c == '_');
    item.text.contains(' ') && item.insert == item.replace && is_word
}
