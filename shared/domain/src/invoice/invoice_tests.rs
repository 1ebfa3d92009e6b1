use proptest::prelude::*;

use super::*;

fn owner() -> AccountId {
    AccountId(ulid::Ulid::from_parts(1, 7))
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn details(title: &str) -> Details {
    Details::parse(&DetailsInput { title, email: "a@example.cn", ..DetailsInput::EMPTY }).unwrap()
}

fn item(n: u64, fen: i64) -> Item {
    Item { order_no: Number::new(at(0), n), amount_fen: Fen::new(fen) }
}

fn invoice() -> Invoice {
    let orders = (1..=5).map(|n| item(n, 150)).collect();
    Invoice::apply(Number::new(at(0), 77), owner(), details("某某公司"), orders, at(0)).unwrap()
}

fn document() -> IssuedDocument {
    let file = StoredFile { key: "ada/1.pdf".into(), media_type: "application/pdf".into(), bytes: 9 };
    IssuedDocument { fiscal_no: "24442000000000000001".into(), issued_at: at(1), file }
}

fn red() -> RedInvoice {
    RedInvoice { fiscal_no: "24442000000000000002".into(), issued_at: at(2) }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Event {
    Withdraw,
    Amend,
    Delete,
    Approve,
    Reject,
    Issued,
    Refused,
    Reverse,
    Reversed,
    ReversalRefused,
    Polled,
}

const EVENTS: [Event; 11] = [
    Event::Withdraw,
    Event::Amend,
    Event::Delete,
    Event::Approve,
    Event::Reject,
    Event::Issued,
    Event::Refused,
    Event::Reverse,
    Event::Reversed,
    Event::ReversalRefused,
    Event::Polled,
];

fn take(invoice: Invoice, event: Event, now: Timestamp) -> Result<Invoice, Refused> {
    match event {
        Event::Withdraw => invoice.withdraw(now),
        Event::Amend => invoice.amend(details("另一公司"), now),
        Event::Delete => invoice.delete(now),
        Event::Approve => invoice.approve("staff".into(), now),
        Event::Reject => invoice.reject("抬头有误".into(), "staff".into(), now),
        Event::Issued => invoice.issued(document(), now),
        Event::Refused => invoice.refused("title".into(), now),
        Event::Reverse => invoice.reverse("退款".into(), "staff".into(), now),
        Event::Reversed => invoice.reversed(red(), now),
        Event::ReversalRefused => invoice.reversal_refused("month closed".into(), now),
        Event::Polled => Ok(invoice.polled(now)),
    }
}

fn states() -> [State; 8] {
    let at = at(1);
    let issued = document();
    [
        State::Applied { at },
        State::Issuing { at, by: "staff".into() },
        State::Succeeded { at, issued: issued.clone(), reversal_refused: None },
        State::Failed { at, failure: FailureReason::Refused { cause: "title".into() } },
        State::Withdrawn { at },
        State::Deleted { at },
        State::Reversing { at, issued: issued.clone(), reason: "退款".into(), by: "staff".into() },
        State::Reversed { at, issued, red: red() },
    ]
}

fn expected(from: &'static str, event: Event) -> Option<&'static str> {
    match (from, event) {
        (from, Event::Polled) => Some(from),
        ("applied", Event::Withdraw) => Some("withdrawn"),
        ("applied", Event::Approve) => Some("issuing"),
        ("applied", Event::Reject) | ("issuing", Event::Refused) => Some("failed"),
        ("issuing", Event::Issued) | ("reversing", Event::ReversalRefused) => Some("succeeded"),
        ("failed", Event::Amend) => Some("applied"),
        ("failed", Event::Delete) => Some("deleted"),
        ("succeeded", Event::Reverse) => Some("reversing"),
        ("reversing", Event::Reversed) => Some("reversed"),
        _ => None,
    }
}

/// Covers: IC-182, I22
#[test]
fn every_state_on_every_event() {
    for state in states() {
        for event in EVENTS {
            let before = Invoice { state: state.clone(), requests: 1, ..invoice() };
            let after = take(before.clone(), event, at(9));
            if let Err(refused) = &after {
                assert_eq!((refused.machine, refused.from), ("invoice", state.name()));
            }
            let after = after.ok();
            assert_eq!(
                after.as_ref().map(|one| one.state.name()),
                expected(state.name(), event),
                "{} {event:?}",
                state.name()
            );
            if let Some(after) = after {
                let waits = matches!(after.state, State::Issuing { .. } | State::Reversing { .. });
                assert_eq!((after.poll_at.is_some(), after.request_no().is_some()), (waits, waits), "{event:?}");
                assert_eq!((after.amount_fen, &after.orders), (before.amount_fen, &before.orders), "I21: frozen");
            }
        }
    }
}

/// Covers: IC-136, I21
#[test]
fn amount_of_five_orders_is_their_sum() {
    assert_eq!(invoice().amount_fen.fee_text(), "7.5元");
}

/// Covers: I21
#[test]
fn invoice_needs_1_to_98_different_paid_orders() {
    let apply = |orders| Invoice::apply(Number::new(at(0), 77), owner(), details("某某公司"), orders, at(0));
    let many = |n: usize| (0..n as u64).map(|n| item(n, 150)).collect();
    assert_eq!(apply(vec![]), Err(InvalidInvoice::Count));
    assert_eq!(apply(many(ORDERS_MAX + 1)), Err(InvalidInvoice::Count));
    assert_eq!(apply(many(ORDERS_MAX)).unwrap().amount_fen, Fen::new(98 * 150));
    assert_eq!(apply(vec![item(1, 150), item(1, 150)]), Err(InvalidInvoice::DuplicateOrder));
    assert_eq!(apply(vec![item(1, 150), item(2, 0)]), Err(InvalidInvoice::NothingPaid));
    assert_eq!(apply(vec![item(1, i64::MAX), item(2, 1)]), Err(InvalidInvoice::Overflow(Overflow)));
}

#[test]
fn every_request_to_the_provider_has_its_own_number() {
    let issuing = invoice().approve("staff".into(), at(1)).unwrap();
    assert_eq!(issuing.request_no().unwrap(), format!("{}I01", issuing.no));
    assert_eq!(Invoice::no_of_request(&issuing.request_no().unwrap()), Some(issuing.no.clone()));
    let again = issuing.refused("title".into(), at(2)).unwrap().amend(details("另一公司"), at(3)).unwrap();
    assert_eq!(again.details.title, "另一公司");
    let again = again.approve("staff".into(), at(4)).unwrap();
    assert_eq!(again.request_no().unwrap(), format!("{}I02", again.no));
    let reversing = again.issued(document(), at(5)).unwrap().reverse("退款".into(), "staff".into(), at(6)).unwrap();
    assert_eq!(reversing.request_no().unwrap(), format!("{}R03", reversing.no));
    assert!(reversing.request_no().unwrap().len() <= 32);
}

#[test]
fn polls_of_the_provider_follow_at_growing_intervals() {
    let mut one = invoice().approve("staff".into(), at(0)).unwrap();
    assert_eq!(one.poll_at, Some(at(0)));
    for after in [30, 60, 120, 300, 600, 1800, 1800] {
        one = one.polled(at(0));
        assert_eq!(one.poll_at, Some(at(after)));
    }
}

/// Whether the customer can see the state `to` after `from` (I22).
fn may_follow(from: CustomerState, to: Option<CustomerState>) -> bool {
    use CustomerState::{Applying, Failed, Reversed, Succeeded, Withdrawn};
    matches!(
        (from, to),
        (Applying, Some(Succeeded | Failed | Withdrawn))
            | (Failed, Some(Applying) | None)
            | (Succeeded, Some(Reversed))
    )
}

proptest! {
    /// Covers: I21, I22
    #[test]
    fn customer_sees_only_the_allowed_transitions_for_any_sequence_of_events(
        events in prop::collection::vec((0..EVENTS.len(), 0..9000_i64), 1..80),
    ) {
        let mut one = invoice();
        for (event, now) in events {
            let Ok(next) = take(one.clone(), EVENTS[event], at(now)) else { continue };
            let (from, to) = (one.state.customer_state(), next.state.customer_state());
            if from != to {
                prop_assert!(from.is_some_and(|from| may_follow(from, to)), "{:?} to {:?}", from, to);
            }
            prop_assert!(one.is_live() || !next.is_live(), "an invoice that released its orders never locks them again");
            prop_assert_eq!(next.amount_fen, one.amount_fen);
            prop_assert!(next.requests >= one.requests && next.requests <= MAX_ATTEMPTS + 1);
            let stored = serde_json::to_value(&next).unwrap();
            prop_assert_eq!(&serde_json::from_value::<Invoice>(stored).unwrap(), &next);
            one = next;
        }
    }
}
