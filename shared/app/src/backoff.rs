//! Waiting between the attempts of a use case whose commit met a conflict.

use std::time::Duration;

use crate::failure::Failure;
use crate::random::Random;

/// The most attempts. Of several concurrent writers of one row, one succeeds in each round, so this is also how many
/// can write at the same time before the last gives up.
const ATTEMPTS_MAX: u32 = 40;

/// The longest wait in milliseconds.
const WAIT_MS_MAX: u64 = 160;

/// Exponential back-off with random jitter. Use one value per use case call.
#[derive(Debug, Default)]
pub struct Backoff(u32);

impl Backoff {
    /// Waits before the next attempt; the first repetition follows at once.
    ///
    /// # Errors
    ///
    /// `Unavailable` after 40 attempts.
    pub async fn wait(&mut self, random: &dyn Random) -> Result<(), Failure> {
        self.0 += 1;
        if self.0 >= ATTEMPTS_MAX {
            return Err(Failure::Unavailable("too many conflicts".into()));
        }
        if self.0 > 1 {
            let mut jitter = [0; 8];
            random.fill(&mut jitter);
            let longest = WAIT_MS_MAX.min(2 << self.0.min(10));
            tokio::time::sleep(Duration::from_millis(u64::from_le_bytes(jitter) % longest)).await;
        }
        Ok(())
    }
}
