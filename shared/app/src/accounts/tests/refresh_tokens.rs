use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::accounts::{AccountError, is_live};
use crate::testing::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_refreshes_of_one_token_rotate_once_and_get_the_same_next_token() {
    let app = Arc::new(TestApp::new());
    let first = app.register("lilei").await.refresh;
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let (app, token) = (app.clone(), first.clone());
            tokio::spawn(async move { app.accounts().refresh(&token).await.map(|signed_in| signed_in.refresh) })
        })
        .collect();
    let mut successors = BTreeSet::new();
    for call in calls {
        successors.insert(call.await.unwrap().unwrap());
    }
    assert_eq!(successors.len(), 1);
    let session = app.store.inner.dump().into_iter().find(|(key, _)| key.pk.starts_with("SESSIONS#")).unwrap().1;
    assert_eq!(session["counter"], 1);
    assert!(app.accounts().refresh(successors.first().unwrap()).await.is_ok());
}

#[tokio::test]
async fn previous_token_gets_the_same_answer_within_the_grace_and_ends_the_session_after_it() {
    let app = TestApp::new();
    let signed_in = app.register("lilei").await;
    let second = app.accounts().refresh(&signed_in.refresh).await.unwrap().refresh;
    app.advance(19);
    assert_eq!(app.accounts().refresh(&signed_in.refresh).await.unwrap().refresh, second);
    app.advance(1);
    assert_eq!(app.accounts().refresh(&signed_in.refresh).await.unwrap_err(), AccountError::SessionOver);
    assert_eq!(
        app.accounts().refresh(&second).await.unwrap_err(),
        AccountError::SessionOver,
        "the current token is void too"
    );
    let now = app.now();
    assert_eq!(is_live(&*app.store, &signed_in.actor, now).await, Ok(false));
}

#[tokio::test]
async fn token_of_two_rotations_ago_ends_the_session_within_the_grace_too() {
    let app = TestApp::new();
    let first = app.register("lilei").await.refresh;
    let second = app.accounts().refresh(&first).await.unwrap().refresh;
    let third = app.accounts().refresh(&second).await.unwrap().refresh;
    assert_eq!(app.accounts().refresh(&first).await.unwrap_err(), AccountError::SessionOver);
    assert_eq!(app.accounts().refresh(&third).await.unwrap_err(), AccountError::SessionOver);
}

#[tokio::test]
async fn changed_token_is_refused_and_does_not_end_the_session() {
    let app = TestApp::new();
    let token = app.register("lilei").await.refresh;
    let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
    for at in 0..bytes.len() {
        let mut forged = bytes.clone();
        forged[at] ^= 1;
        let forged = URL_SAFE_NO_PAD.encode(forged);
        assert_eq!(app.accounts().refresh(&forged).await.unwrap_err(), AccountError::SessionOver, "byte {at}");
    }
    for malformed in ["", "x", &"A".repeat(96), &"A".repeat(10_000)] {
        assert_eq!(app.accounts().refresh(malformed).await.unwrap_err(), AccountError::SessionOver);
    }
    assert!(app.accounts().refresh(&token).await.is_ok(), "the unchanged token is accepted");
}

#[tokio::test]
async fn session_unused_for_two_weeks_is_over() {
    let app = TestApp::new();
    let token = app.register("lilei").await.refresh;
    app.advance(14 * 86_400 - 1);
    let token = app.accounts().refresh(&token).await.unwrap().refresh;
    app.advance(14 * 86_400);
    assert_eq!(app.accounts().refresh(&token).await.unwrap_err(), AccountError::SessionOver);
}
