//! `vaultls export`: the moments of a note or a video for use elsewhere.

use super::opened::{Failure, complain};
use super::text::counted;
use super::told;
use crate::features::export::{self, Told};
use crate::vault::Snapshot;
use clap::ValueEnum;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 printed, 1 nothing to print or no chapters that YouTube takes, 2 could not run.")]
pub struct Export {
    /// A note, or the id or the address of a video
    #[arg(value_name = "NOTE|VIDEO", allow_hyphen_values = true)]
    pub what: String,
    /// What is made of it
    #[arg(long, value_enum, value_name = "FORM")]
    pub to: Form,
    /// The vault that is asked about a video
    #[arg(long, value_name = "PATH", default_value = ".")]
    pub vault: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// Lines for the description of a YouTube video: the first at 0:00, at least three, ten seconds apart
    Chapters,
    /// For programs: the video and its moments, in order of time
    Json,
    /// A Markdown list of links into the video
    Md,
}

pub fn export(arguments: &Export) -> ExitCode {
    run(arguments).unwrap_or_else(Failure::told)
}

fn run(arguments: &Export) -> Result<ExitCode, Failure> {
    let what = arguments.what.as_str();
    let (snapshot, told) = match told::is_path(what) {
        true => told::of_note_at(Path::new(what))?,
        false => told::of_named_video(&arguments.vault, what)?,
    };
    let Some(told) = told.filter(|told| !told.said.is_empty()) else {
        complain(&format!("{what}: no moment of a video"));
        return Ok(ExitCode::from(1));
    };
    let text = match arguments.to {
        Form::Json => told::json(&snapshot, &told),
        Form::Md => export::markdown(&snapshot, &told),
        Form::Chapters => match chapters(&snapshot, &told) {
            Ok(text) => text,
            Err(rule) => {
                complain(&format!("{what}: {rule}"));
                return Ok(ExitCode::from(1));
            }
        },
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn chapters(snapshot: &Snapshot, told: &Told) -> Result<String, String> {
    let found = export::chapters(snapshot, told)?;
    let past = told.end.map_or_else(String::new, |end| format!("past the video's end at {end}"));
    let reasons = [(found.too_close, "YouTube's chapters are ten seconds or longer"), (found.past_end, past.as_str())];
    for (left_out, reason) in reasons.into_iter().filter(|(left_out, _)| *left_out > 0) {
        complain(&format!("{} left out: {reason}", counted(left_out, "moment")));
    }
    let lines = found.chapters.iter().map(|it| format!("{} {}\n", export::chapter_time(it.time), it.title));
    Ok(lines.collect())
}
