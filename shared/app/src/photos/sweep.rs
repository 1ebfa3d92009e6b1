//! What falls due without anyone asking: lapsed tickets, time-outs, photos past their keeping.

use domain::photo::{Photo, TIME_LIMIT};
use jiff::Timestamp;

use super::{PhotoRow, Photos, key};
use crate::failure::Failure;
use crate::objects::Bucket;
use crate::store::{BY_DUE, Change, Query, Span, Table, from_row, sortable};

/// Rows per run: a minute's run stays far within the job's time limit.
const ROWS_MAX: u32 = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    pub timed_out: u32,
    pub lapsed: u32,
    pub purged: u32,
    /// Looked at too early, or changed by someone else meanwhile; the next run sees them again.
    pub left: u32,
    pub failed: u32,
}

impl Photos {
    /// Safe to run twice at once. One bad row does not stop the others.
    pub async fn sweep(&self) -> Result<Swept, Failure> {
        let now = self.clock.now();
        let due = Query::index(Table::Photos, BY_DUE, key::DUE)
            .span(Span::Between(sortable(Timestamp::UNIX_EPOCH), sortable(now)))
            .limit(ROWS_MAX);
        let mut swept = Swept::default();
        for row in self.store.query(&due).await?.rows {
            let counter = match self.sweep_one(from_row(row)?, now).await {
                Ok(Some("timed-out")) => &mut swept.timed_out,
                Ok(Some("lapsed")) => &mut swept.lapsed,
                Ok(Some(_)) => &mut swept.purged,
                Ok(None) => &mut swept.left,
                Err(_) => &mut swept.failed,
            };
            *counter += 1;
        }
        Ok(swept)
    }

    /// The index may lag: what it says is only a hint, the row decides.
    async fn sweep_one(&self, hint: PhotoRow, now: Timestamp) -> Result<Option<&'static str>, Failure> {
        let Some(row) = self.load(hint.number).await? else { return Ok(None) };
        let stored = row.photo()?;
        if let Photo::Reserved { .. } = stored {
            return self.sweep_reserved(row, stored, now).await;
        }
        if let Ok(timed_out) = stored.clone().time_out(now) {
            return Ok(self.write_time_out(row, &timed_out, now).await?.then_some("timed-out"));
        }
        match stored.purge(now) {
            Ok(purged) => Ok(self.purge(row, &purged).await?.then_some("purged")),
            Err(_) => Ok(None),
        }
    }

    async fn sweep_reserved(
        &self,
        row: PhotoRow,
        reserved: Photo,
        now: Timestamp,
    ) -> Result<Option<&'static str>, Failure> {
        let photo = self.arrived_unseen(&row, reserved).await?.as_of(now);
        match photo {
            Photo::TimedOut { .. } => Ok(self.write_time_out(row, &photo, now).await?.then_some("timed-out")),
            Photo::Reserved { .. } => match photo.clone().purge(now) {
                Ok(purged) => Ok(self.lapse(row, &purged, now).await?.then_some("lapsed")),
                Err(_) => self.look_again(row, &photo, now).await,
            },
            _ => self.look_again(row, &photo, now).await,
        }
    }

    /// An upload whose event nobody has taken yet still counts from when it was put.
    async fn arrived_unseen(&self, row: &PhotoRow, reserved: Photo) -> Result<Photo, Failure> {
        match self.objects.put_at(Bucket::Uploads, &key::upload(row.owner, row.number)).await? {
            Some(at) => reserved.arrive(at).map_err(Failure::internal),
            None => Ok(reserved),
        }
    }

    pub(super) async fn write_time_out(&self, row: PhotoRow, photo: &Photo, now: Timestamp) -> Result<bool, Failure> {
        let settlement = self.charging.at_end(&row, None, now).await?;
        self.commit(settlement.changes, row.with(photo).write()?).await
    }

    async fn lapse(&self, row: PhotoRow, purged: &Photo, now: Timestamp) -> Result<bool, Failure> {
        let settlement = self.charging.at_end(&row, None, now).await?;
        self.commit(settlement.changes, row.with(purged).write()?).await
    }

    /// Objects first: a row that says purged has none left.
    async fn purge(&self, row: PhotoRow, purged: &Photo) -> Result<bool, Failure> {
        self.objects.delete(Bucket::Photos, &key::standard_photo(row.owner, row.number)).await?;
        self.objects.delete(Bucket::Uploads, &key::upload(row.owner, row.number)).await?;
        let report = Change::update(key::report_row(row.number)).remove("report");
        self.commit(vec![report], row.with(purged).write()?).await
    }

    async fn look_again(&self, row: PhotoRow, photo: &Photo, now: Timestamp) -> Result<Option<&'static str>, Failure> {
        let soon = now + TIME_LIMIT;
        let due = photo.due_at().map_or(soon, |due| due.min(soon));
        self.commit(Vec::new(), row.with(photo).write_due(Some(due))?).await?;
        Ok(None)
    }
}
