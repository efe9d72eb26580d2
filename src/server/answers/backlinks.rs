//! A request of our own: who links to a note. README tells authors of editor plugins of it.

use crate::features::backlinks::{self, Linking, Mention};
use crate::server::convert;
use crate::server::question::{Question, Reply};
use crate::server::transport::Failure;
use crate::server::view::Note;
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{Range, TextDocumentIdentifier, Uri};

pub const BACKLINKS: &str = "vaultls/backlinks";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BacklinksParams {
    text_document: TextDocumentIdentifier,
}

/// A note that links to the one asked about.
#[derive(Serialize)]
struct From {
    uri: Uri,
    title: String,
    /// From the vault's root.
    path: String,
    mentions: Vec<Quote>,
}

/// A link, and the words around it.
#[derive(Serialize)]
struct Quote {
    range: Range,
    before: String,
    link: String,
    after: String,
}

pub fn backlinks(question: &Question) -> Result<Reply, Failure> {
    let params: BacklinksParams = question.params()?;
    let Some(note) = question.view.note(&params.text_document.uri) else { return question.reply(&()) };
    let found = backlinks::backlinks(note.snapshot(), note.file);
    question.reply(&found.into_iter().filter_map(|linking| from(&note, linking)).collect::<Vec<From>>())
}

fn from(note: &Note, Linking { note: file, title, mentions }: Linking) -> Option<From> {
    let encoding = note.view.session.abilities.encoding;
    let quote =
        |Mention { place, before, link, after }| Quote { range: convert::range(place, encoding), before, link, after };
    let path = note.snapshot().path(file).to_owned();
    Some(From {
        uri: note.view.uri(note.vault, file)?,
        title,
        path,
        mentions: mentions.into_iter().map(quote).collect(),
    })
}
