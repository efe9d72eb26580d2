//! An interrupt from the keyboard, heard between two steps of a change. Knows no change.

use signal_hook::consts::{SIGINT, SIGTERM};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// From the first [`Interrupt::listen`] on, an interrupt only asks.
#[derive(Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    pub fn listen() -> Interrupt {
        let interrupt = Interrupt::default();
        for signal in [SIGINT, SIGTERM] {
            // Where the system refuses, an interrupt ends the process at once: each file is whole even then.
            let _ = signal_hook::flag::register(signal, interrupt.0.clone());
        }
        interrupt
    }

    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
