//! Recharges: waiting for the credit, expiry, and polls.

use std::time::Duration;

use domain::money::number::PaymentNumber;
use domain::money::order::Method;
use domain::money::payment::{Payment, Provider};
use domain::money::recharge::State;
use tokio::time::Instant;

use crate::due;
use crate::orders;
use crate::payments::poll_status;
use crate::recharges;
use crate::store::Fault;
use crate::testing::{MoneyRows, TestApp, TradeState, account};

/// Covers: IC-169
#[tokio::test(start_paused = true)]
async fn wait_ends_with_the_credit_or_at_its_timeout() {
    let app = TestApp::new();
    let (no, _) = app.recharge(account(1), 150, "key").await.unwrap();
    let owner = account(1);
    let wait = async |most: u64| {
        let began = Instant::now();
        let recharge = recharges::wait(&app.store.inner, owner, &no, Duration::from_secs(most)).await.unwrap();
        (matches!(recharge.state, State::Credited { .. }), began.elapsed())
    };
    let (credited, waited) = wait(3).await;
    assert!(!credited && (3..4).contains(&waited.as_secs()), "{waited:?}");
    app.wechat.scan(&no.payment(1));
    let pay = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        app.notify(Provider::Wechat, &no.payment(1)).await.unwrap();
    };
    let ((credited, waited), ()) = tokio::join!(wait(20), pay);
    assert!(credited && (2..3).contains(&waited.as_secs()), "{waited:?}");
    assert_eq!(wait(20).await, (true, Duration::ZERO), "a credited recharge is returned at once");
}

/// Covers: IC-201
#[tokio::test]
async fn unpaid_recharge_expires_by_its_task_and_its_code_is_closed() {
    let app = TestApp::new();
    let (no, _) = app.recharge(account(1), 150, "key").await.unwrap();
    app.advance(2 * 3600 - 1);
    assert_eq!(due::close_unpaid(&app.payments).await.unwrap().done, 0);
    app.advance(1);
    assert_eq!(due::close_unpaid(&app.payments).await.unwrap().done, 1);
    let recharge = recharges::get(&app.store.inner, account(1), &no).await.unwrap();
    assert!(matches!(recharge.state, State::Expired { .. }));
    assert_eq!(app.wechat.trades()[&no.payment(1)].1, TradeState::Closed, "its code cannot be paid any more");
    assert_eq!(due::close_unpaid(&app.payments).await.unwrap().done, 0);
}

/// Covers: I18
#[tokio::test]
async fn poll_closes_only_payments_that_their_purpose_does_not_await() {
    let app = TestApp::new();
    let photos = [app.add_passed_photo(account(1)).await, app.add_passed_photo(account(1)).await];
    let mut attempts = Vec::new();
    for (photo, key) in photos.iter().zip(["awaited", "abandoned"]) {
        let order = app.place(account(1), &[*photo], Method::Wechat, None, key).await.unwrap();
        attempts.push(app.pay(&order).await.unwrap().order);
    }
    let (recharge, _) = app.recharge(account(1), 150, "recharge").await.unwrap();
    let [awaited, abandoned] = [0, 1].map(|order: usize| attempts[order].current_payment().unwrap());
    let recharge = recharge.payment(1);
    let polled = async |no: &PaymentNumber| {
        poll_status(&app.payments, no).await.unwrap();
        app.wechat.trades()[no].1
    };
    let payment = |no: &PaymentNumber| {
        MoneyRows::of(&app).all::<Payment>("PAYMENT").into_iter().find(|payment| payment.no == *no).unwrap()
    };
    for no in [&awaited, &abandoned, &recharge] {
        for times in 1..4 {
            let before = payment(no);
            assert_eq!(polled(no).await, TradeState::Unpaid, "it can still be paid");
            let after = payment(no);
            assert_eq!(after.polls, times);
            assert!(after.poll_at > before.poll_at, "the delays between polls grow");
        }
    }
    // The provider never received the request to close this expired order.
    let end = attempts[1].close_at().unwrap().duration_since(app.now());
    app.advance(end.as_secs() + 10 * 60);
    app.wechat.faults().fail(0, Fault::RequestLost);
    orders::expire(&app.payments, attempts[1].owner, &attempts[1].no).await.unwrap();
    assert_eq!(app.wechat.trades()[&abandoned].1, TradeState::Unpaid);
    assert_eq!(polled(&abandoned).await, TradeState::Closed);
    let payments: Vec<Payment> = MoneyRows::of(&app).all("PAYMENT");
    let over = payments.iter().map(|payment| payment.expires_at).max().unwrap();
    app.advance(over.duration_since(app.now()).as_secs());
    for no in [&awaited, &recharge] {
        assert_eq!(polled(no).await, TradeState::Closed, "its time is over");
    }
}
