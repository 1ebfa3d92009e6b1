//! An order: one or several passed photos that are paid together.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> AwaitingPayment: place
//!     [*] --> Paid: the hold of an inspection is posted
//!     AwaitingPayment --> Paid: pay
//!     AwaitingPayment --> Closed: close (after 30 minutes, or by the customer)
//!     Paid --> Refunding: refund
//!     Refunding --> Refunded: refunded
//! ```
//!
//! A payment that succeeds after the order stopped waiting is not lost: [`Order::pay`] refuses it and the caller refunds it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Fen;
use super::coupon::Discount;
use super::fen::Overflow;
use super::hold::Hold;
use super::number::{MAX_ATTEMPTS, Number, PaymentNumber};
use super::payment::Provider;
use crate::Refused;
use crate::actor::AccountId;
use crate::card::Card;
use crate::image_number::ImageNumber;

/// How long an order waits for its payment: 30 minutes (IC-78).
pub const PAYABLE: SignedDuration = SignedDuration::from_mins(30);
/// So that an order, its photos, its coupon and the rest fit one transaction of the store.
pub const MAX_PHOTOS: usize = 40;

/// An order of one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The number that the customer sees.
    pub no: Number,
    /// The customer.
    pub owner: AccountId,
    /// One per photo; 1 to [`MAX_PHOTOS`].
    pub lines: Vec<Line>,
    /// The coupon and what it takes off the price.
    pub discount: Option<Discount>,
    /// How the customer wants to pay.
    pub method: Method,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// Payment attempts made so far; the last one is the current one.
    pub attempts: u32,
    /// The live invoice that contains the order (I21). Until that invoice is taken back, the order cannot be refunded or put on
    /// another invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoice: Option<Number>,
    /// Where it is in its life cycle.
    pub state: State,
}

/// One photo of an order, as it was when the order was placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// The photo.
    pub image_no: ImageNumber,
    /// The card the photo is for.
    pub card: Card,
    /// `广东省-深圳市`
    pub region: String,
    /// The price at which the photo was submitted.
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
    /// Every method.
    pub const ALL: [Self; 3] = [Self::Balance, Self::Wechat, Self::Alipay];

    /// The payment provider; `None` for the balance.
    pub const fn provider(self) -> Option<Provider> {
        match self {
            Self::Balance => None,
            Self::Wechat => Some(Provider::Wechat),
            Self::Alipay => Some(Provider::Alipay),
        }
    }
}

/// The state of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum State {
    /// 待付款
    AwaitingPayment {
        /// From this instant on the order can be closed as unpaid.
        close_at: Timestamp,
    },
    /// 已付款
    Paid {
        /// When it was paid.
        at: Timestamp,
        /// What paid for it.
        by: PaidBy,
    },
    /// 退款中
    Refunding {
        /// When the refund was requested.
        at: Timestamp,
        /// What paid for it.
        by: PaidBy,
    },
    /// 已退款
    Refunded {
        /// When the refund was complete.
        at: Timestamp,
        /// What paid for it.
        by: PaidBy,
    },
    /// 已关闭
    Closed {
        /// When it was closed.
        at: Timestamp,
        /// Why it was closed.
        #[serde(rename = "why")]
        reason: CloseReason,
    },
}

/// What paid for an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "with", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum PaidBy {
    /// The customer's balance, with or without a coupon.
    Balance,
    /// The coupon alone: it covered the whole price.
    Coupon,
    /// A payment at a provider.
    Provider {
        /// Which provider.
        provider: Provider,
        /// The payment that succeeded.
        payment_no: PaymentNumber,
    },
}

/// Why an order was closed unpaid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CloseReason {
    /// It was not paid in time. Stored as `lapsed`.
    #[serde(rename = "lapsed")]
    Expired,
    /// The customer cancelled it.
    Cancelled,
}

/// Why photos do not make an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadOrder {
    /// None, or too many.
    #[error("an order needs one to {MAX_PHOTOS} photos")]
    Count,
    /// A photo is listed twice.
    #[error("the order lists the same photo twice")]
    Twice,
    /// The prices do not fit 64 bits.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Order {
    /// A new order that awaits its payment until [`PAYABLE`] after `now`. The caller has checked that each photo passed and is in
    /// no other open or paid order (I10, I8).
    ///
    /// # Errors
    ///
    /// [`BadOrder`] for no photo, too many photos or a photo listed twice.
    pub fn place(
        no: Number,
        owner: AccountId,
        lines: Vec<Line>,
        method: Method,
        now: Timestamp,
    ) -> Result<Self, BadOrder> {
        if lines.is_empty() || lines.len() > MAX_PHOTOS {
            return Err(BadOrder::Count);
        }
        let mut photos: Vec<ImageNumber> = lines.iter().map(|line| line.image_no).collect();
        photos.sort_unstable();
        if photos.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(BadOrder::Twice);
        }
        Fen::sum(lines.iter().map(|line| line.price_fen))?;
        let state = State::AwaitingPayment { close_at: now + PAYABLE };
        Ok(Self { no, owner, lines, discount: None, method, placed_at: now, attempts: 0, invoice: None, state })
    }

    /// The paid order that a posted hold becomes.
    pub fn of_hold(hold: &Hold, card: Card, region: String, now: Timestamp) -> Self {
        let by = if hold.amount().is_zero() && hold.discount.is_some() { PaidBy::Coupon } else { PaidBy::Balance };
        Self {
            no: hold.no.clone(),
            owner: hold.owner,
            lines: vec![Line { image_no: hold.image_no, card, region, price_fen: hold.gross_fen }],
            discount: hold.discount.clone(),
            method: Method::Balance,
            placed_at: hold.opened_at,
            attempts: 0,
            invoice: None,
            state: State::Paid { at: now, by },
        }
    }

    /// The price of all photos.
    pub fn gross(&self) -> Fen {
        Fen::sum(self.lines.iter().map(|line| line.price_fen)).unwrap_or(Fen::ZERO)
    }

    /// What the coupon takes off the price; zero without a coupon.
    pub fn discount_amount(&self) -> Fen {
        self.discount.as_ref().map_or(Fen::ZERO, |discount| discount.amount_fen)
    }

    /// What is to be paid or was paid: price less discount, never below zero (I15).
    pub fn payable(&self) -> Fen {
        self.gross().minus(self.discount_amount()).unwrap_or(Fen::ZERO).max(Fen::ZERO)
    }

    /// When an unpaid order is closed; `None` in any other state.
    pub const fn close_at(&self) -> Option<Timestamp> {
        match self.state {
            State::AwaitingPayment { close_at } => Some(close_at),
            _ => None,
        }
    }

    /// The number of the current payment attempt; `None` before the first one.
    pub fn current_payment(&self) -> Option<PaymentNumber> {
        (self.attempts > 0).then(|| self.no.payment(self.attempts))
    }

    /// Changes method and coupon; number, photos, prices and deadline stay.
    ///
    /// # Errors
    ///
    /// [`Refused`] unless the order awaits its payment and its deadline is ahead.
    pub fn change(self, method: Method, discount: Option<Discount>, now: Timestamp) -> Result<Self, Refused> {
        self.require_payable("change", now)?;
        Ok(Self { method, discount, ..self })
    }

    /// Begins another payment attempt; returns its number beside the order.
    ///
    /// # Errors
    ///
    /// [`Refused`] unless the order awaits its payment and its deadline is ahead, and after [`MAX_ATTEMPTS`] attempts
    /// (`from` is `attempts-used-up` then).
    pub fn start_attempt(self, now: Timestamp) -> Result<(Self, PaymentNumber), Refused> {
        self.require_payable("start-attempt", now)?;
        if self.attempts >= MAX_ATTEMPTS {
            return Err(Refused { from: "attempts-used-up", ..self.refuse("start-attempt") });
        }
        let no = self.no.payment(self.attempts + 1);
        Ok((Self { attempts: self.attempts + 1, ..self }, no))
    }

    /// Marks the order as paid. A provider's payment is accepted as long as the order waits, even after its deadline; balance and
    /// coupon only before the deadline.
    ///
    /// # Errors
    ///
    /// [`Refused`] otherwise.
    pub fn pay(self, by: PaidBy, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::AwaitingPayment { close_at } if now < close_at || matches!(by, PaidBy::Provider { .. }) => {
                Ok(Self { state: State::Paid { at: now, by }, ..self })
            }
            _ => Err(self.refuse("pay")),
        }
    }

    /// Closes an unpaid order.
    ///
    /// # Errors
    ///
    /// [`Refused`] unless it awaits its payment, and for [`CloseReason::Expired`] before its deadline.
    pub fn close(self, reason: CloseReason, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::AwaitingPayment { close_at } if reason == CloseReason::Cancelled || now >= close_at => {
                Ok(Self { state: State::Closed { at: now, reason }, ..self })
            }
            _ => Err(self.refuse("close")),
        }
    }

    /// Whether an invoice can contain it: it is paid, with more than zero. It can be on an invoice already.
    pub fn is_invoiceable(&self) -> bool {
        matches!(self.state, State::Paid { .. }) && self.payable() > Fen::ZERO
    }

    /// Puts the order on an invoice.
    ///
    /// # Errors
    ///
    /// [`Refused`] unless it is invoiceable and on no invoice.
    pub fn add_to_invoice(self, invoice: Number) -> Result<Self, Refused> {
        if self.is_invoiceable() && self.invoice.is_none() {
            Ok(Self { invoice: Some(invoice), ..self })
        } else {
            Err(self.refuse_locked("add-to-invoice"))
        }
    }

    /// Takes the order off an invoice that was withdrawn, deleted or reversed.
    ///
    /// # Errors
    ///
    /// [`Refused`] if it is not on this invoice.
    pub fn remove_from_invoice(self, invoice: &Number) -> Result<Self, Refused> {
        if self.invoice.as_ref() == Some(invoice) {
            Ok(Self { invoice: None, ..self })
        } else {
            Err(self.refuse_locked("remove-from-invoice"))
        }
    }

    /// Begins the refund of a paid order.
    ///
    /// # Errors
    ///
    /// [`Refused`] unless it is paid and on no invoice.
    pub fn refund(self, now: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Paid { .. } if self.invoice.is_some() => Err(self.refuse_locked("refund")),
            State::Paid { by, .. } => Ok(Self { state: State::Refunding { at: now, by: by.clone() }, ..self }),
            _ => Err(self.refuse("refund")),
        }
    }

    /// Completes a refund.
    ///
    /// # Errors
    ///
    /// [`Refused`] if no refund is under way.
    pub fn refunded(self, now: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Refunding { by, .. } => Ok(Self { state: State::Refunded { at: now, by: by.clone() }, ..self }),
            _ => Err(self.refuse("refunded")),
        }
    }

    fn require_payable(&self, event: &'static str, now: Timestamp) -> Result<(), Refused> {
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
    /// The stored name, also the one in the API.
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
