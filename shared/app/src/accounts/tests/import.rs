use domain::account::{Kind, code};
use domain::actor::Scope;
use jiff::Timestamp;

use crate::accounts::{AccountError, OldAccount, OldHash, OldScheme};
use crate::audit::{AuditActor, Reason};
use crate::testing::TestApp;

const OLD_PASSWORD: &str = "Old-Passw0rd";
const PHONE: &str = "13810548469";

fn old(user_name: &str, scheme: OldScheme) -> OldAccount {
    let old = OldHash { scheme, salt: "s4lt".to_owned() };
    let hash = old.compute(OLD_PASSWORD.as_bytes());
    let registered_at = "2015-05-04T08:00:00Z".parse::<Timestamp>().unwrap();
    OldAccount { user_name: user_name.to_owned(), nickname: None, kind: Kind::Personal, old, hash, registered_at }
}

impl TestApp {
    async fn import(&self, old: &OldAccount) -> Result<domain::actor::AccountId, AccountError> {
        let by = AuditActor { id: "operator/test".to_owned(), request_id: "import".to_owned() };
        self.accounts().import(&by, &Reason::parse("old system closes").unwrap(), old).await
    }

    fn account(&self, id: domain::actor::AccountId) -> crate::store::Row {
        let rows = self.store.inner.dump();
        rows.into_iter().find(|(key, _)| key.pk == format!("ACCOUNT#{id}") && key.sk == "ACCOUNT").unwrap().1
    }
}

/// Covers: IC-189
#[tokio::test]
async fn first_sign_in_of_an_imported_account_replaces_its_old_hash_by_argon2id() {
    let app = TestApp::new();
    let schemes = [OldScheme::Md5, OldScheme::Md5Salted, OldScheme::Sha1Salted, OldScheme::Sha256Salted];
    for (n, scheme) in schemes.into_iter().enumerate() {
        let name = format!("pixel-{n}");
        let old = old(&name, scheme);
        let id = app.import(&old).await.unwrap();
        let before = app.account(id);
        assert!(before["passwordHash"].as_str().unwrap().starts_with("$argon2id$"));
        assert!(!format!("{before:?}").contains(&old.hash), "the old hash is not stored");
        assert!(app.sign_in(&name, "Old-Passw0rD").await.is_err());
        assert!(app.sign_in(&name, &old.hash).await.is_err(), "the old hash does not sign in");
        assert!(app.account(id).contains_key("oldHash"), "a wrong password does not replace the hash");
        app.sign_in(&name, OLD_PASSWORD).await.unwrap();
        let after = app.account(id);
        assert!(!after.contains_key("oldHash"));
        assert_ne!(after["passwordHash"], before["passwordHash"]);
        app.sign_in(&name, OLD_PASSWORD).await.unwrap();
        app.advance(600);
    }
}

/// Covers: IC-189
#[tokio::test]
async fn import_refuses_a_taken_name_and_a_malformed_account() {
    let app = TestApp::new();
    app.import(&old("pixel", OldScheme::Md5)).await.unwrap();
    assert_eq!(app.import(&old("PIXEL", OldScheme::Md5)).await.unwrap_err(), AccountError::NameTaken);
    app.register("lilei").await;
    assert_eq!(app.import(&old("lilei", OldScheme::Md5)).await.unwrap_err(), AccountError::NameTaken);
    let mut broken = old("pixel-2", OldScheme::Md5);
    broken.hash.pop();
    assert!(matches!(app.import(&broken).await.unwrap_err(), AccountError::Fields(_)));
    broken.user_name = "张".to_owned();
    assert!(matches!(app.import(&broken).await.unwrap_err(), AccountError::Fields(_)));
}

/// Covers: IC-185, IC-187, IC-188
#[tokio::test]
async fn imported_account_must_bind_a_phone_before_it_gets_full_scope_and_sms_sign_in() {
    let app = TestApp::new();
    app.import(&old("pixel", OldScheme::Sha256Salted)).await.unwrap();
    let first = app.sign_in("pixel", OLD_PASSWORD).await.unwrap();
    assert_eq!(first.actor.scope, Scope::BindPhone);
    let refreshed = app.accounts().refresh(&first.refresh).await.unwrap();
    assert_eq!(refreshed.actor.scope, Scope::BindPhone, "a refresh keeps the scope");

    let sent = app.send(code::Purpose::SignIn, PHONE).await;
    assert!(sent.is_ok(), "the answer for an unbound number is the same");
    assert_eq!(app.received(PHONE).await, None, "nothing was sent to it");
    app.advance(60);

    let code = app.code(code::Purpose::BindPhone, PHONE).await;
    let bound = app.accounts().bind_phone(&refreshed.actor, PHONE, &code, None).await.unwrap();
    assert_eq!(bound.phone_masked.as_deref(), Some("138****8469"));
    let full = app.accounts().refresh(&refreshed.refresh).await.unwrap();
    assert_eq!(full.actor.scope, Scope::Full, "the same session");
    app.advance(60);

    let code = app.code(code::Purpose::SignIn, PHONE).await;
    let command = crate::accounts::SmsSignIn { phone: PHONE.to_owned(), code, device: app.device() };
    let by_sms = app.accounts().sign_in_by_sms(command).await.unwrap();
    assert_eq!((by_sms.actor.account, by_sms.actor.scope), (first.actor.account, Scope::Full));
}

/// Covers: IC-187
#[tokio::test]
async fn imported_account_cannot_bind_the_phone_of_another_account() {
    let app = TestApp::new();
    app.register_phone(PHONE).await;
    app.import(&old("pixel", OldScheme::Md5)).await.unwrap();
    let first = app.sign_in("pixel", OLD_PASSWORD).await.unwrap();
    let code = app.code(code::Purpose::BindPhone, PHONE).await;
    let refused = app.accounts().bind_phone(&first.actor, PHONE, &code, None).await.unwrap_err();
    assert_eq!(refused, AccountError::PhoneTaken);
    assert_eq!(app.accounts().refresh(&first.refresh).await.unwrap().actor.scope, Scope::BindPhone);
}
