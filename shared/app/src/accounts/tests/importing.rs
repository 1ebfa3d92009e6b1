use domain::account::{Kind, code};
use domain::actor::Scope;
use jiff::Timestamp;

use super::house::House;
use crate::accounts::{Failure, OldAccount, OldHash, OldScheme};
use crate::audit::{Doer, Why};

const OLD_PASSWORD: &str = "Old-Passw0rd";
const PHONE: &str = "13810548469";

fn old(user_name: &str, scheme: OldScheme) -> OldAccount {
    let old = OldHash { scheme, salt: "s4lt".to_owned() };
    let hash = old.of(OLD_PASSWORD.as_bytes());
    let registered_at = "2015-05-04T08:00:00Z".parse::<Timestamp>().unwrap();
    OldAccount { user_name: user_name.to_owned(), nickname: None, kind: Kind::Personal, old, hash, registered_at }
}

impl House {
    async fn import(&self, old: &OldAccount) -> Result<domain::actor::AccountId, Failure> {
        let by = Doer { by: "operator/test".to_owned(), request_id: "import".to_owned() };
        self.accounts.import(&by, &Why::parse("old system closes").unwrap(), old).await
    }

    fn account(&self, id: domain::actor::AccountId) -> crate::store::Row {
        let rows = self.store.dump();
        rows.into_iter().find(|(key, _)| key.pk == format!("ACCOUNT#{id}") && key.sk == "ACCOUNT").unwrap().1
    }
}

/// Covers: IC-189
#[tokio::test]
async fn an_old_password_signs_in_once_by_its_old_hash_and_from_then_on_by_argon2id_alone() {
    let house = House::new();
    let schemes = [OldScheme::Md5, OldScheme::Md5Salted, OldScheme::Sha1Salted, OldScheme::Sha256Salted];
    for (n, scheme) in schemes.into_iter().enumerate() {
        let name = format!("pixel-{n}");
        let old = old(&name, scheme);
        let id = house.import(&old).await.unwrap();
        let before = house.account(id);
        assert!(before["passwordHash"].as_str().unwrap().starts_with("$argon2id$"));
        assert!(!format!("{before:?}").contains(&old.hash), "the old hash rests nowhere");
        assert!(house.sign_in(&name, "Old-Passw0rD").await.is_err());
        assert!(house.sign_in(&name, &old.hash).await.is_err(), "the hash is no password");
        assert!(house.account(id).contains_key("oldHash"), "a wrong password upgrades nothing");
        house.sign_in(&name, OLD_PASSWORD).await.unwrap();
        let after = house.account(id);
        assert!(!after.contains_key("oldHash"));
        assert_ne!(after["passwordHash"], before["passwordHash"]);
        house.sign_in(&name, OLD_PASSWORD).await.unwrap();
        house.pass(600);
    }
}

/// Covers: IC-189
#[tokio::test]
async fn running_an_import_again_brings_in_only_what_is_missing() {
    let house = House::new();
    house.import(&old("pixel", OldScheme::Md5)).await.unwrap();
    assert_eq!(house.import(&old("PIXEL", OldScheme::Md5)).await.unwrap_err(), Failure::NameTaken);
    house.register("lilei").await;
    assert_eq!(house.import(&old("lilei", OldScheme::Md5)).await.unwrap_err(), Failure::NameTaken);
    let mut broken = old("pixel-2", OldScheme::Md5);
    broken.hash.pop();
    assert!(matches!(house.import(&broken).await.unwrap_err(), Failure::Fields(_)));
    broken.user_name = "张".to_owned();
    assert!(matches!(house.import(&broken).await.unwrap_err(), Failure::Fields(_)));
}

/// Covers: IC-185, IC-187, IC-188
#[tokio::test]
async fn an_old_account_binds_a_phone_before_anything_else_and_by_message_only_after() {
    let house = House::new();
    house.import(&old("pixel", OldScheme::Sha256Salted)).await.unwrap();
    let first = house.sign_in("pixel", OLD_PASSWORD).await.unwrap();
    assert_eq!(first.actor.scope, Scope::BindPhone);
    let refreshed = house.accounts.refresh(&first.refresh).await.unwrap();
    assert_eq!(refreshed.actor.scope, Scope::BindPhone, "a refresh is no way around");

    let sent = house.send(code::Purpose::SignIn, PHONE).await;
    assert!(sent.is_ok(), "an unbound number looks like any other");
    assert_eq!(house.received(PHONE).await, None, "and nothing was sent to it");
    house.pass(60);

    let code = house.code(code::Purpose::BindPhone, PHONE).await;
    let bound = house.accounts.bind_phone(&refreshed.actor, PHONE, &code, None).await.unwrap();
    assert_eq!(bound.phone_masked.as_deref(), Some("138****8469"));
    let whole = house.accounts.refresh(&refreshed.refresh).await.unwrap();
    assert_eq!(whole.actor.scope, Scope::Full, "the same device goes on");
    house.pass(60);

    let code = house.code(code::Purpose::SignIn, PHONE).await;
    let command = crate::accounts::SmsSignIn { phone: PHONE.to_owned(), code, device: house.device() };
    let by_message = house.accounts.sign_in_by_sms(command).await.unwrap();
    assert_eq!((by_message.actor.account, by_message.actor.scope), (first.actor.account, Scope::Full));
}

/// Covers: IC-187
#[tokio::test]
async fn a_phone_of_another_account_is_not_bound_and_the_old_account_stays_where_it_was() {
    let house = House::new();
    house.register_phone(PHONE).await;
    house.import(&old("pixel", OldScheme::Md5)).await.unwrap();
    let first = house.sign_in("pixel", OLD_PASSWORD).await.unwrap();
    let code = house.code(code::Purpose::BindPhone, PHONE).await;
    let refused = house.accounts.bind_phone(&first.actor, PHONE, &code, None).await.unwrap_err();
    assert_eq!(refused, Failure::PhoneTaken);
    assert_eq!(house.accounts.refresh(&first.refresh).await.unwrap().actor.scope, Scope::BindPhone);
}
