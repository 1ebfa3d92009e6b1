//! The due work of photos: unused upload tickets, time-outs, and photos whose retention has ended.

use domain::photo::{Photo, TIME_LIMIT};
use jiff::Timestamp;

use super::{PhotoRow, Photos, key};
use crate::failure::Failure;
use crate::objects::Bucket;
use crate::store::{BY_DUE, Change, Query, Span, Table, from_row, sortable};

/// Rows per run. The job runs every minute, and a run of this size ends far within its time limit.
const ROWS_MAX: u32 = 100;

/// What one run of [`Photos::process_due`] did, in photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PhotoDueReport {
    /// Inspections that had not ended at their deadline.
    pub timed_out: u32,
    /// Upload tickets that were never used.
    pub expired: u32,
    /// Photos whose objects and personal data were deleted.
    pub purged: u32,
    /// Photos that were not due yet or changed during the run; the next run reads them again.
    pub skipped: u32,
    /// Photos that could not be processed; the next run tries again.
    pub failed: u32,
}

enum Processed {
    TimedOut,
    Expired,
    Purged,
    Skipped,
}

impl Photos {
    /// Processes the photos that are due, at most 100. Two runs at the same time do no harm, and a photo that fails
    /// does not stop the others.
    ///
    /// # Errors
    ///
    /// If the list of due photos cannot be read.
    pub async fn process_due(&self) -> Result<PhotoDueReport, Failure> {
        let now = self.clock.now();
        let due = Query::index(Table::Photos, BY_DUE, key::DUE)
            .span(Span::Between(sortable(Timestamp::UNIX_EPOCH), sortable(now)))
            .limit(ROWS_MAX);
        let mut report = PhotoDueReport::default();
        for row in self.store.query(&due).await?.rows {
            let counter = match self.process_one(from_row(row)?, now).await {
                Ok(Processed::TimedOut) => &mut report.timed_out,
                Ok(Processed::Expired) => &mut report.expired,
                Ok(Processed::Purged) => &mut report.purged,
                Ok(Processed::Skipped) => &mut report.skipped,
                Err(_) => &mut report.failed,
            };
            *counter += 1;
        }
        Ok(report)
    }

    /// `indexed` comes from the index, which may lag behind the row: the row decides.
    async fn process_one(&self, indexed: PhotoRow, now: Timestamp) -> Result<Processed, Failure> {
        let Some(row) = self.load(indexed.number).await? else { return Ok(Processed::Skipped) };
        let stored = row.photo()?;
        if let Photo::Reserved { .. } = stored {
            return self.process_reserved(row, stored, now).await;
        }
        if let Ok(timed_out) = stored.clone().time_out(now) {
            return Ok(done_if(self.write_time_out(row, &timed_out, now).await?, Processed::TimedOut));
        }
        match stored.purge(now) {
            Ok(purged) => Ok(done_if(self.purge(row, &purged).await?, Processed::Purged)),
            Err(_) => Ok(Processed::Skipped),
        }
    }

    async fn process_reserved(&self, row: PhotoRow, reserved: Photo, now: Timestamp) -> Result<Processed, Failure> {
        let photo = self.with_missed_upload(&row, reserved).await?.as_of(now);
        match photo {
            Photo::TimedOut { .. } => Ok(done_if(self.write_time_out(row, &photo, now).await?, Processed::TimedOut)),
            Photo::Reserved { .. } => match photo.clone().purge(now) {
                Ok(purged) => Ok(done_if(self.expire(row, &purged, now).await?, Processed::Expired)),
                Err(_) => self.reschedule(row, &photo, now).await,
            },
            _ => self.reschedule(row, &photo, now).await,
        }
    }

    /// The photo as uploaded if its file lies in the bucket although its upload event has not been processed. The time
    /// limit counts from the upload.
    async fn with_missed_upload(&self, row: &PhotoRow, reserved: Photo) -> Result<Photo, Failure> {
        match self.objects.last_modified(Bucket::Uploads, &key::upload(row.owner, row.number)).await? {
            Some(at) => reserved.upload(at).map_err(Failure::internal),
            None => Ok(reserved),
        }
    }

    pub(super) async fn write_time_out(&self, row: PhotoRow, photo: &Photo, now: Timestamp) -> Result<bool, Failure> {
        let settlement = self.billing.capture_or_void(&row, None, now).await?;
        self.commit(settlement.changes, row.with(photo).write()?).await
    }

    async fn expire(&self, row: PhotoRow, purged: &Photo, now: Timestamp) -> Result<bool, Failure> {
        let settlement = self.billing.capture_or_void(&row, None, now).await?;
        self.commit(settlement.changes, row.with(purged).write()?).await
    }

    /// Deletes the objects first, so that the row says `purged` only when none is left.
    async fn purge(&self, row: PhotoRow, purged: &Photo) -> Result<bool, Failure> {
        self.objects.delete(Bucket::Photos, &key::standard_photo(row.owner, row.number)).await?;
        self.objects.delete(Bucket::Uploads, &key::upload(row.owner, row.number)).await?;
        let report = Change::update(key::report_row(row.number)).remove("report");
        self.commit(vec![report], row.with(purged).write()?).await
    }

    async fn reschedule(&self, row: PhotoRow, photo: &Photo, now: Timestamp) -> Result<Processed, Failure> {
        let soon = now + TIME_LIMIT;
        let due = photo.due_at().map_or(soon, |due| due.min(soon));
        self.commit(Vec::new(), row.with(photo).write_due(Some(due))?).await?;
        Ok(Processed::Skipped)
    }
}

/// `processed` if its commit was written, `Skipped` if it met a conflict.
fn done_if(written: bool, processed: Processed) -> Processed {
    if written { processed } else { Processed::Skipped }
}
