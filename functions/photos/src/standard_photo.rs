//! 下载: the standard photo of a paid photo.

use app::objects::DownloadLink;
use app::photos::Photos;
use axum::extract::{Path, State};
use http_api::responses;
use http_api::{Json, LiveActor, Problem};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::get::parse;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    pub url: String,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// 下载: a short-lived link to the standard photo
#[utoipa::path(
    get,
    path = "/v1/photos/{imageNo}/standard-photo",
    params(("imageNo" = String, Path, example = "AL200166498")),
    responses(
        responses::Get,
        (status = 200, body = Link),
        (status = 404),
        (status = 409, description = "photo-not-passed, photo-not-paid"),
    )
)]
pub async fn standard_photo(
    State(photos): State<Photos>,
    LiveActor(actor): LiveActor,
    Path(number): Path<String>,
) -> Result<Json<Link>, Problem> {
    let link = photos.download(actor.account, parse(&number)?).await?;
    Ok(Json(link.into()))
}

impl From<DownloadLink> for Link {
    fn from(link: DownloadLink) -> Self {
        Self { url: link.url, expires_at: link.expires_at }
    }
}
