//! Staff freeze a coupon that should not be used, and thaw it. Doing either twice is doing it once.

use domain::Refused;
use domain::money::coupon::{Coupon, State};
use domain::money::number::Number;
use jiff::Timestamp;

use crate::books::{Loaded, Till, key, load};
use crate::failure::Failure;
use crate::tries::Tries;

pub async fn freeze(till: &Till, staff: &str, owner: &str, id: &Number, why: &str) -> Result<Coupon, Failure> {
    let already = |coupon: &Coupon| matches!(&coupon.state, State::Frozen { why: before, .. } if before == why);
    change(till, owner, id, already, |coupon, now| coupon.freeze(staff.to_owned(), why.to_owned(), now)).await
}

pub async fn thaw(till: &Till, owner: &str, id: &Number) -> Result<Coupon, Failure> {
    change(till, owner, id, |coupon| coupon.state == State::Usable, Coupon::thaw).await
}

async fn change(
    till: &Till,
    owner: &str,
    id: &Number,
    already: impl Fn(&Coupon) -> bool + Send,
    event: impl Fn(Coupon, Timestamp) -> Result<Coupon, Refused> + Send,
) -> Result<Coupon, Failure> {
    let mut tries = Tries::default();
    loop {
        let now = till.clock.now().await;
        let row: Loaded<Coupon> = load(&*till.store, &key::coupon(owner, id)).await?.ok_or(Failure::NotFound)?;
        if already(&row.value) {
            return Ok(row.value);
        }
        let changed = event(row.value.clone(), now).map_err(super::refused)?;
        match till.commit(now, vec![row.replace(&changed)?]).await {
            Ok(()) => return Ok(changed),
            Err(Failure::Raced) => tries.again(&*till.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}
