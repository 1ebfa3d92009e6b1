//! Coupons.
//!
//! ```text
//! GET  /v1/coupons?state=usable      可用, 已用, 过期 or 冻结; usable ones in the order in which they are used
//! POST /v1/coupons                   staff: one coupon for each of up to 90 accounts     (Idempotency-Key)
//! POST /v1/coupons/{id}/freeze       staff
//! POST /v1/coupons/{id}/thaw         staff
//! ```

mod body;
mod list;
mod run;
mod staff;

use app::ledger::MoneyContext;
use axum::Router;
use http_api::{HttpStack, responses};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use run::run;

#[derive(OpenApi)]
#[openapi(info(title = "ID Photo Centre: coupons", version = "1"))]
struct Document;

fn routes() -> OpenApiRouter<MoneyContext> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(list::list, staff::grant))
        .routes(routes!(staff::freeze))
        .routes(routes!(staff::thaw))
}

/// The routes inside the middleware that every function has.
pub fn router(money: MoneyContext) -> Router {
    let stack = HttpStack::new(money.store.clone(), money.clock.clone());
    let (router, _) = routes().split_for_parts();
    stack.apply(router.with_state(money))
}

/// The part of the API description that belongs to this function.
pub fn openapi() -> utoipa::openapi::OpenApi {
    responses::with_problem_bodies(routes().into_openapi())
}
