//! Requests of our own about timestamps; README tells authors of editor plugins of them.

use crate::features::timeline::{self, Direction, Moment, Order};
use crate::server::convert::Ruler;
use crate::server::view::View;
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::request::Request;
use tower_lsp::ls_types::{Range, TextDocumentIdentifier, TextDocumentPositionParams};

/// The timestamps of a note in order of time.
pub enum Timeline {}

impl Request for Timeline {
    type Params = TimelineParams;
    type Result = Option<Vec<TimelineEntry>>;
    const METHOD: &'static str = "vaultls/timeline";
}

/// The timestamp behind a position.
pub enum NextTimestamp {}

impl Request for NextTimestamp {
    type Params = NeighbourParams;
    type Result = Option<Range>;
    const METHOD: &'static str = "vaultls/nextTimestamp";
}

/// The timestamp before a position.
pub enum PreviousTimestamp {}

impl Request for PreviousTimestamp {
    type Params = NeighbourParams;
    type Result = Option<Range>;
    const METHOD: &'static str = "vaultls/previousTimestamp";
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TimelineParams {
    pub text_document: TextDocumentIdentifier,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NeighbourParams {
    #[serde(flatten)]
    pub at: TextDocumentPositionParams,
    #[serde(default)]
    pub by: By,
}

/// In which order timestamps follow each other.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    #[default]
    Text,
    Time,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TimelineEntry {
    pub range: Range,
    /// In seconds from the video's start.
    pub seconds: f64,
    /// `00:06:04`
    pub time: String,
    /// Opens the video there.
    pub address: Option<String>,
    /// What the timestamp supports.
    pub claim: Option<String>,
    /// The heading above it.
    pub section: Option<String>,
    /// How many other notes cite the moment.
    pub other_notes: usize,
}

pub fn timeline(view: &View, params: TimelineParams) -> Option<Vec<TimelineEntry>> {
    let note = view.note(&params.text_document.uri)?;
    let mut ruler = note.ruler();
    let mut moments = timeline::timeline(note.snapshot(), note.file, &note.document);
    // Measured in order of place, which is one pass over a line; then back in order of time.
    moments.sort_by_key(|moment| moment.span);
    let mut entries: Vec<TimelineEntry> = moments.into_iter().map(|moment| entry(moment, &mut ruler)).collect();
    entries.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    Some(entries)
}

fn entry(moment: Moment, ruler: &mut Ruler) -> TimelineEntry {
    let Moment { span, at, address, claim, section, elsewhere } = moment;
    TimelineEntry {
        range: ruler.range(span),
        seconds: at.0 as f64 / 1000.0,
        time: at.to_string(),
        address,
        claim,
        section,
        other_notes: elsewhere,
    }
}

pub fn next(view: &View, params: NeighbourParams) -> Option<Range> {
    neighbour(view, params, Direction::Next)
}

pub fn previous(view: &View, params: NeighbourParams) -> Option<Range> {
    neighbour(view, params, Direction::Previous)
}

fn neighbour(view: &View, params: NeighbourParams, direction: Direction) -> Option<Range> {
    let NeighbourParams { at, by } = params;
    let note = view.note(&at.text_document.uri)?;
    let order = match by {
        By::Text => Order::Text,
        By::Time => Order::Time,
    };
    let found = timeline::neighbour(&note.document, note.byte(at.position), order, direction)?;
    Some(note.ruler().range(found))
}
