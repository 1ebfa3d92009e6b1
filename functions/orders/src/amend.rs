//! Another method, another coupon, or no order after all.

use app::orders;
use axum::extract::{Path, State};
use http_kit::{Json, LiveActor, Problem, ProblemBody};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Orders;
use crate::body::{Method, OrderBody};
use crate::place::coupon;
use crate::read::number;

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Amendment {
    method: Method,
    /// Left out: no coupon for a provider, the coupon that expires soonest for the balance
    coupon_id: Option<String>,
}

/// Changes how an unpaid order will be paid. A payment under way is closed first; was it made meanwhile, the answer is the paid order.
#[utoipa::path(patch, path = "/v1/orders/{no}", tag = "orders", params(("no" = String, Path)),
    responses((status = 200, body = OrderBody), (status = 409, body = ProblemBody, description = "order-not-payable, coupon-not-usable, payment-unclear")))]
pub async fn amend(
    State(state): State<Orders>,
    LiveActor(actor): LiveActor,
    Path(no): Path<String>,
    Json(wish): Json<Amendment>,
) -> Result<Json<OrderBody>, Problem> {
    let (owner, no, coupon) = (actor.account.to_string(), number(&no)?, coupon(wish.coupon_id.as_deref())?);
    let order = orders::change(&state.cashier, &owner, &no, wish.method.into(), coupon.as_ref()).await?;
    Ok(Json(order.into()))
}

/// Closes an unpaid order; its photos and its coupon are free again. Closing a closed order changes nothing.
#[utoipa::path(post, path = "/v1/orders/{no}/cancellation", tag = "orders", params(("no" = String, Path)),
    responses((status = 200, body = OrderBody), (status = 409, body = ProblemBody, description = "order-not-payable, payment-unclear")))]
pub async fn cancel(
    State(state): State<Orders>,
    LiveActor(actor): LiveActor,
    Path(no): Path<String>,
) -> Result<Json<OrderBody>, Problem> {
    let order = orders::cancel(&state.cashier, &actor.account.to_string(), &number(&no)?).await?;
    Ok(Json(order.into()))
}
