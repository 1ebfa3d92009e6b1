use std::sync::Arc;

use domain::account::code::Purpose;

use crate::accounts::{AccountError, FieldError};
use crate::testing::TestApp;

/// Covers: IC-06, IC-07
#[tokio::test]
async fn registration_signs_in_and_stores_the_consent() {
    let app = TestApp::new();
    let signed_in = app.register("LiLei").await;
    assert_eq!(signed_in.profile.user_name, "LiLei");
    assert_eq!(signed_in.profile.nickname.as_deref(), Some("小明"));
    let rows = app.store.inner.dump();
    let account = rows.values().find(|row| row.contains_key("passwordHash")).unwrap();
    assert_eq!(account["consent"]["version"], "2024-02");
    assert_eq!(account["consent"]["at"], app.now().to_string());
    assert!(app.sign_in("lilei", super::person::PASSWORD).await.is_ok());
}

/// Covers: IC-06
#[tokio::test]
async fn registration_names_every_bad_field() {
    let app = TestApp::new();
    let mut form = app.form("1lei").await;
    form.password = "short".into();
    form.agreement = String::new();
    form.nickname = Some("字".repeat(21));
    let Err(AccountError::Fields(errors)) = app.accounts().register(form).await else { panic!("it must be refused") };
    let has = |field, code| errors.contains(&FieldError { field, code });
    assert!(has("userName", "user-name-malformed") && has("nickname", "nickname-malformed"));
    assert!(has("password", "password-too-short") && has("password", "password-needs-upper"));
    assert!(has("agreement", "agreement-needed"));
    assert!(app.store.inner.dump().keys().all(|key| !key.pk.starts_with("NAME#")), "no name is reserved");
}

/// Covers: IC-12
#[tokio::test]
async fn registration_needs_a_captcha_for_its_purpose() {
    let app = TestApp::new();
    let mut form = app.form("lilei").await;
    form.captcha = None;
    assert_eq!(app.accounts().register(form).await.unwrap_err(), AccountError::CaptchaNeeded);
    let mut form = app.form("lilei").await;
    form.captcha = app.solved(crate::captcha::Purpose::SignIn).await;
    assert_eq!(app.accounts().register(form).await.unwrap_err(), AccountError::CaptchaUnsolved);
}

/// Covers: IC-08
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_registrations_of_one_name_succeed_once() {
    let app = Arc::new(TestApp::new());
    let mut forms = Vec::new();
    for n in 0..50 {
        let mut form = app.form(if n % 2 == 0 { "LiLei" } else { "lilei" }).await;
        form.device.address = format!("192.0.2.{n}");
        forms.push(form);
    }
    let calls: Vec<_> = forms
        .into_iter()
        .map(|form| {
            let app = app.clone();
            tokio::spawn(async move { app.accounts().register(form).await.map(|_| ()) })
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer, Ok(()) | Err(AccountError::NameTaken))), "{answers:?}");
    let accounts = app.store.inner.dump().keys().filter(|key| key.pk.starts_with("ACCOUNT#")).count();
    assert_eq!(accounts, 1);
}

/// Covers: IC-08, I31
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_registrations_of_one_phone_succeed_once() {
    let app = Arc::new(TestApp::new());
    let mut forms = Vec::new();
    for n in 0..5 {
        // One phone gets five codes an hour.
        let code = app.code(Purpose::Register, "13810548469").await;
        app.advance(60);
        for m in 0..10 {
            let mut form = app.form(&format!("name-{n}-{m}")).await;
            form.phone = Some(("13810548469".to_owned(), code.clone()));
            form.device.address = format!("192.0.2.{n}");
            forms.push(form);
        }
    }
    let shared = app.clone();
    let calls: Vec<_> = forms
        .into_iter()
        .map(|form| {
            let app = shared.clone();
            tokio::spawn(async move { app.accounts().register(form).await.map(|_| ()) })
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    assert!(
        answers.iter().all(|answer| matches!(answer, Ok(()) | Err(AccountError::PhoneTaken | AccountError::CodeWrong)))
    );
    assert_eq!(app.store.inner.dump().keys().filter(|key| key.sk == "ACCOUNT").count(), 1);
    assert_eq!(
        app.store.inner.dump().keys().filter(|key| key.sk == "DATA-KEY").count(),
        1,
        "a refused registration stores no key"
    );
}

/// Covers: UA-04
#[tokio::test]
async fn registered_phone_signs_in_and_is_stored_sealed() {
    let app = TestApp::new();
    let signed_in = app.register_phone("13810548469").await;
    assert_eq!(signed_in.profile.phone_masked.as_deref(), Some("138****8469"));
    assert!(app.sign_in("138 1054 8469", super::person::PASSWORD).await.is_ok());
    for (key, row) in app.store.inner.dump() {
        let text = format!("{key} {}", serde_json::to_string(&row).unwrap());
        assert!(!text.contains("13810548469"), "{text}");
    }
}

/// Covers: IC-08
#[tokio::test]
async fn taken_phone_is_reported_only_to_its_owner() {
    let app = TestApp::new();
    app.register_phone("13810548469").await;
    let code = app.code(Purpose::Register, "13810548469").await;
    let mut form = app.form("another").await;
    form.phone = Some(("13810548469".to_owned(), code));
    assert_eq!(app.accounts().register(form).await.unwrap_err(), AccountError::PhoneTaken);
}
