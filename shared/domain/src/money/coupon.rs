//! A coupon lowers the price of one order.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Usable
//!     Usable --> Held: hold (an open order or inspection)
//!     Held --> Used: redeem (that order is paid)
//!     Held --> Usable: release (that order closed in time)
//!     Held --> Expired: release (after the expiry, IC-164)
//!     Usable --> Frozen: freeze (staff)
//!     Frozen --> Usable: thaw
//!     Frozen --> Expired: thaw or expire
//!     Usable --> Expired: expire
//! ```
//!
//! A coupon held before its expiry may be redeemed after it (I13). Expiry is computed on read; the daily job only writes down
//! what is true already.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Fen;
use super::number::Number;
use crate::Refused;

/// How long before its end the owner is reminded (IC-162).
pub const REMINDER: SignedDuration = SignedDuration::from_hours(3 * 24);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Coupon {
    /// A number like an order's.
    pub id: Number,
    pub owner: String,
    pub face_fen: Fen,
    /// Smallest price it may be used on.
    pub min_spend_fen: Fen,
    /// The first instant at which it is no longer good.
    pub expires_at: Timestamp,
    pub granted_by: String,
    pub granted_at: Timestamp,
    /// When its owner was told that it will expire: once.
    #[serde(default)]
    pub reminded_at: Option<Timestamp>,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum State {
    Usable,
    Held { order_no: Number, at: Timestamp },
    Used { order_no: Number, at: Timestamp },
    Frozen { by: String, why: String, at: Timestamp },
    Expired { at: Timestamp },
}

/// A coupon on an order: what it takes off the price, frozen with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Discount {
    pub coupon: Number,
    pub amount_fen: Fen,
}

/// The four tabs (manual 000, section 5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tab {
    /// 可用
    Usable,
    /// 已用
    Used,
    /// 过期
    Expired,
    /// 冻结: kept by an open order or inspection, or frozen by staff.
    Frozen,
}

impl Tab {
    pub const ALL: [Self; 4] = [Self::Usable, Self::Used, Self::Expired, Self::Frozen];
}

impl Coupon {
    pub fn tab(&self, now: Timestamp) -> Tab {
        match self.state {
            State::Usable | State::Frozen { .. } if now >= self.expires_at => Tab::Expired,
            State::Usable => Tab::Usable,
            State::Held { .. } | State::Frozen { .. } => Tab::Frozen,
            State::Used { .. } => Tab::Used,
            State::Expired { .. } => Tab::Expired,
        }
    }

    pub fn is_usable_for(&self, price: Fen, now: Timestamp) -> bool {
        self.tab(now) == Tab::Usable && self.min_spend_fen <= price
    }

    /// What it takes off `price`; a face above the price is forfeited.
    pub fn discount(&self, price: Fen) -> Discount {
        Discount { coupon: self.id.clone(), amount_fen: self.face_fen.min(price) }
    }

    pub fn hold(self, order_no: Number, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Usable if now < self.expires_at => Ok(self.with(State::Held { order_no, at: now })),
            _ => Err(self.refuse("hold", now)),
        }
    }

    pub fn redeem(self, order: &Number, now: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Held { order_no, .. } if order_no == order => {
                Ok(self.with(State::Used { order_no: order.clone(), at: now }))
            }
            _ => Err(self.refuse("redeem", now)),
        }
    }

    pub fn release(self, order: &Number, now: Timestamp) -> Result<Self, Refused> {
        match &self.state {
            State::Held { order_no, .. } if order_no == order => Ok(self.free(now)),
            _ => Err(self.refuse("release", now)),
        }
    }

    pub fn freeze(self, by: String, why: String, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Usable if now < self.expires_at => Ok(self.with(State::Frozen { by, why, at: now })),
            _ => Err(self.refuse("freeze", now)),
        }
    }

    pub fn thaw(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Frozen { .. } => Ok(self.free(now)),
            _ => Err(self.refuse("thaw", now)),
        }
    }

    pub fn expire(self, now: Timestamp) -> Result<Self, Refused> {
        match self.state {
            State::Usable | State::Frozen { .. } if now >= self.expires_at => Ok(self.free(now)),
            _ => Err(self.refuse("expire", now)),
        }
    }

    /// From when on its owner should be reminded; never again once reminded, and not while nobody can use it.
    pub fn remind_at(&self) -> Option<Timestamp> {
        let waits = self.state == State::Usable && self.reminded_at.is_none();
        waits.then(|| self.expires_at - REMINDER)
    }

    pub fn remind(self, now: Timestamp) -> Result<Self, Refused> {
        match self.remind_at() {
            Some(at) if at <= now && now < self.expires_at => Ok(Self { reminded_at: Some(now), ..self }),
            _ => Err(self.refuse("remind", now)),
        }
    }

    fn free(self, now: Timestamp) -> Self {
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

/// The coupon taken when the balance pays (manual 000, section 2, IC-158): soonest to expire, then the largest, then the lowest
/// number, so that the choice is always the same one.
pub fn pick(coupons: &[Coupon], price: Fen, now: Timestamp) -> Option<&Coupon> {
    coupons
        .iter()
        .filter(|coupon| coupon.is_usable_for(price, now))
        .min_by(|a, b| (a.expires_at, b.face_fen, &a.id).cmp(&(b.expires_at, a.face_fen, &b.id)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn number(n: u64) -> Number {
        Number::new(at(0), n)
    }

    fn coupon(id: u64, face: i64, expires: i64) -> Coupon {
        Coupon {
            id: number(id),
            owner: "ada".into(),
            face_fen: Fen::new(face),
            min_spend_fen: Fen::ZERO,
            expires_at: at(expires),
            granted_by: "staff".into(),
            granted_at: at(0),
            reminded_at: None,
            state: State::Usable,
        }
    }

    #[derive(Debug, Clone, Copy)]
    enum Event {
        Hold,
        Redeem,
        Release,
        RedeemOther,
        ReleaseOther,
        Freeze,
        Thaw,
        Expire,
    }

    const EVENTS: [Event; 8] = [
        Event::Hold,
        Event::Redeem,
        Event::Release,
        Event::RedeemOther,
        Event::ReleaseOther,
        Event::Freeze,
        Event::Thaw,
        Event::Expire,
    ];

    fn take(coupon: Coupon, event: Event, now: Timestamp) -> Result<Coupon, Refused> {
        match event {
            Event::Hold => coupon.hold(number(1), now),
            Event::Redeem => coupon.redeem(&number(1), now),
            Event::Release => coupon.release(&number(1), now),
            Event::RedeemOther => coupon.redeem(&number(2), now),
            Event::ReleaseOther => coupon.release(&number(2), now),
            Event::Freeze => coupon.freeze("staff".into(), "why".into(), now),
            Event::Thaw => coupon.thaw(now),
            Event::Expire => coupon.expire(now),
        }
    }

    fn states() -> [State; 5] {
        [
            State::Usable,
            State::Held { order_no: number(1), at: at(1) },
            State::Used { order_no: number(1), at: at(1) },
            State::Frozen { by: "staff".into(), why: "why".into(), at: at(1) },
            State::Expired { at: at(100) },
        ]
    }

    /// Expected outcome before and from the expiry on; everything not named is refused.
    fn expected(from: &str, event: Event, expired: bool) -> Option<&'static str> {
        match (from, event, expired) {
            ("usable", Event::Hold, false) => Some("held"),
            ("usable", Event::Freeze, false) => Some("frozen"),
            ("usable", Event::Expire, true) => Some("expired"),
            ("held", Event::Redeem, _) => Some("used"),
            ("held", Event::Release, false) | ("frozen", Event::Thaw, false) => Some("usable"),
            ("held", Event::Release, true) | ("frozen", Event::Thaw | Event::Expire, true) => Some("expired"),
            _ => None,
        }
    }

    /// Covers: I12, I13, IC-164
    #[test]
    fn every_state_and_event() {
        for state in states() {
            for event in EVENTS {
                for (now, expired) in [(at(99), false), (at(100), true)] {
                    let before = coupon(9, 50, 100).with(state.clone());
                    let after = take(before, event, now).ok().map(|coupon| coupon.state.name());
                    assert_eq!(after, expected(state.name(), event, expired), "{} {event:?} at {now}", state.name());
                }
            }
        }
    }

    /// Covers: IC-156, IC-159
    #[test]
    fn tabs_show_what_is_true_now() {
        let tabs = |now| states().map(|state| coupon(9, 50, 100).with(state).tab(at(now)));
        assert_eq!(tabs(99), [Tab::Usable, Tab::Frozen, Tab::Used, Tab::Frozen, Tab::Expired]);
        assert_eq!(tabs(100), [Tab::Expired, Tab::Frozen, Tab::Used, Tab::Expired, Tab::Expired]);
    }

    /// Covers: IC-162
    #[test]
    fn a_usable_coupon_is_reminded_of_once_in_its_last_three_days() {
        let (end, day) = (1_000_000, 24 * 3600);
        let one = || coupon(9, 50, end);
        assert_eq!(one().remind_at(), Some(at(end - 3 * day)));
        assert!(one().remind(at(end - 3 * day - 1)).is_err(), "too early");
        let reminded = one().remind(at(end - 3 * day)).unwrap();
        assert_eq!((reminded.tab(at(end - 1)), reminded.remind_at()), (Tab::Usable, None));
        assert!(reminded.remind(at(end - 1)).is_err(), "only once");
        assert!(one().remind(at(end)).is_err(), "too late");
        for state in states().into_iter().filter(|state| *state != State::Usable) {
            let kept = one().with(state.clone());
            assert_eq!(kept.remind_at(), None);
            assert!(kept.remind(at(end - day)).is_err(), "{}", state.name());
        }
    }

    /// Covers: XX-04, IC-160
    #[test]
    fn a_refusal_says_what_is_true_now_and_not_what_the_job_has_noted() {
        let from = |coupon: Coupon, second: i64| coupon.hold(number(9), at(second)).map(|_| ()).map_err(|no| no.from);
        assert_eq!(from(coupon(1, 50, 100), 99), Ok(()));
        assert_eq!(from(coupon(1, 50, 100), 100), Err("expired"));
        let held = coupon(1, 50, 100).hold(number(8), at(1)).unwrap();
        assert_eq!(from(held.clone(), 2), Err("held"));
        assert_eq!(from(held, 100), Err("held"), "what an order holds is not lost by time");
        let thawed = coupon(1, 50, 100).thaw(at(2)).map_err(|no| no.from);
        assert_eq!(thawed, Err("usable"));
    }

    /// Covers: IC-62, IC-158
    #[test]
    fn soonest_then_largest_then_lowest_number() {
        let price = Fen::new(150);
        let mut coupons =
            vec![coupon(3, 100, 200), coupon(2, 50, 100), coupon(1, 80, 100), coupon(0, 80, 100), coupon(5, 150, 50)];
        assert_eq!(pick(&coupons, price, at(50)).map(|coupon| coupon.id.clone()), Some(number(0)));
        coupons[3].min_spend_fen = Fen::new(151);
        assert_eq!(pick(&coupons, price, at(50)).map(|coupon| coupon.id.clone()), Some(number(1)));
        assert_eq!(pick(&coupons, price, at(100)).map(|coupon| coupon.id.clone()), Some(number(3)));
        assert_eq!(pick(&coupons, price, at(200)), None);
    }

    /// Covers: IC-76, I15
    #[test]
    fn a_face_above_the_price_is_forfeited() {
        assert_eq!(coupon(1, 500, 100).discount(Fen::new(150)).amount_fen, Fen::new(150));
        assert_eq!(coupon(1, 50, 100).discount(Fen::new(150)).amount_fen, Fen::new(50));
    }

    proptest! {
        /// Covers: I14
        #[test]
        fn the_pick_is_the_minimum_in_any_order(
            facts in prop::collection::vec((0..5_i64, 0..4_i64, 0..4_i64), 0..12), seed in any::<u64>(),
        ) {
            let build = |facts: &[(i64, i64, i64)]| -> Vec<Coupon> {
                facts.iter().enumerate().map(|(index, (expires, face, min))| Coupon {
                    min_spend_fen: Fen::new(min * 50), ..coupon(index as u64, face * 50, expires * 10)
                }).collect()
            };
            let coupons = build(&facts);
            let (price, now) = (Fen::new(100), at(15));
            let best = coupons.iter().filter(|coupon| coupon.is_usable_for(price, now))
                .map(|coupon| (coupon.expires_at, -coupon.face_fen.get(), coupon.id.clone())).min();
            let mut shuffled = coupons.clone();
            shuffled.rotate_left(if coupons.is_empty() { 0 } else { seed as usize % coupons.len() });
            let picked = pick(&shuffled, price, now).map(|coupon| (coupon.expires_at, -coupon.face_fen.get(), coupon.id.clone()));
            prop_assert_eq!(picked, best);
        }

        /// Covers: I13
        #[test]
        fn expired_or_used_is_for_ever(events in prop::collection::vec((0..8_usize, 0..200_i64), 1..60)) {
            let mut now = 0;
            let mut one = coupon(9, 50, 100);
            for (event, step) in events {
                now += step / 10;
                let final_before = matches!(one.state, State::Used { .. } | State::Expired { .. });
                match take(one.clone(), EVENTS[event], at(now)) {
                    Ok(next) => { prop_assert!(!final_before); one = next; }
                    Err(refused) => prop_assert_eq!(refused.machine, "coupon"),
                }
                if now >= 100 { prop_assert_ne!(one.tab(at(now)), Tab::Usable); }
            }
        }
    }
}
