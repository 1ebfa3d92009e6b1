//! The machine's clock plus an offset that lies in the guards table. It moves tokens, holds, time-outs and retention; it does not
//! move presigned links or the tables' own garbage collection.

use std::sync::Arc;

use app::clock::Clock;
use app::store::{Change, Key, Store, StoreError, Table};
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

const AHEAD: &str = "aheadSeconds";

pub struct TestClock(Arc<dyn Store>);

impl std::fmt::Debug for TestClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TestClock")
    }
}

impl TestClock {
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self(store)
    }
}

fn row() -> Key {
    Key::new(Table::Guards, "TEST", "CLOCK")
}

/// From now on every function sees the time this much later than the machine does.
pub async fn set_clock_ahead(store: &dyn Store, ahead: SignedDuration) -> Result<(), StoreError> {
    store.apply(Change::update(row()).set(AHEAD, ahead.as_secs())).await?;
    Ok(())
}

#[async_trait]
impl Clock for TestClock {
    /// The machine's own time where the item cannot be read: nothing but a test ever writes it.
    async fn now(&self) -> Timestamp {
        let item = self.0.get(&row()).await.ok().flatten().unwrap_or_default();
        let ahead = item.get(AHEAD).and_then(Value::as_i64).unwrap_or(0);
        Timestamp::now() + SignedDuration::from_secs(ahead)
    }
}
