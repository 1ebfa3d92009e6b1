use std::collections::BTreeSet;
use std::sync::Arc;

use domain::account::code::Purpose;
use jiff::SignedDuration;

use crate::accounts::{AccountError, CodeAnswer, Requester, SentCode, SignedIn, SmsSignIn};
use crate::captcha;
use crate::messages::Message;
use crate::testing::TestApp;

const PHONE: &str = "13810548469";

async fn by_sms(app: &TestApp, phone: &str, code: &CodeAnswer) -> Result<SignedIn, AccountError> {
    let command = SmsSignIn { phone: phone.to_owned(), code: code.clone(), device: app.device() };
    app.accounts().sign_in_by_sms(command).await
}

fn wrong(code: &CodeAnswer) -> CodeAnswer {
    let digits = if code.digits == "000000" { "000001" } else { "000000" };
    CodeAnswer { digits: digits.to_owned(), ..code.clone() }
}

/// Covers: IC-13, UA-18
#[tokio::test]
async fn code_signs_in_once() {
    let app = TestApp::new();
    let account = app.register_phone(PHONE).await.actor.account;
    let code = app.code(Purpose::SignIn, PHONE).await;
    assert_eq!(by_sms(&app, PHONE, &code).await.unwrap().actor.account, account);
    assert_eq!(by_sms(&app, PHONE, &code).await.unwrap_err(), AccountError::CodeWrong);
}

/// Covers: IC-16
#[tokio::test]
async fn code_is_void_after_five_wrong_tries_or_five_minutes() {
    let app = TestApp::new();
    app.register_phone(PHONE).await;
    let code = app.code(Purpose::SignIn, PHONE).await;
    for _ in 0..5 {
        assert_eq!(by_sms(&app, PHONE, &wrong(&code)).await.unwrap_err(), AccountError::CodeWrong);
    }
    assert_eq!(
        by_sms(&app, PHONE, &code).await.unwrap_err(),
        AccountError::CodeWrong,
        "the right digits at the sixth try"
    );
    app.advance(60);
    let code = app.code(Purpose::SignIn, PHONE).await;
    app.advance(299);
    assert!(by_sms(&app, PHONE, &code).await.is_ok());
    let code = app.code(Purpose::SignIn, PHONE).await;
    app.advance(300);
    assert_eq!(by_sms(&app, PHONE, &code).await.unwrap_err(), AccountError::CodeWrong);
}

fn wait_of(answer: Result<SentCode, AccountError>) -> SignedDuration {
    let Err(AccountError::Wait(wait)) = answer else { panic!("{answer:?}") };
    wait
}

/// Covers: IC-16
#[tokio::test]
async fn phone_gets_one_code_a_minute_five_an_hour_and_ten_a_day() {
    let app = TestApp::new();
    for n in 0..5 {
        assert!(app.send(Purpose::Register, PHONE).await.is_ok(), "{n}");
        assert!(wait_of(app.send(Purpose::SignIn, PHONE).await) <= SignedDuration::from_secs(60));
        app.advance(60);
    }
    let wait = wait_of(app.send(Purpose::Register, PHONE).await);
    assert!(wait > SignedDuration::from_mins(5) && wait < SignedDuration::from_mins(12), "{wait}");
    for n in 5..10 {
        app.advance(720);
        assert!(app.send(Purpose::Register, PHONE).await.is_ok(), "{n}");
    }
    app.advance(720);
    let wait = wait_of(app.send(Purpose::Register, PHONE).await);
    assert!(wait > SignedDuration::from_hours(1), "until midnight in China: {wait}");
}

/// Covers: IC-16
#[tokio::test]
async fn device_gets_twenty_codes_a_day_for_all_phones() {
    let app = TestApp::new();
    let requester = |device: Option<&str>| Requester { device: device.map(str::to_owned), ..app.requester() };
    let send = async |n: i64, requester: &Requester| {
        let captcha = app.solved(captcha::Purpose::SmsCode).await;
        app.accounts().send_code(Purpose::Register, &format!("138{n:08}"), captcha.as_ref(), requester).await
    };
    for n in 0..20 {
        assert!(send(n, &requester(Some("device-one"))).await.is_ok(), "{n}");
        app.advance(180);
    }
    assert!(wait_of(send(20, &requester(Some("device-one"))).await) > SignedDuration::from_hours(1));
    app.advance(180);
    assert!(send(21, &requester(Some("device-two"))).await.is_ok());
    app.advance(180);
    assert!(send(22, &requester(None)).await.is_ok(), "a device without an id is counted by its address");
}

/// Covers: IC-14, IC-188
#[tokio::test]
async fn sign_in_code_for_an_unknown_phone_gets_the_same_answer_and_sends_nothing() {
    let app = TestApp::new();
    app.register_phone(PHONE).await;
    let before = app.store.inner.dump().len();
    let known = app.send(Purpose::SignIn, PHONE).await.unwrap();
    let between = app.store.inner.dump().len();
    let unknown = app.send(Purpose::SignIn, "13048958911").await.unwrap();
    let after = app.store.inner.dump().len();
    assert_eq!((known.expires_at, known.resend_at), (unknown.expires_at, unknown.resend_at));
    assert_eq!(known.id.len(), unknown.id.len());
    assert!(app.received("13048958911").await.is_none());
    let no_ops = app.messages().await.into_iter().filter(|message| *message == Message::NoOp).count();
    assert_eq!(no_ops, 1);
    assert!(after - between >= between - before, "the unknown number costs as many writes");
    for digits in ["000000", "123456"] {
        let code = CodeAnswer { id: unknown.id.clone(), digits: digits.to_owned() };
        assert_eq!(by_sms(&app, "13048958911", &code).await.unwrap_err(), AccountError::CodeWrong);
    }
}

#[tokio::test]
async fn code_is_refused_for_another_purpose_phone_or_id() {
    let app = TestApp::new();
    app.register_phone(PHONE).await;
    app.register_phone("13048958911").await;
    let code = app.code(Purpose::Recover, PHONE).await;
    assert_eq!(by_sms(&app, PHONE, &code).await.unwrap_err(), AccountError::CodeWrong, "another purpose");
    app.advance(60);
    let code = app.code(Purpose::SignIn, PHONE).await;
    assert_eq!(by_sms(&app, "13048958911", &code).await.unwrap_err(), AccountError::CodeWrong, "another phone");
    let elsewhere = CodeAnswer { id: "x".repeat(43), ..code.clone() };
    assert_eq!(by_sms(&app, PHONE, &elsewhere).await.unwrap_err(), AccountError::CodeWrong, "another id");
}

#[tokio::test]
async fn code_is_not_sent_without_a_captcha() {
    let app = TestApp::new();
    let none = app.accounts().send_code(Purpose::Register, PHONE, None, &app.requester()).await;
    assert_eq!(none.unwrap_err(), AccountError::CaptchaNeeded);
    assert!(app.messages().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_right_answers_succeed_once_and_concurrent_guesses_count_five_tries() {
    let app = Arc::new(TestApp::new());
    app.register_phone(PHONE).await;
    let code = app.code(Purpose::SignIn, PHONE).await;
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let (app, code) = (app.clone(), code.clone());
            tokio::spawn(async move { by_sms(&app, PHONE, &code).await.is_ok() })
        })
        .collect();
    let mut won = 0;
    for call in calls {
        won += usize::from(call.await.unwrap());
    }
    assert_eq!(won, 1);

    app.advance(600);
    let code = app.code(Purpose::SignIn, PHONE).await;
    let calls: Vec<_> = (0..20)
        .map(|n| {
            let (app, id) = (app.clone(), code.id.clone());
            let guess = CodeAnswer { id, digits: format!("{:06}", n * 7) };
            tokio::spawn(async move { by_sms(&app, PHONE, &guess).await.is_ok() })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    let rows = app.store.inner.dump();
    let tries: BTreeSet<_> =
        rows.iter().filter(|(key, _)| key.pk.ends_with(&code.id)).map(|(_, row)| row["tries"].as_i64()).collect();
    assert!(tries.iter().all(|tries| *tries <= Some(5)), "{tries:?}");
}
