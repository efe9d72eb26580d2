//! When two names are the same. The only folding.

use std::borrow::Cow;

/// Endings of notes, without the dot.
pub const NOTE_ENDINGS: [&str; 2] = ["md", "markdown"];

/// A name as compared: NFC, Unicode simple case folding.
pub fn fold(name: &str) -> Cow<'_, str> {
    todo!("{name}")
}

/// `file` without a note's ending (in any case), or `None` if it is no note's file name. `.md` alone has none.
pub fn note_stem(file: &str) -> Option<&str> {
    todo!("{file}")
}

/// The slugs of a name: folded, punctuation dropped, runs of blank, `-`, `_` as one `_` (none at the ends); `+` and `#` after a
/// letter and punctuation between two digits are kept. The second form, where it differs, has each hyphen dropped instead.
/// Empty slugs are left out.
pub fn slugs(name: &str) -> smallvec::SmallVec<[String; 2]> {
    todo!("{name}")
}

/// The coarsest key of a name: names that are equal in any sense (exact, folded, by slug) have the same one.
/// The folded name without punctuation, blanks, `-` and `_`; the folded name itself where nothing would remain.
pub fn squash(name: &str) -> String {
    todo!("{name}")
}

/// A heading or an anchor as compared: each of ``!"#$%&()*+,.:;<=>?@^`{|}~/[]\`` to a blank, blanks collapsed, trimmed,
/// folded.
pub fn fold_heading(text: &str) -> String {
    todo!("{text}")
}

/// GitHub's slug of a heading's text: lower-cased, punctuation dropped, each blank a `-`. Repeats are numbered by the caller.
pub fn github_slug(text: &str) -> String {
    todo!("{text}")
}

/// A tag as compared.
pub fn fold_tag(tag: &str) -> Cow<'_, str> {
    fold(tag)
}
