//! Conditional answers: the same representation is not sent twice.

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use crate::Problem;

/// A strong validator: quotes included, as it stands in the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Etag(String);

impl Etag {
    /// The validator of this very body.
    pub fn of(body: &[u8]) -> Self {
        let hash = digest(&SHA256, body);
        Self(format!("\"{}\"", URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])))
    }

    /// Whether `If-None-Match` names this validator (weak comparison, RFC 9110, 13.1.2).
    pub fn matches(&self, headers: &HeaderMap) -> bool {
        let Some(known) = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()) else {
            return false;
        };
        known.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == self.0)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `body` as JSON with its validator, or 304 when the client holds it already.
pub fn conditional(headers: &HeaderMap, body: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(body).map_err(Problem::internal)?;
    let etag = Etag::of(&body);
    let mut response = if etag.matches(headers) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], body).into_response()
    };
    let value = HeaderValue::from_str(&etag.0).map_err(Problem::internal)?;
    response.headers_mut().insert(header::ETAG, value);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}
