//! 绑定邮箱: sends an e-mail with a link, and binds the address when the link is followed.

use app::accounts::BindEmailRequest;
use axum::extract::State;
use axum::http::StatusCode;
use http_api::responses;
use http_api::{ClientAddress, Json, LiveActor, Problem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::captchas::CaptchaAnswer;
use crate::me::Me;
use crate::{AppState, failure};

/// An e-mail address to bind, after 验证身份.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewEmail {
    #[schema(example = "zhang.san@example.cn")]
    email: String,
    /// Solved for the purpose `bind-email`
    captcha: Option<CaptchaAnswer>,
    /// From `POST /v1/me/step-ups` with the purpose `bind-email`
    step_up_token: Option<String>,
}

/// The e-mail was queued.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SentEmailLink {
    /// Masked
    #[schema(example = "zha***@example.cn")]
    email: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// 发送激活链接: the link can be used once, within a day, by this account
#[utoipa::path(
    post,
    path = "/v1/me/email",
    request_body = NewEmail,
    responses(
        responses::Command,
        (status = 202, body = SentEmailLink),
        (status = 403, description = "step-up-needed"),
        (status = 409, description = "conflict"),
    )
)]
pub async fn send_link(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    address: ClientAddress,
    Json(form): Json<NewEmail>,
) -> Result<(StatusCode, Json<SentEmailLink>), Problem> {
    let page = state
        .dependencies
        .page
        .as_deref()
        .ok_or_else(|| Problem::unavailable("the origin of the page is not configured"))?;
    let (captcha, address) = (form.captcha.map(Into::into), address.rate_limit_key());
    let (captcha, step_up) = (captcha.as_ref(), form.step_up_token.as_deref());
    let request = BindEmailRequest { email: &form.email, captcha, step_up, address: &address, page };
    let sent = state.accounts.send_email_link(&actor, request).await.map_err(failure::problem)?;
    Ok((StatusCode::ACCEPTED, Json(SentEmailLink { email: sent.email_masked, expires_at: sent.expires_at })))
}

/// The part of the link after `#`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct EmailConfirmation {
    token: String,
}

/// 邮箱已成功绑定: works only for the account that requested the link
#[utoipa::path(
    post,
    path = "/v1/me/email/confirmations",
    request_body = EmailConfirmation,
    responses(
        responses::Command,
        (status = 200, body = Me),
        (status = 404, description = "email-link-unknown"),
        (status = 409, description = "email-link-used, email-link-expired, conflict"),
    )
)]
pub async fn confirm(
    State(state): State<AppState>,
    LiveActor(actor): LiveActor,
    Json(link): Json<EmailConfirmation>,
) -> Result<Json<Me>, Problem> {
    let bound = state.accounts.confirm_email(&actor, &link.token).await;
    Ok(Json(bound.map_err(failure::problem)?.into()))
}
