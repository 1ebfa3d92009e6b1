//! 相片上传: the submission of a photo.

use std::collections::BTreeMap;

use app::captcha::Answer;
use app::photos::{Photos, Submission, UploadTicket};
use axum::extract::State;
use axum::http::StatusCode;
use domain::card::Card;
use domain::money::order::Method;
use domain::region::Region;
use domain::ruleset::Ruleset;
use http_api::responses;
use http_api::{IdempotencyKey, Json, LiveActor, Problem};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewPhoto {
    /// 相片类型: a code of `/v1/photo-types`
    #[schema(example = "resident-id")]
    card: String,
    /// 相片规则
    #[schema(value_type = String, example = "easy")]
    ruleset: Ruleset,
    /// 办证地区
    region: Place,
    /// 支付方式
    payment_method: Method,
    /// 图像名称, ending in .jpg or .jpeg
    #[schema(example = "微信图片_20231010160957.jpg")]
    file_name: String,
    /// Always `image/jpeg`
    #[schema(example = "image/jpeg")]
    content_type: String,
    #[schema(example = 204_800)]
    bytes: u64,
    /// 验证码; mandatory for the client `web`
    captcha: Option<CaptchaAnswer>,
    #[serde(default)]
    client: Client,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum Client {
    #[default]
    Web,
    App,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Place {
    #[schema(example = "广东省")]
    pub province: String,
    #[schema(example = "深圳市")]
    pub city: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CaptchaAnswer {
    captcha_id: String,
    answer: String,
}

/// An image number with the permission to upload its file.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewPhotoTicket)]
pub struct Ticket {
    /// 图像号码
    #[schema(example = "AL200166498")]
    image_no: String,
    #[schema(example = "reserved")]
    state: &'static str,
    /// Absent if a repeated submission finds its form used or expired
    #[serde(skip_serializing_if = "Option::is_none")]
    upload: Option<Upload>,
}

/// Post these fields, then the file as field `file`, to this address as `multipart/form-data`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Upload {
    url: String,
    fields: BTreeMap<String, String>,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// 相片上传: reserve an image number and get the upload form
#[utoipa::path(
    post,
    path = "/v1/photos",
    params(("Idempotency-Key" = String, Header, description = "The same for every repetition of one submission")),
    request_body = NewPhoto,
    responses(
        responses::IdempotentCommand,
        (status = 201, body = Ticket),
        (status = 402, description = "balance-too-low"),
    )
)]
pub async fn start(
    State(photos): State<Photos>,
    LiveActor(actor): LiveActor,
    IdempotencyKey(key): IdempotencyKey,
    Json(body): Json<NewPhoto>,
) -> Result<(StatusCode, Json<Ticket>), Problem> {
    let captcha = body.captcha()?;
    let ticket = photos.start(actor.account, body.parse()?, &key, captcha).await?;
    Ok((StatusCode::CREATED, Json(ticket.into())))
}

impl NewPhoto {
    fn captcha(&self) -> Result<Option<Answer>, Problem> {
        match (&self.captcha, self.client) {
            (Some(CaptchaAnswer { captcha_id, answer }), _) => {
                Ok(Some(Answer { id: captcha_id.clone(), text: answer.clone() }))
            }
            (None, Client::App) => Ok(None),
            (None, Client::Web) => Err(Problem::invalid().field("/captcha", "captcha-needed")),
        }
    }

    fn parse(self) -> Result<Submission, Problem> {
        let card: Result<Card, _> = self.card.parse();
        let region = Region::new(&self.region.province, &self.region.city);
        let (Ok(card), Ok(region)) = (&card, &region) else {
            let refused = Problem::invalid();
            let refused = if card.is_err() { refused.field("/card", "card-unknown") } else { refused };
            return Err(if region.is_err() { refused.field("/region", "region-unknown") } else { refused });
        };
        Ok(Submission {
            card: *card,
            ruleset: self.ruleset,
            region: region.clone(),
            method: self.payment_method,
            file_name: self.file_name,
            content_type: self.content_type,
            bytes: self.bytes,
        })
    }
}

impl From<UploadTicket> for Ticket {
    fn from(ticket: UploadTicket) -> Self {
        let upload =
            ticket.upload.map(|form| Upload { url: form.url, fields: form.fields, expires_at: form.expires_at });
        Self { image_no: ticket.number.to_string(), state: ticket.photo.state(), upload }
    }
}
