//! Which bytes of a body may begin or end something, one bit a byte. Knows bytes, 64 at once; what one of them means
//! where it stands, the layers know.

use wide::u8x16;

/// Where the marks and the line endings of a body are.
#[derive(Debug, Default)]
pub struct Marks {
    /// Of byte `i` of the text, bit `i % 64` of word `i / 64`. Nothing stands before the body.
    words: Vec<Word>,
    /// Whether something may stand in the body that only a closer look tells from what reaches from block to block,
    /// changes what a column is, or is an address.
    pub suspicious: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Word {
    marks: u64,
    newlines: u64,
}

impl Marks {
    /// Looks at `bytes` from byte `body` on.
    pub fn read(&mut self, bytes: &[u8], body: usize) {
        self.words.clear();
        self.words.resize(body / WORD, Word::default());
        let mut suspicions = u8x16::ZERO;
        let mut rest = &bytes[body / WORD * WORD..];
        while let Some(block) = rest.first_chunk::<BLOCK>() {
            self.words.push(word(block, &mut suspicions));
            rest = &rest[WORD..];
        }
        let mut last = [b' '; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        self.words.push(word(&last, &mut suspicions));
        self.suspicious = suspicions != u8x16::ZERO;
    }

    /// The first mark from byte `at` on; `end` if there is none before.
    pub fn next_mark(&self, at: usize, end: usize) -> usize {
        self.next(at, end, |word| word.marks)
    }

    /// The first `\n` from byte `at` on; `end` if there is none before.
    pub fn next_newline(&self, at: usize, end: usize) -> usize {
        self.next(at, end, |word| word.newlines)
    }

    #[inline(always)]
    fn next(&self, at: usize, end: usize, bits: impl Fn(&Word) -> u64) -> usize {
        let mut first = at / WORD * WORD;
        let mut behind = !0 << (at % WORD);
        for word in &self.words[at / WORD..] {
            let found = bits(word) & behind;
            if found != 0 {
                return end.min(first + found.trailing_zeros() as usize);
            }
            first += WORD;
            behind = !0;
            if first >= end {
                break;
            }
        }
        end
    }
}

const WORD: usize = 64;

/// The bytes of a word and the one behind them.
const BLOCK: usize = WORD + 1;

const LANES: usize = 16;

fn word(block: &[u8; BLOCK], suspicions: &mut u8x16) -> Word {
    let mut word = Word::default();
    for at in (0..WORD).step_by(LANES) {
        let bytes = lanes(block, at);
        let newlines = bytes.simd_eq(b'\n');
        *suspicions |= suspicion(bytes, lanes(block, at + 1), newlines);
        word.marks |= u64::from(marks(bytes).to_bitmask()) << at;
        word.newlines |= u64::from(newlines.to_bitmask()) << at;
    }
    word
}

fn lanes(block: &[u8; BLOCK], at: usize) -> u8x16 {
    let mut lanes = [0; LANES];
    lanes.copy_from_slice(&block[at..at + LANES]);
    u8x16::new(lanes)
}

/// `<`, `[`, `]`, `(`, `#`, `` ` ``, `$` and the backslash, which stands between the square brackets.
fn marks(bytes: u8x16) -> u8x16 {
    let from_bracket = bytes - u8x16::splat(b'[');
    let brackets = from_bracket.simd_le(u8x16::splat(b']' - b'['));
    let others = bytes.simd_eq(b'<') | bytes.simd_eq(b'(') | bytes.simd_eq(b'#');
    brackets | others | bytes.simd_eq(b'`') | bytes.simd_eq(b'$')
}

/// Not 0 where there may be a tab, a NUL or a lone CR; `%%`, `$$`, `{{`; `://`, `www.`. `next` is what stands behind each
/// of `bytes`.
fn suspicion(bytes: u8x16, next: u8x16, newlines: u8x16) -> u8x16 {
    let controls = u8x16::splat(b' ').saturating_sub(bytes) & !newlines;
    let may_double = bytes.simd_eq(b'%') | bytes.simd_eq(b'$') | bytes.simd_eq(b'{') | bytes.simd_eq(b'w');
    let doubled = bytes.simd_eq(next) & may_double;
    controls | doubled | bytes.simd_eq(b':') & next.simd_eq(b'/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_mark(byte: u8) -> bool {
        b"<[]\\(#`$".contains(&byte)
    }

    fn all(marks: &Marks, body: usize, end: usize, next: fn(&Marks, usize, usize) -> usize) -> Vec<usize> {
        let mut at = body;
        std::iter::from_fn(|| {
            let found = next(marks, at, end);
            at = found + 1;
            (found < end).then_some(found)
        })
        .collect()
    }

    proptest! {
        #[test]
        fn marks_and_newlines_are_where_they_stand(
            text in r"([a-z ]{0,70}[<\[\]\\(#`$\n){}/:%w-]{0,3}){0,6}", body in 0..100_usize, cut in 0..10_usize
        ) {
            let (bytes, body) = (text.as_bytes(), body.min(text.len()));
            let end = text.len() - cut.min(text.len() - body);
            let mut marks = Marks::default();
            marks.read(b"[a note of before]\n\t".repeat(50).as_slice(), 3);
            marks.read(bytes, body);
            let where_is = |wanted: fn(u8) -> bool| (body..end).filter(|&at| wanted(bytes[at])).collect::<Vec<_>>();
            prop_assert_eq!(all(&marks, body, end, Marks::next_mark), where_is(is_mark));
            prop_assert_eq!(all(&marks, body, end, Marks::next_newline), where_is(|byte| byte == b'\n'));
        }
    }

    #[test]
    fn every_byte_is_told_apart() {
        for byte in 0..=u8::MAX {
            let mut marks = Marks::default();
            marks.read(&[byte], 0);
            assert_eq!(marks.next_mark(0, 1) == 0, is_mark(byte), "{byte}");
            assert_eq!(marks.next_newline(0, 1) == 0, byte == b'\n', "{byte}");
        }
    }

    #[test]
    fn what_may_reach_far_is_suspicious_wherever_it_stands() {
        for before in 0..130 {
            for suspicious in ["\t", "\0", "\r\n", "\r", "%%", "$$", "{{", "://", "www."] {
                let mut marks = Marks::default();
                for behind in [0, 1, 70] {
                    let text = format!("{}{suspicious}{}", "a ".repeat(before / 2), "b".repeat(behind));
                    marks.read(text.as_bytes(), 0);
                    assert!(marks.suspicious, "{text:?}");
                }
            }
            let mut marks = Marks::default();
            marks.read("[[a]] 5% of $3, 00:06:04\n{b}/c </a> book ## д 日本\n".repeat(before + 1).as_bytes(), 0);
            assert!(!marks.suspicious);
        }
    }
}
