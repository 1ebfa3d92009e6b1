//! One photo, at once or as soon as it changes.

// The path macro repeats the type of the query with its full path.
#![allow(unused_qualifications)]

use std::time::Duration;

use app::photos::{KnownTags, Photos};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::image_number::ImageNumber;
use http_api::etag::{IfNoneMatch, strong_tag};
use http_api::responses;
use http_api::{Actor, Json, Locale, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::photo::PhotoBody;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wait {
    /// Seconds to wait for a change, 0 to 20
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
    known: IfNoneMatch,
) -> Result<Response, Problem> {
    let number = parse(&number)?;
    let has = |tag: &str| strong_tag(&entity_tag(tag, locale)).is_ok_and(|tag| known.matches(&tag));
    let known_tags: Option<KnownTags<'_>> = if known.is_present() { Some(&has) } else { None };
    let view = photos.get(actor.account, number, known_tags, Duration::from_secs(wait)).await?;
    let tag = view.tag();
    let headers = [
        (header::ETAG, format!("\"{}\"", entity_tag(&tag, locale))),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    if has(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok((headers, Json(PhotoBody::new(view, locale))).into_response())
}

/// The image number in a path. One with a wrong check letter answers 404 with 图像号有误.
pub fn parse(number: &str) -> Result<ImageNumber, Problem> {
    number.parse().map_err(|_| Problem::new(StatusCode::NOT_FOUND, "image-number-wrong"))
}

/// The content of the entity tag of a representation: the state, and the language of its texts.
fn entity_tag(tag: &str, locale: Locale) -> String {
    format!("{tag}-{}", locale.tag())
}
