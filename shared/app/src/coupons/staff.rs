//! Staff freeze a coupon that should not be used, and thaw it. Doing either twice is doing it once.

use domain::Refused;
use domain::money::coupon::{Coupon, State};
use domain::money::number::Number;
use jiff::Timestamp;
use serde_json::json;

use crate::audit::{self, Deed, Doer, Subject, Why};
use crate::books::{Loaded, Till, key, load};
use crate::failure::Failure;
use crate::tries::Tries;

pub async fn freeze(till: &Till, by: &Doer, owner: &str, id: &Number, why: &Why) -> Result<Coupon, Failure> {
    let (staff, reason) = (&by.by, why.as_str());
    let already = |coupon: &Coupon| matches!(&coupon.state, State::Frozen { why: before, .. } if before == reason);
    let event = |coupon: Coupon, now| coupon.freeze(staff.clone(), reason.to_owned(), now);
    change(till, &Act { by, what: "coupon-freeze", why }, owner, id, already, event).await
}

pub async fn thaw(till: &Till, by: &Doer, owner: &str, id: &Number, why: &Why) -> Result<Coupon, Failure> {
    let already = |coupon: &Coupon| coupon.state == State::Usable;
    change(till, &Act { by, what: "coupon-thaw", why }, owner, id, already, Coupon::thaw).await
}

struct Act<'a> {
    by: &'a Doer,
    what: &'static str,
    why: &'a Why,
}

async fn change(
    till: &Till,
    act: &Act<'_>,
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
        let (by, what, subject) = (act.by, act.what, Subject::account(owner));
        let deed = Deed { by, what, subject, why: act.why, facts: json!({"couponId": id}) };
        let line = audit::line(&*till.store, &deed, now).await?;
        match till.commit(now, vec![row.replace(&changed)?, line]).await {
            Ok(()) => return Ok(changed),
            Err(Failure::Raced) => tries.again(&*till.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}
