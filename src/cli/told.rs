//! What a vault says about a video, as programs read it, and the video that an argument names.

use super::opened::{Failure, notes, open};
use super::scope::scopes;
use crate::features::export::{Named, Said, Told, of_note, of_video};
use crate::features::prose::plain;
use crate::syntax::media::{is_video_id, video_address, watch_address};
use crate::vault::{Snapshot, disk};
use clap::ValueEnum;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How numbers and moments are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Printed {
    /// For people
    Text,
    /// For programs: one object
    Json,
}

#[derive(Serialize)]
struct Whole<'a> {
    id: &'a str,
    title: Option<&'a str>,
    address: String,
    /// In seconds, where it is known.
    end: Option<u64>,
    moments: Vec<Moment<'a>>,
    /// Where it is named without a time.
    mentions: Vec<Mention<'a>>,
}

#[derive(Serialize)]
struct Mention<'a> {
    file: &'a str,
    line: usize,
    /// What the link shows; `null` for a note that is of the video.
    label: Option<&'a str>,
}

#[derive(Serialize)]
struct Moment<'a> {
    seconds: u64,
    time: String,
    address: String,
    /// Relative to the vault.
    file: &'a str,
    /// From 1.
    line: usize,
    section: Option<&'a str>,
    claim: Option<String>,
}

/// One object with the video and its moments, by time.
pub fn json(snapshot: &Snapshot, told: &Told) -> String {
    let moment = |said| moment(snapshot, told, said);
    let whole = Whole {
        id: &told.id,
        title: told.title.as_deref(),
        address: watch_address(&told.id, None),
        end: told.end.map(|end| end.seconds()),
        moments: told.said.iter().map(moment).collect(),
        mentions: told.named.iter().map(|named| mention(snapshot, named)).collect(),
    };
    // A value of these types is always JSON.
    serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
}

fn mention<'a>(snapshot: &'a Snapshot, named: &'a Named) -> Mention<'a> {
    Mention { file: snapshot.path(named.note), line: named.line + 1, label: named.label.as_deref() }
}

fn moment<'a>(snapshot: &'a Snapshot, told: &Told, said: &'a Said) -> Moment<'a> {
    Moment {
        seconds: said.time.seconds(),
        time: said.time.to_string(),
        address: watch_address(&told.id, Some(said.time)),
        file: snapshot.path(said.note),
        line: said.line + 1,
        section: said.section.as_deref(),
        claim: said.claim.as_deref().map(plain),
    }
}

/// What a vault says of a video that is named by its id or an address; `None` if nothing.
pub fn of_named_video(vault: &Path, named: &str) -> Result<(Arc<Snapshot>, Option<Told>), Failure> {
    let id = video_address(named).map(|video| video.id).or_else(|| is_video_id(named).then(|| named.to_owned()));
    let Some(id) = id else {
        return Err(Failure::Said(format!("{named}: no note, no id of a video and no address of one")));
    };
    let snapshot = open(&scope_of(vault)?)?;
    let told = of_video(&snapshot, &id);
    Ok((snapshot, told))
}

/// What a note says of its video; `None` if it has none.
pub fn of_note_at(path: &Path) -> Result<(Arc<Snapshot>, Option<Told>), Failure> {
    let scope = scope_of(path)?;
    let snapshot = open(&scope)?;
    let told = match notes(&snapshot, &scope).map_err(Failure::Said)?[..] {
        [note] => of_note(&snapshot, note),
        _ => return Err(Failure::Said(format!("{}: name one note, or a video", path.display()))),
    };
    Ok((snapshot, told))
}

/// Whether an argument is a path of something that is there.
pub fn is_path(named: &str) -> bool {
    disk::exists(Path::new(named))
}

pub fn scope_of(path: &Path) -> Result<super::scope::Scope, Failure> {
    let scopes = scopes(&[PathBuf::from(path)]).map_err(Failure::Said)?;
    scopes.into_iter().next().ok_or_else(|| Failure::Said(format!("{}: no vault", path.display())))
}
