//! Refunding a paid order, by staff.

use app::audit::Reason;
use app::idempotency::Command;
use app::orders;
use axum::extract::{Path, State};
use domain::actor::{AccountId, Role};
use http_api::responses;
use http_api::{IdempotencyKey, Json, Problem, Staff};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::AppState;
use crate::body::OrderBody;
use crate::read::number;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRefund {
    /// The account that owns the order
    account: String,
    /// For the audit log, 1 to 200 letters
    why: String,
}

/// Refunds everything that was paid: to the balance at once, or through the provider, which completes it later. For staff of the
/// role `finance` or `admin`.
#[utoipa::path(post, path = "/v1/orders/{no}/refund", tag = "staff",
    params(("no" = String, Path), ("Idempotency-Key" = String, Header, description = "One per submission; repeat it on a retry")),
    responses(responses::IdempotentCommand, (status = 200, body = OrderBody),
        (status = 403, description = "forbidden, phone-needed, second-factor-needed"),
        (status = 404, description = "not-found"),
        (status = 409, description = "order-not-paid, order-invoiced")))]
pub async fn refund(
    State(state): State<AppState>,
    staff: Staff,
    Path(no): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Json(request): Json<NewRefund>,
) -> Result<Json<OrderBody>, Problem> {
    let (by, why) = (staff.require_role(&[Role::Finance, Role::Admin])?, Reason::parse(&request.why)?);
    let owner: AccountId = request.account.parse().map_err(|_| Problem::not_found())?;
    let no = number(&no)?;
    let command = Command::new(&by.id, "refund-order", &key, &(&no, &request))?;
    let order = orders::refund(&state.payments.money, &by, owner, &no, &why, &command).await?;
    Ok(Json(order.into()))
}
