//! A token bucket whose state is one number: the instant at which the bucket is full again (the generic cell rate
//! algorithm, GCRA).

use jiff::{SignedDuration, Timestamp};

/// A rate limit: a number of calls at once, then one call per interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenBucket {
    /// How many calls a full bucket allows at once.
    pub burst: i32,
    /// The time in which one token comes back.
    pub every: SignedDuration,
}

impl TokenBucket {
    /// A bucket of `burst` tokens, of which one comes back per `every`.
    pub const fn new(burst: i32, every: SignedDuration) -> Self {
        Self { burst, every }
    }

    /// Takes one token at `now`. `full_at` is the stored state, `None` for a bucket that was never used. Returns the
    /// state to store.
    ///
    /// # Errors
    ///
    /// The time until a token is available, if the bucket is empty.
    pub fn acquire(self, full_at: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, SignedDuration> {
        let next = full_at.unwrap_or(now).max(now) + self.every;
        let ahead = next.duration_since(now);
        let most = self.every * self.burst;
        if ahead > most { Err(ahead - most) } else { Ok(next) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BUCKET: TokenBucket = TokenBucket::new(5, SignedDuration::from_secs(60));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    /// Covers: XX-18
    #[test]
    fn a_full_bucket_allows_a_burst_and_then_one_call_per_interval() {
        let mut full_at = None;
        for _ in 0..5 {
            full_at = Some(BUCKET.acquire(full_at, at(0)).unwrap());
        }
        assert_eq!(BUCKET.acquire(full_at, at(0)), Err(SignedDuration::from_secs(60)));
        assert_eq!(BUCKET.acquire(full_at, at(59)), Err(SignedDuration::from_secs(1)));
        full_at = Some(BUCKET.acquire(full_at, at(60)).unwrap());
        assert_eq!(BUCKET.acquire(full_at, at(61)), Err(SignedDuration::from_secs(59)));
    }

    proptest! {
        /// Covers: XX-18
        #[test]
        fn no_time_window_allows_more_calls_than_burst_and_rate(gaps in prop::collection::vec(0_i64..90, 1..200)) {
            let (mut now, mut full_at, mut allowed_at) = (0, None, Vec::new());
            for gap in gaps {
                now += gap;
                if let Ok(next) = BUCKET.acquire(full_at, at(now)) {
                    full_at = Some(next);
                    allowed_at.push(now);
                }
            }
            for (first, start) in allowed_at.iter().enumerate() {
                for (last, end) in allowed_at.iter().enumerate().skip(first) {
                    let allowed = 5 + (end - start) / 60;
                    prop_assert!((last - first + 1) as i64 <= allowed);
                }
            }
        }
    }
}
