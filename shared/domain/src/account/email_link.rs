//! 绑定邮箱: the link that was mailed, until somebody follows it.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Waiting: mailed
//!     Waiting --> Used: confirmed
//!     Waiting --> Expired: a day
//! ```
//! A newer link takes the place of an older one, which then is nobody's.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub const LIFE: SignedDuration = SignedDuration::from_hours(24);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Waiting,
    Used,
}

/// Why a link does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Void {
    #[error("the link was used")]
    Used,
    #[error("the link is too old")]
    Expired,
    /// Of another account, replaced by a newer one, or never sent.
    #[error("no such link")]
    Unknown,
}

impl State {
    /// The state after the person has confirmed.
    pub fn confirm(self, expires_at: Timestamp, now: Timestamp) -> Result<Self, Void> {
        match self {
            Self::Used => Err(Void::Used),
            Self::Waiting if now >= expires_at => Err(Void::Expired),
            Self::Waiting => Ok(Self::Used),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: UA-41
    #[test]
    fn a_link_is_good_once_for_a_day() {
        let sent = Timestamp::UNIX_EPOCH;
        let ends = sent + LIFE;
        let second = SignedDuration::from_secs(1);
        for (state, now, expected) in [
            (State::Waiting, sent, Ok(State::Used)),
            (State::Waiting, ends - second, Ok(State::Used)),
            (State::Waiting, ends, Err(Void::Expired)),
            (State::Used, sent, Err(Void::Used)),
            (State::Used, ends, Err(Void::Used)),
        ] {
            assert_eq!(state.confirm(ends, now), expected, "{state:?} {now}");
        }
    }
}
