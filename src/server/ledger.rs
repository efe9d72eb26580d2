//! What the client was told of each note's findings, so that only differences are sent. Knows hashes of lists, no lists.

use super::folder::FolderId;
use super::view::{Note, VaultView};
use crate::vault::{FileId, Snapshot, Touched, touched};
use std::collections::HashMap;
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

    /// As the client gives it back, perhaps from a question about one note alone.
    pub fn is(self, result_id: &str) -> bool {
        let list = result_id.split_once('.').map_or(result_id, |(list, _)| list);
        list == self.to_string()
    }

    /// What names the list in an answer about one note: it holds for one opening.
    pub fn result_id(self, note: &Note) -> String {
        note.opening.map_or_else(|| self.to_string(), |opening| format!("{self}.{opening}"))
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
    pub opening: Option<u32>,
    /// Of the note's text.
    pub version: i32,
    /// Of the vault.
    pub revision: u64,
    pub digest: Digest,
}

impl Told {
    pub fn of(note: &Note, digest: Digest) -> Told {
        let (version, revision) = (note.document.version, note.snapshot().revision());
        Told { opening: note.opening, version, revision, digest }
    }
}

/// Each vault as it was when it was last looked at.
#[derive(Default)]
struct Watermark(HashMap<FolderId, Arc<Snapshot>>);

impl Ledger {
    /// What can have changed in each vault since the last time this was asked, and which revision that was.
    pub fn touched(&mut self, vaults: &[VaultView]) -> HashMap<FolderId, (Touched, u64)> {
        self.looked_at.forget_all_but(vaults);
        let touched = vaults.iter().map(|vault| {
            let since = self.looked_at.0.get(&vault.folder.id).map_or(0, |before| before.revision());
            (vault.folder.id, (self.looked_at.touched(vault), since))
        });
        touched.collect()
    }
}

/// Every note of all vaults, for those who ask for all findings.
#[derive(Default)]
pub struct Overview {
    vaults: HashMap<FolderId, HashMap<FileId, Digest>>,
    looked_at: Watermark,
}

impl Overview {
    pub fn forget_all_but(&mut self, vaults: &[VaultView]) {
        self.looked_at.forget_all_but(vaults);
        self.vaults.retain(|folder, _| vaults.iter().any(|vault| vault.folder.id == *folder));
    }

    /// The digests of a vault that still hold; a note that is not among them must be looked at.
    pub fn digests(&mut self, vault: &VaultView) -> &mut HashMap<FileId, Digest> {
        let digests = self.vaults.entry(vault.folder.id).or_default();
        match self.looked_at.touched(vault) {
            Touched::All => digests.clear(),
            Touched::Notes(notes) => notes.iter().for_each(|note| {
                digests.remove(note);
            }),
        }
        digests
    }
}

impl Watermark {
    fn touched(&mut self, vault: &VaultView) -> Touched {
        let before = self.0.insert(vault.folder.id, vault.snapshot.clone());
        before.map_or(Touched::All, |before| touched(&before, &vault.snapshot))
    }

    /// A snapshot holds all that was known of its vault.
    fn forget_all_but(&mut self, vaults: &[VaultView]) {
        self.0.retain(|folder, _| vaults.iter().any(|vault| vault.folder.id == *folder));
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
