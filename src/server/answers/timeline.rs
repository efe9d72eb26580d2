//! Requests of our own that find timestamps; README tells authors of editor plugins of them.

use crate::features::timeline::{self, Direction, Moment, Order};
use crate::server::convert::Ruler;
use crate::server::question::{Question, Reply};
use crate::server::transport::Failure;
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{Range, TextDocumentIdentifier, TextDocumentPositionParams};

/// The timestamps of a note in order of time.
pub const TIMELINE: &str = "vaultls/timeline";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TimelineParams {
    text_document: TextDocumentIdentifier,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    range: Range,
    /// From the video's start.
    seconds: f64,
    /// `00:06:04`
    time: String,
    /// Opens the video there.
    address: Option<String>,
    /// What the timestamp supports.
    claim: Option<String>,
    /// The heading above it.
    section: Option<String>,
    /// How many other notes cite the moment.
    other_notes: usize,
}

/// The place of the timestamp behind a position, or before it; `null` where there is none.
pub const NEXT: &str = "vaultls/nextTimestamp";
pub const PREVIOUS: &str = "vaultls/previousTimestamp";

#[derive(Deserialize)]
struct NeighbourParams {
    #[serde(flatten)]
    at: TextDocumentPositionParams,
    #[serde(default)]
    by: By,
}

/// In which order timestamps follow each other.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum By {
    #[default]
    Text,
    Time,
}

pub fn timeline(question: &Question) -> Result<Reply, Failure> {
    let params: TimelineParams = question.params()?;
    let Some(note) = question.view.note(&params.text_document.uri) else { return question.reply(&()) };
    let mut ruler = note.ruler();
    let mut moments = timeline::timeline(note.snapshot(), note.file, &note.document);
    // Measured in order of place, which is one pass over a line; then back in order of time.
    moments.sort_by_key(|moment| moment.span);
    let mut entries: Vec<Entry> = moments.into_iter().map(|moment| entry(moment, &mut ruler)).collect();
    entries.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    question.reply(&entries)
}

fn entry(moment: Moment, ruler: &mut Ruler) -> Entry {
    let Moment { span, at, address, claim, section, elsewhere } = moment;
    Entry {
        range: ruler.range(span),
        seconds: at.0 as f64 / 1000.0,
        time: at.to_string(),
        address,
        claim,
        section,
        other_notes: elsewhere,
    }
}

pub fn next(question: &Question) -> Result<Reply, Failure> {
    neighbour(question, Direction::Next)
}

pub fn previous(question: &Question) -> Result<Reply, Failure> {
    neighbour(question, Direction::Previous)
}

fn neighbour(question: &Question, direction: Direction) -> Result<Reply, Failure> {
    let NeighbourParams { at, by } = question.params()?;
    let Some(note) = question.view.note(&at.text_document.uri) else { return question.reply(&()) };
    let order = match by {
        By::Text => Order::Text,
        By::Time => Order::Time,
    };
    let found = timeline::neighbour(&note.document, note.byte(at.position), order, direction);
    question.reply(&found.map(|span| note.ruler().range(span)))
}
