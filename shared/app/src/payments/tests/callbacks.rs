//! Callbacks of the payment providers, genuine and forged.

use domain::money::Fen;
use domain::money::payment::Provider;

use crate::due;
use crate::failure::Failure;
use crate::payments::{CallbackRejected, handle_callback};
use crate::testing::{TestApp, account, signed_callback};

/// Covers: I18, IC-77, IC-170
#[tokio::test]
async fn callback_delivered_twenty_times_between_polls_credits_once() {
    let app = TestApp::new();
    let (no, _) = app.recharge(account(1), 60_000, "recharge").await.unwrap();
    let payment = no.payment(1);
    app.wechat.scan(&payment);
    for n in 0..20 {
        if n % 3 == 1 {
            app.advance(5);
            due::poll_providers(&app.payments).await.unwrap();
        }
        app.notify(Provider::Wechat, &payment).await.unwrap();
    }
    assert_eq!(app.balance(account(1)).await.balance, Fen::new(60_000));
    app.assert_invariants("after twenty callbacks").await;
}

/// Covers: I19
#[tokio::test]
async fn callback_that_is_forged_or_contradicts_the_payment_changes_nothing() {
    let app = TestApp::new();
    let (no, _) = app.recharge(account(1), 150, "recharge").await.unwrap();
    let payment = no.payment(1);
    app.wechat.scan(&payment);
    let before = app.store.inner.dump();
    let mut forged = app.wechat.callback(&payment);
    forged.body.push(b' ');
    let answer = handle_callback(&app.payments, Provider::Wechat, &forged).await;
    assert!(matches!(answer, Err(CallbackRejected::InvalidSignature(_))));
    let mismatch = CallbackRejected::Failed(Failure::Conflict { code: "payment-mismatch" });
    let wrong = signed_callback(&format!("{payment} 15000"));
    assert_eq!(handle_callback(&app.payments, Provider::Wechat, &wrong).await, Err(mismatch.clone()));
    let genuine = app.wechat.callback(&payment);
    assert_eq!(handle_callback(&app.payments, Provider::Alipay, &genuine).await, Err(mismatch));
    let unknown = signed_callback("2024011513365600000001P01 150");
    let answer = handle_callback(&app.payments, Provider::Wechat, &unknown).await;
    assert_eq!(answer, Err(CallbackRejected::Failed(Failure::NotFound)));
    assert_eq!(app.store.inner.dump(), before);
}
