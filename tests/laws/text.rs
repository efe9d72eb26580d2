//! A rope is a string, however it is edited and in whatever unit its columns are counted.

use proptest::prelude::*;
use vaultls::text::{Edit, Encoding, Position, Span, Text};

const ENCODINGS: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

/// Characters of every width, every line ending, and what others take for one.
#[rustfmt::skip]
const SCRAPS: &[&str] = &[
    "a", "trade deals ", "\t", "é", "e\u{301}", "日本", "\u{feff}", "👍🏽", "👨‍👩‍👧", "\u{1d11e}", "[[china#Trade deals | the talks]]",
    "\n", "\r\n", "\r", "\n\r", "\u{2028}", "\u{2029}", "\u{85}", "\u{b}", "\u{c}", "\u{0}",
];

fn scraps(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(SCRAPS), 0..most).prop_map(|scraps| scraps.concat())
}

/// Short, or long enough to be many pieces of a rope.
fn text() -> impl Strategy<Value = String> {
    (scraps(30), prop_oneof![9 => Just(1), 1 => 50..200usize]).prop_map(|(text, times)| text.repeat(times))
}

fn position() -> impl Strategy<Value = Position> {
    let line = prop_oneof![8 => 0..12u32, 1 => 0..3000u32, 1 => Just(u32::MAX)];
    let column = prop_oneof![8 => 0..40u32, 1 => Just(u32::MAX)];
    (line, column).prop_map(|(line, column)| Position { line, column })
}

fn edit() -> impl Strategy<Value = (Edit, Encoding)> {
    let range = prop_oneof![19 => (position(), position()).prop_map(Some), 1 => Just(None)];
    let edit = (range, scraps(6)).prop_map(|(range, text)| Edit { range, text });
    (edit, prop::sample::select(&ENCODINGS[..]))
}

/// What a text is, without a rope.
struct Model(String);

impl Model {
    /// Where each line starts, where its ending starts, and where the next line does.
    fn lines(&self) -> Vec<(usize, usize, usize)> {
        let bytes = self.0.as_bytes();
        let (mut lines, mut start, mut at) = (Vec::new(), 0, 0);
        while at < bytes.len() {
            let ending = match &bytes[at..] {
                [b'\r', b'\n', ..] => 2,
                [b'\r' | b'\n', ..] => 1,
                _ => 0,
            };
            if ending > 0 {
                lines.push((start, at, at + ending));
                start = at + ending;
            }
            at += ending.max(1);
        }
        lines.push((start, at, at));
        lines
    }

    fn byte(&self, position: Position, encoding: Encoding) -> usize {
        let Some(&(start, end, _)) = self.lines().get(position.line as usize) else { return self.0.len() };
        let fits = |&at: &usize| self.0.is_char_boundary(at) && encoding.width(&self.0[start..at]) <= position.column;
        (start..=end).rev().find(fits).unwrap_or(start)
    }

    fn edit(&mut self, edit: &Edit, encoding: Encoding) {
        let Some((a, b)) = edit.range else { return self.0 = edit.text.clone() };
        let (a, b) = (self.byte(a, encoding), self.byte(b, encoding));
        self.0.replace_range(a.min(b)..a.max(b), &edit.text);
    }
}

fn assert_same(text: &Text, model: &Model) {
    assert_eq!(text.to_string(), model.0);
    let lines = model.lines();
    assert_eq!((text.len(), text.lines()), (model.0.len(), lines.len()));
    for (number, &(start, end, next)) in lines.iter().enumerate() {
        assert_eq!(text.line_start(number), start);
        assert_eq!(text.line(number), model.0[start..end]);
        assert_eq!(text.line_of(start), number);
        assert_eq!(text.line_of(next.saturating_sub(1).max(start)), number);
    }
    assert_eq!(text.line_start(lines.len()), model.0.len());
}

proptest! {
    #![proptest_config(crate::config(1500))]

    #[test]
    fn edits_of_a_text_are_edits_of_a_string(start in text(), edits in prop::collection::vec(edit(), 0..20)) {
        let (mut text, mut model) = (Text::new(&start), Model(start));
        for (edit, encoding) in edits {
            let before = text.clone();
            let said = model.0.clone();
            text.edit(&edit, encoding);
            model.edit(&edit, encoding);
            prop_assert_eq!(before.to_string(), said); // Who holds a copy is not disturbed.
        }
        assert_same(&text, &model);
    }

    #[test]
    fn every_place_has_a_position_and_every_position_a_place(text in text(), others in prop::collection::vec(position(), 10)) {
        let (text, model) = (Text::new(&text), Model(text));
        for (number, &(start, end, _)) in model.lines().iter().enumerate().take(100) {
            for at in (start..=end).filter(|&at| model.0.is_char_boundary(at)) {
                let point = text.point(at);
                prop_assert_eq!((point.line as usize, point.utf8 as usize), (number, at - start));
                for encoding in ENCODINGS {
                    let position = text.position(at, encoding);
                    prop_assert_eq!(position, point.position(encoding));
                    prop_assert_eq!(position.column, encoding.width(&model.0[start..at]));
                    prop_assert_eq!(text.byte(position, encoding), at);
                }
            }
        }
        for (position, encoding) in others.iter().flat_map(|&position| ENCODINGS.map(|encoding| (position, encoding))) {
            prop_assert_eq!(text.byte(position, encoding), model.byte(position, encoding));
        }
    }

    #[test]
    fn a_span_of_a_text_is_cut_at_characters_and_at_its_end(text in scraps(30), a in 0..300usize, b in 0..300usize) {
        let rope = Text::new(&text);
        let floor = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let (a, b) = (a.min(b), a.max(b));
        prop_assert_eq!(rope.floor(a), floor(a));
        prop_assert_eq!(rope.slice(Span::new(a, b)), &text[floor(a)..floor(b)]);
        let place = rope.place(Span::new(a, b));
        prop_assert_eq!((place.start, place.end), (rope.point(floor(a)), rope.point(floor(b))));
    }
}
