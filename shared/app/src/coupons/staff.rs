//! Staff freeze a coupon that should not be used, and thaw it. Doing either twice is doing it once.

use domain::Refused;
use domain::money::coupon::{Coupon, State};
use domain::money::number::Number;
use jiff::Timestamp;
use serde_json::json;

use crate::audit::{self, AuditAction, AuditActor, Reason, Subject};
use crate::backoff::Backoff;
use crate::books::{Loaded, MoneyContext, key, load};
use crate::failure::Failure;

pub async fn freeze(
    money: &MoneyContext,
    by: &AuditActor,
    owner: &str,
    id: &Number,
    why: &Reason,
) -> Result<Coupon, Failure> {
    let (staff, reason) = (&by.id, why.as_str());
    let already = |coupon: &Coupon| matches!(&coupon.state, State::Frozen { why: before, .. } if before == reason);
    let event = |coupon: Coupon, now| coupon.freeze(staff.clone(), reason.to_owned(), now);
    change(money, &Act { by, what: "coupon-freeze", why }, owner, id, already, event).await
}

pub async fn thaw(
    money: &MoneyContext,
    by: &AuditActor,
    owner: &str,
    id: &Number,
    why: &Reason,
) -> Result<Coupon, Failure> {
    let already = |coupon: &Coupon| coupon.state == State::Usable;
    change(money, &Act { by, what: "coupon-thaw", why }, owner, id, already, Coupon::thaw).await
}

struct Act<'a> {
    by: &'a AuditActor,
    what: &'static str,
    why: &'a Reason,
}

async fn change(
    money: &MoneyContext,
    act: &Act<'_>,
    owner: &str,
    id: &Number,
    already: impl Fn(&Coupon) -> bool + Send,
    event: impl Fn(Coupon, Timestamp) -> Result<Coupon, Refused> + Send,
) -> Result<Coupon, Failure> {
    let mut backoff = Backoff::default();
    loop {
        let now = money.clock.now();
        let row: Loaded<Coupon> = load(&*money.store, &key::coupon(owner, id)).await?.ok_or(Failure::NotFound)?;
        if already(&row.value) {
            return Ok(row.value);
        }
        let changed = event(row.value.clone(), now).map_err(super::refused)?;
        let (by, what, subject) = (act.by, act.what, Subject::account(owner));
        let action = AuditAction { by, what, subject, why: act.why, facts: json!({"couponId": id}) };
        let line = audit::entry(&*money.store, &action, now).await?;
        match money.commit(now, vec![row.replace(&changed)?, line]).await {
            Ok(()) => return Ok(changed),
            Err(Failure::Raced) => backoff.wait(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}
