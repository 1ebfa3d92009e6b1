//! Captchas: making one. Other requests carry the answer.

mod drawing;
mod strokes;

use app::captcha::{self, Answer, Purpose, Puzzle, PuzzleKind};
use app::rate_limit;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::token_bucket::TokenBucket;
use http_api::catalogue::{self, Facts};
use http_api::responses;
use http_api::{ClientAddress, Json, Locale, Problem};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AppState, failure};

/// Captchas of one network address.
const PER_ADDRESS: TokenBucket = TokenBucket::new(60, SignedDuration::from_secs(2));

/// The purpose and the kind of a captcha.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewCaptcha {
    #[schema(value_type = String, example = "sign-in")]
    purpose: Purpose,
    /// `picture`, or `sum` for people who cannot see pictures
    #[serde(default = "picture")]
    #[schema(value_type = String, example = "picture")]
    kind: PuzzleKind,
}

fn picture() -> PuzzleKind {
    PuzzleKind::Picture
}

/// A captcha: it can be answered once, for its purpose, until it expires.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Captcha {
    captcha_id: String,
    /// PNG as a data URI
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    /// A sum in words of the client's language
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// The answer to a captcha, as part of another request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CaptchaAnswer {
    captcha_id: String,
    answer: String,
}

impl From<CaptchaAnswer> for Answer {
    fn from(given: CaptchaAnswer) -> Self {
        Self { id: given.captcha_id, text: given.answer }
    }
}

/// 图片验证码
#[utoipa::path(
    post,
    path = "/v1/captchas",
    request_body = NewCaptcha,
    responses(
        responses::PublicBody,
        (status = 201, body = Captcha),
    )
)]
pub async fn create(
    State(state): State<AppState>,
    address: ClientAddress,
    locale: Locale,
    Json(form): Json<NewCaptcha>,
) -> Result<(StatusCode, Json<Captcha>), Problem> {
    let (store, random) = (&*state.dependencies.store, &*state.dependencies.random);
    let now = state.accounts.now();
    let taken = rate_limit::acquire(store, now, "captcha", &address.rate_limit_key(), PER_ADDRESS).await;
    taken.map_err(|empty| failure::problem(empty.into()))?;
    let made = captcha::issue(store, random, now, form.purpose, form.kind).await.map_err(failure::store)?;
    let (image, question) = match &made.puzzle {
        Puzzle::Picture(text) => {
            let png = drawing::png(text, random).map_err(Problem::internal)?;
            (Some(format!("data:image/png;base64,{}", STANDARD.encode(png))), None)
        }
        Puzzle::Sum(a, b) => {
            let facts = Facts::from([("a", a.to_string()), ("b", b.to_string())]);
            (None, Some(catalogue::title(locale, "captcha-sum", &facts).into_owned()))
        }
    };
    Ok((StatusCode::CREATED, Json(Captcha { captcha_id: made.id, image, question, expires_at: made.expires_at })))
}
