//! 优惠券: coupons, granted and frozen by staff, held by an open order, used by a paid one.

mod expire;
mod freeze;
mod grant;
mod list;

use domain::Refused;
use domain::actor::AccountId;
use domain::money::Fen;
use domain::money::coupon::{self, Coupon};
use jiff::Timestamp;

pub use expire::expire;
pub use freeze::{FreezeChange, change_freeze};
pub use grant::{ACCOUNTS_MAX, Grant, grant};
pub use list::list;

use crate::failure::Failure;
use crate::ledger::{Loaded, owner_rows, page};
use crate::store::Store;

/// A bound on the pages of coupons that are read for one customer; coupons beyond it are ignored.
const PAGES_MAX: usize = 20;

/// The coupons of a customer, newest first.
pub(crate) async fn all(store: &dyn Store, owner: AccountId) -> Result<Vec<Loaded<Coupon>>, Failure> {
    let mut query = owner_rows(owner, "COUPON#").descending();
    let mut coupons = Vec::new();
    for _ in 0..PAGES_MAX {
        let (found, next) = page(store, &query).await?;
        coupons.extend(found);
        match next {
            Some(next) => query = query.after(Some(next)),
            None => break,
        }
    }
    Ok(coupons)
}

/// The coupon that is taken when the balance pays and the customer chose none.
pub(crate) fn pick(coupons: &[Loaded<Coupon>], price: Fen, now: Timestamp) -> Option<&Loaded<Coupon>> {
    let values: Vec<Coupon> = coupons.iter().map(|row| row.value.clone()).collect();
    let id = &coupon::pick(&values, price, now)?.id;
    coupons.iter().find(|row| row.value.id == *id)
}

pub(crate) const fn refused(_: Refused) -> Failure {
    Failure::Conflict { code: "coupon-not-usable" }
}
