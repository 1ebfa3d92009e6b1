//! 绑定邮箱: the state of a link sent by e-mail.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Waiting: mailed
//!     Waiting --> Used: confirmed
//!     Waiting --> Expired: a day
//! ```
//! A newer link replaces the older one of the same account, which then is unknown.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a link is valid.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// The state of a link, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Sent, and not followed yet.
    Waiting,
    /// The address was bound.
    Used,
}

/// Why a link cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidLink {
    /// It was used before.
    #[error("the link was used")]
    Used,
    /// It is older than 24 hours.
    #[error("the link is too old")]
    Expired,
    /// It belongs to another account, was replaced by a newer one, or was never sent.
    #[error("no such link")]
    Unknown,
}

impl State {
    /// The state after the person followed the link.
    ///
    /// # Errors
    /// [`InvalidLink::Used`] or [`InvalidLink::Expired`].
    pub fn confirm(self, expires_at: Timestamp, now: Timestamp) -> Result<Self, InvalidLink> {
        match self {
            Self::Used => Err(InvalidLink::Used),
            Self::Waiting if now >= expires_at => Err(InvalidLink::Expired),
            Self::Waiting => Ok(Self::Used),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: UA-41
    #[test]
    fn link_can_be_used_once_within_a_day() {
        let sent = Timestamp::UNIX_EPOCH;
        let ends = sent + LIFETIME;
        let second = SignedDuration::from_secs(1);
        for (state, now, expected) in [
            (State::Waiting, sent, Ok(State::Used)),
            (State::Waiting, ends - second, Ok(State::Used)),
            (State::Waiting, ends, Err(InvalidLink::Expired)),
            (State::Used, sent, Err(InvalidLink::Used)),
            (State::Used, ends, Err(InvalidLink::Used)),
        ] {
            assert_eq!(state.confirm(ends, now), expected, "{state:?} {now}");
        }
    }
}
