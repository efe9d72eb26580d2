//! Where clients do other than they announce: one row each. No other code asks for a client's name.

/// What a client of this name does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quirks {
    /// `clientInfo.name`
    pub client: &'static str,
    /// Ask for the whole text at each change: this client's differences cannot be trusted.
    pub full_sync: bool,
    /// Changes overtake each other: one whose version is not above the one held is old. The guard is the version given at
    /// `didOpen`, so it starts anew there.
    pub changes_overtake: bool,
    /// A completion's edit is cut at its first blank; its plain text is not.
    pub cuts_edits_at_blanks: bool,
    /// Told to ask for findings again, it asks for those of the whole vault where it can, and then leaves out open notes.
    pub refreshes_closed_notes: bool,
}

const HONEST: Quirks = Quirks {
    client: "",
    full_sync: false,
    changes_overtake: false,
    cuts_edits_at_blanks: false,
    refreshes_closed_notes: false,
};

const QUIRKS: &[Quirks] = &[
    // Helix 25.01 sends the changes of a burst out of order: versions 1, 4, 2, 5, 3 were seen. Numbers are skipped as
    // well, so that gaps cannot be used to put them right. With whole texts the newest one is the truth.
    Quirks { client: "helix", full_sync: true, changes_overtake: true, ..HONEST },
    // The completion that is built into Neovim 0.11 takes `%S*` of an edit's text for the word to insert. Neovim 0.12 asks
    // for findings again note by note only where it cannot ask for those of the vault.
    Quirks { client: "Neovim", cuts_edits_at_blanks: true, refreshes_closed_notes: true, ..HONEST },
];

/// The row of a client, or that of one that keeps its word.
pub fn of(client: Option<&str>) -> Quirks {
    let row = QUIRKS.iter().find(|row| client.is_some_and(|name| name.eq_ignore_ascii_case(row.client)));
    row.copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helix_is_asked_for_whole_texts() {
        assert!(of(Some("helix")).full_sync);
        assert!(of(Some("Helix")).changes_overtake);
        assert_eq!(of(Some("Visual Studio Code")), Quirks::default());
        assert_eq!(of(None), Quirks::default());
    }
}
