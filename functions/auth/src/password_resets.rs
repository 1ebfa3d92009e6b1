//! 忘记密码: name, code, new password. Tokens are in bodies and never in URLs, which are logged.

use app::accounts::CodeAnswer;
use axum::extract::State;
use axum::http::StatusCode;
use http_api::responses;
use http_api::{ClientAddress, Json, Problem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::captchas::CaptchaAnswer;
use crate::sms_codes::CodeBody;
use crate::{AppState, failure};

/// 第一步: 帐户名, and a captcha solved for `recover`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewPasswordReset)]
pub struct NewReset {
    login: String,
    captcha: Option<CaptchaAnswer>,
}

/// Identifies the reset in the other steps. For an unknown name the answer looks the same.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PasswordReset)]
pub struct ResetBody {
    reset_token: String,
    /// The phone that gets the code, masked
    #[schema(example = "185****0901")]
    phone: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResetStep {
    reset_token: String,
}

/// 第二步: 验证身份
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResetProof {
    reset_token: String,
    code_id: String,
    code: String,
}

/// 第三步: 重置密码
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResetPassword {
    reset_token: String,
    password: String,
}

/// 忘记密码 第一步: 输入帐户名
#[utoipa::path(
    post,
    path = "/v1/password-resets",
    request_body = NewReset,
    responses(
        responses::PublicBody,
        (status = 201, body = ResetBody),
    )
)]
pub async fn create(
    State(state): State<AppState>,
    address: ClientAddress,
    Json(form): Json<NewReset>,
) -> Result<(StatusCode, Json<ResetBody>), Problem> {
    let captcha = form.captcha.map(Into::into);
    let begun = state.accounts.start_recovery(&form.login, captcha.as_ref(), &address.rate_limit_key()).await;
    let begun = begun.map_err(failure::problem)?;
    let body = ResetBody { reset_token: begun.token, phone: begun.phone_masked, expires_at: begun.expires_at };
    Ok((StatusCode::CREATED, Json(body)))
}

/// 忘记密码 第二步: 获取短信验证码
#[utoipa::path(
    post,
    path = "/v1/password-resets/code",
    request_body = ResetStep,
    responses(
        responses::PublicBody,
        (status = 202, body = CodeBody),
        (status = 404, description = "not-found"),
        (status = 409, description = "step-out-of-order"),
    )
)]
pub async fn send_code(
    State(state): State<AppState>,
    Json(form): Json<ResetStep>,
) -> Result<(StatusCode, Json<CodeBody>), Problem> {
    let sent = state.accounts.send_recovery_code(&form.reset_token).await.map_err(failure::problem)?;
    Ok((StatusCode::ACCEPTED, Json(sent.into())))
}

/// 忘记密码 第二步: 验证身份
#[utoipa::path(
    post,
    path = "/v1/password-resets/verify",
    request_body = ResetProof,
    responses(
        responses::PublicBody,
        (status = 204),
        (status = 404, description = "not-found"),
        (status = 409, description = "step-out-of-order"),
        (status = 422, description = "code-wrong"),
    )
)]
pub async fn verify(State(state): State<AppState>, Json(form): Json<ResetProof>) -> Result<StatusCode, Problem> {
    let code = CodeAnswer { id: form.code_id, digits: form.code };
    state.accounts.prove_recovery(&form.reset_token, &code).await.map_err(failure::problem)?;
    Ok(StatusCode::NO_CONTENT)
}

/// 忘记密码 第三步: 重置密码
#[utoipa::path(
    post,
    path = "/v1/password-resets/password",
    request_body = ResetPassword,
    responses(
        responses::PublicBody,
        (status = 204),
        (status = 404, description = "not-found"),
        (status = 409, description = "step-out-of-order"),
    )
)]
pub async fn finish(State(state): State<AppState>, Json(form): Json<ResetPassword>) -> Result<StatusCode, Problem> {
    state.accounts.finish_recovery(&form.reset_token, &form.password).await.map_err(failure::problem)?;
    Ok(StatusCode::NO_CONTENT)
}
