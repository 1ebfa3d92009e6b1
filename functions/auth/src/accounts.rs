//! 注册: registration.

use app::accounts::{CodeAnswer, Register};
use axum::extract::State;
use axum::response::Response;
use domain::account::Kind;
use http_api::responses;
use http_api::{Json, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::captchas::CaptchaAnswer;
use crate::client_info::ClientInfo;
use crate::sessions::{Client, SessionBody, signed_in};
use crate::{AppState, failure};

/// A registration (manual 000, section 1.1; manual 004, section 2.1).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewAccount {
    /// `personal` or `studio`
    #[serde(default)]
    #[schema(value_type = String, example = "personal")]
    kind: Kind,
    /// 4 to 32 letters, digits, `_`, `-`, `.`, beginning with a letter
    ///
    /// Optional with a phone, which then is the name to sign in with
    user_name: Option<String>,
    /// 手机号, with the code sent there for the purpose `register`
    phone: Option<String>,
    code_id: Option<String>,
    code: Option<String>,
    nickname: Option<String>,
    /// At least 8 characters with a digit, a lower-case and an upper-case letter and a special character
    password: String,
    /// The version of the agreement that the person accepted
    #[schema(example = "2024-02")]
    agreement: String,
    captcha: Option<CaptchaAnswer>,
    #[serde(default)]
    client: Client,
    /// The device's name in the list of sessions
    device: Option<String>,
}

/// 注册: creates the account and signs it in
#[utoipa::path(
    post,
    path = "/v1/accounts",
    request_body = NewAccount,
    responses(
        responses::PublicBody,
        (status = 201, body = SessionBody),
        (status = 409, description = "user-name-taken"),
    )
)]
pub async fn create(
    State(state): State<AppState>,
    info: ClientInfo,
    Json(form): Json<NewAccount>,
) -> Result<Response, Problem> {
    let client = form.client;
    let command = Register {
        kind: form.kind,
        user_name: form.user_name,
        phone: form.phone.map(|phone| (phone, answer(form.code_id, form.code))),
        nickname: form.nickname,
        password: form.password.into(),
        agreement: form.agreement,
        captcha: form.captcha.map(Into::into),
        device: info.device(form.device),
    };
    let person = state.accounts.register(command).await.map_err(failure::problem)?;
    signed_in(&state, person, client).await
}

/// A missing id or code counts as a wrong code.
fn answer(id: Option<String>, digits: Option<String>) -> CodeAnswer {
    CodeAnswer { id: id.unwrap_or_default(), digits: digits.unwrap_or_default() }
}
