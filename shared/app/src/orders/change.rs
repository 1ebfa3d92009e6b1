//! Another way to pay, or another coupon, as long as nothing is paid.

use domain::money::number::Number;
use domain::money::order::{Method, Order, PaidBy, State};
use jiff::Timestamp;

use super::{discount, settle};
use crate::backoff::Backoff;
use crate::books::Loaded;
use crate::coupons;
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::payments::{Ended, PaymentService, end};
use crate::store::Change;

/// An attempt under way is closed at its provider first, so that two can never be paid; if it turns out to be paid, that is the
/// answer. Refused as `payment-unclear` while the provider does not say.
pub async fn change(
    payments: &PaymentService,
    owner: &str,
    no: &Number,
    method: Method,
    coupon: Option<&Number>,
    command: &Command,
) -> Result<Order, Failure> {
    let mut backoff = Backoff::default();
    loop {
        match once(payments, owner, no, method, coupon, command).await {
            Err(Failure::Raced) => backoff.wait(&*payments.money.random).await?,
            changed => return changed,
        }
    }
}

async fn once(
    payments: &PaymentService,
    owner: &str,
    no: &Number,
    method: Method,
    coupon: Option<&Number>,
    command: &Command,
) -> Result<Order, Failure> {
    let money = &payments.money;
    let now = money.clock.now();
    if let Some(done) = command.response(&*money.store, now).await? {
        return Ok(done);
    }
    let row = super::read(&*money.store, owner, no).await?;
    if !matches!(row.value.state, State::AwaitingPayment { .. }) {
        return Err(Failure::Conflict { code: "order-not-payable" });
    }
    if let Some(attempt) = row.value.attempt()
        && end(payments, &attempt).await? == Ended::Paid
    {
        let paid = super::get(&*money.store, owner, no).await?;
        command.store_response(&*money.store, &*money.random, &paid, now).await?;
        return Ok(paid);
    }
    let (order, mut changes) = decide(payments, &row, method, coupon, now).await?;
    changes.push(command.record(&order, now)?);
    money.commit(now, changes).await?;
    Ok(order)
}

async fn decide(
    payments: &PaymentService,
    row: &Loaded<Order>,
    method: Method,
    wanted: Option<&Number>,
    now: Timestamp,
) -> Result<(Order, Vec<Change>), Failure> {
    let (store, was) = (&*payments.money.store, &row.value);
    let before = was.discount.as_ref().map(|discount| discount.coupon.clone());
    let chosen_again = wanted.is_some() && before.as_ref() == wanted;
    let keeps = chosen_again || (wanted.is_none() && method == Method::Balance && before.is_some());
    let mut changes = Vec::new();
    let discount = if keeps {
        was.discount.clone()
    } else {
        let price = was.gross();
        let coupon = discount::choose(store, &was.owner, method, wanted, price, now).await?;
        changes.extend(discount::resolve(store, was, false, now).await?);
        if let Some(coupon) = &coupon {
            let held = coupon.value.clone().hold(was.no.clone(), now).map_err(coupons::refused)?;
            let free = coupon.value.discount(price).amount_fen == price;
            let next = if free { held.redeem(&was.no, now).map_err(coupons::refused)? } else { held };
            changes.push(coupon.replace(&next)?);
        }
        coupon.map(|coupon| coupon.value.discount(price))
    };
    let mut order = was.clone().change(method, discount, now).map_err(super::refused)?;
    if order.payable().is_zero() {
        order = order.pay(PaidBy::Coupon, now).map_err(super::refused)?;
        changes.extend(settle::money(payments, &order, now).await?);
    }
    changes.push(row.replace(&order)?);
    Ok((order, changes))
}
