//! What the client was told of each note's findings, so that only differences are sent. Knows hashes of lists, no lists.

use crate::vault::{FileId, Snapshot, Touched, touched};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tower_lsp::ls_types::{Diagnostic, Uri};

/// A list of findings by its content; the same for equal lists, in every session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

impl Digest {
    pub fn of(findings: &[Diagnostic]) -> Digest {
        use std::hash::Hasher;
        let mut hasher = rustc_hash::FxHasher::default();
        hasher.write(&serde_json::to_vec(findings).unwrap_or_default());
        Digest(hasher.finish())
    }

    pub fn of_nothing() -> Digest {
        Digest::of(&[])
    }

    /// As the client gives it back.
    pub fn is(self, result_id: &str) -> bool {
        result_id == self.to_string()
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

/// The notes that the client holds open.
#[derive(Default)]
pub struct Ledger {
    pub told: HashMap<Uri, Told>,
    looked_at: Watermark,
}

/// What was last told of a note.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    /// Of the note's text.
    pub version: i32,
    /// Of the vault.
    pub revision: u64,
    pub digest: Digest,
}

/// Each vault as it was when it was last looked at.
#[derive(Default)]
struct Watermark(HashMap<PathBuf, Arc<Snapshot>>);

impl Ledger {
    /// What can have changed in a vault since the last time this was asked, and which revision that was.
    pub fn touched(&mut self, root: &Path, now: &Arc<Snapshot>) -> (Touched, u64) {
        let since = self.looked_at.0.get(root).map_or(0, |before| before.revision());
        (self.looked_at.touched(root, now), since)
    }
}

/// Every note of all vaults, for those who ask for all findings.
#[derive(Default)]
pub struct Overview {
    vaults: HashMap<PathBuf, HashMap<FileId, Digest>>,
    looked_at: Watermark,
}

impl Overview {
    /// The digests of a vault that still hold; a note that is not among them must be looked at.
    pub fn digests(&mut self, root: &Path, now: &Arc<Snapshot>) -> &mut HashMap<FileId, Digest> {
        let digests = self.vaults.entry(root.to_owned()).or_default();
        match self.looked_at.touched(root, now) {
            Touched::All => digests.clear(),
            Touched::Notes(notes) => notes.iter().for_each(|note| {
                digests.remove(note);
            }),
        }
        digests
    }
}

impl Watermark {
    fn touched(&mut self, root: &Path, now: &Arc<Snapshot>) -> Touched {
        match self.0.insert(root.to_owned(), now.clone()) {
            // A vault that was closed and opened again begins anew.
            Some(before) if before.revision() <= now.revision() => touched(&before, now),
            _ => Touched::All,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tower_lsp::ls_types::Range;

    #[test]
    fn equal_lists_have_equal_digests() {
        let finding = |message: &str| Diagnostic::new_simple(Range::default(), message.to_owned());
        let digest = Digest::of(&[finding("a")]);
        assert_eq!(digest, Digest::of(&[finding("a")]));
        assert_ne!(digest, Digest::of(&[finding("b")]));
        assert_ne!(digest, Digest::of_nothing());
        assert!(digest.is(&digest.to_string()) && !digest.is("") && !digest.is("0"));
    }
}
