//! Refunds: of overpayments, and of orders by staff.

use domain::money::Fen;
use domain::money::number::PaymentNumber;
use domain::money::order::{Method, State};
use domain::money::payment::Provider;
use domain::money::refund::Refund;

use crate::due;
use crate::failure::Failure;
use crate::payments::poll_status;
use crate::payments::provider::RefundStatus;
use crate::payments::refund::record_result;
use crate::store::Fault;
use crate::testing::{MoneyRows, TestApp, TradeState, account, assert_all_ended};

/// Covers: I8
#[tokio::test]
async fn payment_of_a_closed_order_is_refunded_in_full() {
    let app = TestApp::new();
    app.wechat.make_refunds_slow();
    let photo = app.add_passed_photo(account(1)).await;
    let order = app.place(account(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let no = app.pay(&order).await.unwrap().order.current_payment().unwrap();
    app.cancel(&order).await.unwrap();
    app.wechat.pay_anyway(&no, Fen::new(150));
    app.notify(Provider::Wechat, &no).await.unwrap();
    app.notify(Provider::Wechat, &no).await.unwrap();
    assert!(matches!(app.order(&order).await.state, State::Closed { .. }));
    app.assert_invariants("before the refund").await;
    app.run_until_settled().await;
    assert_eq!(app.wechat.trades()[&no].1, TradeState::Refunded);
    app.assert_invariants("after the refund").await;
    assert_all_ended(&app, "after the refund");
}

/// Covers: I8
#[tokio::test]
async fn order_paid_at_both_providers_keeps_the_first_payment_and_refunds_the_other() {
    let app = TestApp::new();
    let photo = app.add_passed_photo(account(1)).await;
    let order = app.place(account(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let first = app.pay(&order).await.unwrap().order.current_payment().unwrap();
    let order = app.change(&order, Method::Alipay, None).await.unwrap();
    let second = app.pay(&order).await.unwrap().order.current_payment().unwrap();
    app.wechat.pay_anyway(&first, Fen::new(150));
    app.alipay.scan(&second);
    app.notify(Provider::Wechat, &first).await.unwrap();
    app.notify(Provider::Alipay, &second).await.unwrap();
    app.run_until_settled().await;
    let refunded = [app.wechat.trades()[&first].1, app.alipay.trades()[&second].1];
    assert_eq!(refunded, [TradeState::Paid, TradeState::Refunded], "the first confirmed payment pays the order");
    app.assert_invariants("paid twice").await;
}

/// Covers: I8
#[tokio::test]
async fn second_attempt_of_a_paid_order_is_closed_by_a_poll() {
    let app = TestApp::new();
    let photo = app.add_passed_photo(account(1)).await;
    let order = app.place(account(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let first = app.pay(&order).await.unwrap().order.current_payment().unwrap();
    let order = app.change(&order, Method::Alipay, None).await.unwrap();
    let second = app.pay(&order).await.unwrap().order.current_payment().unwrap();
    app.wechat.pay_anyway(&first, Fen::new(150));
    app.notify(Provider::Wechat, &first).await.unwrap();
    poll_status(&app.payments, &second).await.unwrap();
    assert_eq!(app.alipay.trades()[&second].1, TradeState::Closed, "the paid order does not await it");
    assert!(!app.alipay.scan(&second));
    app.assert_invariants("paid by the first attempt").await;
}

/// Covers: IC-130, IC-203, I20
#[tokio::test]
async fn order_refunded_twice_by_staff_is_refunded_once() {
    let app = TestApp::new().with_balance(account(1), 150).await;
    let photos = [app.add_passed_photo(account(1)).await, app.add_passed_photo(account(1)).await];
    let by_balance = app.place(account(1), &photos[..1], Method::Balance, None, "one").await.unwrap();
    app.pay(&by_balance).await.unwrap();
    let by_wechat = app.place(account(1), &photos[1..], Method::Wechat, None, "two").await.unwrap();
    let no = app.pay(&by_wechat).await.unwrap().order.current_payment().unwrap();
    app.wechat.scan(&no);
    app.notify(Provider::Wechat, &no).await.unwrap();
    for order in [&by_balance, &by_wechat] {
        app.refund(order).await.unwrap();
        app.refund(order).await.unwrap();
    }
    assert_eq!(
        app.audited_actions(by_wechat.owner).await,
        ["order-refund", "order-refund"],
        "one audit entry per order"
    );
    assert_eq!(app.balance(account(1)).await.balance, Fen::new(150));
    app.run_until_settled().await;
    for order in [&by_balance, &by_wechat] {
        assert_eq!(app.order(order).await.state.name(), "refunded");
    }
    assert_eq!(app.wechat.trades()[&no].1, TradeState::Refunded);
    app.assert_invariants("after refunds").await;
}

/// Covers: I20
#[tokio::test]
async fn refund_that_the_provider_keeps_refusing_becomes_abnormal() {
    let app = TestApp::new();
    let mut numbers = Vec::new();
    for refusals in [3, 100] {
        let photo = app.add_passed_photo(account(1)).await;
        let order = app.place(account(1), &[photo], Method::Wechat, None, &refusals.to_string()).await.unwrap();
        let no = app.pay(&order).await.unwrap().order.current_payment().unwrap();
        app.wechat.scan(&no);
        app.notify(Provider::Wechat, &no).await.unwrap();
        app.refund(&order).await.unwrap();
        (0..refusals).for_each(|call| app.wechat.faults().fail(call, Fault::Conflict));
        for _ in 0..12 {
            app.advance(1800);
            due::poll_providers(&app.payments).await.unwrap();
        }
        app.wechat.faults().forget_faults();
        numbers.push(no);
    }
    let refunds: Vec<Refund> = MoneyRows::of(&app).all("REFUND");
    let state = |no: &PaymentNumber| refunds.iter().find(|refund| refund.payment_no == *no).unwrap().state.name();
    assert_eq!([state(&numbers[0]), state(&numbers[1])], ["succeeded", "abnormal"]);
    app.assert_invariants("after refusals").await;
}

/// Covers: I20
#[tokio::test]
async fn refund_status_of_another_provider_or_number_is_refused_and_poll_delays_grow() {
    let app = TestApp::new();
    let photo = app.add_passed_photo(account(1)).await;
    let order = app.place(account(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let no = app.pay(&order).await.unwrap().order.current_payment().unwrap();
    app.wechat.scan(&no);
    app.notify(Provider::Wechat, &no).await.unwrap();
    app.refund(&order).await.unwrap();
    let refund = || MoneyRows::of(&app).all::<Refund>("REFUND").remove(0);
    let mut before = refund();
    for (provider, refund_no) in [(Provider::Alipay, before.no.as_str()), (Provider::Wechat, "another")] {
        let answer = record_result(&app.payments, provider, &no, refund_no, RefundStatus::Done).await;
        assert_eq!(answer, Err(Failure::Conflict { code: "payment-mismatch" }));
        assert_eq!(refund(), before);
    }
    for polls in 1..5 {
        record_result(&app.payments, Provider::Wechat, &no, before.no.as_str(), RefundStatus::Processing)
            .await
            .unwrap();
        let after = refund();
        assert_eq!((after.state.name(), after.polls), ("submitted", polls));
        assert!(polls == 1 || after.poll_at > before.poll_at, "{before:?} {after:?}");
        before = after;
    }
}
