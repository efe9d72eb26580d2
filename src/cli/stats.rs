//! `vaultls stats`: a vault in numbers.

use super::opened::{Failure, notes, open};
use super::progress::Progress;
use super::snippet::visible;
use super::told::{Printed, scope_of};
use crate::cores::on_all_cores;
use crate::features::stats::{Links, Stats, stats as added_up, tally};
use crate::features::video;
use crate::vault::{FileId, Snapshot};
use anstyle::{AnsiColor, Style};
use serde::Serialize;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const BAR: Style = AnsiColor::Cyan.on_default();

/// How many entries of a list are printed for people.
const LISTED: usize = 10;
/// Columns of the longest bar.
const WIDEST: usize = 30;
/// Notes counted between two steps of the progress bar.
const BATCH: usize = 256;

#[derive(Debug, clap::Args)]
pub struct StatsOf {
    /// A vault, or a folder of one
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Printed::Text)]
    pub format: Printed,
}

pub fn stats(arguments: &StatsOf) -> ExitCode {
    run(arguments).unwrap_or_else(Failure::told)
}

fn run(arguments: &StatsOf) -> Result<ExitCode, Failure> {
    let scope = scope_of(&arguments.path)?;
    let snapshot = open(&scope)?;
    let notes = notes(&snapshot, &scope).map_err(Failure::Said)?;
    let progress = Progress::new("Counting");
    let mut tallies = Vec::with_capacity(notes.len());
    for (i, batch) in notes.chunks(BATCH).enumerate() {
        progress.at(i * BATCH, notes.len());
        tallies.extend(on_all_cores(batch, |&note| tally(&snapshot, note)));
    }
    drop(progress);
    let stats = added_up(&snapshot, &tallies);
    let text = match arguments.format {
        Printed::Text => text(&snapshot, &stats, io::stdout().is_terminal()),
        Printed::Json => json(&snapshot, &stats),
    };
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn text(snapshot: &Snapshot, stats: &Stats, bars: bool) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{BOLD}{} notes, {} timestamps{BOLD:#}\n", stats.notes, stats.timestamps);
    let links = outcomes(&stats.links).into_iter().filter(|(_, count)| *count > 0);
    let links: Vec<(String, usize)> = links.map(|(outcome, count)| (outcome.replace('_', " "), count)).collect();
    list(&mut out, "Links by outcome", &links, bars);
    let defects: Vec<_> = stats.defects.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect();
    list(&mut out, "Timestamps by defect", &defects, bars);
    let of = |(id, count): &(String, usize)| (called(snapshot, id), *count);
    let videos: Vec<_> = stats.videos.iter().take(LISTED).map(of).collect();
    list(&mut out, &headed("Videos by timestamps", stats.videos.len()), &videos, bars);
    let linked: Vec<_> = stats.most_linked.iter().take(LISTED).map(|&(file, n)| (path(snapshot, file), n)).collect();
    list(&mut out, "Most linked", &linked, bars);
    orphans(&mut out, snapshot, &stats.orphans);
    out
}

/// Numbers with what they count; in a terminal each with a bar.
fn list(out: &mut String, head: &str, lines: &[(String, usize)], bars: bool) {
    let Some(most) = lines.iter().map(|(_, count)| *count).max() else { return };
    let _ = writeln!(out, "{BOLD}{head}{BOLD:#}");
    for (what, count) in lines {
        let bar = if bars { bar(*count, most) } else { String::new() };
        let _ = writeln!(out, "{count:>7}  {bar}{}", visible(what));
    }
    out.push('\n');
}

fn bar(count: usize, most: usize) -> String {
    let length = (count * WIDEST).div_ceil(most.max(1)).min(WIDEST);
    format!("{BAR}{}{BAR:#}{}  ", "█".repeat(length), " ".repeat(WIDEST - length))
}

fn orphans(out: &mut String, snapshot: &Snapshot, orphans: &[FileId]) {
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}", headed("Notes that no other note links to", orphans.len()));
    for &note in orphans.iter().take(LISTED) {
        let _ = writeln!(out, "{:>7}  {}", "", visible(snapshot.path(note)));
    }
    if orphans.len() > LISTED {
        let _ = writeln!(out, "{:>7}  {DIM}and {} more{DIM:#}", "", orphans.len() - LISTED);
    }
}

fn headed(what: &str, count: usize) -> String {
    if count > LISTED { format!("{what} ({LISTED} of {count})") } else { what.to_owned() }
}

/// `HarbourLt01  Fire on the headland`
fn called(snapshot: &Snapshot, id: &str) -> String {
    let title = title(snapshot, id).map_or_else(String::new, |title| format!("  {title}"));
    format!("{id}{title}")
}

fn title(snapshot: &Snapshot, id: &str) -> Option<String> {
    let first = snapshot.index.notes_of_video(id).min_by_key(|&note| snapshot.path(note))?;
    video::title(snapshot, id, first)
}

fn path(snapshot: &Snapshot, file: FileId) -> String {
    snapshot.path(file).to_owned()
}

fn outcomes(links: &Links) -> [(&'static str, usize); 6] {
    [
        ("resolved", links.resolved),
        ("inexact", links.inexact),
        ("ambiguous", links.ambiguous),
        ("broken_anchor", links.broken_anchor),
        ("broken", links.broken),
        ("external", links.external),
    ]
}

#[derive(Serialize)]
struct Numbers {
    notes: usize,
    links: serde_json::Map<String, serde_json::Value>,
    timestamps: usize,
    /// By code.
    defects: serde_json::Map<String, serde_json::Value>,
    videos: Vec<Cited>,
    most_linked: Vec<Linked>,
    orphans: Vec<String>,
}

#[derive(Serialize)]
struct Cited {
    id: String,
    timestamps: usize,
}

#[derive(Serialize)]
struct Linked {
    file: String,
    links: usize,
}

/// Whole lists, unlike the text.
fn json(snapshot: &Snapshot, stats: &Stats) -> String {
    let counts = |counts: &[(&'static str, usize)]| counts.iter().map(|&(of, n)| (of.to_owned(), n.into())).collect();
    let cited = |(id, timestamps): &(String, usize)| Cited { id: id.clone(), timestamps: *timestamps };
    let linked = |&(file, links): &(FileId, usize)| Linked { file: path(snapshot, file), links };
    let numbers = Numbers {
        notes: stats.notes,
        links: counts(&outcomes(&stats.links)),
        timestamps: stats.timestamps,
        defects: counts(&stats.defects),
        videos: stats.videos.iter().map(cited).collect(),
        most_linked: stats.most_linked.iter().map(linked).collect(),
        orphans: stats.orphans.iter().map(|&note| path(snapshot, note)).collect(),
    };
    // A value of these types is always JSON.
    serde_json::to_string_pretty(&numbers).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_is_the_widest_and_no_count_is_without_one() {
        let length = |count, most| bar(count, most).chars().filter(|&c| c == '█').count();
        assert_eq!([length(400, 400), length(200, 400), length(1, 400), length(0, 0)], [WIDEST, WIDEST / 2, 1, 0]);
    }
}
