//! Where the provider calls us. Nobody signs in here: a call counts by its signature over its raw bytes and by nothing else, and
//! everything it causes is idempotent.

use app::invoices::handle_callback;
use app::payments::CallbackRejected;
use app::payments::provider::RawCallback;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::Invoices;

/// Acknowledged with the provider's own words; anything else, upon which it calls again. What went wrong stays in our log.
pub async fn take(State(state): State<Invoices>, headers: HeaderMap, body: Bytes) -> Response {
    match handle_callback(&state.invoicing, &raw(&headers, &body)).await {
        Ok(()) => axum::Json(json!({"code": 200, "msg": "success"})).into_response(),
        Err(CallbackRejected::InvalidSignature(why)) => {
            tracing::warn!(%why, "a notice of an invoice that is not genuine");
            refusal(StatusCode::UNAUTHORIZED)
        }
        Err(CallbackRejected::Failed(why)) => {
            tracing::error!(%why, "a genuine notice of an invoice could not be noted");
            refusal(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

fn refusal(status: StatusCode) -> Response {
    (status, axum::Json(json!({"code": status.as_u16(), "msg": "try again"}))).into_response()
}

fn raw(headers: &HeaderMap, body: &Bytes) -> RawCallback {
    let header = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    RawCallback { headers: headers.iter().filter_map(header).collect(), body: body.to_vec() }
}
