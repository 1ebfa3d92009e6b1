//! 相片查询: the list of the caller's photos.

// The path macro repeats the type of the query with its full path.
#![allow(unused_qualifications)]

use app::failure::Failure;
use app::photos::{Filter, PhotoList, Photos};
use axum::extract::{Query, State};
use domain::actor::AccountId;
use domain::card::Card;
use domain::china_time;
use http_api::responses;
use http_api::{Actor, Json, Locale, Problem};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::get::parse;
use crate::photo::PhotoBody;

const LIMIT: u32 = 20;
const LIMIT_MAX: u32 = 100;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// 图像号, complete; the check letter detects typing errors
    image_no: Option<String>,
    /// 检测状态; `passed` includes paid photos
    state: Option<String>,
    /// Whether it is paid; `state=passed&paid=false` lists the photos to be paid
    paid: Option<bool>,
    /// 照片类型
    card: Option<String>,
    /// 时间区间 of the upload: first day, in China
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Last day, in China, included
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    limit: Option<u32>,
    cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PhotoPage {
    items: Vec<PhotoBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// 相片查询: the caller's photos, newest first
#[utoipa::path(
    get,
    path = "/v1/photos",
    params(Search),
    responses(
        responses::Query,
        (status = 200, body = PhotoPage),
        (status = 404, description = "image-number-wrong"),
        (status = 422),
    )
)]
pub async fn search(
    State(photos): State<Photos>,
    Actor(actor): Actor,
    query: Query<Search>,
    locale: Locale,
) -> Result<Json<PhotoPage>, Problem> {
    let PhotoList { photos, next } = find(&photos, actor.account, &query).await?;
    let items = photos.into_iter().map(|seen| PhotoBody::new(seen, locale)).collect();
    Ok(Json(PhotoPage { items, next_cursor: next }))
}

async fn find(photos: &Photos, owner: AccountId, query: &Search) -> Result<PhotoList, Problem> {
    let filter = query.filter()?;
    if let Some(number) = &query.image_no {
        return match photos.get(owner, parse(number)?, None, std::time::Duration::ZERO).await {
            Ok(seen) if filter.matches(&seen) => Ok(PhotoList { photos: vec![seen], next: None }),
            Ok(_) | Err(Failure::NotFound) => Ok(PhotoList { photos: Vec::new(), next: None }),
            Err(failure) => Err(failure.into()),
        };
    }
    let limit = query.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    Ok(photos.list(owner, &filter, limit, query.cursor.as_deref()).await?)
}

impl Search {
    fn filter(&self) -> Result<Filter, Problem> {
        let card = self.card.as_deref().map(str::parse::<Card>).transpose();
        Ok(Filter {
            from: self.from.map(china_time::midnight),
            until: self.to.map(|day| china_time::midnight(day.saturating_add(jiff::Span::new().days(1)))),
            paid: self.paid,
            states: self.state.iter().cloned().collect(),
            card: card.map_err(|_| Problem::invalid().field("/card", "card-unknown"))?,
        })
    }
}
