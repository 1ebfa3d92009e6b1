//! Money that goes back.

use domain::money::Fen;
use domain::money::order::{Method, State};
use domain::money::payment::Provider;
use domain::money::refund::Refund;

use super::bank::Trade;
use super::house::{House, person};
use super::promises::{Rows, all_ended};
use crate::failure::Failure;
use crate::payments::provider::RefundStatus;
use crate::payments::refund::note;
use crate::payments::{ask, sweep};

/// Covers: I8
#[tokio::test]
async fn a_success_after_the_order_closed_goes_back_in_full() {
    let house = House::new();
    house.wechat.slow_refunds();
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let no = house.pay(&order).await.unwrap().order.attempt().unwrap();
    house.cancel(&order).await.unwrap();
    house.wechat.pay_anyway(&no, Fen::new(150));
    house.notify(Provider::Wechat, &no).await.unwrap();
    house.notify(Provider::Wechat, &no).await.unwrap();
    assert!(matches!(house.order(&order).await.state, State::Closed { .. }));
    house.assert_promises("before the refund").await;
    house.settle_down().await;
    assert_eq!(house.wechat.trades()[&no].1, Trade::Refunded);
    house.assert_promises("after the refund").await;
    all_ended(&house, "after the refund");
}

/// Covers: I8
#[tokio::test]
async fn an_order_paid_at_both_providers_is_paid_once_and_the_other_goes_back() {
    let house = House::new();
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let first = house.pay(&order).await.unwrap().order.attempt().unwrap();
    let order = house.change(&order, Method::Alipay, None).await.unwrap();
    let second = house.pay(&order).await.unwrap().order.attempt().unwrap();
    house.wechat.pay_anyway(&first, Fen::new(150));
    house.alipay.scan(&second);
    house.notify(Provider::Wechat, &first).await.unwrap();
    house.notify(Provider::Alipay, &second).await.unwrap();
    house.settle_down().await;
    let refunded = [house.wechat.trades()[&first].1, house.alipay.trades()[&second].1];
    assert_eq!(refunded, [Trade::Paid, Trade::Refunded], "the first to arrive counts");
    house.assert_promises("paid twice").await;
}

/// Covers: I8
#[tokio::test]
async fn an_attempt_that_came_too_late_is_closed_before_it_can_be_paid() {
    let house = House::new();
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let first = house.pay(&order).await.unwrap().order.attempt().unwrap();
    let order = house.change(&order, Method::Alipay, None).await.unwrap();
    let second = house.pay(&order).await.unwrap().order.attempt().unwrap();
    house.wechat.pay_anyway(&first, Fen::new(150));
    house.notify(Provider::Wechat, &first).await.unwrap();
    ask(&house.payments, &second).await.unwrap();
    assert_eq!(house.alipay.trades()[&second].1, Trade::Closed, "the order is paid: nobody waits for it");
    assert!(!house.alipay.scan(&second));
    house.assert_promises("paid by the first attempt").await;
}

/// Covers: IC-130, IC-203, I20
#[tokio::test]
async fn staff_take_a_paid_order_back_once() {
    let house = House::new();
    house.funded(person(1), 150).await;
    let photos = [house.passed(person(1)).await, house.passed(person(1)).await];
    let by_balance = house.place(person(1), &photos[..1], Method::Balance, None, "one").await.unwrap();
    house.pay(&by_balance).await.unwrap();
    let by_wechat = house.place(person(1), &photos[1..], Method::Wechat, None, "two").await.unwrap();
    let no = house.pay(&by_wechat).await.unwrap().order.attempt().unwrap();
    house.wechat.scan(&no);
    house.notify(Provider::Wechat, &no).await.unwrap();
    for order in [&by_balance, &by_wechat] {
        house.refund(order).await.unwrap();
        house.refund(order).await.unwrap();
    }
    assert_eq!(house.audit_actions(&by_wechat.owner).await, ["order-refund", "order-refund"], "one line an order");
    assert_eq!(house.balance(person(1)).await.balance, Fen::new(150));
    house.settle_down().await;
    for order in [&by_balance, &by_wechat] {
        assert_eq!(house.order(order).await.state.name(), "refunded");
    }
    assert_eq!(house.wechat.trades()[&no].1, Trade::Refunded);
    house.assert_promises("after refunds").await;
}

/// Covers: I20
#[tokio::test]
async fn a_provider_that_refuses_a_refund_is_asked_again_and_at_last_a_person() {
    use crate::store::Fault;
    let house = House::new();
    let mut numbers = Vec::new();
    for refusals in [3, 100] {
        let photo = house.passed(person(1)).await;
        let order = house.place(person(1), &[photo], Method::Wechat, None, &refusals.to_string()).await.unwrap();
        let no = house.pay(&order).await.unwrap().order.attempt().unwrap();
        house.wechat.scan(&no);
        house.notify(Provider::Wechat, &no).await.unwrap();
        house.refund(&order).await.unwrap();
        (0..refusals).for_each(|call| house.wechat.plan().fail(call, Fault::Conflict));
        for _ in 0..12 {
            house.advance(1800);
            sweep::ask_providers(&house.payments).await.unwrap();
        }
        house.wechat.plan().forget_faults();
        numbers.push(no);
    }
    let refunds: Vec<Refund> = Rows::of(&house).all("REFUND");
    let state = |no: &String| refunds.iter().find(|refund| refund.payment_no == *no).unwrap().state.name();
    assert_eq!([state(&numbers[0]), state(&numbers[1])], ["succeeded", "abnormal"]);
    house.assert_promises("after refusals").await;
}

/// Covers: I20
#[tokio::test]
async fn only_its_own_provider_speaks_of_a_refund_and_a_slow_one_is_asked_further_apart() {
    let house = House::new();
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let no = house.pay(&order).await.unwrap().order.attempt().unwrap();
    house.wechat.scan(&no);
    house.notify(Provider::Wechat, &no).await.unwrap();
    house.refund(&order).await.unwrap();
    let refund = || Rows::of(&house).all::<Refund>("REFUND").remove(0);
    let mut before = refund();
    for (provider, refund_no) in [(Provider::Alipay, before.no.as_str()), (Provider::Wechat, "another")] {
        let said = note(&house.payments, provider, &no, refund_no, RefundStatus::Done).await;
        assert_eq!(said, Err(Failure::Conflict { code: "payment-mismatch" }));
        assert_eq!(refund(), before);
    }
    for asked in 1..5 {
        note(&house.payments, Provider::Wechat, &no, &before.no, RefundStatus::Processing).await.unwrap();
        let after = refund();
        assert_eq!((after.state.name(), after.asked), ("submitted", asked));
        assert!(asked == 1 || after.ask_at > before.ask_at, "{before:?} {after:?}");
        before = after;
    }
}
