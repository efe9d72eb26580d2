//! The binary: from arguments to the server or to a command.

use clap::Parser;
use std::process::ExitCode;
use vaultls::cli::{self, Arguments, Command};
use vaultls::server;

fn main() -> ExitCode {
    match Arguments::parse().command {
        None | Some(Command::Serve(_)) => server::serve(),
        Some(Command::Check(arguments)) => cli::check(&arguments),
    }
}
