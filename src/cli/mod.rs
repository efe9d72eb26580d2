//! The command line: arguments in, words and exit codes out. Asks the same questions as the server; knows no protocol.

mod apply;
mod bench;
mod check;
mod checked;
mod codes;
mod export;
mod fix;
mod interrupt;
mod json;
mod opened;
mod printer;
mod progress;
mod rename;
mod scope;
mod snippet;
mod stats;
mod summary;
mod text;
mod told;
mod unified;
mod video;

pub use bench::{Bench, bench};
pub use check::{Check, check};
pub use checked::Checked;
pub use export::{Export, export};
pub use fix::{Fix, fix};
pub use rename::{Rename, rename};
pub use stats::{StatsOf, stats};
pub use video::{Video, video};

use clap::{Parser, Subcommand};
use std::io::{self, IsTerminal};

/// A language server for vaults of Markdown notes, and the same findings on the command line.
///
/// Without a command it speaks LSP on standard input and output, as editors expect.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = false)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub serve: Serve,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Speak LSP on standard input and output
    Serve(Serve),
    /// Say what is wrong in the notes of a vault
    Check(Check),
    /// Mend what needs no asking in the notes of a vault
    Fix(Fix),
    /// Give a note, an attachment or a folder another name or place, with every link that leads there
    Rename(Rename),
    /// Print the moments of a note or a video as chapters, JSON or Markdown
    Export(Export),
    /// Print everything the vault says about a video, in order of time
    Video(Video),
    /// Print a vault in numbers
    Stats(StatsOf),
    /// Measure what a vault costs on this machine
    Bench(Bench),
}

#[derive(Debug, clap::Args)]
pub struct Serve {
    /// There is no other way to speak; accepted because many editors say it.
    #[arg(long, hide = true)]
    pub stdio: bool,
}

/// Says to people who start the server by hand what it waits for.
pub fn tell_people() {
    if io::stdin().is_terminal() {
        opened::complain(
            "waiting for an editor to speak LSP on standard input; `vaultls check` and `--help` are for people",
        );
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::config::Level;
    use crate::features::findings::Finding;
    use crate::text::{Span, Text};
    use crate::vault::{Document, FileId};
    use clap::CommandFactory;
    use std::sync::Arc;

    /// A note with findings made by hand: code, severity, the words it is about (the next ones so spelled), message.
    pub fn checked(path: &str, source: &str, findings: &[(&'static str, Level, &str, &str)]) -> Checked {
        let document = Document::unscanned(0, Text::new(source));
        let mut from = 0;
        let findings = findings.iter().map(|&(code, level, words, message)| {
            let start = from + source[from..].find(words).expect("the words stand in the source");
            from = start + words.len();
            let span = Span::new(start, from);
            let missing = (code == "link.broken").then(|| words.to_owned());
            Finding { code, level, span, message: message.into(), related: Vec::new(), unnecessary: false, missing }
        });
        Checked { file: FileId(0), path: path.into(), findings: findings.collect(), document: Arc::new(document) }
    }

    #[test]
    fn the_arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }
}
