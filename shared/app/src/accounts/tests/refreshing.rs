use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::house::House;
use crate::accounts::{Failure, live};

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_refreshes_of_one_token_are_one_rotation_with_one_successor() {
    let house = Arc::new(House::new());
    let first = house.register("lilei").await.refresh;
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let (house, token) = (house.clone(), first.clone());
            tokio::spawn(async move { house.accounts.refresh(&token).await.map(|signed_in| signed_in.refresh) })
        })
        .collect();
    let mut successors = BTreeSet::new();
    for call in calls {
        successors.insert(call.await.unwrap().unwrap());
    }
    assert_eq!(successors.len(), 1);
    let session = house.store.dump().into_iter().find(|(key, _)| key.pk.starts_with("SESSIONS#")).unwrap().1;
    assert_eq!(session["counter"], 1);
    assert!(house.accounts.refresh(successors.first().unwrap()).await.is_ok());
}

#[tokio::test]
async fn a_lost_answer_is_given_again_and_an_older_token_ends_the_session() {
    let house = House::new();
    let signed_in = house.register("lilei").await;
    let second = house.accounts.refresh(&signed_in.refresh).await.unwrap().refresh;
    house.pass(19);
    assert_eq!(house.accounts.refresh(&signed_in.refresh).await.unwrap().refresh, second);
    house.pass(1);
    assert_eq!(house.accounts.refresh(&signed_in.refresh).await.unwrap_err(), Failure::SessionOver);
    assert_eq!(
        house.accounts.refresh(&second).await.unwrap_err(),
        Failure::SessionOver,
        "the thief's copy is void too"
    );
    let now = house.accounts.now();
    assert_eq!(live(&*house.store, &signed_in.actor, now).await, Ok(false));
}

#[tokio::test]
async fn a_token_of_two_rotations_ago_ends_the_session_even_within_the_grace() {
    let house = House::new();
    let first = house.register("lilei").await.refresh;
    let second = house.accounts.refresh(&first).await.unwrap().refresh;
    let third = house.accounts.refresh(&second).await.unwrap().refresh;
    assert_eq!(house.accounts.refresh(&first).await.unwrap_err(), Failure::SessionOver);
    assert_eq!(house.accounts.refresh(&third).await.unwrap_err(), Failure::SessionOver);
}

#[tokio::test]
async fn no_changed_token_is_accepted_or_harms_the_session() {
    let house = House::new();
    let token = house.register("lilei").await.refresh;
    let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
    for at in 0..bytes.len() {
        let mut forged = bytes.clone();
        forged[at] ^= 1;
        let forged = URL_SAFE_NO_PAD.encode(forged);
        assert_eq!(house.accounts.refresh(&forged).await.unwrap_err(), Failure::SessionOver, "byte {at}");
    }
    for noise in ["", "x", &"A".repeat(96), &"A".repeat(10_000)] {
        assert_eq!(house.accounts.refresh(noise).await.unwrap_err(), Failure::SessionOver);
    }
    assert!(house.accounts.refresh(&token).await.is_ok(), "the real one still works");
}

#[tokio::test]
async fn an_unused_session_is_over_after_two_weeks() {
    let house = House::new();
    let token = house.register("lilei").await.refresh;
    house.pass(14 * 86_400 - 1);
    let token = house.accounts.refresh(&token).await.unwrap().refresh;
    house.pass(14 * 86_400);
    assert_eq!(house.accounts.refresh(&token).await.unwrap_err(), Failure::SessionOver);
}
