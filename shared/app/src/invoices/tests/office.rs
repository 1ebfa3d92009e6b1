//! A provider of invoices in memory that keeps its own books, works slowly and fails when told to.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::money::Fen;
use jiff::Timestamp;

use crate::invoices::{
    Document, InvoiceCallback, InvoiceFile, InvoiceProvider, InvoiceStatus, IssueRequest, ReversalRequest,
};
use crate::payments::provider::{InvalidSignature, ProviderError, RawCallback};
use crate::payments::tests::port::Port;
use crate::store::FaultPlan;

const WORD: &str = "only the office knows";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    pub amount: Fen,
    /// The document a red invoice takes back.
    pub takes_back: Option<String>,
    pub found: InvoiceStatus,
}

#[derive(Debug, Default)]
pub struct Office(Port<State>);

#[derive(Debug, Default)]
struct State {
    papers: BTreeMap<String, Paper>,
    sent: usize,
    refuses: bool,
}

impl Office {
    pub fn plan(&self) -> &FaultPlan {
        &self.0.plan
    }

    /// How often something new was asked for.
    pub fn sent(&self) -> usize {
        self.0.books().sent
    }

    pub fn papers(&self) -> BTreeMap<String, Paper> {
        self.0.books().papers.clone()
    }

    /// From now on whatever it works off is refused, or done.
    pub fn refuse(&self, refuses: bool) {
        self.0.books().refuses = refuses;
    }

    /// Works off everything that lies there.
    pub fn work(&self) {
        let mut state = self.0.books();
        let refuses = state.refuses;
        for (n, paper) in state.papers.values_mut().enumerate() {
            if paper.found == InvoiceStatus::Running {
                let fiscal_no = format!("2444{:016}", n + 1);
                let document = Document { fiscal_no, issued_at: Timestamp::UNIX_EPOCH, amount: paper.amount };
                paper.found = if refuses { InvoiceStatus::Refused("no".into()) } else { InvoiceStatus::Done(document) };
            }
        }
    }

    /// Says another amount than it was asked for.
    pub fn mistake(&self, request_no: &str) {
        if let Some(Paper { found: InvoiceStatus::Done(document), .. }) = self.0.books().papers.get_mut(request_no) {
            document.amount = Fen::new(document.amount.get() + 1);
        }
    }

    async fn take(&self, request_no: &str, amount: Fen, takes_back: Option<String>) -> Result<(), ProviderError> {
        self.0
            .call(|state| {
                if state.papers.contains_key(request_no) {
                    return Ok(());
                }
                state.sent += 1;
                let paper = Paper { amount, takes_back: takes_back.clone(), found: InvoiceStatus::Running };
                state.papers.insert(request_no.to_owned(), paper);
                Ok(())
            })
            .await
    }
}

pub fn signed(request_no: &str) -> RawCallback {
    RawCallback { headers: vec![("Signature".to_owned(), WORD.to_owned())], body: request_no.as_bytes().to_vec() }
}

#[async_trait]
impl InvoiceProvider for Office {
    async fn issue(&self, issue: &IssueRequest) -> Result<(), ProviderError> {
        self.take(&issue.request_no, issue.amount, None).await
    }

    async fn reverse(&self, reversal: &ReversalRequest) -> Result<(), ProviderError> {
        self.take(&reversal.request_no, reversal.amount, Some(reversal.fiscal_no.clone())).await
    }

    async fn query(&self, request_no: &str) -> Result<InvoiceStatus, ProviderError> {
        self.0
            .call(|state| Ok(state.papers.get(request_no).map_or(InvoiceStatus::Absent, |paper| paper.found.clone())))
            .await
    }

    async fn file(&self, request_no: &str) -> Result<InvoiceFile, ProviderError> {
        self.0
            .call(|state| match state.papers.get(request_no) {
                Some(Paper { found: InvoiceStatus::Done(document), .. }) => Ok(InvoiceFile {
                    media_type: "application/pdf".into(),
                    bytes: format!("%PDF-1.4 {}", document.fiscal_no).into_bytes(),
                }),
                _ => Err(ProviderError::Unknown("nothing there".into())),
            })
            .await
    }

    async fn verify_callback(&self, notice: &RawCallback) -> Result<InvoiceCallback, InvalidSignature> {
        if notice.header("signature") != Some(WORD) {
            return Err(InvalidSignature("signature".into()));
        }
        let request_no = String::from_utf8(notice.body.clone()).map_err(|_| InvalidSignature("not text".into()))?;
        let found = self.papers().get(&request_no).map(|paper| paper.found.clone());
        Ok(InvoiceCallback { request_no, status: found.ok_or_else(|| InvalidSignature("shape".into()))? })
    }
}
