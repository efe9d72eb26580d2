//! What becomes of a link by what it says: whether it goes on leading where it led, and what it must say if not. Knows
//! neither the text around the link nor how it is written there.

use super::led::{Led, led};
use super::{Plan, anchors, names};
use crate::vault::{Dialect, FileId, Labelled, Mention};
use rustc_hash::FxHashMap;

#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// It leads where it led, or led nowhere.
    Stays,
    Astray {
        /// Where it led.
        file: FileId,
        /// What leads there then; `None` where nothing does.
        respelled: Option<Respelled>,
    },
}

/// What is written otherwise, decoded; `None` of what stays.
#[derive(Clone, Debug, PartialEq)]
pub struct Respelled {
    pub name: Option<String>,
    pub anchor: Option<String>,
}

/// The fates of mentions by the folder that they are written in: two notes in one folder mean the same by the same.
#[derive(Default)]
pub struct Fates<'a>(FxHashMap<(&'a str, Mention), Fate>);

impl<'a> Fates<'a> {
    pub fn of(&mut self, plan: &Plan, note: FileId, folder: &'a str, mention: Mention) -> &Fate {
        // However the label is written, it does not lead elsewhere.
        let mention = Mention { label: Labelled::No, ..mention };
        self.0.entry((folder, mention)).or_insert_with(|| plan.fate_of(note, mention))
    }
}

impl Plan<'_> {
    pub fn fate_of(&self, note: FileId, mention: Mention) -> Fate {
        let text = |key| self.before.index.names.text(key);
        self.fate(note, mention.dialect, text(mention.name), mention.anchor.map(text))
    }

    /// The fate of a link in `note`.
    pub fn fate(&self, note: FileId, dialect: Dialect, name: &str, anchor: Option<&str>) -> Fate {
        let leads = |snapshot| led(snapshot, note, dialect, name, anchor);
        let Some(before) = leads(self.before).filter(|_| dialect != Dialect::External) else { return Fate::Stays };
        if before.is_kept(leads(self.after), dialect) {
            return Fate::Stays;
        }
        Fate::Astray { file: before.file, respelled: self.respelled(note, dialect, name, anchor, before) }
    }

    fn respelled(
        &self,
        note: FileId,
        dialect: Dialect,
        old_name: &str,
        old_anchor: Option<&str>,
        before: Led,
    ) -> Option<Respelled> {
        let leads = |name: &str, anchor: Option<&str>| led(self.after, note, dialect, name, anchor);
        let name = names::name(self, note, dialect, old_name, before)?;
        let anchor = match (before.part, old_anchor) {
            (Some(part), Some(old)) if leads(&name, Some(old)).is_none_or(|led| led.part != before.part) => {
                let candidates = anchors::anchors(self, dialect, old, before.file, part);
                let fits = |anchor: &String| leads(&name, Some(anchor)).is_some_and(|led| led.part == before.part);
                Some(candidates.into_iter().find(fits)?)
            }
            _ => None,
        };
        Some(Respelled { name: Some(name).filter(|name| name != old_name), anchor })
    }
}
