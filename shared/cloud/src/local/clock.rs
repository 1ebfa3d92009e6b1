//! The machine's clock plus an offset that is stored in the table of ephemeral rows. The offset affects tokens, holds, time-outs and retention.
//! It does not affect presigned links or the expiry of items by DynamoDB itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use app::clock::Clock;
use app::store::{Change, Key, Store, StoreError, Table};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// Attribute of the offset, in seconds.
const AHEAD: &str = "aheadSeconds";

/// The machine's clock plus the stored offset, as of the last [`Clock::synchronise`].
pub struct TestClock {
    store: Arc<dyn Store>,
    ahead_seconds: AtomicI64,
}

impl std::fmt::Debug for TestClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TestClock")
    }
}

impl TestClock {
    /// A clock with no offset until it is synchronised with the item in `store`.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, ahead_seconds: AtomicI64::new(0) }
    }
}

fn row() -> Key {
    Key::new(Table::Ephemeral, "TEST", "CLOCK")
}

/// Sets the offset: at their next [`Clock::synchronise`] all functions are `ahead` of the machine's clock. Whole seconds.
///
/// # Errors
///
/// The store's error if the offset could not be written.
pub async fn set_clock_ahead(store: &dyn Store, ahead: SignedDuration) -> Result<(), StoreError> {
    store.apply(Change::update(row()).set(AHEAD, ahead.as_secs())).await?;
    Ok(())
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.ahead_seconds.load(Ordering::Relaxed))
    }

    /// Reads the offset. An item that cannot be read leaves the last offset in place.
    async fn synchronise(&self) {
        if let Ok(item) = self.store.get(&row()).await {
            let ahead = item.as_ref().and_then(|item| item.get(AHEAD)).and_then(Value::as_i64).unwrap_or(0);
            self.ahead_seconds.store(ahead, Ordering::Relaxed);
        }
    }
}
