//! Links of a closed note that are rewritten where its facts say they stand. Nothing else of the note is looked at, which
//! is several times as fast as to scan it: a hub is mentioned in many notes, and once in most.

use super::fate::{Fate, Respelled};
use super::{OfNote, Plan};
use crate::features::change::FileEdit;
use crate::syntax::{Context, wikilink};
use crate::text::{LineStarts, Measure, Place, Span};
use crate::vault::naming::needs_yaml_escape;
use crate::vault::{File, FileId};

impl Plan<'_> {
    /// What becomes of a note by those of its mentions that go astray. `None` where only the whole note can tell: it says
    /// something else by now, a link is no wikilink, stands in a heading, cannot follow, or says something that what is
    /// around it could ask to be escaped.
    pub fn of_remembered(&self, note: FileId, file: &File, astray: &[(Place, Fate)]) -> Option<OfNote> {
        let in_heading = |place: &Place| {
            file.facts.headings().any(|(of, _)| of.start.line <= place.start.line && place.start.line <= of.end.line)
        };
        if self.own.iter().any(|edit| edit.file == note) || astray.iter().any(|(place, _)| in_heading(place)) {
            return None;
        }
        let names: Vec<&str> = astray.iter().map(|(_, fate)| plain_name(fate)).collect::<Option<_>>()?;
        let source = self.before.remembered_text(note)?;
        let lines = LineStarts::of(&source);
        let mut measure = Measure::with_lines(&lines, &source);
        let (mut edits, mut places) = (Vec::with_capacity(names.len()), Vec::with_capacity(names.len()));
        for ((place, _), name) in astray.iter().zip(names) {
            let span = Span::new(lines.byte(place.start)?, lines.byte(place.end)?);
            source.get(span.range())?;
            let old = wikilink::parse(&source, span, Context::Text)?.name;
            places.push(measure.place(old));
            edits.push(FileEdit { file: note, span: old, text: name.to_owned() });
        }
        Some(OfNote { edits, places: Some(places), ..OfNote::default() })
    }
}

/// The new name, where that is all that is new, and it can be written everywhere as it is.
fn plain_name(fate: &Fate) -> Option<&str> {
    match fate {
        Fate::Astray { respelled: Some(Respelled { name: Some(name), anchor: None }), .. } => {
            Some(&**name).filter(|name| !needs_yaml_escape(name))
        }
        _ => None,
    }
}
