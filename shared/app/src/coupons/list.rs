//! A person's coupons under the four tabs.

use std::cmp::Reverse;

use domain::money::Fen;
use domain::money::coupon::{Coupon, Tab};
use jiff::Timestamp;

use crate::failure::Failure;
use crate::store::Store;

/// The coupons of one tab as of `now`: usable ones as they would be picked, the others newest first. `price` leaves only those
/// that may be used on it.
pub async fn list(
    store: &dyn Store,
    owner: &str,
    tab: Tab,
    price: Option<Fen>,
    now: Timestamp,
) -> Result<Vec<Coupon>, Failure> {
    let mut coupons: Vec<Coupon> = super::all(store, owner).await?.into_iter().map(|row| row.value).collect();
    coupons.retain(|coupon| coupon.tab(now) == tab && price.is_none_or(|price| coupon.min_spend_fen <= price));
    if tab == Tab::Usable {
        coupons.sort_by_key(|coupon| (coupon.expires_at, Reverse(coupon.face_fen), coupon.id.clone()));
    }
    Ok(coupons)
}
