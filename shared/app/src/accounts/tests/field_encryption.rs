use crate::accounts::field_encryption::destroy_data_key;
use crate::accounts::{AccountError, MemoryDataKeyProvider};
use crate::failure::Failure;
use crate::random::OsRandom;
use crate::store::{Change, Key, Store, Table};
use crate::testing::TestApp;

const PHONE: &str = "13810548469";

fn key(account: impl std::fmt::Display, sk: &str) -> Key {
    Key::new(Table::Accounts, format!("ACCOUNT#{account}"), sk)
}

#[tokio::test]
async fn phone_is_stored_sealed_and_opens_only_with_its_data_key_provider() {
    let app = TestApp::new();
    let person = app.register_phone(PHONE).await;
    for (key, row) in app.store.inner.dump() {
        let text = format!("{key} {row:?}");
        assert!(!text.contains(PHONE) && !text.contains("0548469"), "{key}");
    }
    let other = app.new_accounts(MemoryDataKeyProvider::new(&OsRandom));
    let answer = other.own_phone(person.actor.account).await;
    assert!(matches!(answer, Err(AccountError::Other(Failure::Internal(_)))), "{answer:?}");
    let phone = app.accounts().own_phone(person.actor.account).await.unwrap().unwrap();
    assert_eq!(phone.digits(), PHONE);
}

#[tokio::test]
async fn sealed_value_or_data_key_copied_to_another_field_or_account_does_not_open() {
    let app = TestApp::new();
    let [a, b] = ["13810548469", "13810548470"];
    let (a, b) = (app.register_phone(a).await.actor.account, app.register_phone(b).await.actor.account);
    let sealed = app.store.get(&key(a, "ACCOUNT")).await.unwrap().unwrap()["phoneSealed"].clone();
    let text = sealed.as_str().unwrap().to_owned();
    assert!(app.accounts().unseal(a, "phone", &text).await.is_ok());
    assert!(app.accounts().unseal(a, "email", &text).await.is_err(), "another field");
    assert!(app.accounts().unseal(b, "phone", &text).await.is_err(), "another account");

    // With the key copied too: it was wrapped for its own account.
    let wrapped = app.store.get(&key(a, "DATA-KEY")).await.unwrap().unwrap();
    app.store.apply(Change::put(key(b, "DATA-KEY"), wrapped)).await.unwrap();
    app.store.apply(Change::update(key(b, "ACCOUNT")).set("phoneSealed", sealed)).await.unwrap();
    assert!(app.accounts().own_phone(b).await.is_err());
}

#[tokio::test]
async fn value_does_not_open_after_its_data_key_is_destroyed() {
    let app = TestApp::new();
    let id = app.register_phone(PHONE).await.actor.account;
    let memory = MemoryDataKeyProvider::new(&OsRandom);
    app.store.apply(destroy_data_key(id)).await.unwrap();
    assert!(app.new_accounts(memory).own_phone(id).await.is_err());
}
