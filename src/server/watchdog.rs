//! Ends the server when its client is gone without a word. Knows a process id.
//!
//! The end of the input is the usual sign; this is for clients whose pipe is held open by another process.

use super::spawn;
use crate::vault::disk;
use std::path::PathBuf;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(1);

/// Ends this process when that of the client does. A process that cannot be seen (a client outside of our container) is not
/// watched.
pub fn end_with(client: Option<u32>) {
    let Some(client) = client.filter(|&client| is_alive(client)) else { return };
    spawn("watchdog", move || {
        while is_alive(client) {
            std::thread::sleep(EVERY);
        }
        tracing::warn!("the client (process {client}) is gone");
        std::process::exit(1);
    });
}

/// Linux tells of every process in `/proc`; elsewhere the end of the input must do.
fn is_alive(process: u32) -> bool {
    let stat = disk::read_small(&PathBuf::from(format!("/proc/{process}/stat")));
    stat.is_some_and(|stat| !is_dead(&stat))
}

/// Whether `123 (name) Z ..` is of a process that has ended and was not waited for. The name may hold anything.
fn is_dead(stat: &str) -> bool {
    stat.rsplit(')').next().is_some_and(|rest| matches!(rest.trim_start().chars().next(), Some('Z' | 'X' | 'x')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_has_ended_is_dead() {
        assert!(is_dead("7 (a) b) Z 1 7") && !is_dead("7 (Z) S 1 7") && !is_dead(""));
    }
}
