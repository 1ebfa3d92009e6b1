//! Orders of passed photos that are paid together.
//!
//! ```text
//! POST  /v1/orders                   photos, method, coupon -> an order that waits 30 minutes   (Idempotency-Key)
//! GET   /v1/orders                   by state, type, number and day; newest first
//! GET   /v1/orders/{no}
//! PATCH /v1/orders/{no}              another method or coupon while nothing is paid              (Idempotency-Key)
//! POST  /v1/orders/{no}/payments     pays from the balance, or returns the code to pay with      (Idempotency-Key)
//! POST  /v1/orders/{no}/cancellation                                                             (Idempotency-Key)
//! POST  /v1/orders/{no}/refund       staff                                                       (Idempotency-Key)
//! ```
//! After a payment at a provider, the client reads the order until its `state` is `paid`: the provider confirms the payment.

mod amend;
mod body;
mod list;
mod pay;
mod place;
mod read;
mod refund;
mod run;

use std::sync::Arc;

use app::payments::PaymentService;
use axum::Router;
use axum::extract::FromRef;
use http_api::{Cursors, HttpStack, responses};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use body::OrderBody;
pub use run::run;

/// The state that the handlers share.
#[derive(Debug, Clone)]
pub struct AppState {
    pub payments: PaymentService,
    cursors: Arc<Cursors>,
}

impl AppState {
    pub fn new(payments: PaymentService, cursor_key: &[u8; 32]) -> Self {
        Self { payments, cursors: Arc::new(Cursors::new(cursor_key)) }
    }
}

impl FromRef<AppState> for Arc<Cursors> {
    fn from_ref(state: &AppState) -> Self {
        state.cursors.clone()
    }
}

#[derive(OpenApi)]
#[openapi(info(title = "ID Photo Centre: orders", version = "1"))]
struct Document;

fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(place::place, list::list))
        .routes(routes!(read::read, amend::amend))
        .routes(routes!(pay::pay))
        .routes(routes!(amend::cancel))
        .routes(routes!(refund::refund))
}

/// The routes inside the middleware that every function has.
pub fn router(state: AppState) -> Router {
    let money = &state.payments.money;
    let stack = HttpStack::new(money.store.clone(), money.clock.clone());
    let (router, _) = routes().split_for_parts();
    stack.apply(router.with_state(state))
}

/// The part of the API description that belongs to this function.
pub fn openapi() -> utoipa::openapi::OpenApi {
    responses::with_problem_bodies(routes().into_openapi())
}
