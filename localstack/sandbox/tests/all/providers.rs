//! The real clients against the providers' wire protocols, on good days and bad: what the functions of money do, without a cloud.

use std::sync::Arc;

use crate::shop::Shop;
use app::audit::{AuditActor, Reason};
use app::clock::FixedClock;
use app::payments::provider::{Charge, Closing, Found, Scene, Trouble};
use app::payments::{PayProvider, Settled, ask, refund, settle, sweep};
use app::{orders, recharges};
use cloud::provider::wechat::Wechat;
use domain::money::Fen;
use domain::money::order::{Method, State};
use domain::money::payment::{PayCode, Provider};
use domain::money::recharge;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

const OWNER: &str = "01HM4XJQ8Z0000000000000001";

fn charge(no: &str, scene: Scene) -> Charge {
    Charge {
        payment_no: no.to_owned(),
        amount: Fen::new(150),
        subject: "证件数码相片质量检测".to_owned(),
        expires_at: Timestamp::now() + SignedDuration::from_mins(30),
        scene,
    }
}

/// Covers: IC-168, IC-169, I16
#[tokio::test]
async fn a_recharge_is_paid_by_scanning_and_credited_by_the_callback() {
    let shop = Shop::open().await;
    for (provider, key) in [(Provider::Wechat, "one"), (Provider::Alipay, "two")] {
        let (no, code) = shop.recharge(OWNER, 3_000, provider, key).await.unwrap();
        shop.scan(&code).await;
        shop.until(async || shop.credited(OWNER, &no).await).await;
    }
    assert_eq!(shop.balance(OWNER).await, 6_000);
    shop.assert_books().await;
}

/// Covers: I18, IC-170
#[tokio::test]
async fn duplicated_callbacks_and_questions_credit_once() {
    let shop = Shop::open().await;
    shop.fault("duplicate-notice").await;
    let (no, code) = shop.recharge(OWNER, 150, Provider::Wechat, "key").await.unwrap();
    shop.scan(&code).await;
    for _ in 0..5 {
        ask(&shop.payments, &no.payment(1)).await.unwrap();
    }
    shop.until(async || shop.credited(OWNER, &no).await).await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(shop.balance(OWNER).await, 150);
    shop.assert_books().await;
}

/// Covers: I19
#[tokio::test]
async fn no_bad_callback_changes_anything_and_the_question_still_finds_the_money() {
    let shop = Shop::open().await;
    for provider in Provider::ALL {
        for (n, fault) in
            ["tampered-notice", "wrong-amount-notice", "wrong-merchant-notice", "stale-notice", "probe-notice"]
                .iter()
                .enumerate()
        {
            if provider == Provider::Alipay && n > 2 {
                continue;
            }
            shop.no_faults().await;
            shop.fault(fault).await;
            let before = shop.balance(OWNER).await;
            let key = format!("{fault} {}", provider.code());
            let (no, code) = shop.recharge(OWNER, 150, provider, &key).await.unwrap();
            let refused = shop.refused();
            shop.scan(&code).await;
            shop.until(async || shop.refused() > refused).await;
            assert_eq!(shop.balance(OWNER).await, before, "{key}");
            ask(&shop.payments, &no.payment(1)).await.unwrap();
            assert_eq!(shop.balance(OWNER).await, before + 150, "{key}");
        }
    }
    shop.assert_books().await;
}

#[tokio::test]
async fn a_dropped_callback_is_made_up_for_by_the_sweep() {
    let shop = Shop::open().await;
    shop.fault("drop-notice").await;
    let (no, code) = shop.recharge(OWNER, 60_000, Provider::Wechat, "key").await.unwrap();
    shop.scan(&code).await;
    shop.clock.advance(SignedDuration::from_secs(6));
    sweep::ask_providers(&shop.payments).await.unwrap();
    assert!(shop.credited(OWNER, &no).await);
}

#[tokio::test]
async fn a_callback_we_could_not_take_comes_again() {
    let shop = Shop::open().await;
    let (no, code) = shop.recharge(OWNER, 150, Provider::Wechat, "key").await.unwrap();
    shop.store.fail(0, app::store::Fault::Before);
    let refused = shop.refused();
    shop.scan(&code).await;
    shop.until(async || shop.refused() > refused).await;
    assert!(!shop.credited(OWNER, &no).await);
    shop.post("/_sim/clock", json!({"seconds": 16})).await;
    shop.until(async || shop.credited(OWNER, &no).await).await;
}

#[tokio::test]
async fn answers_that_are_not_the_providers_are_never_believed() {
    let shop = Shop::open().await;
    for provider in Provider::ALL {
        let client = shop.payments.at(provider);
        for fault in ["unsigned", "forged", "unknown-serial", "tampered", "broken", "busy", "lost-answer"] {
            let no = format!("2024011513365600{:06}P01", fastrand(fault, provider));
            shop.fault(fault).await;
            let answer = client.create(&charge(&no, Scene::Qr)).await;
            let forged_yet_harmless = provider == Provider::Alipay && fault == "unknown-serial";
            assert!(matches!(answer, Err(Trouble::Unknown(_))), "{fault} {forged_yet_harmless}: {answer:?}");
            let code = client.create(&charge(&no, Scene::Qr)).await.unwrap();
            shop.scan(&code).await;
            shop.fault(fault).await;
            assert!(matches!(client.query(&no).await, Err(Trouble::Unknown(_))), "{fault}");
            assert!(matches!(client.query(&no).await, Ok(Found::Paid(_))), "{fault}");
        }
    }
}

fn fastrand(fault: &str, provider: Provider) -> u32 {
    fault.bytes().chain(provider.code().bytes()).fold(7, |sum, byte| (sum * 31 + u32::from(byte)) % 1_000_000)
}

#[tokio::test]
async fn platform_certificates_are_fetched_and_followed_when_they_change() {
    let shop = Shop::with(|secret| secret.wechat.public_key = None).await;
    // The sandbox looks at the age of what it gets, too: a minute ahead is not too young for it.
    let clock = Arc::new(FixedClock::at(Timestamp::now()));
    let client = Wechat::new(shop.wechat.clone(), clock.clone()).unwrap();
    let no = "2024011513365600000001P01";
    client.create(&charge(no, Scene::Qr)).await.unwrap();
    assert!(shop.post("/_sim/keys", json!({"rotate": true})).await);
    assert!(matches!(client.query(no).await, Err(Trouble::Unknown(_))), "asked for certificates a moment ago");
    clock.advance(SignedDuration::from_secs(61));
    assert_eq!(client.query(no).await, Ok(Found::Unpaid));
}

#[tokio::test]
async fn a_callback_counts_by_the_certificate_in_either_mode() {
    for certificate_mode in [true, false] {
        let shop = Shop::with(|secret| {
            if certificate_mode {
                secret.wechat.public_key = None;
            }
        });
        let shop = shop.await;
        assert!(shop.post("/_sim/keys", json!({"certifiedNotices": true})).await);
        let (no, code) = shop.recharge(OWNER, 150, Provider::Wechat, "key").await.unwrap();
        shop.scan(&code).await;
        shop.until(async || shop.credited(OWNER, &no).await).await;
        assert_eq!(shop.refused(), 0, "certificate mode: {certificate_mode}");
    }
}

#[tokio::test]
async fn closing_ends_an_unpaid_payment_and_reports_a_paid_one() {
    let shop = Shop::open().await;
    for provider in Provider::ALL {
        let client = shop.payments.at(provider);
        assert_eq!(client.query("2024011513365600000009P01").await, Ok(Found::Absent));
        assert_eq!(client.close("2024011513365600000009P01").await, Ok(Closing::Closed));
        let code = client.create(&charge("2024011513365600000001P01", Scene::Qr)).await.unwrap();
        assert_eq!(client.query("2024011513365600000001P01").await, Ok(Found::Unpaid));
        assert_eq!(client.close("2024011513365600000001P01").await, Ok(Closing::Closed));
        assert!(!shop.try_scan(&code).await, "a closed code cannot be paid");
        assert_eq!(client.query("2024011513365600000001P01").await, Ok(Found::Closed));
        let code = client.create(&charge("2024011513365600000002P01", Scene::Qr)).await.unwrap();
        shop.scan(&code).await;
        assert_eq!(client.close("2024011513365600000002P01").await, Ok(Closing::Paid));
        let other = Charge { amount: Fen::new(151), ..charge("2024011513365600000003P01", Scene::Qr) };
        client.create(&charge("2024011513365600000003P01", Scene::Qr)).await.unwrap();
        assert!(matches!(client.create(&other).await, Err(Trouble::Refused(_))), "one number, one amount");
    }
}

/// Covers: IC-73
#[tokio::test]
async fn alipays_page_opens_with_our_signature_and_not_without() {
    let shop = Shop::open().await;
    let scene = Scene::Page { return_url: Some(format!("{}/back", shop.url)) };
    let code = shop.payments.alipay.create(&charge("2024011513365600000001P01", scene)).await.unwrap();
    let PayCode::Page { url } = code else { panic!("not a page") };
    let page = shop.http.get(&url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    assert!(page.contains("¥1.50") && page.contains("支付宝"), "{page}");
    let tampered = shop.http.get(url.replace("1.50", "0.01")).send().await.unwrap();
    assert_eq!(tampered.status(), 400);
}

/// Covers: IC-66, I8
#[tokio::test]
async fn an_order_changes_its_provider_and_a_late_payment_goes_back() {
    let shop = Shop::open().await;
    let order = shop.place(OWNER, Method::Wechat, "order").await;
    let first = shop.pay(OWNER, &order.no).await.unwrap();
    let changed =
        orders::change(&shop.payments, OWNER, &order.no, Method::Alipay, None, &shop.command()).await.unwrap();
    let second = shop.pay(OWNER, &changed.no).await.unwrap();
    shop.scan(&second.code.unwrap()).await;
    shop.until(async || matches!(shop.order(OWNER, &order.no).await.state, State::Paid { .. })).await;
    shop.force(&first.code.unwrap()).await;
    let late = order.no.payment(1);
    shop.until(async || refund::advance(&shop.payments, &late).await.is_ok()).await;
    shop.until(async || {
        shop.clock.advance(SignedDuration::from_secs(60));
        sweep::ask_providers(&shop.payments).await.unwrap();
        shop.refunded(&late).await
    })
    .await;
    shop.assert_books().await;
}

/// Covers: I20
#[tokio::test]
async fn an_order_is_taken_back_once_at_either_provider() {
    let shop = Shop::open().await;
    for (method, key) in [(Method::Wechat, "one"), (Method::Alipay, "two")] {
        let order = shop.place(OWNER, method, key).await;
        let paying = shop.pay(OWNER, &order.no).await.unwrap();
        shop.scan(&paying.code.unwrap()).await;
        shop.until(async || matches!(shop.order(OWNER, &order.no).await.state, State::Paid { .. })).await;
        let (by, why) =
            (AuditActor { id: "staff".to_owned(), request_id: key.to_owned() }, Reason::parse("doubt").unwrap());
        orders::refund(&shop.payments, &by, OWNER, &order.no, &why, &shop.command()).await.unwrap();
        shop.fault("lost-answer").await;
        refund::advance(&shop.payments, &order.no.payment(1)).await.unwrap();
        shop.until(async || {
            shop.clock.advance(SignedDuration::from_secs(60));
            sweep::ask_providers(&shop.payments).await.unwrap();
            shop.order(OWNER, &order.no).await.state.name() == "refunded"
        })
        .await;
    }
    shop.assert_books().await;
}

#[tokio::test]
async fn a_receipt_of_another_amount_is_refused() {
    let shop = Shop::open().await;
    let (no, code) = shop.recharge(OWNER, 150, Provider::Wechat, "key").await.unwrap();
    shop.fault("drop-notice").await;
    shop.scan(&code).await;
    let Ok(Found::Paid(mut receipt)) = shop.payments.wechat.query(&no.payment(1)).await else { panic!("not paid") };
    assert_eq!(settle(&shop.payments, Provider::Wechat, &receipt).await, Ok(Settled::Applied));
    receipt.amount = Fen::new(151);
    assert!(settle(&shop.payments, Provider::Wechat, &receipt).await.is_err());
    let state = recharges::get(&*shop.payments.money.store, OWNER, &no).await.unwrap().state;
    assert!(matches!(state, recharge::State::Credited { .. }));
}
