//! Where the provider calls us. Nobody signs in here: a call counts by its signature over its raw bytes and by nothing else, and
//! everything it causes is idempotent.

use app::invoices::handle_callback;
use app::payments::CallbackRejected;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http_api::callback::Callback;
use serde_json::json;

use crate::AppState;

/// Acknowledged with the provider's own words; anything else, upon which it calls again. What went wrong stays in our log.
pub async fn take(State(state): State<AppState>, Callback(callback): Callback) -> Response {
    match handle_callback(&state.invoicing, &callback).await {
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
