use proptest::prelude::*;

use super::*;

fn owner() -> AccountId {
    AccountId(ulid::Ulid::from_parts(1, 7))
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn payment(state: State) -> Payment {
    let no = Number::new(at(0), 1);
    let purpose = Purpose::Order { no: no.clone() };
    let new = Payment::create(no.payment(1), purpose, owner(), Provider::Wechat, Fen::new(150), at(1800), at(0));
    Payment { state, ..new }
}

const EVENTS: [&str; 4] = ["submit", "succeed", "fail", "close"];

fn apply(payment: Payment, event: &str) -> Result<Payment, Refused> {
    match event {
        "submit" => payment.submit(PayCode::Qr { text: "weixin://".into() }, at(1)),
        "succeed" => payment.succeed("4200001".into(), Disposition::Applied, at(1)),
        "fail" => payment.fail(at(1)),
        _ => payment.close(at(1)),
    }
}

fn states() -> [State; 5] {
    [
        State::Created,
        State::Submitted { at: at(1), code: PayCode::Qr { text: "weixin://".into() } },
        State::Succeeded { at: at(1), provider_no: "4200001".into(), overpayment: false },
        State::Failed { at: at(1) },
        State::Closed { at: at(1) },
    ]
}

/// Covers: I8, I18
#[test]
fn payment_transitions_match_the_state_table() {
    let expected = |from, event| match (from, event) {
        ("created", "submit") => Some("submitted"),
        ("created", "fail") => Some("failed"),
        ("created" | "submitted", "close") => Some("closed"),
        ("created" | "submitted" | "failed" | "closed", "succeed") => Some("succeeded"),
        _ => None,
    };
    for state in states() {
        for event in EVENTS {
            let after = apply(payment(state.clone()), event).ok().map(|payment| payment.state.name());
            assert_eq!(after, expected(state.name(), event), "{} {event}", state.name());
        }
    }
}

/// Covers: IC-68, IC-168
#[test]
fn only_a_submitted_payment_has_a_code() {
    let codes = states().map(|state| payment(state).code().cloned());
    let qr = PayCode::Qr { text: "weixin://".into() };
    assert_eq!(codes, [None, Some(qr), None, None, None]);
}

/// Covers: IC-67
#[test]
fn provider_code_parses_and_is_the_stored_name() {
    assert_eq!(Provider::ALL.map(Provider::code), ["wechat", "alipay"]);
    for provider in Provider::ALL {
        assert_eq!(provider.code().parse(), Ok(provider));
        assert_eq!(serde_json::to_value(provider).unwrap(), provider.code());
    }
    for unknown in ["", "WeChat", "balance"] {
        assert_eq!(unknown.parse::<Provider>(), Err(UnknownProvider), "{unknown}");
    }
}

/// Covers: I8
#[test]
fn success_records_whether_it_is_an_overpayment() {
    for (disposition, is_overpayment) in [(Disposition::Applied, false), (Disposition::Overpayment, true)] {
        let paid = payment(State::Created).succeed("4200001".into(), disposition, at(1)).unwrap();
        let State::Succeeded { overpayment, provider_no, .. } = paid.state else { panic!("{disposition:?}") };
        assert_eq!((overpayment, provider_no.as_str()), (is_overpayment, "4200001"));
    }
}

#[test]
fn poll_delays_grow_and_polling_ends_with_the_outcome() {
    let mut one = payment(State::Created);
    let mut waits = vec![one.poll_at.unwrap().as_second()];
    for _ in 0..7 {
        one = one.polled(at(0));
        waits.push(one.poll_at.unwrap().as_second());
    }
    assert_eq!(waits, [5, 10, 30, 60, 300, 1800, 1800, 1800]);
    for event in ["succeed", "fail", "close"] {
        let ended = apply(payment(State::Created), event).unwrap();
        assert_eq!(ended.poll_at, None, "{event}");
        assert_eq!(ended.polled(at(0)).poll_at, None, "{event}");
    }
}

proptest! {
    /// Covers: I18
    #[test]
    fn a_payment_succeeds_at_most_once(events in prop::collection::vec(0..4_usize, 1..40)) {
        let mut one = payment(State::Created);
        let mut successes = 0;
        for event in events {
            if let Ok(next) = apply(one.clone(), EVENTS[event]) {
                successes += u32::from(next.state.name() == "succeeded");
                one = next;
            }
        }
        prop_assert!(successes <= 1);
    }
}
