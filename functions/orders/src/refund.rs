//! Staff take a paid order back.

use app::audit::Why;
use app::orders;
use axum::extract::{Path, State};
use domain::actor::{AccountId, Role};
use http_kit::{Json, Problem, ProblemBody, Staff};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Orders;
use crate::body::OrderBody;
use crate::read::number;

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRefund {
    /// Whose order it is
    account: String,
    /// For the audit log, 1 to 200 letters
    why: String,
}

/// Returns everything that was paid: to the balance at once, through a provider as soon as it has sent it. For staff of the
/// role `finance` or `admin`.
#[utoipa::path(post, path = "/v1/orders/{no}/refund", tag = "staff", params(("no" = String, Path)),
    responses((status = 200, body = OrderBody), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody, description = "order-not-paid")))]
pub async fn refund(
    State(state): State<Orders>,
    staff: Staff,
    Path(no): Path<String>,
    Json(wish): Json<NewRefund>,
) -> Result<Json<OrderBody>, Problem> {
    let (by, why) = (staff.with(&[Role::Finance, Role::Admin])?, Why::parse(&wish.why)?);
    let owner: AccountId = wish.account.parse().map_err(|_| Problem::not_found())?;
    let order = orders::refund(&state.cashier, &by, &owner.to_string(), &number(&no)?, &why).await?;
    Ok(Json(order.into()))
}
