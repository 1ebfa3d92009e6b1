//! Refunds at a provider: requested under one number until the outcome is final.

use domain::money::ledger::{Account, Transaction};
use domain::money::number::PaymentNumber;
use domain::money::payment::{Payment, Provider};
use domain::money::refund::{Refund, RefundReason, State};
use jiff::Timestamp;

use super::PaymentService;
use super::provider::{ProviderError, RefundRequest, RefundStatus};
use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::ledger::{Loaded, TransactionKind, key, load, transaction_row};
use crate::store::Change;

/// A refund that the provider refuses is tried again for some hours, because the merchant account can lack funds for a day. After
/// this many refusals it is abnormal, and staff must act.
const REFUSALS_MAX: u32 = 8;

/// Sends a refund, or polls one that was sent, and records the answer.
///
/// # Errors
///
/// [`Failure::NotFound`] if the payment has no refund; [`Failure::Unavailable`] if the store does not answer. A provider that does
/// not answer is not an error.
pub async fn progress(payments: &PaymentService, payment_no: &PaymentNumber) -> Result<(), Failure> {
    let row = read(payments, payment_no).await?;
    if !row.value.is_open() {
        return Ok(());
    }
    let refund = &row.value;
    let request = RefundRequest {
        refund_no: refund.no.to_string(),
        payment_no: refund.payment_no.to_string(),
        amount: refund.amount_fen,
        reason: "订单退款".to_owned(),
    };
    let provider = payments.provider(refund.provider);
    let answer = match refund.state {
        State::Submitted { .. } => match provider.query_refund(&request).await {
            Ok(RefundStatus::Absent) => provider.refund(&request).await,
            answer => answer,
        },
        _ => provider.refund(&request).await,
    };
    let status = match answer {
        Ok(status) => status,
        Err(ProviderError::Refused(_)) if refund.polls >= REFUSALS_MAX => RefundStatus::Abnormal,
        Err(ProviderError::Refused(_) | ProviderError::Unknown(_)) => return reschedule(payments, &row).await,
    };
    record_result(payments, refund.provider, payment_no, refund.no.as_str(), status).await
}

/// On a conflict the other writer's newer state stays.
async fn reschedule(payments: &PaymentService, row: &Loaded<Refund>) -> Result<(), Failure> {
    let now = payments.money.clock.now();
    match payments.money.commit(now, vec![row.replace(&row.value.clone().polled(now))?]).await {
        Ok(()) | Err(Failure::Raced) => Ok(()),
        Err(failure) => Err(failure),
    }
}

/// Records a provider's status of a refund, from a callback or a poll. The numbers and the provider must be those of our record.
pub(super) async fn record_result(
    payments: &PaymentService,
    provider: Provider,
    payment_no: &PaymentNumber,
    refund_no: &str,
    status: RefundStatus,
) -> Result<(), Failure> {
    let mut backoff = Backoff::default();
    loop {
        let now = payments.money.clock.now();
        let row = read(payments, payment_no).await?;
        if row.value.no.as_str() != refund_no || row.value.provider != provider {
            return Err(Failure::Conflict { code: "payment-mismatch" });
        }
        let Some(changes) = decide(payments, &row, status, now).await? else { return Ok(()) };
        match payments.money.commit(now, changes).await {
            Ok(()) => return Ok(()),
            Err(Failure::Raced) => backoff.wait(&*payments.money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}

/// `None` if the status changes nothing.
async fn decide(
    payments: &PaymentService,
    row: &Loaded<Refund>,
    status: RefundStatus,
    now: Timestamp,
) -> Result<Option<Vec<Change>>, Failure> {
    let refund = row.value.clone();
    let next = match status {
        RefundStatus::Done => refund.succeed(now),
        RefundStatus::Abnormal => refund.give_up(now),
        RefundStatus::Processing | RefundStatus::Absent => match refund.state {
            State::Requested => refund.submit(now).map(|refund| refund.polled(now)),
            State::Submitted { .. } => Ok(refund.polled(now)),
            _ => return Ok(None),
        },
    };
    let Ok(next) = next else { return Ok(None) };
    let mut changes = vec![row.replace(&next)?];
    if status == RefundStatus::Done {
        changes.extend(completed(payments, &next, now).await?);
    }
    Ok(Some(changes))
}

/// The changes beside the refund itself once the customer has the money back.
async fn completed(payments: &PaymentService, refund: &Refund, now: Timestamp) -> Result<Vec<Change>, Failure> {
    if refund.reason == RefundReason::Overpayment {
        let channel = Account::Channel(refund.provider);
        let moved = Transaction::transfer(Account::RefundSuspense, channel, refund.amount_fen)?;
        return Ok(vec![transaction_row(refund.owner, &refund.payment_no, TransactionKind::Refund, &moved, now)]);
    }
    let payment: Option<Loaded<Payment>> = load(&*payments.money.store, &key::payment(&refund.payment_no)).await?;
    payments.target.complete_refund(&payment.ok_or(Failure::NotFound)?.value, now).await
}

async fn read(payments: &PaymentService, payment_no: &PaymentNumber) -> Result<Loaded<Refund>, Failure> {
    load(&*payments.money.store, &key::refund(payment_no)).await?.ok_or(Failure::NotFound)
}
