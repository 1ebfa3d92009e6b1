//! The description of this function's part of the API.

use app::photos::Photos;
use axum::Router;
use axum::routing::get;
use http_kit::Json;

pub fn route() -> Router<Photos> {
    Router::new().route("/v1/openapi.json", get(async || Json(crate::openapi())))
}
