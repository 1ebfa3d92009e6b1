use jiff::SignedDuration;

use super::house::{House, PASSWORD};
use crate::accounts::{Failure, PasswordSignIn, Transport, live};
use crate::captcha::Purpose;

async fn app(house: &House, password: &str, captcha: bool) -> Result<(), Failure> {
    let command = PasswordSignIn {
        login: "lilei".to_owned(),
        password: password.to_owned(),
        transport: Transport::App,
        captcha: if captcha { house.solved(Purpose::SignIn).await } else { None },
        device: house.device(),
    };
    house.accounts.sign_in(command).await.map(|_| ())
}

/// Covers: IC-11
#[tokio::test]
async fn right_and_wrong_and_unknown() {
    let house = House::new();
    house.register("lilei").await;
    assert!(house.sign_in("LILEI", PASSWORD).await.is_ok());
    assert_eq!(house.sign_in("lilei", "Tr0ub4dor&3-HX").await.unwrap_err(), Failure::WrongCredentials);
    assert_eq!(house.sign_in("nobody", PASSWORD).await.unwrap_err(), Failure::WrongCredentials);
    assert_eq!(house.sign_in("13810548469", PASSWORD).await.unwrap_err(), Failure::WrongCredentials);
    assert_eq!(house.sign_in("李雷", PASSWORD).await.unwrap_err(), Failure::WrongCredentials);
    assert_eq!(house.sign_in("lilei", &"a".repeat(200)).await.unwrap_err(), Failure::WrongCredentials);
}

/// Covers: IC-12
#[tokio::test]
async fn a_page_always_answers_a_captcha_an_app_after_five_failures() {
    let house = House::new();
    house.register("lilei").await;
    let page = PasswordSignIn {
        login: "lilei".to_owned(),
        password: PASSWORD.to_owned(),
        transport: Transport::Web,
        captcha: None,
        device: house.device(),
    };
    assert_eq!(house.accounts.sign_in(page).await.unwrap_err(), Failure::CaptchaNeeded);
    assert_eq!(app(&house, PASSWORD, false).await, Ok(()));
    for _ in 0..5 {
        assert_eq!(app(&house, "wrong", false).await, Err(Failure::WrongCredentials));
    }
    assert_eq!(app(&house, PASSWORD, false).await, Err(Failure::CaptchaNeeded));
    assert_eq!(app(&house, PASSWORD, true).await, Ok(()));
    assert_eq!(app(&house, PASSWORD, false).await, Ok(()), "a right password clears the memory");
}

/// Covers: UA-22
#[tokio::test]
async fn ten_failures_wait_and_an_attacker_elsewhere_locks_nobody_out() {
    let house = House::new();
    house.register("lilei").await;
    for _ in 0..10 {
        assert_eq!(house.sign_in_from("203.0.113.5", "lilei", "wrong").await.unwrap_err(), Failure::WrongCredentials);
    }
    let wait = house.sign_in_from("203.0.113.5", "lilei", PASSWORD).await.unwrap_err();
    assert_eq!(wait, Failure::Wait(SignedDuration::from_mins(15)));
    assert!(house.sign_in("lilei", PASSWORD).await.is_ok(), "the owner, at home, signs in");
    house.pass(15 * 60);
    assert_eq!(house.sign_in_from("203.0.113.5", "lilei", "wrong").await.unwrap_err(), Failure::WrongCredentials);
    let longer = house.sign_in_from("203.0.113.5", "lilei", PASSWORD).await.unwrap_err();
    assert_eq!(longer, Failure::Wait(SignedDuration::from_mins(30)));
    house.pass(30 * 60);
    assert!(house.sign_in_from("203.0.113.5", "lilei", PASSWORD).await.is_ok());
}

/// Covers: UA-22
#[tokio::test]
async fn an_unknown_name_waits_like_a_known_one() {
    let house = House::new();
    for _ in 0..10 {
        assert_eq!(house.sign_in("nobody", "wrong").await.unwrap_err(), Failure::WrongCredentials);
    }
    assert_eq!(house.sign_in("nobody", "wrong").await.unwrap_err(), Failure::Wait(SignedDuration::from_mins(15)));
}

/// Covers: XX-18
#[tokio::test]
async fn one_address_tries_only_so_often() {
    let house = House::new();
    for n in 0..30 {
        assert_eq!(house.sign_in(&format!("name{n}"), "x").await.unwrap_err(), Failure::WrongCredentials);
    }
    assert_eq!(house.sign_in("name30", "x").await.unwrap_err(), Failure::Wait(SignedDuration::from_secs(10)));
}

/// Covers: IC-190
#[tokio::test]
async fn after_signing_out_neither_token_works() {
    let house = House::new();
    let signed_in = house.register("lilei").await;
    let now = house.accounts.now();
    assert_eq!(live(&*house.store, &signed_in.actor, now).await, Ok(true));
    house.accounts.sign_out(&signed_in.actor).await.unwrap();
    assert_eq!(live(&*house.store, &signed_in.actor, now).await, Ok(false));
    assert_eq!(house.accounts.refresh(&signed_in.refresh).await.unwrap_err(), Failure::SessionOver);
    house.accounts.sign_out(&signed_in.actor).await.unwrap();
}
