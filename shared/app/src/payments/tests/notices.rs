//! What providers say, and what only looks like it.

use domain::money::Fen;
use domain::money::payment::Provider;

use super::bank::signed;
use super::house::{House, person};
use crate::failure::Failure;
use crate::payments::{CallbackRejected, handle_callback, sweep};

/// Covers: I18, IC-77, IC-170
#[tokio::test]
async fn a_notice_told_twenty_times_mixed_with_questions_counts_once() {
    let house = House::new();
    let (no, _) = house.recharge(person(1), 60_000, "recharge").await.unwrap();
    let payment = no.payment(1);
    house.wechat.scan(&payment);
    for n in 0..20 {
        if n % 3 == 1 {
            house.advance(5);
            sweep::ask_providers(&house.payments).await.unwrap();
        }
        house.notify(Provider::Wechat, &payment).await.unwrap();
    }
    assert_eq!(house.balance(person(1)).await.balance, Fen::new(60_000));
    house.assert_promises("after twenty notices").await;
}

/// Covers: I19
#[tokio::test]
async fn forged_or_wrong_notices_change_nothing() {
    let house = House::new();
    let (no, _) = house.recharge(person(1), 150, "recharge").await.unwrap();
    let payment = no.payment(1);
    house.wechat.scan(&payment);
    let before = house.store.inner.dump();
    let mut forged = house.wechat.notice(&payment);
    forged.body.push(b' ');
    let told = handle_callback(&house.payments, Provider::Wechat, &forged).await;
    assert!(matches!(told, Err(CallbackRejected::InvalidSignature(_))));
    let mismatch = CallbackRejected::Failed(Failure::Conflict { code: "payment-mismatch" });
    let wrong = signed(&format!("{payment} 15000"));
    assert_eq!(handle_callback(&house.payments, Provider::Wechat, &wrong).await, Err(mismatch.clone()));
    let genuine = house.wechat.notice(&payment);
    assert_eq!(handle_callback(&house.payments, Provider::Alipay, &genuine).await, Err(mismatch));
    let unknown = signed("2024011513365600000001P01 150");
    let told = handle_callback(&house.payments, Provider::Wechat, &unknown).await;
    assert_eq!(told, Err(CallbackRejected::Failed(Failure::NotFound)));
    assert_eq!(house.store.inner.dump(), before);
}
