//! The HTTP API of invoices: customers apply for them, staff decide, and a provider issues them.
//!
//! ```text
//! POST   /v1/invoices                 orders, type, title, tax number, remark, e-mail       (Idempotency-Key)
//! GET    /v1/invoices                 by number, state and amount; newest first
//! GET    /v1/invoices/{no}
//! PATCH  /v1/invoices/{no}            corrects a failed one and applies again               (Idempotency-Key)
//! DELETE /v1/invoices/{no}            deletes a failed one and releases its orders
//! POST   /v1/invoices/{no}/withdrawal withdraws an undecided one and releases its orders
//! GET    /v1/invoices/{no}/file       a link to the document, valid for five minutes
//! POST   /v1/invoices/notices         the callback of the provider, authenticated by its signature
//! ```
//! Staff decide under `/v1/admin/invoices`. The amount is computed from the payments of the orders; no client sends it.

mod apply;
mod body;
mod change;
mod list;
mod notice;
mod read;
mod run;

use std::sync::Arc;

use app::invoices::InvoiceService;
use axum::Router;
use axum::extract::FromRef;
use axum::routing::post;
use http_api::{Cursors, HttpStack, responses};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use run::run;

/// The state that the handlers share.
#[derive(Debug, Clone)]
pub struct AppState {
    pub invoicing: InvoiceService,
    cursors: Arc<Cursors>,
}

impl AppState {
    pub fn new(invoicing: InvoiceService, cursor_key: &[u8; 32]) -> Self {
        Self { invoicing, cursors: Arc::new(Cursors::new(cursor_key)) }
    }
}

impl FromRef<AppState> for Arc<Cursors> {
    fn from_ref(state: &AppState) -> Self {
        state.cursors.clone()
    }
}

#[derive(OpenApi)]
#[openapi(info(title = "ID Photo Centre: invoices", version = "1"))]
struct Document;

fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(apply::apply, list::list))
        .routes(routes!(read::read, change::amend, change::delete))
        .routes(routes!(change::withdraw))
        .routes(routes!(read::file))
}

/// The routes inside the middleware that every function has.
pub fn router(state: AppState) -> Router {
    let money = &state.invoicing.money;
    let stack = HttpStack::new(money.store.clone(), money.clock.clone());
    let (router, _) = routes().split_for_parts();
    stack.apply(router.route("/v1/invoices/notices", post(notice::take)).with_state(state))
}

/// The part of the API description that belongs to this function. The route that the provider calls is not part of it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    responses::with_problem_bodies(routes().into_openapi())
}
