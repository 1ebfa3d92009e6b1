//! The port to a provider of electronic invoices.

use async_trait::async_trait;
use domain::invoice::Details;
use domain::money::Fen;
use jiff::Timestamp;

use crate::payments::provider::{Forged, RawNotice, Trouble};

/// Everything is asynchronous: a request is accepted, and its outcome told or asked for later. Repeating a call with the same number
/// is the same call. Adapters sign what they send and verify what they receive.
#[async_trait]
pub trait InvoiceProvider: Send + Sync {
    /// Has an invoice issued. Accepted, not yet done.
    async fn issue(&self, issue: &Issue) -> Result<(), Trouble>;

    /// Has a red invoice issued that takes another back. Accepted, not yet done.
    async fn reverse(&self, reversal: &Reversal) -> Result<(), Trouble>;

    /// What became of a request, of either kind.
    async fn query(&self, request_no: &str) -> Result<Found, Trouble>;

    /// The document of an issued invoice, as the customer receives it.
    async fn file(&self, request_no: &str) -> Result<InvoiceFile, Trouble>;

    /// Reads a callback: its signature over the raw bytes and its age; only then its content.
    async fn read(&self, notice: &RawNotice) -> Result<Notice, Forged>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    pub request_no: String,
    pub details: Details,
    pub amount: Fen,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    pub request_no: String,
    /// 发票号码 of the invoice to be taken back.
    pub fiscal_no: String,
    pub amount: Fen,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The provider has never heard of it.
    Absent,
    /// Still at it, or waiting for the tax authority.
    Running,
    Done(Document),
    /// A definite no. The cause is for the staff.
    Refused(String),
}

/// An invoice, blue or red, as the provider's books have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub fiscal_no: String,
    pub issued_at: Timestamp,
    /// Never negative, not even of a red invoice.
    pub amount: Fen,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceFile {
    /// `application/pdf` or `application/ofd`.
    pub media_type: String,
    pub bytes: Vec<u8>,
}

impl InvoiceFile {
    /// How a file of this kind ends.
    pub fn extension(media_type: &str) -> &'static str {
        if media_type == "application/ofd" { "ofd" } else { "pdf" }
    }
}

/// A genuine callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub request_no: String,
    pub found: Found,
}
