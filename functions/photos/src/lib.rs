//! The HTTP API of photos, from the upload ticket to the standard photo and the receipt.
//!
//! 1. `POST /v1/photos` with an `Idempotency-Key` answers with an image number and an upload form.
//! 2. The client posts the fields of the form and then the file, as `multipart/form-data`, to the address of the form.
//!    The upload starts the inspection.
//! 3. `GET /v1/photos/{imageNo}?wait=20` with the last `ETag` in `If-None-Match` answers as soon as the photo changes,
//!    or with 304 after 20 seconds. Poll while the state is `reserved`, `uploaded` or `inspecting`.
//! 4. `GET /v1/photos/{imageNo}/standard-photo` returns a link to the standard photo of a paid photo, `.../receipt` and
//!    `.../receipt.pdf` its receipt. The QR code of the receipt leads to `GET /v1/public/receipts/{token}`.
//!
//! The option lists (`photo-types`, `photo-rulesets`, `regions`, `photo-reasons`) need no sign-in and can be cached for
//! an hour.

mod get;
mod lists;
mod openapi;
pub mod pdf;
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
use http_api::{HttpStack, responses};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use run::run;

#[derive(OpenApi)]
#[openapi(info(title = "ID Photo Centre: photos", version = "1"))]
struct Document;

/// The state that the handlers share.
#[derive(Debug, Clone)]
pub struct AppState {
    pub photos: Photos,
    pub receipts: Receipts,
    pub font: Arc<pdf::Font>,
}

impl FromRef<AppState> for Photos {
    fn from_ref(state: &AppState) -> Self {
        state.photos.clone()
    }
}

impl FromRef<AppState> for Receipts {
    fn from_ref(state: &AppState) -> Self {
        state.receipts.clone()
    }
}

impl FromRef<AppState> for Arc<pdf::Font> {
    fn from_ref(state: &AppState) -> Self {
        state.font.clone()
    }
}

fn routes() -> OpenApiRouter<AppState> {
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

/// The routes inside the middleware that every function has.
pub fn router(state: AppState) -> Router {
    let stack = HttpStack::new(state.photos.store.clone(), state.photos.clock.clone());
    let (router, _) = routes().split_for_parts();
    stack.apply(router.merge(openapi::route()).with_state(state))
}

/// The part of the API description that belongs to this function.
pub fn openapi() -> utoipa::openapi::OpenApi {
    responses::with_problem_bodies(routes().into_openapi())
}
