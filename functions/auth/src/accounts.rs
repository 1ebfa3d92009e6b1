//! 注册

use app::accounts::{CodeAnswer, Register};
use axum::extract::State;
use axum::response::Response;
use domain::account::Kind;
use http_api::refusals::OpenWrite;
use http_api::{Json, Problem, ProblemBody};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::calling::Calling;
use crate::captchas::CaptchaAnswer;
use crate::sessions::{Client, SessionBody, signed_in};
use crate::{Auth, failure};

/// A registration. Manual 000, 1.1; 004, 2.1.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewAccount {
    /// `personal` or `studio`
    #[serde(default)]
    #[schema(value_type = String, example = "personal")]
    kind: Kind,
    /// 4 to 32 letters, digits, `_`, `-`, `.`; a letter first
    ///
    /// May be left out with a phone, which then is the name to sign in with
    user_name: Option<String>,
    /// 手机号, with the code sent there for the purpose `register`
    phone: Option<String>,
    code_id: Option<String>,
    code: Option<String>,
    nickname: Option<String>,
    /// At least 8 characters with digit, lower, upper and special
    password: String,
    /// The version of the agreement that was ticked
    #[schema(example = "2024-02")]
    agreement: String,
    captcha: Option<CaptchaAnswer>,
    #[serde(default)]
    client: Client,
    /// How the device calls itself in the list of sessions
    device: Option<String>,
}

/// 注册: creates the account and signs it in
#[utoipa::path(
    post,
    path = "/v1/accounts",
    request_body = NewAccount,
    responses(
        OpenWrite,
        (status = 201, body = SessionBody),
        (status = 409, description = "user-name-taken", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub async fn create(
    State(auth): State<Auth>,
    calling: Calling,
    Json(form): Json<NewAccount>,
) -> Result<Response, Problem> {
    let client = form.client;
    let command = Register {
        kind: form.kind,
        user_name: form.user_name,
        phone: form.phone.map(|phone| (phone, answer(form.code_id, form.code))),
        nickname: form.nickname,
        password: form.password,
        agreement: form.agreement,
        captcha: form.captcha.map(Into::into),
        device: calling.device(form.device),
    };
    let person = auth.accounts.register(command).await.map_err(failure::problem)?;
    signed_in(&auth, person, client).await
}

/// A code that was left out is a wrong code.
fn answer(id: Option<String>, digits: Option<String>) -> CodeAnswer {
    CodeAnswer { id: id.unwrap_or_default(), digits: digits.unwrap_or_default() }
}
