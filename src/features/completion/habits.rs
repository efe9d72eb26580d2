//! How links are written here: by the settings, else by Obsidian's, else as the vault mostly does.

use crate::config::LinkPath;
use crate::vault::{Dialect, FileId, Labelled, Snapshot};

/// The form of a new link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    pub path: LinkPath,
    /// `[text](path)` instead of `[[name]]`.
    pub markdown: bool,
    /// ` | Title` is written behind the name.
    pub title: bool,
    /// Blanks stand on both sides of the bar.
    pub spaced: bool,
}

/// What a vault's links look like, counted once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub plain: usize,
    pub tight: usize,
    pub spaced: usize,
}

/// How many notes are enough to know a vault's habits.
const SAMPLE: usize = 300;

impl Habits {
    pub fn of(snapshot: &Snapshot) -> Habits {
        let set = &snapshot.config().completion;
        let obsidian = snapshot.obsidian();
        let Counts { plain, tight, spaced } = counts(snapshot);
        Habits {
            path: set.path.or(obsidian.link_path).unwrap_or(LinkPath::Shortest),
            markdown: set.markdown.or(obsidian.markdown).unwrap_or(false),
            title: set.title.unwrap_or(tight + spaced > plain),
            spaced: spaced > tight,
        }
    }

    /// What stands between a name and its label.
    pub fn bar(self) -> &'static str {
        if self.spaced { " | " } else { "|" }
    }
}

fn counts(snapshot: &Snapshot) -> Counts {
    let mut counts = Counts::default();
    for note in sample(snapshot) {
        let Some(file) = snapshot.get(note) else { continue };
        for (_, mention) in file.facts.mentions().filter(|(_, mention)| mention.dialect == Dialect::Name) {
            match mention.label {
                Labelled::No => counts.plain += 1,
                Labelled::Tight => counts.tight += 1,
                Labelled::Spaced => counts.spaced += 1,
            }
        }
    }
    counts
}

/// Notes from all over the vault, the same in every snapshot of the same files.
fn sample(snapshot: &Snapshot) -> impl Iterator<Item = FileId> + '_ {
    let step = (snapshot.ids().index() / SAMPLE).max(1);
    snapshot.every(step).filter(|(_, file)| file.is_note()).map(|(id, _)| id)
}
