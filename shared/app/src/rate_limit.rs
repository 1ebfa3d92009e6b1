//! Rate limits and daily quotas. Their state is in the store, so that all instances of all functions share it.

use domain::china_time;
use domain::token_bucket::TokenBucket;
use jiff::{SignedDuration, Timestamp};

use crate::store::{Change, Key, Store, StoreError, TTL, Table};

/// The most attempts against concurrent callers of the same bucket.
const ATTEMPTS_MAX: usize = 8;

/// Why a call is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateLimitError {
    /// The limit is reached. The next call can succeed after this time.
    #[error("rate limit exceeded for {0}")]
    Exceeded(SignedDuration),
    /// The state of the limit could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes one token from the bucket of `subject` for the limit `name`. `subject` is an address, an account or the index
/// of a phone number, but never a phone number itself.
///
/// # Errors
///
/// `Exceeded` if the bucket is empty, or if too many callers used it at the same time; `Store` if the store fails.
pub async fn acquire(
    store: &dyn Store,
    now: Timestamp,
    name: &str,
    subject: &str,
    bucket: TokenBucket,
) -> Result<(), RateLimitError> {
    let key = Key::new(Table::Ephemeral, format!("BUCKET#{name}#{subject}"), "BUCKET");
    for _ in 0..ATTEMPTS_MAX {
        let stored = store.get(&key).await?.and_then(|row| row.get("fullAt")?.as_i64());
        let full_at = stored.and_then(|at| Timestamp::from_millisecond(at).ok());
        let next = bucket.acquire(full_at, now).map_err(RateLimitError::Exceeded)?;
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
    Err(RateLimitError::Exceeded(SignedDuration::from_secs(1)))
}

/// Counts one call of `subject` against the quota `name` of `most` calls per day. Days begin at midnight in China.
///
/// # Errors
///
/// `Exceeded` with the time until the day ends if the quota is used up; `Store` if the store fails.
pub async fn acquire_daily(
    store: &dyn Store,
    now: Timestamp,
    name: &str,
    subject: &str,
    most: i64,
) -> Result<(), RateLimitError> {
    let today = china_time::local(now);
    let left = today.tomorrow().and_then(|day| day.start_of_day()).map(|day| day.timestamp().duration_since(now));
    let left = left.unwrap_or(SignedDuration::from_hours(24));
    let key = Key::new(Table::Ephemeral, format!("QUOTA#{name}#{subject}#{}", today.date()), "QUOTA");
    let change = || Change::update(key.clone()).add("count", 1).set(TTL, (now + left).as_second());
    // The first call of a day finds no count to compare with. If two calls are the first, the second one compares
    // again.
    for change in
        [change().if_at_most("count", most - 1), change().if_missing("count"), change().if_at_most("count", most - 1)]
    {
        match store.apply(change).await {
            Ok(_) => return Ok(()),
            Err(StoreError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(RateLimitError::Exceeded(left))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::MemoryStore;

    /// Covers: XX-18
    #[tokio::test(flavor = "multi_thread")]
    async fn concurrent_callers_share_one_bucket() {
        let store = Arc::new(MemoryStore::new());
        let bucket = TokenBucket::new(5, SignedDuration::from_secs(60));
        let calls = (0..64).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { acquire(&*store, Timestamp::UNIX_EPOCH, "test", "a", bucket).await.is_ok() })
        });
        let mut passed = 0;
        for call in calls.collect::<Vec<_>>() {
            passed += usize::from(call.await.unwrap());
        }
        assert_eq!(passed, 5);
        assert!(acquire(&*store, Timestamp::UNIX_EPOCH, "test", "b", bucket).await.is_ok());
    }

    /// Covers: XX-13, XX-18
    #[tokio::test(flavor = "multi_thread")]
    async fn a_daily_quota_counts_concurrent_callers_and_restarts_at_midnight_in_china() {
        let store = Arc::new(MemoryStore::new());
        let evening: Timestamp = "2026-03-01T15:59:50Z".parse().unwrap();
        let calls = (0..40).map(|_| {
            let store = store.clone();
            tokio::spawn(async move { acquire_daily(&*store, evening, "test", "a", 10).await.is_ok() })
        });
        let mut passed = 0;
        for call in calls.collect::<Vec<_>>() {
            passed += usize::from(call.await.unwrap());
        }
        assert_eq!(passed, 10);
        let full = acquire_daily(&*store, evening, "test", "a", 10).await;
        assert_eq!(full, Err(RateLimitError::Exceeded(SignedDuration::from_secs(10))));
        let morning = evening + SignedDuration::from_secs(10);
        assert_eq!(acquire_daily(&*store, morning, "test", "a", 10).await, Ok(()));
    }
}
