//! A check for routes that read cookies: only pages of our own origin can call them.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::Problem;

/// Extracted from a request of a page of our origin, or of a program; 403 `forbidden` otherwise. `SameSite=Strict` on the cookies
/// excludes other sites already; this also excludes other origins of the same site.
#[derive(Debug, Clone, Copy)]
pub struct SameOrigin;

impl<S: Sync> FromRequestParts<S> for SameOrigin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let sent_from = parts.headers.get("sec-fetch-site").map(|site| site.as_bytes());
        match sent_from {
            Some(b"same-origin" | b"none") => Ok(Self),
            Some(_) => Err(Problem::forbidden().because("the request comes from a page of another origin")),
            // Programs send neither header. A browser that sends only `Origin` is too old to say which site the page is of.
            None if !parts.headers.contains_key(header::ORIGIN) => Ok(Self),
            None => Err(Problem::forbidden().because("the browser sends Origin without Sec-Fetch-Site")),
        }
    }
}
