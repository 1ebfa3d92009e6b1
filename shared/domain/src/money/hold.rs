//! An amount of the balance that is reserved while a photo is inspected. A hold is resolved exactly once (I6).
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Open
//!     Open --> Posted: post (the photo passed)
//!     Open --> Voided: void (failed, timed out, withdrawn)
//!     Open --> Expired: expire (not resolved before the deadline)
//! ```
//!
//! The amount can be zero: when a coupon covers the whole price, only the coupon is reserved.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Fen;
use super::coupon::Discount;
use super::number::Number;
use crate::Refused;
use crate::actor::AccountId;
use crate::image_number::ImageNumber;

/// A reservation of the price of one photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hold {
    /// Also the number of the order that a posted hold becomes.
    pub no: Number,
    /// The account whose balance is reserved.
    pub owner: AccountId,
    /// The photo whose verdict resolves the hold.
    pub image_no: ImageNumber,
    /// The price, fixed when the photo was submitted.
    pub gross_fen: Fen,
    /// The coupon that is reserved with the money.
    pub discount: Option<Discount>,
    /// When the photo was submitted.
    pub opened_at: Timestamp,
    /// Where it is in its life cycle.
    pub state: State,
}

/// The state of a hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// Not resolved yet.
    Open {
        /// The first instant at which it can no longer be posted.
        deadline: Timestamp,
    },
    /// Captured: the money was spent on the photo.
    Posted {
        /// When.
        at: Timestamp,
    },
    /// Released because the photo did not pass.
    Voided {
        /// When.
        at: Timestamp,
    },
    /// Released because nothing resolved it before the deadline.
    Expired {
        /// When the expiry was written down.
        at: Timestamp,
    },
}

impl Hold {
    /// The reserved part of the balance: price less discount, never below zero.
    pub fn amount(&self) -> Fen {
        let discount = self.discount.as_ref().map_or(Fen::ZERO, |discount| discount.amount_fen);
        self.gross_fen.minus(discount).unwrap_or(Fen::ZERO)
    }

    /// Captures the hold. See [`State::post`].
    ///
    /// # Errors
    ///
    /// [`Refused`] if it is resolved, or from its deadline on.
    pub fn post(self, now: Timestamp) -> Result<Self, Refused> {
        let state = self.state.post(now)?;
        Ok(Self { state, ..self })
    }

    /// Releases the hold of a photo that did not pass.
    ///
    /// # Errors
    ///
    /// [`Refused`] if it is resolved.
    pub fn void(self, now: Timestamp) -> Result<Self, Refused> {
        let state = self.state.void(now)?;
        Ok(Self { state, ..self })
    }

    /// Releases the hold after its deadline.
    ///
    /// # Errors
    ///
    /// [`Refused`] if it is resolved, or before its deadline.
    pub fn expire(self, now: Timestamp) -> Result<Self, Refused> {
        let state = self.state.expire(now)?;
        Ok(Self { state, ..self })
    }

    /// The deadline of an open hold; `None` once it is resolved.
    pub const fn deadline(&self) -> Option<Timestamp> {
        match self.state {
            State::Open { deadline } => Some(deadline),
            _ => None,
        }
    }
}

impl State {
    /// The stored name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Posted { .. } => "posted",
            Self::Voided { .. } => "voided",
            Self::Expired { .. } => "expired",
        }
    }

    fn refuse(&self, event: &'static str) -> Refused {
        Refused { machine: "hold", event, from: self.name() }
    }

    /// Open to posted.
    ///
    /// # Errors
    ///
    /// [`Refused`] in any other state, and from the deadline on: by then the photo has timed out and is free of charge.
    pub fn post(self, now: Timestamp) -> Result<Self, Refused> {
        match self {
            Self::Open { deadline } if now < deadline => Ok(Self::Posted { at: now }),
            other => Err(other.refuse("post")),
        }
    }

    /// Open to voided, at any time.
    ///
    /// # Errors
    ///
    /// [`Refused`] in any other state.
    pub fn void(self, now: Timestamp) -> Result<Self, Refused> {
        match self {
            Self::Open { .. } => Ok(Self::Voided { at: now }),
            other => Err(other.refuse("void")),
        }
    }

    /// Open to expired.
    ///
    /// # Errors
    ///
    /// [`Refused`] in any other state, and before the deadline.
    pub fn expire(self, now: Timestamp) -> Result<Self, Refused> {
        match self {
            Self::Open { deadline } if now >= deadline => Ok(Self::Expired { at: now }),
            other => Err(other.refuse("expire")),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[derive(Debug, Clone, Copy)]
    enum Event {
        Post,
        Void,
        Expire,
    }

    fn apply(state: State, event: Event, now: Timestamp) -> Result<State, Refused> {
        match event {
            Event::Post => state.post(now),
            Event::Void => state.void(now),
            Event::Expire => state.expire(now),
        }
    }

    /// Covers: IC-61, I5
    #[test]
    fn open_hold_reserves_the_price_less_the_discount() {
        let discount = |fen| Some(Discount { coupon: Number::new(at(0), 2), amount_fen: Fen::new(fen) });
        let hold = |discount| Hold {
            no: Number::new(at(0), 1),
            owner: AccountId(ulid::Ulid::from_parts(1, 7)),
            image_no: "AL200166498".parse().unwrap(),
            gross_fen: Fen::new(150),
            discount,
            opened_at: at(0),
            state: State::Open { deadline: at(100) },
        };
        let reserved = [None, discount(50), discount(150)].map(|discount| hold(discount).amount().get());
        assert_eq!(reserved, [150, 100, 0]);
        assert_eq!(hold(None).deadline(), Some(at(100)));
        assert_eq!(hold(None).void(at(1)).unwrap().deadline(), None);
    }

    /// Covers: I6
    #[test]
    fn hold_transitions_match_the_state_table() {
        let deadline = at(100);
        let before = deadline - SignedDuration::from_millis(1);
        let open = State::Open { deadline };
        let table = [
            (open.clone(), Event::Post, before, Some("posted")),
            (open.clone(), Event::Post, deadline, None),
            (open.clone(), Event::Void, before, Some("voided")),
            (open.clone(), Event::Void, deadline, Some("voided")),
            (open.clone(), Event::Expire, before, None),
            (open, Event::Expire, deadline, Some("expired")),
        ];
        for (state, event, now, expected) in table {
            let answer = apply(state, event, now).map(|state| state.name());
            assert_eq!(answer.ok(), expected, "{event:?} at {now}");
        }
        for state in [State::Posted { at: deadline }, State::Voided { at: deadline }, State::Expired { at: deadline }] {
            for event in [Event::Post, Event::Void, Event::Expire] {
                let refused = apply(state.clone(), event, at(200)).unwrap_err();
                assert_eq!((refused.machine, refused.from), ("hold", state.name()));
            }
        }
    }

    proptest! {
        /// Covers: I6
        #[test]
        fn a_hold_resolves_exactly_once(events in prop::collection::vec((0..3_u8, 0..200_i64), 1..50)) {
            let mut state = State::Open { deadline: at(100) };
            let mut resolved = 0;
            for (which, now) in events {
                let event = [Event::Post, Event::Void, Event::Expire][usize::from(which)];
                if let Ok(next) = apply(state.clone(), event, at(now)) {
                    state = next;
                    resolved += 1;
                }
            }
            prop_assert!(resolved <= 1);
        }
    }
}
