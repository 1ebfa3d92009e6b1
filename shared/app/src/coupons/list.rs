//! The customer's coupons, by tab.

use std::cmp::Reverse;

use domain::actor::AccountId;
use domain::money::Fen;
use domain::money::coupon::{Coupon, Tab};
use jiff::Timestamp;

use crate::failure::Failure;
use crate::store::Store;

/// The coupons under one tab at `now`: usable ones in the order in which they would be picked, the others newest first. With a
/// `price`, only those whose minimum spend allows it.
///
/// # Errors
///
/// [`Failure::Unavailable`] if the store does not answer; [`Failure::Internal`] if a row is malformed.
pub async fn list(
    store: &dyn Store,
    owner: AccountId,
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
