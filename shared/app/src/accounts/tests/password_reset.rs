use super::person::PASSWORD;
use crate::accounts::{AccountError, CodeAnswer, Recovery, is_live};
use crate::captcha::Purpose;
use crate::failure::Failure;
use crate::testing::TestApp;

const PHONE: &str = "13810548469";
const NEW: &str = "Violet-Kettle-47";

async fn start(app: &TestApp, login: &str) -> Recovery {
    let captcha = app.solved(Purpose::Recover).await;
    app.accounts().start_recovery(login, captcha.as_ref(), "192.0.2.1").await.unwrap()
}

async fn code(app: &TestApp, recovery: &Recovery) -> CodeAnswer {
    let sent = app.accounts().send_recovery_code(&recovery.token).await.unwrap();
    CodeAnswer { id: sent.id, digits: app.received(PHONE).await.unwrap() }
}

/// Covers: UA-23, UA-24, UA-25, UA-26
#[tokio::test]
async fn four_steps_replace_the_password_and_end_every_session() {
    let app = TestApp::new();
    let before = app.register_phone(PHONE).await;
    let recovery = start(&app, PHONE).await;
    assert_eq!(recovery.phone_masked, "138****8469");
    let code = code(&app, &recovery).await;
    app.accounts().prove_recovery(&recovery.token, &code).await.unwrap();
    app.accounts().finish_recovery(&recovery.token, NEW).await.unwrap();
    assert_eq!(app.sign_in(PHONE, PASSWORD).await.unwrap_err(), AccountError::WrongCredentials);
    assert!(app.sign_in(PHONE, NEW).await.is_ok());
    let now = app.now();
    assert_eq!(is_live(&*app.store, &before.actor, now).await, Ok(false), "old sessions have ended");
    assert!(matches!(app.accounts().finish_recovery(&recovery.token, PASSWORD).await, Err(AccountError::Refused(_))));
}

/// Covers: UA-27
#[tokio::test]
async fn step_out_of_order_or_after_fifteen_minutes_is_refused() {
    let app = TestApp::new();
    app.register_phone(PHONE).await;
    let recovery = start(&app, PHONE).await;
    assert!(matches!(app.accounts().finish_recovery(&recovery.token, NEW).await, Err(AccountError::Refused(_))));
    let proof = code(&app, &recovery).await;
    app.advance(15 * 60);
    assert!(matches!(app.accounts().prove_recovery(&recovery.token, &proof).await, Err(AccountError::Refused(_))));
    assert_eq!(app.accounts().send_recovery_code("x").await.unwrap_err(), Failure::NotFound.into());
}

#[tokio::test]
async fn unknown_name_gets_the_same_answers_and_no_code() {
    let app = TestApp::new();
    let first = start(&app, "nobody").await;
    let again = start(&app, "Nobody").await;
    assert_eq!(first.phone_masked, again.phone_masked, "the same mask each time");
    assert_eq!(first.phone_masked.len(), 11);
    let sent = app.accounts().send_recovery_code(&first.token).await.unwrap();
    let guess = CodeAnswer { id: sent.id, digits: "123456".to_owned() };
    assert_eq!(app.accounts().prove_recovery(&first.token, &guess).await.unwrap_err(), AccountError::CodeWrong);
    let messages = app.messages().await;
    assert!(messages.iter().all(|message| *message == crate::messages::Message::NoOp), "{messages:?}");
}

#[tokio::test]
async fn weak_new_password_is_refused_and_the_reset_can_go_on() {
    let app = TestApp::new();
    app.register_phone(PHONE).await;
    let recovery = start(&app, PHONE).await;
    let proof = code(&app, &recovery).await;
    app.accounts().prove_recovery(&recovery.token, &proof).await.unwrap();
    assert!(matches!(app.accounts().finish_recovery(&recovery.token, "weak").await, Err(AccountError::Fields(_))));
    assert_eq!(app.accounts().finish_recovery(&recovery.token, NEW).await, Ok(()));
}
