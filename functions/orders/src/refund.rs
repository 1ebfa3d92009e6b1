//! Staff take a paid order back.

use app::orders;
use axum::extract::{Path, State};
use domain::actor::{AccountId, Role};
use http_kit::{Json, LiveActor, Problem, ProblemBody};
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
}

/// Returns everything that was paid: to the balance at once, through a provider as soon as it has sent it. For staff of the
/// role `finance` or `admin`.
#[utoipa::path(post, path = "/v1/orders/{no}/refund", tag = "staff", params(("no" = String, Path)),
    responses((status = 200, body = OrderBody), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody, description = "order-not-paid")))]
pub async fn refund(
    State(state): State<Orders>,
    LiveActor(actor): LiveActor,
    Path(no): Path<String>,
    Json(wish): Json<NewRefund>,
) -> Result<Json<OrderBody>, Problem> {
    if !actor.has(Role::Finance) && !actor.has(Role::Admin) {
        return Err(Problem::forbidden());
    }
    let owner: AccountId = wish.account.parse().map_err(|_| Problem::not_found())?;
    let order = orders::refund(&state.cashier, &owner.to_string(), &number(&no)?).await?;
    Ok(Json(order.into()))
}
