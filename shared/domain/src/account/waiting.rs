//! How guessing is slowed down: waits that grow, per name and network address, and end by themselves.
//!
//! Nobody can lock somebody else out for good: the wait belongs to the pair of name and address, and a right password,
//! a proven phone or time clears it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Wrong passwords after which even an app has to answer a captcha.
pub const CAPTCHA_AFTER: i64 = 5;
/// Wrong passwords after which a wait begins (manual rows UA-22).
pub const WAIT_AFTER: i64 = 10;
/// The first wait; each further failure doubles it.
pub const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(15);
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);
/// Failures older than this are forgotten.
pub const MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// What is remembered about one name from one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failures {
    pub count: i64,
    pub last_at: Timestamp,
}

impl Failures {
    /// The failures that still count at `now`.
    pub fn counting(self, now: Timestamp) -> i64 {
        if now.duration_since(self.last_at) >= MEMORY + wait_of(self.count) { 0 } else { self.count }
    }

    /// The instant from which the next try is heard, if that is still to come.
    pub fn wait_until(self, now: Timestamp) -> Option<Timestamp> {
        let until = self.last_at + wait_of(self.counting(now));
        (until > now).then_some(until)
    }

    pub fn captcha_needed(self, now: Timestamp) -> bool {
        self.counting(now) >= CAPTCHA_AFTER
    }
}

/// The wait after so many failures.
fn wait_of(count: i64) -> SignedDuration {
    if count < WAIT_AFTER {
        return SignedDuration::ZERO;
    }
    let doublings = u32::try_from(count - WAIT_AFTER).unwrap_or(u32::MAX).min(10);
    (FIRST_WAIT * 2_i32.pow(doublings)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(count: i64) -> Failures {
        Failures { count, last_at: Timestamp::UNIX_EPOCH }
    }

    /// Covers: UA-22
    #[test]
    fn waits_begin_at_ten_grow_and_end() {
        let minutes = |n: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(n);
        let start = Timestamp::UNIX_EPOCH;
        assert!(!failed(4).captcha_needed(start) && failed(5).captcha_needed(start));
        assert_eq!(failed(9).wait_until(start), None);
        assert_eq!(failed(10).wait_until(start), Some(minutes(15)));
        assert_eq!(failed(11).wait_until(start), Some(minutes(30)));
        assert_eq!(failed(10).wait_until(minutes(15)), None);
        assert_eq!(failed(1_000_000).wait_until(start), Some(minutes(24 * 60)));
        assert_eq!(failed(1_000_000).wait_until(minutes(24 * 60)), None);
        assert_eq!(failed(10).counting(minutes(24 * 60 + 15)), 0);
    }
}
