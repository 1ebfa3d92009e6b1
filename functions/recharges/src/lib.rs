//! The wallet: its balance, recharges, transactions.
//!
//! ```text
//! GET  /v1/wallet
//! GET  /v1/recharges/options         amounts to choose from, least and most
//! POST /v1/recharges                 an amount -> a QR code to pay at        (Idempotency-Key)
//! GET  /v1/recharges/{no}?wait=20    answers as soon as it is credited
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
use http_api::{Cursors, Kit};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use run::run;

/// What the handlers share.
#[derive(Debug, Clone)]
pub struct Recharges {
    pub payments: PaymentService,
    cursors: Arc<Cursors>,
}

impl Recharges {
    pub fn new(payments: PaymentService, cursor_key: &[u8; 32]) -> Self {
        Self { payments, cursors: Arc::new(Cursors::new(cursor_key)) }
    }
}

#[derive(OpenApi)]
#[openapi(info(title = "ID Photo Centre: wallet", version = "1"), components(schemas(http_api::ProblemBody)))]
struct Document;

fn routes() -> OpenApiRouter<Recharges> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(wallet::read))
        .routes(routes!(recharge::options))
        .routes(routes!(recharge::request))
        .routes(routes!(recharge::read))
        .routes(routes!(transactions::list))
        .routes(routes!(transactions::statement))
}

/// Every route inside its kit.
pub fn router(recharges: Recharges) -> Router {
    let money = &recharges.payments.money;
    let kit = Kit::on(money.store.clone(), money.clock.clone());
    let (router, _) = routes().split_for_parts();
    kit.around(router.with_state(recharges))
}

/// The part of the API description that belongs to this function.
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes().split_for_parts().1
}
