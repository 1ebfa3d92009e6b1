//! What happens when a file has arrived: inspect it, keep report and standard photo, end the hold.
//!
//! Events come at least once, late and in any order. A photo is judged by the bytes that lie under its key when the worker
//! reads them, ends once, and every later event for it changes nothing.

use domain::finding::{Group, Verdict};
use domain::image_number::ImageNumber;
use domain::photo::{Outcome, Photo};
use domain::report::Report;
use jiff::Timestamp;
use serde_json::Value;

use super::inspector::Inspection;
use super::{Inspector, PhotoRow, Photos, key};
use crate::failure::Failure;
use crate::objects::Bucket;
use crate::store::{Change, Row};
use crate::tries::Tries;

/// More than any ticket allows; a larger file came another way.
const UPLOAD_BYTES_MAX: u64 = 1_048_576;

/// An object that was put into the uploads bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Decoded.
    pub key: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handled {
    /// The photo has ended with this event's inspection.
    Concluded(ImageNumber, &'static str),
    /// It had ended before.
    AlreadyEnded(ImageNumber),
    /// No ticket was ever issued for such a key.
    NotOurs,
}

impl Photos {
    /// # Errors
    /// Passing ones: the event should be delivered again.
    pub async fn inspect(&self, inspector: &dyn Inspector, arrival: &Arrival) -> Result<Handled, Failure> {
        let Some((owner, number)) = key::parse_upload(&arrival.key) else { return Ok(Handled::NotOurs) };
        if self.load(number).await?.is_none_or(|row| row.owner != owner) {
            return Ok(Handled::NotOurs);
        }
        let Some(row) = self.begin(number, arrival.at).await? else { return Ok(Handled::AlreadyEnded(number)) };
        let bytes = self.objects.get(Bucket::Uploads, &arrival.key, UPLOAD_BYTES_MAX).await?;
        let bytes = bytes.ok_or_else(|| Failure::Unavailable("the upload is not in the bucket".into()))?;
        let inspection = inspector.inspect(bytes, row.card, row.ruleset).await.map_err(Failure::internal)?;
        let outcome = outcome(&inspection.report);
        if let (Outcome::Passed, Some(photo)) = (outcome, &inspection.standard_photo) {
            let key = key::standard_photo(owner, number);
            self.objects.put(Bucket::Photos, &key, super::start::CONTENT_TYPE, photo.clone()).await?;
        }
        self.conclude(number, outcome, &inspection).await
    }

    /// The photo with the worker's mark on it, or nothing when no result is wanted any more.
    async fn begin(&self, number: ImageNumber, uploaded_at: Timestamp) -> Result<Option<PhotoRow>, Failure> {
        let mut tries = Tries::default();
        loop {
            let now = self.clock.now();
            let row = self.load(number).await?.ok_or(Failure::NotFound)?;
            let before = row.photo()?;
            let known = before.is_settled();
            let photo = match before {
                reserved @ Photo::Reserved { .. } => reserved.arrive(uploaded_at).map_err(Failure::internal)?,
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
                    if known || self.write_time_out(row.clone(), &photo, now).await? {
                        return Ok(Some(row));
                    }
                }
                _ => return Ok(None),
            }
            tries.again(&*self.random).await?;
        }
    }

    async fn conclude(
        &self,
        number: ImageNumber,
        outcome: Outcome,
        inspection: &Inspection,
    ) -> Result<Handled, Failure> {
        let mut tries = Tries::default();
        loop {
            let now = self.clock.now();
            let mut row = self.load(number).await?.ok_or(Failure::NotFound)?;
            let before = row.photo()?;
            let was_open = !before.is_settled();
            let Ok(mut photo) = before.conclude(outcome, now) else { return Ok(Handled::AlreadyEnded(number)) };
            let mut changes = vec![report_row(number, &inspection.report)?];
            if was_open {
                let in_time = photo.inspected().map(|inspected| inspected.result);
                let settlement = self.charging.at_end(&row, in_time, now).await?;
                changes.extend(settlement.changes);
                if settlement.paid {
                    photo = photo.pay(now).map_err(Failure::internal)?;
                }
            }
            row.reasons = inspection.report.reasons().into_iter().cloned().collect();
            if self.commit(changes, row.with(&photo).write()?).await? {
                return Ok(Handled::Concluded(number, photo.state()));
            }
            tries.again(&*self.random).await?;
        }
    }
}

/// What cannot be decoded at all is told apart from what was looked at and refused.
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
