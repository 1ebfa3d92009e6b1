//! 注销账户 and 导出个人信息: a person leaves, or takes what is theirs.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http_api::refusals::{Look, Write};
use http_api::telemetry::RequestId;
use http_api::{Json, LiveActor, Problem, ProblemBody};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::me::Me;
use crate::{Auth, failure};

/// A step-up token for the purpose of the route.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Proven {
    step_up_token: String,
}

/// 注销账户: in seven days; until then the wish can be taken back
#[utoipa::path(
    post,
    path = "/v1/me/closure",
    request_body = Proven,
    responses(
        Write,
        (status = 200, body = Me),
        (status = 403, description = "step-up-needed", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "account-has-balance, account-has-open-orders, account-has-open-invoices, account-has-roles, conflict", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn ask(
    State(auth): State<Auth>,
    LiveActor(actor): LiveActor,
    request: RequestId,
    Json(proven): Json<Proven>,
) -> Result<Json<Me>, Problem> {
    let asked = auth.accounts.ask_closure(&actor, Some(&proven.step_up_token), &request.0).await;
    Ok(Json(asked.map_err(failure::problem)?.into()))
}

/// 撤销注销
#[utoipa::path(
    delete,
    path = "/v1/me/closure",
    responses(
        Look,
        (status = 200, body = Me),
        (status = 409, description = "conflict", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn keep(
    State(auth): State<Auth>,
    LiveActor(actor): LiveActor,
    request: RequestId,
) -> Result<Json<Me>, Problem> {
    let kept = auth.accounts.keep_account(&actor, &request.0).await;
    Ok(Json(kept.map_err(failure::problem)?.into()))
}

/// Everything the system holds about the caller, personal values in full
#[utoipa::path(
    post,
    path = "/v1/me/export",
    request_body = Proven,
    responses(
        Write,
        (status = 200, description = "account, sessions, wallet, transactions, orders, recharges, coupons, invoices, photos", body = Object),
        (status = 403, description = "step-up-needed", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn export(
    State(auth): State<Auth>,
    LiveActor(actor): LiveActor,
    Json(proven): Json<Proven>,
) -> Result<Response, Problem> {
    let data = auth.accounts.export(&actor, Some(&proven.step_up_token)).await.map_err(failure::problem)?;
    let name = [("content-disposition", r#"attachment; filename="my-data.json""#)];
    Ok((StatusCode::OK, name, axum::Json(data)).into_response())
}
