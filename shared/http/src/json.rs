//! JSON bodies, with problems that name the field.

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::Problem;

/// Largest JSON body in bytes. Photos are uploaded to the bucket, not through a function.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// A JSON body: an extractor and a response.
///
/// Refused with `body-type` (415), `body-too-large` (413), `body-not-json` (400) or `invalid` (422, with the field).
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "body-type"));
        }
        let body = axum::body::Bytes::from_request(request, state).await.map_err(unreadable)?;
        parse(&body).map(Self)
    }
}

fn unreadable(rejection: BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large"),
        _ => Problem::new(StatusCode::BAD_REQUEST, "body-not-json"),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default();
    kind.trim_ascii().eq_ignore_ascii_case(b"application/json")
}

/// Parses `body`.
///
/// # Errors
/// 400 `body-not-json`, or 422 `invalid` with a JSON pointer to the field. The parser's own message is dropped, because it can
/// quote what was sent.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        if error.inner().classify() != Category::Data {
            return Problem::new(StatusCode::BAD_REQUEST, "body-not-json");
        }
        let text = error.inner().to_string();
        // serde gives the path of the parent for a missing field; only the message contains the field's name.
        match text.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')) {
            Some((name, _)) => Problem::invalid().field(format!("{}/{name}", pointer(error.path())), "field-missing"),
            None => Problem::invalid().field(pointer(error.path()), "field-invalid"),
        }
    })?;
    reader.end().map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "body-not-json"))?;
    Ok(read)
}

/// `path` as a JSON pointer (RFC 6901).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        pointer.push('/');
        match segment {
            Segment::Seq { index } => pointer.push_str(&index.to_string()),
            Segment::Map { key } => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => pointer.push_str(variant),
            Segment::Unknown => pointer.push('-'),
        }
    }
    pointer
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(cause) => Problem::internal(cause).into_response(),
        }
    }
}
