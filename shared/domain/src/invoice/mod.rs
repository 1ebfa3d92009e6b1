//! 发票: the tax document for money that was paid. Asked for by the customer, decided by a person, issued by a provider that takes
//! its time.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Applied: apply
//!     Applied --> Withdrawn: withdraw
//!     Applied --> Issuing: approve
//!     Applied --> Failed: reject
//!     Issuing --> Succeeded: issued
//!     Issuing --> Failed: refused
//!     Failed --> Applied: amend
//!     Failed --> Deleted: delete
//!     Succeeded --> Reversing: reverse
//!     Reversing --> Reversed: reversed
//!     Reversing --> Succeeded: reversal-refused
//! ```
//!
//! The customer sees `Applied` and `Issuing` as 申请中, `Succeeded` and `Reversing` as 申请成功 ([`Shown`], I22). Once the provider has
//! been asked nobody can withdraw: it may have issued already. Orders are locked by a live invoice and free again only when it is
//! withdrawn, deleted or reversed (I21).

pub mod buyer;
pub mod details;
mod state;
pub mod tax_number;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use buyer::Buyer;
pub use details::{BadDetails, Details, Kind, Written};
pub use state::{Issued, Red, Shown, State, StoredFile, Why};
pub use tax_number::TaxNumber;

use crate::Refused;
use crate::money::Fen;
use crate::money::fen::Overflow;
use crate::money::number::{MAX_ATTEMPTS, Number};

/// So that an invoice, its orders and the command's record fit one commit of the store.
pub const ORDERS_MAX: usize = 98;

/// Seconds until the provider is asked again; the last repeats.
const ASK_AFTER_S: [i64; 6] = [30, 60, 120, 300, 600, 1800];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invoice {
    pub no: Number,
    pub owner: String,
    pub details: Details,
    pub orders: Vec<Item>,
    /// Frozen when it was applied for.
    pub amount_fen: Fen,
    pub applied_at: Timestamp,
    /// Requests to the provider so far; the last is the live one.
    pub requests: u32,
    pub asked: u32,
    /// When to send the live request or to ask for it next.
    pub ask_at: Option<Timestamp>,
    pub state: State,
}

/// One order of an invoice and what was really paid for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    pub order_no: Number,
    pub amount_fen: Fen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadInvoice {
    #[error("an invoice needs one to {ORDERS_MAX} orders")]
    Count,
    #[error("the same order stands twice in the invoice")]
    Twice,
    #[error("an order for which nothing was paid")]
    Nothing,
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Invoice {
    /// The caller vouches that each order is paid, by this amount, and in no other live invoice.
    pub fn apply(
        no: Number,
        owner: String,
        details: Details,
        orders: Vec<Item>,
        now: Timestamp,
    ) -> Result<Self, BadInvoice> {
        if orders.is_empty() || orders.len() > ORDERS_MAX {
            return Err(BadInvoice::Count);
        }
        let mut numbers: Vec<&Number> = orders.iter().map(|item| &item.order_no).collect();
        numbers.sort_unstable();
        if numbers.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(BadInvoice::Twice);
        }
        if orders.iter().any(|item| item.amount_fen <= Fen::ZERO) {
            return Err(BadInvoice::Nothing);
        }
        let amount_fen = Fen::sum(orders.iter().map(|item| item.amount_fen))?;
        let state = State::Applied { at: now };
        Ok(Self { no, owner, details, orders, amount_fen, applied_at: now, requests: 0, asked: 0, ask_at: None, state })
    }

    /// Does it lock its orders?
    pub const fn is_live(&self) -> bool {
        !matches!(self.state, State::Withdrawn { .. } | State::Deleted { .. } | State::Reversed { .. })
    }

    /// The number the provider knows the live request by (letters and digits, at most 32).
    pub fn request_no(&self) -> Option<String> {
        match self.state {
            State::Issuing { .. } => Some(self.numbered('I')),
            State::Reversing { .. } => Some(self.numbered('R')),
            _ => None,
        }
    }

    /// The invoice behind a number the provider uses.
    pub fn of_request(request_no: &str) -> Option<Number> {
        Number::of_payment(request_no).ok()
    }

    pub fn withdraw(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Applied { .. } => Ok(self.with(State::Withdrawn { at: now })),
            _ => Err(self.refuse("withdraw")),
        }
    }

    /// Corrected and applied for again; orders and amount stay as they are.
    pub fn amend(self, details: Details, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Failed { .. } if self.requests < MAX_ATTEMPTS => {
                Ok(Self { details, ..self.with(State::Applied { at: now }) })
            }
            _ => Err(self.refuse("amend")),
        }
    }

    pub fn delete(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Failed { .. } => Ok(self.with(State::Deleted { at: now })),
            _ => Err(self.refuse("delete")),
        }
    }

    /// A person agrees; the provider is to be asked at once.
    pub fn approve(self, by: String, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Applied { .. } => Ok(self.requesting(State::Issuing { at: now, by }, now)),
            _ => Err(self.refuse("approve")),
        }
    }

    pub fn reject(self, reason: String, by: String, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Applied { .. } => Ok(self.with(State::Failed { at: now, why: Why::Rejected { reason, by } })),
            _ => Err(self.refuse("reject")),
        }
    }

    pub fn issued(self, issued: Issued, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Issuing { .. } => Ok(self.with(State::Succeeded { at: now, issued, reversal_refused: None })),
            _ => Err(self.refuse("issued")),
        }
    }

    /// The provider says no; `cause` is for the staff.
    pub fn refused(self, cause: String, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Issuing { .. } => Ok(self.with(State::Failed { at: now, why: Why::Refused { cause } })),
            _ => Err(self.refuse("refused")),
        }
    }

    /// 冲红: a red invoice is to take it back.
    pub fn reverse(self, reason: String, by: String, now: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Succeeded { issued, .. } if self.requests < MAX_ATTEMPTS => {
                let state = State::Reversing { at: now, issued: issued.clone(), reason, by };
                Ok(self.requesting(state, now))
            }
            _ => Err(self.refuse("reverse")),
        }
    }

    pub fn reversed(self, red: Red, now: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Reversing { issued, .. } => {
                let issued = issued.clone();
                Ok(self.with(State::Reversed { at: now, issued, red }))
            }
            _ => Err(self.refuse("reversed")),
        }
    }

    /// It stays as good as it was.
    pub fn reversal_refused(self, cause: String, now: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Reversing { issued, .. } => {
                let issued = issued.clone();
                Ok(self.with(State::Succeeded { at: now, issued, reversal_refused: Some(cause) }))
            }
            _ => Err(self.refuse("reversal-refused")),
        }
    }

    /// The provider was asked and what it said, if anything, changes nothing.
    #[must_use]
    pub fn asked(self, now: Timestamp) -> Self {
        let after = ASK_AFTER_S[usize::try_from(self.asked).unwrap_or(usize::MAX).min(ASK_AFTER_S.len() - 1)];
        let ask_at = self.request_no().map(|_| now + SignedDuration::from_secs(after));
        Self { asked: self.asked + 1, ask_at, ..self }
    }

    fn numbered(&self, letter: char) -> String {
        format!("{}{letter}{:02}", self.no, self.requests)
    }

    fn requesting(self, state: State, now: Timestamp) -> Self {
        Self { requests: self.requests + 1, asked: 0, ask_at: Some(now), state, ..self }
    }

    fn with(self, state: State) -> Self {
        Self { asked: 0, ask_at: None, state, ..self }
    }

    const fn refuse(&self, event: &'static str) -> Refused {
        Refused { machine: "invoice", event, from: self.state.name() }
    }
}

#[cfg(test)]
#[path = "invoice_tests.rs"]
mod tests;
