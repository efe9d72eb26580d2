//! A change of files that someone may ask for: what to write where. Nothing is written here.

use crate::text::Span;
use crate::vault::FileId;

/// Edits, new files and new places, done in this order: edits are of a file as it stands, where it stands. Edits of one
/// file do not overlap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    pub edits: Vec<FileEdit>,
    /// Files to create, by path relative to the root, with their text.
    pub create: Vec<(String, String)>,
    /// Files that get another path, relative to the root. None is there, but those of files that move away too.
    pub moves: Vec<(FileId, String)>,
    /// What is said of the edits where a reader looks at them before they are done.
    pub remark: Option<Remark>,
}

impl Change {
    /// The files that are there and are changed, each once.
    pub fn files(&self) -> Vec<FileId> {
        let moved = self.moves.iter().map(|(file, _)| *file);
        let mut files: Vec<FileId> = self.edits.iter().map(|edit| edit.file).chain(moved).collect();
        files.sort_unstable();
        files.dedup();
        files
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct FileEdit {
    pub file: FileId,
    pub span: Span,
    pub text: String,
}

/// Words about the edits of a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Remark {
    pub label: String,
    /// Each edit is to be looked at, and may be left out: the change is right without it.
    pub optional: bool,
}

impl Change {
    pub fn of(edits: Vec<FileEdit>) -> Change {
        Change { edits, ..Change::default() }
    }

    pub fn is_empty(&self) -> bool {
        self.edits.is_empty() && self.create.is_empty() && self.moves.is_empty()
    }
}

/// A text with edits of it done, which do not overlap; of two at one place the first stands first.
pub fn edited<'a>(source: &str, edits: impl IntoIterator<Item = (Span, &'a str)>) -> String {
    let mut edits: Vec<(Span, &str)> = edits.into_iter().collect();
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    let mut text = String::with_capacity(source.len());
    let mut at = 0;
    for (span, written) in edits {
        text.push_str(source.get(at..span.start as usize).unwrap_or_default());
        text.push_str(written);
        at = at.max(span.end as usize);
    }
    text.push_str(source.get(at..).unwrap_or_default());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_done_in_order_of_place() {
        let edits = [(Span::new(4, 5), "y"), (Span::empty(0), "1"), (Span::empty(0), "2"), (Span::new(1, 3), "")];
        assert_eq!(edited("abcdef", edits), "12adyf");
    }
}
