//! `vaultls fix`: mends what needs no asking, on disk or as a diff.

use super::apply::{LOT, Refusal, Step, at_once, steps};
use super::codes::{self, Codes};
use super::interrupt::Interrupt;
use super::opened::{Failure, complain, notes, open, suspected};
use super::progress::Progress;
use super::scope::{Scope, scopes};
use super::text::{BOLD, counted};
use super::unified::unified;
use crate::cores::on_all_cores;
use crate::features::change::Change;
use crate::features::findings::{Mended, Suspects, fix_all};
use crate::vault::replace::{Refused, text_to_rewrite};
use crate::vault::{FileId, Snapshot, disk, relative};
use std::cell::LazyCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Notes looked at between two steps of the progress bar.
const BATCH: usize = 256;
/// How many notes that could not be written are named.
const NAMED: usize = 10;
/// How often notes that change meanwhile are looked at anew.
const ROUNDS: usize = 3;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Only what can be meant in one way is mended, and no link leads elsewhere afterwards; the table of findings in the \
                  README says what that is.\n\nExit codes: 0 all of it is mended, 1 with --dry-run where there is something to mend, \
                  2 could not run, was interrupted, or a note could not be read or written."
)]
pub struct Fix {
    /// Vaults, or folders and notes inside a vault
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Mend nothing but this code (`link.inexact`) or family of codes (`link`); repeat it or join with commas
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = codes::parser(), hide_possible_values = true)]
    pub select: Vec<String>,
    /// Do not mend this code or family of codes, even if selected
    #[arg(long, value_name = "CODE", value_delimiter = ',', value_parser = codes::parser(), hide_possible_values = true)]
    pub ignore: Vec<String>,
    /// Write nothing; print a unified diff that `patch -p1`, run in the vault's root, applies
    #[arg(long)]
    pub dry_run: bool,
}

/// Runs the command; what cannot be done is said on standard error.
pub fn fix(arguments: &Fix) -> ExitCode {
    match run(arguments) {
        Ok(summary) if summary.failed => ExitCode::from(2),
        Ok(summary) => ExitCode::from(u8::from(arguments.dry_run && summary.mended_notes > 0)),
        Err(failure) => failure.told(),
    }
}

/// Findings mended, by code.
type Fixed = BTreeMap<&'static str, usize>;

/// What came of it so far.
#[derive(Default)]
struct Summary {
    notes: usize,
    mended_notes: usize,
    fixed: Fixed,
    /// Findings that are there still.
    left: usize,
    /// Notes that could not be written.
    refused: usize,
    /// Something could not be read or written, or was not any more.
    failed: bool,
}

/// What there is to do in a vault.
#[derive(Default)]
struct Plan {
    /// Notes to be written.
    steps: Vec<Step>,
    /// What each of those steps mends, by code.
    fixed: Vec<Fixed>,
    notes: usize,
    unread: usize,
    left: usize,
}

fn run(arguments: &Fix) -> Result<Summary, Failure> {
    let scopes = scopes(&arguments.paths).map_err(Failure::Said)?;
    let codes = Codes { select: arguments.select.clone(), ignore: arguments.ignore.clone() };
    let mut summary = Summary::default();
    if arguments.dry_run {
        let [scope] = &scopes[..] else {
            return Err(Failure::Said("--dry-run: these paths lie in several vaults, and a diff is of one".to_owned()));
        };
        print_diff(scope, &codes, &mut summary)?;
        summary.tell_the_rest();
        complain(&summary.sentence("would be mended"));
        return Ok(summary);
    }
    // Until the first note is written, an interrupt ends the command as it ends any.
    let interrupt = LazyCell::new(Interrupt::listen);
    for scope in &scopes {
        if !mend(scope, &codes, &|| interrupt.asked(), &mut summary)? {
            break;
        }
    }
    summary.tell_the_rest();
    print(&summary)?;
    Ok(summary)
}

/// Writes what there is to do in a vault; says whether it came to the end. Notes that change between being read and being
/// written are looked at anew.
fn mend(scope: &Scope, codes: &Codes, interrupted: &dyn Fn() -> bool, summary: &mut Summary) -> Result<bool, Failure> {
    for round in 1..=ROUNDS {
        let plan = plan(&*open(scope)?, scope, codes)?;
        let (changed, looked_at) = write(&scope.root, &plan, interrupted, summary);
        let is_whole = looked_at == plan.steps.len();
        if is_whole && !changed.is_empty() && round < ROUNDS {
            continue;
        }
        changed.iter().for_each(|(refusal, fixed)| summary.refused(refusal, fixed));
        summary.looked_at(&plan);
        if !is_whole {
            summary.interrupted(&plan.fixed[looked_at..]);
        }
        return Ok(is_whole);
    }
    Ok(true)
}

/// Writes notes until all were looked at or it is interrupted: says which have changed meanwhile, and how many were looked
/// at.
fn write<'a>(
    root: &Path,
    plan: &'a Plan,
    interrupted: &dyn Fn() -> bool,
    summary: &mut Summary,
) -> (Vec<(Refusal, &'a Fixed)>, usize) {
    let progress = Progress::new("Writing");
    let mut changed = Vec::new();
    for (i, lot) in plan.steps.chunks(LOT).enumerate() {
        progress.at(i * LOT, plan.steps.len());
        if interrupted() {
            return (changed, i * LOT);
        }
        for (refusal, fixed) in at_once(root, lot).into_iter().zip(&plan.fixed[i * LOT..]) {
            match refusal {
                None => summary.mended(fixed),
                Some(refusal) if matches!(refusal.why, Refused::Changed) => changed.push((refusal, fixed)),
                Some(refusal) => summary.refused(&refusal, fixed),
            }
        }
    }
    (changed, plan.steps.len())
}

fn print_diff(scope: &Scope, codes: &Codes, summary: &mut Summary) -> Result<(), Failure> {
    let plan = plan(&*open(scope)?, scope, codes)?;
    let mut out = io::stdout().lock();
    let mut printed = HashSet::new();
    for (step, fixed) in plan.steps.iter().zip(&plan.fixed) {
        match diff(&scope.root, step, &mut printed) {
            Ok(diff) => {
                out.write_all(diff.as_bytes())?;
                summary.mended(fixed);
            }
            Err(why) => summary.refused(&Refusal { path: step.path().to_owned(), why }, fixed),
        }
    }
    summary.looked_at(&plan);
    Ok(out.flush()?)
}

/// The diff of a note under the path of the file itself: `patch` follows no links. Empty where that was `printed` already.
fn diff(root: &Path, step: &Step, printed: &mut HashSet<PathBuf>) -> Result<String, Refused> {
    let Step::Rewrite { path, seen, edits } = step else { return Ok(String::new()) };
    let text = text_to_rewrite(root, path, *seen)?;
    let file = disk::canonical(&root.join(path))?;
    let path = relative(root, &file).unwrap_or_else(|| path.clone());
    Ok(if printed.insert(file) { unified(&path, text.whole(), &text.placed(edits)) } else { String::new() })
}

fn plan(snapshot: &Snapshot, scope: &Scope, codes: &Codes) -> Result<Plan, Failure> {
    let notes = notes(snapshot, scope).map_err(Failure::Said)?;
    let mut plan = Plan { notes: notes.len(), ..Plan::default() };
    let progress = Progress::new("Looking");
    let suspected = suspected(&Suspects::of(snapshot), &notes);
    for (i, batch) in suspected.chunks(BATCH).enumerate() {
        progress.at(i * BATCH, suspected.len());
        for mended in on_all_cores(batch, |&note| mended(snapshot, note, codes)) {
            match mended {
                Some(mended) => plan.take(snapshot, mended),
                // Why was said when the vault was loaded.
                None => plan.unread += 1,
            }
        }
    }
    Ok(plan)
}

/// `None` where the note's text cannot be had.
fn mended(snapshot: &Snapshot, note: FileId, codes: &Codes) -> Option<Mended> {
    let document = snapshot.document(note)?;
    Some(fix_all(snapshot, note, &document, &|code| codes.want(code)))
}

impl Plan {
    fn take(&mut self, snapshot: &Snapshot, mended: Mended) {
        self.left += mended.left.values().sum::<usize>();
        let change = Change { edits: mended.edits, ..Change::default() };
        for step in steps(snapshot, &change) {
            self.steps.push(step);
            self.fixed.push(mended.fixed.clone());
        }
    }
}

impl Summary {
    fn looked_at(&mut self, plan: &Plan) {
        self.notes += plan.notes;
        self.left += plan.left;
        self.failed |= plan.unread > 0;
    }

    fn mended(&mut self, fixed: &Fixed) {
        self.mended_notes += 1;
        for (code, count) in fixed {
            *self.fixed.entry(code).or_default() += count;
        }
    }

    fn refused(&mut self, refusal: &Refusal, fixed: &Fixed) {
        self.refused += 1;
        self.failed = true;
        if self.refused <= NAMED {
            refusal.tell();
        }
        self.left += fixed.values().sum::<usize>();
    }

    /// These were to be mended too.
    fn interrupted(&mut self, fixed: &[Fixed]) {
        self.failed = true;
        self.left += fixed.iter().flat_map(BTreeMap::values).sum::<usize>();
        let notes = counted(fixed.len(), "note");
        complain(&format!("interrupted: {notes} not written; each other is whole, and running it again does the rest"));
    }

    /// How many notes could not be written besides those that were named.
    fn tell_the_rest(&self) {
        if self.refused > NAMED {
            complain(&format!("{} more could not be written", counted(self.refused - NAMED, "note")));
        }
    }

    /// `3 findings mended in 2 of 12 notes. 1 finding is left, which \`vaultls check\` shows.`
    fn sentence(&self, mended: &str) -> String {
        let notes = counted(self.notes, "note");
        let left = match self.left {
            0 => String::new(),
            1 => " 1 finding is left, which `vaultls check` shows.".to_owned(),
            left => format!(" {} are left, which `vaultls check` shows.", counted(left, "finding")),
        };
        match self.fixed.values().sum() {
            0 => format!("Nothing to mend in {notes}.{left}"),
            fixed => format!("{} {mended} in {} of {notes}.{left}", counted(fixed, "finding"), self.mended_notes),
        }
    }
}

fn print(summary: &Summary) -> Result<(), Failure> {
    let mut codes: Vec<_> = summary.fixed.iter().collect();
    codes.sort_by_key(|(code, count)| (Reverse(**count), **code));
    let mut out = anstream::stdout().lock();
    for (code, count) in codes {
        writeln!(out, "{count:>7}  {code}")?;
    }
    let gap = if summary.fixed.is_empty() { "" } else { "\n" };
    writeln!(out, "{gap}{BOLD}{}{BOLD:#}", summary.sentence("mended"))?;
    Ok(out.flush()?)
}
