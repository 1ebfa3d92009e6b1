//! Invoices: asked for by the customer over paid orders, decided by staff, issued by a provider.
//!
//! ```text
//! POST   /v1/invoices                 orders, type, title, tax number, remark, e-mail       (Idempotency-Key)
//! GET    /v1/invoices                 by number, state and amount; newest first
//! GET    /v1/invoices/{no}
//! PATCH  /v1/invoices/{no}            corrects a failed one and applies again               (Idempotency-Key)
//! DELETE /v1/invoices/{no}            a failed one; its orders are free again
//! POST   /v1/invoices/{no}/withdrawal while it is being applied for; its orders are free again
//! GET    /v1/invoices/{no}/file       a link of five minutes to the document
//! POST   /v1/invoices/notices         where the provider calls us: it counts by its signature alone
//! ```
//! Staff decide under `/v1/admin/invoices`. The amount is what was really paid for the orders; nobody sends it.

mod apply;
mod body;
mod change;
mod list;
mod notice;
mod read;
mod run;

use std::sync::Arc;

use app::invoices::Invoicing;
use axum::Router;
use axum::routing::post;
use http_api::{Cursors, Kit};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use run::run;

/// What the handlers share.
#[derive(Debug, Clone)]
pub struct Invoices {
    pub invoicing: Invoicing,
    cursors: Arc<Cursors>,
}

impl Invoices {
    pub fn new(invoicing: Invoicing, cursor_key: &[u8; 32]) -> Self {
        Self { invoicing, cursors: Arc::new(Cursors::new(cursor_key)) }
    }
}

#[derive(OpenApi)]
#[openapi(info(title = "ID Photo Centre: invoices", version = "1"))]
struct Document;

fn routes() -> OpenApiRouter<Invoices> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(apply::apply, list::list))
        .routes(routes!(read::read, change::amend, change::delete))
        .routes(routes!(change::withdraw))
        .routes(routes!(read::file))
}

/// Every route inside its kit.
pub fn router(invoices: Invoices) -> Router {
    let money = &invoices.invoicing.money;
    let kit = Kit::on(money.store.clone(), money.clock.clone());
    let (router, _) = routes().split_for_parts();
    kit.around(router.route("/v1/invoices/notices", post(notice::take)).with_state(invoices))
}

/// The part of the API description that belongs to this function. The provider's own door is not for clients.
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes().split_for_parts().1
}
