//! The HTTP API of staff, who have signed in with a second factor.
//!
//! ```text
//! GET /v1/admin/audit?day=2026-03-01        the audit log of a day        auditor, admin
//! GET /v1/admin/audit?subject=account/01H…  entries about one account     auditor, admin
//! GET /v1/admin/audit?by=01H…               entries of one actor          auditor, admin
//! GET /v1/admin/accounts?userName=wang.li   an account, masked            finance, reviewer, clerk, auditor, admin
//! GET /v1/admin/accounts/{accountId}        the same by its number
//! PUT /v1/admin/accounts/{accountId}/roles  sets its roles                admin, not for the own account
//! POST /v1/admin/accounts/{accountId}/second-factor/reset                 admin: the device was lost
//!
//! GET  /v1/admin/invoices?waiting=review    waiting, longest first        finance, admin
//! GET  /v1/admin/invoices/{no}
//! POST /v1/admin/invoices/{no}/decision     approve, or reject with a reason   (Idempotency-Key)
//! POST /v1/admin/invoices/{no}/reversal     冲红                               (Idempotency-Key)
//!
//! GET  /v1/admin/receipt-templates          texts of receipts, by card type and place  clerk, admin
//! ```

mod accounts;
mod audit;
mod invoices;
mod receipts;
mod run;

use std::sync::Arc;

use app::accounts::AccountAdmin;
use app::clock::Clock;
use app::invoices::InvoiceService;
use app::random::Random;
use app::store::Store;
use axum::Router;
use axum::extract::FromRef;
use http_api::{Cursors, HttpStack, responses};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use run::run;

/// The state that the handlers share.
#[derive(Clone)]
pub struct AppState {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub invoicing: InvoiceService,
    pub cursors: Arc<Cursors>,
}

impl AppState {
    fn account_admin(&self) -> AccountAdmin {
        AccountAdmin { store: self.store.clone(), clock: self.clock.clone(), random: self.random.clone() }
    }
}

impl FromRef<AppState> for Arc<Cursors> {
    fn from_ref(state: &AppState) -> Self {
        state.cursors.clone()
    }
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AppState")
    }
}

#[derive(OpenApi)]
#[openapi(info(title = "ID Photo Centre: back office", version = "1"))]
struct Document;

fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(audit::list))
        .routes(routes!(accounts::find))
        .routes(routes!(accounts::get))
        .routes(routes!(accounts::set_roles))
        .routes(routes!(accounts::reset_second_factor))
        .routes(routes!(invoices::list))
        .routes(routes!(invoices::read))
        .routes(routes!(invoices::decide))
        .routes(routes!(invoices::reverse))
        .routes(routes!(receipts::templates))
}

/// The routes inside the middleware that every function has.
pub fn router(state: AppState) -> Router {
    let stack = HttpStack::new(state.store.clone(), state.clock.clone());
    let (router, _) = routes().split_for_parts();
    stack.apply(router.with_state(state))
}

/// The part of the API description that belongs to this function.
pub fn openapi() -> utoipa::openapi::OpenApi {
    responses::with_problem_bodies(routes().into_openapi())
}
