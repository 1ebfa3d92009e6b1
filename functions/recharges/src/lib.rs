//! The wallet: its balance, recharges, transactions.
//!
//! ```text
//! GET  /v1/wallet
//! GET  /v1/recharges/options         amounts to choose from, and the limits
//! POST /v1/recharges                 an amount -> a QR code to pay with      (Idempotency-Key)
//! GET  /v1/recharges/{no}?wait=20    waits up to 20 s until it is credited
//! GET  /v1/transactions              by order number, type and day; newest first
//! GET  /v1/transactions/statement.csv
//! ```

mod recharge;
mod run;
mod transactions;
mod wallet;

use std::sync::Arc;

use app::payments::PaymentService;
use axum::Router;
use axum::extract::FromRef;
use http_api::{Cursors, HttpStack, responses};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

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
#[openapi(info(title = "ID Photo Centre: wallet", version = "1"))]
struct Document;

fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(wallet::read))
        .routes(routes!(recharge::options))
        .routes(routes!(recharge::request))
        .routes(routes!(recharge::read))
        .routes(routes!(transactions::list))
        .routes(routes!(transactions::statement))
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
