//! Writes down that a coupon has expired. It was true before: every read computes it.

use domain::money::coupon::Coupon;
use domain::money::number::Number;
use jiff::Timestamp;

use crate::books::{Till, key, load};
use crate::failure::Failure;

/// Answers whether this call did it.
pub async fn expire(till: &Till, owner: &str, id: &Number, now: Timestamp) -> Result<bool, Failure> {
    let Some(row) = load::<Coupon>(&*till.store, &key::coupon(owner, id)).await? else { return Ok(false) };
    let Ok(expired) = row.value.clone().expire(now) else { return Ok(false) };
    till.commit(now, vec![row.replace(&expired)?]).await?;
    Ok(true)
}
