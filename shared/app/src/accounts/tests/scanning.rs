use std::sync::Arc;

use super::house::House;
use crate::accounts::{Claim, Failure, QrTicket};

async fn ask(house: &House) -> QrTicket {
    house.accounts.ask_by_qr(house.device()).await.unwrap()
}

async fn claim(house: &House, ticket: &QrTicket) -> Result<Claim, Failure> {
    house.accounts.claim_qr(&ticket.id, &ticket.poll_secret, house.device()).await
}

async fn state(house: &House, ticket: &QrTicket) -> &'static str {
    match claim(house, ticket).await.unwrap() {
        Claim::NotYet(state) => state,
        Claim::SignedIn(_) => "signed-in",
    }
}

/// Covers: UA-19, UA-21
#[tokio::test]
async fn scan_confirm_claim_once() {
    let house = House::new();
    let person = house.register("lilei").await;
    let ticket = ask(&house).await;
    assert_eq!(state(&house, &ticket).await, "waiting");
    assert_eq!(house.accounts.scan_qr(&person.actor, &ticket.id).await.unwrap().device, house.device());
    assert_eq!(state(&house, &ticket).await, "scanned");
    house.accounts.confirm_qr(&person.actor, &ticket.id, &ticket.number).await.unwrap();
    let Claim::SignedIn(signed_in) = claim(&house, &ticket).await.unwrap() else { panic!("confirmed") };
    assert_eq!(signed_in.actor.account, person.actor.account);
    assert_ne!(signed_in.actor.session, person.actor.session);
    assert_eq!(state(&house, &ticket).await, "claimed", "a second claim gets nothing");
}

/// Covers: UA-21
#[tokio::test]
async fn a_picture_without_the_pages_secret_claims_nothing() {
    let house = House::new();
    let person = house.register("lilei").await;
    let ticket = ask(&house).await;
    house.accounts.scan_qr(&person.actor, &ticket.id).await.unwrap();
    house.accounts.confirm_qr(&person.actor, &ticket.id, &ticket.number).await.unwrap();
    let thief = QrTicket { poll_secret: "x".repeat(43), ..ticket.clone() };
    assert_eq!(claim(&house, &thief).await.unwrap_err(), Failure::NotFound);
    assert_eq!(state(&house, &ticket).await, "signed-in");
}

/// Covers: UA-21
#[tokio::test]
async fn a_second_scanner_a_wrong_number_a_no_and_the_end_of_time() {
    let house = House::new();
    let (lilei, hanmei) = (house.register("lilei").await, house.register("hanmei").await);
    let ticket = ask(&house).await;
    house.accounts.scan_qr(&lilei.actor, &ticket.id).await.unwrap();
    assert!(matches!(house.accounts.scan_qr(&hanmei.actor, &ticket.id).await, Err(Failure::Refused(_))));
    let other = house.accounts.confirm_qr(&hanmei.actor, &ticket.id, &ticket.number).await;
    assert!(matches!(other, Err(Failure::Refused(_))));
    let wrong = if ticket.number == "00" { "01" } else { "00" };
    assert_eq!(house.accounts.confirm_qr(&lilei.actor, &ticket.id, wrong).await, Err(Failure::CodeWrong));
    assert_eq!(state(&house, &ticket).await, "denied");

    let ticket = ask(&house).await;
    house.accounts.scan_qr(&lilei.actor, &ticket.id).await.unwrap();
    house.accounts.deny_qr(&lilei.actor, &ticket.id).await.unwrap();
    assert_eq!(state(&house, &ticket).await, "denied");

    let ticket = ask(&house).await;
    house.accounts.scan_qr(&lilei.actor, &ticket.id).await.unwrap();
    house.accounts.confirm_qr(&lilei.actor, &ticket.id, &ticket.number).await.unwrap();
    house.pass(120);
    assert_eq!(state(&house, &ticket).await, "expired");
}

/// Covers: UA-21
#[tokio::test(flavor = "multi_thread")]
async fn of_many_claims_at_once_one_signs_in() {
    let house = Arc::new(House::new());
    let person = house.register("lilei").await;
    let ticket = ask(&house).await;
    house.accounts.scan_qr(&person.actor, &ticket.id).await.unwrap();
    house.accounts.confirm_qr(&person.actor, &ticket.id, &ticket.number).await.unwrap();
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let (house, ticket) = (house.clone(), ticket.clone());
            tokio::spawn(async move { matches!(claim(&house, &ticket).await, Ok(Claim::SignedIn(_))) })
        })
        .collect();
    let mut signed_in = 0;
    for call in calls {
        signed_in += usize::from(call.await.unwrap());
    }
    assert_eq!(signed_in, 1);
}
