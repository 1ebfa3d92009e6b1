//! What the calendar does to a coupon: three days before its end its owner is reminded (IC-162), at its end it has expired. The
//! second was true before: every read computes it.

use domain::money::coupon::Coupon;
use domain::money::number::Number;
use jiff::Timestamp;

use crate::books::{MoneyContext, key, load};
use crate::failure::Failure;

/// Answers whether this call wrote something down.
pub async fn fall_due(money: &MoneyContext, owner: &str, id: &Number, now: Timestamp) -> Result<bool, Failure> {
    let Some(row) = load::<Coupon>(&*money.store, &key::coupon(owner, id)).await? else { return Ok(false) };
    let coupon = || row.value.clone();
    let Ok(next) = coupon().expire(now).or_else(|_| coupon().remind(now)) else { return Ok(false) };
    money.commit(now, vec![row.replace(&next)?]).await?;
    Ok(true)
}
