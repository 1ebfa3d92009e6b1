//! Closing an unpaid order; its photos and its coupon become free again.

use domain::actor::AccountId;
use domain::money::number::Number;
use domain::money::order::{CloseReason, Order, State};
use jiff::{SignedDuration, Timestamp};

use super::discount;
use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::ledger::{Loaded, photo_lock};
use crate::payments::{OUTCOME_UNCLEAR, PaymentOutcome, PaymentService, ensure_closed};
use crate::store::{Change, Store};

/// How long after its deadline an order stays open for a provider that does not answer. A payment that the provider reports after
/// that is an overpayment.
const UNCLEAR_GRACE: SignedDuration = SignedDuration::from_mins(10);

/// Cancels an order for its customer.
///
/// # Errors
///
/// [`Failure::NotFound`] for another customer's order; `order-not-payable` (409) once it is paid; `payment-unclear` (409) while
/// the provider does not say whether the current attempt is closed; [`Failure::KeyReused`].
pub async fn cancel(
    payments: &PaymentService,
    owner: AccountId,
    no: &Number,
    command: &Command,
) -> Result<Order, Failure> {
    let order = close(payments, owner, no, CloseReason::Cancelled, Some(command)).await?;
    match order.state {
        State::Closed { .. } => Ok(order),
        _ => Err(Failure::Conflict { code: "order-not-payable" }),
    }
}

/// Closes an order that was not paid in time. Returns the order as it is afterwards: closed, paid at the last moment, or unchanged
/// before its deadline.
///
/// # Errors
///
/// [`Failure::NotFound`] for another customer's order; `payment-unclear` (409) until `UNCLEAR_GRACE` is over, while the provider
/// does not say whether the current attempt is closed.
pub async fn expire(payments: &PaymentService, owner: AccountId, no: &Number) -> Result<Order, Failure> {
    close(payments, owner, no, CloseReason::Expired, None).await
}

async fn close(
    payments: &PaymentService,
    owner: AccountId,
    no: &Number,
    reason: CloseReason,
    command: Option<&Command>,
) -> Result<Order, Failure> {
    let mut backoff = Backoff::default();
    loop {
        match close_once(payments, owner, no, reason, command).await {
            Err(Failure::Raced) => backoff.wait(&*payments.money.random).await?,
            closed => return closed,
        }
    }
}

async fn close_once(
    payments: &PaymentService,
    owner: AccountId,
    no: &Number,
    reason: CloseReason,
    command: Option<&Command>,
) -> Result<Order, Failure> {
    let money = &payments.money;
    let now = money.clock.now();
    if let Some(command) = command
        && let Some(answer) = command.response(&*money.store, now).await?
    {
        return Ok(answer);
    }
    let row = super::read(&*money.store, owner, no).await?;
    let Ok(closed) = row.value.clone().close(reason, now) else { return Ok(row.value) };
    if let Some(payment_no) = row.value.current_payment() {
        let overdue = row.value.close_at().is_some_and(|deadline| now >= deadline + UNCLEAR_GRACE);
        match ensure_closed(payments, &payment_no).await {
            Ok(PaymentOutcome::Unpaid) => {}
            Ok(PaymentOutcome::Paid) => return super::get(&*money.store, owner, no).await,
            Err(OUTCOME_UNCLEAR) if reason == CloseReason::Expired && overdue => {}
            Err(failure) => return Err(failure),
        }
    }
    let mut changes = decide(&*money.store, &row, &closed, now).await?;
    if let Some(command) = command {
        changes.push(command.record(&closed, now)?);
    }
    money.commit(now, changes).await?;
    Ok(closed)
}

async fn decide(
    store: &dyn Store,
    row: &Loaded<Order>,
    closed: &Order,
    now: Timestamp,
) -> Result<Vec<Change>, Failure> {
    let mut changes: Vec<Change> =
        closed.lines.iter().map(|line| photo_lock::release(line.image_no, &closed.no)).collect();
    changes.push(row.replace(closed)?);
    changes.extend(discount::release(store, closed, now).await?);
    Ok(changes)
}
