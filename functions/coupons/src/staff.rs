//! Granting and freezing coupons, for staff of the role `finance` or `admin`.

use app::audit::Reason;
use app::coupons::{self, FreezeChange, Grant};
use app::idempotency::Command;
use app::ledger::MoneyContext;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::actor::{AccountId, Role};
use domain::money::Fen;
use http_api::responses;
use http_api::{IdempotencyKey, Json, Problem, Staff};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::CouponBody;
use crate::list::CouponsBody;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCoupons {
    /// 1 to 90; each receives one
    accounts: Vec<String>,
    #[schema(example = 50)]
    face_fen: i64,
    #[serde(default)]
    min_spend_fen: i64,
    #[schema(value_type = String, example = "2025-01-01T00:00:00+08:00")]
    expires_at: Timestamp,
    /// For the audit log, 1 to 200 letters
    why: String,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Named {
    /// The account that owns the coupon
    account: String,
    /// For the audit log, and for a freeze also shown to the owner: 1 to 200 letters
    why: String,
}

/// The roles that manage coupons.
const ROLES: [Role; 2] = [Role::Finance, Role::Admin];

fn account(text: &str, pointer: &str) -> Result<AccountId, Problem> {
    text.parse().map_err(|_| Problem::invalid().field(pointer, "field-invalid"))
}

/// Grants one coupon to each account, or none at all.
#[utoipa::path(post, path = "/v1/coupons", tag = "staff",
    params(("Idempotency-Key" = String, Header, description = "One per submission; repeat it on a retry")),
    responses(responses::IdempotentCommand, (status = 201, body = CouponsBody),
        (status = 403, description = "forbidden, phone-needed, second-factor-needed"),
        (status = 422, description = "count-out-of-range, amount-out-of-range, date-past, idempotency-key-reused")))]
pub async fn grant(
    State(money): State<MoneyContext>,
    staff: Staff,
    IdempotencyKey(key): IdempotencyKey,
    Json(new): Json<NewCoupons>,
) -> Result<(StatusCode, Json<CouponsBody>), Problem> {
    let by = staff.require_role(&ROLES)?;
    let why = Reason::parse(&new.why)?;
    let owners: Result<Vec<_>, _> = new.accounts.iter().map(|text| account(text, "/accounts")).collect();
    let (face_fen, min_spend_fen) = (Fen::new(new.face_fen), Fen::new(new.min_spend_fen));
    let request = Grant { owners: owners?, face_fen, min_spend_fen, expires_at: new.expires_at };
    let command = Command::new(&by.id, "grant-coupons", &key, &request)?;
    let granted = coupons::grant(&money, &by, &request, &why, &command).await?;
    let now = money.clock.now();
    let items = granted.into_iter().map(|coupon| CouponBody::at(coupon, now)).collect();
    Ok((StatusCode::CREATED, Json(CouponsBody { items })))
}

/// Freezes a usable coupon.
#[utoipa::path(post, path = "/v1/coupons/{id}/freeze", tag = "staff",
    params(("id" = String, Path)),
    responses(responses::Command, (status = 200, body = CouponBody),
        (status = 403, description = "forbidden, phone-needed, second-factor-needed"),
        (status = 404, description = "not-found"),
        (status = 409, description = "coupon-not-usable")))]
pub async fn freeze(
    State(money): State<MoneyContext>,
    staff: Staff,
    Path(id): Path<String>,
    Json(named): Json<Named>,
) -> Result<Json<CouponBody>, Problem> {
    change_freeze(&money, &staff, FreezeChange::Freeze, &id, &named).await
}

/// Ends the freeze of a coupon; after its expiry it is expired then.
#[utoipa::path(post, path = "/v1/coupons/{id}/thaw", tag = "staff",
    params(("id" = String, Path)),
    responses(responses::Command, (status = 200, body = CouponBody),
        (status = 403, description = "forbidden, phone-needed, second-factor-needed"),
        (status = 404, description = "not-found"),
        (status = 409, description = "coupon-not-usable")))]
pub async fn thaw(
    State(money): State<MoneyContext>,
    staff: Staff,
    Path(id): Path<String>,
    Json(named): Json<Named>,
) -> Result<Json<CouponBody>, Problem> {
    change_freeze(&money, &staff, FreezeChange::Unfreeze, &id, &named).await
}

async fn change_freeze(
    money: &MoneyContext,
    staff: &Staff,
    change: FreezeChange,
    id: &str,
    named: &Named,
) -> Result<Json<CouponBody>, Problem> {
    let (by, why) = (staff.require_role(&ROLES)?, Reason::parse(&named.why)?);
    let (owner, id) = (account(&named.account, "/account")?, id.parse().map_err(|_| Problem::not_found())?);
    let coupon = coupons::change_freeze(money, &by, change, owner, &id, &why).await?;
    Ok(Json(CouponBody::at(coupon, money.clock.now())))
}
