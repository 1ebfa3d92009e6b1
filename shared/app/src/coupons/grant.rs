//! Granting coupons, by staff.

use domain::actor::AccountId;
use domain::money::Fen;
use domain::money::coupon::{Coupon, State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit::{self, AuditAction, AuditActor, Reason, Subject};
use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::ledger::{Loaded, MoneyContext};

/// The most accounts of one grant: all its coupons are written in one commit.
pub const ACCOUNTS_MAX: usize = 90;
/// The highest face value, as high as the highest recharge.
const FACE_MAX: Fen = Fen::new(60_000);

/// One coupon for each of some accounts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// 1 to [`ACCOUNTS_MAX`] accounts.
    pub owners: Vec<AccountId>,
    /// 1 to 60000 fen.
    pub face_fen: Fen,
    /// The lowest price on which the coupons can be used; zero or more.
    pub min_spend_fen: Fen,
    /// The first instant at which they cannot be used any more; in the future.
    pub expires_at: Timestamp,
}

/// Grants one coupon to each account, or none at all, and records it in the audit log.
///
/// # Errors
///
/// [`Failure::Invalid`] for a field of `grant` that is out of range; [`Failure::KeyReused`].
pub async fn grant(
    money: &MoneyContext,
    by: &AuditActor,
    grant: &Grant,
    why: &Reason,
    command: &Command,
) -> Result<Vec<Coupon>, Failure> {
    let now = money.clock.now();
    let mut backoff = Backoff::default();
    loop {
        if let Some(answer) = command.response(&*money.store, now).await? {
            return Ok(answer);
        }
        check(grant, now)?;
        let coupon = |owner: &AccountId| Coupon {
            id: money.new_number(now),
            owner: *owner,
            face_fen: grant.face_fen,
            min_spend_fen: grant.min_spend_fen,
            expires_at: grant.expires_at,
            granted_by: by.id.clone(),
            granted_at: now,
            reminded_at: None,
            state: State::Usable,
        };
        let coupons: Vec<Coupon> = grant.owners.iter().map(coupon).collect();
        let puts: Result<Vec<_>, _> =
            coupons.iter().map(|coupon| Loaded::new(coupon.clone()).replace(coupon)).collect();
        let mut changes = puts?;
        changes.push(command.record(&coupons, now)?);
        let given: Vec<_> = coupons.iter().map(|coupon| json!([coupon.owner, coupon.id])).collect();
        let facts = json!({"faceFen": grant.face_fen, "expiresAt": grant.expires_at, "given": given});
        let action = AuditAction { by, what: "coupon-grant", subject: Subject::work_of(by), why, facts };
        changes.push(audit::entry(&*money.store, &action, now).await?);
        match money.commit(now, changes).await {
            Ok(()) => return Ok(coupons),
            Err(Failure::Raced) => backoff.wait(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}

fn check(grant: &Grant, now: Timestamp) -> Result<(), Failure> {
    if grant.owners.is_empty() || grant.owners.len() > ACCOUNTS_MAX {
        return Err(Failure::Invalid { field: "/accounts", code: "count-out-of-range" });
    }
    if grant.face_fen <= Fen::ZERO || grant.face_fen > FACE_MAX {
        return Err(Failure::Invalid { field: "/faceFen", code: "amount-out-of-range" });
    }
    if grant.min_spend_fen.is_negative() {
        return Err(Failure::Invalid { field: "/minSpendFen", code: "amount-out-of-range" });
    }
    if grant.expires_at <= now {
        return Err(Failure::Invalid { field: "/expiresAt", code: "date-past" });
    }
    Ok(())
}
