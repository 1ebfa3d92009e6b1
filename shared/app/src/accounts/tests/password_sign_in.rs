use jiff::SignedDuration;

use super::person::PASSWORD;
use crate::accounts::{AccountError, PasswordSignIn, Transport, is_live};
use crate::captcha::Purpose;
use crate::testing::TestApp;

/// Signs in from an app, with or without a captcha.
async fn sign_in_from_app(app: &TestApp, password: &str, captcha: bool) -> Result<(), AccountError> {
    let command = PasswordSignIn {
        login: "lilei".to_owned(),
        password: password.into(),
        transport: Transport::App,
        captcha: if captcha { app.solved(Purpose::SignIn).await } else { None },
        device: app.device(),
    };
    app.accounts().sign_in(command).await.map(|_| ())
}

/// Covers: IC-11
#[tokio::test]
async fn sign_in_with_an_unknown_name_answers_like_a_wrong_password() {
    let app = TestApp::new();
    app.register("lilei").await;
    assert!(app.sign_in("LILEI", PASSWORD).await.is_ok());
    assert_eq!(app.sign_in("lilei", "Tr0ub4dor&3-HX").await.unwrap_err(), AccountError::WrongCredentials);
    assert_eq!(app.sign_in("nobody", PASSWORD).await.unwrap_err(), AccountError::WrongCredentials);
    assert_eq!(app.sign_in("13810548469", PASSWORD).await.unwrap_err(), AccountError::WrongCredentials);
    assert_eq!(app.sign_in("李雷", PASSWORD).await.unwrap_err(), AccountError::WrongCredentials);
    assert_eq!(app.sign_in("lilei", &"a".repeat(200)).await.unwrap_err(), AccountError::WrongCredentials);
}

/// Covers: IC-12
#[tokio::test]
async fn page_always_needs_a_captcha_and_an_app_after_five_failures() {
    let app = TestApp::new();
    app.register("lilei").await;
    let page = PasswordSignIn {
        login: "lilei".to_owned(),
        password: PASSWORD.into(),
        transport: Transport::Web,
        captcha: None,
        device: app.device(),
    };
    assert_eq!(app.accounts().sign_in(page).await.unwrap_err(), AccountError::CaptchaNeeded);
    assert_eq!(sign_in_from_app(&app, PASSWORD, false).await, Ok(()));
    for _ in 0..5 {
        assert_eq!(sign_in_from_app(&app, "wrong", false).await, Err(AccountError::WrongCredentials));
    }
    assert_eq!(sign_in_from_app(&app, PASSWORD, false).await, Err(AccountError::CaptchaNeeded));
    assert_eq!(sign_in_from_app(&app, PASSWORD, true).await, Ok(()));
    assert_eq!(sign_in_from_app(&app, PASSWORD, false).await, Ok(()), "the right password resets the count");
}

/// Covers: UA-22
#[tokio::test]
async fn ten_failures_make_their_address_wait_and_no_other() {
    let app = TestApp::new();
    app.register("lilei").await;
    for _ in 0..10 {
        assert_eq!(
            app.sign_in_from("203.0.113.5", "lilei", "wrong").await.unwrap_err(),
            AccountError::WrongCredentials
        );
    }
    let wait = app.sign_in_from("203.0.113.5", "lilei", PASSWORD).await.unwrap_err();
    assert_eq!(wait, AccountError::Wait(SignedDuration::from_mins(15)));
    assert!(app.sign_in("lilei", PASSWORD).await.is_ok(), "the owner signs in from another address");
    app.advance(15 * 60);
    assert_eq!(app.sign_in_from("203.0.113.5", "lilei", "wrong").await.unwrap_err(), AccountError::WrongCredentials);
    let longer = app.sign_in_from("203.0.113.5", "lilei", PASSWORD).await.unwrap_err();
    assert_eq!(longer, AccountError::Wait(SignedDuration::from_mins(30)));
    app.advance(30 * 60);
    assert!(app.sign_in_from("203.0.113.5", "lilei", PASSWORD).await.is_ok());
}

/// Covers: UA-22
#[tokio::test]
async fn unknown_name_must_wait_like_a_known_one() {
    let app = TestApp::new();
    for _ in 0..10 {
        assert_eq!(app.sign_in("nobody", "wrong").await.unwrap_err(), AccountError::WrongCredentials);
    }
    assert_eq!(app.sign_in("nobody", "wrong").await.unwrap_err(), AccountError::Wait(SignedDuration::from_mins(15)));
}

/// Covers: XX-18
#[tokio::test]
async fn address_is_limited_to_thirty_tries_for_all_names() {
    let app = TestApp::new();
    for n in 0..30 {
        assert_eq!(app.sign_in(&format!("name{n}"), "x").await.unwrap_err(), AccountError::WrongCredentials);
    }
    assert_eq!(app.sign_in("name30", "x").await.unwrap_err(), AccountError::Wait(SignedDuration::from_secs(10)));
}

/// Covers: IC-190
#[tokio::test]
async fn sign_out_ends_access_token_and_refresh_token() {
    let app = TestApp::new();
    let signed_in = app.register("lilei").await;
    let now = app.now();
    assert_eq!(is_live(&*app.store, &signed_in.actor, now).await, Ok(true));
    app.accounts().sign_out(&signed_in.actor).await.unwrap();
    assert_eq!(is_live(&*app.store, &signed_in.actor, now).await, Ok(false));
    assert_eq!(app.accounts().refresh(&signed_in.refresh).await.unwrap_err(), AccountError::SessionOver);
    app.accounts().sign_out(&signed_in.actor).await.unwrap();
}
