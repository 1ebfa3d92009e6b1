//! Polling a provider for the outcome of a payment, and closing payments that are not needed any more.

use domain::money::number::PaymentNumber;
use domain::money::payment::{Payment, State};
use jiff::Timestamp;

use super::provider::{CloseOutcome, PaymentStatus, ProviderError};
use super::{PaymentService, settle};
use crate::failure::Failure;
use crate::ledger::{Loaded, key, load};

/// The final outcome of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentOutcome {
    /// It was not paid and cannot be paid any more.
    Unpaid,
    /// It was paid and has been settled.
    Paid,
}

/// The provider did not give a final outcome; the caller can try again later.
pub const OUTCOME_UNCLEAR: Failure = Failure::Conflict { code: "payment-unclear" };

/// Polls one payment and records what is certain: paid, closed, or when to poll next. A payment that its purpose does not wait for
/// any more is closed at the provider.
///
/// # Errors
///
/// [`Failure::NotFound`] if there is no such payment; `payment-mismatch` (409) if the provider's answer contradicts our record;
/// [`Failure::Unavailable`] if the store does not answer. A provider that does not answer is not an error.
pub async fn poll_status(payments: &PaymentService, payment_no: &PaymentNumber) -> Result<(), Failure> {
    let row = read(payments, payment_no).await?;
    if !row.value.is_open() {
        return Ok(());
    }
    let provider = row.value.provider;
    match payments.provider(provider).query(payment_no.as_str()).await {
        Ok(PaymentStatus::Paid(confirmation)) => settle(payments, provider, &confirmation).await.map(|_| ()),
        Ok(PaymentStatus::Closed) => record_closed(payments, &row).await,
        Ok(PaymentStatus::Unpaid | PaymentStatus::Absent) => {
            let now = payments.money.clock.now();
            if now < row.value.expires_at && payments.target.awaits(&row.value).await? {
                return reschedule(payments, &row).await;
            }
            match ensure_closed(payments, payment_no).await {
                Err(OUTCOME_UNCLEAR) => reschedule(payments, &row).await,
                outcome => outcome.map(|_| ()),
            }
        }
        Err(ProviderError::Unknown(_) | ProviderError::Refused(_)) => reschedule(payments, &row).await,
    }
}

/// Makes sure that a payment cannot be paid any more, and returns whether it has been paid.
///
/// # Errors
///
/// [`OUTCOME_UNCLEAR`] (`payment-unclear`, 409) if the provider does not say; [`Failure::NotFound`] if there is no such payment;
/// otherwise as [`settle()`].
pub async fn ensure_closed(payments: &PaymentService, payment_no: &PaymentNumber) -> Result<PaymentOutcome, Failure> {
    let row = read(payments, payment_no).await?;
    let provider = row.value.provider;
    match row.value.state {
        State::Succeeded { .. } => return Ok(PaymentOutcome::Paid),
        State::Failed { .. } | State::Closed { .. } => return Ok(PaymentOutcome::Unpaid),
        State::Created | State::Submitted { .. } => {}
    }
    let unclear = |_: ProviderError| OUTCOME_UNCLEAR;
    let adapter = payments.provider(provider);
    match adapter.close(payment_no.as_str()).await.map_err(unclear)? {
        CloseOutcome::Closed => {
            record_closed(payments, &row).await?;
            let after = read(payments, payment_no).await?.value.state;
            Ok(if matches!(after, State::Succeeded { .. }) { PaymentOutcome::Paid } else { PaymentOutcome::Unpaid })
        }
        CloseOutcome::Paid => match adapter.query(payment_no.as_str()).await.map_err(unclear)? {
            PaymentStatus::Paid(confirmation) => {
                settle(payments, provider, &confirmation).await?;
                Ok(PaymentOutcome::Paid)
            }
            _ => Err(OUTCOME_UNCLEAR),
        },
    }
}

async fn read(payments: &PaymentService, payment_no: &PaymentNumber) -> Result<Loaded<Payment>, Failure> {
    load(&*payments.money.store, &key::payment(payment_no)).await?.ok_or(Failure::NotFound)
}

async fn reschedule(payments: &PaymentService, row: &Loaded<Payment>) -> Result<(), Failure> {
    let now = payments.money.clock.now();
    write(payments, row, &row.value.clone().polled(now), now).await
}

async fn record_closed(payments: &PaymentService, row: &Loaded<Payment>) -> Result<(), Failure> {
    let now = payments.money.clock.now();
    let closed = row.value.clone().close(now).map_err(Failure::internal)?;
    write(payments, row, &closed, now).await
}

/// On a conflict the other writer's newer state stays.
async fn write(
    payments: &PaymentService,
    row: &Loaded<Payment>,
    after: &Payment,
    now: Timestamp,
) -> Result<(), Failure> {
    match payments.money.commit(now, vec![row.replace(after)?]).await {
        Ok(()) | Err(Failure::Raced) => Ok(()),
        Err(failure) => Err(failure),
    }
}
