use proptest::prelude::*;

use super::*;
use crate::money::hold;

fn owner() -> AccountId {
    AccountId(ulid::Ulid::from_parts(1, 7))
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn line(photo: i64) -> Line {
    Line {
        image_no: ImageNumber::nth(photo).unwrap(),
        card: Card::ResidentId,
        region: "440300".into(),
        price_fen: Fen::new(150),
    }
}

fn order() -> Order {
    Order::place(Number::new(at(0), 1), owner(), vec![line(1)], Method::Wechat, at(0)).unwrap()
}

fn by_provider() -> PaidBy {
    PaidBy::Provider { provider: Provider::Wechat, payment_no: order().no.payment(1) }
}

#[derive(Debug, Clone, Copy)]
enum Event {
    Change,
    StartAttempt,
    PayBalance,
    PayProvider,
    Expire,
    Cancel,
    Refund,
    Refunded,
    AddToInvoice,
    RemoveFromInvoice,
}

const EVENTS: [Event; 10] = [
    Event::Change,
    Event::StartAttempt,
    Event::PayBalance,
    Event::PayProvider,
    Event::Expire,
    Event::Cancel,
    Event::Refund,
    Event::Refunded,
    Event::AddToInvoice,
    Event::RemoveFromInvoice,
];

fn invoice() -> Number {
    Number::new(at(0), 9)
}

fn apply(order: Order, event: Event, now: Timestamp) -> Result<Order, Refused> {
    match event {
        Event::Change => order.change(Method::Alipay, None, now),
        Event::StartAttempt => order.start_attempt(now).map(|(order, _)| order),
        Event::PayBalance => order.pay(PaidBy::Balance, now),
        Event::PayProvider => order.pay(by_provider(), now),
        Event::Expire => order.close(CloseReason::Expired, now),
        Event::Cancel => order.close(CloseReason::Cancelled, now),
        Event::Refund => order.refund(now),
        Event::Refunded => order.refunded(now),
        Event::AddToInvoice => order.add_to_invoice(invoice()),
        Event::RemoveFromInvoice => order.remove_from_invoice(&invoice()),
    }
}

fn expected(from: &str, event: Event, late: bool) -> Option<&'static str> {
    match (from, event, late) {
        ("awaiting-payment", Event::Change | Event::StartAttempt, false) => Some("awaiting-payment"),
        ("awaiting-payment", Event::PayBalance, false) | ("awaiting-payment", Event::PayProvider, _) => Some("paid"),
        ("awaiting-payment", Event::Expire, true) | ("awaiting-payment", Event::Cancel, _) => Some("closed"),
        ("paid", Event::AddToInvoice, _) => Some("paid"),
        ("paid", Event::Refund, _) => Some("refunding"),
        ("refunding", Event::Refunded, _) => Some("refunded"),
        _ => None,
    }
}

/// Covers: IC-66, IC-78
#[test]
fn order_states_its_deadline_method_and_current_payment_attempt() {
    let placed = order();
    assert_eq!(
        (placed.close_at(), placed.current_payment()),
        (Some(at(0) + PAYABLE), None),
        "no payment was attempted yet"
    );
    let changed = placed.clone().change(Method::Alipay, None, at(1)).unwrap();
    assert_eq!(
        (changed.method, changed.close_at()),
        (Method::Alipay, placed.close_at()),
        "a change does not extend the deadline"
    );
    let (tried, no) = changed.start_attempt(at(2)).unwrap();
    assert_eq!(tried.current_payment(), Some(no));
    let paid = tried.pay(by_provider(), at(3)).unwrap();
    assert_eq!(paid.close_at(), None, "a paid order has no deadline");
}

/// Covers: IC-67
#[test]
fn every_method_except_the_balance_has_a_provider() {
    let of = Method::ALL.map(Method::provider);
    assert_eq!(of, [None, Some(Provider::Wechat), Some(Provider::Alipay)]);
}

/// A price that a coupon covers takes nothing from the balance (IC-76).
///
/// Covers: IC-76, I15
#[test]
fn posted_hold_becomes_an_order_paid_by_the_balance_or_by_the_coupon_alone() {
    let hold = |price: i64, coupon: Option<i64>| Hold {
        no: Number::new(at(0), 1),
        owner: owner(),
        image_no: "AL200166498".parse().unwrap(),
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
fn order_transitions_match_the_state_table() {
    let close_at = at(0) + PAYABLE;
    let states = [
        State::AwaitingPayment { close_at },
        State::Paid { at: at(1), by: PaidBy::Balance },
        State::Refunding { at: at(1), by: PaidBy::Balance },
        State::Refunded { at: at(1), by: PaidBy::Balance },
        State::Closed { at: at(1), reason: CloseReason::Expired },
    ];
    for state in states {
        for event in EVENTS {
            for (now, late) in [(close_at - SignedDuration::from_millis(1), false), (close_at, true)] {
                let before = Order { state: state.clone(), ..order() };
                let after = apply(before, event, now);
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
fn invoiced_order_cannot_be_refunded_or_put_on_another_invoice() {
    let paid = order().pay(by_provider(), at(1)).unwrap();
    let taken = paid.clone().add_to_invoice(invoice()).unwrap();
    for event in [Event::Refund, Event::AddToInvoice] {
        assert_eq!(apply(taken.clone(), event, at(2)).unwrap_err().from, "invoiced", "{event:?}");
    }
    assert_eq!(
        taken.clone().remove_from_invoice(&Number::new(at(0), 10)).unwrap_err().from,
        "invoiced",
        "it is on another invoice"
    );
    let free = taken.remove_from_invoice(&invoice()).unwrap();
    assert_eq!(free, paid);
    assert!(free.refund(at(3)).is_ok());
}

/// Covers: I21
#[test]
fn order_that_was_free_or_is_unpaid_cannot_be_invoiced() {
    let discount = Discount { coupon: Number::new(at(0), 2), amount_fen: Fen::new(150) };
    let free = order().change(Method::Balance, Some(discount), at(1)).unwrap().pay(PaidBy::Coupon, at(1)).unwrap();
    assert!(!free.is_invoiceable());
    assert_eq!(free.add_to_invoice(invoice()).unwrap_err().from, "paid");
    assert_eq!(order().add_to_invoice(invoice()).unwrap_err().from, "awaiting-payment");
}

/// Covers: IC-63, IC-71
#[test]
fn payable_amount_is_the_price_less_the_discount() {
    let discount = Discount { coupon: Number::new(at(0), 2), amount_fen: Fen::new(50) };
    let order = order().change(Method::Wechat, Some(discount), at(1)).unwrap();
    assert_eq!((order.gross(), order.discount_amount(), order.payable()), (Fen::new(150), Fen::new(50), Fen::new(100)));
}

#[test]
fn order_without_photos_with_too_many_or_with_a_photo_twice_is_refused() {
    let place = |lines| Order::place(Number::new(at(0), 1), owner(), lines, Method::Balance, at(0));
    let many = |n: usize| (1..=n as i64).map(line).collect();
    assert_eq!(place(vec![]), Err(BadOrder::Count));
    assert_eq!(place(many(MAX_PHOTOS + 1)), Err(BadOrder::Count));
    assert_eq!(place(vec![line(1), line(1)]), Err(BadOrder::Twice));
    assert_eq!(place(many(MAX_PHOTOS)).unwrap().gross(), Fen::new(150 * 40));
}

#[test]
fn payment_attempts_are_numbered_and_limited() {
    let mut order = order();
    for attempt in 1..=MAX_ATTEMPTS {
        let (next, no) = order.start_attempt(at(1)).unwrap();
        assert_eq!(Some(&no), next.current_payment().as_ref());
        assert_eq!(no, next.no.payment(attempt));
        order = next;
    }
    assert_eq!(order.start_attempt(at(1)).unwrap_err().from, "attempts-used-up");
}

proptest! {
    /// Covers: I8
    #[test]
    fn order_is_paid_at_most_once_under_any_sequence_of_events(events in prop::collection::vec((0..EVENTS.len(), 0..4000_i64), 1..60)) {
        let mut order = order();
        let mut paid = 0;
        for (event, now) in events {
            let was = order.state.name();
            if let Ok(next) = apply(order.clone(), EVENTS[event], at(now)) {
                paid += u32::from(was != "paid" && next.state.name() == "paid");
                prop_assert!(was != "closed" && was != "refunded");
                prop_assert_eq!(next.gross(), order.gross());
                order = next;
            }
        }
        prop_assert!(paid <= 1);
    }
}
