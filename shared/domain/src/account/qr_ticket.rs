//! 扫码登录: a page shows a QR code; a person scans it with the app, where they are signed in, and confirms.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Waiting
//!     Waiting --> Scanned: scan by an account
//!     Scanned --> Confirmed: confirm with the page's number, by the same account
//!     Scanned --> Denied: deny or wrong number, by the same account
//!     Confirmed --> Claimed: claim by the page, with its own secret
//! ```
//! A ticket expires after 120 seconds unless it was denied or claimed. The QR code alone signs nobody in: claiming
//! needs a secret that never leaves the page.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Refused;
use crate::actor::AccountId;

/// How long a ticket is valid.
pub const LIFETIME: SignedDuration = SignedDuration::from_secs(120);

/// The state of a ticket, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// The page shows the QR code.
    Waiting,
    /// An account's app scanned it.
    Scanned {
        /// The account.
        by: AccountId,
    },
    /// The account confirmed.
    Confirmed {
        /// The account.
        by: AccountId,
    },
    /// The account denied, or typed a wrong number.
    Denied,
    /// The page is signed in.
    Claimed,
}

/// What happens to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// An app scans the QR code.
    Scan {
        /// The app's account.
        by: AccountId,
    },
    /// The person confirms in the app.
    Confirm {
        /// The app's account.
        by: AccountId,
        /// Whether the two digits typed are the ones the page shows.
        numbers_match: bool,
    },
    /// The person denies in the app.
    Deny {
        /// The app's account.
        by: AccountId,
    },
    /// The page signs in with its secret.
    Claim,
}

impl State {
    /// The stable name, e.g. `waiting`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Scanned { .. } => "scanned",
            Self::Confirmed { .. } => "confirmed",
            Self::Denied => "denied",
            Self::Claimed => "claimed",
        }
    }

    /// The name of the state as a client sees it: with `expired` for a ticket whose time is over.
    pub fn visible_name(self, expires_at: Timestamp, now: Timestamp) -> &'static str {
        match self {
            Self::Denied | Self::Claimed => self.name(),
            _ if now >= expires_at => "expired",
            _ => self.name(),
        }
    }

    /// The state after `event`, for a ticket that ends at `expires_at`.
    ///
    /// # Errors
    /// [`Refused`] when the state does not allow the event or the time is over.
    pub fn on(self, event: Event, expires_at: Timestamp, now: Timestamp) -> Result<Self, Refused> {
        let next = match (self, event) {
            (Self::Waiting, Event::Scan { by }) => Some(Self::Scanned { by }),
            (Self::Scanned { by }, Event::Confirm { by: who, numbers_match: true }) if by == who => {
                Some(Self::Confirmed { by })
            }
            // A wrong number means that the person looks at another page than the one that is to be signed in.
            (Self::Scanned { by }, Event::Confirm { by: who, numbers_match: false } | Event::Deny { by: who })
                if by == who =>
            {
                Some(Self::Denied)
            }
            (Self::Confirmed { .. }, Event::Claim) => Some(Self::Claimed),
            _ => None,
        };
        let refused = Refused { machine: "qr-ticket", event: event.name(), from: self.visible_name(expires_at, now) };
        next.filter(|_| now < expires_at).ok_or(refused)
    }
}

impl Event {
    const fn name(self) -> &'static str {
        match self {
            Self::Scan { .. } => "scan",
            Self::Confirm { .. } => "confirm",
            Self::Deny { .. } => "deny",
            Self::Claim => "claim",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;

    const A: AccountId = AccountId(Ulid(1));
    const B: AccountId = AccountId(Ulid(2));
    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn events() -> Vec<Event> {
        let of = |by| {
            [
                Event::Scan { by },
                Event::Confirm { by, numbers_match: true },
                Event::Confirm { by, numbers_match: false },
                Event::Deny { by },
            ]
        };
        of(A).into_iter().chain(of(B)).chain([Event::Claim]).collect()
    }

    /// Covers: UA-21
    #[test]
    fn every_state_answers_every_event() {
        let (a, b) = (A, B);
        let allowed = [
            (State::Waiting, Event::Scan { by: a }, State::Scanned { by: a }),
            (State::Waiting, Event::Scan { by: b }, State::Scanned { by: b }),
            (State::Scanned { by: a }, Event::Confirm { by: a, numbers_match: true }, State::Confirmed { by: a }),
            (State::Scanned { by: a }, Event::Confirm { by: a, numbers_match: false }, State::Denied),
            (State::Scanned { by: a }, Event::Deny { by: a }, State::Denied),
            (State::Confirmed { by: a }, Event::Claim, State::Claimed),
        ];
        let states =
            [State::Waiting, State::Scanned { by: a }, State::Confirmed { by: a }, State::Denied, State::Claimed];
        for state in states {
            for event in events() {
                let expected = allowed.iter().find(|(from, on, _)| (*from, *on) == (state, event)).map(|row| row.2);
                assert_eq!(state.on(event, START + LIFETIME, START).ok(), expected, "{state:?} {event:?}");
                assert!(
                    state.on(event, START + LIFETIME, START + LIFETIME).is_err(),
                    "an expired ticket accepts no event"
                );
            }
        }
    }

    proptest! {
        /// Covers: UA-21
        #[test]
        fn claimed_ticket_was_confirmed_by_the_account_that_scanned_it(order in prop::collection::vec(0..9_usize, 0..20)) {
            let events = events();
            let (mut state, mut scanner, mut confirmed) = (State::Waiting, None, None);
            for event in order.into_iter().map(|n| events[n]) {
                let Ok(next) = state.on(event, START + LIFETIME, START) else { continue };
                match event {
                    Event::Scan { by } => {
                        prop_assert!(scanner.is_none());
                        scanner = Some(by);
                    }
                    Event::Confirm { by, numbers_match } => {
                        prop_assert_eq!(scanner, Some(by));
                        confirmed = numbers_match.then_some(by);
                    }
                    Event::Claim => prop_assert!(confirmed.is_some() && confirmed == scanner),
                    Event::Deny { .. } => {}
                }
                state = next;
            }
        }
    }
}
