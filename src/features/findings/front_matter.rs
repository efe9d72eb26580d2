//! The front matter: YAML that is none, and links that YAML reads as lists.

use super::fix::{Fix, rewrite};
use super::page::Page;
use super::{Finding, Found};
use crate::syntax::Context;

// front-matter.invalid

pub fn invalid(page: &Page) -> Vec<Found> {
    let problem = page.document.outline.front_matter.iter().filter_map(|front| front.problem.as_ref());
    problem.map(|problem| Found::new(problem.span, problem.message.clone())).collect()
}

// front-matter.unquoted-link

pub fn unquoted_link(page: &Page) -> Vec<Found> {
    let links = page.document.outline.links.iter().filter(|link| link.context == Context::FrontMatterUnquoted);
    let message = |link: &str| format!("YAML reads `{link}` as a list in a list; in quotes it is a link everywhere.");
    links.map(|link| Found::new(link.span, message(page.document.of(link.span)))).collect()
}

pub fn mend_unquoted_link(page: &Page, finding: &Finding) -> Vec<Fix> {
    let link = page.document.of(finding.span);
    let quoted = format!("\"{}\"", link.replace('\\', "\\\\").replace('"', "\\\""));
    vec![rewrite(page, finding, finding.span, quoted, "Quote the link".to_owned()).automatic()]
}
