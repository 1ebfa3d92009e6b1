//! What time it is. Only use cases ask; every rule takes `now` as an argument.

use std::sync::Mutex;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

#[async_trait]
pub trait Clock: Send + Sync {
    /// Asynchronous because the local cloud's test clock is a stored item.
    async fn now(&self) -> Timestamp;
}

#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    async fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    pub const fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    pub fn advance(&self, by: SignedDuration) {
        *self.0.lock().expect("clock") += by;
    }
}

#[async_trait]
impl Clock for FixedClock {
    async fn now(&self) -> Timestamp {
        *self.0.lock().expect("clock")
    }
}
