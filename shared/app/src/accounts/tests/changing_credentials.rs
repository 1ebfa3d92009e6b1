use domain::account::code::Purpose;

use super::person::PASSWORD;
use crate::accounts::{AccountError, CodeAnswer, FieldError, Proof, StepUp, is_live};
use crate::captcha;
use crate::failure::Failure;
use crate::messages::Message;
use crate::testing::TestApp;

const OLD: &str = "13810548469";
const NEW: &str = "13048958911";
const NEW_PASSWORD: &str = "Violet-Kettle-47";

/// Covers: IC-175, IC-176
#[tokio::test]
async fn new_password_needs_the_current_one_and_ends_other_sessions() {
    let app = TestApp::new();
    let first = app.register("lilei").await;
    let second = app.sign_in("lilei", PASSWORD).await.unwrap();
    let change =
        |current: &'static str| app.accounts().change_password(&second.actor, Some(current), None, NEW_PASSWORD);
    let wrong = FieldError { field: "currentPassword", code: "password-wrong" };
    assert_eq!(change("Wrong-0ne!x").await, Err(AccountError::Fields(vec![wrong])));
    assert_eq!(change(PASSWORD).await, Ok(()));
    assert_eq!(app.sign_in("lilei", PASSWORD).await.unwrap_err(), AccountError::WrongCredentials);
    assert!(app.sign_in("lilei", NEW_PASSWORD).await.is_ok());
    let now = app.now();
    assert_eq!(is_live(&*app.store, &first.actor, now).await, Ok(false));
    assert_eq!(is_live(&*app.store, &second.actor, now).await, Ok(true), "the session of the request stays");
    assert_eq!(app.accounts().refresh(&first.refresh).await.unwrap_err(), AccountError::SessionOver);
}

/// Covers: UA-33
#[tokio::test]
async fn step_up_token_replaces_the_current_password_once_for_its_purpose_and_session() {
    let app = TestApp::new();
    let person = app.register_phone(OLD).await;
    let stranger = app.register("lilei").await;
    let proof = || Proof::Password(PASSWORD.into());
    let (token, _) = app.accounts().step_up(&person.actor, StepUp::ChangePhone, proof()).await.unwrap();
    let other = app.accounts().change_password(&person.actor, None, Some(&token), NEW_PASSWORD).await;
    assert_eq!(other, Err(AccountError::StepUpNeeded), "another purpose");
    let (token, _) = app.accounts().step_up(&person.actor, StepUp::ChangePassword, proof()).await.unwrap();
    let stolen = app.accounts().change_password(&stranger.actor, None, Some(&token), NEW_PASSWORD).await;
    assert_eq!(stolen, Err(AccountError::StepUpNeeded), "another person");
    let (token, _) = app.accounts().step_up(&person.actor, StepUp::ChangePassword, proof()).await.unwrap();
    app.advance(300);
    let late = app.accounts().change_password(&person.actor, None, Some(&token), NEW_PASSWORD).await;
    assert_eq!(late, Err(AccountError::StepUpNeeded), "too late");
    let (token, _) = app.accounts().step_up(&person.actor, StepUp::ChangePassword, proof()).await.unwrap();
    assert_eq!(app.accounts().change_password(&person.actor, None, Some(&token), NEW_PASSWORD).await, Ok(()));
    let again = app.accounts().change_password(&person.actor, None, Some(&token), PASSWORD).await;
    assert_eq!(again, Err(AccountError::StepUpNeeded), "twice");
}

/// Covers: UA-34, UA-36
#[tokio::test]
async fn replacing_the_phone_needs_both_phones_and_sends_a_notice_to_both() {
    let app = TestApp::new();
    let person = app.register_phone(OLD).await;
    let code = app.code(Purpose::BindPhone, NEW).await;
    let skipped = app.accounts().bind_phone(&person.actor, NEW, &code, None).await;
    assert_eq!(skipped.unwrap_err(), AccountError::StepUpNeeded);

    let captcha = app.solved(captcha::Purpose::SmsCode).await;
    let sent = app.accounts().send_own_code(&person.actor, captcha.as_ref()).await.unwrap();
    let proof = CodeAnswer { id: sent.id, digits: app.received(OLD).await.unwrap() };
    let (token, _) = app.accounts().step_up(&person.actor, StepUp::ChangePhone, Proof::Code(proof)).await.unwrap();
    let profile = app.accounts().bind_phone(&person.actor, NEW, &code, Some(&token)).await.unwrap();
    assert_eq!(profile.phone_masked.as_deref(), Some("130****8911"));
    assert!(app.sign_in(NEW, PASSWORD).await.is_ok());
    assert_eq!(app.sign_in(OLD, PASSWORD).await.unwrap_err(), AccountError::WrongCredentials);
    let messages = app.messages().await;
    for phone in [OLD, NEW] {
        let notice = Message::Notice { phone: format!("+86{phone}"), change: "phone-changed".to_owned() };
        assert!(messages.contains(&notice), "{phone}");
    }
    app.advance(60);
    app.register_phone(OLD).await;
    let taken = app.code(Purpose::BindPhone, OLD).await;
    let step_up = app.accounts().step_up(&person.actor, StepUp::ChangePhone, Proof::Password(PASSWORD.into())).await;
    let answer = app.accounts().bind_phone(&person.actor, OLD, &taken, Some(&step_up.unwrap().0)).await;
    assert_eq!(answer.unwrap_err(), AccountError::PhoneTaken);
}

/// Covers: IC-187
#[tokio::test]
async fn first_phone_needs_only_its_own_code_and_then_signs_in() {
    let app = TestApp::new();
    let person = app.register("lilei").await;
    let code = app.code(Purpose::BindPhone, NEW).await;
    app.accounts().bind_phone(&person.actor, NEW, &code, None).await.unwrap();
    assert!(app.sign_in(NEW, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn list_of_devices_shows_live_sessions_and_ends_one_of_them() {
    let app = TestApp::new();
    let first = app.register("lilei").await;
    app.advance(1);
    let second = app.sign_in("lilei", PASSWORD).await.unwrap();
    let listed = app.accounts().sessions(&second.actor).await.unwrap();
    assert_eq!(listed.iter().map(|session| session.current).collect::<Vec<_>>(), [true, false]);
    let stranger = app.register("hanmei").await;
    let answer = app.accounts().remove_session(&stranger.actor, first.actor.session).await;
    assert_eq!(answer, Err(Failure::NotFound.into()), "the session of another account");
    app.accounts().remove_session(&second.actor, first.actor.session).await.unwrap();
    assert_eq!(app.accounts().refresh(&first.refresh).await.unwrap_err(), AccountError::SessionOver);
    assert_eq!(app.accounts().sessions(&second.actor).await.unwrap().len(), 1);
}
