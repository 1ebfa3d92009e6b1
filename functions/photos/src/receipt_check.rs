//! The public check of a receipt, to which its left QR code leads.

use app::photos::Photos;
use app::rate_limit::{self, RateLimitError};
use app::receipts::{ReceiptStatus, Receipts};
use axum::extract::{Path, State};
use domain::token_bucket::TokenBucket;
use http_api::catalogue::{self, Facts};
use http_api::responses;
use http_api::{ClientAddress, Json, Locale, Problem};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// The rate limit per address: enough for an office that scans one receipt after another, too slow to guess tokens.
const PER_ADDRESS: TokenBucket = TokenBucket::new(60, SignedDuration::from_secs(2));

/// The status of a receipt. It holds no personal data; compare the number with the printed one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptCheck {
    /// valid, expired or unknown
    #[schema(example = "valid")]
    state: &'static str,
    #[schema(example = "回执有效")]
    state_text: String,
    /// The image number as printed on the receipt, unless unknown
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "AL200166498")]
    image_no: Option<String>,
    /// Only while it is valid
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_until: Option<Timestamp>,
}

/// 回执核验: checks a receipt
#[utoipa::path(
    get,
    path = "/v1/public/receipts/{token}",
    params(("token" = String, Path, description = "The end of the left QR code's address")),
    responses(
        responses::Public,
        (status = 200, body = ReceiptCheck),
    )
)]
pub async fn check(
    State(receipts): State<Receipts>,
    State(photos): State<Photos>,
    address: ClientAddress,
    locale: Locale,
    Path(token): Path<String>,
) -> Result<Json<ReceiptCheck>, Problem> {
    let now = photos.clock.now();
    let taken = rate_limit::acquire(&*photos.store, now, "receipt-check", &address.rate_limit_key(), PER_ADDRESS).await;
    taken.map_err(rate_limited)?;
    let checked = receipts.check(&token).await?;
    Ok(Json(ReceiptCheck::new(checked, locale)))
}

fn rate_limited(failure: RateLimitError) -> Problem {
    match failure {
        RateLimitError::Exceeded(wait) => Problem::too_many_requests(wait.as_secs().unsigned_abs() + 1),
        RateLimitError::Store(cause) => Problem::unavailable(cause),
    }
}

impl ReceiptCheck {
    fn new(status: ReceiptStatus, locale: Locale) -> Self {
        let (state, number, valid_until) = match status {
            ReceiptStatus::Valid { number, until } => ("valid", Some(number), Some(until)),
            ReceiptStatus::Expired { number } => ("expired", Some(number), None),
            ReceiptStatus::Unknown => ("unknown", None, None),
        };
        let state_text = catalogue::title(locale, &format!("receipt-{state}"), &Facts::new()).into_owned();
        Self { state, state_text, image_no: number.map(|number| number.to_string()), valid_until }
    }
}
