//! What a payment pays for, as far as payments need to know.

use async_trait::async_trait;
use domain::money::payment::Payment;
use jiff::Timestamp;

use crate::failure::Failure;
use crate::store::Change;

/// The purposes of payments ([`domain::money::payment::Purpose`]). The changes that a method returns are part of the commit that
/// records the provider's answer.
#[async_trait]
pub trait SettlementTarget: Send + Sync {
    /// Whether the purpose still waits for this payment.
    ///
    /// # Parameters
    ///
    /// * `payment`: an open payment that has not expired.
    ///
    /// # Errors
    ///
    /// [`Failure::Unavailable`] if the store does not answer.
    async fn awaits(&self, payment: &Payment) -> Result<bool, Failure>;

    /// The changes by which a successful payment takes effect; `None` if the purpose does not need it any more, so that it is an
    /// overpayment.
    ///
    /// # Parameters
    ///
    /// * `payment`: the payment, confirmed by its provider with its whole amount.
    /// * `now`: the time of the decision.
    ///
    /// # Errors
    ///
    /// [`Failure::NotFound`] if the purpose does not exist; [`Failure::Raced`] if it changed while it was read.
    async fn settle(&self, payment: &Payment, now: Timestamp) -> Result<Option<Vec<Change>>, Failure>;

    /// The changes by which the refund of a payment that had taken effect is complete.
    ///
    /// # Parameters
    ///
    /// * `payment`: the payment whose amount the customer has back.
    /// * `now`: the time of the decision.
    ///
    /// # Errors
    ///
    /// [`Failure::NotFound`] if the purpose does not exist; [`Failure::Internal`] if it is not being refunded.
    async fn complete_refund(&self, payment: &Payment, now: Timestamp) -> Result<Vec<Change>, Failure>;
}
