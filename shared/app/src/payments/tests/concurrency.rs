//! Many requests at the same time on one wallet, one coupon, one order, one callback.

use std::sync::Arc;

use domain::money::order::{Method, State};
use domain::money::payment::{Payment, Provider};

use crate::testing::concurrency::run_concurrently;
use crate::testing::{MoneyRows, TestApp, account};

const REQUESTS: usize = 256;

/// Covers: I2
#[tokio::test(flavor = "multi_thread")]
async fn wallet_that_covers_ten_holds_grants_exactly_ten_of_256_concurrent_ones() {
    let app = Arc::new(TestApp::new().with_balance(account(1), 1500).await);
    let held = run_concurrently(&app, REQUESTS, |app, n| async move {
        app.submit(account(1), Method::Balance, &format!("photo {n}")).await.is_ok()
    });
    assert_eq!(held.await.into_iter().filter(|ok| *ok).count(), 10);
    assert_eq!(app.balance(account(1)).await.available.get(), 0);
    app.assert_invariants("after concurrent holds").await;
}

/// Covers: I8
#[tokio::test(flavor = "multi_thread")]
async fn order_is_paid_once_by_256_concurrent_payments_from_the_balance() {
    let app = Arc::new(TestApp::new().with_balance(account(1), 60_000).await);
    let photo = app.add_passed_photo(account(1)).await;
    let order = app.place(account(1), &[photo], Method::Balance, None, "order").await.unwrap();
    let paid = run_concurrently(&app, REQUESTS, move |app, _| {
        let order = order.clone();
        async move { matches!(app.pay(&order).await.unwrap().order.state, State::Paid { .. }) }
    });
    assert!(paid.await.into_iter().all(|paid| paid), "every request gets the paid order");
    assert_eq!(app.balance(account(1)).await.balance.get(), 60_000 - 150);
    app.assert_invariants("after concurrent payments").await;
}

/// Covers: I12, IC-163
#[tokio::test(flavor = "multi_thread")]
async fn coupon_is_held_by_one_of_256_concurrent_orders() {
    let app = Arc::new(TestApp::new());
    let coupon = app.add_coupon(account(1), 50, 7).await;
    let mut photos = Vec::new();
    for _ in 0..REQUESTS {
        photos.push(app.add_passed_photo(account(1)).await);
    }
    let placed = run_concurrently(&app, REQUESTS, move |app, n| {
        let (photo, coupon) = (photos[n], coupon.clone());
        async move { app.place(account(1), &[photo], Method::Wechat, Some(&coupon), &format!("order {n}")).await.is_ok() }
    });
    assert_eq!(placed.await.into_iter().filter(|ok| *ok).count(), 1);
    app.assert_invariants("after concurrent orders").await;
}

/// Covers: I8
#[tokio::test(flavor = "multi_thread")]
async fn photo_is_in_one_of_256_concurrent_orders() {
    let app = Arc::new(TestApp::new());
    let photo = app.add_passed_photo(account(1)).await;
    let placed = run_concurrently(&app, REQUESTS, move |app, n| async move {
        app.place(account(1), &[photo], Method::Wechat, None, &format!("order {n}")).await.is_ok()
    });
    assert_eq!(placed.await.into_iter().filter(|ok| *ok).count(), 1);
}

/// Covers: I17
#[tokio::test(flavor = "multi_thread")]
async fn command_sent_256_times_at_once_places_one_order() {
    let app = Arc::new(TestApp::new());
    let photo = app.add_passed_photo(account(1)).await;
    let placed = run_concurrently(&app, REQUESTS, move |app, _| async move {
        app.place(account(1), &[photo], Method::Wechat, None, "key").await.unwrap().no
    });
    let numbers: std::collections::BTreeSet<_> = placed.await.into_iter().collect();
    assert_eq!(numbers.len(), 1);
}

/// Covers: I18
#[tokio::test(flavor = "multi_thread")]
async fn recharge_is_credited_once_by_256_concurrent_callbacks_and_polls() {
    let app = Arc::new(TestApp::new());
    let (no, _) = app.recharge(account(1), 600, "recharge").await.unwrap();
    let payment = no.payment(1);
    app.wechat.scan(&payment);
    let recorded = run_concurrently(&app, REQUESTS, move |app, n| {
        let payment = payment.clone();
        async move {
            if n % 2 == 0 {
                app.notify(Provider::Wechat, &payment).await.unwrap();
            } else {
                crate::payments::poll_status(&app.payments, &payment).await.unwrap();
            }
        }
    });
    recorded.await;
    assert_eq!(app.balance(account(1)).await.balance.get(), 600);
    app.assert_invariants("after concurrent callbacks").await;
}

/// Covers: I8, I12
#[tokio::test(flavor = "multi_thread")]
async fn order_cancelled_and_paid_at_once_is_either_closed_or_paid() {
    for round in 0..20 {
        let app = Arc::new(TestApp::with_seed(round));
        let coupon = app.add_coupon(account(1), 50, 7).await;
        let photo = app.add_passed_photo(account(1)).await;
        let order = app.place(account(1), &[photo], Method::Wechat, Some(&coupon), "order").await.unwrap();
        let no = app.pay(&order).await.unwrap().order.current_payment().unwrap();
        app.wechat.scan(&no);
        let (a, b, o, n) = (app.clone(), app.clone(), order.clone(), no.clone());
        let cancel = tokio::spawn(async move { a.cancel(&o).await.is_ok() });
        let notify = tokio::spawn(async move { b.notify(Provider::Wechat, &n).await });
        let cancelled = cancel.await.unwrap();
        notify.await.unwrap().unwrap();
        let paid = matches!(app.order(&order).await.state, State::Paid { .. });
        assert!(paid != cancelled, "{paid} {cancelled}");
        app.run_until_settled().await;
        app.assert_invariants("after a concurrent cancellation").await;
        assert_eq!(MoneyRows::of(&app).all::<Payment>("PAYMENT").len(), 1);
    }
}
