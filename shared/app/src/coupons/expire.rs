//! Reminders and expiry of coupons. Every read computes the expiry, so writing it down changes nothing for the customer.

use domain::actor::AccountId;
use domain::money::coupon::Coupon;
use domain::money::number::Number;
use jiff::Timestamp;

use crate::failure::Failure;
use crate::ledger::{MoneyContext, key, load};

/// Writes down the expiry of a coupon, or, three days before it, its reminder (IC-162). Returns whether this call wrote anything.
///
/// # Errors
///
/// [`Failure::Raced`] if the coupon changed meanwhile; [`Failure::Unavailable`] if the store does not answer.
pub async fn expire(money: &MoneyContext, owner: AccountId, id: &Number, now: Timestamp) -> Result<bool, Failure> {
    let Some(row) = load::<Coupon>(&*money.store, &key::coupon(owner, id)).await? else { return Ok(false) };
    let coupon = || row.value.clone();
    let Ok(next) = coupon().expire(now).or_else(|_| coupon().remind(now)) else { return Ok(false) };
    money.commit(now, vec![row.replace(&next)?]).await?;
    Ok(true)
}
