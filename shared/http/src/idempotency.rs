//! The `Idempotency-Key` header: the client's name for one submission, the same on a retry.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};

use crate::Problem;

static HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// Longest key, in characters.
const CHARS_MAX: usize = 255;

/// The header's value: 1 to 255 visible ASCII characters. A key is unique within an account and an operation only.
///
/// Without the header the request is refused with 400 `idempotency-key-missing`, unless the handler takes an `Option`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(pub String);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let key = <Self as OptionalFromRequestParts<S>>::from_request_parts(parts, state).await?;
        key.ok_or_else(|| Problem::new(StatusCode::BAD_REQUEST, "idempotency-key-missing"))
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        let Some(value) = parts.headers.get(&HEADER) else { return Ok(None) };
        let key = value.to_str().unwrap_or_default();
        let fits = (1..=CHARS_MAX).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "idempotency-key-invalid"));
        }
        Ok(Some(Self(key.to_owned())))
    }
}
