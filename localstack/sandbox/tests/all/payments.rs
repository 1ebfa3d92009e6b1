//! Payments, refunds, callbacks and faults of the payment providers.

use std::sync::Arc;

use app::audit::{AuditActor, Reason};
use app::clock::FixedClock;
use app::due;
use app::payments::provider::{ChargeRequest, CloseOutcome, PaymentStatus, ProviderError, Scene};
use app::payments::{PaymentProvider, SettleOutcome, poll_status, refund, settle};
use app::{orders, recharges};
use cloud::provider::wechat::Wechat;
use domain::actor::AccountId;
use domain::money::Fen;
use domain::money::order::{Method, State};
use domain::money::payment::{PayCode, Provider};
use domain::money::recharge;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use ulid::Ulid;

use crate::payment_app::PaymentTestApp;
use crate::sandbox_process::until;

const OWNER: AccountId = AccountId(Ulid::from_parts(1, 7));

fn charge(no: &str, scene: Scene) -> ChargeRequest {
    ChargeRequest {
        payment_no: no.to_owned(),
        amount: Fen::new(150),
        subject: "证件数码相片质量检测".to_owned(),
        expires_at: Timestamp::now() + SignedDuration::from_mins(30),
        scene,
    }
}

/// Covers: IC-168, IC-169, I16
#[tokio::test]
async fn scanned_recharge_is_credited_by_the_callback() {
    let app = PaymentTestApp::start().await;
    for (provider, key) in [(Provider::Wechat, "one"), (Provider::Alipay, "two")] {
        let (no, code) = app.recharge(OWNER, 3_000, provider, key).await.unwrap();
        app.scan(&code).await;
        until(async || app.credited(OWNER, &no).await).await;
    }
    assert_eq!(app.balance(OWNER).await, 6_000);
    app.assert_ledger_invariants().await;
}

/// Covers: I18, IC-170
#[tokio::test]
async fn duplicate_callbacks_and_queries_credit_a_recharge_once() {
    let app = PaymentTestApp::start().await;
    app.sandbox.inject_fault("duplicate-callback").await;
    let (no, code) = app.recharge(OWNER, 150, Provider::Wechat, "key").await.unwrap();
    app.scan(&code).await;
    for _ in 0..5 {
        poll_status(&app.payments, &no.payment(1)).await.unwrap();
    }
    until(async || app.credited(OWNER, &no).await).await;
    until(async || app.callbacks.acknowledged() == 2).await;
    assert_eq!(app.balance(OWNER).await, 150);
    app.assert_ledger_invariants().await;
}

/// Covers: I19
#[tokio::test]
async fn invalid_callback_changes_nothing_and_the_next_query_credits_the_recharge() {
    let app = PaymentTestApp::start().await;
    for provider in Provider::ALL {
        for (n, fault) in [
            "tampered-callback",
            "wrong-amount-callback",
            "wrong-merchant-callback",
            "stale-callback",
            "probe-callback",
        ]
        .iter()
        .enumerate()
        {
            if provider == Provider::Alipay && n > 2 {
                continue;
            }
            app.sandbox.clear_faults().await;
            app.sandbox.inject_fault(fault).await;
            let before = app.balance(OWNER).await;
            let key = format!("{fault} {}", provider.code());
            let (no, code) = app.recharge(OWNER, 150, provider, &key).await.unwrap();
            let before_rejected = app.callbacks.rejected();
            app.scan(&code).await;
            until(async || app.callbacks.rejected() > before_rejected).await;
            assert_eq!(app.balance(OWNER).await, before, "{key}");
            poll_status(&app.payments, &no.payment(1)).await.unwrap();
            assert_eq!(app.balance(OWNER).await, before + 150, "{key}");
        }
    }
    app.assert_ledger_invariants().await;
}

#[tokio::test]
async fn lost_callback_is_replaced_by_the_task_that_polls_providers() {
    let app = PaymentTestApp::start().await;
    app.sandbox.inject_fault("drop-callback").await;
    let (no, code) = app.recharge(OWNER, 60_000, Provider::Wechat, "key").await.unwrap();
    app.scan(&code).await;
    app.clock.advance(SignedDuration::from_secs(6));
    due::poll_providers(&app.payments).await.unwrap();
    assert!(app.credited(OWNER, &no).await);
}

#[tokio::test]
async fn rejected_callback_is_repeated_by_the_provider() {
    let app = PaymentTestApp::start().await;
    let (no, code) = app.recharge(OWNER, 150, Provider::Wechat, "key").await.unwrap();
    app.store.fail(0, app::store::Fault::RequestLost);
    let before_rejected = app.callbacks.rejected();
    app.scan(&code).await;
    until(async || app.callbacks.rejected() > before_rejected).await;
    assert!(!app.credited(OWNER, &no).await);
    app.sandbox.advance_clock(16).await;
    until(async || app.credited(OWNER, &no).await).await;
}

#[tokio::test]
async fn unverifiable_response_is_an_unknown_outcome() {
    let app = PaymentTestApp::start().await;
    for provider in Provider::ALL {
        let client = app.payments.provider(provider);
        for fault in ["unsigned", "forged-signature", "unknown-serial", "tampered", "broken", "busy", "lost-answer"] {
            let no = format!("2024011513365600{:06}P01", six_digits(fault, provider));
            app.sandbox.inject_fault(fault).await;
            let outcome = client.create(&charge(&no, Scene::Qr)).await;
            assert!(matches!(outcome, Err(ProviderError::Unknown(_))), "{fault}: {outcome:?}");
            let code = client.create(&charge(&no, Scene::Qr)).await.unwrap();
            app.scan(&code).await;
            app.sandbox.inject_fault(fault).await;
            assert!(matches!(client.query(&no).await, Err(ProviderError::Unknown(_))), "{fault}");
            assert!(matches!(client.query(&no).await, Ok(PaymentStatus::Paid(_))), "{fault}");
        }
    }
}

/// A different number for every combination.
fn six_digits(fault: &str, provider: Provider) -> u32 {
    fault.bytes().chain(provider.code().bytes()).fold(7, |sum, byte| (sum * 31 + u32::from(byte)) % 1_000_000)
}

#[tokio::test]
async fn replaced_platform_certificate_is_fetched_after_a_minute() {
    let app = PaymentTestApp::with(|secret| secret.wechat.public_key = None).await;
    // The sandbox also checks the age of requests; it accepts a clock that is a minute ahead.
    let clock = Arc::new(FixedClock::at(Timestamp::now()));
    let client = Wechat::new(app.wechat.clone(), clock.clone()).unwrap();
    let no = "2024011513365600000001P01";
    client.create(&charge(no, Scene::Qr)).await.unwrap();
    assert!(app.sandbox.control("keys", json!({"rotate": true})).await);
    assert!(
        matches!(client.query(no).await, Err(ProviderError::Unknown(_))),
        "certificates were fetched less than a minute ago"
    );
    clock.advance(SignedDuration::from_secs(61));
    assert_eq!(client.query(no).await, Ok(PaymentStatus::Unpaid));
}

#[tokio::test]
async fn callback_signed_by_the_platform_certificate_is_accepted_in_both_modes() {
    for certificate_mode in [true, false] {
        let app = PaymentTestApp::with(|secret| {
            if certificate_mode {
                secret.wechat.public_key = None;
            }
        });
        let app = app.await;
        assert!(app.sandbox.control("keys", json!({"certifiedCallbacks": true})).await);
        let (no, code) = app.recharge(OWNER, 150, Provider::Wechat, "key").await.unwrap();
        app.scan(&code).await;
        until(async || app.credited(OWNER, &no).await).await;
        assert_eq!(app.callbacks.rejected(), 0, "certificate mode: {certificate_mode}");
    }
}

#[tokio::test]
async fn close_ends_an_unpaid_payment_and_reports_a_paid_one() {
    let app = PaymentTestApp::start().await;
    for provider in Provider::ALL {
        let client = app.payments.provider(provider);
        assert_eq!(client.query("2024011513365600000009P01").await, Ok(PaymentStatus::Absent));
        assert_eq!(client.close("2024011513365600000009P01").await, Ok(CloseOutcome::Closed));
        let code = client.create(&charge("2024011513365600000001P01", Scene::Qr)).await.unwrap();
        assert_eq!(client.query("2024011513365600000001P01").await, Ok(PaymentStatus::Unpaid));
        assert_eq!(client.close("2024011513365600000001P01").await, Ok(CloseOutcome::Closed));
        assert!(!app.try_scan(&code).await, "a closed code cannot be paid");
        assert_eq!(client.query("2024011513365600000001P01").await, Ok(PaymentStatus::Closed));
        let code = client.create(&charge("2024011513365600000002P01", Scene::Qr)).await.unwrap();
        app.scan(&code).await;
        assert_eq!(client.close("2024011513365600000002P01").await, Ok(CloseOutcome::Paid));
        let other = ChargeRequest { amount: Fen::new(151), ..charge("2024011513365600000003P01", Scene::Qr) };
        client.create(&charge("2024011513365600000003P01", Scene::Qr)).await.unwrap();
        assert!(matches!(client.create(&other).await, Err(ProviderError::Refused(_))), "one number, one amount");
    }
}

/// Covers: IC-73
#[tokio::test]
async fn alipay_page_opens_only_with_a_valid_signature() {
    let app = PaymentTestApp::start().await;
    let scene = Scene::Page { return_url: Some(format!("{}/back", app.sandbox.url)) };
    let code = app.payments.alipay.create(&charge("2024011513365600000001P01", scene)).await.unwrap();
    let PayCode::Page { url } = code else { panic!("not a page") };
    let page = app.sandbox.http.get(&url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    assert!(page.contains("¥1.50") && page.contains("支付宝"), "{page}");
    let tampered = app.sandbox.http.get(url.replace("1.50", "0.01")).send().await.unwrap();
    assert_eq!(tampered.status(), 400);
}

/// Covers: IC-66, I8
#[tokio::test]
async fn late_payment_of_a_replaced_provider_is_refunded() {
    let app = PaymentTestApp::start().await;
    let order = app.place(OWNER, Method::Wechat, "order").await;
    let first = app.pay(OWNER, &order.no).await.unwrap();
    let changed = orders::change(&app.payments, OWNER, &order.no, Method::Alipay, None, &app.command()).await.unwrap();
    let second = app.pay(OWNER, &changed.no).await.unwrap();
    app.scan(&second.code.unwrap()).await;
    until(async || matches!(app.order(OWNER, &order.no).await.state, State::Paid { .. })).await;
    app.scan_closed(&first.code.unwrap()).await;
    let late = order.no.payment(1);
    until(async || refund::progress(&app.payments, &late).await.is_ok()).await;
    until(async || {
        app.clock.advance(SignedDuration::from_secs(60));
        due::poll_providers(&app.payments).await.unwrap();
        app.refunded(&late).await
    })
    .await;
    app.assert_ledger_invariants().await;
}

/// Covers: I20
#[tokio::test]
async fn refund_of_an_order_happens_once_at_either_provider() {
    let app = PaymentTestApp::start().await;
    for (method, key) in [(Method::Wechat, "one"), (Method::Alipay, "two")] {
        let order = app.place(OWNER, method, key).await;
        let paying = app.pay(OWNER, &order.no).await.unwrap();
        app.scan(&paying.code.unwrap()).await;
        until(async || matches!(app.order(OWNER, &order.no).await.state, State::Paid { .. })).await;
        let (by, why) =
            (AuditActor { id: "staff".to_owned(), request_id: key.to_owned() }, Reason::parse("doubt").unwrap());
        orders::refund(&app.payments.money, &by, OWNER, &order.no, &why, &app.command()).await.unwrap();
        app.sandbox.inject_fault("lost-answer").await;
        refund::progress(&app.payments, &order.no.payment(1)).await.unwrap();
        until(async || {
            app.clock.advance(SignedDuration::from_secs(60));
            due::poll_providers(&app.payments).await.unwrap();
            app.order(OWNER, &order.no).await.state.name() == "refunded"
        })
        .await;
    }
    app.assert_ledger_invariants().await;
}

#[tokio::test]
async fn confirmation_of_another_amount_is_rejected() {
    let app = PaymentTestApp::start().await;
    let (no, code) = app.recharge(OWNER, 150, Provider::Wechat, "key").await.unwrap();
    app.sandbox.inject_fault("drop-callback").await;
    app.scan(&code).await;
    let Ok(PaymentStatus::Paid(mut confirmation)) = app.payments.wechat.query(no.payment(1).as_str()).await else {
        panic!("not paid")
    };
    assert_eq!(settle(&app.payments, Provider::Wechat, &confirmation).await, Ok(SettleOutcome::Applied));
    confirmation.amount = Fen::new(151);
    assert!(settle(&app.payments, Provider::Wechat, &confirmation).await.is_err());
    let state = recharges::get(&*app.payments.money.store, OWNER, &no).await.unwrap().state;
    assert!(matches!(state, recharge::State::Credited { .. }));
}
