//! The coupon of an order.

use domain::Refused;
use domain::actor::AccountId;
use domain::money::Fen;
use domain::money::coupon::{Coupon, Discount};
use domain::money::number::Number;
use domain::money::order::{Method, Order};
use jiff::Timestamp;

use crate::coupons;
use crate::failure::Failure;
use crate::ledger::{Loaded, key, load};
use crate::store::{Change, Store};

/// The coupon for an order of this price: the one the customer chose; otherwise, if the balance pays, the one that
/// [`domain::money::coupon::pick`] finds; otherwise none. Refused as `not-found` or `coupon-not-usable`.
pub async fn choose(
    store: &dyn Store,
    owner: AccountId,
    method: Method,
    wanted: Option<&Number>,
    price: Fen,
    now: Timestamp,
) -> Result<Option<Loaded<Coupon>>, Failure> {
    match (wanted, method) {
        (Some(id), _) => {
            let coupon: Loaded<Coupon> = load(store, &key::coupon(owner, id)).await?.ok_or(Failure::NotFound)?;
            if !coupon.value.is_usable_for(price, now) {
                return Err(Failure::Conflict { code: "coupon-not-usable" });
            }
            Ok(Some(coupon))
        }
        (None, Method::Balance) => {
            let coupons = coupons::all(store, owner).await?;
            Ok(coupons::pick(&coupons, price, now).cloned())
        }
        (None, Method::Wechat | Method::Alipay) => Ok(None),
    }
}

/// The change that spends the coupon of an order that is being paid; `None` for an order without a coupon.
pub async fn redeem(store: &dyn Store, order: &Order, now: Timestamp) -> Result<Option<Change>, Failure> {
    change_coupon(store, order, |coupon| coupon.redeem(&order.no, now)).await
}

/// The change that returns the coupon of an order that is being closed or takes another coupon; `None` for an order without one.
pub async fn release(store: &dyn Store, order: &Order, now: Timestamp) -> Result<Option<Change>, Failure> {
    change_coupon(store, order, |coupon| coupon.release(&order.no, now)).await
}

async fn change_coupon(
    store: &dyn Store,
    order: &Order,
    transition: impl FnOnce(Coupon) -> Result<Coupon, Refused> + Send,
) -> Result<Option<Change>, Failure> {
    let Some(Discount { coupon, .. }) = &order.discount else { return Ok(None) };
    let row: Option<Loaded<Coupon>> = load(store, &key::coupon(order.owner, coupon)).await?;
    let row = row.ok_or_else(|| Failure::internal("the order's coupon does not exist"))?;
    // The order was read before its coupon. If the order does not hold the coupon, both changed in between.
    let next = transition(row.value.clone()).map_err(|_| Failure::Raced)?;
    Ok(Some(row.replace(&next)?))
}
