//! How often a use case that lost a race looks again.

use std::time::Duration;

use crate::failure::Failure;
use crate::random::Random;

/// One writer of a row wins each round, so this is also how many may stand in line before the last is sent away.
const TRIES: u32 = 40;
const PAUSE_MS_MAX: u64 = 160;

#[derive(Debug, Default)]
pub struct Tries(u32);

impl Tries {
    /// Waits a moment (chance spreads the crowd), or gives up.
    pub async fn again(&mut self, random: &dyn Random) -> Result<(), Failure> {
        self.0 += 1;
        if self.0 >= TRIES {
            return Err(Failure::Unavailable("lost too many races".into()));
        }
        if self.0 > 1 {
            let mut chance = [0; 8];
            random.fill(&mut chance);
            let longest = PAUSE_MS_MAX.min(2 << self.0.min(10));
            tokio::time::sleep(Duration::from_millis(u64::from_le_bytes(chance) % longest)).await;
        }
        Ok(())
    }
}
