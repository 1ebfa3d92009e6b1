//! A provider calls us.

use domain::money::payment::Provider;

use super::provider::{Forged, Notice, RawNotice};
use super::{PaymentService, refund, settle};
use crate::failure::Failure;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoticeRefused {
    /// Nothing was read, nothing was changed.
    #[error(transparent)]
    Forged(#[from] Forged),
    /// Genuine, but it could not be noted: the provider should call again.
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// Verified first, read after; then the same path as an answer to our own question.
pub async fn take_notice(
    payments: &PaymentService,
    provider: Provider,
    notice: &RawNotice,
) -> Result<(), NoticeRefused> {
    match payments.at(provider).read(notice).await? {
        Notice::Paid(receipt) => {
            settle(payments, provider, &receipt).await?;
        }
        Notice::Refund { payment_no, refund_no, outcome } => {
            refund::note(payments, provider, &payment_no, &refund_no, outcome).await?;
        }
        Notice::Nothing => {}
    }
    Ok(())
}
