//! How money lies in the store.

use domain::money::order::Method;

use super::house::{House, person};
use crate::books::key;
use crate::failure::Failure;
use crate::store::{Change, Store};

/// Covers: I3
#[tokio::test]
async fn versions_count_writes_and_an_entry_holds_nothing_but_itself() {
    let house = House::new();
    let owner = person(1).to_string();
    for version in 1..4 {
        if version > 1 {
            house.funded(person(1), 150).await;
        } else {
            house.recharge(person(1), 150, "first").await.unwrap();
        }
        let wallet = house.store.inner.get(&key::wallet(&owner)).await.unwrap().unwrap();
        assert_eq!(wallet["version"], version);
    }
    let entry = house.store.inner.get(&key::entry(&owner, 1)).await.unwrap().unwrap();
    assert_eq!(entry.keys().collect::<Vec<_>>(), ["data", "pk", "sk", "version"]);
}

/// The version alone would let this through: the row says at the same time that the money is not there.
///
/// Covers: I2
#[tokio::test(start_paused = true)]
async fn no_money_is_spent_that_the_row_does_not_have() {
    let house = House::new();
    house.funded(person(1), 1000).await;
    let wallet = key::wallet(&person(1).to_string());
    house.store.inner.apply(Change::update(wallet).set("available", 149)).await.unwrap();
    let refused = house.submit(person(1), Method::Balance, "photo").await;
    assert_eq!(refused, Err(Failure::Unavailable("lost too many races".into())));
    house.store.inner.apply(Change::update(key::wallet(&person(1).to_string())).set("available", 150)).await.unwrap();
    house.submit(person(1), Method::Balance, "photo").await.unwrap();
}
