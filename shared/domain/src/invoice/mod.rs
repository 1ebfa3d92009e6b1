//! 发票: the tax document for money that was paid. A customer applies for it, staff decide, and a provider issues it
//! asynchronously.
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
//! The customer sees `Applied` and `Issuing` as 申请中, `Succeeded` and `Reversing` as 申请成功 ([`CustomerState`], I22). Once
//! a request was sent to the provider, the application cannot be withdrawn, because the document can be issued already.
//! A live invoice locks its orders until it is withdrawn, deleted or reversed (I21).

pub mod buyer;
pub mod details;
mod state;
pub mod tax_number;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use buyer::{Buyer, BuyerInput};
pub use details::{Details, DetailsInput, Kind};
pub use state::{CustomerState, FailureReason, IssuedDocument, RedInvoice, State, StoredFile};
pub use tax_number::TaxNumber;

use crate::Refused;
use crate::actor::AccountId;
use crate::money::Fen;
use crate::money::fen::Overflow;
use crate::money::number::{MAX_ATTEMPTS, Number};

/// The most orders of an invoice: the invoice, its orders and the record of the command fit into one commit of the
/// store.
pub const ORDERS_MAX: usize = 98;

/// Seconds until the provider is polled again; the last one repeats.
const POLL_INTERVALS_S: [i64; 6] = [30, 60, 120, 300, 600, 1800];

/// An invoice, from its application on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invoice {
    /// 发票编号: the number of the application.
    pub no: Number,
    /// The account that applied for it.
    pub owner: AccountId,
    /// The application form.
    pub details: Details,
    /// The orders it covers.
    pub orders: Vec<Item>,
    /// The sum of the orders, frozen at the application.
    pub amount_fen: Fen,
    /// When it was first applied for.
    pub applied_at: Timestamp,
    /// Requests to the provider so far; the last one is the current one.
    pub requests: u32,
    /// How often the provider was polled about the current request.
    #[serde(rename = "asked")]
    pub polls: u32,
    /// When the current request is sent or polled next; `None` if there is none.
    #[serde(rename = "askAt")]
    pub poll_at: Option<Timestamp>,
    /// The state.
    pub state: State,
}

/// An order of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// 订单编号.
    pub order_no: Number,
    /// The amount that was paid for it, without coupons.
    pub amount_fen: Fen,
}

/// A field of the form is missing or malformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {code}")]
pub struct InvalidDetails {
    /// The JSON pointer of the field in a request.
    pub field: &'static str,
    /// The error code.
    pub code: &'static str,
}

/// Why orders cannot be put into one invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidInvoice {
    /// There are no orders, or too many.
    #[error("an invoice needs one to {ORDERS_MAX} orders")]
    Count,
    /// An order is listed twice.
    #[error("an order is listed twice")]
    DuplicateOrder,
    /// Nothing was paid for an order.
    #[error("nothing was paid for an order")]
    NothingPaid,
    /// The sum is too large.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Invoice {
    /// Applies for an invoice. The caller ensures that each order is paid with its amount and is in no other live
    /// invoice.
    ///
    /// # Errors
    ///
    /// If the orders cannot be put into one invoice.
    pub fn apply(
        no: Number,
        owner: AccountId,
        details: Details,
        orders: Vec<Item>,
        now: Timestamp,
    ) -> Result<Self, InvalidInvoice> {
        if orders.is_empty() || orders.len() > ORDERS_MAX {
            return Err(InvalidInvoice::Count);
        }
        let mut numbers: Vec<&Number> = orders.iter().map(|item| &item.order_no).collect();
        numbers.sort_unstable();
        if numbers.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(InvalidInvoice::DuplicateOrder);
        }
        if orders.iter().any(|item| item.amount_fen <= Fen::ZERO) {
            return Err(InvalidInvoice::NothingPaid);
        }
        let amount_fen = Fen::sum(orders.iter().map(|item| item.amount_fen))?;
        let state = State::Applied { at: now };
        Ok(Self {
            no,
            owner,
            details,
            orders,
            amount_fen,
            applied_at: now,
            requests: 0,
            polls: 0,
            poll_at: None,
            state,
        })
    }

    /// Whether the invoice locks its orders.
    pub const fn is_live(&self) -> bool {
        !matches!(self.state, State::Withdrawn { .. } | State::Deleted { .. } | State::Reversed { .. })
    }

    /// The number of the current request to the provider: letters and digits, at most 32. `None` if there is none.
    pub fn request_no(&self) -> Option<String> {
        match self.state {
            State::Issuing { .. } => Some(self.numbered('I')),
            State::Reversing { .. } => Some(self.numbered('R')),
            _ => None,
        }
    }

    /// The number of the invoice in a request number; `None` if it has another form.
    pub fn no_of_request(request_no: &str) -> Option<Number> {
        Number::prefix_of(request_no).ok()
    }

    /// 撤销: the customer withdraws the application.
    ///
    /// # Errors
    ///
    /// Unless the state is `Applied`.
    pub fn withdraw(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Applied { .. } => Ok(self.with(State::Withdrawn { at: now })),
            _ => Err(self.refuse("withdraw")),
        }
    }

    /// 修改: the customer corrects the form and applies again. Orders and amount do not change.
    ///
    /// # Errors
    ///
    /// Unless the state is `Failed`, or after too many requests.
    pub fn amend(self, details: Details, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Failed { .. } if self.requests < MAX_ATTEMPTS => {
                Ok(Self { details, ..self.with(State::Applied { at: now }) })
            }
            _ => Err(self.refuse("amend")),
        }
    }

    /// 删除: the customer deletes the application.
    ///
    /// # Errors
    ///
    /// Unless the state is `Failed`.
    pub fn delete(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Failed { .. } => Ok(self.with(State::Deleted { at: now })),
            _ => Err(self.refuse("delete")),
        }
    }

    /// The account `by` approves the application. The request to the provider is due at once.
    ///
    /// # Errors
    ///
    /// Unless the state is `Applied`.
    pub fn approve(self, by: String, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Applied { .. } => Ok(self.requesting(State::Issuing { at: now, by }, now)),
            _ => Err(self.refuse("approve")),
        }
    }

    /// The account `by` rejects the application.
    ///
    /// # Errors
    ///
    /// Unless the state is `Applied`.
    pub fn reject(self, reason: String, by: String, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Applied { .. } => {
                Ok(self.with(State::Failed { at: now, failure: FailureReason::Rejected { reason, by } }))
            }
            _ => Err(self.refuse("reject")),
        }
    }

    /// The provider issued the document.
    ///
    /// # Errors
    ///
    /// Unless the state is `Issuing`.
    pub fn issued(self, issued: IssuedDocument, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Issuing { .. } => Ok(self.with(State::Succeeded { at: now, issued, reversal_refused: None })),
            _ => Err(self.refuse("issued")),
        }
    }

    /// The provider refused to issue the document; `cause` is its message, for staff.
    ///
    /// # Errors
    ///
    /// Unless the state is `Issuing`.
    pub fn refused(self, cause: String, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Issuing { .. } => {
                Ok(self.with(State::Failed { at: now, failure: FailureReason::Refused { cause } }))
            }
            _ => Err(self.refuse("refused")),
        }
    }

    /// 冲红: the account `by` requests the reversal of the document.
    ///
    /// # Errors
    ///
    /// Unless the state is `Succeeded`, or after too many requests.
    pub fn reverse(self, reason: String, by: String, now: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Succeeded { issued, .. } if self.requests < MAX_ATTEMPTS => {
                let state = State::Reversing { at: now, issued: issued.clone(), reason, by };
                Ok(self.requesting(state, now))
            }
            _ => Err(self.refuse("reverse")),
        }
    }

    /// The provider issued the red invoice.
    ///
    /// # Errors
    ///
    /// Unless the state is `Reversing`.
    pub fn reversed(self, red: RedInvoice, now: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Reversing { issued, .. } => {
                let issued = issued.clone();
                Ok(self.with(State::Reversed { at: now, issued, red }))
            }
            _ => Err(self.refuse("reversed")),
        }
    }

    /// The provider refused to reverse the document, which stays valid.
    ///
    /// # Errors
    ///
    /// Unless the state is `Reversing`.
    pub fn reversal_refused(self, cause: String, now: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Reversing { issued, .. } => {
                let issued = issued.clone();
                Ok(self.with(State::Succeeded { at: now, issued, reversal_refused: Some(cause) }))
            }
            _ => Err(self.refuse("reversal-refused")),
        }
    }

    /// The provider was polled at `now` without a final result.
    #[must_use]
    pub fn polled(self, now: Timestamp) -> Self {
        let after = POLL_INTERVALS_S[usize::try_from(self.polls).unwrap_or(usize::MAX).min(POLL_INTERVALS_S.len() - 1)];
        let poll_at = self.request_no().map(|_| now + SignedDuration::from_secs(after));
        Self { polls: self.polls + 1, poll_at, ..self }
    }

    fn numbered(&self, letter: char) -> String {
        format!("{}{letter}{:02}", self.no, self.requests)
    }

    fn requesting(self, state: State, now: Timestamp) -> Self {
        Self { requests: self.requests + 1, polls: 0, poll_at: Some(now), state, ..self }
    }

    fn with(self, state: State) -> Self {
        Self { polls: 0, poll_at: None, state, ..self }
    }

    const fn refuse(&self, event: &'static str) -> Refused {
        Refused { machine: "invoice", event, from: self.state.name() }
    }
}

#[cfg(test)]
#[path = "invoice_tests.rs"]
mod tests;
