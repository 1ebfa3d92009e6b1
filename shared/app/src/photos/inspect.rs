//! The inspection of an uploaded file: keeps report and standard photo, and captures or voids the hold.
//!
//! Upload events are delivered at least once, late and in any order. The photo is inspected with the bytes that lie
//! under its key when the function reads them. It ends once; every later event for it changes nothing.

use domain::finding::{Group, Verdict};
use domain::image_number::ImageNumber;
use domain::photo::{Outcome, Photo};
use domain::report::Report;
use jiff::Timestamp;
use serde_json::Value;

use super::inspector::Inspection;
use super::{Inspector, PhotoRow, Photos, key};
use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::objects::Bucket;
use crate::store::{Change, Row};

/// The largest file that is read, in bytes. No upload ticket allows more.
const UPLOAD_BYTES_MAX: u64 = 1_048_576;

/// An object was put into the bucket `Uploads`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadEvent {
    /// The object key, with percent-encoding removed.
    pub key: String,
    /// When the object was put.
    pub at: Timestamp,
}

/// What one upload event led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InspectionOutcome {
    /// This event's inspection ended the photo, in the named state.
    Concluded(ImageNumber, &'static str),
    /// The photo had ended before.
    AlreadyEnded(ImageNumber),
    /// No upload ticket was issued for this object key.
    UnknownKey,
}

impl Photos {
    /// Inspects the uploaded file that `event` names.
    ///
    /// # Errors
    ///
    /// `Unavailable` or `Internal` from the store, the bucket or the engine. Deliver the event again.
    pub async fn inspect(&self, inspector: &dyn Inspector, event: &UploadEvent) -> Result<InspectionOutcome, Failure> {
        let Some((owner, number)) = key::parse_upload(&event.key) else { return Ok(InspectionOutcome::UnknownKey) };
        if self.load(number).await?.is_none_or(|row| row.owner != owner) {
            return Ok(InspectionOutcome::UnknownKey);
        }
        let Some(row) = self.begin(number, event.at).await? else {
            return Ok(InspectionOutcome::AlreadyEnded(number));
        };
        let bytes = self.objects.get(Bucket::Uploads, &event.key, UPLOAD_BYTES_MAX).await?;
        let bytes = bytes.ok_or_else(|| Failure::Unavailable("the upload is not in the bucket".into()))?;
        let inspection = inspector.inspect(bytes, row.card, row.ruleset).await.map_err(Failure::internal)?;
        let outcome = outcome(&inspection.report);
        if let (Outcome::Passed, Some(photo)) = (outcome, &inspection.standard_photo) {
            let key = key::standard_photo(owner, number);
            self.objects.put(Bucket::Photos, &key, super::start::CONTENT_TYPE, photo.clone()).await?;
        }
        self.conclude(number, outcome, &inspection).await
    }

    /// Moves the photo to `Inspecting` and returns its row. A photo past its deadline is marked as timed out, and its
    /// row is returned too: a late result is kept. `None` if the photo has its result already.
    async fn begin(&self, number: ImageNumber, uploaded_at: Timestamp) -> Result<Option<PhotoRow>, Failure> {
        let mut backoff = Backoff::default();
        loop {
            let now = self.clock.now();
            let row = self.load(number).await?.ok_or(Failure::NotFound)?;
            let before = row.photo()?;
            let time_out_stored = before.is_settled();
            let photo = match before {
                reserved @ Photo::Reserved { .. } => reserved.upload(uploaded_at).map_err(Failure::internal)?,
                other => other,
            };
            match photo.as_of(now) {
                photo @ (Photo::Uploaded { .. } | Photo::Inspecting { .. }) => {
                    let row = row.with(&photo.begin(now).map_err(Failure::internal)?);
                    if self.commit(Vec::new(), row.clone().write()?).await? {
                        return Ok(Some(row));
                    }
                }
                photo @ Photo::TimedOut { late: None, .. } => {
                    if time_out_stored || self.write_time_out(row.clone(), &photo, now).await? {
                        return Ok(Some(row));
                    }
                }
                _ => return Ok(None),
            }
            backoff.wait(&*self.random).await?;
        }
    }

    async fn conclude(
        &self,
        number: ImageNumber,
        outcome: Outcome,
        inspection: &Inspection,
    ) -> Result<InspectionOutcome, Failure> {
        let mut backoff = Backoff::default();
        loop {
            let now = self.clock.now();
            let mut row = self.load(number).await?.ok_or(Failure::NotFound)?;
            let before = row.photo()?;
            let was_open = !before.is_settled();
            let Ok(mut photo) = before.conclude(outcome, now) else {
                return Ok(InspectionOutcome::AlreadyEnded(number));
            };
            let mut changes = vec![report_row(number, &inspection.report)?];
            if was_open {
                let in_time = photo.inspected().map(|inspected| inspected.result);
                let settlement = self.billing.capture_or_void(&row, in_time, now).await?;
                changes.extend(settlement.changes);
                if settlement.paid {
                    photo = photo.pay(now).map_err(Failure::internal)?;
                }
            }
            row.reasons = inspection.report.reasons().into_iter().cloned().collect();
            if self.commit(changes, row.with(&photo).write()?).await? {
                return Ok(InspectionOutcome::Concluded(number, photo.state()));
            }
            backoff.wait(&*self.random).await?;
        }
    }
}

/// `Unreadable` if the file could not be decoded, otherwise by the verdict.
fn outcome(report: &Report) -> Outcome {
    if report.verdict != Verdict::Fail {
        return Outcome::Passed;
    }
    let unreadable = report.picture.is_none() && report.reasons().iter().any(|finding| finding.group == Group::File);
    if unreadable { Outcome::Unreadable } else { Outcome::Failed }
}

fn report_row(number: ImageNumber, report: &Report) -> Result<Change, Failure> {
    let text = serde_json::to_string(report).map_err(Failure::internal)?;
    Ok(Change::put(key::report_row(number), Row::from_iter([("report".to_owned(), Value::String(text))])))
}
