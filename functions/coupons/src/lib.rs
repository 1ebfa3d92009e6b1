//! Coupons.
//!
//! ```text
//! GET  /v1/coupons?state=usable      可用, 已用, 过期 or 冻结; usable ones in the order in which they are taken
//! POST /v1/coupons                   staff: one coupon for each of up to 90 accounts     (Idempotency-Key)
//! POST /v1/coupons/{id}/freeze       staff
//! POST /v1/coupons/{id}/thaw         staff
//! ```

mod body;
mod list;
mod staff;

use app::books::Till;
use axum::Router;
use http_kit::Kit;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(info(title = "ID Photo Centre: coupons", version = "1"), components(schemas(http_kit::ProblemBody)))]
struct Document;

fn routes() -> OpenApiRouter<Till> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(list::list, staff::grant))
        .routes(routes!(staff::freeze))
        .routes(routes!(staff::thaw))
}

/// Every route inside its kit.
pub fn router(till: Till) -> Router {
    let kit = Kit::on(till.store.clone(), till.clock.clone());
    let (router, _) = routes().split_for_parts();
    kit.around(router.with_state(till))
}

/// The part of the API description that belongs to this function.
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes().split_for_parts().1
}
