//! Sets of bytes: which part of a text is already something. Knows spans, not what they mean.

use crate::text::Span;

/// Spans in order that do not overlap.
#[derive(Clone, Debug, Default)]
pub struct Cover(Vec<Span>);

impl Cover {
    /// Spans in any order; those that overlap become one.
    pub fn new(mut spans: Vec<Span>) -> Cover {
        spans.retain(|span| !span.is_empty());
        // Most are lists in order, one after the other: a merge.
        spans.sort();
        spans.dedup_by(|next, last| {
            let joined = next.start < last.end;
            if joined {
                last.end = last.end.max(next.end);
            }
            joined
        });
        Cover(spans)
    }

    /// All that any of `covers` covers.
    pub fn of<const N: usize>(covers: [Cover; N]) -> Cover {
        Cover::new(covers.into_iter().flat_map(|cover| cover.0).collect())
    }

    /// The span that holds byte `at`.
    pub fn at(&self, at: usize) -> Option<Span> {
        self.next(at).filter(|span| span.contains(at))
    }

    pub fn contains(&self, at: usize) -> bool {
        self.at(at).is_some()
    }

    /// The first span that ends behind byte `at`.
    pub fn next(&self, at: usize) -> Option<Span> {
        let i = self.0.partition_point(|span| (span.end as usize) <= at);
        self.0.get(i).copied()
    }

    /// Whether any byte of `span` is covered.
    pub fn overlaps(&self, span: Span) -> bool {
        let i = self.0.partition_point(|covered| covered.end <= span.start);
        self.0.get(i).is_some_and(|covered| covered.overlaps(span))
    }

    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    pub fn into_spans(self) -> Vec<Span> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cover(spans: &[(usize, usize)]) -> Cover {
        Cover::new(spans.iter().map(|&(start, end)| Span::new(start, end)).collect())
    }

    #[test]
    fn spans_that_overlap_become_one_and_neighbours_stay_two() {
        let spans = cover(&[(8, 9), (0, 3), (2, 5), (5, 6), (4, 4)]).into_spans();
        assert_eq!(spans, [Span::new(0, 5), Span::new(5, 6), Span::new(8, 9)]);
    }

    #[test]
    fn a_byte_is_found_in_the_span_that_holds_it() {
        let cover = cover(&[(2, 5), (7, 9)]);
        let found: Vec<usize> = (0..11).filter(|&at| cover.contains(at)).collect();
        assert_eq!(found, [2, 3, 4, 7, 8]);
        assert!(cover.overlaps(Span::new(4, 7)) && !cover.overlaps(Span::new(5, 7)));
    }
}
