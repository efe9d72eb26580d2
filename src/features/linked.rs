//! Stretches of a note that say the same and are edited together.

use crate::syntax::TimestampForm;
use crate::text::Span;
use crate::vault::Document;

/// The time of a `yt-timestamp` and the same time shown: `data-t="00:06:04">[00:06:04]<`. `None` where the cursor is in
/// neither, or they differ already.
pub fn linked(document: &Document, at: usize) -> Option<[Span; 2]> {
    let timestamps = document.outline.timestamps.iter().filter(|it| it.form == TimestampForm::Anchor);
    let (value, label) = timestamps.filter_map(|it| it.value.zip(it.label)).find(|(value, label)| {
        let is_in = value.touches(at) || label.touches(at);
        is_in && !value.is_empty() && document.of(*value) == document.of(*label)
    })?;
    Some([value, label])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn a_time_and_its_label_are_edited_together_while_they_agree() {
        let note = "---\nvideoId: sUjFz20kTFw\n---\n<a class=\"yt-timestamp\" data-t=\"00:06:04\">[00:06:04]</a>";
        let document = Document::new(0, Text::new(note));
        let value = note.find("00:06").unwrap();
        let label = note.rfind("00:06").unwrap();
        let both = Some([Span::new(value, value + 8), Span::new(label, label + 8)]);
        assert_eq!(linked(&document, value + 2), both);
        assert_eq!(linked(&document, label + 8), both);
        assert_eq!(linked(&document, 3), None);
        let document = Document::new(0, Text::new(&note.replace(":04]", ":05]")));
        assert_eq!(linked(&document, value + 2), None);
    }
}
