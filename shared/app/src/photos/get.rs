//! One photo as its owner sees it, at once or as soon as it has ended.

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

/// Waiting costs a running function, and the front door gives up at 29 s.
pub const WAIT_MAX: Duration = Duration::from_secs(20);

/// A result is seen at most this long after it was written.
const LOOK_EVERY: Duration = Duration::from_millis(250);

#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub row: PhotoRow,
    /// As of now: a time-out shows before the sweep has written it.
    pub photo: Photo,
    pub report: Option<Report>,
}

impl Seen {
    /// Changes whenever anything the owner can see changes.
    pub fn tag(&self) -> String {
        format!("{}-{}", self.row.version, self.photo.state())
    }
}

impl Photos {
    /// Waits until the photo has ended or, when the caller names the tag it knows, until it is another; at most `wait`.
    pub async fn get(
        &self,
        owner: AccountId,
        number: ImageNumber,
        known: Option<&str>,
        wait: Duration,
    ) -> Result<Seen, Failure> {
        let until = Instant::now() + wait.min(WAIT_MAX);
        loop {
            let seen = self.seen(owner, number).await?;
            let news = seen.photo.is_settled() || known.is_some_and(|tag| tag != seen.tag());
            if news || Instant::now() >= until {
                return self.with_report(seen).await;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Another's photo, and one past its keeping, are not there.
    pub(crate) async fn seen(&self, owner: AccountId, number: ImageNumber) -> Result<Seen, Failure> {
        let row = self.load(number).await?.filter(|row| row.owner == owner).ok_or(Failure::NotFound)?;
        let photo = visible(&row, self.clock.now())?.ok_or(Failure::NotFound)?;
        Ok(Seen { row, photo, report: None })
    }

    async fn with_report(&self, seen: Seen) -> Result<Seen, Failure> {
        if seen.photo.inspected().is_none() {
            return Ok(seen);
        }
        let row = self.store.get(&key::report_row(seen.row.number)).await?.unwrap_or_default();
        let text = row.get("report").and_then(Value::as_str);
        let report = text.map(serde_json::from_str).transpose().map_err(Failure::internal)?;
        Ok(Seen { report, ..seen })
    }
}

/// The photo as of now, or nothing once it is no longer kept (whether or not the sweep has come by).
pub(crate) fn visible(row: &PhotoRow, now: Timestamp) -> Result<Option<Photo>, Failure> {
    let photo = row.photo()?.as_of(now);
    let gone = photo == Photo::Purged || photo.keep_until().is_some_and(|end| now >= end);
    Ok((!gone).then_some(photo))
}
