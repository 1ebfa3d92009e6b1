//! 获取短信验证码: sends a code by SMS.

use app::accounts::{Requester, SentCode};
use axum::extract::State;
use axum::http::StatusCode;
use domain::account::code::Purpose;
use http_api::responses;
use http_api::{ClientAddress, ClientDevice, Json, LiveActor, Problem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::captchas::CaptchaAnswer;
use crate::{AppState, failure};

/// A request for a code. With `step-up` it goes to the signed-in caller's own phone; every other purpose names a phone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewSmsCode)]
pub struct NewCode {
    /// `register`, `sign-in`, `bind-phone` or `step-up`
    #[schema(value_type = String, example = "sign-in")]
    purpose: Purpose,
    phone: Option<String>,
    /// Solved for the purpose `sms-code`
    captcha: Option<CaptchaAnswer>,
}

/// A code was queued, if the number can have one. The answer is the same in both cases.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SmsCode)]
pub struct CodeBody {
    code_id: String,
    /// The next code for this number can be requested then
    #[schema(value_type = String, format = DateTime)]
    resend_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl From<SentCode> for CodeBody {
    fn from(sent: SentCode) -> Self {
        Self { code_id: sent.id, resend_at: sent.resend_at, expires_at: sent.expires_at }
    }
}

/// 获取短信验证码
#[utoipa::path(
    post,
    path = "/v1/sms-codes",
    params(("X-Device" = Option<String>, Header, description = "A random name of this installation, 16 to 64 letters and digits, for the limits")),
    request_body = NewCode,
    responses(
        responses::PublicBody,
        (status = 202, body = CodeBody),
    )
)]
pub async fn create(
    State(state): State<AppState>,
    address: ClientAddress,
    ClientDevice(device): ClientDevice,
    caller: Result<LiveActor, Problem>,
    Json(form): Json<NewCode>,
) -> Result<(StatusCode, Json<CodeBody>), Problem> {
    let captcha = form.captcha.map(Into::into);
    let sent = match (form.purpose, form.phone) {
        (Purpose::StepUp, _) => state.accounts.send_own_code(&caller?.0, captcha.as_ref()).await,
        // A password reset has a route of its own, which knows the number.
        (Purpose::Recover, _) => return Err(Problem::invalid().field("/purpose", "field-invalid")),
        (_, None) => return Err(Problem::invalid().field("/phone", "field-missing")),
        (purpose, Some(phone)) => {
            let requester = Requester { address: address.rate_limit_key(), device };
            state.accounts.send_code(purpose, &phone, captcha.as_ref(), &requester).await
        }
    };
    Ok((StatusCode::ACCEPTED, Json(sent.map_err(failure::problem)?.into())))
}
