//! `vaultls video`: everything the vault says about a video, in order of time.

use super::opened::{Failure, complain};
use super::snippet::visible;
use super::text::counted;
use super::told::{self, Printed};
use crate::features::export::{Named, Said, Told};
use crate::features::prose::plain;
use crate::syntax::media::watch_address;
use crate::vault::Snapshot;
use anstyle::Style;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 printed, 1 the vault says nothing about it, 2 could not run.")]
pub struct Video {
    /// The id or the address of a video
    #[arg(value_name = "VIDEO", allow_hyphen_values = true)]
    pub video: String,
    /// The vault that is asked
    #[arg(value_name = "PATH", default_value = ".")]
    pub vault: PathBuf,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Printed::Text)]
    pub format: Printed,
}

pub fn video(arguments: &Video) -> ExitCode {
    run(arguments).unwrap_or_else(Failure::told)
}

fn run(arguments: &Video) -> Result<ExitCode, Failure> {
    let (snapshot, told) = told::of_named_video(&arguments.vault, &arguments.video)?;
    let Some(told) = told else {
        complain(&format!("{}: no note names this video", arguments.video));
        return Ok(ExitCode::from(1));
    };
    let text = match arguments.format {
        Printed::Text => text(&snapshot, &told),
        Printed::Json => told::json(&snapshot, &told),
    };
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn text(snapshot: &Snapshot, told: &Told) -> String {
    let mut out = String::new();
    let title = told.title.as_deref().unwrap_or(&told.id);
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}\n{}", visible(title), watch_address(&told.id, None));
    let notes: BTreeSet<_> = told.said.iter().map(|said| said.note).collect();
    let (moments, notes) = (counted(told.said.len(), "timestamp"), counted(notes.len(), "note"));
    let extent = told.said.first().zip(told.said.last()).map(|(first, last)| format!(", {}-{}", first.time, last.time));
    let _ = writeln!(out, "{moments} in {notes}{}\n", extent.unwrap_or_default());
    told.said.iter().for_each(|said| line(&mut out, snapshot, said));
    if !told.named.is_empty() {
        let _ = writeln!(out, "{}Named without a time", if told.said.is_empty() { "" } else { "\n" });
        told.named.iter().for_each(|named| mention(&mut out, snapshot, named));
    }
    out
}

/// What the link shows, and where it stands; of a note that is of the video, where it says so.
fn mention(out: &mut String, snapshot: &Snapshot, named: &Named) {
    let (path, line) = (snapshot.path(named.note), named.line + 1);
    let label = named.label.as_deref().map_or_else(String::new, |label| format!("  {}", visible(label)));
    let _ = writeln!(out, "{DIM}{}:{line}{DIM:#}{label}", visible(path));
}

/// `00:06:04  The round wick of the Argand lamp ..`, and beneath it where that stands.
fn line(out: &mut String, snapshot: &Snapshot, said: &Said) {
    let time = said.time.to_string();
    let claim = said.claim.as_deref().map_or("-".to_owned(), plain);
    let _ = writeln!(out, "{BOLD}{time}{BOLD:#}  {}", visible(&claim));
    let (path, line) = (snapshot.path(said.note), said.line + 1);
    let section = said.section.as_deref().map_or_else(String::new, |section| format!(" in {}", visible(section)));
    let _ = writeln!(out, "{:1$}  {DIM}{2}:{line}{section}{DIM:#}", "", time.len(), visible(path));
}
