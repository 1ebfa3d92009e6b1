//! 注销账户: the request to close the account, and its cancellation.

use axum::extract::State;
use http_api::RequestId;
use http_api::responses;
use http_api::{Json, LiveActor, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::me::Me;
use crate::{AppState, failure};

/// A step-up token for the purpose of the route.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Proven {
    pub(crate) step_up_token: String,
}

/// 注销账户: closes the account in seven days; until then the request can be cancelled
#[utoipa::path(
    post,
    path = "/v1/me/closure",
    request_body = Proven,
    responses(
        responses::Command,
        (status = 200, body = Me),
        (status = 403, description = "step-up-needed"),
        (status = 409, description = "account-has-balance, account-has-open-orders, account-has-open-invoices, account-has-roles, conflict"),
    )
)]
pub async fn request(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    request: RequestId,
    Json(proven): Json<Proven>,
) -> Result<Json<Me>, Problem> {
    let requested = state.accounts.request_closure(&actor, Some(&proven.step_up_token), &request.0).await;
    Ok(Json(requested.map_err(failure::problem)?.into()))
}

/// 撤销注销
#[utoipa::path(
    delete,
    path = "/v1/me/closure",
    responses(
        responses::Get,
        (status = 200, body = Me),
        (status = 409, description = "conflict"),
    )
)]
pub async fn cancel(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    request: RequestId,
) -> Result<Json<Me>, Problem> {
    let cancelled = state.accounts.cancel_closure(&actor, &request.0).await;
    Ok(Json(cancelled.map_err(failure::problem)?.into()))
}
