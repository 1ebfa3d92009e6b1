//! Orders: passed photos, paid together.
//!
//! ```text
//! POST  /v1/orders                   photos, method, coupon -> an order that waits 30 minutes   (Idempotency-Key)
//! GET   /v1/orders                   by state, type, number and day; newest first
//! GET   /v1/orders/{no}
//! PATCH /v1/orders/{no}              another method or coupon while nothing is paid              (Idempotency-Key)
//! POST  /v1/orders/{no}/payments     pays by balance, or answers the QR code or page to pay at   (Idempotency-Key)
//! POST  /v1/orders/{no}/cancellation                                                             (Idempotency-Key)
//! POST  /v1/orders/{no}/refund       staff                                                       (Idempotency-Key)
//! ```
//! After a payment at a provider, read the order again until its `state` is `paid`: the provider tells us, not the client.

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
use http_api::{Cursors, Kit};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use body::OrderBody;
pub use run::run;

/// What the handlers share.
#[derive(Debug, Clone)]
pub struct Orders {
    pub payments: PaymentService,
    cursors: Arc<Cursors>,
}

impl Orders {
    pub fn new(payments: PaymentService, cursor_key: &[u8; 32]) -> Self {
        Self { payments, cursors: Arc::new(Cursors::new(cursor_key)) }
    }
}

#[derive(OpenApi)]
#[openapi(info(title = "ID Photo Centre: orders", version = "1"), components(schemas(http_api::ProblemBody)))]
struct Document;

fn routes() -> OpenApiRouter<Orders> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(place::place, list::list))
        .routes(routes!(read::read, amend::amend))
        .routes(routes!(pay::pay))
        .routes(routes!(amend::cancel))
        .routes(routes!(refund::refund))
}

/// Every route inside its kit.
pub fn router(orders: Orders) -> Router {
    let money = &orders.payments.money;
    let kit = Kit::on(money.store.clone(), money.clock.clone());
    let (router, _) = routes().split_for_parts();
    kit.around(router.with_state(orders))
}

/// The part of the API description that belongs to this function.
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes().split_for_parts().1
}
