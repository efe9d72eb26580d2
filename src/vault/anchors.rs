//! What the anchors of large notes mean, looked up and not looked for: a table of contents of ten thousand headings would
//! else cost their square.
//!
//! Knows facts of single notes; what an anchor means is [`super::anchor`]'s to say.

use super::anchor::{Anchored, Named, Slugger};
use super::facts::{Fact, Facts};
use super::file::File;
use crate::syntax::name;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// From so many bytes of facts on a note is large. A usual one has a thousand.
pub const LARGE: usize = 16 << 10;

/// So many notes are kept.
const MOST: usize = 8;

/// The tables of the large notes that were asked about last, shared by all snapshots of a vault.
#[derive(Default)]
pub struct Tables(Mutex<VecDeque<(Weak<File>, Arc<Table>)>>);

/// The anchors of one note; of those that have one name the first.
pub struct Table {
    facts: Facts,
    headings: FxHashMap<String, Anchored>,
    /// As written, where that is not as shown.
    written: FxHashMap<String, Anchored>,
    slugs: FxHashMap<String, Anchored>,
    blocks: FxHashMap<String, Anchored>,
    elements: FxHashMap<String, Anchored>,
}

impl Tables {
    pub fn of(&self, file: &Arc<File>) -> Arc<Table> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // An address may be used again only when nobody refers to it, and this does.
        let is_it = |(of, _): &&(Weak<File>, Arc<Table>)| Weak::as_ptr(of) == Arc::as_ptr(file);
        if let Some((_, table)) = kept().iter().find(is_it) {
            return table.clone();
        }
        let table = Arc::new(Table::of(&file.facts));
        let mut kept = kept();
        kept.retain(|(of, _)| of.strong_count() > 0);
        kept.truncate(MOST - 1);
        kept.push_front((Arc::downgrade(file), table.clone()));
        table
    }
}

impl Table {
    fn of(facts: &Facts) -> Table {
        let (mut headings, mut written, mut slugs) = (FxHashMap::default(), FxHashMap::default(), FxHashMap::default());
        let mut slugger = Slugger::default();
        for (index, (place, heading)) in facts.headings().enumerate() {
            let anchored = Anchored::Heading { index, place };
            headings.entry(name::fold_heading(heading.text)).or_insert(anchored);
            if heading.source != heading.text {
                written.entry(name::fold_heading(heading.source)).or_insert(anchored);
            }
            slugs.entry(name::fold(&slugger.slug(heading.text)).into_owned()).or_insert(anchored);
        }
        let (mut blocks, mut elements) = (FxHashMap::default(), FxHashMap::default());
        for (place, fact) in facts.iter() {
            match fact {
                Fact::Block(id) => {
                    blocks.entry(id.to_ascii_lowercase()).or_insert(Anchored::Block(place));
                }
                Fact::Element(id) => {
                    elements.entry(id.to_owned()).or_insert(Anchored::Element(place));
                }
                _ => {}
            }
        }
        Table { facts: facts.clone(), headings, written, slugs, blocks, elements }
    }
}

impl Named for Table {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn heading(&self, folded: &str) -> Option<Anchored> {
        self.headings.get(folded).or_else(|| self.written.get(folded)).copied()
    }

    fn slug(&self, folded: &str) -> Option<Anchored> {
        self.slugs.get(folded).copied()
    }

    fn block(&self, id: &str) -> Option<Anchored> {
        self.blocks.get(&id.to_ascii_lowercase()).copied()
    }

    fn element(&self, id: &str) -> Option<Anchored> {
        self.elements.get(id).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::anchor::{find, find_in};
    use super::super::document::facts_of;
    use super::super::facts::Dialect;
    use super::super::names::Names;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_table_knows_what_looking_through_the_note_finds(
            note in r"((#{1,3} (a|B|\*a\*|b c|\[\[a\|b\]\]|a-1)|word (\^x|\^Y)|<b id=.?[ab].?>x</b>)\n\n){0,9}",
            anchor in r"#?\^?(a|A|b|B|b c|b-c|\*a\*|a#b|b#a|a-1|x|y|Y|nothing|)",
        ) {
            let facts = facts_of(&note, &mut Names::default());
            let table = Table::of(&facts);
            for dialect in [Dialect::Name, Dialect::Path] {
                prop_assert_eq!(find_in(&table, dialect, &anchor), find(&facts, dialect, &anchor), "{}", note);
            }
        }
    }

    #[test]
    fn a_table_is_kept_for_the_file_that_it_was_made_of() {
        let mut names = Names::default();
        let mut file = |text: &str| {
            let facts = facts_of(text, &mut names);
            let (path, kind) = ("a.md".into(), super::super::file::FileKind::Note);
            Arc::new(File { path, kind, set_aside: false, stamp: None, facts })
        };
        let (tables, before, after) = (Tables::default(), file("# Before"), file("# After"));
        let first = tables.of(&before);
        assert!(Arc::ptr_eq(&first, &tables.of(&before)));
        assert_eq!(tables.of(&after).heading("before"), None);
        assert!(tables.of(&after).heading("after").is_some());
    }
}
