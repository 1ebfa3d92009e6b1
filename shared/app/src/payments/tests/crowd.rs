//! Many at once on one wallet, one coupon, one order, one notice.

use std::sync::Arc;

use domain::money::order::{Method, State};
use domain::money::payment::Provider;

use super::house::{House, person};
use super::promises::Rows;

const CROWD: usize = 256;

async fn all<T: Send + 'static>(
    house: &Arc<House>,
    act: impl Fn(Arc<House>, usize) -> std::pin::Pin<Box<dyn Future<Output = T> + Send>>,
) -> Vec<T> {
    let tasks: Vec<_> = (0..CROWD).map(|n| tokio::spawn(act(house.clone(), n))).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

/// Covers: I2
#[tokio::test(flavor = "multi_thread")]
async fn case_256_at_once_on_a_wallet_that_covers_ten_are_exactly_ten() {
    let house = Arc::new(House::new());
    house.funded(person(1), 1500).await;
    let held = all(&house, |house, n| {
        Box::pin(async move { house.submit(person(1), Method::Balance, &format!("photo {n}")).await.is_ok() })
    });
    assert_eq!(held.await.into_iter().filter(|ok| *ok).count(), 10);
    assert_eq!(house.balance(person(1)).await.available.get(), 0);
    house.assert_promises("a crowd of holds").await;
}

/// Covers: I8
#[tokio::test(flavor = "multi_thread")]
async fn case_256_payments_of_one_order_by_balance_are_one() {
    let house = Arc::new(House::new());
    house.funded(person(1), 60_000).await;
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Balance, None, "order").await.unwrap();
    let paid = all(&house, move |house, _| {
        let order = order.clone();
        Box::pin(async move { matches!(house.pay(&order).await.unwrap().order.state, State::Paid { .. }) })
    });
    assert!(paid.await.into_iter().all(|paid| paid), "everybody hears that it is paid");
    assert_eq!(house.balance(person(1)).await.balance.get(), 60_000 - 150);
    house.assert_promises("a crowd of payments").await;
}

/// Covers: I12, IC-163
#[tokio::test(flavor = "multi_thread")]
async fn case_256_orders_for_one_coupon_are_one() {
    let house = Arc::new(House::new());
    let coupon = house.granted(person(1), 50, 7).await;
    let mut photos = Vec::new();
    for _ in 0..CROWD {
        photos.push(house.passed(person(1)).await);
    }
    let placed = all(&house, move |house, n| {
        let (photo, coupon) = (photos[n], coupon.clone());
        Box::pin(async move {
            house.place(person(1), &[photo], Method::Wechat, Some(&coupon), &format!("order {n}")).await.is_ok()
        })
    });
    assert_eq!(placed.await.into_iter().filter(|ok| *ok).count(), 1);
    house.assert_promises("a crowd for a coupon").await;
}

/// Covers: I8
#[tokio::test(flavor = "multi_thread")]
async fn case_256_orders_of_one_photo_are_one() {
    let house = Arc::new(House::new());
    let photo = house.passed(person(1)).await;
    let placed = all(&house, move |house, n| {
        Box::pin(
            async move { house.place(person(1), &[photo], Method::Wechat, None, &format!("order {n}")).await.is_ok() },
        )
    });
    assert_eq!(placed.await.into_iter().filter(|ok| *ok).count(), 1);
}

/// Covers: I17
#[tokio::test(flavor = "multi_thread")]
async fn case_256_times_one_command_are_one_order() {
    let house = Arc::new(House::new());
    let photo = house.passed(person(1)).await;
    let placed = all(&house, move |house, _| {
        Box::pin(async move { house.place(person(1), &[photo], Method::Wechat, None, "key").await.unwrap().no })
    });
    let numbers: std::collections::BTreeSet<_> = placed.await.into_iter().collect();
    assert_eq!(numbers.len(), 1);
}

/// Covers: I18
#[tokio::test(flavor = "multi_thread")]
async fn case_256_notices_and_questions_at_once_credit_once() {
    let house = Arc::new(House::new());
    let (no, _) = house.recharge(person(1), 600, "recharge").await.unwrap();
    let payment = no.payment(1);
    house.wechat.scan(&payment);
    let told = all(&house, move |house, n| {
        let payment = payment.clone();
        Box::pin(async move {
            if n % 2 == 0 {
                house.notify(Provider::Wechat, &payment).await.unwrap();
            } else {
                crate::payments::ask(&house.payments, &payment).await.unwrap();
            }
        })
    });
    told.await;
    assert_eq!(house.balance(person(1)).await.balance.get(), 600);
    house.assert_promises("a crowd of notices").await;
}

/// Covers: I8, I12
#[tokio::test(flavor = "multi_thread")]
async fn cancelling_and_paying_at_once_end_as_one_or_the_other() {
    for round in 0..20 {
        let house = Arc::new(House::seeded(round));
        let coupon = house.granted(person(1), 50, 7).await;
        let photo = house.passed(person(1)).await;
        let order = house.place(person(1), &[photo], Method::Wechat, Some(&coupon), "order").await.unwrap();
        let no = house.pay(&order).await.unwrap().order.attempt().unwrap();
        house.wechat.scan(&no);
        let (a, b, o, n) = (house.clone(), house.clone(), order.clone(), no.clone());
        let cancel = tokio::spawn(async move { a.cancel(&o).await.is_ok() });
        let notify = tokio::spawn(async move { b.notify(Provider::Wechat, &n).await });
        let cancelled = cancel.await.unwrap();
        notify.await.unwrap().unwrap();
        let paid = matches!(house.order(&order).await.state, State::Paid { .. });
        assert!(paid != cancelled, "{paid} {cancelled}");
        house.settle_down().await;
        house.assert_promises("cancel against pay").await;
        assert_eq!(Rows::of(&house).all::<domain::money::payment::Payment>("PAYMENT").len(), 1);
    }
}
