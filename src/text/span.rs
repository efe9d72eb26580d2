//! A half-open range of bytes.

/// Bytes `start..end` of one text. `start <= end`; both lie on character boundaries of that text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// Texts above 16 MB are never scanned, so an offset fits 32 bits.
    pub fn new(start: usize, end: usize) -> Span {
        debug_assert!(start <= end, "span {start}..{end} runs backwards");
        Span { start: start as u32, end: end as u32 }
    }

    pub fn empty(at: usize) -> Span {
        Span::new(at, at)
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether a cursor at byte `at` touches the span: its end counts, as editors ask with the cursor behind a word.
    pub fn touches(self, at: usize) -> bool {
        self.start as usize <= at && at <= self.end as usize
    }

    /// Whether byte `at` lies in the span; its end does not.
    pub fn contains(self, at: usize) -> bool {
        self.start as usize <= at && at < self.end as usize
    }

    pub fn encloses(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The same span in a text of which this one is the part that begins at byte `offset`.
    pub fn shifted(self, offset: usize) -> Span {
        Span { start: self.start + offset as u32, end: self.end + offset as u32 }
    }

    /// The bytes of the span. `text` must be the text it was made for.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Span {
        Span::new(range.start, range.end)
    }
}

impl std::fmt::Debug for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
