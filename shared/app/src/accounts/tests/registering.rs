use std::sync::Arc;

use domain::account::code::Purpose;

use super::house::House;
use crate::accounts::{Failure, Fault};

/// Covers: IC-06, IC-07
#[tokio::test]
async fn a_registration_signs_in_and_keeps_the_consent() {
    let house = House::new();
    let signed_in = house.register("LiLei").await;
    assert_eq!(signed_in.profile.user_name, "LiLei");
    assert_eq!(signed_in.profile.nickname.as_deref(), Some("小明"));
    let rows = house.store.dump();
    let account = rows.values().find(|row| row.contains_key("passwordHash")).unwrap();
    assert_eq!(account["consent"]["version"], "2024-02");
    assert_eq!(account["consent"]["at"], "2026-03-01T00:00:00Z");
    assert!(house.sign_in("lilei", super::house::PASSWORD).await.is_ok());
}

/// Covers: IC-06
#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let house = House::new();
    let mut form = house.form("1lei").await;
    form.password = "short".to_owned();
    form.agreement = String::new();
    form.nickname = Some("字".repeat(21));
    let Err(Failure::Fields(faults)) = house.accounts.register(form).await else { panic!("refused") };
    let has = |field, code| faults.contains(&Fault { field, code });
    assert!(has("userName", "user-name-malformed") && has("nickname", "nickname-malformed"));
    assert!(has("password", "password-too-short") && has("password", "password-needs-upper"));
    assert!(has("agreement", "agreement-needed"));
    assert!(house.store.dump().keys().all(|key| !key.pk.starts_with("NAME#")), "nothing was kept");
}

/// Covers: IC-12
#[tokio::test]
async fn no_registration_without_a_solved_captcha() {
    let house = House::new();
    let mut form = house.form("lilei").await;
    form.captcha = None;
    assert_eq!(house.accounts.register(form).await.unwrap_err(), Failure::CaptchaNeeded);
    let mut form = house.form("lilei").await;
    form.captcha = house.solved(crate::captcha::Purpose::SignIn).await;
    assert_eq!(house.accounts.register(form).await.unwrap_err(), Failure::CaptchaUnsolved);
}

/// Covers: IC-08
#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_registrations_of_one_name_one_succeeds() {
    let house = Arc::new(House::new());
    let mut forms = Vec::new();
    for n in 0..50 {
        let mut form = house.form(if n % 2 == 0 { "LiLei" } else { "lilei" }).await;
        form.device.address = format!("192.0.2.{n}");
        forms.push(form);
    }
    let calls: Vec<_> = forms
        .into_iter()
        .map(|form| {
            let house = house.clone();
            tokio::spawn(async move { house.accounts.register(form).await.map(|_| ()) })
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(answers.iter().all(|answer| matches!(answer, Ok(()) | Err(Failure::NameTaken))), "{answers:?}");
    let accounts = house.store.dump().keys().filter(|key| key.pk.starts_with("ACCOUNT#")).count();
    assert_eq!(accounts, 1);
}

/// Covers: IC-08, I31
#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_registrations_of_one_phone_one_succeeds() {
    let house = Arc::new(House::new());
    let mut forms = Vec::new();
    for n in 0..5 {
        // Five codes an hour are all that one phone gets.
        let code = house.code(Purpose::Register, "13810548469").await;
        house.pass(60);
        for m in 0..10 {
            let mut form = house.form(&format!("name-{n}-{m}")).await;
            form.phone = Some(("13810548469".to_owned(), code.clone()));
            form.device.address = format!("192.0.2.{n}");
            forms.push(form);
        }
    }
    let house_now = house.clone();
    let calls: Vec<_> = forms
        .into_iter()
        .map(|form| {
            let house = house_now.clone();
            tokio::spawn(async move { house.accounts.register(form).await.map(|_| ()) })
        })
        .collect();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(call.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|answer| matches!(answer, Ok(()) | Err(Failure::PhoneTaken | Failure::CodeWrong))));
    assert_eq!(house.store.dump().keys().filter(|key| key.sk == "ACCOUNT").count(), 1);
    assert_eq!(house.store.dump().keys().filter(|key| key.sk == "DATA-KEY").count(), 1, "and nothing of the others");
}

/// Covers: UA-04
#[tokio::test]
async fn a_phone_is_a_name_to_sign_in_with_and_is_stored_sealed() {
    let house = House::new();
    let signed_in = house.register_phone("13810548469").await;
    assert_eq!(signed_in.profile.phone_masked.as_deref(), Some("138****8469"));
    assert!(house.sign_in("138 1054 8469", super::house::PASSWORD).await.is_ok());
    for (key, row) in house.store.dump() {
        let text = format!("{key} {}", serde_json::to_string(&row).unwrap());
        assert!(!text.contains("13810548469"), "{text}");
    }
}

/// Covers: IC-08
#[tokio::test]
async fn a_bound_phone_is_told_only_after_it_is_proven() {
    let house = House::new();
    house.register_phone("13810548469").await;
    let code = house.code(Purpose::Register, "13810548469").await;
    let mut form = house.form("another").await;
    form.phone = Some(("13810548469".to_owned(), code));
    assert_eq!(house.accounts.register(form).await.unwrap_err(), Failure::PhoneTaken);
}
