//! The port to a provider of electronic invoices. The adapter is `cloud::provider::einvoice`.

use async_trait::async_trait;
use domain::invoice::Details;
use domain::money::Fen;
use jiff::Timestamp;

use crate::payments::provider::{InvalidSignature, ProviderError, RawCallback};

/// A provider of electronic invoices. It works asynchronously: it accepts a request, and reports the outcome by
/// callback or when queried. Repeating a call with the same number has no further effect. An adapter signs what it
/// sends and verifies the signature of the callbacks it receives.
#[async_trait]
pub trait InvoiceProvider: Send + Sync {
    /// Requests an invoice. `Ok` means that the provider has accepted the request, not that the invoice is issued.
    ///
    /// # Parameters
    ///
    /// * `issue`: number, buyer and amount of the invoice.
    ///
    /// # Errors
    ///
    /// [`ProviderError`]; after `Unknown` the call can be repeated with the same number.
    async fn issue(&self, issue: &IssueRequest) -> Result<(), ProviderError>;

    /// Requests a red invoice (红字发票), which cancels an issued one. `Ok` means accepted, not issued.
    ///
    /// # Parameters
    ///
    /// * `reversal`: number of this request, and the invoice to be cancelled.
    ///
    /// # Errors
    ///
    /// [`ProviderError`]; after `Unknown` the call can be repeated with the same number.
    async fn reverse(&self, reversal: &ReversalRequest) -> Result<(), ProviderError>;

    /// Returns the status of a request of either kind.
    ///
    /// # Parameters
    ///
    /// * `request_no`: the number of an [`IssueRequest`] or a [`ReversalRequest`].
    ///
    /// # Errors
    ///
    /// [`ProviderError`] if the provider did not give a complete answer.
    async fn query(&self, request_no: &str) -> Result<InvoiceStatus, ProviderError>;

    /// Downloads the document of an issued invoice, as the customer receives it.
    ///
    /// # Parameters
    ///
    /// * `request_no`: the number of the request that issued it.
    ///
    /// # Errors
    ///
    /// [`ProviderError`] if there is no document yet, or it is neither PDF nor OFD, or it is too large.
    async fn file(&self, request_no: &str) -> Result<InvoiceFile, ProviderError>;

    /// Verifies a callback's signature over the raw bytes and its age, and only then parses its content.
    ///
    /// # Parameters
    ///
    /// * `callback`: headers and body, byte for byte as received.
    ///
    /// # Errors
    ///
    /// [`InvalidSignature`] if one of these checks fails or the content does not have the documented form.
    async fn verify_callback(&self, callback: &RawCallback) -> Result<InvoiceCallback, InvalidSignature>;
}

/// A request to issue an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueRequest {
    /// Our number of the request; the idempotency key at the provider.
    pub request_no: String,
    /// Kind of invoice and buyer.
    pub details: Details,
    /// Total including tax.
    pub amount: Fen,
}

/// A request to cancel an issued invoice by a red one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReversalRequest {
    /// Our number of the request; the idempotency key at the provider.
    pub request_no: String,
    /// 发票号码 of the invoice to be cancelled.
    pub fiscal_no: String,
    /// Total of that invoice including tax, not negative.
    pub amount: Fen,
    /// For the provider's record.
    pub reason: String,
}

/// A provider's status of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvoiceStatus {
    /// The provider does not know the number.
    Absent,
    /// In progress, or waiting for the tax authority.
    Running,
    /// The invoice is issued.
    Done(Document),
    /// A definite refusal. The cause is for the staff.
    Refused(String),
}

/// An issued invoice, blue or red, as the provider has recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// 发票号码.
    pub fiscal_no: String,
    /// When the tax authority issued it.
    pub issued_at: Timestamp,
    /// Total including tax; not negative, not even for a red invoice.
    pub amount: Fen,
}

/// The file of an issued invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceFile {
    /// `application/pdf` or `application/ofd`.
    pub media_type: String,
    /// The content of the file.
    pub bytes: Vec<u8>,
}

impl InvoiceFile {
    /// The file name extension for a media type, without the dot.
    pub fn extension(media_type: &str) -> &'static str {
        if media_type == "application/ofd" { "ofd" } else { "pdf" }
    }
}

/// A verified callback of the invoice provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceCallback {
    /// Our number of the request.
    pub request_no: String,
    /// The request's new status.
    pub status: InvoiceStatus,
}
