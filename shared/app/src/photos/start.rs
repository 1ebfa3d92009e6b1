//! The submission of a photo: reserves an image number and issues the upload ticket. The bucket's event of the upload
//! then starts the inspection.

use domain::actor::AccountId;
use domain::card::Card;
use domain::finding::Limit;
use domain::image_number::ImageNumber;
use domain::money::order::Method;
use domain::photo::{Photo, TIME_LIMIT};
use domain::photo_spec::PhotoSpec;
use domain::region::Region;
use domain::ruleset::Ruleset;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;

use super::row::StateColumns;
use super::{PhotoRow, Photos, key};
use crate::backoff::Backoff;
use crate::captcha::{self, CaptchaError};
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::objects::{Bucket, UploadForm, UploadPolicy};
use crate::store::Change;

/// How long an upload ticket can be used: long enough for a slow connection, short enough that a leaked form is of
/// little use.
pub const TICKET_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// The only media type that can be uploaded.
pub const CONTENT_TYPE: &str = "image/jpeg";

/// The longest file name, in bytes: the limit of common file systems.
const FILE_NAME_BYTES_MAX: usize = 255;

/// What a client says about a photo before it uploads the file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Submission {
    /// 照片类型.
    pub card: Card,
    /// 相片规则.
    pub ruleset: Ruleset,
    /// 办证地区.
    pub region: Region,
    /// 支付方式.
    pub method: Method,
    /// 图像名称, ending in `.jpg` or `.jpeg`.
    pub file_name: String,
    /// The media type of the file.
    pub content_type: String,
    /// The size of the file in bytes.
    pub bytes: u64,
}

/// A reserved image number with the permission to upload its file.
#[derive(Debug, Clone, PartialEq)]
pub struct UploadTicket {
    /// 图像号码.
    pub number: ImageNumber,
    /// The present state of the photo.
    pub photo: Photo,
    /// The upload form; `None` if a repeated submission finds its ticket used or expired.
    pub upload: Option<UploadForm>,
}

impl Photos {
    /// Reserves an image number for `owner` and issues its upload ticket. Repeating the call with the same idempotency
    /// key
    /// `key` and the same `submission` returns the ticket of the same photo.
    ///
    /// # Errors
    ///
    /// - `Invalid` if a field of `submission` or the captcha breaks a rule.
    /// - `KeyReused` if `key` was used with another submission.
    /// - `Short` and others of [`super::Billing::authorise`].
    /// - `Unavailable` or `Internal` from the store or the bucket.
    pub async fn start(
        &self,
        owner: AccountId,
        submission: Submission,
        key: &str,
        captcha: Option<captcha::Answer>,
    ) -> Result<UploadTicket, Failure> {
        check(&submission)?;
        let command = Command::new(owner, "start-photo", key, &submission)?;
        let now = self.clock.now();
        if let Some(number) = command.response(&*self.store, now).await? {
            return self.ticket(number, now).await;
        }
        if let Some(answer) = captcha {
            self.redeem_captcha(&answer, now).await?;
        }
        let number = self.next_number().await?;
        let mut backoff = Backoff::default();
        loop {
            let authorisation = self.billing.authorise(owner, number, submission.method, now).await?;
            let row = new_row(owner, &submission, number, authorisation.price_fen, now);
            let mut changes = authorisation.changes;
            changes.push(command.record(&number, now)?);
            if self.commit(changes, row.write_due(Some(now + TIME_LIMIT))?).await? {
                return self.ticket(number, now).await;
            }
            if let Some(number) = command.response(&*self.store, now).await? {
                return self.ticket(number, now).await;
            }
            backoff.wait(&*self.random).await?;
        }
    }

    /// A captcha can be redeemed once. A repeated submission therefore skips it: see [`Self::start`].
    async fn redeem_captcha(&self, answer: &captcha::Answer, now: Timestamp) -> Result<(), Failure> {
        match captcha::redeem(&*self.store, now, captcha::Purpose::Upload, answer).await {
            Ok(()) => Ok(()),
            Err(CaptchaError::Unsolved) => Err(Failure::Invalid { field: "/captcha", code: "captcha-wrong" }),
            Err(CaptchaError::Store(error)) => Err(error.into()),
        }
    }

    /// The next image number. If the submission fails afterwards, the number stays unused.
    async fn next_number(&self) -> Result<ImageNumber, Failure> {
        let counter = self.store.apply(Change::update(key::counter_row()).add("count", 1)).await?;
        let count = counter.get("count").and_then(Value::as_i64);
        let count = count.ok_or_else(|| Failure::internal("the counter of image numbers has no attribute count"))?;
        ImageNumber::nth(count).map_err(Failure::internal)
    }

    async fn ticket(&self, number: ImageNumber, now: Timestamp) -> Result<UploadTicket, Failure> {
        let row = self.load(number).await?.ok_or(Failure::NotFound)?;
        let photo = row.photo()?.as_of(now);
        let open = matches!(photo, Photo::Reserved { ticket_expires_at } if now < ticket_expires_at);
        let upload = if open { Some(self.form(&row, now).await?) } else { None };
        Ok(UploadTicket { number, photo, upload })
    }

    async fn form(&self, row: &PhotoRow, now: Timestamp) -> Result<UploadForm, Failure> {
        let Limit { min, max } = PhotoSpec::of(row.card).input_bytes.limit;
        let policy = UploadPolicy {
            key: &key::upload(row.owner, row.number),
            content_type: CONTENT_TYPE,
            bytes: min.unwrap_or(0.0) as u64..=max.unwrap_or(0.0) as u64,
            now,
            expires_at: row.ticket_expires_at,
        };
        Ok(self.objects.upload_form(Bucket::Uploads, policy).await?)
    }
}

fn new_row(owner: AccountId, submission: &Submission, number: ImageNumber, price_fen: i64, now: Timestamp) -> PhotoRow {
    PhotoRow {
        number,
        owner,
        version: 0,
        card: submission.card,
        ruleset: submission.ruleset,
        region: submission.region.clone(),
        method: submission.method,
        file_name: submission.file_name.clone(),
        price_fen,
        reserved_at: now,
        ticket_expires_at: now + TICKET_LIFE,
        reasons: Vec::new(),
        columns: StateColumns::default(),
    }
}

/// An early check of what the client declares. The bucket enforces type and size by the policy of the upload form.
fn check(submission: &Submission) -> Result<(), Failure> {
    let invalid = |field, code| Err(Failure::Invalid { field, code });
    let name = &submission.file_name;
    if name.trim().is_empty() || name.len() > FILE_NAME_BYTES_MAX || name.chars().any(char::is_control) {
        return invalid("/fileName", "file-name-invalid");
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    if !matches!(extension.as_deref(), Some("jpg" | "jpeg")) {
        return invalid("/fileName", "file-not-jpeg");
    }
    if submission.content_type != CONTENT_TYPE {
        return invalid("/contentType", "file-not-jpeg");
    }
    let limit = PhotoSpec::of(submission.card).input_bytes.limit;
    let bytes = submission.bytes as f64;
    if limit.min.is_some_and(|min| bytes < min) {
        return invalid("/bytes", "file-too-small");
    }
    if limit.max.is_some_and(|max| bytes > max) {
        return invalid("/bytes", "file-too-large");
    }
    Ok(())
}
