//! Orders: placing, changing, paying and closing.

use domain::money::Fen;
use domain::money::order::{Method, PaidBy, State};
use domain::money::payment::{PayCode, Provider};

use crate::failure::Failure;
use crate::payments::provider::Scene;
use crate::payments::{PaymentProvider, poll_status};
use crate::store::Fault;
use crate::testing::{TestApp, TradeState, account};
use crate::{orders, recharges};

/// Covers: IC-75, I10
#[tokio::test]
async fn order_of_a_photo_that_has_not_passed_or_is_purged_is_refused() {
    let app = TestApp::new();
    let failed = app.submit(account(1), Method::Wechat, "failed").await.unwrap();
    app.inspect(account(1), failed, b"fail").await.unwrap();
    let early = app.submit(account(1), Method::Wechat, "early").await.unwrap();
    for photo in [failed, early] {
        let refused = app.place(account(1), &[photo], Method::Wechat, None, &photo.to_string()).await;
        assert_eq!(refused, Err(Failure::Conflict { code: "photo-not-payable" }));
    }
    let old = app.add_passed_photo(account(1)).await;
    app.advance(366 * 24 * 3600);
    let refused_order = app.place(account(1), &[old], Method::Wechat, None, "old").await;
    assert_eq!(refused_order, Err(Failure::NotFound), "the photo is older than its retention period");
}

/// Covers: IC-76, I15
#[tokio::test]
async fn order_that_a_coupon_covers_is_paid_at_once() {
    let app = TestApp::new();
    let coupon = app.add_coupon(account(1), 200, 7).await;
    let photo = app.add_passed_photo(account(1)).await;
    let order = app.place(account(1), &[photo], Method::Wechat, Some(&coupon), "order").await.unwrap();
    assert!(matches!(order.state, State::Paid { by: PaidBy::Coupon, .. }));
    assert_eq!(app.wechat.faults().calls(), 0, "no provider is called");
    assert_eq!(app.coupon(&coupon).await.state.name(), "used");
    app.assert_invariants("after a free order").await;
    let free = app.add_coupon(account(2), 200, 7).await;
    let number = app.submit(account(2), Method::Balance, "photo").await.unwrap();
    app.inspect(account(2), number, b"pass").await.unwrap();
    assert_eq!(
        app.coupon(&free).await.state.name(),
        "used",
        "an empty wallet is enough if the coupon covers the price"
    );
    app.assert_invariants("after a free photo").await;
}

/// Covers: IC-68, IC-71, IC-72
#[tokio::test]
async fn order_is_paid_at_wechat_by_its_code_and_callback() {
    let app = TestApp::new();
    let coupon = app.add_coupon(account(1), 50, 7).await;
    let photos = [app.add_passed_photo(account(1)).await, app.add_passed_photo(account(1)).await];
    let order = app.place(account(1), &photos, Method::Wechat, Some(&coupon), "order").await.unwrap();
    let paying = app.pay(&order).await.unwrap();
    let no = paying.order.current_payment().unwrap();
    assert_eq!(paying.code, Some(PayCode::Qr { text: format!("fake://{no}") }));
    assert_eq!(app.wechat.trades()[&no], (Fen::new(250), TradeState::Unpaid), "IC-71: the price less the coupon");
    assert_eq!(app.pay(&order).await.unwrap().code, paying.code, "a repeated call returns the same code");
    app.wechat.scan(&no);
    app.notify(Provider::Wechat, &no).await.unwrap();
    assert!(matches!(app.order(&order).await.state, State::Paid { .. }));
    app.assert_invariants("after WeChat").await;
}

/// Covers: IC-66
#[tokio::test]
async fn change_of_the_method_closes_the_current_attempt() {
    let app = TestApp::new();
    let photo = app.add_passed_photo(account(1)).await;
    let order = app.place(account(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let first = app.pay(&order).await.unwrap().order.current_payment().unwrap();
    let order = app.change(&order, Method::Alipay, None).await.unwrap();
    assert_eq!(app.wechat.trades()[&first].1, TradeState::Closed);
    let second = app.pay(&order).await.unwrap().order.current_payment().unwrap();
    assert_ne!(first, second);
    app.alipay.scan(&second);
    app.notify(Provider::Alipay, &second).await.unwrap();
    assert!(matches!(app.order(&order).await.state, State::Paid { .. }));
    app.assert_invariants("after a change").await;
}

/// Covers: I8
#[tokio::test]
async fn attempt_that_the_provider_closed_is_followed_by_another() {
    let app = TestApp::new();
    let photo = app.add_passed_photo(account(1)).await;
    let order = app.place(account(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let first = app.pay(&order).await.unwrap().order.current_payment().unwrap();
    app.wechat.close(first.as_str()).await.unwrap();
    poll_status(&app.payments, &first).await.unwrap();
    let second = app.pay(&order).await.unwrap().order.current_payment().unwrap();
    assert_ne!(first, second);
    assert!(app.wechat.scan(&second));
    app.notify(Provider::Wechat, &second).await.unwrap();
    assert!(matches!(app.order(&order).await.state, State::Paid { .. }));
    app.assert_invariants("after a second attempt").await;
}

/// Covers: IC-66, IC-62
#[tokio::test]
async fn change_takes_the_chosen_coupon_or_picks_one_for_the_balance() {
    let app = TestApp::new().with_balance(account(1), 1000).await;
    let photo = app.add_passed_photo(account(1)).await;
    let order = app.place(account(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let [small, large] = [app.add_coupon(account(1), 20, 7).await, app.add_coupon(account(1), 50, 7).await];
    let states = async || [app.coupon(&small).await.state.name(), app.coupon(&large).await.state.name()];
    let order = app.change(&order, Method::Balance, None).await.unwrap();
    assert_eq!((order.payable(), states().await), (Fen::new(100), ["usable", "held"]), "the larger of two");
    let order = app.change(&order, Method::Wechat, Some(&small)).await.unwrap();
    assert_eq!((order.payable(), states().await), (Fen::new(130), ["held", "usable"]));
    let order = app.change(&order, Method::Alipay, Some(&small)).await.unwrap();
    assert_eq!((order.payable(), states().await), (Fen::new(130), ["held", "usable"]), "chosen again");
    let order = app.change(&order, Method::Wechat, None).await.unwrap();
    assert_eq!((order.payable(), states().await), (Fen::new(150), ["usable", "usable"]));
    app.assert_invariants("after changes of coupons").await;
}

/// Covers: IC-66
#[tokio::test]
async fn change_of_an_order_that_was_paid_meanwhile_returns_the_paid_order() {
    let app = TestApp::new();
    let photo = app.add_passed_photo(account(1)).await;
    let order = app.place(account(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let first = app.pay(&order).await.unwrap().order.current_payment().unwrap();
    app.wechat.scan(&first);
    let changed = app.change(&order, Method::Balance, None).await.unwrap();
    assert!(matches!(changed.state, State::Paid { .. }), "paid by WeChat without any callback");
    app.assert_invariants("after a late change").await;
}

/// Covers: IC-78, IC-164
#[tokio::test]
async fn unpaid_order_closes_and_releases_its_photos_and_its_coupon() {
    let app = TestApp::new();
    let coupon = app.add_coupon(account(1), 50, 7).await;
    let short_lived = app.add_coupon(account(1), 50, 1).await;
    let photos = [app.add_passed_photo(account(1)).await, app.add_passed_photo(account(1)).await];
    let one = app.place(account(1), &photos[..1], Method::Wechat, Some(&coupon), "one").await.unwrap();
    app.pay(&one).await.unwrap();
    app.advance(24 * 3600 - 60);
    let two = app.place(account(1), &photos[1..], Method::Alipay, Some(&short_lived), "two").await.unwrap();
    app.run_until_settled().await;
    assert!(matches!(app.order(&one).await.state, State::Closed { .. }));
    assert!(matches!(app.order(&two).await.state, State::Closed { .. }));
    assert_eq!(app.coupon(&coupon).await.state.name(), "usable");
    assert_eq!(app.coupon(&short_lived).await.state.name(), "expired", "it expired while the order held it");
    app.place(account(1), &photos, Method::Balance, None, "again").await.unwrap();
    app.assert_invariants("after closing").await;
}

/// Covers: I25, IC-164
#[tokio::test]
async fn order_stays_open_ten_more_minutes_while_its_provider_does_not_answer() {
    let app = TestApp::new();
    let photo = app.add_passed_photo(account(1)).await;
    let order = app.place(account(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let order = app.pay(&order).await.unwrap().order;
    let left = order.close_at().unwrap().duration_since(app.now());
    let expire = async || {
        app.wechat.faults().fail(0, Fault::Timeout);
        orders::expire(&app.payments, order.owner, &order.no).await
    };
    for seconds in [left.as_secs(), 10 * 60 - 1] {
        app.advance(seconds);
        assert_eq!(expire().await, Err(Failure::Conflict { code: "payment-unclear" }));
    }
    app.advance(1);
    assert!(matches!(expire().await.unwrap().state, State::Closed { .. }));
    app.wechat.faults().forget_faults();
    app.assert_invariants("after a provider that did not answer").await;
}

/// Covers: IC-73
#[tokio::test]
async fn alipay_returns_a_code_or_a_page_and_wechat_always_a_code() {
    let app = TestApp::new();
    let page = Scene::Page { return_url: None };
    for method in [Method::Alipay, Method::Wechat] {
        let photo = app.add_passed_photo(account(1)).await;
        let order = app.place(account(1), &[photo], method, None, &format!("{method:?}")).await.unwrap();
        for scene in [&page, &Scene::Qr, &page] {
            let command = app.new_command();
            let paying = orders::pay(&app.payments, order.owner, &order.no, scene.clone(), &command).await.unwrap();
            let is_page = matches!(paying.code, Some(PayCode::Page { .. }));
            assert_eq!(is_page, method == Method::Alipay && *scene == page, "{method:?} {scene:?}");
            assert!(paying.code.is_some());
        }
    }
}

/// Covers: I17
#[tokio::test]
async fn repeated_key_answers_the_same_order_and_refuses_another_request() {
    let app = TestApp::new();
    let photos = [app.add_passed_photo(account(1)).await, app.add_passed_photo(account(1)).await];
    let first = app.place(account(1), &photos[..1], Method::Wechat, None, "key").await.unwrap();
    let before = app.store.inner.dump();
    assert_eq!(app.place(account(1), &photos[..1], Method::Wechat, None, "key").await, Ok(first));
    let other = app.place(account(1), &photos[1..], Method::Wechat, None, "key").await;
    assert_eq!(other, Err(Failure::KeyReused));
    assert_eq!(app.store.inner.dump(), before);
    let twice = app.place(account(1), &photos[..1], Method::Wechat, None, "another key").await;
    assert_eq!(twice, Err(Failure::Conflict { code: "photo-already-ordered" }));
}

/// Covers: I8, I17
#[tokio::test]
async fn placing_is_repeated_after_a_lost_race_and_paying_a_paid_order_changes_nothing() {
    let app = TestApp::new().with_balance(account(1), 1000).await;
    let photo = app.add_passed_photo(account(1)).await;
    // The last store call of placing an order is its commit.
    let other = app.add_passed_photo(account(2)).await;
    let before = app.store.calls();
    app.place(account(2), &[other], Method::Balance, None, "order").await.unwrap();
    app.store.fail(app.store.calls() - before - 1, Fault::Conflict);
    let order = app.place(account(1), &[photo], Method::Balance, None, "order").await.unwrap();
    let paid = app.pay(&order).await.unwrap().order;
    assert!(matches!(paid.state, State::Paid { .. }));
    let before = app.balance(account(1)).await;
    assert_eq!(app.pay(&order).await.unwrap().order, paid, "a repeated payment returns the paid order");
    assert_eq!(app.balance(account(1)).await, before);
}

/// Covers: I23
#[tokio::test]
async fn photo_order_coupon_and_recharge_of_another_customer_are_not_found() {
    let app = TestApp::new();
    let (mine, theirs) = (account(1), account(2));
    let photo = app.add_passed_photo(mine).await;
    let coupon = app.add_coupon(mine, 50, 7).await;
    let order = app.place(mine, &[photo], Method::Wechat, Some(&coupon), "order").await.unwrap();
    let (recharge, _) = app.recharge(mine, 150, "recharge").await.unwrap();
    assert_eq!(app.place(theirs, &[photo], Method::Wechat, None, "x").await, Err(Failure::NotFound));
    assert_eq!(orders::get(&app.store.inner, theirs, &order.no).await, Err(Failure::NotFound));
    assert_eq!(orders::cancel(&app.payments, theirs, &order.no, &app.new_command()).await, Err(Failure::NotFound));
    let (scene, command) = (Scene::Qr, app.new_command());
    let paid = orders::pay(&app.payments, theirs, &order.no, scene, &command).await;
    assert_eq!(paid, Err(Failure::NotFound));
    assert_eq!(recharges::get(&app.store.inner, theirs, &recharge).await, Err(Failure::NotFound));
    let own = app.add_passed_photo(theirs).await;
    assert_eq!(app.place(theirs, &[own], Method::Wechat, Some(&coupon), "y").await, Err(Failure::NotFound));
}
