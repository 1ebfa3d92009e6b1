//! Money kept aside while a photo is inspected: phase one of two, resolved exactly once (I6).
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Open
//!     Open --> Posted: post (the photo passed)
//!     Open --> Voided: void (failed, timed out, withdrawn)
//!     Open --> Expired: expire (deadline reached, nobody resolved it)
//! ```
//!
//! A hold may be of nothing: a coupon can cover the whole price, and the coupon is then what waits for the verdict.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Fen;
use super::coupon::Discount;
use super::number::Number;
use crate::Refused;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hold {
    /// Also the number of the order that a pass makes of it.
    pub no: Number,
    pub owner: String,
    /// What the money waits for.
    pub image_no: String,
    /// Price, frozen when the photo was submitted.
    pub gross_fen: Fen,
    pub discount: Option<Discount>,
    pub opened_at: Timestamp,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    Open { deadline: Timestamp },
    Posted { at: Timestamp },
    Voided { at: Timestamp },
    Expired { at: Timestamp },
}

impl Hold {
    /// What is kept aside of the balance.
    pub fn amount(&self) -> Fen {
        let discount = self.discount.as_ref().map_or(Fen::ZERO, |discount| discount.amount_fen);
        self.gross_fen.minus(discount).unwrap_or(Fen::ZERO)
    }

    pub fn post(self, now: Timestamp) -> Result<Self, Refused> {
        let state = self.state.post(now)?;
        Ok(Self { state, ..self })
    }

    pub fn void(self, now: Timestamp) -> Result<Self, Refused> {
        let state = self.state.void(now)?;
        Ok(Self { state, ..self })
    }

    pub fn expire(self, now: Timestamp) -> Result<Self, Refused> {
        let state = self.state.expire(now)?;
        Ok(Self { state, ..self })
    }

    /// Until when somebody may resolve it; none once resolved.
    pub const fn deadline(&self) -> Option<Timestamp> {
        match self.state {
            State::Open { deadline } => Some(deadline),
            _ => None,
        }
    }
}

impl State {
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

    /// Refused from the deadline on: by then the photo has timed out and nothing may be charged.
    pub fn post(self, now: Timestamp) -> Result<Self, Refused> {
        match self {
            Self::Open { deadline } if now < deadline => Ok(Self::Posted { at: now }),
            other => Err(other.refuse("post")),
        }
    }

    pub fn void(self, now: Timestamp) -> Result<Self, Refused> {
        match self {
            Self::Open { .. } => Ok(Self::Voided { at: now }),
            other => Err(other.refuse("void")),
        }
    }

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

    fn take(state: State, event: Event, now: Timestamp) -> Result<State, Refused> {
        match event {
            Event::Post => state.post(now),
            Event::Void => state.void(now),
            Event::Expire => state.expire(now),
        }
    }

    /// Covers: IC-61, I5
    #[test]
    fn a_hold_keeps_the_price_less_the_coupon_until_its_deadline() {
        let discount = |fen| Some(Discount { coupon: Number::new(at(0), 2), amount_fen: Fen::new(fen) });
        let hold = |discount| Hold {
            no: Number::new(at(0), 1),
            owner: "ada".into(),
            image_no: "AL200166498".into(),
            gross_fen: Fen::new(150),
            discount,
            opened_at: at(0),
            state: State::Open { deadline: at(100) },
        };
        let kept = [None, discount(50), discount(150)].map(|discount| hold(discount).amount().get());
        assert_eq!(kept, [150, 100, 0]);
        assert_eq!(hold(None).deadline(), Some(at(100)));
        assert_eq!(hold(None).void(at(1)).unwrap().deadline(), None);
    }

    /// Covers: I6
    #[test]
    fn every_state_and_event() {
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
            let answer = take(state, event, now).map(|state| state.name());
            assert_eq!(answer.ok(), expected, "{event:?} at {now}");
        }
        for state in [State::Posted { at: deadline }, State::Voided { at: deadline }, State::Expired { at: deadline }] {
            for event in [Event::Post, Event::Void, Event::Expire] {
                let refused = take(state.clone(), event, at(200)).unwrap_err();
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
                if let Ok(next) = take(state.clone(), event, at(now)) {
                    state = next;
                    resolved += 1;
                }
            }
            prop_assert!(resolved <= 1);
        }
    }
}
