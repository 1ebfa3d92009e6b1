//! 忘记密码: the steps of resetting a forgotten password, in their order, within fifteen minutes, once.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Started: name given
//!     Started --> Proven: code of the bound phone
//!     Proven --> Done: new password
//! ```

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Refused;

/// How long a reset can take.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// How far a reset has come, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The name was given.
    Started,
    /// The code from the bound phone was right.
    Proven,
    /// The password was changed.
    Done,
}

/// What the person asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A code for the bound phone.
    SendCode,
    /// Checking the code.
    Prove,
    /// Setting the new password.
    Reset,
}

impl Step {
    /// The stable name, as it is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Proven => "proven",
            Self::Done => "done",
        }
    }

    /// The step after `event`, in a reset that ends at `expires_at`.
    ///
    /// # Errors
    /// [`Refused`] when the step is out of order or the time is over (`from` is then `expired`).
    pub fn on(self, event: Event, expires_at: Timestamp, now: Timestamp) -> Result<Self, Refused> {
        let (name, next) = match event {
            Event::SendCode => ("send-code", (self == Self::Started).then_some(Self::Started)),
            Event::Prove => ("prove", (self == Self::Started).then_some(Self::Proven)),
            Event::Reset => ("reset", (self == Self::Proven).then_some(Self::Done)),
        };
        let expired = now >= expires_at;
        let from = if expired { "expired" } else { self.name() };
        next.filter(|_| !expired).ok_or(Refused { machine: "recovery", event: name, from })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: UA-27
    #[test]
    fn steps_must_be_in_order_and_within_fifteen_minutes() {
        use Event::{Prove, Reset, SendCode};
        use Step::{Done, Proven, Started};
        let start = Timestamp::UNIX_EPOCH;
        let table = [
            (Started, SendCode, Some(Started)),
            (Started, Prove, Some(Proven)),
            (Started, Reset, None),
            (Proven, SendCode, None),
            (Proven, Prove, None),
            (Proven, Reset, Some(Done)),
            (Done, SendCode, None),
            (Done, Prove, None),
            (Done, Reset, None),
        ];
        for (from, event, to) in table {
            assert_eq!(from.on(event, start + LIFETIME, start).ok(), to, "{from:?} {event:?}");
            let late = from.on(event, start + LIFETIME, start + LIFETIME).unwrap_err();
            assert_eq!(late.from, "expired");
        }
    }
}
