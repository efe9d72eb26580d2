//! Names as numbers: every name, tag and address that is stated anywhere, once.
//!
//! A large frozen part and a small persistent one on top, so that a copy of the whole is O(1).

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::sync::Arc;

/// A name's number. Valid for one [`Names`] and every later version of it, until the next merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub u32);

/// Names that only grow by building anew.
#[derive(Default)]
pub struct FrozenNames {
    /// All names, one behind the other.
    arena: String,
    /// Where name `i` ends; it begins where the one before ends.
    ends: Vec<u32>,
    table: HashTable<u32>,
}

impl FrozenNames {
    /// The key of `name`, new if need be.
    pub fn intern(&mut self, name: &str) -> Key {
        let FrozenNames { arena, ends, table } = self;
        let is_it = |&key: &u32| text_of(arena, ends, key) == name;
        match table.entry(hash(name), is_it, |&key| hash(text_of(arena, ends, key))) {
            Entry::Occupied(known) => Key(*known.get()),
            Entry::Vacant(new) => {
                let key = ends.len() as u32;
                new.insert(key);
                arena.push_str(name);
                ends.push(arena.len() as u32);
                Key(key)
            }
        }
    }

    pub fn get(&self, name: &str) -> Option<Key> {
        self.table.find(hash(name), |&key| text_of(&self.arena, &self.ends, key) == name).map(|&key| Key(key))
    }

    pub fn text(&self, key: Key) -> &str {
        text_of(&self.arena, &self.ends, key.0)
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// All names in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|key| self.text(Key(key as u32)))
    }

    pub fn shrink(&mut self) {
        self.arena.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.table.shrink_to_fit(|&key| hash(text_of(&self.arena, &self.ends, key)));
    }
}

fn text_of<'a>(arena: &'a str, ends: &[u32], key: u32) -> &'a str {
    let start = if key == 0 { 0 } else { ends[key as usize - 1] as usize };
    &arena[start..ends[key as usize] as usize]
}

fn hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}

/// Names of the last merge, and those stated since.
#[derive(Clone, Default)]
pub struct Names {
    frozen: Arc<FrozenNames>,
    recent: imbl::Vector<Arc<str>>,
    keys: imbl::HashMap<Arc<str>, u32>,
}

impl Names {
    pub fn new(frozen: FrozenNames) -> Names {
        Names { frozen: Arc::new(frozen), ..Names::default() }
    }

    pub fn intern(&mut self, name: &str) -> Key {
        self.get(name).unwrap_or_else(|| {
            let key = self.count() as u32;
            let name: Arc<str> = name.into();
            self.recent.push_back(name.clone());
            self.keys.insert(name, key);
            Key(key)
        })
    }

    pub fn get(&self, name: &str) -> Option<Key> {
        self.frozen.get(name).or_else(|| self.keys.get(name).map(|&key| Key(key)))
    }

    pub fn text(&self, key: Key) -> &str {
        match (key.0 as usize).checked_sub(self.frozen.len()) {
            None => self.frozen.text(key),
            Some(i) => &self.recent[i],
        }
    }

    /// How many there are: above the key of each.
    pub fn count(&self) -> usize {
        self.frozen.len() + self.recent.len()
    }

    /// How many were stated since the last merge.
    pub fn recent(&self) -> usize {
        self.recent.len()
    }
}

/// A copy of names that grows on its own: whoever has no hold of the names themselves can name things in it.
pub struct NamesAside {
    pub names: Names,
    /// The keys before this one are those of the names that it was made of.
    own_from: u32,
}

impl NamesAside {
    pub fn of(names: &Names) -> NamesAside {
        NamesAside { names: names.clone(), own_from: (names.frozen.len() + names.recent.len()) as u32 }
    }

    /// A key of the copy as a key of the names it was made of, which may have grown or been merged since.
    pub fn key_in(&self, names: &mut Names, key: Key) -> Key {
        let is_the_same = key.0 < self.own_from && Arc::ptr_eq(&self.names.frozen, &names.frozen);
        if is_the_same { key } else { names.intern(self.names.text(key)) }
    }
}

/// Whoever turns names into keys and back.
pub trait Intern {
    fn key(&mut self, name: &str) -> Key;
    fn name(&self, key: Key) -> &str;
}

impl Intern for FrozenNames {
    fn key(&mut self, name: &str) -> Key {
        self.intern(name)
    }
    fn name(&self, key: Key) -> &str {
        self.text(key)
    }
}

impl Intern for Names {
    fn key(&mut self, name: &str) -> Key {
        self.intern(name)
    }
    fn name(&self, key: Key) -> &str {
        self.text(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_aside_has_the_same_name_in_names_that_have_grown_or_been_merged() {
        let mut names = Names::default();
        names.intern("china");
        let mut aside = NamesAside::of(&names);
        let keys: Vec<Key> = ["china", "russia", "the talks"].iter().map(|name| aside.names.intern(name)).collect();
        names.intern("something else");
        let mut merged = FrozenNames::default();
        merged.intern("russia");
        for mut names in [names, Names::new(merged)] {
            let keys: Vec<Key> = keys.iter().map(|&key| aside.key_in(&mut names, key)).collect();
            let texts: Vec<&str> = keys.iter().map(|&key| names.text(key)).collect();
            assert_eq!(texts, ["china", "russia", "the talks"]);
        }
    }
}
