//! One photo for its owner, at once or as soon as its inspection has ended.

use std::time::Duration;

use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use domain::photo::Photo;
use domain::report::Report;
use jiff::Timestamp;
use serde_json::Value;
use tokio::time::Instant;

use super::{PhotoRow, Photos, key};
use crate::failure::Failure;

/// The longest wait of [`Photos::get`]. The API gateway ends a request after 29 s, and a waiting function costs money.
pub const WAIT_MAX: Duration = Duration::from_secs(20);

/// How often a waiting call reads the row.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// Whether the caller has the representation with an entity tag; see [`PhotoView::tag`].
pub type KnownTags<'a> = &'a (dyn Fn(&str) -> bool + Send + Sync);

/// A photo as its owner sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoView {
    /// The stored row.
    pub row: PhotoRow,
    /// The state at the time of the call: it has timed out at its deadline, even if the row does not say so yet.
    pub photo: Photo,
    /// The report of the inspection, once there is one. A list leaves it out.
    pub report: Option<Report>,
}

impl PhotoView {
    /// An entity tag that changes whenever something changes that the owner can see.
    pub fn tag(&self) -> String {
        format!("{}-{}", self.row.version, self.photo.state())
    }
}

impl Photos {
    /// Photo `number`, with its report.
    ///
    /// Waits until the inspection has ended or, if `known` is given, until the photo has an entity tag that is not
    /// known, but at most `wait` and at most [`WAIT_MAX`].
    ///
    /// # Errors
    ///
    /// `NotFound` if `owner` has no such photo, or if it is no longer kept; `Unavailable` or `Internal` from the store.
    pub async fn get(
        &self,
        owner: AccountId,
        number: ImageNumber,
        known: Option<KnownTags<'_>>,
        wait: Duration,
    ) -> Result<PhotoView, Failure> {
        let until = Instant::now() + wait.min(WAIT_MAX);
        loop {
            let view = self.view(owner, number).await?;
            let changed = view.photo.is_settled() || known.is_some_and(|is_known| !is_known(&view.tag()));
            if changed || Instant::now() >= until {
                return self.with_report(view).await;
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Photo `number` without its report. `NotFound` for a photo of another account and for one that is no longer kept.
    pub(crate) async fn view(&self, owner: AccountId, number: ImageNumber) -> Result<PhotoView, Failure> {
        let row = self.load(number).await?.filter(|row| row.owner == owner).ok_or(Failure::NotFound)?;
        let photo = visible(&row, self.clock.now())?.ok_or(Failure::NotFound)?;
        Ok(PhotoView { row, photo, report: None })
    }

    async fn with_report(&self, view: PhotoView) -> Result<PhotoView, Failure> {
        if view.photo.inspected().is_none() {
            return Ok(view);
        }
        let row = self.store.get(&key::report_row(view.row.number)).await?.unwrap_or_default();
        let text = row.get("report").and_then(Value::as_str);
        let report = text.map(serde_json::from_str).transpose().map_err(Failure::internal)?;
        Ok(PhotoView { report, ..view })
    }
}

/// The state at `now`, or `None` once the photo is no longer kept, even if its objects are not deleted yet.
pub(crate) fn visible(row: &PhotoRow, now: Timestamp) -> Result<Option<Photo>, Failure> {
    let photo = row.photo()?.as_of(now);
    let expired = photo == Photo::Purged || photo.keep_until().is_some_and(|end| now >= end);
    Ok((!expired).then_some(photo))
}
