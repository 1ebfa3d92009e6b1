//! An order: one or several passed photos, paid together.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> AwaitingPayment: place
//!     [*] --> Paid: the hold of an inspection is posted
//!     AwaitingPayment --> Paid: pay
//!     AwaitingPayment --> Closed: close (30 minutes, or the customer)
//!     Paid --> Refunding: refund
//!     Refunding --> Refunded: refunded
//! ```
//!
//! A success that finds the order no longer waiting is not lost: [`Order::pay`] refuses it, and what was paid goes back.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Fen;
use super::coupon::Discount;
use super::fen::Overflow;
use super::hold::Hold;
use super::number::{MAX_ATTEMPTS, Number};
use super::payment::Provider;
use crate::Refused;
use crate::card::Card;

/// How long an order waits for its payment (IC-78).
pub const PAYABLE: SignedDuration = SignedDuration::from_mins(30);
/// So that an order, its photos, its coupon and the rest fit one commit of the store.
pub const MAX_PHOTOS: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    pub no: Number,
    pub owner: String,
    pub lines: Vec<Line>,
    pub discount: Option<Discount>,
    pub method: Method,
    pub placed_at: Timestamp,
    /// Payment attempts made so far; the last is the live one.
    pub attempts: u32,
    /// The live invoice that holds it (I21): while there is one, the order cannot be refunded nor stand in another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<Number>,
    pub state: State,
}

/// One photo of an order, as it was when the order was placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    pub image_no: String,
    pub card: Card,
    pub region: String,
    pub price_fen: Fen,
}

/// How a photo or an order is to be paid.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = PaymentMethod))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// 账户余额（预付卡）
    Balance,
    /// 微信
    Wechat,
    /// 支付宝
    Alipay,
}

impl Method {
    pub const ALL: [Self; 3] = [Self::Balance, Self::Wechat, Self::Alipay];

    pub const fn provider(self) -> Option<Provider> {
        match self {
            Self::Balance => None,
            Self::Wechat => Some(Provider::Wechat),
            Self::Alipay => Some(Provider::Alipay),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum State {
    /// 待付款
    AwaitingPayment { close_at: Timestamp },
    /// 已付款
    Paid { at: Timestamp, by: PaidBy },
    /// 退款中
    Refunding { at: Timestamp, by: PaidBy },
    /// 已退款
    Refunded { at: Timestamp, by: PaidBy },
    /// 已关闭
    Closed { at: Timestamp, why: Why },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "with", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum PaidBy {
    Balance,
    /// The coupon covered everything.
    Coupon,
    Provider {
        provider: Provider,
        payment_no: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    Lapsed,
    Cancelled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadOrder {
    #[error("an order needs one to {MAX_PHOTOS} photos")]
    Count,
    #[error("the same photo stands twice in the order")]
    Twice,
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Order {
    /// The caller vouches that each photo passed and is in no other open or paid order (I10, I8).
    pub fn place(
        no: Number,
        owner: String,
        lines: Vec<Line>,
        method: Method,
        now: Timestamp,
    ) -> Result<Self, BadOrder> {
        if lines.is_empty() || lines.len() > MAX_PHOTOS {
            return Err(BadOrder::Count);
        }
        let mut photos: Vec<&str> = lines.iter().map(|line| line.image_no.as_str()).collect();
        photos.sort_unstable();
        if photos.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(BadOrder::Twice);
        }
        Fen::sum(lines.iter().map(|line| line.price_fen))?;
        let state = State::AwaitingPayment { close_at: now + PAYABLE };
        Ok(Self { no, owner, lines, discount: None, method, placed_at: now, attempts: 0, invoice: None, state })
    }

    /// The order that a passed inspection makes of its hold: paid at once.
    pub fn of_hold(hold: &Hold, card: Card, region: String, now: Timestamp) -> Self {
        let by = if hold.amount().is_zero() && hold.discount.is_some() { PaidBy::Coupon } else { PaidBy::Balance };
        Self {
            no: hold.no.clone(),
            owner: hold.owner.clone(),
            lines: vec![Line { image_no: hold.image_no.clone(), card, region, price_fen: hold.gross_fen }],
            discount: hold.discount.clone(),
            method: Method::Balance,
            placed_at: hold.opened_at,
            attempts: 0,
            invoice: None,
            state: State::Paid { at: now, by },
        }
    }

    pub fn gross(&self) -> Fen {
        Fen::sum(self.lines.iter().map(|line| line.price_fen)).unwrap_or(Fen::ZERO)
    }

    pub fn discounted(&self) -> Fen {
        self.discount.as_ref().map_or(Fen::ZERO, |discount| discount.amount_fen)
    }

    /// What is to be paid: price less coupon, never below nothing (I15).
    pub fn payable(&self) -> Fen {
        self.gross().minus(self.discounted()).unwrap_or(Fen::ZERO).max(Fen::ZERO)
    }

    pub const fn close_at(&self) -> Option<Timestamp> {
        match self.state {
            State::AwaitingPayment { close_at } => Some(close_at),
            _ => None,
        }
    }

    /// The provider's number of the live attempt, if one was made.
    pub fn attempt(&self) -> Option<String> {
        (self.attempts > 0).then(|| self.no.payment(self.attempts))
    }

    /// Another way to pay, another coupon; the order keeps its number, photos, prices and deadline.
    pub fn change(self, method: Method, discount: Option<Discount>, now: Timestamp) -> Result<Self, Refused> {
        self.still_payable("change", now)?;
        Ok(Self { method, discount, ..self })
    }

    /// Begins another payment attempt.
    pub fn try_payment(self, now: Timestamp) -> Result<(Self, String), Refused> {
        self.still_payable("try-payment", now)?;
        if self.attempts >= MAX_ATTEMPTS {
            return Err(Refused { from: "attempts-used-up", ..self.refuse("try-payment") });
        }
        let no = self.no.payment(self.attempts + 1);
        Ok((Self { attempts: self.attempts + 1, ..self }, no))
    }

    /// A provider's word counts as long as the order waits, even a moment past its deadline; our own methods end with it.
    pub fn pay(self, by: PaidBy, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::AwaitingPayment { close_at } if now < close_at || matches!(by, PaidBy::Provider { .. }) => {
                Ok(Self { state: State::Paid { at: now, by }, ..self })
            }
            _ => Err(self.refuse("pay")),
        }
    }

    pub fn close(self, why: Why, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::AwaitingPayment { close_at } if why == Why::Cancelled || now >= close_at => {
                Ok(Self { state: State::Closed { at: now, why }, ..self })
            }
            _ => Err(self.refuse("close")),
        }
    }

    /// May an invoice be asked for it? Only for money that was really paid.
    pub fn is_invoiceable(&self) -> bool {
        matches!(self.state, State::Paid { .. }) && self.payable() > Fen::ZERO
    }

    /// Becomes part of an invoice.
    pub fn take_into(self, invoice: Number) -> Result<Self, Refused> {
        if self.is_invoiceable() && self.invoice.is_none() {
            Ok(Self { invoice: Some(invoice), ..self })
        } else {
            Err(self.refuse_locked("take-into"))
        }
    }

    /// The invoice is withdrawn, deleted or reversed.
    pub fn free_from(self, invoice: &Number) -> Result<Self, Refused> {
        if self.invoice.as_ref() == Some(invoice) {
            Ok(Self { invoice: None, ..self })
        } else {
            Err(self.refuse_locked("free-from"))
        }
    }

    /// An invoiced order is refunded only after its invoice was taken back.
    pub fn refund(self, now: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Paid { .. } if self.invoice.is_some() => Err(self.refuse_locked("refund")),
            State::Paid { by, .. } => Ok(Self { state: State::Refunding { at: now, by: by.clone() }, ..self }),
            _ => Err(self.refuse("refund")),
        }
    }

    pub fn refunded(self, now: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Refunding { by, .. } => Ok(Self { state: State::Refunded { at: now, by: by.clone() }, ..self }),
            _ => Err(self.refuse("refunded")),
        }
    }

    fn still_payable(&self, event: &'static str, now: Timestamp) -> Result<(), Refused> {
        match self.state {
            State::AwaitingPayment { close_at } if now < close_at => Ok(()),
            _ => Err(self.refuse(event)),
        }
    }

    const fn refuse(&self, event: &'static str) -> Refused {
        Refused { machine: "order", event, from: self.state.name() }
    }

    const fn refuse_locked(&self, event: &'static str) -> Refused {
        match self.invoice {
            Some(_) => Refused { machine: "order", event, from: "invoiced" },
            None => self.refuse(event),
        }
    }
}

impl State {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AwaitingPayment { .. } => "awaiting-payment",
            Self::Paid { .. } => "paid",
            Self::Refunding { .. } => "refunding",
            Self::Refunded { .. } => "refunded",
            Self::Closed { .. } => "closed",
        }
    }
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
