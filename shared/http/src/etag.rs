//! Conditional requests (RFC 9110, section 13): a representation that the client has already is not sent again.

use std::convert::Infallible;

use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
pub use headers::ETag;
use headers::HeaderMapExt;
use serde::Serialize;

use crate::Problem;

/// The entity tags that the client has (`If-None-Match`): a list or `*`; none without the header.
#[derive(Debug, Clone)]
pub struct IfNoneMatch(Option<headers::IfNoneMatch>);

impl IfNoneMatch {
    /// Whether the client has the representation of `tag` (weak comparison).
    pub fn matches(&self, tag: &ETag) -> bool {
        self.0.as_ref().is_some_and(|condition| !condition.precondition_passes(tag))
    }

    /// Whether the client sent the header.
    pub fn is_present(&self) -> bool {
        self.0.is_some()
    }
}

impl<S: Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.headers.typed_get()))
    }
}

/// The strong entity tag with the content `text`.
///
/// # Errors
/// [`Problem::internal`] if `text` contains a quote or a character outside printable ASCII.
pub fn strong_tag(text: &str) -> Result<ETag, Problem> {
    format!("\"{text}\"").parse().map_err(|_| Problem::internal(format!("not an entity tag: {text}")))
}

/// `body` as JSON under an entity tag made of its hash, or 304 if the client has it.
///
/// # Errors
/// [`Problem::internal`] if `body` cannot be serialised.
pub fn conditional_json(known: &IfNoneMatch, body: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(body).map_err(Problem::internal)?;
    let tag = strong_tag(&URL_SAFE_NO_PAD.encode(&digest(&SHA256, &body).as_ref()[..16]))?;
    let mut response = if known.matches(&tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], body).into_response()
    };
    response.headers_mut().typed_insert(tag);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    async fn if_none_match(values: &[&str]) -> IfNoneMatch {
        let request = values.iter().fold(Request::get("/"), |request, value| request.header("if-none-match", *value));
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        IfNoneMatch::from_request_parts(&mut parts, &()).await.unwrap()
    }

    #[tokio::test]
    async fn if_none_match_compares_weakly_with_every_tag_of_a_list_and_with_the_asterisk() {
        let tag = strong_tag("b").unwrap();
        for (values, matches) in [
            (&["\"b\""][..], true),
            (&["W/\"b\""], true),
            (&["\"a\", W/\"b\""], true),
            (&["\"a\"", "\"b\""], true),
            (&["*"], true),
            (&["\"a\""], false),
            (&["b"], false),
            (&[], false),
        ] {
            assert_eq!(if_none_match(values).await.matches(&tag), matches, "{values:?}");
        }
    }

    #[tokio::test]
    async fn conditional_json_answers_304_without_a_body_to_a_client_that_has_it() {
        let first = conditional_json(&if_none_match(&[]).await, &[1, 2]).unwrap();
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        let second = conditional_json(&if_none_match(&[&tag]).await, &[1, 2]).unwrap();
        assert_eq!((first.status(), second.status()), (StatusCode::OK, StatusCode::NOT_MODIFIED));
        assert_eq!(second.headers()[header::ETAG].to_str().unwrap(), tag);
        assert_eq!(conditional_json(&if_none_match(&[&tag]).await, &[1, 3]).unwrap().status(), StatusCode::OK);
    }
}
