//! One attempt to collect money through a payment provider.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Created: written before the provider is called
//!     Created --> Submitted: submit (the provider accepted it)
//!     Created --> Failed: fail (the provider refused it)
//!     Created --> Succeeded: succeed
//!     Submitted --> Succeeded: succeed
//!     Submitted --> Closed: close (the provider closed it unpaid)
//!     Created --> Closed: close
//!     Closed --> Succeeded: succeed (paid after it was closed)
//!     Failed --> Succeeded: succeed
//! ```
//!
//! An unknown outcome leaves the state as it is, and the provider is polled until it gives one. When the provider confirms a
//! payment, that overrides every earlier state; a payment that was not needed is an overpayment and is refunded.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Fen;
use super::number::{Number, PaymentNumber};
use crate::Refused;
use crate::actor::AccountId;

/// A payment provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    /// 微信支付
    Wechat,
    /// 支付宝
    Alipay,
}

impl Provider {
    /// Every provider.
    pub const ALL: [Self; 2] = [Self::Wechat, Self::Alipay];

    /// The name in rows, in the API and in logs.
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

/// A text that is no [`Provider::code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown payment provider")]
pub struct UnknownProvider;

/// One payment attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// The number by which the provider knows it.
    pub no: PaymentNumber,
    /// What it pays for.
    pub purpose: Purpose,
    /// The customer.
    pub owner: AccountId,
    /// The provider that collects the money.
    pub provider: Provider,
    /// What the customer pays.
    pub amount_fen: Fen,
    /// When it was written.
    pub created_at: Timestamp,
    /// From this instant on the provider accepts no money for it.
    pub expires_at: Timestamp,
    /// Polls so far that gave no final outcome. Stored as `asked`.
    #[serde(rename = "asked")]
    pub polls: u32,
    /// When to poll the provider next; `None` once the outcome is final. Stored as `askAt`.
    #[serde(rename = "askAt")]
    pub poll_at: Option<Timestamp>,
    /// Where it is in its life cycle.
    pub state: State,
}

/// What a payment pays for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Purpose {
    /// An order of photos.
    Order {
        /// The order's number.
        no: Number,
    },
    /// A recharge of the balance.
    Recharge {
        /// The recharge's number.
        no: Number,
    },
}

impl Purpose {
    /// The number of the order or recharge.
    pub const fn no(&self) -> &Number {
        match self {
            Self::Order { no } | Self::Recharge { no } => no,
        }
    }
}

/// What the customer needs in order to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum PayCode {
    /// A QR code.
    Qr {
        /// The text it encodes.
        text: String,
    },
    /// A page of the provider.
    Page {
        /// Its address.
        url: String,
    },
}

/// The state of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum State {
    /// Written; the provider may or may not know it yet.
    Created,
    /// Accepted by the provider.
    Submitted {
        /// When.
        at: Timestamp,
        /// What the customer pays with.
        code: PayCode,
    },
    /// Paid. Final.
    Succeeded {
        /// When the success was recorded.
        at: Timestamp,
        /// The provider's own number of the payment.
        provider_no: String,
        /// Whether it is an overpayment, which is refunded. Stored as `surplus`.
        #[serde(rename = "surplus")]
        overpayment: bool,
    },
    /// Refused by the provider.
    Failed {
        /// When.
        at: Timestamp,
    },
    /// Closed unpaid.
    Closed {
        /// When.
        at: Timestamp,
    },
}

/// What happens with the money of a successful payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// It pays for the payment's purpose.
    Applied,
    /// The purpose does not need it any more: it is refunded in full.
    Overpayment,
}

/// Delays before the polls of a provider; the last one repeats until the outcome is final.
const POLL_DELAYS: [SignedDuration; 6] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(10),
    SignedDuration::from_secs(30),
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
];

/// The delay before the next poll after this many polls.
pub(super) fn poll_delay(polls: u32) -> SignedDuration {
    POLL_DELAYS[usize::try_from(polls).unwrap_or(usize::MAX).min(POLL_DELAYS.len() - 1)]
}

impl Payment {
    /// A payment to be written before the provider is called. From `expires_at` on the provider accepts no money for it.
    pub fn create(
        no: PaymentNumber,
        purpose: Purpose,
        owner: AccountId,
        provider: Provider,
        amount_fen: Fen,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Self {
        let poll_at = Some(now + poll_delay(0));
        let state = State::Created;
        Self { no, purpose, owner, provider, amount_fen, created_at: now, expires_at, polls: 0, poll_at, state }
    }

    /// Counts a poll that gave no final outcome and schedules the next one.
    #[must_use]
    pub fn polled(self, now: Timestamp) -> Self {
        let poll_at = self.is_open().then(|| now + poll_delay(self.polls + 1));
        Self { polls: self.polls + 1, poll_at, ..self }
    }

    /// Whether the outcome is not known yet.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Created | State::Submitted { .. })
    }

    /// What the customer pays with; only while it is submitted.
    pub const fn code(&self) -> Option<&PayCode> {
        match &self.state {
            State::Submitted { code, .. } => Some(code),
            _ => None,
        }
    }

    /// The provider accepted it.
    ///
    /// # Errors
    ///
    /// [`Refused`] unless it is created.
    pub fn submit(self, code: PayCode, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Created => Ok(self.with(State::Submitted { at: now, code })),
            _ => Err(self.refuse("submit")),
        }
    }

    /// The provider confirmed the payment under its own number `provider_no`.
    ///
    /// # Errors
    ///
    /// [`Refused`] if it has succeeded before.
    pub fn succeed(self, provider_no: String, disposition: Disposition, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Succeeded { .. } => Err(self.refuse("succeed")),
            _ => {
                let overpayment = disposition == Disposition::Overpayment;
                Ok(self.with(State::Succeeded { at: now, provider_no, overpayment }))
            }
        }
    }

    /// The provider refused it.
    ///
    /// # Errors
    ///
    /// [`Refused`] unless it is created.
    pub fn fail(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Created => Ok(self.with(State::Failed { at: now })),
            _ => Err(self.refuse("fail")),
        }
    }

    /// The provider closed it unpaid.
    ///
    /// # Errors
    ///
    /// [`Refused`] unless it is created or submitted.
    pub fn close(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Created | State::Submitted { .. } => Ok(self.with(State::Closed { at: now })),
            _ => Err(self.refuse("close")),
        }
    }

    fn with(self, state: State) -> Self {
        let is_final = !matches!(state, State::Submitted { .. });
        Self { poll_at: if is_final { None } else { self.poll_at }, state, ..self }
    }

    const fn refuse(&self, event: &'static str) -> Refused {
        Refused { machine: "payment", event, from: self.state.name() }
    }
}

impl State {
    /// The stored name.
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
#[path = "payment_tests.rs"]
mod tests;
