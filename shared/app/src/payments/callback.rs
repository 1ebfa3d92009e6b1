//! A provider calls us.

use domain::money::payment::Provider;

use super::provider::{InvalidSignature, PaymentCallback, RawCallback};
use super::{PaymentService, refund, settle};
use crate::failure::Failure;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallbackRejected {
    /// Nothing was read, nothing was changed.
    #[error(transparent)]
    InvalidSignature(#[from] InvalidSignature),
    /// Genuine, but it could not be noted: the provider should call again.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Verified first, read after; then the same path as an answer to our own question.
pub async fn handle_callback(
    payments: &PaymentService,
    provider: Provider,
    callback: &RawCallback,
) -> Result<(), CallbackRejected> {
    match payments.at(provider).verify_callback(callback).await? {
        PaymentCallback::Paid(confirmation) => {
            settle(payments, provider, &confirmation).await?;
        }
        PaymentCallback::Refund { payment_no, refund_no, outcome } => {
            refund::note(payments, provider, &payment_no, &refund_no, outcome).await?;
        }
        PaymentCallback::Ignored => {}
    }
    Ok(())
}
