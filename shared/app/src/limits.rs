//! Token buckets kept in the store, so that every copy of every function counts together.

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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::MemoryStore;

    #[tokio::test(flavor = "multi_thread")]
    async fn xx_18_callers_at_the_same_time_share_one_bucket() {
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
}
