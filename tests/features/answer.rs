//! What the features answer, as text.

use crate::case::Case;
use crate::draw::{extent, indented, location, ruled};
use crate::opened::Opened;
use vaultls::features::findings::Finding;
use vaultls::features::lenses;
use vaultls::features::links::{Opens, document_links};
use vaultls::features::symbols::{Symbol, document_symbols, vault_symbols};
use vaultls::features::{definition, findings, hover, references, tokens};
use vaultls::text::Span;
use vaultls::vault::{Document, FileId, Snapshot, naming};

/// How many symbols of a vault are drawn.
const DRAWN: usize = 12;

pub fn definition(opened: &Opened) -> String {
    let snapshot = &opened.snapshot;
    let (note, at) = opened.cursor();
    let Some(definition) = definition::definition(snapshot, note, at) else { return "nothing\n".to_owned() };
    let mut drawn = format!("from\n{}", ruled(&document(snapshot, note), definition.origin));
    for target in definition.targets {
        drawn += &format!("to {}", location(snapshot, target.location));
        if target.whole != target.location.place {
            drawn += &format!("  all of {}\n", extent(target.whole));
        }
    }
    drawn
}

pub fn references(opened: &Opened) -> String {
    let snapshot = &opened.snapshot;
    let (note, at) = opened.cursor();
    let mentions = references::references(snapshot, note, at, false);
    let all = references::references(snapshot, note, at, true);
    let mut drawn = String::new();
    for found in all {
        let mark = if mentions.contains(&found) { "" } else { "declared in " };
        drawn += &format!("{mark}{}", location(snapshot, found));
    }
    or_nothing(drawn)
}

pub fn hover(opened: &Opened) -> String {
    let snapshot = &opened.snapshot;
    let (note, at) = opened.cursor();
    let Some(card) = hover::hover(snapshot, note, at) else { return "nothing\n".to_owned() };
    let root = naming::file_address(opened.vault.root());
    let markdown = card.markdown.replace(&root, "file:///vault");
    format!("{}\n{markdown}\n", ruled(&document(snapshot, note), card.span))
}

pub fn links(opened: &Opened) -> String {
    let snapshot = &opened.snapshot;
    let (note, _) = opened.cursor();
    let document = document(snapshot, note);
    let mut drawn = String::new();
    for link in document_links(snapshot, note) {
        let to = match &link.to {
            Opens::File(file) => snapshot.path(*file).to_owned(),
            Opens::Moment(file, at) => format!("{} at {at}", snapshot.path(*file)),
            Opens::Address(address) => address.clone(),
        };
        let tooltip = link.tooltip.map_or_else(String::new, |tooltip| format!(" \"{tooltip}\""));
        drawn += &format!("{}  opens {to}{tooltip}\n", ruled(&document, link.span));
    }
    or_nothing(drawn)
}

pub fn lenses(opened: &Opened) -> String {
    let snapshot = &opened.snapshot;
    let (note, _) = opened.cursor();
    let document = document(snapshot, note);
    let drawn = lenses::lenses(snapshot, note, &document).into_iter().map(|lens| {
        let ruled = if lens.span.is_empty() { String::new() } else { ruled(&document, lens.span) };
        format!("{}\n{ruled}", lens.title)
    });
    or_nothing(drawn.collect())
}

pub fn tokens(opened: &Opened) -> String {
    let snapshot = &opened.snapshot;
    let (note, _) = opened.cursor();
    let document = document(snapshot, note);
    let whole = Span::new(0, document.source.len());
    let tokens = tokens::tokens(snapshot, note, &document, whole);
    or_nothing(tokens.iter().map(|token| format!("{:?}\n{}", token.kind, ruled(&document, token.span))).collect())
}

/// The headings of the cursor's note; with `? query` the names of the vault.
pub fn symbols(case: &Case, opened: &Opened) -> String {
    let snapshot = &opened.snapshot;
    let Some(query) = case.asked("query") else {
        let (note, _) = opened.cursor();
        let document = document(snapshot, note);
        return or_nothing(document_symbols(snapshot, note).iter().map(|symbol| outlined(&document, symbol)).collect());
    };
    let symbols = vault_symbols(snapshot, query);
    let mut drawn: String = symbols
        .iter()
        .take(DRAWN)
        .map(|symbol| {
            let place = extent(symbol.location.place);
            format!("{:?} {} in {} {place}\n", symbol.kind, symbol.name, symbol.container)
        })
        .collect();
    if symbols.len() > DRAWN {
        drawn += &format!("… {} in all\n", symbols.len());
    }
    or_nothing(drawn)
}

fn outlined(document: &Document, symbol: &Symbol) -> String {
    let (whole, selection) = (document.place(symbol.span), document.place(symbol.selection));
    let beneath: String = symbol.children.iter().map(|child| outlined(document, child)).collect();
    let Symbol { level, name, .. } = symbol;
    format!("{level} {name:?} {}, all of {}\n{}", extent(selection), extent(whole), indented(&beneath))
}

pub fn findings(opened: &Opened) -> String {
    let snapshot = &opened.snapshot;
    let (note, _) = opened.cursor();
    let document = document(snapshot, note);
    let found = findings::findings(snapshot, note, &document);
    assert!(
        found.is_empty() || findings::Suspects::of(snapshot).hold(note),
        "a note with findings is none of the suspects"
    );
    or_nothing(found.iter().map(|finding| drawn_finding(snapshot, &document, finding)).collect())
}

fn drawn_finding(snapshot: &Snapshot, document: &Document, finding: &Finding) -> String {
    let line = document.text.line_of(finding.span.start as usize) + 1;
    let faded = if finding.unnecessary { " (faded)" } else { "" };
    let level = format!("{:?}", finding.level).to_lowercase();
    let mut drawn = format!("{line}: {level} {}{faded}: {}\n", finding.code, finding.message);
    drawn += &ruled(document, finding.span);
    for (place, words) in &finding.related {
        drawn += &indented(&format!("{words}: {}", location(snapshot, *place)));
    }
    drawn
}

pub fn document(snapshot: &Snapshot, note: FileId) -> std::sync::Arc<Document> {
    snapshot.document(note).expect("an open note has a document")
}

pub fn or_nothing(drawn: String) -> String {
    if drawn.is_empty() { "nothing\n".to_owned() } else { drawn }
}
