//! The binary: from arguments to the server or to a command.

use clap::Parser;
use std::process::ExitCode;
use vaultls::cli::{self, Arguments, Command};

fn main() -> ExitCode {
    match Arguments::parse().command {
        None | Some(Command::Serve(_)) => serve(),
        Some(Command::Check(arguments)) => cli::check(&arguments),
    }
}

/// Until the server moves in.
fn serve() -> ExitCode {
    eprintln!("vaultls: this build has no server yet");
    ExitCode::from(2)
}
