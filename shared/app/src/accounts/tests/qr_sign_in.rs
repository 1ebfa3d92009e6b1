use std::sync::Arc;

use crate::accounts::{AccountError, QrClaim, QrTicket};
use crate::failure::Failure;
use crate::testing::TestApp;

async fn start(app: &TestApp) -> QrTicket {
    app.accounts().start_qr_sign_in(app.device()).await.unwrap()
}

async fn claim(app: &TestApp, ticket: &QrTicket) -> Result<QrClaim, AccountError> {
    app.accounts().claim_qr(&ticket.id, &ticket.poll_secret, app.device()).await
}

async fn state(app: &TestApp, ticket: &QrTicket) -> &'static str {
    match claim(app, ticket).await.unwrap() {
        QrClaim::Pending(state) => state,
        QrClaim::SignedIn(_) => "signed-in",
    }
}

/// Covers: UA-19, UA-21
#[tokio::test]
async fn page_is_signed_in_once_after_scan_and_confirmation() {
    let app = TestApp::new();
    let person = app.register("lilei").await;
    let ticket = start(&app).await;
    assert_eq!(state(&app, &ticket).await, "waiting");
    assert_eq!(app.accounts().scan_qr(&person.actor, &ticket.id).await.unwrap().device, app.device());
    assert_eq!(state(&app, &ticket).await, "scanned");
    app.accounts().confirm_qr(&person.actor, &ticket.id, &ticket.number).await.unwrap();
    let QrClaim::SignedIn(signed_in) = claim(&app, &ticket).await.unwrap() else { panic!("it must be confirmed") };
    assert_eq!(signed_in.actor.account, person.actor.account);
    assert_ne!(signed_in.actor.session, person.actor.session);
    assert_eq!(state(&app, &ticket).await, "claimed", "a second claim does not sign in");
}

/// Covers: UA-21
#[tokio::test]
async fn claim_without_the_pages_secret_is_not_found() {
    let app = TestApp::new();
    let person = app.register("lilei").await;
    let ticket = start(&app).await;
    app.accounts().scan_qr(&person.actor, &ticket.id).await.unwrap();
    app.accounts().confirm_qr(&person.actor, &ticket.id, &ticket.number).await.unwrap();
    let thief = QrTicket { poll_secret: "x".repeat(43), ..ticket.clone() };
    assert_eq!(claim(&app, &thief).await.unwrap_err(), Failure::NotFound.into());
    assert_eq!(state(&app, &ticket).await, "signed-in");
}

/// Covers: UA-21
#[tokio::test]
async fn second_account_wrong_number_denial_or_expiry_does_not_sign_in() {
    let app = TestApp::new();
    let (lilei, hanmei) = (app.register("lilei").await, app.register("hanmei").await);
    let ticket = start(&app).await;
    app.accounts().scan_qr(&lilei.actor, &ticket.id).await.unwrap();
    assert!(matches!(app.accounts().scan_qr(&hanmei.actor, &ticket.id).await, Err(AccountError::Refused(_))));
    let other = app.accounts().confirm_qr(&hanmei.actor, &ticket.id, &ticket.number).await;
    assert!(matches!(other, Err(AccountError::Refused(_))));
    let wrong = if ticket.number == "00" { "01" } else { "00" };
    assert_eq!(app.accounts().confirm_qr(&lilei.actor, &ticket.id, wrong).await, Err(AccountError::CodeWrong));
    assert_eq!(state(&app, &ticket).await, "denied");

    let ticket = start(&app).await;
    app.accounts().scan_qr(&lilei.actor, &ticket.id).await.unwrap();
    app.accounts().deny_qr(&lilei.actor, &ticket.id).await.unwrap();
    assert_eq!(state(&app, &ticket).await, "denied");

    let ticket = start(&app).await;
    app.accounts().scan_qr(&lilei.actor, &ticket.id).await.unwrap();
    app.accounts().confirm_qr(&lilei.actor, &ticket.id, &ticket.number).await.unwrap();
    app.advance(120);
    assert_eq!(state(&app, &ticket).await, "expired");
}

/// Covers: UA-21
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_claims_sign_in_once() {
    let app = Arc::new(TestApp::new());
    let person = app.register("lilei").await;
    let ticket = start(&app).await;
    app.accounts().scan_qr(&person.actor, &ticket.id).await.unwrap();
    app.accounts().confirm_qr(&person.actor, &ticket.id, &ticket.number).await.unwrap();
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let (app, ticket) = (app.clone(), ticket.clone());
            tokio::spawn(async move { matches!(claim(&app, &ticket).await, Ok(QrClaim::SignedIn(_))) })
        })
        .collect();
    let mut signed_in = 0;
    for call in calls {
        signed_in += usize::from(call.await.unwrap());
    }
    assert_eq!(signed_in, 1);
}
