use proptest::prelude::*;

use super::*;
use crate::money::hold;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn line(image_no: &str) -> Line {
    Line { image_no: image_no.into(), card: Card::ResidentId, region: "440300".into(), price_fen: Fen::new(150) }
}

fn order() -> Order {
    Order::place(Number::new(at(0), 1), "ada".into(), vec![line("AL200166498")], Method::Wechat, at(0)).unwrap()
}

fn by_provider() -> PaidBy {
    PaidBy::Provider { provider: Provider::Wechat, payment_no: order().no.payment(1) }
}

#[derive(Debug, Clone, Copy)]
enum Event {
    Change,
    TryPayment,
    PayBalance,
    PayProvider,
    Lapse,
    Cancel,
    Refund,
    Refunded,
    TakeInto,
    FreeFrom,
}

const EVENTS: [Event; 10] = [
    Event::Change,
    Event::TryPayment,
    Event::PayBalance,
    Event::PayProvider,
    Event::Lapse,
    Event::Cancel,
    Event::Refund,
    Event::Refunded,
    Event::TakeInto,
    Event::FreeFrom,
];

fn invoice() -> Number {
    Number::new(at(0), 9)
}

fn take(order: Order, event: Event, now: Timestamp) -> Result<Order, Refused> {
    match event {
        Event::Change => order.change(Method::Alipay, None, now),
        Event::TryPayment => order.try_payment(now).map(|(order, _)| order),
        Event::PayBalance => order.pay(PaidBy::Balance, now),
        Event::PayProvider => order.pay(by_provider(), now),
        Event::Lapse => order.close(Why::Lapsed, now),
        Event::Cancel => order.close(Why::Cancelled, now),
        Event::Refund => order.refund(now),
        Event::Refunded => order.refunded(now),
        Event::TakeInto => order.take_into(invoice()),
        Event::FreeFrom => order.free_from(&invoice()),
    }
}

fn expected(from: &str, event: Event, late: bool) -> Option<&'static str> {
    match (from, event, late) {
        ("awaiting-payment", Event::Change | Event::TryPayment, false) => Some("awaiting-payment"),
        ("awaiting-payment", Event::PayBalance, false) | ("awaiting-payment", Event::PayProvider, _) => Some("paid"),
        ("awaiting-payment", Event::Lapse, true) | ("awaiting-payment", Event::Cancel, _) => Some("closed"),
        ("paid", Event::TakeInto, _) => Some("paid"),
        ("paid", Event::Refund, _) => Some("refunding"),
        ("refunding", Event::Refunded, _) => Some("refunded"),
        _ => None,
    }
}

/// Covers: IC-66, IC-78
#[test]
fn an_order_says_until_when_by_what_and_at_which_attempt_it_is_paid() {
    let placed = order();
    assert_eq!((placed.close_at(), placed.attempt()), (Some(at(0) + PAYABLE), None), "nobody was asked for money yet");
    let changed = placed.clone().change(Method::Alipay, None, at(1)).unwrap();
    assert_eq!((changed.method, changed.close_at()), (Method::Alipay, placed.close_at()), "a change gains no time");
    let (tried, no) = changed.try_payment(at(2)).unwrap();
    assert_eq!(tried.attempt(), Some(no));
    let paid = tried.pay(by_provider(), at(3)).unwrap();
    assert_eq!(paid.close_at(), None, "a paid order waits no more");
}

/// Covers: IC-67
#[test]
fn each_method_but_the_balance_has_its_provider() {
    let of = Method::ALL.map(Method::provider);
    assert_eq!(of, [None, Some(Provider::Wechat), Some(Provider::Alipay)]);
}

/// IC-76: what a coupon covered entirely took nothing from the balance.
///
/// Covers: IC-76, I15
#[test]
fn a_hold_becomes_an_order_paid_by_the_balance_or_by_its_coupon_alone() {
    let hold = |price: i64, coupon: Option<i64>| Hold {
        no: Number::new(at(0), 1),
        owner: "ada".into(),
        image_no: "AL200166498".into(),
        gross_fen: Fen::new(price),
        discount: coupon.map(|fen| Discount { coupon: Number::new(at(0), 7), amount_fen: Fen::new(fen) }),
        opened_at: at(0),
        state: hold::State::Open { deadline: at(180) },
    };
    for (hold, payable, by) in [
        (hold(150, None), 150, PaidBy::Balance),
        (hold(150, Some(50)), 100, PaidBy::Balance),
        (hold(150, Some(150)), 0, PaidBy::Coupon),
        (hold(0, None), 0, PaidBy::Balance),
    ] {
        assert_eq!(hold.amount(), Fen::new(payable));
        let order = Order::of_hold(&hold, Card::ResidentId, "440300".into(), at(9));
        assert_eq!((order.payable(), &order.state), (Fen::new(payable), &State::Paid { at: at(9), by }));
        assert_eq!((&order.no, order.placed_at, order.method), (&hold.no, at(0), Method::Balance));
    }
}

/// Covers: I8, IC-78
#[test]
fn every_state_and_event() {
    let close_at = at(0) + PAYABLE;
    let states = [
        State::AwaitingPayment { close_at },
        State::Paid { at: at(1), by: PaidBy::Balance },
        State::Refunding { at: at(1), by: PaidBy::Balance },
        State::Refunded { at: at(1), by: PaidBy::Balance },
        State::Closed { at: at(1), why: Why::Lapsed },
    ];
    for state in states {
        for event in EVENTS {
            for (now, late) in [(close_at - SignedDuration::from_millis(1), false), (close_at, true)] {
                let before = Order { state: state.clone(), ..order() };
                let after = take(before, event, now);
                if let Err(refused) = after {
                    assert_eq!((refused.machine, refused.from), ("order", state.name()));
                }
                let after = after.ok().map(|order| order.state.name());
                assert_eq!(after, expected(state.name(), event, late), "{} {event:?} at {now}", state.name());
            }
        }
    }
}

/// Covers: I21
#[test]
fn a_paid_order_is_in_one_invoice_and_not_refunded_while_it_is() {
    let paid = order().pay(by_provider(), at(1)).unwrap();
    let taken = paid.clone().take_into(invoice()).unwrap();
    for event in [Event::Refund, Event::TakeInto] {
        assert_eq!(take(taken.clone(), event, at(2)).unwrap_err().from, "invoiced", "{event:?}");
    }
    assert_eq!(taken.clone().free_from(&Number::new(at(0), 10)).unwrap_err().from, "invoiced", "another's lock");
    let free = taken.free_from(&invoice()).unwrap();
    assert_eq!(free, paid);
    assert!(free.refund(at(3)).is_ok());
}

/// Covers: I21
#[test]
fn nothing_paid_is_nothing_to_invoice() {
    let discount = Discount { coupon: Number::new(at(0), 2), amount_fen: Fen::new(150) };
    let free = order().change(Method::Balance, Some(discount), at(1)).unwrap().pay(PaidBy::Coupon, at(1)).unwrap();
    assert!(!free.is_invoiceable());
    assert_eq!(free.take_into(invoice()).unwrap_err().from, "paid");
    assert_eq!(order().take_into(invoice()).unwrap_err().from, "awaiting-payment");
}

/// Covers: IC-63, IC-71
#[test]
fn the_coupon_lowers_what_is_to_be_paid() {
    let discount = Discount { coupon: Number::new(at(0), 2), amount_fen: Fen::new(50) };
    let order = order().change(Method::Wechat, Some(discount), at(1)).unwrap();
    assert_eq!((order.gross(), order.discounted(), order.payable()), (Fen::new(150), Fen::new(50), Fen::new(100)));
}

#[test]
fn an_order_needs_one_to_forty_different_photos() {
    let place = |lines| Order::place(Number::new(at(0), 1), "ada".into(), lines, Method::Balance, at(0));
    let many = |n: usize| (0..n).map(|n| line(&format!("AL{n:09}"))).collect();
    assert_eq!(place(vec![]), Err(BadOrder::Count));
    assert_eq!(place(many(MAX_PHOTOS + 1)), Err(BadOrder::Count));
    assert_eq!(place(vec![line("AL200166498"), line("AL200166498")]), Err(BadOrder::Twice));
    assert_eq!(place(many(MAX_PHOTOS)).unwrap().gross(), Fen::new(150 * 40));
}

#[test]
fn attempts_are_numbered_and_limited() {
    let mut order = order();
    for attempt in 1..=MAX_ATTEMPTS {
        let (next, no) = order.try_payment(at(1)).unwrap();
        assert_eq!(Some(&no), next.attempt().as_ref());
        assert_eq!(no, next.no.payment(attempt));
        order = next;
    }
    assert_eq!(order.try_payment(at(1)).unwrap_err().from, "attempts-used-up");
}

proptest! {
    /// Covers: I8
    #[test]
    fn whatever_happens_an_order_is_paid_at_most_once(events in prop::collection::vec((0..EVENTS.len(), 0..4000_i64), 1..60)) {
        let mut order = order();
        let mut paid = 0;
        for (event, now) in events {
            let was = order.state.name();
            if let Ok(next) = take(order.clone(), EVENTS[event], at(now)) {
                paid += u32::from(was != "paid" && next.state.name() == "paid");
                prop_assert!(was != "closed" && was != "refunded");
                prop_assert_eq!(next.gross(), order.gross());
                order = next;
            }
        }
        prop_assert!(paid <= 1);
    }
}
