//! 优惠券: granted and frozen by staff, held by an open order, used by a paid one.

mod fall_due;
mod grant;
mod list;
mod staff;

use domain::Refused;
use domain::money::Fen;
use domain::money::coupon::{self, Coupon};
use jiff::Timestamp;

pub use fall_due::fall_due;
pub use grant::{Grant, grant};
pub use list::list;
pub use staff::{freeze, thaw};

use crate::books::{Loaded, of_person, page};
use crate::failure::Failure;
use crate::store::Store;

/// More coupons than this nobody has; what lies beyond is not looked at.
const PAGES_MAX: usize = 20;

/// All coupons of a person.
pub(crate) async fn all(store: &dyn Store, owner: &str) -> Result<Vec<Loaded<Coupon>>, Failure> {
    let mut query = of_person(owner, "COUPON#").descending();
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

/// The coupon that pays when nobody chooses.
pub(crate) fn pick(coupons: &[Loaded<Coupon>], price: Fen, now: Timestamp) -> Option<&Loaded<Coupon>> {
    let values: Vec<Coupon> = coupons.iter().map(|row| row.value.clone()).collect();
    let id = &coupon::pick(&values, price, now)?.id;
    coupons.iter().find(|row| row.value.id == *id)
}

pub(crate) const fn refused(_: Refused) -> Failure {
    Failure::Conflict { code: "coupon-not-usable" }
}
