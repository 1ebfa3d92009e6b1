//! 导出个人信息: the caller's own data.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http_api::responses;
use http_api::{Json, LiveActor, Problem};

use crate::close_account::Proven;
use crate::{AppState, failure};

/// Everything the system holds about the caller, personal values in full
#[utoipa::path(
    post,
    path = "/v1/me/export",
    request_body = Proven,
    responses(
        responses::Command,
        (status = 200, description = "account, sessions, wallet, transactions, orders, recharges, coupons, invoices, photos", body = Object),
        (status = 403, description = "step-up-needed"),
    )
)]
pub async fn export(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Json(proven): Json<Proven>,
) -> Result<Response, Problem> {
    let data = state.accounts.export(&actor, Some(&proven.step_up_token)).await.map_err(failure::problem)?;
    let name = [("content-disposition", r#"attachment; filename="my-data.json""#)];
    Ok((StatusCode::OK, name, axum::Json(data)).into_response())
}
