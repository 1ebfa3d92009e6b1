//! Changing and cancelling an unpaid order.

use app::idempotency::Command;
use app::orders;
use axum::extract::{Path, State};
use http_api::responses;
use http_api::{IdempotencyKey, Json, LiveActor, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::AppState;
use crate::body::{Method, OrderBody};
use crate::place::coupon;
use crate::read::number;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Amendment {
    method: Method,
    /// If absent: no coupon for a provider, the coupon that expires soonest for the balance
    coupon_id: Option<String>,
}

/// Changes method and coupon of an unpaid order. The current payment is closed first; if it has been made, the paid order is returned.
#[utoipa::path(patch, path = "/v1/orders/{no}", tag = "orders",
    params(("no" = String, Path), ("Idempotency-Key" = String, Header, description = "One per submission; repeat it on a retry")),
    responses(responses::IdempotentCommand, (status = 200, body = OrderBody),
        (status = 404, description = "not-found: the order or the coupon"),
        (status = 409, description = "order-not-payable, coupon-not-usable, payment-unclear")))]
pub async fn amend(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Path(no): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
    Json(amendment): Json<Amendment>,
) -> Result<Json<OrderBody>, Problem> {
    let (no, coupon) = (number(&no)?, coupon(amendment.coupon_id.as_deref())?);
    let command = Command::new(actor.account, "amend-order", &key, &(&no, &amendment))?;
    let order =
        orders::change(&state.payments, actor.account, &no, amendment.method.into(), coupon.as_ref(), &command).await?;
    Ok(Json(order.into()))
}

/// Closes an unpaid order and releases its photos and its coupon. Closing a closed order changes nothing.
#[utoipa::path(post, path = "/v1/orders/{no}/cancellation", tag = "orders",
    params(("no" = String, Path), ("Idempotency-Key" = String, Header, description = "One per submission; repeat it on a retry")),
    responses(responses::IdempotentCommandWithoutBody, (status = 200, body = OrderBody), (status = 404, description = "not-found"),
        (status = 409, description = "order-not-payable, payment-unclear")))]
pub async fn cancel(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Path(no): Path<String>,
    IdempotencyKey(key): IdempotencyKey,
) -> Result<Json<OrderBody>, Problem> {
    let no = number(&no)?;
    let command = Command::new(actor.account, "cancel-order", &key, &no)?;
    let order = orders::cancel(&state.payments, actor.account, &no, &command).await?;
    Ok(Json(order.into()))
}
