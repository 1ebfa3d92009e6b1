use super::house::{House, PASSWORD};
use crate::accounts::{CodeAnswer, Failure, Recovery, live};
use crate::captcha::Purpose;

const PHONE: &str = "13810548469";
const NEW: &str = "Violet-Kettle-47";

async fn start(house: &House, login: &str) -> Recovery {
    let captcha = house.solved(Purpose::Recover).await;
    house.accounts.start_recovery(login, captcha.as_ref(), "192.0.2.1").await.unwrap()
}

async fn code(house: &House, recovery: &Recovery) -> CodeAnswer {
    let sent = house.accounts.send_recovery_code(&recovery.token).await.unwrap();
    CodeAnswer { id: sent.id, digits: house.received(PHONE).await.unwrap() }
}

/// Covers: UA-23, UA-24, UA-25, UA-26
#[tokio::test]
async fn four_steps_end_with_the_new_password_alone() {
    let house = House::new();
    let before = house.register_phone(PHONE).await;
    let recovery = start(&house, PHONE).await;
    assert_eq!(recovery.phone_masked, "138****8469");
    let code = code(&house, &recovery).await;
    house.accounts.prove_recovery(&recovery.token, &code).await.unwrap();
    house.accounts.finish_recovery(&recovery.token, NEW).await.unwrap();
    assert_eq!(house.sign_in(PHONE, PASSWORD).await.unwrap_err(), Failure::WrongCredentials);
    assert!(house.sign_in(PHONE, NEW).await.is_ok());
    let now = house.accounts.now();
    assert_eq!(live(&*house.store, &before.actor, now).await, Ok(false), "old sessions have ended");
    assert!(matches!(house.accounts.finish_recovery(&recovery.token, PASSWORD).await, Err(Failure::Refused(_))));
}

/// Covers: UA-27
#[tokio::test]
async fn no_step_can_be_skipped_and_fifteen_minutes_end_it() {
    let house = House::new();
    house.register_phone(PHONE).await;
    let recovery = start(&house, PHONE).await;
    assert!(matches!(house.accounts.finish_recovery(&recovery.token, NEW).await, Err(Failure::Refused(_))));
    let proof = code(&house, &recovery).await;
    house.pass(15 * 60);
    assert!(matches!(house.accounts.prove_recovery(&recovery.token, &proof).await, Err(Failure::Refused(_))));
    assert_eq!(house.accounts.send_recovery_code("x").await.unwrap_err(), Failure::NotFound);
}

#[tokio::test]
async fn an_unknown_name_walks_the_same_steps_and_never_gets_a_code() {
    let house = House::new();
    let first = start(&house, "nobody").await;
    let again = start(&house, "Nobody").await;
    assert_eq!(first.phone_masked, again.phone_masked, "asking twice tells nothing");
    assert_eq!(first.phone_masked.len(), 11);
    let sent = house.accounts.send_recovery_code(&first.token).await.unwrap();
    let guess = CodeAnswer { id: sent.id, digits: "123456".to_owned() };
    assert_eq!(house.accounts.prove_recovery(&first.token, &guess).await.unwrap_err(), Failure::CodeWrong);
    let said = house.messages().await;
    assert!(said.iter().all(|message| *message == crate::messages::Message::Silence), "{said:?}");
}

#[tokio::test]
async fn a_weak_new_password_leaves_the_recovery_where_it_was() {
    let house = House::new();
    house.register_phone(PHONE).await;
    let recovery = start(&house, PHONE).await;
    let proof = code(&house, &recovery).await;
    house.accounts.prove_recovery(&recovery.token, &proof).await.unwrap();
    assert!(matches!(house.accounts.finish_recovery(&recovery.token, "weak").await, Err(Failure::Fields(_))));
    assert_eq!(house.accounts.finish_recovery(&recovery.token, NEW).await, Ok(()));
}
