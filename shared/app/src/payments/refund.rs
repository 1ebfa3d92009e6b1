//! Money on its way back: sent under one number until it has arrived.

use domain::money::ledger::{Account, Transaction};
use domain::money::order::Order;
use domain::money::payment::{Payment, Provider};
use domain::money::refund::{Refund, State, Why};
use jiff::Timestamp;

use super::PaymentService;
use super::provider::{ProviderError, RefundRequest, RefundStatus};
use crate::backoff::Backoff;
use crate::books::{Loaded, key, load, transaction};
use crate::failure::Failure;
use crate::store::Change;

/// A provider that refuses is asked again, for some hours: it may lack the day's funds. Then a person must see to it.
const REFUSALS_MAX: u32 = 8;

/// Sends a refund, or asks for one that was sent.
pub async fn advance(payments: &PaymentService, payment_no: &str) -> Result<(), Failure> {
    let row = read(payments, payment_no).await?;
    if !row.value.is_open() {
        return Ok(());
    }
    let refund = &row.value;
    let call = RefundRequest {
        refund_no: refund.no.clone(),
        payment_no: refund.payment_no.clone(),
        amount: refund.amount_fen,
        reason: "订单退款".to_owned(),
    };
    let provider = payments.at(refund.provider);
    let answer = match refund.state {
        State::Submitted { .. } => match provider.query_refund(&call).await {
            Ok(RefundStatus::Absent) => provider.refund(&call).await,
            answer => answer,
        },
        _ => provider.refund(&call).await,
    };
    match answer {
        Ok(outcome) => note(payments, refund.provider, payment_no, &refund.no, outcome).await,
        Err(ProviderError::Refused(_)) if refund.asked >= REFUSALS_MAX => {
            note(payments, refund.provider, payment_no, &refund.no, RefundStatus::Abnormal).await
        }
        Err(ProviderError::Refused(_) | ProviderError::Unknown(_)) => {
            let now = payments.money.clock.now();
            match payments.money.commit(now, vec![row.replace(&refund.clone().asked(now))?]).await {
                // Somebody who wrote first knew more.
                Ok(()) | Err(Failure::Raced) => Ok(()),
                Err(failure) => Err(failure),
            }
        }
    }
}

/// What is known of a refund, from a callback or an answer.
pub(super) async fn note(
    payments: &PaymentService,
    provider: Provider,
    payment_no: &str,
    refund_no: &str,
    outcome: RefundStatus,
) -> Result<(), Failure> {
    let mut backoff = Backoff::default();
    loop {
        let now = payments.money.clock.now();
        let row = read(payments, payment_no).await?;
        if row.value.no != refund_no || row.value.provider != provider {
            return Err(Failure::Conflict { code: "payment-mismatch" });
        }
        let Some(changes) = decide(payments, &row, outcome, now).await? else { return Ok(()) };
        match payments.money.commit(now, changes).await {
            Ok(()) => return Ok(()),
            Err(Failure::Raced) => backoff.wait(&*payments.money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}

async fn decide(
    payments: &PaymentService,
    row: &Loaded<Refund>,
    outcome: RefundStatus,
    now: Timestamp,
) -> Result<Option<Vec<Change>>, Failure> {
    let refund = row.value.clone();
    let next = match outcome {
        RefundStatus::Done => refund.succeed(now),
        RefundStatus::Abnormal => refund.give_up(now),
        RefundStatus::Processing | RefundStatus::Absent => match refund.state {
            State::Requested => refund.submit(now).map(|refund| refund.asked(now)),
            State::Submitted { .. } => Ok(refund.asked(now)),
            _ => return Ok(None),
        },
    };
    let Ok(next) = next else { return Ok(None) };
    let mut changes = vec![row.replace(&next)?];
    if outcome == RefundStatus::Done {
        changes.extend(arrived(payments, &next, now).await?);
    }
    Ok(Some(changes))
}

/// What is true once the money is back where it came from.
async fn arrived(payments: &PaymentService, refund: &Refund, now: Timestamp) -> Result<Vec<Change>, Failure> {
    let channel = Account::Channel(refund.provider);
    let (owner, store) = (&refund.owner, &*payments.money.store);
    if refund.why == Why::Surplus {
        let moved = Transaction::transfer(Account::RefundSuspense, channel, refund.amount_fen)?;
        return Ok(vec![transaction(owner, &refund.payment_no, "refund", &moved, now)]);
    }
    let payment: Loaded<Payment> = load(store, &key::payment(&refund.payment_no)).await?.ok_or(Failure::NotFound)?;
    let no = payment.value.purpose.no();
    let order: Loaded<Order> = load(store, &key::order(owner, no)).await?.ok_or(Failure::NotFound)?;
    let refunded = order.value.clone().refunded(now).map_err(Failure::internal)?;
    let moved = Transaction::sale(channel, order.value.payable(), order.value.discounted())?.reversed()?;
    Ok(vec![order.replace(&refunded)?, transaction(owner, no.as_str(), "refund", &moved, now)])
}

async fn read(payments: &PaymentService, payment_no: &str) -> Result<Loaded<Refund>, Failure> {
    load(&*payments.money.store, &key::refund(payment_no)).await?.ok_or(Failure::NotFound)
}
