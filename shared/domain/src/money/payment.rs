//! One attempt to have something paid by a provider.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Created: written before the provider hears of it
//!     Created --> Submitted: submit (the provider took it)
//!     Created --> Failed: fail (the provider said no)
//!     Created --> Succeeded: succeed
//!     Submitted --> Succeeded: succeed
//!     Submitted --> Closed: close (the provider closed it unpaid)
//!     Created --> Closed: close
//!     Closed --> Succeeded: succeed (paid all the same)
//!     Failed --> Succeeded: succeed
//! ```
//!
//! An outcome nobody knows leaves the state as it is: the provider is asked until it tells. Once it says that money moved, that
//! is so, whatever was believed before; a success of something that needed none is a surplus and goes back.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Fen;
use super::number::Number;
use crate::Refused;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    Wechat,
    Alipay,
}

impl Provider {
    pub const ALL: [Self; 2] = [Self::Wechat, Self::Alipay];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Wechat => "wechat",
            Self::Alipay => "alipay",
        }
    }
}

impl std::str::FromStr for Provider {
    type Err = UnknownProvider;

    fn from_str(code: &str) -> Result<Self, UnknownProvider> {
        Self::ALL.into_iter().find(|provider| provider.code() == code).ok_or(UnknownProvider)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown payment provider")]
pub struct UnknownProvider;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// The number the provider knows it by.
    pub no: String,
    pub purpose: Purpose,
    pub owner: String,
    pub provider: Provider,
    pub amount_fen: Fen,
    pub created_at: Timestamp,
    /// The provider takes no money from here on.
    pub expires_at: Timestamp,
    /// How often the provider was asked without an answer that ends it.
    pub asked: u32,
    /// When to ask the provider next; never once it has said the last word.
    pub ask_at: Option<Timestamp>,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Purpose {
    Order { no: Number },
    Recharge { no: Number },
}

impl Purpose {
    pub const fn no(&self) -> &Number {
        match self {
            Self::Order { no } | Self::Recharge { no } => no,
        }
    }
}

/// What the customer pays by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum PayCode {
    /// The text of a QR code.
    Qr { text: String },
    /// A page of the provider to go to.
    Page { url: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum State {
    Created,
    Submitted { at: Timestamp, code: PayCode },
    Succeeded { at: Timestamp, provider_no: String, surplus: bool },
    Failed { at: Timestamp },
    Closed { at: Timestamp },
}

/// What a success is worth to what it was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    Applied,
    /// Nothing was owed any more: it goes back in full.
    Surplus,
}

/// Waits between questions to a provider; the last repeats until it answers.
const ASK_AFTER: [SignedDuration; 6] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(10),
    SignedDuration::from_secs(30),
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
];

/// The wait after this many questions that brought no end.
pub(super) fn ask_after(asked: u32) -> SignedDuration {
    ASK_AFTER[usize::try_from(asked).unwrap_or(usize::MAX).min(ASK_AFTER.len() - 1)]
}

impl Payment {
    /// Before the provider hears of it. `expires_at`: from then on the provider takes no money for it.
    pub fn create(
        no: String,
        purpose: Purpose,
        owner: String,
        provider: Provider,
        amount_fen: Fen,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Self {
        let ask_at = Some(now + ask_after(0));
        let state = State::Created;
        Self { no, purpose, owner, provider, amount_fen, created_at: now, expires_at, asked: 0, ask_at, state }
    }

    /// The provider was asked and what it said, if anything, changes nothing.
    #[must_use]
    pub fn asked(self, now: Timestamp) -> Self {
        let ask_at = self.is_open().then(|| now + ask_after(self.asked + 1));
        Self { asked: self.asked + 1, ask_at, ..self }
    }

    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Created | State::Submitted { .. })
    }

    pub const fn code(&self) -> Option<&PayCode> {
        match &self.state {
            State::Submitted { code, .. } => Some(code),
            _ => None,
        }
    }

    pub fn submit(self, code: PayCode, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Created => Ok(self.with(State::Submitted { at: now, code })),
            _ => Err(self.refuse("submit")),
        }
    }

    pub fn succeed(self, provider_no: String, worth: Worth, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Succeeded { .. } => Err(self.refuse("succeed")),
            _ => Ok(self.with(State::Succeeded { at: now, provider_no, surplus: worth == Worth::Surplus })),
        }
    }

    pub fn fail(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Created => Ok(self.with(State::Failed { at: now })),
            _ => Err(self.refuse("fail")),
        }
    }

    pub fn close(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Created | State::Submitted { .. } => Ok(self.with(State::Closed { at: now })),
            _ => Err(self.refuse("close")),
        }
    }

    fn with(self, state: State) -> Self {
        let ends = !matches!(state, State::Submitted { .. });
        Self { ask_at: if ends { None } else { self.ask_at }, state, ..self }
    }

    const fn refuse(&self, event: &'static str) -> Refused {
        Refused { machine: "payment", event, from: self.state.name() }
    }
}

impl State {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Submitted { .. } => "submitted",
            Self::Succeeded { .. } => "succeeded",
            Self::Failed { .. } => "failed",
            Self::Closed { .. } => "closed",
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

    fn payment(state: State) -> Payment {
        let no = Number::new(at(0), 1);
        let purpose = Purpose::Order { no: no.clone() };
        let new =
            Payment::create(no.payment(1), purpose, "ada".into(), Provider::Wechat, Fen::new(150), at(1800), at(0));
        Payment { state, ..new }
    }

    const EVENTS: [&str; 4] = ["submit", "succeed", "fail", "close"];

    fn take(payment: Payment, event: &str) -> Result<Payment, Refused> {
        match event {
            "submit" => payment.submit(PayCode::Qr { text: "weixin://".into() }, at(1)),
            "succeed" => payment.succeed("4200001".into(), Worth::Applied, at(1)),
            "fail" => payment.fail(at(1)),
            _ => payment.close(at(1)),
        }
    }

    fn states() -> [State; 5] {
        [
            State::Created,
            State::Submitted { at: at(1), code: PayCode::Qr { text: "weixin://".into() } },
            State::Succeeded { at: at(1), provider_no: "4200001".into(), surplus: false },
            State::Failed { at: at(1) },
            State::Closed { at: at(1) },
        ]
    }

    /// Covers: I8, I18
    #[test]
    fn every_state_and_event() {
        let expected = |from, event| match (from, event) {
            ("created", "submit") => Some("submitted"),
            ("created", "fail") => Some("failed"),
            ("created" | "submitted", "close") => Some("closed"),
            ("created" | "submitted" | "failed" | "closed", "succeed") => Some("succeeded"),
            _ => None,
        };
        for state in states() {
            for event in EVENTS {
                let after = take(payment(state.clone()), event).ok().map(|payment| payment.state.name());
                assert_eq!(after, expected(state.name(), event), "{} {event}", state.name());
            }
        }
    }

    /// Covers: IC-68, IC-168
    #[test]
    fn a_code_is_shown_while_the_payment_waits_for_it_alone() {
        let codes = states().map(|state| payment(state).code().cloned());
        let qr = PayCode::Qr { text: "weixin://".into() };
        assert_eq!(codes, [None, Some(qr), None, None, None]);
    }

    /// Covers: IC-67
    #[test]
    fn each_provider_has_one_name_everywhere() {
        assert_eq!(Provider::ALL.map(Provider::code), ["wechat", "alipay"]);
        for provider in Provider::ALL {
            assert_eq!(provider.code().parse(), Ok(provider));
            assert_eq!(serde_json::to_value(provider).unwrap(), provider.code());
        }
        for unknown in ["", "WeChat", "balance"] {
            assert_eq!(unknown.parse::<Provider>(), Err(UnknownProvider), "{unknown}");
        }
    }

    /// Covers: I8
    #[test]
    fn a_success_says_whether_anything_was_owed_for_it() {
        for (worth, goes_back) in [(Worth::Applied, false), (Worth::Surplus, true)] {
            let paid = payment(State::Created).succeed("4200001".into(), worth, at(1)).unwrap();
            let State::Succeeded { surplus, provider_no, .. } = paid.state else { panic!("{worth:?}") };
            assert_eq!((surplus, provider_no.as_str()), (goes_back, "4200001"));
        }
    }

    #[test]
    fn questions_come_further_and_further_apart_and_end() {
        let mut one = payment(State::Created);
        let mut waits = vec![one.ask_at.unwrap().as_second()];
        for _ in 0..7 {
            one = one.asked(at(0));
            waits.push(one.ask_at.unwrap().as_second());
        }
        assert_eq!(waits, [5, 10, 30, 60, 300, 1800, 1800, 1800]);
        for event in ["succeed", "fail", "close"] {
            let ended = take(payment(State::Created), event).unwrap();
            assert_eq!(ended.ask_at, None, "{event}");
            assert_eq!(ended.asked(at(0)).ask_at, None, "{event}");
        }
    }

    proptest! {
        /// Covers: I18
        #[test]
        fn a_payment_succeeds_at_most_once(events in prop::collection::vec(0..4_usize, 1..40)) {
            let mut one = payment(State::Created);
            let mut successes = 0;
            for event in events {
                if let Ok(next) = take(one.clone(), EVENTS[event]) {
                    successes += u32::from(next.state.name() == "succeeded");
                    one = next;
                }
            }
            prop_assert!(successes <= 1);
        }
    }
}
