//! One photo, at once or as soon as something has changed.

// The path macro spells the query's type out.
#![allow(unused_qualifications)]

use std::time::Duration;

use app::photos::Photos;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::image_number::ImageNumber;
use http_api::responses;
use http_api::{Actor, Json, Locale, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::photo::PhotoBody;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wait {
    /// Seconds to hold the answer until it changes, 0 to 20
    #[serde(default)]
    wait: u64,
}

/// A photo and its report
#[utoipa::path(
    get,
    path = "/v1/photos/{imageNo}",
    params(
        ("imageNo" = String, Path, example = "AL200166498"),
        Wait,
        ("If-None-Match" = Option<String>, Header, description = "The ETag of the answer the client holds"),
    ),
    responses(
        responses::Query,
        (status = 200, body = PhotoBody),
        (status = 304, description = "Nothing has changed"),
        (status = 404),
    )
)]
pub async fn get(
    State(photos): State<Photos>,
    Actor(actor): Actor,
    Path(number): Path<String>,
    Query(Wait { wait }): Query<Wait>,
    locale: Locale,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let number = parse(&number)?;
    let known = known_tag(&headers, locale);
    let waited = photos.get(actor.account, number, known.as_deref(), Duration::from_secs(wait));
    let seen = waited.await?;
    let headers = [(header::ETAG, etag(&seen.tag(), locale)), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    if known == Some(seen.tag()) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok((headers, Json(PhotoBody::new(seen, locale))).into_response())
}

/// 图像号有误 for a typing error; the letter tells.
pub fn parse(number: &str) -> Result<ImageNumber, Problem> {
    number.parse().map_err(|_| Problem::new(StatusCode::NOT_FOUND, "image-number-wrong"))
}

/// The tag of the state, and the language its texts are in.
fn etag(tag: &str, locale: Locale) -> String {
    format!("\"{tag}-{}\"", locale.tag())
}

fn known_tag(headers: &HeaderMap, locale: Locale) -> Option<String> {
    let known = headers.get(header::IF_NONE_MATCH)?.to_str().ok()?;
    let tag = known.trim().trim_start_matches("W/").trim_matches('"');
    tag.strip_suffix(locale.tag())?.strip_suffix('-').map(str::to_owned)
}
