//! Every name that a link may write, laid out so that all of them can be looked at while somebody types.
//!
//! Made of one snapshot and good for those after it, but for the files that have changed since: those are
//! [`Snapshot::recent`], and whoever asks looks at them himself.

use super::facts::Fact;
use super::file::{File, FileId};
use super::names::Key;
use super::snapshot::Snapshot;
use crate::cores::on_all_cores;
use crate::syntax::name;
use nucleo_matcher::chars::{normalize, to_lower_case};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;

/// Names in the order of what they name: the better known, the earlier.
pub struct Catalogue {
    /// Of each name, in one row: most are passed over by a look at these.
    letters: Vec<u64>,
    names: Vec<Named>,
    /// All names as [`words`], each with a line ending behind it.
    text: String,
    folders: FxHashMap<Box<str>, u32>,
}

/// A name, and what has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    pub what: What,
    /// Of the file; to be compared with [`Catalogue::folder`].
    pub folder: u32,
    /// Where the name ends in the text; it begins behind the ending of the one before.
    end: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The name of a file without its ending.
    Stem(FileId),
    Title(FileId),
    /// By its order.
    Alias(FileId, u32),
    /// Written in links, and the name of no file: it may be found in another way, or nowhere.
    Written(Key),
}

/// The folder of what is no file.
const NOWHERE: u32 = u32::MAX;

impl Catalogue {
    pub fn of(snapshot: &Snapshot) -> Catalogue {
        let popularity = snapshot.popularity();
        let linked = |id: FileId| popularity.get(id.0 as usize).copied().unwrap_or(0);
        let mut files: Vec<(FileId, &File)> = snapshot.files().collect();
        files.sort_by_cached_key(|(id, file)| {
            let is_less = file.set_aside || !file.is_note();
            (is_less, Reverse(linked(*id)), file.path.len(), &*file.path)
        });
        let mut catalogue =
            Catalogue { letters: Vec::new(), names: Vec::new(), text: String::new(), folders: FxHashMap::default() };
        let mut taken: FxHashSet<Box<str>> = FxHashSet::default();
        for (id, file) in files {
            let next = catalogue.folders.len() as u32;
            let folder = *catalogue.folders.entry(file.folder().into()).or_insert(next);
            taken.insert(catalogue.add(What::Stem(id), folder, file.stem()).into());
            // A file named by its title has one name.
            let title = file.facts.title().filter(|title| words(title) != catalogue.text(catalogue.names.len() - 1));
            if let Some(title) = title {
                catalogue.add(What::Title(id), folder, title);
            }
            for (order, alias) in (0..).zip(file.facts.aliases()) {
                catalogue.add(What::Alias(id, order), folder, alias);
            }
        }
        let mut written: Vec<(Reverse<usize>, &str, Key)> = snapshot
            .index
            .mentions()
            .map(|(key, notes)| (Reverse(notes), snapshot.index.names.text(key), key))
            .filter(|(_, written, _)| !written.is_empty() && !taken.contains(&*words(written)))
            .collect();
        written.sort_unstable();
        for (_, name, key) in written {
            catalogue.add(What::Written(key), NOWHERE, name);
        }
        catalogue.letters.shrink_to_fit();
        catalogue.names.shrink_to_fit();
        catalogue.text.shrink_to_fit();
        catalogue
    }

    /// The number of a folder; `None` if no file lies in it.
    pub fn folder(&self, folder: &str) -> Option<u32> {
        self.folders.get(folder).copied()
    }

    /// All names, the best known first.
    pub fn all(&self) -> impl Iterator<Item = Named> + '_ {
        self.names.iter().copied()
    }

    /// The names that have all of these letters, folded, the best known first.
    pub fn with_letters(&self, wanted: u64) -> impl Iterator<Item = (Named, &str)> {
        let having = self.letters.iter().enumerate().filter(move |(_, letters)| *letters & wanted == wanted);
        having.map(|(i, _)| (self.names[i], self.text(i)))
    }

    /// The names in which these words stand, as [`words`] makes them, the best known first.
    pub fn containing(&self, part: &str) -> impl Iterator<Item = (Named, &str)> {
        let finder = memchr::memmem::Finder::new(part.as_bytes()).into_owned();
        let (mut i, mut at) = (0, 0);
        std::iter::from_fn(move || {
            at += finder.find(self.text.as_bytes().get(at..)?)?;
            // Step by step: what is searched through is passed by in any case.
            i += self.names[i..].iter().take_while(|named| named.end as usize <= at).count();
            let named = *self.names.get(i)?;
            at = named.end as usize + 1;
            Some((named, self.text(i)))
        })
    }

    fn text(&self, i: usize) -> &str {
        let start = if i == 0 { 0 } else { self.names[i - 1].end as usize + 1 };
        &self.text[start..self.names[i].end as usize]
    }

    fn add(&mut self, what: What, folder: u32, called: &str) -> &str {
        let start = self.text.len();
        self.text.push_str(&words(called));
        let end = self.text.len();
        self.text.push('\n');
        self.letters.push(offered_letters(&self.text[start..end]));
        self.names.push(Named { what, folder, end: end as u32 });
        &self.text[start..end]
    }
}

/// Of each file, by id, the letters of its names, its headings and its tags.
pub fn letters_of_files(snapshot: &Snapshot) -> Box<[u64]> {
    let of_file = |file: &File| {
        file.facts.iter().fold(offered_letters(file.stem()), |said, (_, fact)| match fact {
            Fact::Title(name) | Fact::Alias(name) => said | offered_letters(name),
            Fact::Heading(heading) => said | offered_letters(heading.text),
            Fact::Tag(tag) => said | offered_letters(snapshot.index.names.text(tag)),
            _ => said,
        })
    };
    let ids: Vec<FileId> = (0..snapshot.ids().0).map(FileId).collect();
    on_all_cores(&ids, |&id| snapshot.get(id).map_or(0, of_file)).into()
}

/// A name folded, with blanks where others write `_` or `-`: in which way words are joined says nothing of which they are.
pub fn words(name: &str) -> String {
    name::fold(name).replace(['_', '-', '\n'], " ")
}

/// The letters and digits of a text as a set, one bit each: rejects most names for the price of one comparison.
pub fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |set, byte| set | BITS[byte as usize])
}

/// Of each byte.
static BITS: [u64; 256] = {
    let mut bits = [0; 256];
    let mut at = 0;
    while at < 26 {
        (bits[b'a' as usize + at], bits[b'A' as usize + at]) = (1 << at, 1 << at);
        at += 1;
    }
    while at < 36 {
        bits[b'0' as usize + at - 26] = 1 << at;
        at += 1;
    }
    bits
};

/// What a name can match: an accented letter may stand for a plain one.
pub fn offered_letters(name: &str) -> u64 {
    if name.is_ascii() {
        return letters(name);
    }
    let plain = |c: char| [normalize(c), normalize(to_lower_case(c)), to_lower_case(normalize(c))];
    let of_char =
        |c: char| plain(c).iter().fold(0, |set, &c| set | u8::try_from(c).map_or(0, |byte| BITS[byte as usize]));
    let all = letters(name) | letters(&name::fold(name));
    name.chars().filter(|c| !c.is_ascii()).fold(all, |set, c| set | of_char(c))
}
