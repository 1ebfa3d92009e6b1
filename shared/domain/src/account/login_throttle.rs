//! Slows down the guessing of passwords: after some failures, each further try must wait, and the wait doubles.
//!
//! Failures are counted for a pair of name and network address, so that nobody can lock another person out. The right
//! password, a code from the phone, or time resets the count.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The number of failures after which an app must answer a captcha too (a page always must).
pub const CAPTCHA_AFTER: i64 = 5;
/// The number of failures after which a wait begins (requirement UA-22).
pub const WAIT_AFTER: i64 = 10;
/// The first wait; each further failure doubles it.
pub const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(15);
/// The longest wait.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);
/// Failures older than this, counted from the end of their wait, do not count.
pub const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// The failed sign-ins with one name from one address, as they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoginFailures {
    /// How many in a row.
    pub count: i64,
    /// When the last one was.
    pub last_at: Timestamp,
}

impl LoginFailures {
    /// The number of failures that still count at `now`.
    pub fn counting(self, now: Timestamp) -> i64 {
        if now.duration_since(self.last_at) >= FORGOTTEN_AFTER + wait_of(self.count) { 0 } else { self.count }
    }

    /// The end of the present wait; `None` when a try is accepted now.
    pub fn wait_until(self, now: Timestamp) -> Option<Timestamp> {
        let until = self.last_at + wait_of(self.counting(now));
        (until > now).then_some(until)
    }

    /// Whether an app must answer a captcha.
    pub fn captcha_needed(self, now: Timestamp) -> bool {
        self.counting(now) >= CAPTCHA_AFTER
    }
}

/// The wait after `count` failures.
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

    fn failed(count: i64) -> LoginFailures {
        LoginFailures { count, last_at: Timestamp::UNIX_EPOCH }
    }

    /// Covers: UA-22
    #[test]
    fn wait_begins_at_ten_failures_and_doubles_up_to_a_day() {
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
