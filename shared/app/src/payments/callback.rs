//! Callbacks of the payment providers.

use domain::money::payment::Provider;

use super::provider::{InvalidSignature, PaymentCallback, RawCallback};
use super::{PaymentService, refund, settle};
use crate::failure::Failure;

/// Why a callback had no effect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallbackRejected {
    /// It is not genuine; its content was not read and nothing changed.
    #[error(transparent)]
    InvalidSignature(#[from] InvalidSignature),
    /// It is genuine but could not be recorded: the provider should deliver it again.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Verifies a callback, reads it and records what it says, in the same way as the answer to a poll.
///
/// # Errors
///
/// [`CallbackRejected`]; see its variants.
pub async fn handle_callback(
    payments: &PaymentService,
    provider: Provider,
    callback: &RawCallback,
) -> Result<(), CallbackRejected> {
    match payments.provider(provider).verify_callback(callback).await? {
        PaymentCallback::Paid(confirmation) => {
            settle(payments, provider, &confirmation).await?;
        }
        PaymentCallback::Refund { payment_no, refund_no, outcome } => {
            let payment_no = payment_no.parse().map_err(|_| Failure::NotFound)?;
            refund::record_result(payments, provider, &payment_no, &refund_no, outcome).await?;
        }
        PaymentCallback::Ignored => {}
    }
    Ok(())
}
