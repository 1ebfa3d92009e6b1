//! The option lists of the upload form.

use app::photos::Photos;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use domain::card::Card;
use domain::photo_spec::PhotoSpec;
use domain::reason;
use domain::region::provinces;
use domain::ruleset::Ruleset;
use http_api::etag::conditional_json;
use http_api::responses;
use http_api::{IfNoneMatch, Locale, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use crate::photo::{card_name, language};

#[derive(Debug, Serialize, ToSchema)]
pub struct Items<T> {
    items: Vec<T>,
}

/// 相片类型 with its sizes
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PhotoType {
    #[schema(example = "resident-id")]
    code: &'static str,
    #[schema(example = "第二代居民身份证数字相片")]
    name: String,
    width_px: u32,
    height_px: u32,
    dpi: u16,
    min_bytes: u64,
    max_bytes: u64,
    /// The price of a photo that passes
    fee_fen: i64,
    /// The standard named on the receipt
    standard: String,
}

/// 相片规则
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ruleset)]
pub struct RulesetBody {
    #[schema(example = "easy")]
    code: &'static str,
    #[schema(example = "轻松上传")]
    name: &'static str,
    /// 说明
    help: &'static str,
}

/// 省 with its 市
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Province)]
pub struct ProvinceBody {
    #[schema(example = "广东省")]
    name: &'static str,
    cities: &'static [String],
}

/// A check and what it can find
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Check)]
pub struct CheckBody {
    #[schema(example = "pose.roll")]
    code: &'static str,
    name: &'static str,
    /// `blocking`, `advisory` or `off`; a card type can override it
    #[schema(value_type = String)]
    policy: domain::finding::Policy,
    causes: Vec<CauseBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cause)]
pub struct CauseBody {
    #[schema(example = "left")]
    code: &'static str,
    text: &'static str,
    hint: &'static str,
}

/// 照片类型 and their sizes
#[utoipa::path(get, path = "/v1/photo-types", responses(responses::Public, (status = 200, body = Items<PhotoType>)))]
pub async fn types(State(photos): State<Photos>, locale: Locale, known: IfNoneMatch) -> Result<Response, Problem> {
    let fee_fen = photos.billing.price_fen(photos.clock.now()).await?;
    answer(&known, Card::ALL.map(|card| photo_type(card, fee_fen, locale)).into())
}

fn photo_type(card: Card, fee_fen: i64, locale: Locale) -> PhotoType {
    let spec = PhotoSpec::of(card);
    let limit = spec.input_bytes.limit;
    PhotoType {
        code: card.code(),
        name: card_name(spec, locale),
        width_px: spec.width_px,
        height_px: spec.height_px,
        dpi: spec.dpi,
        min_bytes: limit.min.unwrap_or(0.0) as u64,
        max_bytes: limit.max.unwrap_or(0.0) as u64,
        fee_fen,
        standard: spec.standard.clone(),
    }
}

/// 相片规则
#[utoipa::path(get, path = "/v1/photo-rulesets", responses(responses::Public, (status = 200, body = Items<RulesetBody>)))]
pub async fn rulesets(locale: Locale, known: IfNoneMatch) -> Result<Response, Problem> {
    let body = |ruleset: Ruleset| {
        let pick = |(zh, en)| if locale == Locale::En { en } else { zh };
        RulesetBody { code: ruleset.code(), name: pick(ruleset.name()), help: pick(ruleset.help()) }
    };
    answer(&known, Ruleset::ALL.map(body).into())
}

/// 办证地区: provinces and their cities, in Chinese
#[utoipa::path(get, path = "/v1/regions", responses(responses::Public, (status = 200, body = Items<ProvinceBody>)))]
pub async fn regions(known: IfNoneMatch) -> Result<Response, Problem> {
    let body =
        |province: &'static domain::region::Province| ProvinceBody { name: &province.name, cities: &province.cities };
    answer(&known, provinces().iter().map(body).collect())
}

/// Every check with its texts
#[utoipa::path(get, path = "/v1/photo-reasons", responses(responses::Public, (status = 200, body = Items<CheckBody>)))]
pub async fn reasons(locale: Locale, known: IfNoneMatch) -> Result<Response, Problem> {
    let language = language(locale);
    let cause = |reason: &'static reason::Reason| CauseBody {
        code: &reason.reason,
        text: reason.text.get(language),
        hint: reason.hint.get(language),
    };
    let check = |entry: &'static reason::Entry| CheckBody {
        code: &entry.check,
        name: entry.name.get(language),
        policy: entry.policy,
        causes: entry.reasons.iter().map(cause).collect(),
    };
    answer(&known, reason::catalogue().map(check).collect())
}

fn answer<T: Serialize>(known: &IfNoneMatch, items: Vec<T>) -> Result<Response, Problem> {
    let mut response = conditional_json(known, &Items { items })?;
    let keep = HeaderValue::from_static("public, max-age=3600");
    response.headers_mut().insert(header::CACHE_CONTROL, keep);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language"));
    Ok(response)
}
