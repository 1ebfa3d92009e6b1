//! The callback of the provider. It is authenticated by the signature over its raw bytes, and everything it causes is
//! idempotent.

use app::invoices::handle_callback;
use app::payments::CallbackRejected;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http_api::callback::Callback;
use serde_json::json;

use crate::AppState;

/// Acknowledges a recorded callback in the form that the provider expects. After any other response the provider
/// repeats the callback. The cause of a failure is only logged.
pub async fn take(State(state): State<AppState>, Callback(callback): Callback) -> Response {
    match handle_callback(&state.invoicing, &callback).await {
        Ok(()) => axum::Json(json!({"code": 200, "msg": "success"})).into_response(),
        Err(CallbackRejected::InvalidSignature(cause)) => {
            tracing::warn!(%cause, "invoice callback rejected: invalid signature");
            error_response(StatusCode::UNAUTHORIZED)
        }
        Err(CallbackRejected::Failed(cause)) => {
            tracing::error!(%cause, "invoice callback could not be recorded");
            error_response(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

fn error_response(status: StatusCode) -> Response {
    (status, axum::Json(json!({"code": status.as_u16(), "msg": "try again"}))).into_response()
}
