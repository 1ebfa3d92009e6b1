//! The public keys that verify access tokens, as a JSON Web Key Set.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use http_api::responses;
use http_api::{Problem, token};

use crate::{AppState, failure};

/// The keys that verify access tokens
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    responses(responses::Public, (status = 200, description = "JSON Web Key Set (RFC 7517, RFC 8037)", body = Object))
)]
pub async fn get(State(state): State<AppState>) -> Result<impl IntoResponse, Problem> {
    let keys = state.public_keys.all(state.dependencies.clock.now()).await.map_err(failure::store)?;
    Ok(([(header::CACHE_CONTROL, "public, max-age=300")], Json(token::jwks(&keys))))
}
