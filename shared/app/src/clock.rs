//! The time. Use cases read it; every rule takes `now` as an argument.

use std::sync::Mutex;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

/// A source of the current time.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The current time, in UTC.
    fn now(&self) -> Timestamp;

    /// Called by every entry point at the start of a request or event. Only the clock of the local cloud uses it: its
    /// offset is a stored item.
    async fn synchronise(&self) {}
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock for tests that moves only by [`FixedClock::advance`].
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// A clock that shows `now` until it is advanced.
    pub const fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves the clock.
    ///
    /// # Panics
    ///
    /// If another thread panicked while it held the clock.
    pub fn advance(&self, by: SignedDuration) {
        *self.0.lock().expect("clock") += by;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("clock")
    }
}
