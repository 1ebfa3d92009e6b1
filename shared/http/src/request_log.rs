//! One JSON log line per request: method, route, status, duration, problem code and cause.
//!
//! A line never contains a query, a body, an address or a name.

use std::any::Any;
use std::time::Instant;

use axum::extract::{FromRequestParts, MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use lambda_http::RequestExt;
use ulid::Ulid;

use crate::{Locale, Problem};

/// The response header that carries the [`RequestId`].
pub static REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Identifies one request: the client sees it, every log line about the request contains it. Lambda's own id, or a ULID outside
/// Lambda.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get().cloned().ok_or_else(|| Problem::internal("the router has no request log middleware"))
    }
}

/// The outer middleware: assigns the request id, renders problems in the client's language, writes the log line.
pub async fn middleware(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(&request);
    let locale = Locale::of(request.headers());
    let method = request.method().clone();
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    request.extensions_mut().insert(RequestId(id.clone()));

    let response = next.run(request).await;
    let problem = response.extensions().get::<Problem>().cloned().or_else(|| problem_of_axum(&response));
    let mut response = match &problem {
        Some(problem) => with_headers_of(problem.render(locale, &id), &response),
        None => response,
    };
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID_HEADER.clone(), value);
    }

    let (status, took_ms) = (response.status().as_u16(), started.elapsed().as_millis() as u64);
    let code = problem.as_ref().map_or("", |problem| problem.code);
    let cause = problem.as_ref().and_then(Problem::cause).unwrap_or_default();
    if status >= 500 {
        tracing::error!(request_id = id, %method, route, status, took_ms, code, cause, "request failed");
    } else {
        tracing::info!(request_id = id, %method, route, status, took_ms, code, cause, "request answered");
    }
    response
}

/// The problem for a response that axum made without a handler: unknown route, wrong method, a path that is not UTF-8.
fn problem_of_axum(response: &Response) -> Option<Problem> {
    let has_body = response.headers().contains_key(header::CONTENT_TYPE);
    match response.status() {
        StatusCode::NOT_FOUND if !has_body => Some(Problem::not_found()),
        StatusCode::BAD_REQUEST => Some(Problem::not_found()),
        StatusCode::METHOD_NOT_ALLOWED => Some(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")),
        _ => None,
    }
}

/// `rendered` with those headers of `original` that it does not set itself, for example `Set-Cookie`.
fn with_headers_of(mut rendered: Response, original: &Response) -> Response {
    for (name, value) in original.headers() {
        if name != header::CONTENT_LENGTH && !rendered.headers().contains_key(name) {
            rendered.headers_mut().append(name.clone(), value.clone());
        }
    }
    rendered
}

fn request_id(request: &Request) -> String {
    let given = request.lambda_context_ref().map(|context| context.request_id.clone()).filter(|id| !id.is_empty());
    given.unwrap_or_else(|| Ulid::generate().to_string())
}

/// The response to a panic in a handler: a 500 problem whose cause is the panic's message.
pub fn panic_response(payload: Box<dyn Any + Send>) -> Response {
    let message = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let message = message.or_else(|| payload.downcast_ref::<String>().cloned());
    Problem::internal(message.unwrap_or_else(|| "a panic without a message".to_owned())).into_response()
}
