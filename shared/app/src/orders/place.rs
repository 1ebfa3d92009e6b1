//! 确认下单.

use domain::money::number::Number;
use domain::money::order::{BadOrder, Method, Order, PaidBy};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{discount, settle};
use crate::backoff::Backoff;
use crate::books::{Books, Loaded, photo_lock};
use crate::coupons;
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::payments::PaymentService;
use crate::store::Change;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    pub image_nos: Vec<String>,
    pub method: Method,
    pub coupon: Option<Number>,
}

/// Takes the photos and the coupon, and waits 30 minutes for the money. When the coupon covers everything, nothing is to be paid
/// and the order is paid at once.
pub async fn place(payments: &PaymentService, owner: &str, wish: &Place, command: &Command) -> Result<Order, Failure> {
    let money = &payments.money;
    let mut backoff = Backoff::default();
    loop {
        let now = money.clock.now();
        if let Some(done) = command.response(&*money.store, now).await? {
            return Ok(done);
        }
        let (order, mut changes) = decide(payments, owner, wish, now).await?;
        changes.push(command.record(&order, now)?);
        match money.commit(now, changes).await {
            Ok(()) => return Ok(order),
            Err(Failure::Raced) => backoff.wait(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
        if command.response::<Order>(&*money.store, now).await?.is_none() {
            refuse_if_taken(payments, wish).await?;
        }
    }
}

async fn decide(
    payments: &PaymentService,
    owner: &str,
    wish: &Place,
    now: Timestamp,
) -> Result<(Order, Vec<Change>), Failure> {
    let money = &payments.money;
    let mut lines = Vec::new();
    for image_no in &wish.image_nos {
        lines.push(payments.photos.payable(owner, image_no, now).await?);
    }
    let mut order = Order::place(money.number(now), owner.to_owned(), lines, wish.method, now).map_err(bad)?;
    let price = order.gross();
    let coupon = discount::choose(&*money.store, owner, wish.method, wish.coupon.as_ref(), price, now).await?;
    order.discount = coupon.as_ref().map(|coupon| coupon.value.discount(price));
    let mut changes: Vec<Change> = wish.image_nos.iter().map(|no| photo_lock::take(no, &order.no)).collect();
    let free = order.payable().is_zero();
    if free {
        order = order.pay(PaidBy::Coupon, now).map_err(super::refused)?;
        changes.extend(settle::money(payments, &order, now).await?);
    } else {
        changes.extend(Books::of(&*money.store, owner).await?.changes()?);
    }
    if let Some(coupon) = coupon {
        let mut held = coupon.value.clone().hold(order.no.clone(), now).map_err(coupons::refused)?;
        if free {
            held = held.redeem(&order.no, now).map_err(coupons::refused)?;
        }
        changes.push(coupon.replace(&held)?);
    }
    changes.push(Loaded::new(order.clone()).replace(&order)?);
    Ok((order, changes))
}

/// A photo that another order holds stays so for half an hour: no use in trying again.
async fn refuse_if_taken(payments: &PaymentService, wish: &Place) -> Result<(), Failure> {
    for image_no in &wish.image_nos {
        if photo_lock::is_taken(&*payments.money.store, image_no).await? {
            return Err(Failure::Conflict { code: "photo-already-ordered" });
        }
    }
    Ok(())
}

fn bad(bad: BadOrder) -> Failure {
    match bad {
        BadOrder::Count => Failure::Invalid { field: "/imageNos", code: "count-out-of-range" },
        BadOrder::Twice => Failure::Invalid { field: "/imageNos", code: "listed-twice" },
        BadOrder::Overflow(overflow) => Failure::internal(overflow),
    }
}
