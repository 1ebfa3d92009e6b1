//! Cookies speak only for pages of this very origin.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::Problem;

/// Passes a request that a page of this origin, or no page at all, has sent. `SameSite=Strict` keeps other sites' cookies
/// away already; this is the second lock, for neighbours under the same site.
#[derive(Debug, Clone, Copy)]
pub struct SameOrigin;

impl<S: Sync> FromRequestParts<S> for SameOrigin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let sent_from = parts.headers.get("sec-fetch-site").map(|site| site.as_bytes());
        match sent_from {
            Some(b"same-origin" | b"none") => Ok(Self),
            Some(_) => Err(Problem::forbidden().because("a page of another origin")),
            // Programs send neither header; a browser without the first is too old to be told apart.
            None if !parts.headers.contains_key(header::ORIGIN) => Ok(Self),
            None => Err(Problem::forbidden().because("a browser that does not say where it is")),
        }
    }
}
