//! Reserve a number and issue the upload ticket. The upload itself, through the bucket's event, starts the inspection.

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

use super::row::Life;
use super::{PhotoRow, Photos, key};
use crate::captcha::{self, CaptchaError};
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::objects::{Bucket, UploadForm, UploadTerms};
use crate::store::Change;
use crate::tries::Tries;

/// How long the ticket can be used. Long enough for a slow phone, short enough that a lost form is worthless.
pub const TICKET_LIFE: SignedDuration = SignedDuration::from_mins(5);

pub const CONTENT_TYPE: &str = "image/jpeg";

/// File systems allow 255 bytes; nobody's photo needs more.
const FILE_NAME_BYTES_MAX: usize = 255;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Submission {
    pub card: Card,
    pub ruleset: Ruleset,
    pub region: Region,
    pub method: Method,
    pub file_name: String,
    pub content_type: String,
    pub bytes: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Started {
    pub number: ImageNumber,
    pub photo: Photo,
    /// Absent when a repeated submission finds its ticket used or lapsed.
    pub upload: Option<UploadForm>,
}

impl Photos {
    /// # Errors
    /// `Invalid` names a field that breaks a rule; whatever [`super::Charging`] refuses; `KeyReused`.
    pub async fn start(
        &self,
        owner: AccountId,
        submission: Submission,
        key: &str,
        captcha: Option<captcha::Answer>,
    ) -> Result<Started, Failure> {
        check(&submission)?;
        let command = Command::new(&owner.to_string(), "start-photo", key, &submission)?;
        let now = self.clock.now();
        if let Some(number) = command.answer(&*self.store, now).await? {
            return self.started(number, now).await;
        }
        if let Some(answer) = captcha {
            self.person(&answer, now).await?;
        }
        let number = self.next_number().await?;
        let mut tries = Tries::default();
        loop {
            let charge = self.charging.at_submission(owner, number, submission.method, now).await?;
            let row = birth(owner, &submission, number, charge.price_fen, now);
            let mut changes = charge.changes;
            changes.push(command.record(&number, now)?);
            if self.commit(changes, row.write_due(Some(now + TIME_LIMIT))?).await? {
                return self.started(number, now).await;
            }
            if let Some(number) = command.answer(&*self.store, now).await? {
                return self.started(number, now).await;
            }
            tries.again(&*self.random).await?;
        }
    }

    /// A puzzle is good once, so it is looked at only when nothing was submitted under this key yet.
    async fn person(&self, answer: &captcha::Answer, now: Timestamp) -> Result<(), Failure> {
        match captcha::redeem(&*self.store, now, captcha::Purpose::Upload, answer).await {
            Ok(()) => Ok(()),
            Err(CaptchaError::Unsolved) => Err(Failure::Invalid { field: "/captcha", code: "captcha-wrong" }),
            Err(CaptchaError::Store(error)) => Err(error.into()),
        }
    }

    /// A number that is drawn and then not used stays unused.
    async fn next_number(&self) -> Result<ImageNumber, Failure> {
        let counter = self.store.apply(Change::update(key::counter_row()).add("count", 1)).await?;
        let count = counter.get("count").and_then(Value::as_i64);
        ImageNumber::nth(count.ok_or_else(|| Failure::internal("no count"))?).map_err(Failure::internal)
    }

    async fn started(&self, number: ImageNumber, now: Timestamp) -> Result<Started, Failure> {
        let row = self.load(number).await?.ok_or(Failure::NotFound)?;
        let photo = row.photo()?.as_of(now);
        let open = matches!(photo, Photo::Reserved { ticket_expires_at } if now < ticket_expires_at);
        let upload = if open { Some(self.form(&row, now).await?) } else { None };
        Ok(Started { number, photo, upload })
    }

    async fn form(&self, row: &PhotoRow, now: Timestamp) -> Result<UploadForm, Failure> {
        let Limit { min, max } = PhotoSpec::of(row.card).input_bytes.limit;
        let terms = UploadTerms {
            key: &key::upload(row.owner, row.number),
            content_type: CONTENT_TYPE,
            bytes: min.unwrap_or(0.0) as u64..=max.unwrap_or(0.0) as u64,
            now,
            expires_at: row.ticket_expires_at,
        };
        Ok(self.objects.upload_form(Bucket::Uploads, terms).await?)
    }
}

fn birth(owner: AccountId, submission: &Submission, number: ImageNumber, price_fen: i64, now: Timestamp) -> PhotoRow {
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
        life: Life::default(),
    }
}

/// Declared by the client, so only a courtesy: the ticket itself enforces type and size at the bucket's door.
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
