use proptest::prelude::*;

use super::*;

fn owner() -> AccountId {
    AccountId(ulid::Ulid::from_parts(1, 7))
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn number(n: u64) -> Number {
    Number::new(at(0), n)
}

fn coupon(id: u64, face: i64, expires: i64) -> Coupon {
    Coupon {
        id: number(id),
        owner: owner(),
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
    Unfreeze,
    Expire,
}

const EVENTS: [Event; 8] = [
    Event::Hold,
    Event::Redeem,
    Event::Release,
    Event::RedeemOther,
    Event::ReleaseOther,
    Event::Freeze,
    Event::Unfreeze,
    Event::Expire,
];

fn apply(coupon: Coupon, event: Event, now: Timestamp) -> Result<Coupon, Refused> {
    match event {
        Event::Hold => coupon.hold(number(1), now),
        Event::Redeem => coupon.redeem(&number(1), now),
        Event::Release => coupon.release(&number(1), now),
        Event::RedeemOther => coupon.redeem(&number(2), now),
        Event::ReleaseOther => coupon.release(&number(2), now),
        Event::Freeze => coupon.freeze("staff".into(), "why".into(), now),
        Event::Unfreeze => coupon.unfreeze(now),
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

/// The expected state before the expiry and from the expiry on; every other event is refused.
fn expected(from: &str, event: Event, expired: bool) -> Option<&'static str> {
    match (from, event, expired) {
        ("usable", Event::Hold, false) => Some("held"),
        ("usable", Event::Freeze, false) => Some("frozen"),
        ("usable", Event::Expire, true) => Some("expired"),
        ("held", Event::Redeem, _) => Some("used"),
        ("held", Event::Release, false) | ("frozen", Event::Unfreeze, false) => Some("usable"),
        ("held", Event::Release, true) | ("frozen", Event::Unfreeze | Event::Expire, true) => Some("expired"),
        _ => None,
    }
}

/// Covers: I12, I13, IC-164
#[test]
fn coupon_transitions_match_the_state_table() {
    for state in states() {
        for event in EVENTS {
            for (now, expired) in [(at(99), false), (at(100), true)] {
                let before = coupon(9, 50, 100).with(state.clone());
                let after = apply(before, event, now).ok().map(|coupon| coupon.state.name());
                assert_eq!(after, expected(state.name(), event, expired), "{} {event:?} at {now}", state.name());
            }
        }
    }
}

/// Covers: IC-156, IC-159
#[test]
fn tab_of_a_coupon_follows_its_state_and_expiry() {
    let tabs = |now| states().map(|state| coupon(9, 50, 100).with(state).tab(at(now)));
    assert_eq!(tabs(99), [Tab::Usable, Tab::Frozen, Tab::Used, Tab::Frozen, Tab::Expired]);
    assert_eq!(tabs(100), [Tab::Expired, Tab::Frozen, Tab::Used, Tab::Expired, Tab::Expired]);
}

/// Covers: IC-162
#[test]
fn reminder_is_recorded_once_and_only_in_the_last_three_days() {
    let (end, day) = (1_000_000, 24 * 3600);
    let one = || coupon(9, 50, end);
    assert_eq!(one().remind_at(), Some(at(end - 3 * day)));
    assert!(one().remind(at(end - 3 * day - 1)).is_err(), "too early");
    let reminded = one().remind(at(end - 3 * day)).unwrap();
    assert_eq!((reminded.tab(at(end - 1)), reminded.remind_at()), (Tab::Usable, None));
    assert!(reminded.remind(at(end - 1)).is_err(), "only once");
    assert!(one().remind(at(end)).is_err(), "too late");
    for state in states().into_iter().filter(|state| *state != State::Usable) {
        let other = one().with(state.clone());
        assert_eq!(other.remind_at(), None);
        assert!(other.remind(at(end - day)).is_err(), "{}", state.name());
    }
}

/// Covers: XX-04, IC-160
#[test]
fn refusal_of_an_expired_coupon_says_expired_before_the_task_wrote_it_down() {
    let from =
        |coupon: Coupon, second: i64| coupon.hold(number(9), at(second)).map(|_| ()).map_err(|refused| refused.from);
    assert_eq!(from(coupon(1, 50, 100), 99), Ok(()));
    assert_eq!(from(coupon(1, 50, 100), 100), Err("expired"));
    let held = coupon(1, 50, 100).hold(number(8), at(1)).unwrap();
    assert_eq!(from(held.clone(), 2), Err("held"));
    assert_eq!(from(held, 100), Err("held"), "a held coupon does not expire");
    let unfrozen = coupon(1, 50, 100).unfreeze(at(2)).map_err(|refused| refused.from);
    assert_eq!(unfrozen, Err("usable"));
}

/// Covers: IC-62, IC-158
#[test]
fn pick_takes_the_soonest_expiry_then_the_largest_face_then_the_lowest_number() {
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
fn discount_of_a_face_above_the_price_is_the_price() {
    assert_eq!(coupon(1, 500, 100).discount(Fen::new(150)).amount_fen, Fen::new(150));
    assert_eq!(coupon(1, 50, 100).discount(Fen::new(150)).amount_fen, Fen::new(50));
}

proptest! {
    /// Covers: I14
    #[test]
    fn pick_does_not_depend_on_the_order_of_the_coupons(
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
    fn used_and_expired_coupons_never_change_again(events in prop::collection::vec((0..8_usize, 0..200_i64), 1..60)) {
        let mut now = 0;
        let mut one = coupon(9, 50, 100);
        for (event, step) in events {
            now += step / 10;
            let final_before = matches!(one.state, State::Used { .. } | State::Expired { .. });
            match apply(one.clone(), EVENTS[event], at(now)) {
                Ok(next) => { prop_assert!(!final_before); one = next; }
                Err(refused) => prop_assert_eq!(refused.machine, "coupon"),
            }
            if now >= 100 { prop_assert_ne!(one.tab(at(now)), Tab::Usable); }
        }
    }
}
