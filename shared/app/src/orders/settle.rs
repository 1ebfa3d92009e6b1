//! The changes by which an order becomes paid or refunded.

use domain::money::ledger::{Account, Transaction};
use domain::money::number::Number;
use domain::money::order::{Order, PaidBy, State};
use domain::money::payment::Payment;
use domain::money::wallet::Movement;
use jiff::Timestamp;

use super::{discount, photos};
use crate::failure::Failure;
use crate::ledger::{Loaded, TransactionKind, WalletTransaction, key, load, transaction_row, user_account};
use crate::store::{Change, Store};

/// Whether the order waits for exactly this payment.
pub(crate) async fn awaits(store: &dyn Store, no: &Number, payment: &Payment) -> Result<bool, Failure> {
    let order = load::<Order>(store, &key::order(payment.owner, no)).await?;
    Ok(order.is_some_and(|row| {
        let waits = matches!(row.value.state, State::AwaitingPayment { .. });
        waits && row.value.current_payment().as_ref() == Some(&payment.no)
    }))
}

/// The changes by which a confirmed payment pays the order; `None` if the order does not need this amount any more.
pub(crate) async fn settle(
    store: &dyn Store,
    no: &Number,
    payment: &Payment,
    now: Timestamp,
) -> Result<Option<Vec<Change>>, Failure> {
    let order = super::read(store, payment.owner, no).await?;
    if order.value.payable() != payment.amount_fen {
        return Ok(None);
    }
    let by = PaidBy::Provider { provider: payment.provider, payment_no: payment.no.clone() };
    match order.value.clone().pay(by, now) {
        Ok(paid) => paid_changes(store, &order, &paid, now).await.map(Some),
        Err(_) => Ok(None),
    }
}

/// The changes by which the order is refunded, once the customer has the payment's money back.
pub(crate) async fn complete_refund(
    store: &dyn Store,
    no: &Number,
    payment: &Payment,
    now: Timestamp,
) -> Result<Vec<Change>, Failure> {
    let order = super::read(store, payment.owner, no).await?;
    let refunded = order.value.clone().refunded(now).map_err(Failure::internal)?;
    let channel = Account::Channel(payment.provider);
    let moved = Transaction::sale(channel, order.value.payable(), order.value.discount_amount())?.reversed()?;
    let transaction = transaction_row(payment.owner, no, TransactionKind::Refund, &moved, now);
    Ok(vec![order.replace(&refunded)?, transaction])
}

/// All changes from an unpaid order to a paid one: the order, its coupon, its photos and the sale. The order must hold its coupon
/// already.
pub(super) async fn paid_changes(
    store: &dyn Store,
    before: &Loaded<Order>,
    paid: &Order,
    now: Timestamp,
) -> Result<Vec<Change>, Failure> {
    let mut changes = sale_changes(store, paid, now).await?;
    changes.push(before.replace(paid)?);
    changes.extend(discount::redeem(store, &before.value, now).await?);
    Ok(changes)
}

/// The sale of a paid order and its photos, without the order's own row and its coupon.
pub(super) async fn sale_changes(store: &dyn Store, paid: &Order, now: Timestamp) -> Result<Vec<Change>, Failure> {
    let State::Paid { by, .. } = &paid.state else { return Err(Failure::internal("an order that is not paid")) };
    let (net, discount) = (paid.payable(), paid.discount_amount());
    let mut wallet = WalletTransaction::load(store, paid.owner).await?;
    let source = match by {
        PaidBy::Balance | PaidBy::Coupon => user_account(paid.owner),
        PaidBy::Provider { provider, .. } => Account::Channel(*provider),
    };
    let sale = Transaction::sale(source, net, discount)?;
    if *by == PaidBy::Balance && !net.is_zero() {
        wallet.apply(Movement::Debit(net), &paid.no, TransactionKind::Sale, &sale, now)?;
    } else {
        wallet.record(&paid.no, TransactionKind::Sale, &sale, now);
    }
    let mut changes = wallet.into_changes()?;
    changes.extend(photos::paid_changes(store, paid.owner, &paid.lines, now).await?);
    Ok(changes)
}
