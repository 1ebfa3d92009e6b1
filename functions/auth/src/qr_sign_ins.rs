//! 扫码登录: a page shows a QR code; the person scans it with the app and confirms.

use app::accounts::QrClaim;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_api::responses;
use http_api::same_origin::SameOrigin;
use http_api::{Json, LiveActor, Problem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::client_info::ClientInfo;
use crate::sessions::{Client, SessionBody, signed_in};
use crate::{AppState, cookies, failure};

/// A QR code to scan. The page's secret is in the cookie `__Host-qr`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Qr)]
pub struct QrBody {
    qr_id: String,
    /// The content of the QR code
    #[schema(example = "idphoto:sign-in:...")]
    content: String,
    /// The page shows it; the person types it into the app
    #[schema(example = "47")]
    number: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// The device that wants to sign in, for the app to show before the person confirms.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QrRequest)]
pub struct QrRequestBody {
    device: String,
    address: String,
    #[schema(value_type = String, format = DateTime)]
    asked_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// The number the page shows.
#[derive(Debug, Deserialize, ToSchema)]
pub struct QrYes {
    number: String,
}

/// Not signed in yet: `waiting`, `scanned`, `denied`, `claimed` or `expired`.
#[derive(Debug, Serialize, ToSchema)]
pub struct QrState {
    state: &'static str,
}

/// 扫码登录: a new QR code
#[utoipa::path(
    post,
    path = "/v1/qr-sign-ins",
    responses(
        responses::Public,
        (status = 403, description = "forbidden"),
        (status = 201, body = QrBody),
    )
)]
pub async fn create(State(state): State<AppState>, _: SameOrigin, info: ClientInfo) -> Result<Response, Problem> {
    let ticket = state.accounts.start_qr_sign_in(info.device(None)).await.map_err(failure::problem)?;
    let seconds = ticket.expires_at.duration_since(state.accounts.now()).as_secs();
    let body = QrBody {
        content: format!("idphoto:sign-in:{}", ticket.id),
        qr_id: ticket.id,
        number: ticket.number,
        expires_at: ticket.expires_at,
    };
    let kept = cookies::QR.set(&ticket.poll_secret, seconds)?;
    Ok((StatusCode::CREATED, [(header::SET_COOKIE, kept)], Json(body)).into_response())
}

/// The page polls until it is signed in
#[utoipa::path(
    post,
    path = "/v1/qr-sign-ins/{qrId}/claim",
    params(("qrId" = String, Path)),
    responses(
        responses::Public,
        (status = 403, description = "forbidden"),
        (status = 200, description = "not yet", body = QrState),
        (status = 201, body = SessionBody),
        (status = 404),
    )
)]
pub async fn claim(
    State(state): State<AppState>,
    _: SameOrigin,
    Path(id): Path<String>,
    info: ClientInfo,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let secret = cookies::QR.read(&headers).ok_or_else(Problem::not_found)?;
    match state.accounts.claim_qr(&id, &secret, info.device(None)).await.map_err(failure::problem)? {
        QrClaim::Pending(state) => Ok(Json(QrState { state }).into_response()),
        QrClaim::SignedIn(person) => {
            let mut answer = signed_in(&state, *person, Client::Web).await?;
            answer.headers_mut().append(header::SET_COOKIE, cookies::QR.remove()?);
            Ok(answer)
        }
    }
}

/// The app scanned the QR code
#[utoipa::path(
    post,
    path = "/v1/qr-sign-ins/{qrId}/scan",
    params(("qrId" = String, Path)),
    responses(
        responses::Get,
        (status = 200, body = QrRequestBody),
        (status = 404, description = "not-found"),
        (status = 409, description = "step-out-of-order"),
    )
)]
pub async fn scan(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Path(id): Path<String>,
) -> Result<Json<QrRequestBody>, Problem> {
    let asked = state.accounts.scan_qr(&actor, &id).await.map_err(failure::problem)?;
    Ok(Json(QrRequestBody {
        device: asked.device.name,
        address: asked.device.address,
        asked_at: asked.asked_at,
        expires_at: asked.expires_at,
    }))
}

/// The person confirms; a wrong number ends the sign-in
#[utoipa::path(
    post,
    path = "/v1/qr-sign-ins/{qrId}/confirm",
    params(("qrId" = String, Path)),
    request_body = QrYes,
    responses(
        responses::Command,
        (status = 204),
        (status = 404, description = "not-found"),
        (status = 409, description = "step-out-of-order"),
        (status = 422, description = "code-wrong"),
    )
)]
pub async fn confirm(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Path(id): Path<String>,
    Json(yes): Json<QrYes>,
) -> Result<StatusCode, Problem> {
    state.accounts.confirm_qr(&actor, &id, &yes.number).await.map_err(failure::problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The person denies
#[utoipa::path(
    post,
    path = "/v1/qr-sign-ins/{qrId}/deny",
    params(("qrId" = String, Path)),
    responses(responses::Get, (status = 204), (status = 404, description = "not-found"),
        (status = 409))
)]
pub async fn deny(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    state.accounts.deny_qr(&actor, &id).await.map_err(failure::problem)?;
    Ok(StatusCode::NO_CONTENT)
}
