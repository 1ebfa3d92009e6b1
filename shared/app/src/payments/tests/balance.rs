//! Photos paid from the balance.

use domain::money::Fen;
use domain::money::coupon::Tab;
use domain::money::order::Method;
use domain::photo::{ARRIVAL_GRACE, TIME_LIMIT};

use super::house::{House, person};
use crate::failure::Failure;
use crate::orders;
use crate::payments::sweep;
use crate::photos::{Billing, TICKET_LIFE};

/// Covers: IC-60, I24
#[tokio::test]
async fn an_upload_the_balance_cannot_pay_is_refused_and_nothing_moves() {
    let house = House::new();
    house.funded(person(1), 299).await;
    house.submit(person(1), Method::Balance, "first").await.unwrap();
    let before = house.store.inner.dump();
    let refused = house.submit(person(1), Method::Balance, "second").await;
    assert_eq!(refused, Err(Failure::Short { available: 149, needed: 150 }));
    let mut after = house.store.inner.dump();
    after.retain(|key, row| before.get(key) != Some(row));
    assert!(after.keys().all(|key| key.pk == "COUNTER"), "only the number counter moved: {after:?}");
}

/// Covers: IC-61, IC-63
#[tokio::test]
async fn a_pass_takes_what_was_held_and_shows_in_the_orders() {
    let house = House::new();
    house.funded(person(1), 55_884).await;
    let number = house.submit(person(1), Method::Balance, "photo").await.unwrap();
    assert_eq!(house.balance(person(1)).await.available, Fen::new(55_734));
    assert_eq!(house.balance(person(1)).await.balance, Fen::new(55_884));
    house.inspect(person(1), number, b"pass").await.unwrap();
    assert_eq!(house.balance(person(1)).await.balance, Fen::new(55_734));
    let owner = person(1).to_string();
    let filter = orders::Filter::default();
    let found = orders::list(&house.store.inner, &owner, orders::Type::Photos, &filter, 10, None);
    let found = found.await.unwrap().orders;
    assert_eq!((found.len(), found[0].state(), found[0].net()), (1, "paid", Fen::new(150)));
    house.assert_promises("after a pass").await;
}

/// Covers: I9
#[tokio::test]
async fn a_photo_that_fails_or_times_out_costs_nothing_and_frees_the_coupon() {
    for bytes in [Some(b"fail".as_slice()), Some(b"junk"), None] {
        let house = House::new();
        house.funded(person(1), 150).await;
        let coupon = house.granted(person(1), 50, 7).await;
        let number = house.submit(person(1), Method::Balance, "photo").await.unwrap();
        assert_eq!(house.coupon(&coupon).await.tab(house.now()), Tab::Frozen);
        match bytes {
            Some(bytes) => house.inspect(person(1), number, bytes).await.unwrap(),
            None => house.settle_down().await,
        }
        assert_eq!(house.balance(person(1)).await.available, Fen::new(150));
        assert_eq!(house.coupon(&coupon).await.state.name(), "usable");
        house.assert_promises("after a fail").await;
    }
}

/// Covers: IC-62, I14
#[tokio::test]
async fn the_balance_takes_the_soonest_then_the_largest_coupon() {
    let house = House::new();
    house.funded(person(1), 600).await;
    let later = house.granted(person(1), 150, 9).await;
    let small = house.granted(person(1), 20, 3).await;
    let large = house.granted(person(1), 50, 3).await;
    let number = house.submit(person(1), Method::Balance, "photo").await.unwrap();
    house.inspect(person(1), number, b"pass").await.unwrap();
    assert_eq!(house.coupon(&large).await.state.name(), "used");
    assert_eq!(house.coupon(&small).await.state.name(), "usable");
    assert_eq!(house.coupon(&later).await.state.name(), "usable");
    assert_eq!(house.balance(person(1)).await.balance, Fen::new(500));
    house.assert_promises("after a coupon").await;
}

/// Covers: I7
#[tokio::test]
async fn a_hold_nobody_ends_expires_and_a_late_pass_charges_nothing() {
    let house = House::new();
    house.funded(person(1), 150).await;
    assert_eq!(house.payments.money.price_fen(house.now()).await, Ok(150));
    let number = house.submit(person(1), Method::Balance, "photo").await.unwrap();
    let release = async || sweep::release_holds(&house.payments.money).await.unwrap().done;
    // A photo that arrives at the last moment, and is inspected as long as it may be, still finds its hold.
    let longest = TICKET_LIFE + ARRIVAL_GRACE + TIME_LIMIT;
    house.clock.advance(longest);
    assert_eq!((release().await, house.balance(person(1)).await.held), (0, Fen::new(150)));
    assert_eq!(crate::wallet::hold_life(), longest + TIME_LIMIT, "the sweep has its time, too");
    house.clock.advance(TIME_LIMIT);
    assert_eq!(release().await, 1);
    assert_eq!(house.balance(person(1)).await.available, Fen::new(150));
    house.inspect(person(1), number, b"pass").await.unwrap();
    assert_eq!(house.balance(person(1)).await.balance, Fen::new(150));
    house.assert_promises("after an expired hold").await;
}
