//! What is wrong, for one note or for all.

use crate::features::findings::{Finding, Suspects, findings};
use crate::server::convert::{self, Ruler};
use crate::server::ledger::{Digest, Told};
use crate::server::lock;
use crate::server::question::{Question, Reply};
use crate::server::transport::{Failure, Outbox, message};
use crate::server::view::{Note, VaultView, View};
use crate::vault::FileId;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use tower_lsp::ls_types::notification::Notification;
use tower_lsp::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticTag, DocumentDiagnosticParams,
    DocumentDiagnosticReport, DocumentDiagnosticReportResult, FullDocumentDiagnosticReport, NumberOrString,
    ProgressToken, RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    UnchangedDocumentDiagnosticReport, Uri, WorkspaceDiagnosticParams, WorkspaceDiagnosticReport,
    WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
};

/// Who found it, as editors show it behind the message.
const SOURCE: &str = "vaultls";
/// Where each finding is described, by its code; empty as long as there is no such page.
const DESCRIPTIONS: &str = env!("CARGO_PKG_REPOSITORY");
/// How many reports are sent at once to a client that takes them in parts.
const PART: usize = 200;

/// The findings of a note as they are sent. Of links there are none before all notes have been read.
pub fn of_note(note: &Note) -> Vec<Diagnostic> {
    let found = findings(note.snapshot(), note.file, &note.document);
    let mut ruler = note.ruler();
    found.into_iter().filter_map(|finding| diagnostic(note, &mut ruler, finding)).collect()
}

pub fn of_document(view: &View, params: DocumentDiagnosticParams) -> DocumentDiagnosticReportResult {
    let uri = params.text_document.uri;
    let Some(note) = view.note(&uri) else { return full(None, Vec::new()) };
    let found = of_note(&note);
    let digest = Digest::of(&found);
    let result_id = digest.result_id(&note);
    remember(&note, uri, digest);
    if params.previous_result_id.as_ref() == Some(&result_id) {
        let unchanged = UnchangedDocumentDiagnosticReport { result_id };
        let report = RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: unchanged,
        };
        return DocumentDiagnosticReport::Unchanged(report).into();
    }
    full(Some(result_id), found)
}

/// Only what differs from what the client knows. A client that takes the answer in parts is one that waits for news: it
/// gets none until there are some.
pub fn of_workspace(question: &Question) -> Result<Reply, Failure> {
    let params: WorkspaceDiagnosticParams = question.params()?;
    let known = params.previous_result_ids.into_iter().map(|known| (known.uri, known.value)).collect();
    let token = params.partial_result_params.partial_result_token;
    let parts = Parts { token, outbox: &question.outbox, items: Vec::new(), some_were_sent: false };
    let mut survey = Survey { question, known, parts };
    // Whoever asks meanwhile begins with an empty overview, rather than wait for this one.
    let mut overview = std::mem::take(&mut *lock(&question.view.session.overview));
    overview.forget_all_but(question.view.vaults());
    for vault in question.view.vaults() {
        survey.look_at(vault, overview.digests(vault))?;
    }
    *lock(&question.view.session.overview) = overview;
    survey.report_gone_notes();
    match survey.parts.finish() {
        Some(items) => question.reply(&WorkspaceDiagnosticReport { items }),
        None => Ok(Reply::AfterChange),
    }
}

/// What a client that pulls is told, to tell it when that is no longer true.
fn remember(note: &Note, uri: Uri, digest: Digest) {
    let session = &note.view.session;
    if !session.abilities.diagnostics.pull {
        return;
    }
    lock(&session.ledger).told.insert(uri, Told::of(note, digest));
    if !note.view.is_current() {
        // It is old already, and whoever looks for that may have looked before it was told.
        session.changed();
    }
}

/// A finding as the client can take it; `None` if it is switched off.
pub fn diagnostic(note: &Note, ruler: &mut Ruler, finding: Finding) -> Option<Diagnostic> {
    let can = &note.view.session.abilities.diagnostics;
    let related = finding.related.into_iter().filter_map(|(location, message)| {
        Some(DiagnosticRelatedInformation { location: note.view.location(note.vault, location)?, message })
    });
    let related: Vec<_> = related.filter(|_| can.related).collect();
    Some(Diagnostic {
        range: ruler.range(finding.span),
        severity: Some(convert::severity(finding.level)?),
        code: Some(NumberOrString::String(finding.code.to_owned())),
        code_description: description(finding.code).filter(|_| can.code_description),
        source: Some(SOURCE.to_owned()),
        message: finding.message,
        related_information: (!related.is_empty()).then_some(related),
        tags: (finding.unnecessary && can.faded).then(|| vec![DiagnosticTag::UNNECESSARY]),
        data: None,
    })
}

fn description(code: &str) -> Option<CodeDescription> {
    if DESCRIPTIONS.is_empty() {
        return None;
    }
    let href = format!("{DESCRIPTIONS}#{}", code.replace('.', "")).parse().ok()?;
    Some(CodeDescription { href })
}

fn full(result_id: Option<String>, items: Vec<Diagnostic>) -> DocumentDiagnosticReportResult {
    let report = FullDocumentDiagnosticReport { result_id, items };
    DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: report,
    })
    .into()
}

/// A walk over all notes, to report those of which the client knows something else.
struct Survey<'a> {
    question: &'a Question,
    /// What the client knows of notes that the walk has not met.
    known: HashMap<Uri, String>,
    parts: Parts<'a>,
}

impl Survey<'_> {
    fn look_at(&mut self, vault: &VaultView, digests: &mut HashMap<FileId, Digest>) -> Result<(), Failure> {
        let suspects = Suspects::of(&vault.snapshot);
        for note in vault.snapshot.notes() {
            if self.question.ticket.is_cancelled() {
                return Err(Failure::CANCELLED);
            }
            self.report(vault, &suspects, note, digests);
        }
        Ok(())
    }

    fn report(
        &mut self,
        vault: &VaultView,
        suspects: &Suspects,
        file: FileId,
        digests: &mut HashMap<FileId, Digest>,
    ) -> Option<()> {
        let uri = self.question.view.uri(vault, file)?;
        let known = self.known.remove(&uri);
        let is_known = |digest: Digest| match &known {
            Some(known) => digest.is(known),
            None => digest == Digest::of_nothing(),
        };
        if digests.get(&file).is_some_and(|digest| is_known(*digest)) {
            return None;
        }
        let found = match suspects.hold(file) {
            true => of_note(&self.question.view.note_of(vault, file)?),
            false => Vec::new(),
        };
        let digest = Digest::of(&found);
        digests.insert(file, digest);
        if !is_known(digest) {
            let version = vault.snapshot.open_document(file).map(|document| document.version);
            self.parts.push(uri, version, digest, found);
        }
        None
    }

    fn report_gone_notes(&mut self) {
        let gone = std::mem::take(&mut self.known).into_iter();
        for (uri, _) in gone.filter(|(_, known)| !Digest::of_nothing().is(known)) {
            self.parts.push(uri, None, Digest::of_nothing(), Vec::new());
        }
    }
}

/// Reports on their way, in parts where the client takes them so.
struct Parts<'a> {
    token: Option<ProgressToken>,
    outbox: &'a Outbox,
    items: Vec<WorkspaceDocumentDiagnosticReport>,
    some_were_sent: bool,
}

impl Parts<'_> {
    fn push(&mut self, uri: Uri, version: Option<i32>, digest: Digest, items: Vec<Diagnostic>) {
        let report = FullDocumentDiagnosticReport { result_id: Some(digest.to_string()), items };
        let report = WorkspaceFullDocumentDiagnosticReport {
            uri,
            version: version.map(i64::from),
            full_document_diagnostic_report: report,
        };
        self.items.push(report.into());
        if self.items.len() == PART {
            self.send();
        }
    }

    /// What is left to answer with; `None` when a client that waits for news has none.
    fn finish(mut self) -> Option<Vec<WorkspaceDocumentDiagnosticReport>> {
        // An answer in parts has nothing in the end.
        if self.some_were_sent {
            self.send();
        }
        let is_news = self.some_were_sent || !self.items.is_empty() || self.token.is_none();
        is_news.then_some(self.items)
    }

    fn send(&mut self) {
        let Some(token) = self.token.clone() else { return };
        let items = std::mem::take(&mut self.items);
        let part = Part { token, value: WorkspaceDiagnosticReport { items } };
        self.outbox.send_when_room(message::notification::<PartialReport>(&part));
        self.some_were_sent = true;
    }
}

/// `$/progress` with a part of an answer, which the protocol types know only for work done.
enum PartialReport {}

#[derive(Serialize, Deserialize)]
struct Part {
    token: ProgressToken,
    value: WorkspaceDiagnosticReport,
}

impl Notification for PartialReport {
    type Params = Part;
    const METHOD: &'static str = "$/progress";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_an_address_that_exists() {
        assert_eq!(description("link.broken").is_some(), !env!("CARGO_PKG_REPOSITORY").is_empty());
    }
}
