//! The port to a payment provider.

use async_trait::async_trait;
use domain::money::Fen;
use domain::money::payment::PayCode;
use jiff::Timestamp;

/// Repeating any call with the same numbers is the same call. Adapters sign what they send and verify what they receive; nothing
/// unverified ever comes out of one.
#[async_trait]
pub trait PayProvider: Send + Sync {
    /// Makes the payment known and answers what the customer pays by.
    async fn create(&self, charge: &Charge) -> Result<PayCode, Trouble>;

    async fn query(&self, payment_no: &str) -> Result<Found, Trouble>;

    /// Afterwards nobody can pay it, unless somebody has.
    async fn close(&self, payment_no: &str) -> Result<Closing, Trouble>;

    /// Sends the whole payment back.
    async fn refund(&self, refund: &Return) -> Result<Returned, Trouble>;

    async fn query_refund(&self, refund: &Return) -> Result<Returned, Trouble>;

    /// Reads a callback: its signature over the raw bytes, its age, its addressee; only then its content.
    async fn read(&self, notice: &RawNotice) -> Result<Notice, Forged>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    pub payment_no: String,
    pub amount: Fen,
    /// Shown to the payer.
    pub subject: String,
    pub expires_at: Timestamp,
    pub scene: Scene,
}

/// Where the customer will pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scene {
    /// A QR code on a screen, scanned with a phone.
    Qr,
    /// The provider's own page (Alipay only), which leads back here.
    Page { return_url: Option<String> },
}

/// A call did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// A definite no: nothing happened and repeating it changes nothing.
    #[error("refused: {0}")]
    Refused(String),
    /// Sent, or perhaps not; done, or perhaps not.
    #[error("outcome unknown: {0}")]
    Unknown(String),
}

/// Money arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub payment_no: String,
    /// The provider's own number.
    pub provider_no: String,
    pub amount: Fen,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Paid(Receipt),
    Unpaid,
    Closed,
    /// The provider has never heard of it.
    Absent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    Closed,
    /// Too late: ask for the receipt.
    Paid,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    pub refund_no: String,
    pub payment_no: String,
    pub amount: Fen,
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returned {
    Done,
    Processing,
    /// The provider cannot; a person must.
    Abnormal,
    /// The provider has never heard of it.
    Absent,
}

/// A callback as it came, not one byte changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawNotice {
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl RawNotice {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    Paid(Receipt),
    Refund {
        payment_no: String,
        refund_no: String,
        outcome: Returned,
    },
    /// Genuine, and nothing to do.
    Nothing,
}

/// Not from the provider, not for us, or too old. The reason is for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a genuine notice: {0}")]
pub struct Forged(pub String);
