//! 第二步验证: the second step of the sign-in of staff.

use app::accounts::SecondFactorProof;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::actor::Scope;
use http_api::responses;
use http_api::{Json, Problem, RestrictedActor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::client_info::ClientInfo;
use crate::sessions::{Client, SessionBody, enrolled, signed_in};
use crate::{AppState, failure};

/// A new authenticator; shown once.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SetUp)]
pub struct SetUpBody {
    /// For typing, where the QR code cannot be scanned
    secret: String,
    /// The content of the QR code
    #[schema(example = "otpauth://totp/…")]
    uri: String,
}

/// Begins to set up the second factor
#[utoipa::path(
    post,
    path = "/v1/me/second-factor",
    responses(
        responses::Get,
        (status = 201, body = SetUpBody),
        (status = 403, description = "not staff"),
        (status = 409, description = "second-factor-enrolled"),
    )
)]
pub async fn set_up(
    State(state): State<AppState>,
    actor: RestrictedActor,
) -> Result<(StatusCode, Json<SetUpBody>), Problem> {
    let actor = actor.require_scope(Scope::SecondFactor)?;
    let made = state.accounts.enrol_second_factor(&actor).await.map_err(failure::problem)?;
    Ok((StatusCode::CREATED, Json(SetUpBody { secret: made.secret, uri: made.uri })))
}

/// The first code of a new authenticator.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FirstCode {
    #[schema(example = "287082")]
    code: String,
    #[serde(default)]
    client: Client,
    device: Option<String>,
}

/// Confirms the authenticator: answers with a full session and the recovery codes
#[utoipa::path(
    post,
    path = "/v1/me/second-factor/confirmation",
    request_body = FirstCode,
    responses(
        responses::Command,
        (status = 201, body = SessionBody),
        (status = 404, description = "not begun"),
        (status = 409, description = "second-factor-enrolled"),
        (status = 422, description = "second-factor-wrong"),
    )
)]
pub async fn confirm(
    State(state): State<AppState>,
    actor: RestrictedActor,
    info: ClientInfo,
    Json(form): Json<FirstCode>,
) -> Result<Response, Problem> {
    let actor = actor.require_scope(Scope::SecondFactor)?;
    let done = state.accounts.confirm_second_factor(&actor, &form.code, info.device(form.device)).await;
    let (person, codes) = done.map_err(failure::problem)?;
    enrolled(&state, person, form.client, Some(codes)).await
}

/// The second step: a code of the authenticator, or a recovery code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecondStep {
    #[schema(example = "287082")]
    code: Option<String>,
    recovery_code: Option<String>,
    #[serde(default)]
    client: Client,
    device: Option<String>,
}

/// The second step of a sign-in: replaces the session of the first step by a full one
#[utoipa::path(
    post,
    path = "/v1/sessions/second-factor",
    request_body = SecondStep,
    responses(
        responses::Command,
        (status = 201, body = SessionBody),
        (status = 409, description = "second-factor-missing"),
        (status = 422, description = "second-factor-wrong"),
    )
)]
pub async fn show(
    State(state): State<AppState>,
    actor: RestrictedActor,
    info: ClientInfo,
    Json(form): Json<SecondStep>,
) -> Result<Response, Problem> {
    let actor = actor.require_scope(Scope::SecondFactor)?;
    let proof = match (form.code, form.recovery_code) {
        (_, Some(code)) => SecondFactorProof::Recovery(code),
        (code, None) => SecondFactorProof::Code(code.unwrap_or_default()),
    };
    let person = state.accounts.verify_second_factor(&actor, proof, info.device(form.device)).await;
    signed_in(&state, person.map_err(failure::problem)?, form.client).await
}
