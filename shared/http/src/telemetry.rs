//! One JSON line per request: which route, how long, what came of it. No query, no body, no address, no name.

use std::time::Instant;

use axum::extract::{FromRequestParts, MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use lambda_http::RequestExt;
use tracing_subscriber::EnvFilter;
use ulid::Ulid;

use crate::{Locale, Problem};

/// The number of a request: shown to the client, written into every line about it.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get().cloned().ok_or_else(|| Problem::internal("no number was given to this request"))
    }
}

pub static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Writes JSON lines to standard output, at the level of `RUST_LOG` (default `info`).
pub fn init() {
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().json().with_env_filter(level).with_current_span(false).with_target(false);
    // A second call in one process (tests) keeps the first subscriber.
    let _ = lines.try_init();
}

/// The outermost layer: numbers the request, renders problems, writes the line.
pub async fn layer(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(&request);
    let locale = Locale::of(request.headers());
    let method = request.method().clone();
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    request.extensions_mut().insert(RequestId(id.clone()));

    let response = next.run(request).await;
    let problem = response.extensions().get::<Problem>().cloned().or_else(|| bare(&response));
    let mut response = match &problem {
        Some(problem) => with_headers_of(problem.render(locale, &id), &response),
        None => response,
    };
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID.clone(), value);
    }

    let (status, took_ms) = (response.status().as_u16(), started.elapsed().as_millis() as u64);
    let code = problem.as_ref().map_or("", |problem| problem.code);
    let cause = problem.as_ref().and_then(Problem::cause).unwrap_or_default();
    if status >= 500 {
        tracing::error!(request_id = id, %method, route, status, took_ms, code, cause, "failed");
    } else {
        tracing::info!(request_id = id, %method, route, status, took_ms, code, cause, "answered");
    }
    response
}

/// Axum's own answers (no such route, wrong method, a path that is no text) have no problem; they get one.
fn bare(response: &Response) -> Option<Problem> {
    match response.status() {
        StatusCode::NOT_FOUND if !has_type(response) => Some(Problem::not_found()),
        StatusCode::BAD_REQUEST => Some(Problem::not_found()),
        StatusCode::METHOD_NOT_ALLOWED => Some(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")),
        _ => None,
    }
}

fn has_type(response: &Response) -> bool {
    response.headers().contains_key(axum::http::header::CONTENT_TYPE)
}

fn with_headers_of(mut rendered: Response, original: &Response) -> Response {
    for (name, value) in original.headers() {
        if name != axum::http::header::CONTENT_LENGTH && !rendered.headers().contains_key(name) {
            rendered.headers_mut().append(name.clone(), value.clone());
        }
    }
    rendered
}

/// The gateway's own number when there is one, so that its log and ours meet.
fn request_id(request: &Request) -> String {
    let given = request.lambda_context_ref().map(|context| context.request_id.clone()).filter(|id| !id.is_empty());
    given.unwrap_or_else(|| Ulid::generate().to_string())
}

/// A panic in a handler answers like any other failure.
pub fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response {
    let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panic".to_owned());
    Problem::internal(text).into_response()
}
