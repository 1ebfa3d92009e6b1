//! Where the payment providers call us: a trust zone of its own. Nobody signs in here; a call counts by its signature over its raw
//! bytes and by nothing else, and everything it causes is idempotent.
//!
//! ```text
//! POST /v1/payments/notices/wechat    204, or {"code": "FAIL"} with a 4xx or 5xx, upon which WeChat calls again
//! POST /v1/payments/notices/alipay    the seven bytes `success`, or anything else, upon which Alipay calls again
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
    match taken(&payments, Provider::Wechat, &callback).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(status) => {
            let answer = serde_json::json!({"code": "FAIL", "message": "try again"});
            (status, axum::Json(answer)).into_response()
        }
    }
}

async fn alipay(State(payments): State<PaymentService>, Callback(callback): Callback) -> Response {
    match taken(&payments, Provider::Alipay, &callback).await {
        Ok(()) => "success".into_response(),
        Err(status) => (status, "failure").into_response(),
    }
}

/// What went wrong stays in our log; the caller may be anybody.
async fn taken(payments: &PaymentService, provider: Provider, notice: &RawCallback) -> Result<(), StatusCode> {
    match handle_callback(payments, provider, notice).await {
        Ok(()) => Ok(()),
        Err(CallbackRejected::InvalidSignature(why)) => {
            tracing::warn!(provider = provider.code(), %why, "a notice that is not genuine");
            Err(StatusCode::UNAUTHORIZED)
        }
        Err(CallbackRejected::Failed(why)) => {
            tracing::error!(provider = provider.code(), %why, "a genuine notice could not be noted");
            Err(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}
