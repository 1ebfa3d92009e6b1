//! The callbacks of the payment providers. There is no session here: a callback is trusted only for its signature over its raw
//! bytes, and everything it causes is idempotent.
//!
//! ```text
//! POST /v1/payments/notices/wechat    204; or {"code": "FAIL"} with a 4xx or 5xx, and WeChat calls again
//! POST /v1/payments/notices/alipay    the seven bytes `success`; or anything else, and Alipay calls again
//! ```

mod run;

use app::payments::provider::RawCallback;
use app::payments::{CallbackRejected, PaymentService, handle_callback};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use domain::money::payment::Provider;
use http_api::HttpStack;
use http_api::callback::Callback;

pub use run::run;

/// The routes inside the middleware that every function has.
pub fn router(payments: PaymentService) -> Router {
    let stack = HttpStack::new(payments.money.store.clone(), payments.money.clock.clone());
    let routes = Router::new()
        .route("/v1/payments/notices/wechat", post(wechat))
        .route("/v1/payments/notices/alipay", post(alipay));
    stack.apply(routes.with_state(payments))
}

async fn wechat(State(payments): State<PaymentService>, Callback(callback): Callback) -> Response {
    match handle(&payments, Provider::Wechat, &callback).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(status) => {
            let body = serde_json::json!({"code": "FAIL", "message": "try again"});
            (status, axum::Json(body)).into_response()
        }
    }
}

async fn alipay(State(payments): State<PaymentService>, Callback(callback): Callback) -> Response {
    match handle(&payments, Provider::Alipay, &callback).await {
        Ok(()) => "success".into_response(),
        Err(status) => (status, "failure").into_response(),
    }
}

/// Handles a callback. The cause of a failure is only logged, because the caller can be anyone.
async fn handle(payments: &PaymentService, provider: Provider, callback: &RawCallback) -> Result<(), StatusCode> {
    match handle_callback(payments, provider, callback).await {
        Ok(()) => Ok(()),
        Err(CallbackRejected::InvalidSignature(cause)) => {
            tracing::warn!(provider = provider.code(), %cause, "payment callback rejected: invalid signature");
            Err(StatusCode::UNAUTHORIZED)
        }
        Err(CallbackRejected::Failed(cause)) => {
            tracing::error!(provider = provider.code(), %cause, "payment callback failed");
            Err(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}
