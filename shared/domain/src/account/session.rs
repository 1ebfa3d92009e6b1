//! A session: one signed-in device and its chain of refresh tokens.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Active
//!     Active --> Active: the current token (counter + 1)
//!     Active --> Active: the token before it, within the grace period (same successor)
//!     Active --> Ended: an older token, sign-out, a new password
//! ```
//!
//! A refresh token can be used once. For a few seconds the token before the current one gets the *same* successor
//! again, because answers get lost. Any older token must be a copy, so the session ends (RFC 9700, 4.14.2).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long after a rotation the token before the current one is still accepted.
pub const REUSE_GRACE: SignedDuration = SignedDuration::from_secs(20);

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// Without a rotation.
    pub idle: SignedDuration,
    /// In all.
    pub absolute: SignedDuration,
}

/// Of users: 14 days unused, 30 days in all. NIST SP 800-63B-4 allows at most 30 days for one factor.
pub const USER_LIFETIME: Lifetime =
    Lifetime { idle: SignedDuration::from_hours(14 * 24), absolute: SignedDuration::from_hours(30 * 24) };
/// Of staff: 30 minutes unused, 12 hours in all (NIST SP 800-63B-4, assurance level 2).
pub const STAFF_LIFETIME: Lifetime =
    Lifetime { idle: SignedDuration::from_mins(30), absolute: SignedDuration::from_hours(12) };

/// Of staff between password and second factor: 10 minutes.
pub const FIRST_STEP_LIFETIME: Lifetime =
    Lifetime { idle: SignedDuration::from_mins(10), absolute: SignedDuration::from_mins(10) };

/// Why a session ended, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndReason {
    /// 退出: the person signed out.
    SignedOut,
    /// An old refresh token was used again: it was copied.
    Reused,
    /// The password was changed or reset.
    PasswordChanged,
    /// The person ended it from the list of devices.
    Removed,
    /// 注销账户: the account was closed.
    AccountClosed,
    /// The second step of the sign-in replaced it by another session.
    Continued,
    /// The account's roles or second factor changed: the person must sign in again.
    RolesChanged,
}

/// The state of a session that decides about its refresh tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The number of the current refresh token; the first is 0.
    pub counter: i64,
    /// When the current token was issued.
    pub rotated_at: Timestamp,
    /// When the person signed in.
    pub started_at: Timestamp,
    /// Why it ended; `None` while it is active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<EndReason>,
}

/// The decision about a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshDecision {
    /// The current token: issue the next one.
    Rotate {
        /// The next token's number.
        next: i64,
    },
    /// Exchanged within the grace period: issue the current token again.
    Repeat {
        /// The current token's number.
        current: i64,
    },
    /// An older token, so a copy: end the session.
    Reused,
    /// The session has ended or expired.
    Over,
    /// A token that was never issued.
    Unknown,
}

impl Session {
    /// A session that begins at `now`.
    pub fn start(now: Timestamp) -> Self {
        Self { counter: 0, rotated_at: now, started_at: now, ended: None }
    }

    /// Whether the session is active and not expired.
    pub fn is_live(&self, lifetime: Lifetime, now: Timestamp) -> bool {
        self.ended.is_none() && now < self.expires_at(lifetime)
    }

    /// The end by `lifetime`, unless the session is used again before.
    pub fn expires_at(&self, lifetime: Lifetime) -> Timestamp {
        (self.rotated_at + lifetime.idle).min(self.started_at + lifetime.absolute)
    }

    /// Decides about the refresh token with the number `counter`.
    pub fn decide_refresh(&self, counter: i64, lifetime: Lifetime, now: Timestamp) -> RefreshDecision {
        if !self.is_live(lifetime, now) {
            return RefreshDecision::Over;
        }
        match self.counter - counter {
            0 => RefreshDecision::Rotate { next: self.counter + 1 },
            1 if now < self.rotated_at + REUSE_GRACE => RefreshDecision::Repeat { current: self.counter },
            behind if behind > 0 && counter >= 0 => RefreshDecision::Reused,
            _ => RefreshDecision::Unknown,
        }
    }

    /// The session after its current token was exchanged for the next one.
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
    fn refresh_decision_for_every_state_and_token() {
        let active = Session { counter: 2, rotated_at: at(100), started_at: START, ended: None };
        let ended = Session { ended: Some(EndReason::SignedOut), ..active.clone() };
        let table = [
            (&active, 2, 101, RefreshDecision::Rotate { next: 3 }),
            (&active, 1, 119, RefreshDecision::Repeat { current: 2 }),
            (&active, 1, 120, RefreshDecision::Reused),
            (&active, 0, 101, RefreshDecision::Reused),
            (&active, 3, 101, RefreshDecision::Unknown),
            (&active, -1, 101, RefreshDecision::Unknown),
            (&ended, 2, 101, RefreshDecision::Over),
            (&ended, 0, 101, RefreshDecision::Over),
        ];
        for (session, counter, seconds, expected) in table {
            assert_eq!(session.decide_refresh(counter, USER_LIFETIME, at(seconds)), expected, "{counter} at {seconds}");
        }
    }

    #[test]
    fn session_ends_after_its_idle_and_its_absolute_lifetime() {
        let mut session = Session::start(START);
        assert!(session.is_live(STAFF_LIFETIME, at(30 * 60 - 1)));
        assert!(!session.is_live(STAFF_LIFETIME, at(30 * 60)));
        for minutes in (20..12 * 60).step_by(20) {
            assert_eq!(
                session.decide_refresh(session.counter, STAFF_LIFETIME, at(minutes * 60)),
                RefreshDecision::Rotate { next: session.counter + 1 }
            );
            session = session.rotate(at(minutes * 60));
        }
        assert_eq!(session.decide_refresh(session.counter, STAFF_LIFETIME, at(12 * 3600)), RefreshDecision::Over);
    }
}
