//! Money on its way back to where it came from.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Requested: written before the provider hears of it
//!     Requested --> Submitted: submit (accepted, not yet done)
//!     Requested --> Succeeded: succeed
//!     Submitted --> Succeeded: succeed
//!     Requested --> Abnormal: give-up
//!     Submitted --> Abnormal: give-up (the provider cannot; a person must)
//!     Abnormal --> Succeeded: succeed
//! ```
//!
//! A refund is asked for under one number for ever: asking again is the same refund (I20).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Fen;
use super::payment::{Payment, Provider, ask_after};
use crate::Refused;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    /// The number the provider knows the refund by.
    pub no: String,
    pub payment_no: String,
    pub provider: Provider,
    pub owner: String,
    /// Always the whole payment: there are no partial refunds.
    pub amount_fen: Fen,
    pub why: Why,
    pub requested_at: Timestamp,
    pub asked: u32,
    /// When to send it or ask for it next.
    pub ask_at: Option<Timestamp>,
    pub state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// Paid though nothing was owed any more.
    Surplus,
    /// The order is taken back.
    Order,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    Requested,
    Submitted { at: Timestamp },
    Succeeded { at: Timestamp },
    Abnormal { at: Timestamp },
}

impl Refund {
    /// The one refund a payment can have.
    pub fn of(payment: &Payment, why: Why, now: Timestamp) -> Self {
        Self {
            no: Self::number(&payment.no),
            payment_no: payment.no.clone(),
            provider: payment.provider,
            owner: payment.owner.clone(),
            amount_fen: payment.amount_fen,
            why,
            requested_at: now,
            asked: 0,
            ask_at: Some(now),
            state: State::Requested,
        }
    }

    pub fn number(payment_no: &str) -> String {
        format!("{payment_no}R")
    }

    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Requested | State::Submitted { .. })
    }

    pub fn submit(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Requested => Ok(self.with(State::Submitted { at: now })),
            _ => Err(self.refuse("submit")),
        }
    }

    pub fn succeed(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Succeeded { .. } => Err(self.refuse("succeed")),
            _ => Ok(self.with(State::Succeeded { at: now })),
        }
    }

    pub fn give_up(self, now: Timestamp) -> Result<Self, Refused> {
        if self.is_open() { Ok(self.with(State::Abnormal { at: now })) } else { Err(self.refuse("give-up")) }
    }

    /// The provider was asked and what it said, if anything, changes nothing.
    #[must_use]
    pub fn asked(self, now: Timestamp) -> Self {
        let ask_at = self.is_open().then(|| now + ask_after(self.asked));
        Self { asked: self.asked + 1, ask_at, ..self }
    }

    fn with(self, state: State) -> Self {
        let ends = !matches!(state, State::Submitted { .. });
        Self { ask_at: if ends { None } else { self.ask_at }, state, ..self }
    }

    const fn refuse(&self, event: &'static str) -> Refused {
        Refused { machine: "refund", event, from: self.state.name() }
    }
}

impl State {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Submitted { .. } => "submitted",
            Self::Succeeded { .. } => "succeeded",
            Self::Abnormal { .. } => "abnormal",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refund(state: State) -> Refund {
        Refund {
            no: "2024011513365600000001P01R".into(),
            payment_no: "2024011513365600000001P01".into(),
            provider: Provider::Wechat,
            owner: "ada".into(),
            amount_fen: Fen::new(150),
            why: Why::Surplus,
            requested_at: Timestamp::UNIX_EPOCH,
            asked: 0,
            ask_at: Some(Timestamp::UNIX_EPOCH),
            state,
        }
    }

    fn take(refund: Refund, event: &str) -> Result<Refund, Refused> {
        let now = Timestamp::UNIX_EPOCH;
        match event {
            "submit" => refund.submit(now),
            "succeed" => refund.succeed(now),
            _ => refund.give_up(now),
        }
    }

    /// Covers: I20
    #[test]
    fn a_payment_has_one_refund_of_its_whole_amount_under_one_number() {
        let no = crate::money::number::Number::new(Timestamp::UNIX_EPOCH, 1);
        let purpose = crate::money::payment::Purpose::Order { no: no.clone() };
        let (now, later) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(1800).unwrap());
        let paid = Payment::create(no.payment(1), purpose, "ada".into(), Provider::Alipay, Fen::new(150), later, now);
        let refund = Refund::of(&paid, Why::Surplus, later);
        assert_eq!(refund.no, format!("{}P01R", no.as_str()));
        assert_eq!(refund.no, Refund::number(&paid.no), "asked for again under the same number");
        assert_ne!(refund.no, Refund::number(&no.payment(2)));
        assert_eq!((refund.amount_fen, refund.provider), (Fen::new(150), Provider::Alipay));
    }

    /// Covers: I20
    #[test]
    fn a_provider_is_asked_for_a_refund_further_and_further_apart_until_it_ended() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut one = refund(State::Requested);
        let mut waits = Vec::new();
        for asked in 1..=8 {
            one = one.asked(at(100));
            assert_eq!(one.asked, asked);
            waits.push(one.ask_at.unwrap().as_second() - 100);
        }
        assert_eq!(waits, [5, 10, 30, 60, 300, 1800, 1800, 1800]);
        let submitted = one.submit(at(200)).unwrap();
        assert!(submitted.ask_at.is_some(), "taken is not done");
        for ended in [submitted.clone().succeed(at(200)), submitted.give_up(at(200))].map(Result::unwrap) {
            assert_eq!((ended.ask_at, ended.asked(at(200)).ask_at), (None, None));
        }
    }

    /// Covers: I20
    #[test]
    fn every_state_and_event() {
        let at = Timestamp::UNIX_EPOCH;
        let states = [State::Requested, State::Submitted { at }, State::Succeeded { at }, State::Abnormal { at }];
        for state in states {
            for event in ["submit", "succeed", "give-up"] {
                let expected = match (state.name(), event) {
                    ("requested", "submit") => Some("submitted"),
                    ("requested" | "submitted" | "abnormal", "succeed") => Some("succeeded"),
                    ("requested" | "submitted", "give-up") => Some("abnormal"),
                    _ => None,
                };
                let after = take(refund(state.clone()), event).ok().map(|refund| refund.state.name());
                assert_eq!(after, expected, "{} {event}", state.name());
            }
        }
    }

    proptest! {
        /// Covers: I20
        #[test]
        fn a_refund_succeeds_at_most_once(events in prop::collection::vec(0..3_usize, 1..40)) {
            let mut one = refund(State::Requested);
            let mut successes = 0;
            for event in events {
                if let Ok(next) = take(one.clone(), ["submit", "succeed", "give-up"][event]) {
                    successes += u32::from(next.state.name() == "succeeded");
                    one = next;
                }
            }
            prop_assert!(successes <= 1);
        }
    }
}
