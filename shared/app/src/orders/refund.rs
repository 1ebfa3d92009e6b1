//! Staff take a paid order back: to the balance at once, to a provider as soon as it has sent the money.

use domain::money::ledger::Transaction;
use domain::money::number::Number;
use domain::money::order::{Order, PaidBy, State};
use domain::money::payment::Payment;
use domain::money::refund::{self, Refund};
use domain::money::wallet::Movement;
use jiff::Timestamp;
use serde_json::json;

use crate::audit::{self, AuditAction, AuditActor, Reason, Subject};
use crate::backoff::Backoff;
use crate::books::{Books, Loaded, key, load, user};
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::payments::PaymentService;
use crate::store::Change;

/// Returns what was paid; a coupon stays used. An invoiced order comes after its invoice was reversed. Doing it again is doing it once.
pub async fn refund(
    payments: &PaymentService,
    by: &AuditActor,
    owner: &str,
    no: &Number,
    why: &Reason,
    command: &Command,
) -> Result<Order, Failure> {
    let money = &payments.money;
    let mut backoff = Backoff::default();
    loop {
        let now = money.clock.now();
        if let Some(done) = command.response(&*money.store, now).await? {
            return Ok(done);
        }
        let row = super::read(&*money.store, owner, no).await?;
        let paid_by = match &row.value.state {
            State::Paid { by, .. } => by.clone(),
            State::Refunding { .. } | State::Refunded { .. } => return Ok(row.value),
            _ => return Err(Failure::Conflict { code: "order-not-paid" }),
        };
        let (order, mut changes) = decide(payments, &row, &paid_by, now).await?;
        let facts = json!({"orderNo": no, "fen": order.payable()});
        let action = AuditAction { by, what: "order-refund", subject: Subject::account(owner), why, facts };
        changes.push(audit::entry(&*money.store, &action, now).await?);
        changes.push(command.record(&order, now)?);
        match money.commit(now, changes).await {
            Ok(()) => return Ok(order),
            Err(Failure::Raced) => backoff.wait(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}

async fn decide(
    payments: &PaymentService,
    row: &Loaded<Order>,
    by: &PaidBy,
    now: Timestamp,
) -> Result<(Order, Vec<Change>), Failure> {
    let store = &*payments.money.store;
    if row.value.invoice.is_some() {
        return Err(Failure::Conflict { code: "order-invoiced" });
    }
    let mut order = row.value.clone().refund(now).map_err(Failure::internal)?;
    let (owner, no, net) = (order.owner.clone(), order.no.clone(), order.payable());
    let mut changes = Vec::new();
    if let PaidBy::Provider { payment_no, .. } = by {
        let payment: Loaded<Payment> = load(store, &key::payment(payment_no)).await?.ok_or(Failure::NotFound)?;
        let refund = Refund::of(&payment.value, refund::Why::Order, now);
        changes.push(Loaded::new(refund.clone()).replace(&refund)?);
    } else {
        let mut books = Books::of(store, &owner).await?;
        let moved = Transaction::sale(user(&owner), net, order.discounted())?.reversed()?;
        if net.is_zero() {
            books.note(&owner, no.as_str(), "refund", &moved, now);
        } else {
            books.apply(Movement::Return(net), no.as_str(), "refund", &moved, now)?;
        }
        changes.extend(books.changes()?);
        order = order.refunded(now).map_err(Failure::internal)?;
    }
    changes.push(row.replace(&order)?);
    Ok((order, changes))
}
