//! Times as people write them: `SS`, `M:SS`, `H:MM:SS`, fractions, `125s`, `1h2m3s`.

/// A time in a video, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Millis(pub u64);

/// What a written time says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// A time in range: below the highest unit, 0-59.
    Time(Millis),
    /// Digits and colons in two or three parts, out of range: malformed, and still leads to its sum
    /// (`05:15:63` is 18,963 s).
    Sum(Millis),
    /// No time at all: shown as written, leads nowhere.
    Unreadable,
    /// Nothing is written.
    Missing,
}

impl Reading {
    /// Where it leads, if anywhere.
    pub fn millis(self) -> Option<Millis> {
        match self {
            Reading::Time(millis) | Reading::Sum(millis) => Some(millis),
            Reading::Unreadable | Reading::Missing => None,
        }
    }
}

impl Millis {
    pub fn from_seconds(seconds: u64) -> Millis {
        Millis(seconds.saturating_mul(1000))
    }

    /// Whole seconds, fractions cut.
    pub fn seconds(self) -> u64 {
        self.0 / 1000
    }
}

/// `HH:MM:SS`, with `.mmm` where there is a fraction.
impl std::fmt::Display for Millis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let s = self.seconds();
        write!(f, "{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)?;
        match self.0 % 1000 {
            0 => Ok(()),
            ms => write!(f, ".{ms:03}"),
        }
    }
}

/// Reads a written time.
pub fn read(written: &str) -> Reading {
    todo!("{written}")
}
