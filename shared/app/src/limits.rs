//! Token buckets kept in the store, so that every copy of every function counts together.

use domain::china_time;
use domain::limit::Bucket;
use jiff::{SignedDuration, Timestamp};

use crate::store::{Change, Key, Store, StoreError, TTL, Table};

/// Tries against other callers of the same bucket before this caller is told to wait.
const TRIES_MAX: usize = 8;

/// Why a call may not go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitFailure {
    #[error("the bucket is empty for {0}")]
    Empty(SignedDuration),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes one token from the bucket `name` of `who` (an address, an account: never a plain phone number).
pub async fn take(
    store: &dyn Store,
    now: Timestamp,
    name: &str,
    who: &str,
    bucket: Bucket,
) -> Result<(), LimitFailure> {
    let key = Key::new(Table::Guards, format!("BUCKET#{name}#{who}"), "BUCKET");
    for _ in 0..TRIES_MAX {
        let stored = store.get(&key).await?.and_then(|row| row.get("fullAt")?.as_i64());
        let full_at = stored.and_then(|at| Timestamp::from_millisecond(at).ok());
        let next = bucket.take(full_at, now).map_err(LimitFailure::Empty)?;
        let change = Change::update(key.clone()).set("fullAt", next.as_millisecond()).set(TTL, next.as_second() + 1);
        let change = match stored {
            Some(at) => change.if_equals("fullAt", at),
            None => change.if_missing("fullAt"),
        };
        match store.apply(change).await {
            Ok(_) => return Ok(()),
            Err(StoreError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(LimitFailure::Empty(SignedDuration::from_secs(1)))
}

/// Counts one of `most` per day of Shanghai, or says how long until the day is over.
pub async fn count_today(
    store: &dyn Store,
    now: Timestamp,
    name: &str,
    who: &str,
    most: i64,
) -> Result<(), LimitFailure> {
    let today = china_time::local(now);
    let left = today.tomorrow().and_then(|day| day.start_of_day()).map(|day| day.timestamp().duration_since(now));
    let left = left.unwrap_or(SignedDuration::from_hours(24));
    let key = Key::new(Table::Guards, format!("QUOTA#{name}#{who}#{}", today.date()), "QUOTA");
    let change = || Change::update(key.clone()).add("count", 1).set(TTL, (now + left).as_second());
    // The first of the day finds no count to compare with; of two firsts one falls back to the comparison.
    for change in
        [change().if_at_most("count", most - 1), change().if_missing("count"), change().if_at_most("count", most - 1)]
    {
        match store.apply(change).await {
            Ok(_) => return Ok(()),
            Err(StoreError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(LimitFailure::Empty(left))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::MemoryStore;

    /// Covers: XX-18
    #[tokio::test(flavor = "multi_thread")]
    async fn callers_at_the_same_time_share_one_bucket() {
        let store = Arc::new(MemoryStore::new());
        let bucket = Bucket::new(5, SignedDuration::from_secs(60));
        let calls = (0..64).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { take(&*store, Timestamp::UNIX_EPOCH, "test", "a", bucket).await.is_ok() })
        });
        let mut passed = 0;
        for call in calls.collect::<Vec<_>>() {
            passed += usize::from(call.await.unwrap());
        }
        assert_eq!(passed, 5);
        assert!(take(&*store, Timestamp::UNIX_EPOCH, "test", "b", bucket).await.is_ok());
    }

    /// Covers: XX-13, XX-18
    #[tokio::test(flavor = "multi_thread")]
    async fn a_days_quota_counts_every_caller_and_begins_anew_at_midnight_in_china() {
        let store = Arc::new(MemoryStore::new());
        let evening: Timestamp = "2026-03-01T15:59:50Z".parse().unwrap();
        let calls = (0..40).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { count_today(&*store, evening, "test", "a", 10).await.is_ok() })
        });
        let mut passed = 0;
        for call in calls.collect::<Vec<_>>() {
            passed += usize::from(call.await.unwrap());
        }
        assert_eq!(passed, 10);
        let full = count_today(&*store, evening, "test", "a", 10).await;
        assert_eq!(full, Err(LimitFailure::Empty(SignedDuration::from_secs(10))));
        let morning = evening + SignedDuration::from_secs(10);
        assert_eq!(count_today(&*store, morning, "test", "a", 10).await, Ok(()));
    }
}
