//! One signed-in device and the row of refresh tokens it lives on.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Active
//!     Active --> Active: present the current token (counter + 1)
//!     Active --> Active: present the one before within the grace (same successor)
//!     Active --> Revoked: present an older one, sign out, change the password
//! ```
//!
//! A refresh token is good once. The one before is answered with the *same* successor for a few seconds, because answers get
//! lost; any older one was copied, so the whole row ends (RFC 9700, 4.14.2).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long the token before the current one is still answered.
pub const GRACE: SignedDuration = SignedDuration::from_secs(20);

/// How long a session lasts at most, and how long unused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    pub idle: SignedDuration,
    pub absolute: SignedDuration,
}

/// NIST 800-63B-4: 30 days at most for one factor.
pub const USER_LIFE: Life =
    Life { idle: SignedDuration::from_hours(14 * 24), absolute: SignedDuration::from_hours(30 * 24) };
/// NIST 800-63B-4, second level: 30 minutes unused, 12 hours in all.
pub const STAFF_LIFE: Life = Life { idle: SignedDuration::from_mins(30), absolute: SignedDuration::from_hours(12) };

/// Between the two steps of a sign-in.
pub const STEP_LIFE: Life = Life { idle: SignedDuration::from_mins(10), absolute: SignedDuration::from_mins(10) };

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    SignedOut,
    /// A token older than the grace came back: somebody has a copy.
    Reused,
    PasswordChanged,
    /// Ended from the list of devices.
    Removed,
    AccountClosed,
    /// The second step of the sign-in opened another in its place.
    Continued,
    /// The account may do other things now: it signs in again.
    RolesChanged,
}

/// The facts of a session that decide about its tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The number of the token that is good now; the first is 0.
    pub counter: i64,
    pub rotated_at: Timestamp,
    pub started_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
}

/// What becomes of a presented token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    /// Good: the session moves to this counter.
    Rotate { next: i64 },
    /// Already exchanged a moment ago: the answer is the token of this counter, again.
    Repeat { current: i64 },
    /// A copy: the session ends.
    Reused,
    /// The session is over.
    Over,
    /// Never issued.
    Unknown,
}

impl Session {
    pub fn start(now: Timestamp) -> Self {
        Self { counter: 0, rotated_at: now, started_at: now, ended: None }
    }

    pub fn is_live(&self, life: Life, now: Timestamp) -> bool {
        self.ended.is_none() && now < self.expires_at(life)
    }

    pub fn expires_at(&self, life: Life) -> Timestamp {
        (self.rotated_at + life.idle).min(self.started_at + life.absolute)
    }

    /// Decides about the token numbered `counter`.
    pub fn present(&self, counter: i64, life: Life, now: Timestamp) -> Presented {
        if !self.is_live(life, now) {
            return Presented::Over;
        }
        match self.counter - counter {
            0 => Presented::Rotate { next: self.counter + 1 },
            1 if now < self.rotated_at + GRACE => Presented::Repeat { current: self.counter },
            behind if behind > 0 && counter >= 0 => Presented::Reused,
            _ => Presented::Unknown,
        }
    }

    #[must_use]
    pub fn rotate(self, now: Timestamp) -> Self {
        Self { counter: self.counter + 1, rotated_at: now, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn at(seconds: i64) -> Timestamp {
        START + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn every_state_answers_every_token() {
        let active = Session { counter: 2, rotated_at: at(100), started_at: START, ended: None };
        let ended = Session { ended: Some(Ended::SignedOut), ..active.clone() };
        let table = [
            (&active, 2, 101, Presented::Rotate { next: 3 }),
            (&active, 1, 119, Presented::Repeat { current: 2 }),
            (&active, 1, 120, Presented::Reused),
            (&active, 0, 101, Presented::Reused),
            (&active, 3, 101, Presented::Unknown),
            (&active, -1, 101, Presented::Unknown),
            (&ended, 2, 101, Presented::Over),
            (&ended, 0, 101, Presented::Over),
        ];
        for (session, counter, seconds, expected) in table {
            assert_eq!(session.present(counter, USER_LIFE, at(seconds)), expected, "{counter} at {seconds}");
        }
    }

    #[test]
    fn a_session_ends_unused_and_in_any_case() {
        let mut session = Session::start(START);
        assert!(session.is_live(STAFF_LIFE, at(30 * 60 - 1)));
        assert!(!session.is_live(STAFF_LIFE, at(30 * 60)));
        for minutes in (20..12 * 60).step_by(20) {
            assert_eq!(
                session.present(session.counter, STAFF_LIFE, at(minutes * 60)),
                Presented::Rotate { next: session.counter + 1 }
            );
            session = session.rotate(at(minutes * 60));
        }
        assert_eq!(session.present(session.counter, STAFF_LIFE, at(12 * 3600)), Presented::Over);
    }
}
