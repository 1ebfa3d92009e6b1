//! An invoice provider in memory. It keeps its own invoices, issues them only when told to, and signs its callbacks with a secret.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::money::Fen;
use jiff::Timestamp;

use super::fake_calls::FakeCalls;
use crate::invoices::{
    Document, InvoiceCallback, InvoiceFile, InvoiceProvider, InvoiceStatus, IssueRequest, ReversalRequest,
};
use crate::payments::provider::{InvalidSignature, ProviderError, RawCallback};
use crate::store::FaultPlan;

const SECRET: &str = "the provider's secret";

/// A request that the provider has accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestedInvoice {
    /// Including tax.
    pub(crate) amount: Fen,
    /// The 发票号码 of the invoice that this one cancels, for a red invoice.
    pub(crate) reverses: Option<String>,
    pub(crate) status: InvoiceStatus,
}

#[derive(Debug, Default)]
pub(crate) struct FakeInvoiceProvider(FakeCalls<State>);

#[derive(Debug, Default)]
struct State {
    requests: BTreeMap<String, RequestedInvoice>,
    accepted: usize,
    refuses: bool,
}

impl FakeInvoiceProvider {
    /// Where calls are made to fail.
    pub(crate) fn faults(&self) -> &FaultPlan {
        &self.0.faults
    }

    /// How many requests were accepted; a repeated request counts once.
    pub(crate) fn accepted(&self) -> usize {
        self.0.state().accepted
    }

    /// All requests by their numbers.
    pub(crate) fn requests(&self) -> BTreeMap<String, RequestedInvoice> {
        self.0.state().requests.clone()
    }

    /// Whether [`Self::work`] refuses requests from now on, or issues them.
    pub(crate) fn set_refusing(&self, refuses: bool) {
        self.0.state().refuses = refuses;
    }

    /// Ends every request that is running.
    pub(crate) fn work(&self) {
        let mut state = self.0.state();
        let refuses = state.refuses;
        for (n, request) in state.requests.values_mut().enumerate() {
            if request.status == InvoiceStatus::Running {
                let fiscal_no = format!("2444{:016}", n + 1);
                let document = Document { fiscal_no, issued_at: Timestamp::UNIX_EPOCH, amount: request.amount };
                request.status =
                    if refuses { InvoiceStatus::Refused("no".into()) } else { InvoiceStatus::Done(document) };
            }
        }
    }

    /// Changes the amount of an issued invoice, so that it contradicts the request.
    pub(crate) fn falsify_amount(&self, request_no: &str) {
        if let Some(RequestedInvoice { status: InvoiceStatus::Done(document), .. }) =
            self.0.state().requests.get_mut(request_no)
        {
            document.amount = Fen::new(document.amount.get() + 1);
        }
    }

    async fn accept(&self, request_no: &str, amount: Fen, reverses: Option<String>) -> Result<(), ProviderError> {
        let effect = |state: &mut State| {
            if state.requests.contains_key(request_no) {
                return Ok(());
            }
            state.accepted += 1;
            let request = RequestedInvoice { amount, reverses: reverses.clone(), status: InvoiceStatus::Running };
            state.requests.insert(request_no.to_owned(), request);
            Ok(())
        };
        self.0.call(effect).await
    }
}

/// The callback about a request, with a valid signature.
pub(crate) fn signed_invoice_callback(request_no: &str) -> RawCallback {
    RawCallback { headers: vec![("Signature".to_owned(), SECRET.to_owned())], body: request_no.as_bytes().to_vec() }
}

#[async_trait]
impl InvoiceProvider for FakeInvoiceProvider {
    async fn issue(&self, issue: &IssueRequest) -> Result<(), ProviderError> {
        self.accept(&issue.request_no, issue.amount, None).await
    }

    async fn reverse(&self, reversal: &ReversalRequest) -> Result<(), ProviderError> {
        self.accept(&reversal.request_no, reversal.amount, Some(reversal.fiscal_no.clone())).await
    }

    async fn query(&self, request_no: &str) -> Result<InvoiceStatus, ProviderError> {
        let effect = |state: &mut State| {
            Ok(state.requests.get(request_no).map_or(InvoiceStatus::Absent, |request| request.status.clone()))
        };
        self.0.call(effect).await
    }

    async fn file(&self, request_no: &str) -> Result<InvoiceFile, ProviderError> {
        let effect = |state: &mut State| match state.requests.get(request_no) {
            Some(RequestedInvoice { status: InvoiceStatus::Done(document), .. }) => Ok(InvoiceFile {
                media_type: "application/pdf".into(),
                bytes: format!("%PDF-1.4 {}", document.fiscal_no).into_bytes(),
            }),
            _ => Err(ProviderError::Unknown("no document".into())),
        };
        self.0.call(effect).await
    }

    async fn verify_callback(&self, callback: &RawCallback) -> Result<InvoiceCallback, InvalidSignature> {
        if callback.header("signature") != Some(SECRET) {
            return Err(InvalidSignature("signature".into()));
        }
        let request_no = String::from_utf8(callback.body.clone()).map_err(|_| InvalidSignature("not text".into()))?;
        let status = self.requests().get(&request_no).map(|request| request.status.clone());
        Ok(InvoiceCallback { request_no, status: status.ok_or_else(|| InvalidSignature("form".into()))? })
    }
}
