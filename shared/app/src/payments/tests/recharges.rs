//! A recharge while somebody waits for it, and when nobody pays.

use std::time::Duration;

use domain::money::order::Method;
use domain::money::payment::{Payment, Provider};
use domain::money::recharge::State;
use tokio::time::Instant;

use super::bank::Trade;
use super::house::{House, person};
use super::promises::Rows;
use crate::orders;
use crate::payments::{ask, sweep};
use crate::recharges;
use crate::store::Fault;

/// Covers: IC-169
#[tokio::test(start_paused = true)]
async fn waiting_ends_with_the_credit_or_with_the_time() {
    let house = House::new();
    let (no, _) = house.recharge(person(1), 150, "key").await.unwrap();
    let owner = person(1).to_string();
    let wait = async |most: u64| {
        let began = Instant::now();
        let recharge = recharges::wait(&house.store.inner, &owner, &no, Duration::from_secs(most)).await.unwrap();
        (matches!(recharge.state, State::Credited { .. }), began.elapsed())
    };
    let (credited, waited) = wait(3).await;
    assert!(!credited && (3..4).contains(&waited.as_secs()), "{waited:?}");
    house.wechat.scan(&no.payment(1));
    let pay = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        house.notify(Provider::Wechat, &no.payment(1)).await.unwrap();
    };
    let ((credited, waited), ()) = tokio::join!(wait(20), pay);
    assert!(credited && (2..3).contains(&waited.as_secs()), "{waited:?}");
    assert_eq!(wait(20).await, (true, Duration::ZERO), "what has ended is waited for no more");
}

/// Covers: IC-201
#[tokio::test]
async fn a_recharge_nobody_paid_lapses_by_its_job() {
    let house = House::new();
    let (no, _) = house.recharge(person(1), 150, "key").await.unwrap();
    house.advance(2 * 3600 - 1);
    assert_eq!(sweep::close_unpaid(&house.payments).await.unwrap().done, 0);
    house.advance(1);
    assert_eq!(sweep::close_unpaid(&house.payments).await.unwrap().done, 1);
    let recharge = recharges::get(&house.store.inner, &person(1).to_string(), &no).await.unwrap();
    assert!(matches!(recharge.state, State::Lapsed { .. }));
    assert_eq!(house.wechat.trades()[&no.payment(1)].1, Trade::Closed, "its code can be paid no longer");
    assert_eq!(sweep::close_unpaid(&house.payments).await.unwrap().done, 0);
}

/// Covers: I18
#[tokio::test]
async fn asking_closes_only_what_nobody_waits_for() {
    let house = House::new();
    let photos = [house.passed(person(1)).await, house.passed(person(1)).await];
    let mut attempts = Vec::new();
    for (photo, key) in photos.iter().zip(["kept", "given up"]) {
        let order = house.place(person(1), &[*photo], Method::Wechat, None, key).await.unwrap();
        attempts.push(house.pay(&order).await.unwrap().order);
    }
    let (recharge, _) = house.recharge(person(1), 150, "recharge").await.unwrap();
    let [kept, given_up] = [0, 1].map(|order: usize| attempts[order].attempt().unwrap());
    let recharge = recharge.payment(1);
    let asked = async |no: &String| {
        ask(&house.payments, no).await.unwrap();
        house.wechat.trades()[no].1
    };
    let payment =
        |no: &String| Rows::of(&house).all::<Payment>("PAYMENT").into_iter().find(|payment| payment.no == *no).unwrap();
    for no in [&kept, &given_up, &recharge] {
        for times in 1..4 {
            let before = payment(no);
            assert_eq!(asked(no).await, Trade::Unpaid, "somebody may still pay it");
            let after = payment(no);
            assert_eq!(after.asked, times);
            assert!(after.ask_at > before.ask_at, "asked further and further apart");
        }
    }
    // The provider never heard that this order lapsed, however often it was told.
    let end = attempts[1].close_at().unwrap().duration_since(house.now());
    house.advance(end.as_secs() + 10 * 60);
    house.wechat.plan().fail(0, Fault::RequestLost);
    orders::lapse(&house.payments, &attempts[1].owner, &attempts[1].no).await.unwrap();
    assert_eq!(house.wechat.trades()[&given_up].1, Trade::Unpaid);
    assert_eq!(asked(&given_up).await, Trade::Closed);
    let payments: Vec<Payment> = Rows::of(&house).all("PAYMENT");
    let over = payments.iter().map(|payment| payment.expires_at).max().unwrap();
    house.advance(over.duration_since(house.now()).as_secs());
    for no in [&kept, &recharge] {
        assert_eq!(asked(no).await, Trade::Closed, "its time is over");
    }
}
