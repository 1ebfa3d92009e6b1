//! Refunding a paid order, by staff.

use domain::actor::AccountId;
use domain::money::ledger::Transaction;
use domain::money::number::Number;
use domain::money::order::{Order, PaidBy, State};
use domain::money::payment::Payment;
use domain::money::refund::{Refund, RefundReason};
use domain::money::wallet::Movement;
use jiff::Timestamp;
use serde_json::json;

use crate::audit::{self, AuditAction, AuditActor, Reason, Subject};
use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::ledger::{Loaded, MoneyContext, TransactionKind, WalletTransaction, key, load, user_account};
use crate::store::{Change, Store};

/// Refunds what was paid: to the balance at once, or through the provider, which completes it later. The coupon stays used. A
/// repeated refund returns the order unchanged.
///
/// # Errors
///
/// [`Failure::NotFound`] if the customer has no such order; `order-not-paid` (409); `order-invoiced` (409) until its invoice is
/// reversed; [`Failure::KeyReused`].
pub async fn refund(
    money: &MoneyContext,
    by: &AuditActor,
    owner: AccountId,
    no: &Number,
    why: &Reason,
    command: &Command,
) -> Result<Order, Failure> {
    let mut backoff = Backoff::default();
    loop {
        let now = money.clock.now();
        if let Some(answer) = command.response(&*money.store, now).await? {
            return Ok(answer);
        }
        let row = super::read(&*money.store, owner, no).await?;
        let paid_by = match &row.value.state {
            State::Paid { by, .. } => by.clone(),
            State::Refunding { .. } | State::Refunded { .. } => return Ok(row.value),
            _ => return Err(Failure::Conflict { code: "order-not-paid" }),
        };
        let (order, mut changes) = decide(&*money.store, &row, &paid_by, now).await?;
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
    store: &dyn Store,
    row: &Loaded<Order>,
    by: &PaidBy,
    now: Timestamp,
) -> Result<(Order, Vec<Change>), Failure> {
    if row.value.invoice.is_some() {
        return Err(Failure::Conflict { code: "order-invoiced" });
    }
    let mut order = row.value.clone().refund(now).map_err(Failure::internal)?;
    let mut changes = Vec::new();
    if let PaidBy::Provider { payment_no, .. } = by {
        let payment: Loaded<Payment> = load(store, &key::payment(payment_no)).await?.ok_or(Failure::NotFound)?;
        let refund = Refund::of(&payment.value, RefundReason::Order, now);
        changes.push(Loaded::new(refund.clone()).replace(&refund)?);
    } else {
        changes.extend(balance_refund_changes(store, &order, now).await?);
        order = order.refunded(now).map_err(Failure::internal)?;
    }
    changes.push(row.replace(&order)?);
    Ok((order, changes))
}

async fn balance_refund_changes(store: &dyn Store, order: &Order, now: Timestamp) -> Result<Vec<Change>, Failure> {
    let net = order.payable();
    let mut wallet = WalletTransaction::load(store, order.owner).await?;
    let moved = Transaction::sale(user_account(order.owner), net, order.discount_amount())?.reversed()?;
    if net.is_zero() {
        wallet.record(&order.no, TransactionKind::Refund, &moved, now);
    } else {
        wallet.apply(Movement::Return(net), &order.no, TransactionKind::Refund, &moved, now)?;
    }
    wallet.into_changes()
}
