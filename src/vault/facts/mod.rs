//! What a closed note is remembered by: its facts, packed in one allocation.
//!
//! A fact is what another note may ask about: names, mentions, headings, blocks, tags, moments, each with its place in
//! every encoding. About 12 bytes a fact: lines as differences, columns that differ by encoding only where they do.

mod packed;

use super::names::{Intern, Key};
use crate::syntax::{self, LinkKind, Medium, Outline, media};
use crate::text::{Measure, Place, Span};
use packed::Packer;
use smallvec::SmallVec;
use std::ops::Range;

pub use packed::FactsIter;

/// One thing a note states.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact<'a> {
    Title(&'a str),
    Alias(&'a str),
    Mention(Mention),
    Heading(Heading<'a>),
    /// `^id`
    Block(&'a str),
    /// The `id` or `name` of an HTML element.
    Element(&'a str),
    /// As written, without `#`.
    Tag(Key),
    Moment(Moment),
    /// The video the note is of: the value in the front matter, or the address in the text.
    Medium(Key),
    /// A link to a video without a time in it.
    Video(Key),
    /// The note may hold a mistake, whatever other notes say; the first behind what it is called.
    Doubt,
}

/// A link to a name, a path or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mention {
    pub dialect: Dialect,
    /// As written, decoded; empty when the link points into its own note.
    pub name: Key,
    pub anchor: Option<Key>,
    /// How the label is written: what completion learns the vault's habits from.
    pub label: Labelled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Labelled {
    No,
    /// `[[china|the talks]]`
    Tight,
    /// `[[china | the talks]]`
    Spaced,
}

/// How a name is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `[[name]]`: by name.
    Name,
    /// `[text](path)`: by path first.
    Path,
    /// An address elsewhere: not at all.
    External,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heading<'a> {
    pub level: u8,
    /// As shown.
    pub text: &'a str,
    /// As written.
    pub source: &'a str,
}

/// A citation of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The id of the video; `None` for a file's moment, or when the note has no medium.
    pub video: Option<Key>,
    /// `None` when the written time is unreadable.
    pub millis: Option<u64>,
}

/// The facts of one note: title and aliases, then all others in order of place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts(Box<[u8]>);

impl Fact<'_> {
    fn is_what_the_note_is_called(&self) -> bool {
        matches!(self, Fact::Title(_) | Fact::Alias(_))
    }
}

impl Facts {
    /// The facts of a text. `names` gives the keys.
    pub fn of(outline: &Outline, source: &str, names: &mut impl Intern) -> Facts {
        let mut packed = Packed::default();
        Facts::pack(outline, source, names, &mut packed, |_, _| {});
        Facts(packed.facts.into())
    }

    /// Packs the facts of a text behind others, and shows each but the headings to `each`.
    pub fn pack<N: Intern>(
        outline: &Outline,
        source: &str,
        names: &mut N,
        packed: &mut Packed,
        mut each: impl FnMut(&Fact, &mut N),
    ) {
        let stated = stated(outline, source, names);
        let mut packer = Packer::new(&mut packed.facts, &mut packed.keys);
        let mut measure = Measure::new(source);
        for i in in_order(&stated) {
            let (span, stated) = &stated[i];
            packer.put(measure.place(*span), stated, source);
            if let Stated::Fact(fact) = stated {
                each(fact, names);
            }
        }
    }

    /// The same facts with keys of other names.
    pub fn moved(&self, mut rename: impl FnMut(Key) -> Key) -> Facts {
        let (mut bytes, mut keys) = (Vec::with_capacity(self.size()), Vec::new());
        let mut packer = Packer::new(&mut bytes, &mut keys);
        for (place, fact) in self.iter() {
            let fact = match fact {
                Fact::Mention(m) => {
                    Fact::Mention(Mention { name: rename(m.name), anchor: m.anchor.map(&mut rename), ..m })
                }
                Fact::Tag(tag) => Fact::Tag(rename(tag)),
                Fact::Moment(m) => Fact::Moment(Moment { video: m.video.map(&mut rename), ..m }),
                Fact::Medium(video) => Fact::Medium(rename(video)),
                Fact::Video(video) => Fact::Video(rename(video)),
                other => other,
            };
            packer.put_fact(place, &fact);
        }
        Facts(bytes.into())
    }

    pub fn iter(&self) -> FactsIter<'_> {
        FactsIter::new(&self.0)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn mentions(&self) -> impl Iterator<Item = (Place, Mention)> + '_ {
        self.iter().filter_map(|(place, fact)| match fact {
            Fact::Mention(mention) => Some((place, mention)),
            _ => None,
        })
    }

    pub fn headings(&self) -> impl Iterator<Item = (Place, Heading<'_>)> + '_ {
        self.iter().filter_map(|(place, fact)| match fact {
            Fact::Heading(heading) => Some((place, heading)),
            _ => None,
        })
    }

    pub fn aliases(&self) -> impl Iterator<Item = &str> + '_ {
        self.called().filter_map(|fact| match fact {
            Fact::Alias(alias) => Some(alias),
            _ => None,
        })
    }

    /// The title of the front matter.
    pub fn title(&self) -> Option<&str> {
        self.called().find_map(|fact| match fact {
            Fact::Title(title) => Some(title),
            _ => None,
        })
    }

    /// Whether the note may hold a mistake that shows without a look at any other note.
    pub fn is_doubtful(&self) -> bool {
        let mut others = self.iter().map(|(_, fact)| fact).skip_while(Fact::is_what_the_note_is_called);
        others.next() == Some(Fact::Doubt)
    }

    /// The title and the aliases, which stand before all other facts.
    pub fn called(&self) -> impl Iterator<Item = Fact<'_>> + '_ {
        self.iter().map(|(_, fact)| fact).take_while(Fact::is_what_the_note_is_called)
    }

    /// Size in bytes.
    pub fn size(&self) -> usize {
        self.0.len()
    }
}

/// Facts of several texts, one behind the other, and where in them keys stand: so they are moved without being unpacked.
#[derive(Default)]
pub struct Packed {
    facts: Vec<u8>,
    keys: Vec<u32>,
}

/// A part of [`Packed`].
pub struct Part {
    facts: Range<usize>,
    keys: Range<usize>,
}

impl Packed {
    /// How much there is: between two of these lies what was packed between them.
    pub fn size(&self) -> (usize, usize) {
        (self.facts.len(), self.keys.len())
    }

    /// All that has been packed since.
    pub fn since(&self, (facts, keys): (usize, usize)) -> Part {
        Part { facts: facts..self.facts.len(), keys: keys..self.keys.len() }
    }

    pub fn iter(&self, part: &Part) -> FactsIter<'_> {
        FactsIter::new(&self.facts[part.facts.clone()])
    }

    /// The facts of a part, with keys of other names.
    pub fn moved(&self, part: &Part, rename: impl FnMut(Key) -> Key) -> Facts {
        let mut facts: Box<[u8]> = self.facts[part.facts.clone()].into();
        let keys = self.keys[part.keys.clone()].iter().map(|&at| at as usize - part.facts.start);
        packed::rename(&mut facts, keys, rename);
        Facts(facts)
    }
}

/// A fact before it is packed: texts by where they stand, or owned where the note does not hold them as such.
enum Stated<'a> {
    Fact(Fact<'a>),
    Heading(&'a syntax::Heading),
}

impl Stated<'_> {
    fn is_what_the_note_is_called(&self) -> bool {
        matches!(self, Stated::Fact(fact) if fact.is_what_the_note_is_called())
    }
}

/// The places in a list of what is packed first, second, ...: what the note is called, then all else, each in order.
fn in_order(stated: &[(Span, Stated)]) -> impl Iterator<Item = usize> {
    // In one number, which is compared at once: a text has fewer bytes than 2^31, and fewer facts.
    let key = |(i, (span, fact)): (usize, &(Span, Stated))| {
        u64::from(!fact.is_what_the_note_is_called()) << 63 | u64::from(span.start) << 32 | i as u64
    };
    let mut order: SmallVec<[u64; 64]> = stated.iter().enumerate().map(key).collect();
    order.sort_unstable();
    order.into_iter().map(|key| key as u32 as usize)
}

fn stated<'a>(outline: &'a Outline, source: &'a str, names: &mut impl Intern) -> Vec<(Span, Stated<'a>)> {
    let mut all: Vec<(Span, Stated)> = Vec::with_capacity(64);
    let mut put = |span: Span, fact: Fact<'a>| all.push((span, Stated::Fact(fact)));
    if syntax::is_doubtful(outline, source) {
        put(Span::empty(0), Fact::Doubt);
    }
    if let Some(front) = &outline.front_matter {
        front.title.iter().for_each(|field| put(field.span, Fact::Title(&field.text)));
        front.aliases.iter().for_each(|field| put(field.span, Fact::Alias(&field.text)));
    }
    for link in outline.links.iter().filter(|link| link.kind != LinkKind::Reference) {
        let label = match link.label.filter(|_| link.kind == LinkKind::Wiki) {
            None => Labelled::No,
            Some(_) if link.spaced => Labelled::Spaced,
            Some(_) => Labelled::Tight,
        };
        put(link.span, Fact::Mention(mention(&link.target, label, names)));
        if let Some(video) = video_without_time(&link.target) {
            put(link.span, Fact::Video(names.key(&video)));
        }
    }
    for definition in &outline.definitions {
        put(definition.span, Fact::Mention(mention(&definition.target, Labelled::No, names)));
    }
    outline.blocks.iter().for_each(|block| put(block.span, Fact::Block(block.id.of(source))));
    outline.elements.iter().for_each(|element| put(element.span, Fact::Element(element.id.of(source))));
    outline.tags.iter().for_each(|tag| put(tag.span, Fact::Tag(names.key(tag.name.of(source)))));
    let medium = outline.medium.as_ref().map(|id| names.key(id));
    if let Some(medium) = medium {
        let written = outline.front_matter.as_ref().and_then(|front| front.video_id.as_ref());
        put(written.map_or(Span::empty(0), |field| field.span), Fact::Medium(medium));
    }
    for timestamp in &outline.timestamps {
        let video = match &timestamp.medium {
            Medium::OfNote => medium,
            Medium::Video(id) => Some(names.key(id)),
            Medium::File(_) => None,
        };
        put(timestamp.span, Fact::Moment(Moment { video, millis: timestamp.time.millis().map(|at| at.0) }));
    }
    all.extend(outline.headings.iter().map(|heading| (heading.span, Stated::Heading(heading))));
    all
}

fn video_without_time(target: &syntax::Target) -> Option<String> {
    let syntax::Target::External(address) = target else { return None };
    media::video_address(address).filter(|video| video.time.is_none()).map(|video| video.id)
}

fn mention(target: &syntax::Target, label: Labelled, names: &mut impl Intern) -> Mention {
    let (dialect, name, anchor) = match target {
        syntax::Target::Name { name, anchor } => (Dialect::Name, name, anchor.as_deref()),
        syntax::Target::Path { path, anchor } => (Dialect::Path, path, anchor.as_deref()),
        syntax::Target::External(address) => (Dialect::External, address, None),
    };
    Mention { dialect, name: names.key(name), anchor: anchor.map(|anchor| names.key(anchor)), label }
}

#[cfg(test)]
mod tests {
    use super::super::document::Document;
    use super::super::names::Names;
    use super::*;
    use crate::text::Text;

    const NOTE: &str = "---\ntags: [a/b]\ntitle: Trade 貿易\naliases: [Talks]\nvideoId: sUjFz20kTFw\n---\n\
        # *Deals* ^top\n\n🎉 [[china#Trade deals | the talks]] and [x](a%20b.md#c)\n[two\nlines](y.md) #Tag\n\n\
        <a class=\"yt-timestamp\" data-t=\"00:06:04\">[00:06:04]</a> <b id=\"el\">x</b>\n";

    #[test]
    fn what_was_packed_is_unpacked_with_its_place_in_every_encoding() {
        let document = Document::new(0, Text::new(NOTE));
        let mut names = Names::default();
        let facts = document.facts(&mut names);
        let shown: Vec<String> = facts
            .iter()
            .map(|(place, fact)| {
                let at = document.of(document.span(place)).replace('\n', "⏎");
                assert_eq!(document.place(document.span(place)), place, "{fact:?}");
                match fact {
                    Fact::Title(title) => format!("title {title} at {at}"),
                    Fact::Alias(alias) => format!("alias {alias} at {at}"),
                    Fact::Mention(it) => format!("{:?} {} at {at}", it.dialect, names.text(it.name)),
                    Fact::Heading(it) => format!("heading {} {} {}", it.level, it.text, it.source),
                    Fact::Block(id) | Fact::Element(id) => format!("{id} at {at}"),
                    Fact::Tag(tag) => format!("tag {} at {at}", names.text(tag)),
                    Fact::Moment(it) => format!("{:?} of {}", it.millis, names.text(it.video.unwrap())),
                    Fact::Medium(id) | Fact::Video(id) => format!("video {}", names.text(id)),
                    Fact::Doubt => "doubt".to_owned(),
                }
            })
            .collect();
        assert_eq!(
            shown,
            [
                "title Trade 貿易 at Trade 貿易",
                "alias Talks at Talks",
                "tag a/b at a/b",
                "video sUjFz20kTFw",
                "heading 1 Deals *Deals*",
                "top at ^top",
                "Name china at [[china#Trade deals | the talks]]",
                "Path a b.md at [x](a%20b.md#c)",
                "Path y.md at [two⏎lines](y.md)",
                "tag Tag at #Tag",
                "Some(364000) of sUjFz20kTFw",
                "el at <b id=\"el\">",
            ]
        );
    }

    #[test]
    fn facts_can_be_moved_to_other_names() {
        let document = Document::new(0, Text::new(NOTE));
        let (mut names, mut others) = (Names::default(), Names::default());
        let facts = document.facts(&mut names);
        others.intern("something else");
        let moved = facts.moved(|key| others.intern(names.text(key)));
        assert_ne!(facts, moved);
        assert_eq!(moved.moved(|key| names.intern(others.text(key))), facts);
        let mut packed = Packed::default();
        let mut pack = || {
            let before = packed.size();
            Facts::pack(&document.outline, NOTE, &mut names, &mut packed, |_, _| {});
            packed.since(before)
        };
        for part in [pack(), pack()] {
            assert_eq!(packed.moved(&part, |key| others.intern(names.text(key))), moved);
        }
    }
}
