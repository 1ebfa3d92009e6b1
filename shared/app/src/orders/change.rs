//! Changing the payment method or the coupon of an unpaid order.

use domain::actor::AccountId;
use domain::money::number::Number;
use domain::money::order::{Method, Order, PaidBy, State};
use jiff::Timestamp;

use super::{discount, settle};
use crate::backoff::Backoff;
use crate::coupons;
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::ledger::Loaded;
use crate::payments::{PaymentOutcome, PaymentService, ensure_closed};
use crate::store::{Change, Store};

/// Changes method and coupon. The current payment attempt is closed at its provider first, so that two attempts can never both be
/// paid; if it turns out to be paid, the paid order is returned unchanged.
///
/// # Errors
///
/// [`Failure::NotFound`] for another customer's order or coupon; `order-not-payable` (409) once it is paid or closed;
/// `coupon-not-usable` (409); `payment-unclear` (409) while the provider does not say whether the attempt is closed;
/// [`Failure::KeyReused`].
pub async fn change(
    payments: &PaymentService,
    owner: AccountId,
    no: &Number,
    method: Method,
    coupon: Option<&Number>,
    command: &Command,
) -> Result<Order, Failure> {
    let mut backoff = Backoff::default();
    loop {
        match change_once(payments, owner, no, method, coupon, command).await {
            Err(Failure::Raced) => backoff.wait(&*payments.money.random).await?,
            changed => return changed,
        }
    }
}

async fn change_once(
    payments: &PaymentService,
    owner: AccountId,
    no: &Number,
    method: Method,
    coupon: Option<&Number>,
    command: &Command,
) -> Result<Order, Failure> {
    let money = &payments.money;
    let now = money.clock.now();
    if let Some(answer) = command.response(&*money.store, now).await? {
        return Ok(answer);
    }
    let row = super::read(&*money.store, owner, no).await?;
    if !matches!(row.value.state, State::AwaitingPayment { .. }) {
        return Err(Failure::Conflict { code: "order-not-payable" });
    }
    if let Some(payment_no) = row.value.current_payment()
        && ensure_closed(payments, &payment_no).await? == PaymentOutcome::Paid
    {
        let paid = super::get(&*money.store, owner, no).await?;
        command.store_response(&*money.store, &*money.random, &paid, now).await?;
        return Ok(paid);
    }
    let (order, mut changes) = decide(&*money.store, &row, method, coupon, now).await?;
    changes.push(command.record(&order, now)?);
    money.commit(now, changes).await?;
    Ok(order)
}

async fn decide(
    store: &dyn Store,
    row: &Loaded<Order>,
    method: Method,
    wanted: Option<&Number>,
    now: Timestamp,
) -> Result<(Order, Vec<Change>), Failure> {
    let before = &row.value;
    let current = before.discount.as_ref().map(|discount| &discount.coupon);
    let chosen_again = wanted.is_some() && current == wanted;
    let keeps_coupon = chosen_again || (wanted.is_none() && method == Method::Balance && current.is_some());
    let mut changes = Vec::new();
    let discount = if keeps_coupon {
        before.discount.clone()
    } else {
        let price = before.gross();
        let coupon = discount::choose(store, before.owner, method, wanted, price, now).await?;
        changes.extend(discount::release(store, before, now).await?);
        if let Some(coupon) = &coupon {
            let held = coupon.value.clone().hold(before.no.clone(), now).map_err(coupons::refused)?;
            let covers_price = coupon.value.discount(price).amount_fen == price;
            let next = if covers_price { held.redeem(&before.no, now).map_err(coupons::refused)? } else { held };
            changes.push(coupon.replace(&next)?);
        }
        coupon.map(|coupon| coupon.value.discount(price))
    };
    let mut order = before.clone().change(method, discount, now).map_err(super::refused)?;
    if order.payable().is_zero() {
        order = order.pay(PaidBy::Coupon, now).map_err(super::refused)?;
        changes.extend(settle::sale_changes(store, &order, now).await?);
    }
    changes.push(row.replace(&order)?);
    Ok((order, changes))
}
