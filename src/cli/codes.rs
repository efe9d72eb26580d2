//! Which findings are asked for on the command line, by code or by family.

use crate::features::findings::CHECKS;
use clap::builder::{PossibleValue, PossibleValuesParser};

/// Findings that are wanted: the selected ones (all, where none is named) without the ignored ones.
#[derive(Clone, Debug, Default)]
pub struct Codes {
    pub select: Vec<String>,
    pub ignore: Vec<String>,
}

impl Codes {
    pub fn want(&self, code: &str) -> bool {
        let named = |names: &[String]| names.iter().any(|name| covers(name, code));
        (self.select.is_empty() || named(&self.select)) && !named(&self.ignore)
    }
}

/// Accepts the codes there are and their families; for others it names the nearest.
pub fn parser() -> PossibleValuesParser {
    let codes = CHECKS.iter().map(|check| check.code);
    PossibleValuesParser::new(with_families(codes).into_iter().map(PossibleValue::new))
}

/// Whether some finding has this code or is of this family.
pub fn names(name: &str) -> bool {
    CHECKS.iter().any(|check| covers(name, check.code))
}

/// `link.broken`, `link.inexact` -> `link`, `link.broken`, `link.inexact`
fn with_families(codes: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut names: Vec<_> = codes.flat_map(|code| [code.split('.').next().unwrap_or(code), code]).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether `name` is `code` or the family it belongs to.
fn covers(name: &str, code: &str) -> bool {
    code.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(select: &[&str], ignore: &[&str]) -> Codes {
        let owned = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
        Codes { select: owned(select), ignore: owned(ignore) }
    }

    #[test]
    fn everything_is_wanted_where_nothing_is_said() {
        assert!(Codes::default().want("link.broken"));
    }

    #[test]
    fn a_family_covers_its_codes_and_no_others() {
        let links = codes(&["link"], &[]);
        assert!(links.want("link.broken"));
        assert!(!links.want("linkage.odd"));
        assert!(!links.want("timestamp.mismatch"));
        assert!(!codes(&["link.broken"], &[]).want("link.broken-anchor"));
    }

    #[test]
    fn what_is_ignored_stays_ignored_when_its_family_is_selected() {
        let codes = codes(&["link", "timestamp.mismatch"], &["link.inexact"]);
        assert!(codes.want("link.broken"));
        assert!(codes.want("timestamp.mismatch"));
        assert!(!codes.want("link.inexact"));
    }

    #[test]
    fn each_family_is_offered_once_beside_its_codes() {
        let codes = ["link.broken", "link.inexact", "block.duplicate-id"];
        assert_eq!(
            with_families(codes.into_iter()),
            ["block", "block.duplicate-id", "link", "link.broken", "link.inexact"]
        );
    }
}
