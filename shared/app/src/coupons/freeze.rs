//! Freezing and unfreezing a coupon, by staff.

use domain::Refused;
use domain::actor::AccountId;
use domain::money::coupon::{Coupon, State};
use domain::money::number::Number;
use jiff::Timestamp;
use serde_json::json;

use crate::audit::{self, AuditAction, AuditActor, Reason, Subject};
use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::ledger::{Loaded, MoneyContext, key, load};

/// What staff do with a coupon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreezeChange {
    /// Blocks a usable coupon; the reason is shown to its owner.
    Freeze,
    /// Ends a freeze. In the audit log and in the API: `thaw`.
    Unfreeze,
}

impl FreezeChange {
    const fn audit_action(self) -> &'static str {
        match self {
            Self::Freeze => "coupon-freeze",
            Self::Unfreeze => "coupon-thaw",
        }
    }

    fn is_done(self, coupon: &Coupon, why: &Reason) -> bool {
        match (self, &coupon.state) {
            (Self::Freeze, State::Frozen { why: stored, .. }) => stored == why.as_str(),
            (Self::Unfreeze, State::Usable) => true,
            _ => false,
        }
    }

    fn apply(self, coupon: Coupon, by: &AuditActor, why: &Reason, now: Timestamp) -> Result<Coupon, Refused> {
        match self {
            Self::Freeze => coupon.freeze(by.id.clone(), why.as_str().to_owned(), now),
            Self::Unfreeze => coupon.unfreeze(now),
        }
    }
}

/// Freezes or unfreezes a coupon and records it in the audit log. A repeated change returns the coupon unchanged.
///
/// # Errors
///
/// [`Failure::NotFound`] if the customer has no such coupon; `coupon-not-usable` (409) if its state does not allow the change.
pub async fn change_freeze(
    money: &MoneyContext,
    by: &AuditActor,
    change: FreezeChange,
    owner: AccountId,
    id: &Number,
    why: &Reason,
) -> Result<Coupon, Failure> {
    let mut backoff = Backoff::default();
    loop {
        let now = money.clock.now();
        let row: Loaded<Coupon> = load(&*money.store, &key::coupon(owner, id)).await?.ok_or(Failure::NotFound)?;
        if change.is_done(&row.value, why) {
            return Ok(row.value);
        }
        let changed = change.apply(row.value.clone(), by, why, now).map_err(super::refused)?;
        let (what, subject, facts) = (change.audit_action(), Subject::account(owner), json!({"couponId": id}));
        let line = audit::entry(&*money.store, &AuditAction { by, what, subject, why, facts }, now).await?;
        match money.commit(now, vec![row.replace(&changed)?, line]).await {
            Ok(()) => return Ok(changed),
            Err(Failure::Raced) => backoff.wait(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}
