//! Staff give coupons to people.

use domain::money::Fen;
use domain::money::coupon::{Coupon, State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit::{self, AuditAction, AuditActor, Reason, Subject};
use crate::backoff::Backoff;
use crate::books::{Loaded, MoneyContext};
use crate::failure::Failure;
use crate::idempotency::Command;

/// One command grants to at most this many people: all in one commit.
pub const PEOPLE_MAX: usize = 90;
const FACE_MAX: Fen = Fen::new(60_000);

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    pub owners: Vec<String>,
    pub face_fen: Fen,
    pub min_spend_fen: Fen,
    pub expires_at: Timestamp,
}

/// Every named person receives one coupon, or nobody does.
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
        if let Some(done) = command.response(&*money.store, now).await? {
            return Ok(done);
        }
        check(grant, now)?;
        let coupon = |owner: &String| Coupon {
            id: money.number(now),
            owner: owner.clone(),
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
    if grant.owners.is_empty() || grant.owners.len() > PEOPLE_MAX {
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
