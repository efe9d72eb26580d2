//! The binary: from arguments to the server or to a command.

use clap::Parser;
use std::process::ExitCode;
use vaultls::cli::{self, Arguments, Command};
use vaultls::server;

fn main() -> ExitCode {
    match Arguments::parse().command {
        None | Some(Command::Serve(_)) => {
            cli::tell_people();
            server::serve()
        }
        Some(Command::Check(arguments)) => cli::check(&arguments),
        Some(Command::Fix(arguments)) => cli::fix(&arguments),
        Some(Command::Rename(arguments)) => cli::rename(&arguments),
        Some(Command::Export(arguments)) => cli::export(&arguments),
        Some(Command::Video(arguments)) => cli::video(&arguments),
        Some(Command::Stats(arguments)) => cli::stats(&arguments),
        Some(Command::Bench(arguments)) => cli::bench(&arguments),
    }
}
