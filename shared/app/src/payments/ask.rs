//! Asking a provider instead of believing anything.

use domain::money::order::{self, Order};
use domain::money::payment::{Payment, Purpose, State};
use domain::money::recharge::{self, Recharge};
use jiff::Timestamp;

use super::provider::{CloseOutcome, PaymentStatus, ProviderError};
use super::{PaymentService, settle};
use crate::books::{Loaded, key, load};
use crate::failure::Failure;

/// How a payment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Nobody paid it and nobody can.
    Unpaid,
    Paid,
}

/// Asks for one payment and writes down what is certain: paid, closed, or when to ask next. What nobody waits for any more is
/// closed at the provider.
pub async fn ask(payments: &PaymentService, payment_no: &str) -> Result<(), Failure> {
    let row = read(payments, payment_no).await?;
    if !row.value.is_open() {
        return Ok(());
    }
    let provider = row.value.provider;
    match payments.at(provider).query(payment_no).await {
        Ok(PaymentStatus::Paid(confirmation)) => settle(payments, provider, &confirmation).await.map(|_| ()),
        Ok(PaymentStatus::Closed) => close_row(payments, &row).await,
        Ok(PaymentStatus::Unpaid | PaymentStatus::Absent) => {
            let now = payments.money.clock.now();
            if is_wanted(payments, &row.value, now).await? {
                return put_off(payments, &row).await;
            }
            match end(payments, payment_no).await {
                Err(UNCLEAR) => put_off(payments, &row).await,
                ended => ended.map(|_| ()),
            }
        }
        Err(ProviderError::Unknown(_) | ProviderError::Refused(_)) => put_off(payments, &row).await,
    }
}

/// The provider did not say; the same may be asked again.
pub const UNCLEAR: Failure = Failure::Conflict { code: "payment-unclear" };

/// Makes sure that a payment cannot be paid any more. Refused as `payment-unclear` while the provider does not say.
pub async fn end(payments: &PaymentService, payment_no: &str) -> Result<Ended, Failure> {
    let row = read(payments, payment_no).await?;
    let provider = row.value.provider;
    match row.value.state {
        State::Succeeded { .. } => return Ok(Ended::Paid),
        State::Failed { .. } | State::Closed { .. } => return Ok(Ended::Unpaid),
        State::Created | State::Submitted { .. } => {}
    }
    let unclear = |_: ProviderError| UNCLEAR;
    match payments.at(provider).close(payment_no).await.map_err(unclear)? {
        CloseOutcome::Closed => {
            close_row(payments, &row).await?;
            let after = read(payments, payment_no).await?.value.state;
            Ok(if matches!(after, State::Succeeded { .. }) { Ended::Paid } else { Ended::Unpaid })
        }
        CloseOutcome::Paid => match payments.at(provider).query(payment_no).await.map_err(unclear)? {
            PaymentStatus::Paid(confirmation) => {
                settle(payments, provider, &confirmation).await?;
                Ok(Ended::Paid)
            }
            _ => Err(UNCLEAR),
        },
    }
}

async fn read(payments: &PaymentService, payment_no: &str) -> Result<Loaded<Payment>, Failure> {
    load(&*payments.money.store, &key::payment(payment_no)).await?.ok_or(Failure::NotFound)
}

/// Does anything still wait for this payment?
async fn is_wanted(payments: &PaymentService, payment: &Payment, now: Timestamp) -> Result<bool, Failure> {
    if now >= payment.expires_at {
        return Ok(false);
    }
    let store = &*payments.money.store;
    Ok(match &payment.purpose {
        Purpose::Order { no } => load::<Order>(store, &key::order(&payment.owner, no)).await?.is_some_and(|row| {
            let waits = matches!(row.value.state, order::State::AwaitingPayment { .. });
            waits && row.value.attempt().as_ref() == Some(&payment.no)
        }),
        Purpose::Recharge { no } => load::<Recharge>(store, &key::recharge(&payment.owner, no))
            .await?
            .is_some_and(|row| matches!(row.value.state, recharge::State::Requested { .. })),
    })
}

async fn put_off(payments: &PaymentService, row: &Loaded<Payment>) -> Result<(), Failure> {
    let now = payments.money.clock.now();
    write(payments, row, &row.value.clone().asked(now), now).await
}

async fn close_row(payments: &PaymentService, row: &Loaded<Payment>) -> Result<(), Failure> {
    let now = payments.money.clock.now();
    let closed = row.value.clone().close(now).map_err(Failure::internal)?;
    write(payments, row, &closed, now).await
}

/// Somebody who wrote first knew more.
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
