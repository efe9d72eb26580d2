//! Names as numbers: every name, tag and address that is stated anywhere, once.
//!
//! A large frozen part and a small persistent one on top, so that a copy of the whole is O(1).

use hashbrown::HashTable;
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
        if let Some(key) = self.get(name) {
            return key;
        }
        let key = self.ends.len() as u32;
        self.arena.push_str(name);
        self.ends.push(self.arena.len() as u32);
        let FrozenNames { arena, ends, table } = self;
        table.insert_unique(hash(name), key, |&key| hash(text_of(arena, ends, key)));
        Key(key)
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
