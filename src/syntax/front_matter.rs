//! The YAML between `---` lines at a note's head.

use super::outline::{Context, Link, Tag};
use super::time::Millis;
use crate::text::Span;

/// What is read of a front matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrontMatter {
    /// Both fences and what stands between.
    pub span: Span,
    pub title: Option<Field>,
    pub aliases: Vec<Field>,
    /// `videoId`, valid or not.
    pub video_id: Option<Field>,
    /// `video`, `youtube`, `url`, `source`, `media`, `media_link`, as they stand.
    pub media: Vec<Field>,
    pub duration: Option<(Millis, Span)>,
    /// Invalid YAML: what the parser says, and where. Costs only the front matter.
    pub problem: Option<Problem>,
}

/// A value as text, and where it stands without quotes.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub text: String,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub message: String,
    pub span: Span,
}

/// What the front matter contributes to the note's lists.
#[derive(Debug, Default)]
pub struct Contents {
    pub front_matter: FrontMatter,
    pub tags: Vec<Tag>,
    pub links: Vec<Link>,
}

/// Finds and reads the front matter of `text`; `None` where it has none or it is not closed.
pub fn read(text: &str) -> Option<Contents> {
    let _ = (text, Context::FrontMatter);
    todo!()
}
