//! Photos: from the upload ticket to the standard photo.
//!
//! 1. `POST /v1/photos` with an `Idempotency-Key` answers with an image number and an upload form.
//! 2. Post the form's fields and then the file, as `multipart/form-data`, to the form's address. Nothing else starts the inspection.
//! 3. `GET /v1/photos/{imageNo}?wait=20` with the last `ETag` in `If-None-Match` answers as soon as something has changed,
//!    304 when nothing has. Stop when the state is none of `reserved`, `uploaded`, `inspecting`.
//! 4. `GET /v1/photos/{imageNo}/standard-photo` gives a link to the finished file once the photo is paid for, and
//!    `.../receipt` and `.../receipt.pdf` its receipt; whoever scans the receipt asks `GET /v1/public/receipts/{token}`.
//!
//! The word lists (`photo-types`, `photo-rulesets`, `regions`, `photo-reasons`) need no sign-in and may be kept for an hour.

mod failure;
mod get;
mod lists;
mod openapi;
pub mod paper;
mod photo;
mod receipt;
mod receipt_check;
mod run;
mod search;
mod standard_photo;
mod start;
mod unit;

use std::sync::Arc;

use app::photos::Photos;
use app::receipts::Receipts;
use axum::Router;
use axum::extract::FromRef;
use http_api::Kit;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use run::run;

#[derive(OpenApi)]
#[openapi(info(title = "ID Photo Centre: photos", version = "1"))]
struct Document;

/// What the handlers share.
#[derive(Debug, Clone)]
pub struct Desk {
    pub photos: Photos,
    pub receipts: Receipts,
    pub font: Arc<paper::Font>,
}

impl FromRef<Desk> for Photos {
    fn from_ref(desk: &Desk) -> Self {
        desk.photos.clone()
    }
}

impl FromRef<Desk> for Receipts {
    fn from_ref(desk: &Desk) -> Self {
        desk.receipts.clone()
    }
}

impl FromRef<Desk> for Arc<paper::Font> {
    fn from_ref(desk: &Desk) -> Self {
        desk.font.clone()
    }
}

fn routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(lists::types))
        .routes(routes!(lists::rulesets))
        .routes(routes!(lists::regions))
        .routes(routes!(lists::reasons))
        .routes(routes!(start::start, search::search))
        .routes(routes!(get::get))
        .routes(routes!(standard_photo::standard_photo))
        .routes(routes!(receipt::receipt))
        .routes(routes!(receipt::receipt_pdf))
        .routes(routes!(receipt_check::check))
        .routes(routes!(unit::register))
}

/// Every route inside its kit.
pub fn router(desk: Desk) -> Router {
    let kit = Kit::on(desk.photos.store.clone(), desk.photos.clock.clone());
    let (router, _) = routes().split_for_parts();
    kit.around(router.merge(openapi::route()).with_state(desk))
}

/// The part of the API description that belongs to this function.
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes().split_for_parts().1
}
