//! Failures as RFC 9457 `application/problem+json`.
//!
//! A handler returns a [`Problem`]; the [`crate::request_log`] middleware renders it in the client's language, adds the request id
//! and writes one log line. The cause is in that line only.

use std::fmt::Display;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Locale;
use crate::catalogue::{self, Facts};

/// A failure with its stable code.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The HTTP status, 4xx or 5xx.
    pub status: StatusCode,
    /// The stable code; a message of that name is in [`catalogue`].
    pub code: &'static str,
    facts: Facts,
    fields: Vec<Field>,
    retry_after_s: Option<u64>,
    cause: Option<String>,
}

#[derive(Debug, Clone)]
struct Field {
    pointer: String,
    code: &'static str,
    facts: Facts,
}

/// What the client receives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `about:blank`: the code below is the identity of the problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short text in the client's language.
    pub title: String,
    /// What to do next, in the client's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The HTTP status.
    pub status: u16,
    /// Stable, for programs.
    pub code: String,
    /// The fields that were refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Tell this number to support.
    pub request_id: String,
}

/// One refused field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer into the body that was sent.
    pub pointer: String,
    /// Stable, for programs.
    pub code: String,
    /// What is wrong, in the client's language.
    pub message: String,
}

impl Problem {
    /// A problem without arguments, fields and cause.
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, facts: Facts::new(), fields: Vec::new(), retry_after_s: None, cause: None }
    }

    /// 404 `not-found`
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// 401 `unauthenticated`
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated")
    }

    /// 403 `forbidden`
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden")
    }

    /// 422 `invalid`; add the refused fields with [`Problem::field`].
    pub fn invalid() -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid")
    }

    /// 429 `too-many-requests`: the client can try again in `seconds`.
    pub fn too_many_requests(seconds: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests").retry_after(seconds)
    }

    /// 500 `internal`: `cause` goes to the log and never to the client.
    pub fn internal(cause: impl Display) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal").because(cause)
    }

    /// 503 `unavailable`: a service that we call did not answer; the client can repeat the request.
    pub fn unavailable(cause: impl Display) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable").because(cause)
    }

    /// Sets `Retry-After` and the text's argument `seconds`.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self.fact("seconds", seconds)
    }

    /// Adds an argument of the code's text. Never a secret, never personal data.
    pub fn fact(mut self, name: &'static str, value: impl Display) -> Self {
        self.facts.insert(name, value.to_string());
        self
    }

    /// Adds the refused field at `pointer` (a JSON pointer into the request's body) with `code`.
    pub fn field(self, pointer: impl Into<String>, code: &'static str) -> Self {
        self.field_with_facts(pointer, code, Facts::new())
    }

    /// As [`Problem::field`], with the arguments of the field's text.
    pub fn field_with_facts(mut self, pointer: impl Into<String>, code: &'static str, facts: Facts) -> Self {
        self.fields.push(Field { pointer: pointer.into(), code, facts });
        self
    }

    /// Sets the cause, which goes to the log only.
    pub fn because(mut self, cause: impl Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The body for a client with the language `locale`.
    pub fn body(&self, locale: Locale, request_id: &str) -> ProblemBody {
        let (title, detail) =
            catalogue::texts(locale, self.code, &self.facts).unwrap_or_else(|| (self.code.to_owned(), None));
        let error = |field: &Field| FieldError {
            pointer: field.pointer.clone(),
            code: field.code.to_owned(),
            message: catalogue::title(locale, field.code, &field.facts).into_owned(),
        };
        ProblemBody {
            kind: "about:blank".to_owned(),
            title,
            detail,
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            errors: self.fields.iter().map(error).collect(),
            request_id: request_id.to_owned(),
        }
    }

    pub(crate) fn render(&self, locale: Locale, request_id: &str) -> Response {
        let body = axum::Json(self.body(locale, request_id));
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(locale.tag()));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl IntoResponse for Problem {
    /// An empty response that carries the problem to the middleware, which knows the language and the request id.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
