//! Photos: from the upload ticket to the standard photo.
//!
//! 1. `POST /v1/photos` with an `Idempotency-Key` answers with an image number and an upload form.
//! 2. Post the form's fields and then the file, as `multipart/form-data`, to the form's address. Nothing else starts the inspection.
//! 3. `GET /v1/photos/{imageNo}?wait=20` with the last `ETag` in `If-None-Match` answers as soon as something has changed,
//!    304 when nothing has. Stop when the state is none of `reserved`, `uploaded`, `inspecting`.
//! 4. `GET /v1/photos/{imageNo}/standard-photo` gives a link to the finished file once the photo is paid for.
//!
//! The word lists (`photo-types`, `photo-rulesets`, `regions`, `photo-reasons`) need no sign-in and may be kept for an hour.

mod failure;
mod get;
mod lists;
mod openapi;
mod photo;
mod search;
mod standard_photo;
mod start;

use app::photos::Photos;
use axum::Router;
use http_kit::Kit;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(OpenApi)]
#[openapi(info(title = "ID Photo Centre: photos", version = "1"))]
struct Document;

fn routes() -> OpenApiRouter<Photos> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(lists::types))
        .routes(routes!(lists::rulesets))
        .routes(routes!(lists::regions))
        .routes(routes!(lists::reasons))
        .routes(routes!(start::start, search::search))
        .routes(routes!(get::get))
        .routes(routes!(standard_photo::standard_photo))
}

/// Every route inside its kit.
pub fn router(photos: Photos) -> Router {
    let kit = Kit::on(photos.store.clone(), photos.clock.clone());
    let (router, _) = routes().split_for_parts();
    kit.around(router.merge(openapi::route()).with_state(photos))
}

/// The part of the API description that belongs to this function.
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes().split_for_parts().1
}
