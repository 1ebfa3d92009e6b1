//! Settling a payment that its provider confirmed, whether by a callback or by a poll.

use domain::money::ledger::{Account, Transaction};
use domain::money::number::PaymentNumber;
use domain::money::payment::{Disposition, Payment, Provider, State};
use domain::money::refund::{Refund, RefundReason};
use jiff::Timestamp;

use super::PaymentService;
use super::provider::PaymentConfirmation;
use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::ledger::{Loaded, TransactionKind, key, load, transaction_row};
use crate::store::Change;

/// What a confirmation led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettleOutcome {
    /// The payment took effect.
    Applied,
    /// The payment was not needed any more and is being refunded.
    Overpayment,
    /// The payment was settled before.
    AlreadySettled,
}

/// Records a confirmation and its effect in one commit.
///
/// # Errors
///
/// `payment-mismatch` (409) if amount, provider or provider number contradict our record, and nothing changes;
/// [`Failure::NotFound`] if there is no such payment; [`Failure::Unavailable`] if the store does not answer.
pub async fn settle(
    payments: &PaymentService,
    provider: Provider,
    confirmation: &PaymentConfirmation,
) -> Result<SettleOutcome, Failure> {
    let mut backoff = Backoff::default();
    loop {
        match settle_once(payments, provider, confirmation).await {
            Err(Failure::Raced) => backoff.wait(&*payments.money.random).await?,
            settled => return settled,
        }
    }
}

async fn settle_once(
    payments: &PaymentService,
    provider: Provider,
    confirmation: &PaymentConfirmation,
) -> Result<SettleOutcome, Failure> {
    let money = &payments.money;
    let now = money.clock.now();
    let payment_no: PaymentNumber = confirmation.payment_no.parse().map_err(|_| Failure::NotFound)?;
    let row: Loaded<Payment> = load(&*money.store, &key::payment(&payment_no)).await?.ok_or(Failure::NotFound)?;
    let mismatch = Err(Failure::Conflict { code: "payment-mismatch" });
    if row.value.provider != provider || row.value.amount_fen != confirmation.amount {
        return mismatch;
    }
    if let State::Succeeded { provider_no, .. } = &row.value.state {
        return if *provider_no == confirmation.provider_no { Ok(SettleOutcome::AlreadySettled) } else { mismatch };
    }
    let payment = &row.value;
    let (outcome, disposition, mut changes) = match payments.target.settle(payment, now).await? {
        Some(changes) => (SettleOutcome::Applied, Disposition::Applied, changes),
        None => (SettleOutcome::Overpayment, Disposition::Overpayment, refund_changes(payment, now)?),
    };
    let provider_no = confirmation.provider_no.clone();
    let succeeded = payment.clone().succeed(provider_no, disposition, now).map_err(Failure::internal)?;
    changes.push(row.replace(&succeeded)?);
    money.commit(now, changes).await?;
    Ok(outcome)
}

/// The changes that begin the refund of an overpayment.
fn refund_changes(payment: &Payment, now: Timestamp) -> Result<Vec<Change>, Failure> {
    let refund = Refund::of(payment, RefundReason::Overpayment, now);
    let moved = Transaction::transfer(Account::Channel(payment.provider), Account::RefundSuspense, payment.amount_fen)?;
    Ok(vec![
        Loaded::new(refund.clone()).replace(&refund)?,
        transaction_row(payment.owner, &payment.no, TransactionKind::Overpayment, &moved, now),
    ])
}
