//! The vault at one moment: immutable, consistent, O(1) to take and to hold.

use super::anchor::{self, Anchored};
use super::anchors::{LARGE, Tables};
use super::catalogue::{self, Catalogue};
use super::crowds::Crowds;
use super::disk;
use super::document::Document;
use super::facts::{Dialect, Mention};
use super::file::{File, FileId, FileKind};
use super::index::{Index, last_name};
use super::names::Key;
use super::nearest::Nearest;
use super::obsidian::Obsidian;
use super::resolve::{self, Resolved};
use super::transcripts::Transcripts;
use super::walk;
use crate::config::Config;
use crate::syntax::time::Millis;
use crate::syntax::transcript::Transcript;
use crate::syntax::{Target, name};
use crate::text::Text;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

#[derive(Clone)]
pub struct Snapshot {
    pub(super) revision: u64,
    pub(super) root: Arc<Path>,
    pub(super) config: Arc<Config>,
    pub(super) obsidian: Arc<Obsidian>,
    pub(super) listed: bool,
    pub(super) loaded: bool,
    pub(super) is_vault: bool,
    /// By id; `None` where the file is gone.
    pub(super) files: imbl::Vector<Option<Arc<File>>>,
    pub(crate) index: Index,
    /// The notes an editor holds; its text wins over the disk.
    pub(super) open: Arc<FxHashMap<FileId, Arc<Document>>>,
    /// Of this set of files.
    pub(super) nearest: Arc<Nearest>,
    /// Of this set of files.
    pub(super) crowds: Arc<Crowds>,
    pub(super) transcripts: Arc<Transcripts>,
    pub(super) anchors: Arc<Tables>,
    /// The paths of files that went, with the hash of what they said; the latest last.
    pub(super) departed: imbl::Vector<(Box<str>, u64)>,
    /// The files that have changed since the last load or merge.
    pub(super) recent: imbl::HashSet<FileId>,
    /// Of the files as they were at the last load or merge.
    pub(super) overview: Arc<Overview>,
}

/// What is made of all files at once, at the first question after a load or a merge; good for all snapshots until the next,
/// but for the [`Snapshot::recent`] files.
#[derive(Default)]
pub(super) struct Overview {
    catalogue: OnceLock<Catalogue>,
    /// Of each file, by id, the letters of all that its own text calls it or a part of it.
    letters: OnceLock<Box<[u64]>>,
    popularity: OnceLock<Box<[u32]>>,
}

impl Overview {
    /// Whether somebody has asked.
    pub(super) fn is_made(&self) -> bool {
        self.catalogue.get().is_some()
    }
}

impl Snapshot {
    pub(super) fn new(root: Arc<Path>, config: Arc<Config>) -> Snapshot {
        Snapshot {
            revision: 0,
            obsidian: Arc::new(Obsidian::read(&root)),
            root,
            config,
            listed: false,
            loaded: false,
            is_vault: false,
            files: imbl::Vector::new(),
            index: Index::default(),
            open: Arc::default(),
            nearest: Arc::default(),
            crowds: Arc::default(),
            transcripts: Arc::default(),
            anchors: Arc::default(),
            departed: imbl::Vector::new(),
            recent: imbl::HashSet::default(),
            overview: Arc::default(),
        }
    }

    /// A file came, went or moved.
    pub(super) fn forget_names(&mut self) {
        (self.nearest, self.crowds) = Default::default();
    }

    /// Grows with every change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether all files are known by name.
    pub fn is_listed(&self) -> bool {
        self.listed
    }

    /// Whether all files have been read.
    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// Whether this is a vault of notes, and not a folder that happens to hold Markdown: a marker stands at its root,
    /// or a wikilink resolves.
    pub fn is_vault(&self) -> bool {
        self.is_vault
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What the vault's `.obsidian/app.json` says.
    pub fn obsidian(&self) -> &Obsidian {
        &self.obsidian
    }

    /// The file of exactly this path, relative to the root, parts joined by `/`.
    pub fn file(&self, path: &str) -> Option<FileId> {
        self.index.files_at(path).find(|&id| *self.entry(id).path == *path)
    }

    /// What is known of a file.
    ///
    /// # Panics
    /// If the file is gone in this snapshot; ids that come from this snapshot's index never are.
    pub fn entry(&self, file: FileId) -> &File {
        self.get(file).expect("the index only names files that are there")
    }

    /// What is known of a file; `None` if it is gone in this snapshot.
    pub fn get(&self, file: FileId) -> Option<&File> {
        self.files.get(file.0 as usize)?.as_deref()
    }

    /// The path of a file, relative to the root; empty if it is gone in this snapshot.
    pub fn path(&self, file: FileId) -> &str {
        self.get(file).map_or("", |file| &file.path)
    }

    /// The absolute path of a file.
    pub fn absolute(&self, file: FileId) -> PathBuf {
        self.root.join(self.path(file))
    }

    /// All files, in the order of their ids.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &File)> + '_ {
        self.files.iter().enumerate().filter_map(|(id, file)| Some((FileId(id as u32), file.as_deref()?)))
    }

    /// Every file whose id is a multiple of `step`: costs as many as there are of them.
    pub fn every(&self, step: usize) -> impl Iterator<Item = (FileId, &File)> + '_ {
        let ids = (0..self.files.len()).step_by(step).map(|id| FileId(id as u32));
        ids.filter_map(|id| Some((id, self.get(id)?)))
    }

    /// All notes, in the order of their ids.
    pub fn notes(&self) -> impl Iterator<Item = FileId> + '_ {
        self.files().filter(|(_, file)| file.is_note()).map(|(id, _)| id)
    }

    /// The document of an open note.
    pub fn open_document(&self, note: FileId) -> Option<&Arc<Document>> {
        self.open.get(&note)
    }

    /// The notes that are open, in no promised order.
    pub fn open_notes(&self) -> impl Iterator<Item = (FileId, &Arc<Document>)> + '_ {
        self.open.iter().map(|(&id, document)| (id, document))
    }

    /// The document of a note: the editor's, else read from disk now. `None` if it cannot be read or is too large.
    pub fn document(&self, note: FileId) -> Option<Arc<Document>> {
        if let Some(document) = self.open.get(&note) {
            return Some(document.clone());
        }
        let file = self.get(note).filter(|file| file.is_note())?;
        let read = disk::read(&self.root.join(&*file.path)).ok()?;
        Some(Arc::new(Document { lossy: read.lossy, ..Document::new(0, Text::new(&read.text?)) }))
    }

    /// The text of a note: the editor's, else read from disk now. `None` if it cannot be read or is too large.
    pub fn source(&self, note: FileId) -> Option<Arc<str>> {
        if let Some(document) = self.open.get(&note) {
            return Some(document.source.clone());
        }
        let file = self.get(note).filter(|file| file.is_note())?;
        disk::read(&self.root.join(&*file.path)).ok()?.text.map(Arc::from)
    }

    /// The text of a closed note, read from disk now: `None` unless it is what its facts were made of.
    pub fn remembered_text(&self, note: FileId) -> Option<String> {
        let hash = self.get(note).filter(|_| !self.open.contains_key(&note))?.stamp?.hash;
        let read = disk::read(&self.absolute(note)).ok()?;
        read.text.filter(|_| read.stamp.hash == hash && !read.lossy)
    }

    /// What a transcript says now; `None` if it cannot be read or is too large.
    pub fn transcript(&self, file: FileId) -> Option<Arc<Transcript>> {
        self.transcripts.read(file, &self.absolute(file))
    }

    /// When the last word of a transcript is over.
    pub fn transcript_end(&self, file: FileId) -> Option<Millis> {
        self.transcripts.end(file, &self.absolute(file))
    }

    /// Whether a wikilink of this note leads somewhere: the sign of a vault where nothing marks one.
    pub(super) fn has_a_wikilink_that_resolves(&self, note: FileId) -> bool {
        let Some(file) = self.get(note) else { return false };
        let is_link =
            |mention: Mention| mention.dialect == Dialect::Name && !self.index.names.text(mention.name).is_empty();
        file.facts.mentions().any(|(_, mention)| is_link(mention) && self.resolve_mention(note, mention).is_some())
    }

    /// The same of a note that is only known by name: its text is read.
    pub(super) fn links_somewhere(&self, note: FileId) -> bool {
        let Some(document) = self.document(note) else { return false };
        let leads = |target: &Target| match target {
            Target::Name { name, .. } => !name.is_empty() && self.resolve(note, Dialect::Name, name).is_some(),
            _ => false,
        };
        document.outline.links.iter().any(|link| leads(&link.target))
    }

    /// Which file a name or path, written in the note `from`, means.
    pub fn resolve(&self, from: FileId, dialect: Dialect, name: &str) -> Option<Resolved> {
        if name.is_empty() && dialect != Dialect::External {
            return Some(Resolved::only(from, resolve::Found::Itself));
        }
        resolve::resolve(self, self.get(from)?.folder(), dialect, name)
    }

    /// Which file a mention in the note `from` means.
    pub fn resolve_mention(&self, from: FileId, mention: Mention) -> Option<Resolved> {
        self.resolve(from, mention.dialect, self.index.names.text(mention.name))
    }

    /// The file that a name means wherever it is written, in links of any kind, or that it means none. `None` where that
    /// depends, or is not certain.
    pub fn resolve_from_everywhere(&self, written: Key) -> Option<Option<FileId>> {
        resolve::resolve_from_everywhere(self, self.index.names.text(written))
    }

    /// Whether a note could be written at a path below the root: nothing is there, and the vault would take it in.
    pub fn can_create(&self, path: &str) -> bool {
        let absolute = self.root.join(path);
        !disk::exists(&absolute) && walk::kind_of(&self.root, &absolute, &self.config) == Some(FileKind::Note)
    }

    /// Whether something is at a path below the root now, of any kind.
    pub fn is_on_disk(&self, path: &str) -> bool {
        disk::exists(&self.root.join(path))
    }

    /// Whether a file at a path below the root would be part of the vault.
    pub fn takes_in(&self, path: &str) -> bool {
        walk::kind_of(&self.root, &self.root.join(path), &self.config).is_some()
    }

    /// Whether a folder is at a path below the root now.
    pub fn is_folder(&self, path: &str) -> bool {
        disk::is_folder(&self.root.join(path))
    }

    /// The files in a folder and in those beneath it, each with what stands behind the folder in its path: `/moscow.md`.
    pub fn beneath<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (FileId, &'a str)> + 'a {
        self.files().filter_map(move |(id, file)| {
            let below = file.path.strip_prefix(folder).filter(|below| below.starts_with('/'))?;
            Some((id, below))
        })
    }

    /// Above the id of every file: the next to come has this one.
    pub fn ids(&self) -> FileId {
        FileId(self.files.len() as u32)
    }

    /// The text of a file, of a note or an attachment: the editor's, else read from disk now, and not scanned. `None` if it
    /// cannot be read or is too large.
    pub fn unscanned(&self, file: FileId) -> Option<Arc<Document>> {
        if let Some(document) = self.open.get(&file) {
            return Some(document.clone());
        }
        let read = disk::read(&self.root.join(&*self.get(file)?.path)).ok()?;
        Some(Arc::new(Document { lossy: read.lossy, ..Document::unscanned(0, Text::new(&read.text?)) }))
    }

    /// The text that new notes are copies of; `None` where the settings name none, or none in the vault that can be read.
    pub fn template(&self) -> Option<String> {
        let path = resolve::join("", self.config.notes.template.as_deref()?)?;
        let paths = [format!("{path}.md"), path];
        let path = paths.iter().rev().find(|path| disk::is_inside(&self.root, path))?;
        disk::read_small(&self.root.join(path))
    }

    /// The paths of files that went since the vault was loaded; of many the latest.
    pub fn departed(&self) -> impl Iterator<Item = &str> {
        self.departed.iter().map(|(path, _)| &**path)
    }

    /// Files that went, and stand elsewhere now, saying the same: each with the path that it had. Where several files say
    /// it, nobody knows.
    pub fn elsewhere(&self) -> Vec<(FileId, String)> {
        let wanted: FxHashSet<u64> = self.departed.iter().map(|(_, hash)| *hash).collect();
        let mut saying: FxHashMap<u64, Option<FileId>> = FxHashMap::default();
        for (id, file) in self.files() {
            if let Some(stamp) = file.stamp.filter(|stamp| stamp.size > 0 && wanted.contains(&stamp.hash)) {
                saying.entry(stamp.hash).and_modify(|only| *only = None).or_insert(Some(id));
            }
        }
        let gone = self.departed.iter().rev().filter(|(path, _)| self.file(path).is_none());
        let moved = gone.filter_map(|(path, hash)| Some((saying.remove(hash)??, path.to_string())));
        moved.collect()
    }

    /// The notes whose names are closest to one that no note has, best first.
    pub fn nearest(&self, name: &str) -> Arc<[FileId]> {
        self.nearest.find(self, name)
    }

    /// How many notes link to each file, by id: near enough for ranking. Counted at the first question after a load or a
    /// merge, and not again until the next.
    pub fn popularity(&self) -> &[u32] {
        self.overview.popularity.get_or_init(|| {
            let mut counts = vec![0; self.files.len()];
            for (files, spellings) in self.index.named_and_spelled() {
                for key in spellings {
                    let wanted = name::fold(last_name(self.index.names.text(key)));
                    let meant = files.clone().find(|&file| name::fold(self.entry(file).stem()) == wanted);
                    if let Some(file) = meant {
                        counts[file.0 as usize] += self.index.notes_mentioning(key).len() as u32;
                    }
                }
            }
            counts.into()
        })
    }

    /// Every name that a link may write, but for those of [`Snapshot::recent`] files. Made at the first question after a
    /// load or a merge.
    pub fn catalogue(&self) -> &Catalogue {
        self.overview.catalogue.get_or_init(|| Catalogue::of(self))
    }

    /// Makes now what the first question would have to wait for.
    pub(super) fn prepare(&self) {
        self.catalogue();
        self.letters();
    }

    /// Whether a name, a heading or a tag of a file may hold all of these [`letters`](super::catalogue::letters). False is
    /// certain.
    pub fn may_say(&self, file: FileId, letters: u64) -> bool {
        self.letters().get(file.index()).is_none_or(|said| said & letters == letters) || self.is_recent(file)
    }

    fn letters(&self) -> &[u64] {
        self.overview.letters.get_or_init(|| catalogue::letters_of_files(self))
    }

    /// The files that may be called otherwise than the catalogue says, or be gone.
    pub fn is_recent(&self, file: FileId) -> bool {
        self.recent.contains(&file)
    }

    /// The files of which the catalogue does not know: those that are there.
    pub fn recent(&self) -> impl Iterator<Item = (FileId, &File)> + '_ {
        self.recent.iter().filter_map(|&id| Some((id, self.get(id)?)))
    }

    /// What an anchor means in a note.
    pub fn anchor(&self, note: FileId, dialect: Dialect, anchor: &str) -> Option<Anchored> {
        let file = self.files.get(note.index())?.as_ref()?;
        if file.facts.size() < LARGE {
            return anchor::find(&file.facts, dialect, anchor);
        }
        anchor::find_in(&*self.anchors.of(file), dialect, anchor)
    }
}
