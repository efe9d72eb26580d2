//! What stands behind a thing, where it leads, where it is named, and what there is to jump to.

use crate::features::Location;
use crate::features::definition::Target;
use crate::features::links::Opens;
use crate::features::symbols::{Symbol, VaultSymbol};
use crate::features::{definition, hover, links, references, symbols};
use crate::server::convert;
use crate::server::uri;
use crate::server::view::{Note, VaultView, View};
use tower_lsp::ls_types::{
    self as lsp, DocumentLinkParams, DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse,
    GotoDefinitionParams, GotoDefinitionResponse, Hover, HoverContents, HoverParams, LocationLink, MarkupContent,
    MarkupKind, OneOf, ReferenceParams, SymbolInformation, SymbolKind, WorkspaceSymbol, WorkspaceSymbolParams,
    WorkspaceSymbolResponse,
};

pub fn hover(view: &View, params: HoverParams) -> Option<Hover> {
    let params = params.text_document_position_params;
    let note = view.note(&params.text_document.uri)?;
    let card = hover::hover(note.snapshot(), note.file, note.byte(params.position))?;
    let kind = if view.session.abilities.hover_markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let contents = HoverContents::Markup(MarkupContent { kind, value: card.markdown });
    Some(Hover { contents, range: Some(note.ruler().range(card.span)) })
}

pub fn definition(view: &View, params: GotoDefinitionParams) -> Option<GotoDefinitionResponse> {
    let params = params.text_document_position_params;
    let note = view.note(&params.text_document.uri)?;
    let found = definition::definition(note.snapshot(), note.file, note.byte(params.position))?;
    if !view.session.abilities.definition_links {
        let locations = found.targets.iter().filter_map(|target| view.location(note.vault, target.location));
        return Some(GotoDefinitionResponse::Array(locations.collect()));
    }
    let origin = note.ruler().range(found.origin);
    let links = found.targets.iter().filter_map(|target| location_link(&note, origin, target));
    Some(GotoDefinitionResponse::Link(links.collect()))
}

pub fn references(view: &View, params: ReferenceParams) -> Option<Vec<lsp::Location>> {
    let at = params.text_document_position;
    let note = view.note(&at.text_document.uri)?;
    let declaration = params.context.include_declaration;
    let found = references::references(note.snapshot(), note.file, note.byte(at.position), declaration);
    let mut locations: Vec<lsp::Location> = Vec::with_capacity(found.len());
    // Those of one file stand together: its address is made once.
    for in_file in found.chunk_by(|a, b| a.file == b.file) {
        let Some(uri) = view.uri(note.vault, in_file[0].file) else { continue };
        let range = |found: &Location| convert::range(found.place, view.session.abilities.encoding);
        locations.extend(in_file.iter().map(|found| lsp::Location { uri: uri.clone(), range: range(found) }));
    }
    Some(locations)
}

pub fn document_symbols(view: &View, params: DocumentSymbolParams) -> Option<DocumentSymbolResponse> {
    let note = view.note(&params.text_document.uri)?;
    let found = symbols::document_symbols(note.snapshot(), note.file);
    if view.session.abilities.nested_symbols {
        return Some(DocumentSymbolResponse::Nested(nested(&note, found)));
    }
    let mut flat = Vec::new();
    flatten(&note, &params.text_document.uri, None, found, &mut flat);
    Some(DocumentSymbolResponse::Flat(flat))
}

pub fn workspace_symbols(view: &View, params: WorkspaceSymbolParams) -> Option<WorkspaceSymbolResponse> {
    let mut all = Vec::new();
    for vault in view.vaults() {
        let found = symbols::vault_symbols(&vault.snapshot, &params.query);
        all.extend(found.into_iter().filter_map(|symbol| vault_symbol(view, vault, symbol)));
    }
    Some(WorkspaceSymbolResponse::Nested(all))
}

pub fn document_links(view: &View, params: DocumentLinkParams) -> Option<Vec<lsp::DocumentLink>> {
    let note = view.note(&params.text_document.uri)?;
    let mut ruler = note.ruler();
    let found = links::document_links(note.snapshot(), note.file);
    let link = |link: links::DocumentLink| {
        let target = match link.to {
            Opens::File(file) => view.uri(note.vault, file)?,
            Opens::Moment(file, at) => {
                let seconds = at.0 as f64 / 1000.0;
                format!("{}#t={seconds}", view.uri(note.vault, file)?.as_str()).parse().ok()?
            }
            Opens::Address(address) => uri::repair(&address).parse().ok()?,
        };
        let tooltip = link.tooltip.filter(|_| view.session.abilities.link_tooltips);
        Some(lsp::DocumentLink { range: ruler.range(link.span), target: Some(target), tooltip, data: None })
    };
    Some(found.into_iter().filter_map(link).collect())
}

/// Clients demand that what is selected lies in what is shown.
fn location_link(note: &Note, origin: lsp::Range, target: &Target) -> Option<LocationLink> {
    let encoding = note.view.session.abilities.encoding;
    let selection = convert::range(target.location.place, encoding);
    let whole = convert::range(target.whole, encoding);
    Some(LocationLink {
        origin_selection_range: Some(origin),
        target_uri: note.view.uri(note.vault, target.location.file)?,
        target_range: if convert::encloses(whole, selection) { whole } else { selection },
        target_selection_range: selection,
    })
}

// `deprecated` is a deprecated member that cannot be left out.
#[allow(deprecated)]
fn nested(note: &Note, symbols: Vec<Symbol>) -> Vec<DocumentSymbol> {
    let mut ruler = note.ruler();
    let symbol = |symbol: Symbol| DocumentSymbol {
        name: shown(&symbol),
        detail: None,
        kind: SymbolKind::STRING,
        tags: None,
        deprecated: None,
        range: ruler.range(symbol.span),
        selection_range: ruler.range(symbol.selection),
        children: (!symbol.children.is_empty()).then(|| nested(note, symbol.children)),
    };
    symbols.into_iter().map(symbol).collect()
}

#[allow(deprecated)]
fn flatten(note: &Note, uri: &lsp::Uri, container: Option<&str>, from: Vec<Symbol>, to: &mut Vec<SymbolInformation>) {
    let mut ruler = note.ruler();
    for symbol in from {
        let name = shown(&symbol);
        let location = lsp::Location { uri: uri.clone(), range: ruler.range(symbol.span) };
        let container_name = container.map(str::to_owned);
        let kind = SymbolKind::STRING;
        to.push(SymbolInformation { name: name.clone(), kind, tags: None, deprecated: None, location, container_name });
        flatten(note, uri, Some(&name), symbol.children, to);
    }
}

/// A name that is not empty: clients refuse the whole answer for one.
fn shown(symbol: &Symbol) -> String {
    if symbol.name.trim().is_empty() { "#".repeat(symbol.level.into()) } else { symbol.name.clone() }
}

fn vault_symbol(view: &View, vault: &VaultView, symbol: VaultSymbol) -> Option<WorkspaceSymbol> {
    Some(WorkspaceSymbol {
        location: OneOf::Left(view.location(vault, symbol.location)?),
        name: symbol.name,
        kind: convert::symbol_kind(symbol.kind),
        tags: None,
        container_name: Some(symbol.container),
        data: None,
    })
}
