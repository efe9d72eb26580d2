//! What is shown on and between the words of a note: colours, lenses, and what is edited together.

use crate::features::hints;
use crate::features::lenses::{self, Action, Lens};
use crate::features::linked;
use crate::features::references::{Subject, mentions};
use crate::features::tokens::{self, Token, TokenKind};
use crate::server::question::{Question, Reply};
use crate::server::transport::Failure;
use crate::server::view::{Note, View};
use crate::text::Span;
use serde_json::json;
use tower_lsp::ls_types::{
    CodeLens, CodeLensParams, Command, ExecuteCommandParams, InlayHint, InlayHintLabel, InlayHintParams,
    LinkedEditingRangeParams, LinkedEditingRanges, SemanticToken, SemanticTokenModifier, SemanticTokenType,
    SemanticTokens, SemanticTokensLegend, SemanticTokensParams, SemanticTokensRangeParams, SemanticTokensRangeResult,
    SemanticTokensResult,
};

/// Opens a web address; `vaultls` answers it itself where the client shows documents.
pub const OPEN: &str = "vaultls.open";
/// Shows places: the client's to do. Arguments: address, position, locations.
const SHOW_REFERENCES: &str = "vaultls.showReferences";

/// Kinds and modifiers by index. Standard ones, so that every theme has a colour for them, but for broken links.
const KINDS: [SemanticTokenType; 5] = [
    SemanticTokenType::CLASS,
    SemanticTokenType::PROPERTY,
    SemanticTokenType::ENUM_MEMBER,
    SemanticTokenType::NUMBER,
    SemanticTokenType::new("unresolvedReference"),
];
const INEXACT: SemanticTokenModifier = SemanticTokenModifier::new("inexact");

pub fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend { token_types: KINDS.to_vec(), token_modifiers: vec![INEXACT] }
}

pub fn tokens(view: &View, params: SemanticTokensParams) -> Option<SemanticTokensResult> {
    let note = view.note(&params.text_document.uri)?;
    let whole = Span::new(0, note.document.source.len());
    Some(SemanticTokensResult::Tokens(tokens_within(&note, whole)))
}

pub fn tokens_in_range(view: &View, params: SemanticTokensRangeParams) -> Option<SemanticTokensRangeResult> {
    let note = view.note(&params.text_document.uri)?;
    Some(SemanticTokensRangeResult::Tokens(tokens_within(&note, note.span(params.range))))
}

/// Each token is told by its distance from the one before it.
fn tokens_within(note: &Note, within: Span) -> SemanticTokens {
    let mut ruler = note.ruler();
    let (mut line, mut column) = (0, 0);
    let found = tokens::tokens(note.snapshot(), note.file, &note.document, within);
    let told = found.into_iter().map(|Token { span, kind }| {
        let range = ruler.range(span);
        if range.start.line != line {
            column = 0;
        }
        let (token_type, token_modifiers_bitset) = in_legend(kind);
        let token = SemanticToken {
            delta_line: range.start.line - line,
            delta_start: range.start.character - column,
            length: range.end.character - range.start.character,
            token_type,
            token_modifiers_bitset,
        };
        (line, column) = (range.start.line, range.start.character);
        token
    });
    SemanticTokens { result_id: None, data: told.collect() }
}

fn in_legend(kind: TokenKind) -> (u32, u32) {
    match kind {
        TokenKind::Name => (0, 0),
        TokenKind::InexactName => (0, 1),
        TokenKind::Anchor => (1, 0),
        TokenKind::Tag => (2, 0),
        TokenKind::Timestamp => (3, 0),
        TokenKind::BrokenName => (4, 0),
    }
}

pub fn linked(view: &View, params: LinkedEditingRangeParams) -> Option<LinkedEditingRanges> {
    let at = params.text_document_position_params;
    let note = view.note(&at.text_document.uri)?;
    let ranges = linked::linked(&note.document, note.byte(at.position))?;
    let mut ruler = note.ruler();
    let ranges = ranges.map(|span| ruler.range(span)).to_vec();
    Some(LinkedEditingRanges { ranges, word_pattern: Some("[0-9:.]+".to_owned()) })
}

pub fn hints(view: &View, params: InlayHintParams) -> Option<Vec<InlayHint>> {
    let note = view.note(&params.text_document.uri)?;
    let mut ruler = note.ruler();
    let found = hints::hints(note.snapshot(), note.file, &note.document, note.span(params.range));
    let hint = |hint: hints::Hint| InlayHint {
        position: ruler.range(Span::empty(hint.at)).start,
        label: InlayHintLabel::String(hint.label),
        kind: None,
        text_edits: None,
        tooltip: None,
        padding_left: Some(true),
        padding_right: None,
        data: None,
    };
    Some(found.into_iter().map(hint).collect())
}

pub fn lenses(view: &View, params: CodeLensParams) -> Option<Vec<CodeLens>> {
    let note = view.note(&params.text_document.uri)?;
    let found = lenses::lenses(note.snapshot(), note.file, &note.document);
    Some(found.into_iter().filter_map(|lens| code_lens(&note, lens)).collect())
}

fn code_lens(note: &Note, lens: Lens) -> Option<CodeLens> {
    let range = note.ruler().range(lens.span);
    let (command, arguments) = match lens.does {
        Action::Open(address) => (OPEN, vec![json!(address)]),
        Action::References => (SHOW_REFERENCES, vec![json!(uri(note)?), json!(range.start), json!(locations(note))]),
    };
    let command = Command { title: lens.title, command: command.to_owned(), arguments: Some(arguments) };
    Some(CodeLens { range, command: Some(command), data: None })
}

fn uri(note: &Note) -> Option<tower_lsp::ls_types::Uri> {
    note.view.uri(note.vault, note.file)
}

fn locations(note: &Note) -> Vec<tower_lsp::ls_types::Location> {
    let found = mentions(note.snapshot(), &Subject::File(note.file));
    found.into_iter().filter_map(|mention| note.view.location(note.vault, mention)).collect()
}

/// `vaultls.open ADDRESS`
pub fn execute(question: &Question) -> Result<Reply, Failure> {
    let params: ExecuteCommandParams = question.params()?;
    let address = params.arguments.first().and_then(|address| address.as_str()?.parse().ok());
    match address.filter(|_| params.command == OPEN) {
        Some(address) => question.messages.open(address),
        None => return Err(Failure::unknown(&params.command)),
    }
    question.reply(&())
}
