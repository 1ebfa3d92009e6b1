//! The OpenAPI document of the whole API, as committed. The contract tests compare it with the routes.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

use crate::AppState;

const DOCUMENT: &str = include_str!("../../../web/openapi.json");

pub fn route() -> Router<AppState> {
    Router::new().route("/v1/openapi.json", get(async || ([(CONTENT_TYPE, "application/json")], DOCUMENT)))
}
