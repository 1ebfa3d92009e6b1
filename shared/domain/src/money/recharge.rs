//! Putting money into the wallet (manual 000, section 5.4).
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Requested
//!     Requested --> Credited: credit
//!     Requested --> Lapsed: lapse (not paid in time)
//!     Lapsed --> Credited: credit (paid all the same)
//! ```
//!
//! The payment, the wallet, its ledger line and this change in one commit, so there is no moment at which it is paid and not yet
//! credited. A second success finds it credited, is refused and goes back.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Fen;
use super::number::Number;
use super::payment::Provider;
use crate::Refused;

/// 1.5 to 600 yuan, both included (manual 000, section 5.4).
pub const MIN: Fen = Fen::new(150);
pub const MAX: Fen = Fen::new(60_000);
/// How long a request waits for its payment: as long as both providers keep a QR code alive.
pub const PAYABLE: SignedDuration = SignedDuration::from_hours(2);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recharge {
    pub no: Number,
    pub owner: String,
    pub amount_fen: Fen,
    pub provider: Provider,
    pub requested_at: Timestamp,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum State {
    Requested { lapse_at: Timestamp },
    Credited { at: Timestamp, payment_no: String },
    Lapsed { at: Timestamp },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a recharge is of 1.50 to 600.00 yuan")]
pub struct OutOfRange;

impl Recharge {
    pub fn request(
        no: Number,
        owner: String,
        amount_fen: Fen,
        provider: Provider,
        now: Timestamp,
    ) -> Result<Self, OutOfRange> {
        if !(MIN..=MAX).contains(&amount_fen) {
            return Err(OutOfRange);
        }
        let state = State::Requested { lapse_at: now + PAYABLE };
        Ok(Self { no, owner, amount_fen, provider, requested_at: now, state })
    }

    pub const fn lapse_at(&self) -> Option<Timestamp> {
        match self.state {
            State::Requested { lapse_at } => Some(lapse_at),
            _ => None,
        }
    }

    pub fn credit(self, payment_no: String, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Requested { .. } | State::Lapsed { .. } => {
                Ok(Self { state: State::Credited { at: now, payment_no }, ..self })
            }
            State::Credited { .. } => Err(self.refuse("credit")),
        }
    }

    pub fn lapse(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Requested { lapse_at } if now >= lapse_at => Ok(Self { state: State::Lapsed { at: now }, ..self }),
            _ => Err(self.refuse("lapse")),
        }
    }

    const fn refuse(&self, event: &'static str) -> Refused {
        Refused { machine: "recharge", event, from: self.state.name() }
    }
}

impl State {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "requested",
            Self::Credited { .. } => "credited",
            Self::Lapsed { .. } => "lapsed",
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

    fn of(fen: i64) -> Result<Recharge, OutOfRange> {
        Recharge::request(Number::new(at(0), 1), "ada".into(), Fen::new(fen), Provider::Wechat, at(0))
    }

    /// Covers: IC-166, I16
    #[test]
    fn one_and_a_half_to_six_hundred_yuan() {
        for (fen, ok) in [(149, false), (150, true), (60_000, true), (60_001, false), (0, false), (-150, false)] {
            assert_eq!(of(fen).is_ok(), ok, "{fen}");
        }
    }

    /// Covers: IC-170
    #[test]
    fn a_recharge_waits_from_its_request_on_and_no_longer_once_it_ended() {
        let asked_for = of(150).unwrap();
        assert_eq!(asked_for.lapse_at(), Some(at(0) + PAYABLE));
        assert!(asked_for.lapse_at() > Some(at(0)), "there is time to pay");
        assert_eq!(asked_for.clone().credit("p".into(), at(1)).unwrap().lapse_at(), None);
        assert_eq!(asked_for.lapse(at(0) + PAYABLE).unwrap().lapse_at(), None);
    }

    /// Covers: IC-170
    #[test]
    fn every_state_and_event() {
        let lapse_at = at(0) + PAYABLE;
        let table = [
            (State::Requested { lapse_at }, "credit", at(1), Some("credited")),
            (State::Requested { lapse_at }, "lapse", lapse_at - SignedDuration::from_millis(1), None),
            (State::Requested { lapse_at }, "lapse", lapse_at, Some("lapsed")),
            (State::Credited { at: at(1), payment_no: "p".into() }, "credit", at(2), None),
            (State::Credited { at: at(1), payment_no: "p".into() }, "lapse", lapse_at, None),
            (State::Lapsed { at: lapse_at }, "credit", lapse_at, Some("credited")),
            (State::Lapsed { at: lapse_at }, "lapse", lapse_at, None),
        ];
        for (state, event, now, expected) in table {
            let before = Recharge { state: state.clone(), ..of(150).unwrap() };
            let after = if event == "credit" { before.credit("p".into(), now) } else { before.lapse(now) };
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
                let next = if credit { one.clone().credit("p".into(), at(now)) } else { one.clone().lapse(at(now)) };
                if let Ok(next) = next {
                    credits += u32::from(credit);
                    one = next;
                }
            }
            prop_assert!(credits <= 1);
        }
    }
}
