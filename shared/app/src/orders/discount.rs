//! Which coupon an order takes.

use domain::money::Fen;
use domain::money::coupon::{Coupon, Discount};
use domain::money::number::Number;
use domain::money::order::{Method, Order};
use jiff::Timestamp;

use crate::books::{Loaded, key, load};
use crate::coupons;
use crate::failure::Failure;
use crate::store::{Change, Store};

/// A coupon somebody chose; otherwise the balance takes the one that expires soonest, and a provider takes none.
pub async fn choose(
    store: &dyn Store,
    owner: &str,
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

/// The coupon of an order, used (it is paid) or free again (it is closed or takes another).
pub async fn resolve(store: &dyn Store, order: &Order, paid: bool, now: Timestamp) -> Result<Option<Change>, Failure> {
    let Some(Discount { coupon, .. }) = &order.discount else { return Ok(None) };
    let row: Loaded<Coupon> =
        load(store, &key::coupon(&order.owner, coupon)).await?.ok_or_else(|| Failure::internal("a coupon is gone"))?;
    let held = row.value.clone();
    let next = if paid { held.redeem(&order.no, now) } else { held.release(&order.no, now) };
    // The order was read before its coupon: one that no longer belongs to it says that somebody changed both meanwhile.
    Ok(Some(row.replace(&next.map_err(|_| Failure::Raced)?)?))
}
