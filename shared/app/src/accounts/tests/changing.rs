use domain::account::code::Purpose;

use super::house::{House, PASSWORD};
use crate::accounts::{CodeAnswer, Failure, Fault, Proof, StepUp, live};
use crate::captcha;
use crate::messages::Message;

const OLD: &str = "13810548469";
const NEW: &str = "13048958911";
const NEW_PASSWORD: &str = "Violet-Kettle-47";

/// Covers: IC-175, IC-176
#[tokio::test]
async fn the_old_password_is_needed_and_other_sessions_end() {
    let house = House::new();
    let first = house.register("lilei").await;
    let second = house.sign_in("lilei", PASSWORD).await.unwrap();
    let change =
        |current: &'static str| house.accounts.change_password(&second.actor, Some(current), None, NEW_PASSWORD);
    let fault = Fault { field: "currentPassword", code: "password-wrong" };
    assert_eq!(change("Wrong-0ne!x").await, Err(Failure::Fields(vec![fault])));
    assert_eq!(change(PASSWORD).await, Ok(()));
    assert_eq!(house.sign_in("lilei", PASSWORD).await.unwrap_err(), Failure::WrongCredentials);
    assert!(house.sign_in("lilei", NEW_PASSWORD).await.is_ok());
    let now = house.accounts.now();
    assert_eq!(live(&*house.store, &first.actor, now).await, Ok(false));
    assert_eq!(live(&*house.store, &second.actor, now).await, Ok(true), "this one goes on");
    assert_eq!(house.accounts.refresh(&first.refresh).await.unwrap_err(), Failure::SessionOver);
}

/// Covers: UA-33
#[tokio::test]
async fn a_step_up_replaces_the_old_password_once_for_its_purpose() {
    let house = House::new();
    let person = house.register_phone(OLD).await;
    let stranger = house.register("lilei").await;
    let proof = || Proof::Password(PASSWORD.to_owned());
    let (token, _) = house.accounts.step_up(&person.actor, StepUp::ChangePhone, proof()).await.unwrap();
    let other = house.accounts.change_password(&person.actor, None, Some(&token), NEW_PASSWORD).await;
    assert_eq!(other, Err(Failure::StepUpNeeded), "another purpose");
    let (token, _) = house.accounts.step_up(&person.actor, StepUp::ChangePassword, proof()).await.unwrap();
    let stolen = house.accounts.change_password(&stranger.actor, None, Some(&token), NEW_PASSWORD).await;
    assert_eq!(stolen, Err(Failure::StepUpNeeded), "another person");
    let (token, _) = house.accounts.step_up(&person.actor, StepUp::ChangePassword, proof()).await.unwrap();
    house.pass(300);
    let late = house.accounts.change_password(&person.actor, None, Some(&token), NEW_PASSWORD).await;
    assert_eq!(late, Err(Failure::StepUpNeeded), "too late");
    let (token, _) = house.accounts.step_up(&person.actor, StepUp::ChangePassword, proof()).await.unwrap();
    assert_eq!(house.accounts.change_password(&person.actor, None, Some(&token), NEW_PASSWORD).await, Ok(()));
    let again = house.accounts.change_password(&person.actor, None, Some(&token), PASSWORD).await;
    assert_eq!(again, Err(Failure::StepUpNeeded), "twice");
}

/// Covers: UA-34, UA-36
#[tokio::test]
async fn the_old_phone_is_proven_then_the_new_one_and_both_are_told() {
    let house = House::new();
    let person = house.register_phone(OLD).await;
    let code = house.code(Purpose::BindPhone, NEW).await;
    let skipped = house.accounts.bind_phone(&person.actor, NEW, &code, None).await;
    assert_eq!(skipped.unwrap_err(), Failure::StepUpNeeded);

    let captcha = house.solved(captcha::Purpose::SmsCode).await;
    let sent = house.accounts.send_own_code(&person.actor, captcha.as_ref()).await.unwrap();
    let proof = CodeAnswer { id: sent.id, digits: house.received(OLD).await.unwrap() };
    let (token, _) = house.accounts.step_up(&person.actor, StepUp::ChangePhone, Proof::Code(proof)).await.unwrap();
    let profile = house.accounts.bind_phone(&person.actor, NEW, &code, Some(&token)).await.unwrap();
    assert_eq!(profile.phone_masked.as_deref(), Some("130****8911"));
    assert!(house.sign_in(NEW, PASSWORD).await.is_ok());
    assert_eq!(house.sign_in(OLD, PASSWORD).await.unwrap_err(), Failure::WrongCredentials);
    let told: Vec<_> = house.messages().await;
    for phone in [OLD, NEW] {
        let notice = Message::Notice { phone: format!("+86{phone}"), change: "phone-changed".to_owned() };
        assert!(told.contains(&notice), "{phone}");
    }
    house.pass(60);
    house.register_phone(OLD).await;
    let taken = house.code(Purpose::BindPhone, OLD).await;
    let step_up =
        house.accounts.step_up(&person.actor, StepUp::ChangePhone, Proof::Password(PASSWORD.to_owned())).await;
    let answer = house.accounts.bind_phone(&person.actor, OLD, &taken, Some(&step_up.unwrap().0)).await;
    assert_eq!(answer.unwrap_err(), Failure::PhoneTaken);
}

/// Covers: IC-187
#[tokio::test]
async fn a_first_phone_needs_its_code_alone_and_then_signs_in() {
    let house = House::new();
    let person = house.register("lilei").await;
    let code = house.code(Purpose::BindPhone, NEW).await;
    house.accounts.bind_phone(&person.actor, NEW, &code, None).await.unwrap();
    assert!(house.sign_in(NEW, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn the_list_of_devices_shows_open_sessions_and_ends_one_of_them() {
    let house = House::new();
    let first = house.register("lilei").await;
    house.pass(1);
    let second = house.sign_in("lilei", PASSWORD).await.unwrap();
    let listed = house.accounts.sessions(&second.actor).await.unwrap();
    assert_eq!(listed.iter().map(|session| session.current).collect::<Vec<_>>(), [true, false]);
    let stranger = house.register("hanmei").await;
    let answer = house.accounts.remove_session(&stranger.actor, first.actor.session).await;
    assert_eq!(answer, Err(Failure::NotFound), "nobody ends another's session");
    house.accounts.remove_session(&second.actor, first.actor.session).await.unwrap();
    assert_eq!(house.accounts.refresh(&first.refresh).await.unwrap_err(), Failure::SessionOver);
    assert_eq!(house.accounts.sessions(&second.actor).await.unwrap().len(), 1);
}
