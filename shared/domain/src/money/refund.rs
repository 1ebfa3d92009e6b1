//! The refund of a payment: its whole amount goes back through the provider that collected it.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Requested: written before the provider is called
//!     Requested --> Submitted: submit (accepted, not complete)
//!     Requested --> Succeeded: succeed
//!     Submitted --> Succeeded: succeed
//!     Requested --> Abnormal: give-up
//!     Submitted --> Abnormal: give-up (the provider cannot complete it; staff must act)
//!     Abnormal --> Succeeded: succeed
//! ```
//!
//! A refund is always requested under the same number, so that a repeated request is the same refund (I20).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Fen;
use super::number::{PaymentNumber, RefundNumber};
use super::payment::{Payment, Provider, poll_delay};
use crate::Refused;
use crate::actor::AccountId;

/// The refund of one payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    /// The number by which the provider knows the refund.
    pub no: RefundNumber,
    /// The payment that goes back.
    pub payment_no: PaymentNumber,
    /// The provider that collected the payment.
    pub provider: Provider,
    /// The customer.
    pub owner: AccountId,
    /// The payment's whole amount: there are no partial refunds.
    pub amount_fen: Fen,
    /// Why the money goes back. Stored as `why`.
    #[serde(rename = "why")]
    pub reason: RefundReason,
    /// When it was written.
    pub requested_at: Timestamp,
    /// Calls of the provider so far that gave no final outcome. Stored as `asked`.
    #[serde(rename = "asked")]
    pub polls: u32,
    /// When to send it or to poll the provider next; `None` once the outcome is final. Stored as `askAt`.
    #[serde(rename = "askAt")]
    pub poll_at: Option<Timestamp>,
    /// Where it is in its life cycle.
    pub state: State,
}

/// Why a payment is refunded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefundReason {
    /// The payment was not needed any more. Stored as `surplus`.
    #[serde(rename = "surplus")]
    Overpayment,
    /// Staff refunded the order.
    Order,
}

/// The state of a refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// Written; the provider may or may not know it yet.
    Requested,
    /// Accepted by the provider.
    Submitted {
        /// When.
        at: Timestamp,
    },
    /// The customer has the money back. Final.
    Succeeded {
        /// When that was recorded.
        at: Timestamp,
    },
    /// The provider cannot complete it; staff must act.
    Abnormal {
        /// When that was recorded.
        at: Timestamp,
    },
}

impl Refund {
    /// The only refund that a payment can have.
    pub fn of(payment: &Payment, reason: RefundReason, now: Timestamp) -> Self {
        Self {
            no: payment.no.refund(),
            payment_no: payment.no.clone(),
            provider: payment.provider,
            owner: payment.owner,
            amount_fen: payment.amount_fen,
            reason,
            requested_at: now,
            polls: 0,
            poll_at: Some(now),
            state: State::Requested,
        }
    }

    /// Whether the outcome is not known yet.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Requested | State::Submitted { .. })
    }

    /// The provider accepted it.
    ///
    /// # Errors
    ///
    /// [`Refused`] unless it is requested.
    pub fn submit(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Requested => Ok(self.with(State::Submitted { at: now })),
            _ => Err(self.refuse("submit")),
        }
    }

    /// The customer has the money back.
    ///
    /// # Errors
    ///
    /// [`Refused`] if it has succeeded before.
    pub fn succeed(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Succeeded { .. } => Err(self.refuse("succeed")),
            _ => Ok(self.with(State::Succeeded { at: now })),
        }
    }

    /// The provider cannot complete it.
    ///
    /// # Errors
    ///
    /// [`Refused`] unless it is open.
    pub fn give_up(self, now: Timestamp) -> Result<Self, Refused> {
        if self.is_open() { Ok(self.with(State::Abnormal { at: now })) } else { Err(self.refuse("give-up")) }
    }

    /// Counts a call of the provider that gave no final outcome and schedules the next one.
    #[must_use]
    pub fn polled(self, now: Timestamp) -> Self {
        let poll_at = self.is_open().then(|| now + poll_delay(self.polls));
        Self { polls: self.polls + 1, poll_at, ..self }
    }

    fn with(self, state: State) -> Self {
        let is_final = !matches!(state, State::Submitted { .. });
        Self { poll_at: if is_final { None } else { self.poll_at }, state, ..self }
    }

    const fn refuse(&self, event: &'static str) -> Refused {
        Refused { machine: "refund", event, from: self.state.name() }
    }
}

impl State {
    /// The stored name.
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

    fn owner() -> AccountId {
        AccountId(ulid::Ulid::from_parts(1, 7))
    }

    fn payment_no() -> PaymentNumber {
        "2024011513365600000001P01".parse().unwrap()
    }

    fn refund(state: State) -> Refund {
        Refund {
            no: payment_no().refund(),
            payment_no: payment_no(),
            provider: Provider::Wechat,
            owner: owner(),
            amount_fen: Fen::new(150),
            reason: RefundReason::Overpayment,
            requested_at: Timestamp::UNIX_EPOCH,
            polls: 0,
            poll_at: Some(Timestamp::UNIX_EPOCH),
            state,
        }
    }

    fn apply(refund: Refund, event: &str) -> Result<Refund, Refused> {
        let now = Timestamp::UNIX_EPOCH;
        match event {
            "submit" => refund.submit(now),
            "succeed" => refund.succeed(now),
            _ => refund.give_up(now),
        }
    }

    /// Covers: I20
    #[test]
    fn refund_has_the_whole_amount_and_a_number_derived_from_the_payment() {
        let no = crate::money::number::Number::new(Timestamp::UNIX_EPOCH, 1);
        let purpose = crate::money::payment::Purpose::Order { no: no.clone() };
        let (now, later) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(1800).unwrap());
        let paid = Payment::create(no.payment(1), purpose, owner(), Provider::Alipay, Fen::new(150), later, now);
        let refund = Refund::of(&paid, RefundReason::Overpayment, later);
        assert_eq!(refund.no.as_str(), format!("{no}P01R"));
        assert_eq!(refund.no, paid.no.refund(), "a repeated request has the same number");
        assert_ne!(refund.no, no.payment(2).refund());
        assert_eq!((refund.amount_fen, refund.provider), (Fen::new(150), Provider::Alipay));
    }

    /// Covers: I20
    #[test]
    fn poll_delays_of_a_refund_grow_and_polling_ends_with_the_outcome() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut one = refund(State::Requested);
        let mut waits = Vec::new();
        for polls in 1..=8 {
            one = one.polled(at(100));
            assert_eq!(one.polls, polls);
            waits.push(one.poll_at.unwrap().as_second() - 100);
        }
        assert_eq!(waits, [5, 10, 30, 60, 300, 1800, 1800, 1800]);
        let submitted = one.submit(at(200)).unwrap();
        assert!(submitted.poll_at.is_some(), "an accepted refund is still polled");
        for ended in [submitted.clone().succeed(at(200)), submitted.give_up(at(200))].map(Result::unwrap) {
            assert_eq!((ended.poll_at, ended.polled(at(200)).poll_at), (None, None));
        }
    }

    /// Covers: I20
    #[test]
    fn refund_transitions_match_the_state_table() {
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
                let after = apply(refund(state.clone()), event).ok().map(|refund| refund.state.name());
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
                if let Ok(next) = apply(one.clone(), ["submit", "succeed", "give-up"][event]) {
                    successes += u32::from(next.state.name() == "succeeded");
                    one = next;
                }
            }
            prop_assert!(successes <= 1);
        }
    }
}
