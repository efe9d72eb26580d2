//! Where a thing is mentioned.

use super::Location;
use super::cursor::{Part, Thing, part_at, things_at};
use super::moments;
use crate::cores::on_each_core;
use crate::syntax::time::Millis;
use crate::syntax::{self, Link, LinkKind, name};
use crate::text::Place;
use crate::vault::{Anchored, Dialect, Document, Fact, FileId, Key, Mention, Snapshot, last_name};
use rustc_hash::{FxHashMap, FxHashSet};

/// A thing that can be mentioned.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// A note or an attachment, with all its parts.
    File(FileId),
    /// A part of a note: a heading, a block, an element.
    Part(FileId, Anchored),
    /// A name that no file has, folded.
    Missing(String),
    /// Folded; with the tags beneath it.
    Tag(String),
    Address(String),
    /// A moment of a video, with what lies within the settings' window of it.
    Moment(String, Millis),
    /// A video, with all its moments.
    Video(String),
    /// `[^key]` of one note.
    Footnote(FileId, String),
    /// `[key]: ..` of one note.
    Definition(FileId, String),
}

/// All mentions of the thing under the cursor, by path, then by place; the declaration first if asked for.
pub fn references(snapshot: &Snapshot, note: FileId, at: usize, declaration: bool) -> Vec<Location> {
    let Some(document) = snapshot.document(note) else { return Vec::new() };
    let Some(subject) = subject_at(snapshot, note, &document, at) else { return Vec::new() };
    let declared = declared(&document, &subject).filter(|_| declaration);
    let mut found = mentions(snapshot, &subject);
    found.retain(|mention| declared != Some(*mention));
    declared.into_iter().chain(found).collect()
}

/// What the cursor is on, as something that can be mentioned.
pub fn subject_at(snapshot: &Snapshot, note: FileId, document: &Document, at: usize) -> Option<Subject> {
    things_at(document, at).find_map(|thing| match thing {
        Thing::Link(link) if is_moment(document, link) => None,
        Thing::Link(link) => link_subject(snapshot, note, document, link, at),
        Thing::Definition(definition) if definition.label.touches(at) => {
            Some(Subject::Definition(note, definition.key.clone()))
        }
        Thing::Definition(definition) => {
            let on_anchor = definition.anchor.is_some_and(|anchor| anchor.touches(at));
            target_subject(snapshot, note, &definition.target, on_anchor)
        }
        Thing::Footnote(footnote) if footnote.definition && !footnote.label.touches(at) => None,
        Thing::Footnote(footnote) => Some(Subject::Footnote(note, footnote.key.clone())),
        Thing::Tag(tag) => Some(Subject::Tag(name::fold_tag(document.of(tag.name)).into_owned())),
        Thing::Block(block) => Some(Subject::Part(note, Anchored::Block(document.place(block.span)))),
        Thing::Heading(0, heading) if heading.level == 1 && !has_title(document) => Some(Subject::File(note)),
        Thing::Heading(index, heading) => {
            Some(Subject::Part(note, Anchored::Heading { index, place: document.place(heading.span) }))
        }
        Thing::Title(_) => Some(Subject::File(note)),
        Thing::Timestamp(timestamp) => {
            let video = document.outline.video_of(timestamp)?;
            Some(Subject::Moment(video.to_owned(), timestamp.time.millis()?))
        }
        Thing::Video(_, id) => Some(Subject::Video(id.to_owned())),
    })
}

/// Whether a link is an address with a time in it: a timestamp, wherever it stands.
fn is_moment(document: &Document, link: &Link) -> bool {
    let is_elsewhere = matches!(link.target, syntax::Target::External(_));
    let timestamps = &document.outline.timestamps;
    is_elsewhere && timestamps.iter().any(|it| it.span == link.span && it.time.millis().is_some())
}

/// Whether the front matter says what the note is called, and not its first heading.
fn has_title(document: &Document) -> bool {
    document.outline.front_matter.as_ref().is_some_and(|front| front.title.is_some())
}

fn link_subject(snapshot: &Snapshot, note: FileId, document: &Document, link: &Link, at: usize) -> Option<Subject> {
    let part = part_at(link, at);
    if link.kind == LinkKind::Reference && (part == Part::Name || link.label.is_none()) {
        return Some(Subject::Definition(note, syntax::definition_key(document.of(link.name))));
    }
    target_subject(snapshot, note, &link.target, part != Part::Name)
}

/// What a target names: its part where the cursor is not on the name.
fn target_subject(snapshot: &Snapshot, note: FileId, target: &syntax::Target, on_part: bool) -> Option<Subject> {
    let Some((dialect, name, anchor)) = super::parts(target) else {
        let syntax::Target::External(address) = target else { return None };
        return Some(Subject::Address(address.clone()));
    };
    let Some(resolved) = snapshot.resolve(note, dialect, name) else {
        return Some(Subject::Missing(name::fold(name).into_owned()));
    };
    let part = anchor.filter(|_| on_part).and_then(|anchor| snapshot.anchor(resolved.file, dialect, anchor));
    Some(match part.filter(|part| part.place().is_some()) {
        Some(part) => Subject::Part(resolved.file, part),
        None => Subject::File(resolved.file),
    })
}

fn declared(document: &Document, subject: &Subject) -> Option<Location> {
    let outline = &document.outline;
    match subject {
        Subject::File(file) => Some(Location { file: *file, place: Place::default() }),
        Subject::Part(file, part) => part.place().map(|place| Location { file: *file, place }),
        Subject::Footnote(file, key) => {
            let definition = outline.footnotes.iter().find(|footnote| footnote.definition && footnote.key == *key)?;
            Some(Location { file: *file, place: document.place(definition.label) })
        }
        Subject::Definition(file, key) => {
            let definition = outline.definitions.iter().find(|definition| definition.key == *key)?;
            Some(Location { file: *file, place: document.place(definition.label) })
        }
        Subject::Missing(_) | Subject::Tag(_) | Subject::Address(_) | Subject::Moment(..) | Subject::Video(_) => None,
    }
}

/// Every mention of a subject, by path, then by place.
pub fn mentions(snapshot: &Snapshot, subject: &Subject) -> Vec<Location> {
    let mut found = match subject {
        Subject::File(file) => mentions_of_file(snapshot, *file).into_iter().map(|(location, _)| location).collect(),
        Subject::Part(file, part) => mentions_of_part(snapshot, *file, *part),
        Subject::Missing(name) => mentions_of_missing(snapshot, name),
        Subject::Tag(tag) => mentions_of_tag(snapshot, tag),
        Subject::Address(address) => mentions_of_address(snapshot, address),
        Subject::Moment(id, at) => citations_of_moment(snapshot, id, *at),
        Subject::Video(id) => mentions_of_video(snapshot, id),
        Subject::Footnote(note, key) => mentions_of_footnote(snapshot, *note, key),
        Subject::Definition(note, key) => mentions_of_definition(snapshot, *note, key),
    };
    found.sort_by_cached_key(|mention| (snapshot.path(mention.file), mention.place));
    found
}

/// The notes that link to a file, but for itself, in the order of their ids: less to find out than every place. Where what
/// is written leads to the file from everywhere, no note is looked at.
pub fn linking_notes(snapshot: &Snapshot, file: FileId) -> Vec<FileId> {
    let (mut sure, mut unsure) = (Vec::new(), Vec::new());
    for key in spellings(snapshot, file) {
        match snapshot.resolve_from_everywhere(key) {
            Some(meant) if meant == Some(file) => sure.push(key),
            Some(_) => {}
            None => unsure.push(key),
        }
    }
    let mentioning = |keys: &[Key]| {
        let mut notes: Vec<FileId> = keys.iter().flat_map(|&key| snapshot.index.notes_mentioning(key)).collect();
        notes.sort(); // Sorted lists, one behind the other, are merged.
        notes.dedup();
        notes
    };
    let (mut linking, notes, unsure) = (mentioning(&sure), mentioning(&unsure), unsure.into_iter().collect());
    let of_share = |notes: &[FileId]| -> Vec<FileId> {
        let mut leading = Leading::to(snapshot, file, &unsure);
        notes.iter().copied().filter(|&note| leading.mentions(note).next().is_some()).collect()
    };
    linking.extend(on_each_core(&notes, of_share).into_iter().flatten());
    linking.sort();
    linking.dedup();
    linking.retain(|&note| note != file);
    linking
}

/// The mentions that lead to a file.
pub fn mentions_of_file(snapshot: &Snapshot, file: FileId) -> Vec<(Location, Mention)> {
    let (spellings, notes) = may_mention(snapshot, file);
    let found = |notes: &[FileId]| {
        let mut leading = Leading::to(snapshot, file, &spellings);
        let mut found = Vec::new();
        for &note in notes {
            found.extend(leading.mentions(note).map(|(place, mention)| (Location { file: note, place }, mention)));
        }
        found
    };
    on_each_core(&notes, found).into_iter().flatten().collect()
}

/// The spellings that may mean a file.
fn spellings(snapshot: &Snapshot, file: FileId) -> FxHashSet<Key> {
    let Some(entry) = snapshot.get(file) else { return FxHashSet::default() };
    let folder = entry.path.rsplit('/').nth(1); // `[x](folder/)` is the note of the folder.
    let called = [last_name(&entry.path)].into_iter().chain(entry.facts.title()).chain(entry.facts.aliases());
    called.chain(folder).flat_map(|called| snapshot.index.spellings(called)).collect()
}

/// The spellings that may mean a file, and the notes that may lead to it: those that write one, and itself.
fn may_mention(snapshot: &Snapshot, file: FileId) -> (FxHashSet<Key>, Vec<FileId>) {
    let spellings = spellings(snapshot, file);
    let mut notes: Vec<FileId> = spellings.iter().flat_map(|&key| snapshot.index.notes_mentioning(key)).collect();
    notes.push(file);
    notes.sort_unstable();
    notes.dedup();
    (spellings, notes)
}

/// Tells which mentions lead to a file, and finds out once what a name means in a folder.
struct Leading<'a> {
    snapshot: &'a Snapshot,
    file: FileId,
    spellings: &'a FxHashSet<Key>,
    leads: FxHashMap<(&'a str, Dialect, Key), bool>,
}

impl<'a> Leading<'a> {
    fn to(snapshot: &'a Snapshot, file: FileId, spellings: &'a FxHashSet<Key>) -> Leading<'a> {
        Leading { snapshot, file, spellings, leads: FxHashMap::default() }
    }

    /// The mentions of a note that lead to the file.
    fn mentions(&mut self, note: FileId) -> impl Iterator<Item = (Place, Mention)> {
        let Leading { snapshot, file, spellings, leads } = self;
        let from = snapshot.get(note);
        let folder = from.map_or("", |from| from.folder());
        let mentions = from.into_iter().flat_map(|from| from.facts.mentions());
        mentions.filter(move |(_, mention)| {
            let key = (folder, mention.dialect, mention.name);
            if mention.dialect == Dialect::External {
                false
            } else if spellings.contains(&mention.name) {
                let resolved = || snapshot.resolve_mention(note, *mention);
                *leads.entry(key).or_insert_with(|| resolved().is_some_and(|resolved| resolved.file == *file))
            } else {
                note == *file && snapshot.index.names.text(mention.name).is_empty()
            }
        })
    }
}

fn mentions_of_part(snapshot: &Snapshot, file: FileId, part: Anchored) -> Vec<Location> {
    let mut leads: FxHashMap<(Dialect, Key), bool> = FxHashMap::default();
    let mut is_it = |mention: Mention| {
        let Some(anchor) = mention.anchor else { return false };
        let found = || snapshot.anchor(file, mention.dialect, snapshot.index.names.text(anchor));
        *leads.entry((mention.dialect, anchor)).or_insert_with(|| found() == Some(part))
    };
    let mentions = mentions_of_file(snapshot, file);
    mentions.into_iter().filter(|(_, mention)| is_it(*mention)).map(|(location, _)| location).collect()
}

/// The mentions of a name that lead nowhere.
pub fn mentions_of_missing(snapshot: &Snapshot, folded: &str) -> Vec<Location> {
    let names = &snapshot.index.names;
    let same = |key: &Key| name::fold(names.text(*key)) == folded;
    let spellings: FxHashSet<Key> = snapshot.index.spellings(folded).filter(same).collect();
    let notes: FxHashSet<FileId> = spellings.iter().flat_map(|&key| snapshot.index.notes_mentioning(key)).collect();
    located(snapshot, notes, |snapshot, note, fact| match fact {
        Fact::Mention(mention) => {
            spellings.contains(&mention.name) && snapshot.resolve_mention(note, *mention).is_none()
        }
        _ => false,
    })
}

fn mentions_of_tag(snapshot: &Snapshot, tag: &str) -> Vec<Location> {
    let is_beneath = |other: &str| {
        name::fold_tag(other).strip_prefix(tag).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    located(snapshot, snapshot.index.notes_tagged(tag), |snapshot, _, fact| match fact {
        Fact::Tag(other) => is_beneath(snapshot.index.names.text(*other)),
        _ => false,
    })
}

fn mentions_of_address(snapshot: &Snapshot, address: &str) -> Vec<Location> {
    let key = snapshot.index.names.get(address);
    located(snapshot, snapshot.index.notes_with_address(address), |_, _, fact| match fact {
        Fact::Mention(mention) => mention.dialect == Dialect::External && Some(mention.name) == key,
        _ => false,
    })
}

fn citations_of_moment(snapshot: &Snapshot, id: &str, at: Millis) -> Vec<Location> {
    let same = moments::citations(snapshot, id).filter(|it| moments::is_same(snapshot, it.at, at));
    same.map(|it| Location { file: it.note, place: it.place }).collect()
}

/// The notes that are of a video, its timestamps and the links to it.
fn mentions_of_video(snapshot: &Snapshot, id: &str) -> Vec<Location> {
    let key = snapshot.index.names.get(id);
    located(snapshot, snapshot.index.notes_of_video(id), |_, _, fact| match fact {
        Fact::Medium(video) | Fact::Video(video) => Some(*video) == key,
        Fact::Moment(moment) => moment.video.is_some() && moment.video == key,
        _ => false,
    })
}

fn located(
    snapshot: &Snapshot,
    notes: impl IntoIterator<Item = FileId>,
    wanted: impl Fn(&Snapshot, FileId, &Fact) -> bool,
) -> Vec<Location> {
    let mut found = Vec::new();
    for note in notes {
        let Some(file) = snapshot.get(note) else { continue };
        let places = file.facts.iter().filter(|(_, fact)| wanted(snapshot, note, fact)).map(|(place, _)| place);
        found.extend(places.map(|place| Location { file: note, place }));
    }
    found
}

fn mentions_of_footnote(snapshot: &Snapshot, note: FileId, key: &str) -> Vec<Location> {
    let Some(document) = snapshot.document(note) else { return Vec::new() };
    let uses = document.outline.footnotes.iter().filter(|footnote| !footnote.definition && footnote.key == key);
    uses.map(|footnote| Location { file: note, place: document.place(footnote.span) }).collect()
}

fn mentions_of_definition(snapshot: &Snapshot, note: FileId, key: &str) -> Vec<Location> {
    let Some(document) = snapshot.document(note) else { return Vec::new() };
    let links = document.outline.links.iter().filter(|link| link.kind == LinkKind::Reference);
    let uses = links.filter(|link| syntax::definition_key(document.of(link.name)) == key);
    uses.map(|link| Location { file: note, place: document.place(link.span) }).collect()
}
