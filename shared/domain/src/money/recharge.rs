//! A recharge adds money to the wallet through a payment provider (manual 000, section 5.4).
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Requested
//!     Requested --> Credited: credit
//!     Requested --> Expired: expire (not paid in time)
//!     Expired --> Credited: credit (paid after all)
//! ```
//!
//! Payment, wallet, ledger entry and recharge change in one commit, so a recharge is never paid without being credited. A second
//! success finds it credited, is refused and is refunded.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Fen;
use super::number::{Number, PaymentNumber};
use super::payment::Provider;
use crate::Refused;
use crate::actor::AccountId;

/// The smallest recharge: 1.50 yuan (manual 000, section 5.4).
pub const MIN: Fen = Fen::new(150);
/// The largest recharge: 600 yuan (manual 000, section 5.4).
pub const MAX: Fen = Fen::new(60_000);
/// How long a recharge waits for its payment: as long as both providers keep a QR code valid.
pub const PAYABLE: SignedDuration = SignedDuration::from_hours(2);

/// A recharge of one customer's wallet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recharge {
    /// The number that the customer sees.
    pub no: Number,
    /// The customer.
    pub owner: AccountId,
    /// What is paid and credited.
    pub amount_fen: Fen,
    /// The provider that collects the money.
    pub provider: Provider,
    /// When it was requested.
    pub requested_at: Timestamp,
    /// Where it is in its life cycle.
    pub state: State,
}

/// The state of a recharge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum State {
    /// Waits for its payment.
    Requested {
        /// From this instant on it can expire. Stored as `lapseAt`.
        #[serde(rename = "lapseAt")]
        expires_at: Timestamp,
    },
    /// Paid and credited. Final.
    Credited {
        /// When.
        at: Timestamp,
        /// The payment that succeeded.
        payment_no: PaymentNumber,
    },
    /// Not paid in time. Stored as `lapsed`, and named so in the API.
    #[serde(rename = "lapsed")]
    Expired {
        /// When the expiry was written down.
        at: Timestamp,
    },
}

/// An amount outside [`MIN`] to [`MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a recharge is of 1.50 to 600.00 yuan")]
pub struct OutOfRange;

impl Recharge {
    /// A new recharge that waits for its payment until [`PAYABLE`] after `now`.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] unless the amount is in [`MIN`] to [`MAX`], both included.
    pub fn request(
        no: Number,
        owner: AccountId,
        amount_fen: Fen,
        provider: Provider,
        now: Timestamp,
    ) -> Result<Self, OutOfRange> {
        if !(MIN..=MAX).contains(&amount_fen) {
            return Err(OutOfRange);
        }
        let state = State::Requested { expires_at: now + PAYABLE };
        Ok(Self { no, owner, amount_fen, provider, requested_at: now, state })
    }

    /// When an unpaid recharge expires; `None` in any other state.
    pub const fn expires_at(&self) -> Option<Timestamp> {
        match self.state {
            State::Requested { expires_at } => Some(expires_at),
            _ => None,
        }
    }

    /// Credits the recharge, even after it expired.
    ///
    /// # Errors
    ///
    /// [`Refused`] if it is credited already.
    pub fn credit(self, payment_no: PaymentNumber, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Requested { .. } | State::Expired { .. } => {
                Ok(Self { state: State::Credited { at: now, payment_no }, ..self })
            }
            State::Credited { .. } => Err(self.refuse("credit")),
        }
    }

    /// Writes down that it was not paid in time.
    ///
    /// # Errors
    ///
    /// [`Refused`] unless it waits for its payment and its time is over.
    pub fn expire(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Requested { expires_at } if now >= expires_at => {
                Ok(Self { state: State::Expired { at: now }, ..self })
            }
            _ => Err(self.refuse("expire")),
        }
    }

    const fn refuse(&self, event: &'static str) -> Refused {
        Refused { machine: "recharge", event, from: self.state.name() }
    }
}

impl State {
    /// The stored name, also the one in the API.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "requested",
            Self::Credited { .. } => "credited",
            Self::Expired { .. } => "lapsed",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn payment_no() -> PaymentNumber {
        Number::new(at(0), 1).payment(1)
    }

    fn of(fen: i64) -> Result<Recharge, OutOfRange> {
        Recharge::request(
            Number::new(at(0), 1),
            AccountId(ulid::Ulid::from_parts(1, 7)),
            Fen::new(fen),
            Provider::Wechat,
            at(0),
        )
    }

    /// Covers: IC-166, I16
    #[test]
    fn amount_outside_one_and_a_half_to_six_hundred_yuan_is_refused() {
        for (fen, ok) in [(149, false), (150, true), (60_000, true), (60_001, false), (0, false), (-150, false)] {
            assert_eq!(of(fen).is_ok(), ok, "{fen}");
        }
    }

    /// Covers: IC-170
    #[test]
    fn recharge_has_an_expiry_only_while_it_waits_for_its_payment() {
        let requested = of(150).unwrap();
        assert_eq!(requested.expires_at(), Some(at(0) + PAYABLE));
        assert!(requested.expires_at() > Some(at(0)), "there is time to pay");
        assert_eq!(requested.clone().credit(payment_no(), at(1)).unwrap().expires_at(), None);
        assert_eq!(requested.expire(at(0) + PAYABLE).unwrap().expires_at(), None);
    }

    /// Covers: IC-170
    #[test]
    fn recharge_transitions_match_the_state_table() {
        let expires_at = at(0) + PAYABLE;
        let table = [
            (State::Requested { expires_at }, "credit", at(1), Some("credited")),
            (State::Requested { expires_at }, "expire", expires_at - SignedDuration::from_millis(1), None),
            (State::Requested { expires_at }, "expire", expires_at, Some("lapsed")),
            (State::Credited { at: at(1), payment_no: payment_no() }, "credit", at(2), None),
            (State::Credited { at: at(1), payment_no: payment_no() }, "expire", expires_at, None),
            (State::Expired { at: expires_at }, "credit", expires_at, Some("credited")),
            (State::Expired { at: expires_at }, "expire", expires_at, None),
        ];
        for (state, event, now, expected) in table {
            let before = Recharge { state: state.clone(), ..of(150).unwrap() };
            let after = if event == "credit" { before.credit(payment_no(), now) } else { before.expire(now) };
            assert_eq!(after.ok().map(|recharge| recharge.state.name()), expected, "{} {event}", state.name());
        }
    }

    proptest! {
        /// Covers: I16
        #[test]
        fn a_recharge_is_credited_at_most_once(events in prop::collection::vec((any::<bool>(), 0..9000_i64), 1..40)) {
            let mut one = of(150).unwrap();
            let mut credits = 0;
            for (credit, now) in events {
                let next = if credit { one.clone().credit(payment_no(), at(now)) } else { one.clone().expire(at(now)) };
                if let Ok(next) = next {
                    credits += u32::from(credit);
                    one = next;
                }
            }
            prop_assert!(credits <= 1);
        }
    }
}
