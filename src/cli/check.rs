//! `vaultls check`: the findings of a vault, printed.

use super::checked::{Checked, Format};
use super::codes::{self, Codes};
use super::opened::{Failure, notes, open, suspected};
use super::printer::{Look, Printer};
use super::progress::Progress;
use super::scope::{Scope, scopes};
use super::summary::Summary;
use crate::config::Level;
use crate::cores::on_all_cores;
use crate::features::findings::Suspects;
use crate::features::video;
use crate::vault::{FileId, Snapshot};
use clap::ValueEnum;
use std::path::PathBuf;
use std::process::ExitCode;

/// Notes checked between two prints.
const BATCH: usize = 512;

#[derive(Debug, clap::Args)]
#[command(after_help = "Exit codes: 0 nothing found at the --fail-on severity or above, 1 findings, 2 could not run.")]
pub struct Check {
    /// Vaults, or folders and notes inside a vault
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Report nothing but this code (`link.broken`) or family of codes (`link`); repeat it or join with commas
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = codes::parser(), hide_possible_values = true)]
    pub select: Vec<String>,
    /// Do not report this code or family of codes, even if selected
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = codes::parser(), hide_possible_values = true)]
    pub ignore: Vec<String>,
    /// The least severity that makes the exit code 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = Severity::Warning)]
    pub fail_on: Severity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Severity {
    Hint,
    Information,
    Warning,
    Error,
}

/// Runs the command; what cannot be done is said in one line on standard error.
pub fn check(arguments: &Check) -> ExitCode {
    match run(arguments) {
        Ok(summary) if summary.unread > 0 => ExitCode::from(2),
        Ok(summary) => ExitCode::from(u8::from(summary.worst() >= Some(arguments.fail_on.level()))),
        Err(failure) => failure.told(),
    }
}

fn run(arguments: &Check) -> Result<Summary, Failure> {
    let scopes = scopes(&arguments.paths).map_err(Failure::Said)?;
    let codes = Codes { select: arguments.select.clone(), ignore: arguments.ignore.clone() };
    let (mut printer, look) = (Printer::new(arguments.format), Look::of(arguments.format));
    let mut summary = Summary::default();
    for scope in &scopes {
        check_vault(scope, &codes, &look, &mut printer, &mut summary)?;
    }
    printer.end(&summary)?;
    Ok(summary)
}

/// Prints the findings of a vault, batch by batch, by path.
fn check_vault(
    scope: &Scope,
    codes: &Codes,
    look: &Look,
    printer: &mut Printer,
    summary: &mut Summary,
) -> Result<(), Failure> {
    let snapshot = open(scope)?;
    let notes = notes(&snapshot, scope).map_err(Failure::Said)?;
    let progress = Progress::new("Checking");
    let suspects = Suspects::of(&snapshot);
    let suspected = suspected(&suspects, &notes);
    summary.add_sound(notes.len() - suspected.len());
    for (i, batch) in suspected.chunks(BATCH).enumerate() {
        progress.at(i * BATCH, suspected.len());
        let drawn = |&note: &FileId| {
            let note = checked(&snapshot, &suspects, note, codes)?;
            let drawn = look.drawn(&snapshot, &note);
            Some((note, drawn))
        };
        for note in on_all_cores(batch, drawn) {
            match note {
                Some((note, drawn)) => {
                    summary.add(&note);
                    progress.aside(|| printer.put(&drawn))?;
                }
                // Why was said when the vault was loaded.
                None => summary.unread += 1,
            }
        }
    }
    summary.name_videos(|id, note| video::title(&snapshot, id, note));
    Ok(())
}

/// `None` where the note's text cannot be had.
fn checked(snapshot: &Snapshot, suspects: &Suspects, note: FileId, codes: &Codes) -> Option<Checked> {
    let path = snapshot.path(note).to_owned();
    let document = snapshot.document(note)?;
    let mut findings = suspects.findings(note, &document);
    findings.retain(|finding| codes.want(finding.code));
    Some(Checked { file: note, path, document, findings })
}

impl Severity {
    fn level(self) -> Level {
        match self {
            Severity::Hint => Level::Hint,
            Severity::Information => Level::Information,
            Severity::Warning => Level::Warning,
            Severity::Error => Level::Error,
        }
    }
}
