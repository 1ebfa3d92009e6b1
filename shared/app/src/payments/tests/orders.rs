//! Orders: placed, changed, paid, closed.

use domain::money::Fen;
use domain::money::order::{Method, PaidBy, State};
use domain::money::payment::{PayCode, Provider};

use super::bank::Trade;
use super::house::{House, person};
use crate::failure::Failure;
use crate::payments::provider::Scene;
use crate::payments::{PaymentProvider, ask};
use crate::store::Fault;
use crate::{orders, recharges};

/// Covers: IC-75, I10
#[tokio::test]
async fn only_photos_that_passed_can_be_ordered() {
    let house = House::new();
    let failed = house.submit(person(1), Method::Wechat, "failed").await.unwrap();
    house.inspect(person(1), failed, b"fail").await.unwrap();
    let early = house.submit(person(1), Method::Wechat, "early").await.unwrap();
    for photo in [failed, early] {
        let refused = house.place(person(1), &[photo], Method::Wechat, None, &photo.to_string()).await;
        assert_eq!(refused, Err(Failure::Conflict { code: "photo-not-payable" }));
    }
    let kept = house.passed(person(1)).await;
    house.advance(366 * 24 * 3600);
    let gone = house.place(person(1), &[kept], Method::Wechat, None, "gone").await;
    assert_eq!(gone, Err(Failure::NotFound), "a photo past its keeping");
}

/// Covers: IC-76, I15
#[tokio::test]
async fn a_coupon_that_covers_everything_pays_at_once() {
    let house = House::new();
    let coupon = house.granted(person(1), 200, 7).await;
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, Some(&coupon), "order").await.unwrap();
    assert!(matches!(order.state, State::Paid { by: PaidBy::Coupon, .. }));
    assert_eq!(house.wechat.plan().calls(), 0, "no provider is called for nothing");
    assert_eq!(house.coupon(&coupon).await.state.name(), "used");
    house.assert_promises("after a free order").await;
    let free = house.granted(person(2), 200, 7).await;
    let number = house.submit(person(2), Method::Balance, "photo").await.unwrap();
    house.inspect(person(2), number, b"pass").await.unwrap();
    assert_eq!(house.coupon(&free).await.state.name(), "used", "an empty wallet and a coupon for all of it");
    house.assert_promises("after a free photo").await;
}

/// Covers: IC-68, IC-71, IC-72
#[tokio::test]
async fn wechat_is_paid_after_the_inspection() {
    let house = House::new();
    let coupon = house.granted(person(1), 50, 7).await;
    let photos = [house.passed(person(1)).await, house.passed(person(1)).await];
    let order = house.place(person(1), &photos, Method::Wechat, Some(&coupon), "order").await.unwrap();
    let paying = house.pay(&order).await.unwrap();
    let no = paying.order.attempt().unwrap();
    assert_eq!(paying.code, Some(PayCode::Qr { text: format!("bank://{no}") }));
    assert_eq!(house.wechat.trades()[&no], (Fen::new(250), Trade::Unpaid), "IC-71: the price less the coupon");
    assert_eq!(house.pay(&order).await.unwrap().code, paying.code, "asking again brings the same code");
    house.wechat.scan(&no);
    house.notify(Provider::Wechat, &no).await.unwrap();
    assert!(matches!(house.order(&order).await.state, State::Paid { .. }));
    house.assert_promises("after WeChat").await;
}

/// Covers: IC-66
#[tokio::test]
async fn the_method_may_change_and_the_first_attempt_is_closed() {
    let house = House::new();
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let first = house.pay(&order).await.unwrap().order.attempt().unwrap();
    let order = house.change(&order, Method::Alipay, None).await.unwrap();
    assert_eq!(house.wechat.trades()[&first].1, Trade::Closed);
    let second = house.pay(&order).await.unwrap().order.attempt().unwrap();
    assert_ne!(first, second);
    house.alipay.scan(&second);
    house.notify(Provider::Alipay, &second).await.unwrap();
    assert!(matches!(house.order(&order).await.state, State::Paid { .. }));
    house.assert_promises("after a change").await;
}

/// Covers: I8
#[tokio::test]
async fn an_attempt_that_the_provider_closed_is_followed_by_another() {
    let house = House::new();
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let first = house.pay(&order).await.unwrap().order.attempt().unwrap();
    house.wechat.close(&first).await.unwrap();
    ask(&house.payments, &first).await.unwrap();
    let second = house.pay(&order).await.unwrap().order.attempt().unwrap();
    assert_ne!(first, second);
    assert!(house.wechat.scan(&second));
    house.notify(Provider::Wechat, &second).await.unwrap();
    assert!(matches!(house.order(&order).await.state, State::Paid { .. }));
    house.assert_promises("after a second attempt").await;
}

/// Covers: IC-66, IC-62
#[tokio::test]
async fn a_change_takes_the_coupon_asked_for_and_for_the_balance_picks_one() {
    let house = House::new();
    house.funded(person(1), 1000).await;
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let [small, large] = [house.granted(person(1), 20, 7).await, house.granted(person(1), 50, 7).await];
    let states = async || [house.coupon(&small).await.state.name(), house.coupon(&large).await.state.name()];
    let order = house.change(&order, Method::Balance, None).await.unwrap();
    assert_eq!((order.payable(), states().await), (Fen::new(100), ["usable", "held"]), "the larger of two");
    let order = house.change(&order, Method::Wechat, Some(&small)).await.unwrap();
    assert_eq!((order.payable(), states().await), (Fen::new(130), ["held", "usable"]));
    let order = house.change(&order, Method::Alipay, Some(&small)).await.unwrap();
    assert_eq!((order.payable(), states().await), (Fen::new(130), ["held", "usable"]), "chosen again");
    let order = house.change(&order, Method::Wechat, None).await.unwrap();
    assert_eq!((order.payable(), states().await), (Fen::new(150), ["usable", "usable"]));
    house.assert_promises("after changes of coupons").await;
}

/// Covers: IC-66
#[tokio::test]
async fn a_change_finds_the_payment_made_meanwhile() {
    let house = House::new();
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let first = house.pay(&order).await.unwrap().order.attempt().unwrap();
    house.wechat.scan(&first);
    let changed = house.change(&order, Method::Balance, None).await.unwrap();
    assert!(matches!(changed.state, State::Paid { .. }), "paid by WeChat without any callback");
    house.assert_promises("after a late change").await;
}

/// Covers: IC-78, IC-164
#[tokio::test]
async fn an_unpaid_order_closes_and_frees_photo_and_coupon() {
    let house = House::new();
    let coupon = house.granted(person(1), 50, 7).await;
    let brief = house.granted(person(1), 50, 1).await;
    let photos = [house.passed(person(1)).await, house.passed(person(1)).await];
    let one = house.place(person(1), &photos[..1], Method::Wechat, Some(&coupon), "one").await.unwrap();
    house.pay(&one).await.unwrap();
    house.advance(24 * 3600 - 60);
    let two = house.place(person(1), &photos[1..], Method::Alipay, Some(&brief), "two").await.unwrap();
    house.settle_down().await;
    assert!(matches!(house.order(&one).await.state, State::Closed { .. }));
    assert!(matches!(house.order(&two).await.state, State::Closed { .. }));
    assert_eq!(house.coupon(&coupon).await.state.name(), "usable");
    assert_eq!(house.coupon(&brief).await.state.name(), "expired", "it expired while the order held it");
    house.place(person(1), &photos, Method::Balance, None, "again").await.unwrap();
    house.assert_promises("after closing").await;
}

/// Covers: I25, IC-164
#[tokio::test]
async fn a_silent_provider_keeps_an_order_open_for_ten_minutes_more() {
    let house = House::new();
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let order = house.pay(&order).await.unwrap().order;
    let left = order.close_at().unwrap().duration_since(house.now());
    let lapse = async || {
        house.wechat.plan().fail(0, Fault::Timeout);
        orders::lapse(&house.payments, &order.owner, &order.no).await
    };
    for seconds in [left.as_secs(), 10 * 60 - 1] {
        house.advance(seconds);
        assert_eq!(lapse().await, Err(Failure::Conflict { code: "payment-unclear" }));
    }
    house.advance(1);
    assert!(matches!(lapse().await.unwrap().state, State::Closed { .. }));
    house.wechat.plan().forget_faults();
    house.assert_promises("after a silent provider").await;
}

/// Covers: IC-73
#[tokio::test]
async fn alipay_opens_the_code_or_the_page_that_is_asked_for_and_wechat_a_code() {
    let house = House::new();
    let page = Scene::Page { return_url: None };
    for method in [Method::Alipay, Method::Wechat] {
        let photo = house.passed(person(1)).await;
        let order = house.place(person(1), &[photo], method, None, &format!("{method:?}")).await.unwrap();
        for scene in [&page, &Scene::Qr, &page] {
            let command = house.new_command();
            let paying = orders::pay(&house.payments, &order.owner, &order.no, scene.clone(), &command).await.unwrap();
            let paged = matches!(paying.code, Some(PayCode::Page { .. }));
            assert_eq!(paged, method == Method::Alipay && *scene == page, "{method:?} {scene:?}");
            assert!(paying.code.is_some());
        }
    }
}

/// Covers: I17
#[tokio::test]
async fn one_key_is_one_command_with_one_answer() {
    let house = House::new();
    let photos = [house.passed(person(1)).await, house.passed(person(1)).await];
    let first = house.place(person(1), &photos[..1], Method::Wechat, None, "key").await.unwrap();
    let before = house.store.inner.dump();
    assert_eq!(house.place(person(1), &photos[..1], Method::Wechat, None, "key").await, Ok(first));
    let other = house.place(person(1), &photos[1..], Method::Wechat, None, "key").await;
    assert_eq!(other, Err(Failure::KeyReused));
    assert_eq!(house.store.inner.dump(), before);
    let twice = house.place(person(1), &photos[..1], Method::Wechat, None, "another key").await;
    assert_eq!(twice, Err(Failure::Conflict { code: "photo-already-ordered" }));
}

/// Covers: I8, I17
#[tokio::test]
async fn a_lost_race_is_run_again_and_a_paid_order_is_paid() {
    let house = House::new();
    house.funded(person(1), 1000).await;
    let photo = house.passed(person(1)).await;
    // Of a placing's calls the last is its commit.
    let other = house.passed(person(2)).await;
    let before = house.store.calls();
    house.place(person(2), &[other], Method::Balance, None, "order").await.unwrap();
    house.store.fail(house.store.calls() - before - 1, Fault::Conflict);
    let order = house.place(person(1), &[photo], Method::Balance, None, "order").await.unwrap();
    let paid = house.pay(&order).await.unwrap().order;
    assert!(matches!(paid.state, State::Paid { .. }));
    let before = house.balance(person(1)).await;
    assert_eq!(house.pay(&order).await.unwrap().order, paid, "asked for again, it is what it is");
    assert_eq!(house.balance(person(1)).await, before);
}

/// Covers: I23
#[tokio::test]
async fn nobody_reaches_anothers_photo_order_coupon_or_recharge() {
    let house = House::new();
    let (mine, theirs) = (person(1), person(2));
    let photo = house.passed(mine).await;
    let coupon = house.granted(mine, 50, 7).await;
    let order = house.place(mine, &[photo], Method::Wechat, Some(&coupon), "order").await.unwrap();
    let (recharge, _) = house.recharge(mine, 150, "recharge").await.unwrap();
    let other = theirs.to_string();
    assert_eq!(house.place(theirs, &[photo], Method::Wechat, None, "x").await, Err(Failure::NotFound));
    assert_eq!(orders::get(&house.store.inner, &other, &order.no).await, Err(Failure::NotFound));
    assert_eq!(orders::cancel(&house.payments, &other, &order.no, &house.new_command()).await, Err(Failure::NotFound));
    let (scene, command) = (Scene::Qr, house.new_command());
    let paid = orders::pay(&house.payments, &other, &order.no, scene, &command).await;
    assert_eq!(paid, Err(Failure::NotFound));
    assert_eq!(recharges::get(&house.store.inner, &other, &recharge).await, Err(Failure::NotFound));
    let own = house.passed(theirs).await;
    assert_eq!(house.place(theirs, &[own], Method::Wechat, Some(&coupon), "y").await, Err(Failure::NotFound));
}
