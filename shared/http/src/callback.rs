//! The callback of a provider, as received: it counts by its signature over the raw bytes, so nothing is parsed here.

use app::payments::provider::RawCallback;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderName, HeaderValue};

/// The headers that are text, and the body as sent.
#[derive(Debug, Clone)]
pub struct Callback(pub RawCallback);

impl<S: Send + Sync> FromRequest<S> for Callback {
    type Rejection = BytesRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, BytesRejection> {
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        };
        let headers = request.headers().iter().filter_map(text).collect();
        let body = Bytes::from_request(request, state).await?.to_vec();
        Ok(Self(RawCallback { headers, body }))
    }
}
