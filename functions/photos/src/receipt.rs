//! 回执: the receipt of a paid photo, as JSON for a page and as a PDF.

use std::sync::Arc;

use app::failure::Failure;
use app::photos::Photos;
use app::receipts::{Receipt, Receipts};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::china_time;
use domain::photo_spec::PhotoSpec;
use http_api::responses;
use http_api::{Json, LiveActor, Problem};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::get::parse;
use crate::pdf::codes::bars;
use crate::pdf::{self, Font};
use crate::standard_photo::Link;

/// All printed texts, in Chinese for every language of the client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Receipt)]
pub struct ReceiptBody {
    #[schema(example = "AL200166498")]
    image_no: String,
    #[schema(example = "广东省居民身份证数字相片采集回执")]
    title: String,
    /// Captions of the part for the holder and of the part for the office
    parts: [String; 2],
    conformity: String,
    #[schema(example = "（本回执及数字相片90天内有效）")]
    validity: String,
    /// The left QR code: the public check
    check: ReceiptCode,
    /// The right QR code: the government service
    service: ReceiptCode,
    notes: Vec<String>,
    /// 采集单位, 联系电话, 采集时间, 有效期至
    facts: Vec<ReceiptFact>,
    declaration: String,
    /// Lines to be filled in by hand
    signature: [String; 2],
    /// The text at the line to cut along
    cut: String,
    /// The image number in Code 128: `1` for each dark module
    barcode: String,
    photo: ReceiptPicture,
    /// 采集时间
    #[schema(value_type = String, format = DateTime)]
    taken_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    valid_until: Timestamp,
    expired: bool,
    /// 已过期: the stamp on both parts; absent while it is valid
    #[serde(skip_serializing_if = "Option::is_none")]
    stamp: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptCode {
    #[schema(example = "一码通办")]
    label: String,
    /// The content of the QR code
    url: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptFact {
    #[schema(example = "采集单位")]
    label: String,
    text: String,
}

/// The standard photo and its printed size.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptPicture {
    link: Link,
    #[schema(example = 26.0)]
    width_mm: f64,
    #[schema(example = 32.0)]
    height_mm: f64,
}

/// 回执, for a page that prints it
#[utoipa::path(
    get,
    path = "/v1/photos/{imageNo}/receipt",
    params(("imageNo" = String, Path, example = "AL200166498")),
    responses(
        responses::Get,
        (status = 200, body = ReceiptBody),
        (status = 403, description = "photo-not-passed, photo-not-paid"),
        (status = 404),
    )
)]
pub async fn receipt(
    State(receipts): State<Receipts>,
    State(photos): State<Photos>,
    LiveActor(actor): LiveActor,
    Path(number): Path<String>,
) -> Result<Json<ReceiptBody>, Problem> {
    let number = parse(&number)?;
    let receipt = receipts.issue(actor.account, number).await.map_err(forbidden_if_not_paid)?;
    let link = photos.download(actor.account, number).await?;
    Ok(Json(ReceiptBody::new(receipt, link.into())?))
}

/// 回执 as a PDF of one A4 page. Send `Accept: application/pdf`
#[utoipa::path(
    get,
    path = "/v1/photos/{imageNo}/receipt.pdf",
    params(("imageNo" = String, Path, example = "AL200166498")),
    responses(
        responses::Get,
        (status = 200, body = Pdf, content_type = "application/pdf"),
        (status = 403, description = "photo-not-passed, photo-not-paid"),
        (status = 404),
    )
)]
pub async fn receipt_pdf(
    State(receipts): State<Receipts>,
    State(font): State<Arc<Font>>,
    LiveActor(actor): LiveActor,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let number = parse(&number)?;
    let receipt = receipts.issue(actor.account, number).await.map_err(forbidden_if_not_paid)?;
    let picture = receipts.picture(actor.account, number).await.map_err(forbidden_if_not_paid)?;
    let pdf = pdf::print(&font, &receipt, &picture).map_err(Problem::internal)?;
    let named = format!("attachment; filename=\"{number}-receipt.pdf\"");
    Ok(([(header::CONTENT_DISPOSITION, named)], Pdf(pdf)).into_response())
}

/// 403 instead of 409 for a photo that is not paid yet: its receipt exists, but cannot be read.
fn forbidden_if_not_paid(failure: Failure) -> Problem {
    match failure {
        Failure::Conflict { code } => Problem::new(StatusCode::FORBIDDEN, code),
        other => other.into(),
    }
}

/// A PDF of one A4 page
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct Pdf(Vec<u8>);

impl IntoResponse for Pdf {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/pdf")], self.0).into_response()
    }
}

impl ReceiptBody {
    fn new(receipt: Receipt, link: Link) -> Result<Self, Problem> {
        let Receipt { number, card, text, unit, taken_at, valid_until, expired, check_url, service_url } = receipt;
        let bars = bars(number).map_err(Problem::internal)?;
        let spec = PhotoSpec::of(card);
        let mm = |px: u32| f64::from(px) / f64::from(spec.dpi) * 25.4;
        let common = text.common;
        let facts = [
            (&common.unit, unit.name().to_owned()),
            (&common.phone, unit.phone().to_owned()),
            (&common.taken_at, china_time::text(taken_at)),
            (&common.valid_until, china_time::text(valid_until)),
        ];
        Ok(Self {
            image_no: number.to_string(),
            title: text.title,
            parts: [common.holder_part.clone(), common.office_part.clone()],
            conformity: text.conformity,
            validity: text.validity,
            check: ReceiptCode { label: text.check_label, url: check_url },
            service: ReceiptCode { label: text.service_label, url: service_url },
            notes: text.notes,
            facts: facts.map(|(label, value)| ReceiptFact { label: label.clone(), text: value }).into(),
            declaration: common.declaration.clone(),
            signature: common.signature.clone(),
            cut: common.cut.clone(),
            barcode: bars.into_iter().map(|dark| if dark { '1' } else { '0' }).collect(),
            photo: ReceiptPicture { link, width_mm: mm(spec.width_px), height_mm: mm(spec.height_px) },
            taken_at,
            valid_until,
            expired,
            stamp: expired.then(|| common.expired.clone()),
        })
    }
}
