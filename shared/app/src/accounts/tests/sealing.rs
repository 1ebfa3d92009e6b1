use std::sync::Arc;

use super::house::House;
use crate::accounts::{Accounts, Failure, Keys, MemoryKeyHouse};
use crate::random::OsRandom;
use crate::store::{Change, Key, Store, Table};

const PHONE: &str = "13810548469";

fn key(account: impl std::fmt::Display, sk: &str) -> Key {
    Key::new(Table::Accounts, format!("ACCOUNT#{account}"), sk)
}

impl House {
    /// A process that starts now: it has opened no key yet.
    fn another(&self, house: MemoryKeyHouse) -> Accounts {
        let keys = Arc::new(Keys::derive(&"tokens".repeat(11), &"passwords".repeat(8), &"messages".repeat(8)).unwrap());
        Accounts::new(self.store.clone(), self.clock.clone(), Arc::new(OsRandom), keys, Arc::new(house))
    }
}

#[tokio::test]
async fn no_row_shows_a_phone_and_only_the_key_house_opens_one() {
    let house = House::new();
    let person = house.register_phone(PHONE).await;
    for (key, row) in house.store.dump() {
        let text = format!("{key} {row:?}");
        assert!(!text.contains(PHONE) && !text.contains("0548469"), "{key}");
    }
    let stranger = house.another(MemoryKeyHouse::new(&OsRandom));
    assert!(matches!(stranger.own_phone(person.actor.account).await, Err(Failure::Broken(_))));
    let phone = house.accounts.own_phone(person.actor.account).await.unwrap().unwrap();
    assert_eq!(phone.digits(), PHONE);
}

#[tokio::test]
async fn a_sealed_value_or_key_moved_to_another_account_or_field_does_not_open() {
    let house = House::new();
    let [a, b] = ["13810548469", "13810548470"];
    let (a, b) = (house.register_phone(a).await.actor.account, house.register_phone(b).await.actor.account);
    let sealed = house.store.get(&key(a, "ACCOUNT")).await.unwrap().unwrap()["phoneSealed"].clone();
    let text = sealed.as_str().unwrap().to_owned();
    assert!(house.accounts.unseal(a, "phone", &text).await.is_ok());
    assert!(house.accounts.unseal(a, "email", &text).await.is_err(), "another field");
    assert!(house.accounts.unseal(b, "phone", &text).await.is_err(), "another account");

    // Even with the key carried along: it was wrapped for its own account.
    let wrapped = house.store.get(&key(a, "DATA-KEY")).await.unwrap().unwrap();
    house.store.apply(Change::put(key(b, "DATA-KEY"), wrapped)).await.unwrap();
    house.store.apply(Change::update(key(b, "ACCOUNT")).set("phoneSealed", sealed)).await.unwrap();
    assert!(house.accounts.own_phone(b).await.is_err());
}

#[tokio::test]
async fn a_destroyed_key_takes_its_values_with_it() {
    let house = House::new();
    let id = house.register_phone(PHONE).await.actor.account;
    let memory = MemoryKeyHouse::new(&OsRandom);
    house.store.apply(super::super::fields::shred(id)).await.unwrap();
    assert!(house.another(memory).own_phone(id).await.is_err());
}
