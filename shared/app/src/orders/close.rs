//! An order nobody pays gives its photos and its coupon back.

use domain::money::number::Number;
use domain::money::order::{Order, State, Why};
use jiff::{SignedDuration, Timestamp};

use super::discount;
use crate::backoff::Backoff;
use crate::books::{Loaded, photo_lock};
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::payments::{Ended, PaymentService, UNCLEAR, end};
use crate::store::Change;

/// How long a silent provider can keep an order open past its end. What it reports later goes back as a surplus.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);

/// The customer does not want it any more. Refused as `order-not-payable` once it is paid.
pub async fn cancel(payments: &PaymentService, owner: &str, no: &Number, command: &Command) -> Result<Order, Failure> {
    let order = close(payments, owner, no, Why::Cancelled, Some(command)).await?;
    match order.state {
        State::Closed { .. } => Ok(order),
        _ => Err(Failure::Conflict { code: "order-not-payable" }),
    }
}

/// Its time is over. Answers the order as it is then: closed, or paid in the last moment.
pub async fn lapse(payments: &PaymentService, owner: &str, no: &Number) -> Result<Order, Failure> {
    close(payments, owner, no, Why::Lapsed, None).await
}

async fn close(
    payments: &PaymentService,
    owner: &str,
    no: &Number,
    why: Why,
    command: Option<&Command>,
) -> Result<Order, Failure> {
    let mut backoff = Backoff::default();
    loop {
        match once(payments, owner, no, why, command).await {
            Err(Failure::Raced) => backoff.wait(&*payments.money.random).await?,
            closed => return closed,
        }
    }
}

async fn once(
    payments: &PaymentService,
    owner: &str,
    no: &Number,
    why: Why,
    command: Option<&Command>,
) -> Result<Order, Failure> {
    let money = &payments.money;
    let now = money.clock.now();
    if let Some(command) = command
        && let Some(done) = command.response(&*money.store, now).await?
    {
        return Ok(done);
    }
    let row = super::read(&*money.store, owner, no).await?;
    let Ok(closed) = row.value.clone().close(why, now) else { return Ok(row.value) };
    if let Some(attempt) = row.value.attempt() {
        let overdue = row.value.close_at().is_some_and(|end| now >= end + PATIENCE);
        match end(payments, &attempt).await {
            Ok(Ended::Unpaid) => {}
            Ok(Ended::Paid) => return super::get(&*money.store, owner, no).await,
            Err(failure) if why == Why::Lapsed && overdue && failure == UNCLEAR => {}
            Err(failure) => return Err(failure),
        }
    }
    let mut changes = decide(payments, &row, &closed, now).await?;
    if let Some(command) = command {
        changes.push(command.record(&closed, now)?);
    }
    money.commit(now, changes).await?;
    Ok(closed)
}

async fn decide(
    payments: &PaymentService,
    row: &Loaded<Order>,
    closed: &Order,
    now: Timestamp,
) -> Result<Vec<Change>, Failure> {
    let mut changes: Vec<Change> =
        closed.lines.iter().map(|line| photo_lock::give_back(&line.image_no, &closed.no)).collect();
    changes.push(row.replace(closed)?);
    changes.extend(discount::resolve(&*payments.money.store, closed, false, now).await?);
    Ok(changes)
}
