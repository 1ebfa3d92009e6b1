//! 确认下单: placing an order.

use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use domain::money::number::Number;
use domain::money::order::{BadOrder, Method, Order, PaidBy};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{discount, photos, settle};
use crate::backoff::Backoff;
use crate::coupons;
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::ledger::{Loaded, MoneyContext, WalletTransaction, photo_lock};
use crate::store::{Change, Store};

/// What a customer orders.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaceOrder {
    /// Passed, unpaid photos of the customer.
    pub image_nos: Vec<ImageNumber>,
    /// How the customer wants to pay.
    pub method: Method,
    /// The coupon that the customer chose; see `discount::choose` for `None`.
    pub coupon: Option<Number>,
}

/// Places an order: locks its photos, holds its coupon, and waits for the payment for 30 minutes. If the coupon covers the whole
/// price, the order is paid at once.
///
/// # Errors
///
/// [`Failure::NotFound`] for another customer's photo or coupon; `photo-not-payable`, `photo-already-ordered` or
/// `coupon-not-usable` (409); [`Failure::Invalid`] for no photo, too many photos or a photo listed twice; [`Failure::KeyReused`].
pub async fn place(
    money: &MoneyContext,
    owner: AccountId,
    request: &PlaceOrder,
    command: &Command,
) -> Result<Order, Failure> {
    let mut backoff = Backoff::default();
    loop {
        let now = money.clock.now();
        if let Some(answer) = command.response(&*money.store, now).await? {
            return Ok(answer);
        }
        let (order, mut changes) = decide(money, owner, request, now).await?;
        changes.push(command.record(&order, now)?);
        match money.commit(now, changes).await {
            Ok(()) => return Ok(order),
            Err(Failure::Raced) => backoff.wait(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
        if command.response::<Order>(&*money.store, now).await?.is_none() {
            refuse_locked_photos(&*money.store, request).await?;
        }
    }
}

async fn decide(
    money: &MoneyContext,
    owner: AccountId,
    request: &PlaceOrder,
    now: Timestamp,
) -> Result<(Order, Vec<Change>), Failure> {
    let store = &*money.store;
    let mut lines = Vec::new();
    for image_no in &request.image_nos {
        lines.push(photos::order_line(store, owner, *image_no, now).await?);
    }
    let mut order = Order::place(money.new_number(now), owner, lines, request.method, now).map_err(bad_order)?;
    let price = order.gross();
    let coupon = discount::choose(store, owner, request.method, request.coupon.as_ref(), price, now).await?;
    order.discount = coupon.as_ref().map(|coupon| coupon.value.discount(price));
    let mut changes: Vec<Change> =
        request.image_nos.iter().map(|image_no| photo_lock::acquire(*image_no, &order.no)).collect();
    let is_free = order.payable().is_zero();
    if is_free {
        order = order.pay(PaidBy::Coupon, now).map_err(super::refused)?;
        changes.extend(settle::sale_changes(store, &order, now).await?);
    } else {
        changes.extend(WalletTransaction::load(store, owner).await?.into_changes()?);
    }
    if let Some(coupon) = coupon {
        let mut held = coupon.value.clone().hold(order.no.clone(), now).map_err(coupons::refused)?;
        if is_free {
            held = held.redeem(&order.no, now).map_err(coupons::refused)?;
        }
        changes.push(coupon.replace(&held)?);
    }
    changes.push(Loaded::new(order.clone()).replace(&order)?);
    Ok((order, changes))
}

/// Another order keeps a photo locked for up to half an hour, so a further try would be useless.
async fn refuse_locked_photos(store: &dyn Store, request: &PlaceOrder) -> Result<(), Failure> {
    for image_no in &request.image_nos {
        if photo_lock::is_held(store, *image_no).await? {
            return Err(Failure::Conflict { code: "photo-already-ordered" });
        }
    }
    Ok(())
}

fn bad_order(bad: BadOrder) -> Failure {
    match bad {
        BadOrder::Count => Failure::Invalid { field: "/imageNos", code: "count-out-of-range" },
        BadOrder::Twice => Failure::Invalid { field: "/imageNos", code: "listed-twice" },
        BadOrder::Overflow(overflow) => Failure::internal(overflow),
    }
}
