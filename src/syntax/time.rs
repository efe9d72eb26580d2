//! Times as people write them: `SS`, `M:SS`, `H:MM:SS`, fractions, `125s`, `1h2m3s`. Knows one written time, not where
//! it stands or of what video it is.

use std::fmt;

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
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = self.seconds();
        write!(f, "{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)?;
        match self.0 % 1000 {
            0 => Ok(()),
            ms => write!(f, ".{ms:03}"),
        }
    }
}

/// Reads a written time; blanks around it do not matter.
///
/// Only ASCII digits count. A part may have any number of digits (`0:5:3`), the highest unit any value (`90`, `125:30`).
/// A fraction needs digits on both sides of its dot and is cut to milliseconds. `h`, `m` and `s` may be capitals and
/// may be left out, but keep their order. A time too large for [`Millis`] is unreadable.
pub fn read(written: &str) -> Reading {
    if let Some(time) = written.as_bytes().as_array().and_then(in_full) {
        return time;
    }
    let written = written.trim();
    if written.is_empty() {
        return Reading::Missing;
    }
    with_colons(written).or_else(|| with_units(written)).unwrap_or(Reading::Unreadable)
}

/// Reads `HH:MM:SS`, as nearly all times are written. Says what [`read`] says of it.
pub fn in_full(written: &[u8; 8]) -> Option<Reading> {
    let [h, hh, b':', m, mm, b':', s, ss] = written else { return None };
    let number = |tens: &u8, ones: &u8| {
        let is_number = tens.is_ascii_digit() && ones.is_ascii_digit();
        is_number.then(|| u64::from(tens - b'0') * 10 + u64::from(ones - b'0'))
    };
    let (hours, minutes, seconds) = (number(h, hh)?, number(m, mm)?, number(s, ss)?);
    let sum = Millis::from_seconds(hours * 3600 + minutes * 60 + seconds);
    Some(if minutes < 60 && seconds < 60 { Reading::Time(sum) } else { Reading::Sum(sum) })
}

/// Whether a written time has the one spelling that all are read in: `HH:MM:SS`, with a fraction or without.
pub fn is_normal(written: &str) -> bool {
    if <&[u8; 8]>::try_from(written.as_bytes()).is_ok_and(|written| in_full(written).is_some()) {
        return true;
    }
    let mut parts = written.split('.').next().unwrap_or_default().split(':');
    let digits = |part: Option<&str>| part.map_or(0, str::len);
    let (hours, minutes, seconds) = (digits(parts.next()), digits(parts.next()), digits(parts.next()));
    hours >= 2 && minutes == 2 && seconds == 2 && parts.next().is_none()
}

/// Reads an ISO 8601 duration of hours, minutes and seconds: `PT1H2M3S`. Its parts know no range: `PT90M` is common.
pub fn read_iso_duration(written: &str) -> Option<Millis> {
    let (sign, units) = written.trim().split_at_checked(2)?;
    if !sign.eq_ignore_ascii_case("PT") { None } else { parts_with_units(units)?.sum() }
}

/// The parts of a time, highest unit first; units that are not written are `None`.
struct Parts {
    hours: Option<u64>,
    minutes: Option<u64>,
    seconds: Option<u64>,
    /// The fraction of the seconds.
    millis: u64,
}

impl Parts {
    /// Whether each written part below the highest written one is 0-59.
    fn in_range(&self) -> bool {
        let mut written = [self.hours, self.minutes, self.seconds].into_iter().flatten();
        written.next();
        written.all(|part| part < 60)
    }

    fn sum(&self) -> Option<Millis> {
        let part = |part: Option<u64>, unit: u64| part.unwrap_or(0).checked_mul(unit);
        let seconds =
            part(self.hours, 3600)?.checked_add(part(self.minutes, 60)?)?.checked_add(self.seconds.unwrap_or(0))?;
        Some(Millis(seconds.checked_mul(1000)?.checked_add(self.millis)?))
    }
}

/// `SS`, `M:SS`, `H:MM:SS`, each with a fraction or none.
fn with_colons(written: &str) -> Option<Reading> {
    let (whole, fraction) = match written.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (written, None),
    };
    let mut backwards = whole.rsplit(':').map(number);
    let seconds = Some(backwards.next()??);
    let minutes = transposed(backwards.next())?;
    let hours = transposed(backwards.next())?;
    let parts = Parts { hours, minutes, seconds, millis: fraction.map_or(Some(0), millis_of_fraction)? };
    if backwards.next().is_some() {
        return None;
    }
    match (parts.in_range(), fraction) {
        (true, _) => parts.sum().map(Reading::Time),
        (false, None) => parts.sum().map(Reading::Sum),
        (false, Some(_)) => None,
    }
}

/// `125s`, `1h2m3s`.
fn with_units(written: &str) -> Option<Reading> {
    let parts = parts_with_units(written)?;
    if parts.in_range() { parts.sum().map(Reading::Time) } else { None }
}

fn parts_with_units(written: &str) -> Option<Parts> {
    let mut parts = Parts { hours: None, minutes: None, seconds: None, millis: 0 };
    let mut rest = written;
    while let Some(unit_at) = rest.find(|c: char| c.is_ascii_alphabetic()) {
        let (value, after) = (&rest[..unit_at], &rest[unit_at + 1..]);
        match rest.as_bytes()[unit_at].to_ascii_lowercase() {
            b'h' if parts.hours.is_none() && parts.minutes.is_none() => parts.hours = Some(number(value)?),
            b'm' if parts.minutes.is_none() => parts.minutes = Some(number(value)?),
            b's' if after.is_empty() => match value.split_once('.') {
                Some((whole, fraction)) => {
                    parts.seconds = Some(number(whole)?);
                    parts.millis = millis_of_fraction(fraction)?;
                }
                None => parts.seconds = Some(number(value)?),
            },
            _ => return None,
        }
        rest = after;
    }
    // `1h30` and the empty text end in something that has no unit.
    if rest.is_empty() && !written.is_empty() { Some(parts) } else { None }
}

/// `None` for a part that is there and no number.
fn transposed(part: Option<Option<u64>>) -> Option<Option<u64>> {
    match part {
        None => Some(None),
        Some(number) => number.map(Some),
    }
}

/// ASCII digits only: `str::parse` would take a `+`.
fn number(digits: &str) -> Option<u64> {
    if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
}

fn millis_of_fraction(digits: &str) -> Option<u64> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.bytes().chain(*b"00").take(3).try_fold(0, |millis, digit| Some(millis * 10 + u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_time_in_range_reads_as_its_milliseconds() {
        let cases = [
            ("0", 0),
            ("45", 45_000),
            ("90", 90_000),
            ("6:04", 364_000),
            ("00:06:04", 364_000),
            ("1:05:15", 3_915_000),
            ("100:00:00", 360_000_000),
            ("125:30", 7_530_000),
            ("0:5:3", 303_000),
            (" 00:06:04\t", 364_000),
            ("00:02:05.88", 125_880),
            ("2.5", 2_500),
            ("1.0009", 1_000),
            ("125s", 125_000),
            ("1h2m3s", 3_723_000),
            ("1H2M3S", 3_723_000),
            ("2h", 7_200_000),
            ("90m", 5_400_000),
            ("1h3s", 3_603_000),
            ("1m2.5s", 62_500),
            ("000000000000000000000000007", 7_000),
        ];
        for (written, millis) in cases {
            assert_eq!(read(written), Reading::Time(Millis(millis)), "{written}");
        }
    }

    #[test]
    fn digits_and_colons_out_of_range_read_as_their_sum() {
        let cases = [("05:15:63", 18_963), ("00:00:90", 90), ("0:60", 60), ("00:12:345", 1_065), ("1:99:99", 9_639)];
        for (written, seconds) in cases {
            assert_eq!(read(written), Reading::Sum(Millis::from_seconds(seconds)), "{written}");
        }
    }

    #[test]
    fn what_is_no_time_is_unreadable() {
        let cases = [
            "HH:29:26",
            "N/A",
            "00:06:04]",
            "[00:06:04]",
            "-5",
            "-0:30",
            "+5",
            "1:-2",
            "1:2:3:4",
            ":30",
            "5:",
            "1::2",
            ":",
            ".5",
            "5.",
            "1.2.3",
            "1:2.5:3",
            "00:02:75.5",
            "6,04",
            "0x10",
            "1e3",
            "٣:٠٤",
            "１:０４",
            "1 2",
            "6: 04",
            "s",
            "h1",
            "1s2m",
            "1m1h",
            "1h1h",
            "1h30",
            "1h75m",
            "2.5h",
            "1d",
            "https://youtu.be/x",
            "é",
            "1é",
        ];
        for written in cases {
            assert_eq!(read(written), Reading::Unreadable, "{written}");
        }
    }

    #[test]
    fn a_time_past_all_counting_is_unreadable() {
        assert_eq!(read("1000000000000"), Reading::Time(Millis(1_000_000_000_000_000)));
        for written in
            ["18446744073709551615", "18446744073709551616", "18446744073709551615:00:00", "99999999999999999h"]
        {
            assert_eq!(read(written), Reading::Unreadable, "{written}");
        }
    }

    #[test]
    fn nothing_written_is_missing() {
        assert_eq!(read(""), Reading::Missing);
        assert_eq!(read(" \t\n"), Reading::Missing);
    }

    #[test]
    fn a_time_is_written_with_all_its_units() {
        let cases = [(0, "00:00:00"), (364_000, "00:06:04"), (125_880, "00:02:05.880"), (3_600_000_000, "1000:00:00")];
        for (millis, written) in cases {
            assert_eq!(Millis(millis).to_string(), written);
        }
    }

    #[test]
    fn an_iso_duration_reads_as_its_sum() {
        let cases = [
            ("PT1H2M3S", Some(3_723_000)),
            ("pt15m", Some(900_000)),
            ("PT90M", Some(5_400_000)),
            ("PT1M75.5S", Some(135_500)),
            ("PT", None),
            ("P1D", None),
            ("PT5", None),
            ("1H", None),
            ("é", None),
            ("", None),
        ];
        for (written, millis) in cases {
            assert_eq!(read_iso_duration(written), millis.map(Millis), "{written}");
        }
    }

    proptest! {
        #[test]
        fn a_written_time_reads_back(millis: u64) {
            prop_assert_eq!(read(&Millis(millis).to_string()), Reading::Time(Millis(millis)));
        }

        #[test]
        fn any_text_reads_as_something(written in r"\PC*|[0-9:.hmsHMSPT+ -]{0,24}") {
            read(&written);
            read_iso_duration(&written);
        }
    }

    #[test]
    fn the_normal_spelling_has_two_digits_below_the_hours() {
        for written in ["00:06:04", "100:00:00", "00:02:05.88"] {
            assert!(is_normal(written), "{written}");
        }
        for written in ["6:04", "06:04", "0:06:04", "00:6:04", "364", "364s", ""] {
            assert!(!is_normal(written), "{written}");
        }
    }
}
