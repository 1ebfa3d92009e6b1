use std::collections::BTreeSet;
use std::sync::Arc;

use domain::account::code::Purpose;
use jiff::SignedDuration;

use super::house::House;
use crate::accounts::{Asker, CodeAnswer, Failure, SentCode, SignedIn, SmsSignIn};
use crate::captcha;
use crate::messages::Message;

const PHONE: &str = "13810548469";

async fn by_sms(house: &House, phone: &str, code: &CodeAnswer) -> Result<SignedIn, Failure> {
    let command = SmsSignIn { phone: phone.to_owned(), code: code.clone(), device: house.device() };
    house.accounts.sign_in_by_sms(command).await
}

fn wrong(code: &CodeAnswer) -> CodeAnswer {
    let digits = if code.digits == "000000" { "000001" } else { "000000" };
    CodeAnswer { digits: digits.to_owned(), ..code.clone() }
}

/// Covers: IC-13, UA-18
#[tokio::test]
async fn a_code_signs_in_once() {
    let house = House::new();
    let account = house.register_phone(PHONE).await.actor.account;
    let code = house.code(Purpose::SignIn, PHONE).await;
    assert_eq!(by_sms(&house, PHONE, &code).await.unwrap().actor.account, account);
    assert_eq!(by_sms(&house, PHONE, &code).await.unwrap_err(), Failure::CodeWrong);
}

/// Covers: IC-16
#[tokio::test]
async fn the_sixth_try_meets_a_void_code_and_five_minutes_end_it() {
    let house = House::new();
    house.register_phone(PHONE).await;
    let code = house.code(Purpose::SignIn, PHONE).await;
    for _ in 0..5 {
        assert_eq!(by_sms(&house, PHONE, &wrong(&code)).await.unwrap_err(), Failure::CodeWrong);
    }
    assert_eq!(by_sms(&house, PHONE, &code).await.unwrap_err(), Failure::CodeWrong, "right, but too late");
    house.pass(60);
    let code = house.code(Purpose::SignIn, PHONE).await;
    house.pass(299);
    assert!(by_sms(&house, PHONE, &code).await.is_ok());
    let code = house.code(Purpose::SignIn, PHONE).await;
    house.pass(300);
    assert_eq!(by_sms(&house, PHONE, &code).await.unwrap_err(), Failure::CodeWrong);
}

fn waits(answer: Result<SentCode, Failure>) -> SignedDuration {
    let Err(Failure::Wait(wait)) = answer else { panic!("{answer:?}") };
    wait
}

/// Covers: IC-16
#[tokio::test]
async fn one_code_a_minute_five_an_hour_and_ten_a_day() {
    let house = House::new();
    for n in 0..5 {
        assert!(house.send(Purpose::Register, PHONE).await.is_ok(), "{n}");
        assert!(waits(house.send(Purpose::SignIn, PHONE).await) <= SignedDuration::from_secs(60));
        house.pass(60);
    }
    let wait = waits(house.send(Purpose::Register, PHONE).await);
    assert!(wait > SignedDuration::from_mins(5) && wait < SignedDuration::from_mins(12), "{wait}");
    for n in 5..10 {
        house.pass(720);
        assert!(house.send(Purpose::Register, PHONE).await.is_ok(), "{n}");
    }
    house.pass(720);
    let wait = waits(house.send(Purpose::Register, PHONE).await);
    assert!(wait > SignedDuration::from_hours(1), "until midnight in China: {wait}");
}

/// Covers: IC-16
#[tokio::test]
async fn a_device_is_given_twenty_codes_a_day_whatever_the_phones() {
    let house = House::new();
    let asker = |device: Option<&str>| Asker { device: device.map(str::to_owned), ..house.asker() };
    let send = async |n: i64, asker: &Asker| {
        let captcha = house.solved(captcha::Purpose::SmsCode).await;
        house.accounts.send_code(Purpose::Register, &format!("138{n:08}"), captcha.as_ref(), asker).await
    };
    for n in 0..20 {
        assert!(send(n, &asker(Some("device-one"))).await.is_ok(), "{n}");
        house.pass(180);
    }
    assert!(waits(send(20, &asker(Some("device-one"))).await) > SignedDuration::from_hours(1));
    house.pass(180);
    assert!(send(21, &asker(Some("device-two"))).await.is_ok());
    house.pass(180);
    assert!(send(22, &asker(None)).await.is_ok(), "one that does not name itself is counted by its address");
}

/// Covers: IC-14, IC-188
#[tokio::test]
async fn an_unknown_phone_gets_the_same_answer_and_no_code() {
    let house = House::new();
    house.register_phone(PHONE).await;
    let before = house.store.dump().len();
    let known = house.send(Purpose::SignIn, PHONE).await.unwrap();
    let between = house.store.dump().len();
    let unknown = house.send(Purpose::SignIn, "13048958911").await.unwrap();
    let after = house.store.dump().len();
    assert_eq!((known.expires_at, known.resend_at), (unknown.expires_at, unknown.resend_at));
    assert_eq!(known.id.len(), unknown.id.len());
    assert!(house.received("13048958911").await.is_none());
    let silent = house.messages().await.into_iter().filter(|message| *message == Message::Silence).count();
    assert_eq!(silent, 1);
    // The bucket of the second phone and its quota are new; the rest is the same.
    assert!(after - between >= between - before, "the unknown number costs as many writes");
    for digits in ["000000", "123456"] {
        let code = CodeAnswer { id: unknown.id.clone(), digits: digits.to_owned() };
        assert_eq!(by_sms(&house, "13048958911", &code).await.unwrap_err(), Failure::CodeWrong);
    }
}

#[tokio::test]
async fn a_code_is_bound_to_its_purpose_and_its_phone() {
    let house = House::new();
    house.register_phone(PHONE).await;
    house.register_phone("13048958911").await;
    let code = house.code(Purpose::Recover, PHONE).await;
    assert_eq!(by_sms(&house, PHONE, &code).await.unwrap_err(), Failure::CodeWrong, "another purpose");
    house.pass(60);
    let code = house.code(Purpose::SignIn, PHONE).await;
    assert_eq!(by_sms(&house, "13048958911", &code).await.unwrap_err(), Failure::CodeWrong, "another phone");
    let elsewhere = CodeAnswer { id: "x".repeat(43), ..code.clone() };
    assert_eq!(by_sms(&house, PHONE, &elsewhere).await.unwrap_err(), Failure::CodeWrong, "another challenge");
}

#[tokio::test]
async fn no_code_without_a_solved_captcha() {
    let house = House::new();
    let none = house.accounts.send_code(Purpose::Register, PHONE, None, &house.asker()).await;
    assert_eq!(none.unwrap_err(), Failure::CaptchaNeeded);
    assert!(house.messages().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_right_answers_at_once_one_wins_and_of_many_guesses_five_are_heard() {
    let house = Arc::new(House::new());
    house.register_phone(PHONE).await;
    let code = house.code(Purpose::SignIn, PHONE).await;
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let (house, code) = (house.clone(), code.clone());
            tokio::spawn(async move { by_sms(&house, PHONE, &code).await.is_ok() })
        })
        .collect();
    let mut won = 0;
    for call in calls {
        won += usize::from(call.await.unwrap());
    }
    assert_eq!(won, 1);

    house.pass(600);
    let code = house.code(Purpose::SignIn, PHONE).await;
    let calls: Vec<_> = (0..20)
        .map(|n| {
            let (house, id) = (house.clone(), code.id.clone());
            let guess = CodeAnswer { id, digits: format!("{:06}", n * 7) };
            tokio::spawn(async move { by_sms(&house, PHONE, &guess).await.is_ok() })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    let rows = house.store.dump();
    let tries: BTreeSet<_> =
        rows.iter().filter(|(key, _)| key.pk.ends_with(&code.id)).map(|(_, row)| row["tries"].as_i64()).collect();
    assert!(tries.iter().all(|tries| *tries <= Some(5)), "{tries:?}");
}
