//! A recharge while somebody waits for it, and when nobody pays.

use std::time::Duration;

use domain::money::payment::Provider;
use domain::money::recharge::State;
use tokio::time::Instant;

use super::bank::Trade;
use super::house::{House, person};
use crate::payments::sweep;
use crate::recharges;

#[tokio::test(start_paused = true)]
async fn ic_169_waiting_ends_with_the_credit_or_with_the_time() {
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

#[tokio::test]
async fn ic_201_a_recharge_nobody_paid_lapses_by_its_job() {
    let house = House::new();
    let (no, _) = house.recharge(person(1), 150, "key").await.unwrap();
    house.advance(2 * 3600 - 1);
    assert_eq!(sweep::close_unpaid(&house.cashier).await.unwrap().done, 0);
    house.advance(1);
    assert_eq!(sweep::close_unpaid(&house.cashier).await.unwrap().done, 1);
    let recharge = recharges::get(&house.store.inner, &person(1).to_string(), &no).await.unwrap();
    assert!(matches!(recharge.state, State::Lapsed { .. }));
    assert_eq!(house.wechat.trades()[&no.payment(1)].1, Trade::Closed, "its code can be paid no longer");
    assert_eq!(sweep::close_unpaid(&house.cashier).await.unwrap().done, 0);
}
