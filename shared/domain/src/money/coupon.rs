//! A coupon lowers the price of one order.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Usable
//!     Usable --> Held: hold (an open order or inspection)
//!     Held --> Used: redeem (that order is paid)
//!     Held --> Usable: release (that order closed before the expiry)
//!     Held --> Expired: release (after the expiry, IC-164)
//!     Usable --> Frozen: freeze (staff)
//!     Frozen --> Usable: unfreeze
//!     Frozen --> Expired: unfreeze or expire
//!     Usable --> Expired: expire
//! ```
//!
//! A coupon held before its expiry can still be redeemed after it (I13). Expiry is computed on every read; the due-work task only
//! writes it down.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Fen;
use super::number::Number;
use crate::Refused;
use crate::actor::AccountId;

/// How long before the expiry the owner is reminded: three days (IC-162).
pub const REMINDER: SignedDuration = SignedDuration::from_hours(3 * 24);

/// A coupon of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Coupon {
    /// The coupon's number, of the same form as an order's.
    pub id: Number,
    /// The account that can use it.
    pub owner: AccountId,
    /// Face value.
    pub face_fen: Fen,
    /// The lowest price on which it can be used.
    pub min_spend_fen: Fen,
    /// The first instant at which it cannot be used any more.
    pub expires_at: Timestamp,
    /// The staff account, or `operator/<name>`, that granted it.
    pub granted_by: String,
    /// When it was granted.
    pub granted_at: Timestamp,
    /// When the reminder was recorded; set at most once.
    #[serde(default)]
    pub reminded_at: Option<Timestamp>,
    /// Where it is in its life cycle.
    pub state: State,
}

/// The stored state of a coupon. [`Coupon::tab`] says what is true at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum State {
    /// Can be used until it expires.
    Usable,
    /// Reserved for an open order or inspection.
    Held {
        /// Number of the order or hold.
        order_no: Number,
        /// When it was reserved.
        at: Timestamp,
    },
    /// Spent on a paid order. Final.
    Used {
        /// Number of the order or hold.
        order_no: Number,
        /// When that order was paid.
        at: Timestamp,
    },
    /// Blocked by staff.
    Frozen {
        /// The staff account that froze it.
        by: String,
        /// The reason, shown to the owner.
        why: String,
        /// When it was frozen.
        at: Timestamp,
    },
    /// Past its expiry and unused. Final.
    Expired {
        /// When the expiry was written down.
        at: Timestamp,
    },
}

/// What a coupon takes off the price of an order, fixed when the order takes the coupon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Discount {
    /// The coupon's number.
    pub coupon: Number,
    /// At most the price.
    pub amount_fen: Fen,
}

/// The four tabs of the coupon page (manual 000, section 5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tab {
    /// 可用
    Usable,
    /// 已用
    Used,
    /// 过期
    Expired,
    /// 冻结: held by an open order or inspection, or frozen by staff.
    Frozen,
}

impl Tab {
    /// In the manual's order.
    pub const ALL: [Self; 4] = [Self::Usable, Self::Used, Self::Expired, Self::Frozen];
}

impl Coupon {
    /// The tab under which the coupon is listed at `now`.
    pub fn tab(&self, now: Timestamp) -> Tab {
        match self.state {
            State::Usable | State::Frozen { .. } if now >= self.expires_at => Tab::Expired,
            State::Usable => Tab::Usable,
            State::Held { .. } | State::Frozen { .. } => Tab::Frozen,
            State::Used { .. } => Tab::Used,
            State::Expired { .. } => Tab::Expired,
        }
    }

    /// Whether it can be used at `now` on an order of this price.
    pub fn is_usable_for(&self, price: Fen, now: Timestamp) -> bool {
        self.tab(now) == Tab::Usable && self.min_spend_fen <= price
    }

    /// What it takes off `price`. The part of its face value above the price is forfeited (I15).
    pub fn discount(&self, price: Fen) -> Discount {
        Discount { coupon: self.id.clone(), amount_fen: self.face_fen.min(price) }
    }

    /// Reserves the coupon for an order.
    ///
    /// # Errors
    ///
    /// [`Refused`] if it is not usable, or expired at `now`.
    pub fn hold(self, order_no: Number, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Usable if now < self.expires_at => Ok(self.with(State::Held { order_no, at: now })),
            _ => Err(self.refuse("hold", now)),
        }
    }

    /// Spends the coupon on the order that holds it, even after its expiry.
    ///
    /// # Errors
    ///
    /// [`Refused`] if this order does not hold it.
    pub fn redeem(self, order: &Number, now: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Held { order_no, .. } if order_no == order => {
                Ok(self.with(State::Used { order_no: order.clone(), at: now }))
            }
            _ => Err(self.refuse("redeem", now)),
        }
    }

    /// Returns the coupon from the order that holds it: usable again, or expired if its time is over.
    ///
    /// # Errors
    ///
    /// [`Refused`] if this order does not hold it.
    pub fn release(self, order: &Number, now: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Held { order_no, .. } if order_no == order => Ok(self.usable_or_expired(now)),
            _ => Err(self.refuse("release", now)),
        }
    }

    /// Blocks a usable coupon for the reason `why`.
    ///
    /// # Errors
    ///
    /// [`Refused`] if it is not usable, or expired at `now`.
    pub fn freeze(self, by: String, why: String, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Usable if now < self.expires_at => Ok(self.with(State::Frozen { by, why, at: now })),
            _ => Err(self.refuse("freeze", now)),
        }
    }

    /// Ends a freeze: the coupon is usable again, or expired if its time is over.
    ///
    /// # Errors
    ///
    /// [`Refused`] if it is not frozen.
    pub fn unfreeze(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Frozen { .. } => Ok(self.usable_or_expired(now)),
            _ => Err(self.refuse("unfreeze", now)),
        }
    }

    /// Writes down that the coupon has expired.
    ///
    /// # Errors
    ///
    /// [`Refused`] before the expiry, and for a coupon that is held, used or expired already.
    pub fn expire(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Usable | State::Frozen { .. } if now >= self.expires_at => Ok(self.usable_or_expired(now)),
            _ => Err(self.refuse("expire", now)),
        }
    }

    /// The instant from which the owner is to be reminded; `None` after the reminder and while the coupon is not usable.
    pub fn remind_at(&self) -> Option<Timestamp> {
        let waits = self.state == State::Usable && self.reminded_at.is_none();
        waits.then(|| self.expires_at - REMINDER)
    }

    /// Records the reminder.
    ///
    /// # Errors
    ///
    /// [`Refused`] before [`Self::remind_at`], after the expiry, and when no reminder is due.
    pub fn remind(self, now: Timestamp) -> Result<Self, Refused> {
        match self.remind_at() {
            Some(at) if at <= now && now < self.expires_at => Ok(Self { reminded_at: Some(now), ..self }),
            _ => Err(self.refuse("remind", now)),
        }
    }

    fn usable_or_expired(self, now: Timestamp) -> Self {
        let state = if now < self.expires_at { State::Usable } else { State::Expired { at: now } };
        self.with(state)
    }

    fn with(self, state: State) -> Self {
        Self { state, ..self }
    }

    fn refuse(&self, event: &'static str, now: Timestamp) -> Refused {
        let from = match self.state {
            State::Usable if now >= self.expires_at => "expired",
            _ => self.state.name(),
        };
        Refused { machine: "coupon", event, from }
    }
}

impl State {
    /// The stored name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::Held { .. } => "held",
            Self::Used { .. } => "used",
            Self::Frozen { .. } => "frozen",
            Self::Expired { .. } => "expired",
        }
    }
}

/// The coupon that is taken when the balance pays (manual 000, section 2, IC-158): the soonest to expire, then the largest, then
/// the lowest number, so that the choice is deterministic. `None` if none is usable on this price.
pub fn pick(coupons: &[Coupon], price: Fen, now: Timestamp) -> Option<&Coupon> {
    coupons
        .iter()
        .filter(|coupon| coupon.is_usable_for(price, now))
        .min_by(|a, b| (a.expires_at, b.face_fen, &a.id).cmp(&(b.expires_at, a.face_fen, &b.id)))
}

#[cfg(test)]
#[path = "coupon_tests.rs"]
mod tests;
