//! Whether a note may hold a mistake that shows without a look at any other note. Knows one outline, and no finding: those
//! say what is wrong, this only that a look is worth while.

use super::media::is_video_id;
use super::name;
use super::outline::{Context, Medium, Outline, Timestamp, TimestampForm};
use super::time::{Reading, is_normal};
use crate::text::Span;
use rustc_hash::FxHashSet;

/// False means that nothing is wrong that the note says itself. True means nothing: much that looks odd is right.
pub fn is_doubtful(outline: &Outline, source: &str) -> bool {
    !outline.undefined.is_empty()
        || outline.links.iter().any(|link| link.context == Context::FrontMatterUnquoted)
        || has_doubtful_definition(outline)
        || has_undefined_footnote(outline)
        || has_two_equal_blocks(outline, source)
        || has_doubtful_front_matter(outline)
        || has_doubtful_times(outline, source)
}

/// Those of wikilinks are never unused; of others the links would have to be asked.
fn has_doubtful_definition(outline: &Outline) -> bool {
    let mut seen = FxHashSet::default();
    outline.definitions.iter().any(|it| !it.for_wikilinks || !seen.insert(it.key.as_str()))
}

fn has_undefined_footnote(outline: &Outline) -> bool {
    let (defined, used): (Vec<_>, Vec<_>) = outline.footnotes.iter().partition(|it| it.definition);
    let defined: FxHashSet<&str> = defined.into_iter().map(|it| it.key.as_str()).collect();
    used.into_iter().any(|it| !defined.contains(it.key.as_str()))
}

fn has_two_equal_blocks(outline: &Outline, source: &str) -> bool {
    let mut seen = FxHashSet::default();
    outline.blocks.len() > 1 && outline.blocks.iter().any(|it| !seen.insert(name::fold(it.id.of(source))))
}

fn has_doubtful_front_matter(outline: &Outline) -> bool {
    outline.front_matter.as_ref().is_some_and(|front| {
        let ends = front.duration.map(|(end, _)| end);
        let is_late = |it: &Timestamp| it.time.millis() > ends;
        front.problem.is_some()
            || front.video_id.as_ref().is_some_and(|id| !is_video_id(&id.text))
            || ends.is_some() && outline.timestamps.iter().any(is_late)
    })
}

fn has_doubtful_times(outline: &Outline, source: &str) -> bool {
    let is_doubtful = |it: &Timestamp| is_doubtful_time(it, source) || is_of_nothing(outline, it);
    outline.timestamps.iter().any(is_doubtful) || has_whole_minutes_only(outline, source)
}

fn is_doubtful_time(timestamp: &Timestamp, source: &str) -> bool {
    let Reading::Time(time) = timestamp.time else { return true };
    let Timestamp { label, label_time: shown, value, .. } = timestamp;
    let is_odd = |part: &Option<Span>| part.is_some_and(|part| !is_normal(part.of(source)));
    label.is_some_and(|label| label.is_empty())
        || shown.is_some_and(|shown| shown.seconds() != time.seconds())
        || timestamp.form == TimestampForm::Anchor && (is_odd(value) || shown.is_some() && is_odd(label))
}

fn is_of_nothing(outline: &Outline, timestamp: &Timestamp) -> bool {
    timestamp.medium == Medium::OfNote && outline.medium.is_none()
}

/// As where minutes and seconds stand in the places of hours and minutes.
fn has_whole_minutes_only(outline: &Outline, source: &str) -> bool {
    let has_hours = |value: Span| value.of(source).matches(':').count() == 2;
    let ours = outline.timestamps.iter().filter(|it| it.medium == Medium::OfNote && it.value.is_some_and(has_hours));
    let mut times = ours.filter_map(|it| it.time.millis());
    times.clone().all(|time| time.0.is_multiple_of(60_000)) && times.any(|time| time.seconds() >= 3600)
}

#[cfg(test)]
mod tests {
    use crate::syntax::scan;

    /// A note of a video, its times as they should be.
    const SOUND: &str = "---\nvideoId: sUjFz20kTFw\nduration: 02:00:00\nup: \"[[talks]]\"\n---\n\n# Trade ^top\n\n\
        [[china#Trade|the talks]] [^1] text ^end\n\n[^1]: A note.\n\n\
        <a class=\"yt-timestamp\" data-t=\"00:06:04\">[00:06:04]</a> <a class=\"yt-timestamp\" data-t=\"01:05:00\">here</a>\n";

    fn is_doubtful(text: &str) -> bool {
        super::is_doubtful(&scan(text), text)
    }

    #[test]
    fn a_sound_note_is_not_doubted() {
        assert!(!is_doubtful(SOUND));
        assert!(!is_doubtful("Text with a [link](a.md) and #tag.\n"));
    }

    #[test]
    fn each_mistake_that_shows_in_a_note_is_a_doubt() {
        for (right, wrong) in [
            ("data-t=\"00:06:04\"", "data-t=\"00:06:03\""),
            ("data-t=\"00:06:04\"", "data-t=\"00:06:05\""),
            ("data-t=\"00:06:04\"", "data-t=\"6:04\""),
            ("data-t=\"00:06:04\"", "data-t=\"00:06:64\""),
            ("data-t=\"00:06:04\"", "data-t=\"\""),
            ("[00:06:04]<", "[6:04]<"),
            ("[00:06:04]<", "<"),
            ("02:00:00", "01:00:00"),
            ("videoId: sUjFz20kTFw\n", ""),
            ("videoId: sUjFz20kTFw", "videoId: sUjFz20"),
            ("\"[[talks]]\"", "[[talks]]"),
            ("up: ", ": ["),
            ("^end", "^TOP"),
            ("[^1]: A note.", ""),
            ("[^1]: A note.", "[^1]: A [note][nowhere]."),
            ("[^1]: A note.", "[^1]: A note.\n\n[unused]: a.md"),
        ] {
            let text = SOUND.replacen(right, wrong, 1);
            assert_ne!(text, SOUND);
            assert!(is_doubtful(&text), "{text}");
        }
        let shifted = SOUND.replace("00:06:04", "00:06:00");
        assert!(is_doubtful(&shifted), "whole minutes only");
    }
}
