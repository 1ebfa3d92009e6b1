//! A token bucket as one number: the instant at which the bucket is full again (GCRA).

use jiff::{SignedDuration, Timestamp};

/// `burst` at once, then one per `every`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    pub burst: i32,
    pub every: SignedDuration,
}

impl Bucket {
    pub const fn new(burst: i32, every: SignedDuration) -> Self {
        Self { burst, every }
    }

    /// Takes one token. `full_at` is the stored number, if any; the answer is the number to store, or how long to wait.
    pub fn take(self, full_at: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, SignedDuration> {
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

    const BUCKET: Bucket = Bucket::new(5, SignedDuration::from_secs(60));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    /// Covers: XX-18
    #[test]
    fn a_burst_passes_then_one_per_interval() {
        let mut full_at = None;
        for _ in 0..5 {
            full_at = Some(BUCKET.take(full_at, at(0)).unwrap());
        }
        assert_eq!(BUCKET.take(full_at, at(0)), Err(SignedDuration::from_secs(60)));
        assert_eq!(BUCKET.take(full_at, at(59)), Err(SignedDuration::from_secs(1)));
        full_at = Some(BUCKET.take(full_at, at(60)).unwrap());
        assert_eq!(BUCKET.take(full_at, at(61)), Err(SignedDuration::from_secs(59)));
    }

    proptest! {
        /// Covers: XX-18
        #[test]
        fn no_window_lets_more_through_than_burst_and_rate(gaps in prop::collection::vec(0_i64..90, 1..200)) {
            let (mut now, mut full_at, mut taken) = (0, None, Vec::new());
            for gap in gaps {
                now += gap;
                if let Ok(next) = BUCKET.take(full_at, at(now)) {
                    full_at = Some(next);
                    taken.push(now);
                }
            }
            for (first, start) in taken.iter().enumerate() {
                for (last, end) in taken.iter().enumerate().skip(first) {
                    let allowed = 5 + (end - start) / 60;
                    prop_assert!((last - first + 1) as i64 <= allowed);
                }
            }
        }
    }
}
