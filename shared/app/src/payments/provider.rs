//! The port to a payment provider: what the use cases need from WeChat Pay and Alipay. The adapters are in `cloud::provider`.

use async_trait::async_trait;
use domain::money::Fen;
use domain::money::payment::PayCode;
use jiff::Timestamp;

/// A payment provider. Repeating a call with the same numbers has no further effect. An adapter signs what it sends and verifies
/// the signature of what it receives: it never returns unverified data.
#[async_trait]
pub trait PaymentProvider: Send + Sync {
    /// Registers a payment with the provider and returns the code by which the customer pays.
    ///
    /// # Parameters
    ///
    /// * `charge`: number, amount, expiry and presentation of the payment.
    ///
    /// # Errors
    ///
    /// [`ProviderError`]; after `Unknown` the call can be repeated with the same number.
    async fn create(&self, charge: &ChargeRequest) -> Result<PayCode, ProviderError>;

    /// Returns the provider's current status of a payment.
    ///
    /// # Parameters
    ///
    /// * `payment_no`: our number, as given to [`Self::create`].
    ///
    /// # Errors
    ///
    /// [`ProviderError`] if the provider did not give a verifiable answer.
    async fn query(&self, payment_no: &str) -> Result<PaymentStatus, ProviderError>;

    /// Closes a payment so that it cannot be paid any more, unless it has been paid already. A payment that the provider does not
    /// know counts as closed.
    ///
    /// # Parameters
    ///
    /// * `payment_no`: our number, as given to [`Self::create`].
    ///
    /// # Errors
    ///
    /// [`ProviderError`]; the payment can still be open then.
    async fn close(&self, payment_no: &str) -> Result<CloseOutcome, ProviderError>;

    /// Sends the whole amount of a payment back to the payer.
    ///
    /// # Parameters
    ///
    /// * `refund`: numbers and amount; the refund number makes repeated calls one refund.
    ///
    /// # Errors
    ///
    /// [`ProviderError`]; after `Unknown` the refund can have happened: query it before repeating.
    async fn refund(&self, refund: &RefundRequest) -> Result<RefundStatus, ProviderError>;

    /// Returns the provider's current status of a refund.
    ///
    /// # Parameters
    ///
    /// * `refund`: the request as given to [`Self::refund`].
    ///
    /// # Errors
    ///
    /// [`ProviderError`] if the provider did not give a verifiable answer.
    async fn query_refund(&self, refund: &RefundRequest) -> Result<RefundStatus, ProviderError>;

    /// Verifies a callback's signature over the raw bytes, its age and its addressee, and only then parses its content.
    ///
    /// # Parameters
    ///
    /// * `callback`: headers and body, byte for byte as received.
    ///
    /// # Errors
    ///
    /// [`InvalidSignature`] if any of these checks fails or the content does not have the documented form.
    async fn verify_callback(&self, callback: &RawCallback) -> Result<PaymentCallback, InvalidSignature>;
}

/// A request to collect money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeRequest {
    /// Our number of the payment; the idempotency key at the provider.
    pub payment_no: String,
    /// What the customer pays.
    pub amount: Fen,
    /// Shown to the payer.
    pub subject: String,
    /// After this instant the provider accepts no payment.
    pub expires_at: Timestamp,
    /// How the payment is presented to the customer.
    pub scene: Scene,
}

/// How a payment is presented to the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scene {
    /// A QR code on a screen, scanned with a phone.
    Qr,
    /// The provider's own page (Alipay only).
    Page {
        /// Where the provider's page sends the customer afterwards.
        return_url: Option<String>,
    },
}

/// A call to a provider did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// A definite refusal: nothing happened, and repeating the call changes nothing.
    #[error("refused: {0}")]
    Refused(String),
    /// The request may or may not have arrived, and may or may not have had its effect.
    #[error("outcome unknown: {0}")]
    Unknown(String),
}

/// The provider's confirmation that a payment was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentConfirmation {
    /// Our number of the payment.
    pub payment_no: String,
    /// The provider's own number of the payment.
    pub provider_no: String,
    /// The amount that was paid, as the provider states it.
    pub amount: Fen,
}

/// A provider's status of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentStatus {
    /// The customer has paid.
    Paid(PaymentConfirmation),
    /// Known to the provider and still payable.
    Unpaid,
    /// Not payable any more, and not paid.
    Closed,
    /// The provider does not know the number.
    Absent,
}

/// The result of closing a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseOutcome {
    /// Closed, or never known to the provider.
    Closed,
    /// The customer paid first; query the payment for its confirmation.
    Paid,
}

/// A request to send a payment back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRequest {
    /// Our number of the refund; the idempotency key at the provider.
    pub refund_no: String,
    /// Our number of the payment that is sent back.
    pub payment_no: String,
    /// The whole amount of the payment.
    pub amount: Fen,
    /// Shown to the payer.
    pub reason: String,
}

/// A provider's status of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundStatus {
    /// The payer has the money back.
    Done,
    /// Accepted; the outcome is not known yet.
    Processing,
    /// The provider cannot complete it; staff must act.
    Abnormal,
    /// The provider does not know the number.
    Absent,
}

/// A callback exactly as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawCallback {
    /// Header names in any case, with their values.
    pub headers: Vec<(String, String)>,
    /// The bytes that the signature covers.
    pub body: Vec<u8>,
}

impl RawCallback {
    /// The value of the first header with this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// A verified callback of a payment provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentCallback {
    /// A payment was made.
    Paid(PaymentConfirmation),
    /// A refund changed its status.
    Refund {
        /// Our number of the payment.
        payment_no: String,
        /// Our number of the refund.
        refund_no: String,
        /// The refund's new status.
        outcome: RefundStatus,
    },
    /// Genuine, but of a kind that needs no action.
    Ignored,
}

/// A callback that is not from the provider, not addressed to us, too old or malformed. The text is for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the callback is not genuine: {0}")]
pub struct InvalidSignature(pub String);
