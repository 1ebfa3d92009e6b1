//! 采集单位: the registration of the unit that the receipts of an account name, by staff.

use app::audit::Reason;
use app::receipts::{InvalidUnit, Receipts, Unit};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::actor::{AccountId, Role};
use http_api::responses;
use http_api::{Json, Problem, Staff};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewUnit {
    /// 采集单位, 1 to 30 characters
    #[schema(example = "TEST-IST——ZZZX")]
    name: String,
    /// 联系电话: digits and hyphens
    #[schema(example = "13048958911")]
    phone: String,
    /// For the audit log, 1 to 200 letters
    why: String,
}

/// Sets 采集单位 for all receipts of an account
#[utoipa::path(
    put,
    path = "/v1/units/{account}",
    tag = "staff",
    params(("account" = String, Path)),
    request_body = NewUnit,
    responses(
        responses::Command,
        (status = 204, description = "Registered"),
        (status = 404),
    )
)]
pub async fn register(
    State(receipts): State<Receipts>,
    staff: Staff,
    Path(account): Path<String>,
    Json(new): Json<NewUnit>,
) -> Result<StatusCode, Problem> {
    let (by, why) = (staff.require_role(&[Role::Admin])?, Reason::parse(&new.why)?);
    let account: AccountId = account.parse().map_err(|_| Problem::not_found())?;
    let unit = Unit::new(&new.name, &new.phone).map_err(|invalid| match invalid {
        InvalidUnit::Name => Problem::invalid().field("/name", "field-invalid"),
        InvalidUnit::Phone => Problem::invalid().field("/phone", "field-invalid"),
    })?;
    receipts.register_unit(account, &unit, &by, &why).await?;
    Ok(StatusCode::NO_CONTENT)
}
