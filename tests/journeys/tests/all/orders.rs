//! Orders for photos that were inspected first: payment, coupons, changes, refunds and repeated commands.

use journeys::{TestStack, wait_for};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixtures::passed_photo;

fn no(order: &Value) -> &str {
    order["no"].as_str().unwrap()
}

async fn assert_paid_by_provider(provider: &str) {
    let stack = TestStack::shared().await;
    let staff = stack.finance("order-staff").await;
    let client = stack.register("orderer").await;
    for with_coupon in [false, true] {
        let case = format!("{provider} {with_coupon}");
        let photo = passed_photo(&stack, &client, &case).await;
        let coupon = if with_coupon { Some(stack.grant_coupon(&staff, &client, 50, 300, &case).await) } else { None };
        let order = stack.place_order(&client, &[&photo], provider, coupon.as_deref()).await;
        let line = &order["lines"][0];
        assert_eq!((&line["imageNo"], &line["region"]), (&photo.as_str().into(), &"广东省-深圳市".into()));
        let net = if with_coupon { 100 } else { 150 };
        assert_eq!((&order["state"], &order["netFen"]), (&"awaiting-payment".into(), &net.into()), "{case}");
        if let Some(coupon) = &coupon {
            assert!(stack.coupons(&client, "frozen").await.contains(coupon), "{case}");
        }
        let code = stack.payment_code(&client, no(&order), &format!("pay {case}")).await;
        let page = stack.scan_and_pay(&code).await;
        assert!(page.contains(if with_coupon { "¥1.00" } else { "¥1.50" }), "{page}");
        let order = stack.wait_for_order(&client, no(&order), "paid").await;
        assert_eq!(order["paidWith"], provider);
        assert_eq!(stack.get(&client, &format!("/v1/photos/{photo}")).await.body["state"], "paid", "{case}");
        assert_eq!(stack.get(&client, &format!("/v1/photos/{photo}/standard-photo")).await.status, 200);
        if let Some(coupon) = &coupon {
            assert!(stack.coupons(&client, "used").await.contains(coupon), "{case}");
        }
    }
    assert_eq!(stack.wallet(&client).await, (0, 0), "a provider's payment does not change the wallet");
}

/// Covers: IC-64, IC-65, IC-67, IC-69, IC-70, IC-71, IC-72, IC-75, IC-159, IC-207
#[tokio::test(flavor = "multi_thread")]
async fn order_is_paid_by_wechat_with_and_without_a_coupon() {
    assert_paid_by_provider("wechat").await;
}

/// Covers: IC-64, IC-65, IC-67, IC-69, IC-70, IC-71, IC-72, IC-74, IC-159, IC-207
#[tokio::test(flavor = "multi_thread")]
async fn order_is_paid_by_alipay_with_and_without_a_coupon() {
    assert_paid_by_provider("alipay").await;
}

/// Covers: IC-68
#[tokio::test(flavor = "multi_thread")]
async fn photo_in_an_open_order_cannot_be_ordered_again() {
    let stack = TestStack::shared().await;
    let client = stack.register("second-order").await;
    let photo = passed_photo(&stack, &client, "photo").await;
    stack.place_order(&client, &[&photo], "wechat", None).await;
    let second = stack.post(&client, "/v1/orders", "second", json!({"imageNos": [photo], "method": "balance"})).await;
    assert_eq!(second.problem(), (409, "photo-already-ordered"));
}

/// Covers: IC-73
#[tokio::test(flavor = "multi_thread")]
async fn alipay_page_shows_the_amount_of_the_order() {
    let stack = TestStack::shared().await;
    let client = stack.register("alipay-page").await;
    let photo = passed_photo(&stack, &client, "page").await;
    let order = stack.place_order(&client, &[&photo], "alipay", None).await;
    let request = json!({"scene": "page", "returnUrl": "http://127.0.0.1/me/orders"});
    let paying = stack.post(&client, &format!("/v1/orders/{}/payments", no(&order)), "page", request).await.body;
    let page = stack.http.get(paying["code"]["url"].as_str().unwrap()).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("支付宝") && page.contains("¥1.50"), "{page}");
}

/// Covers: IC-76
#[tokio::test(flavor = "multi_thread")]
async fn order_that_a_coupon_covers_is_paid_at_once() {
    let stack = TestStack::shared().await;
    let staff = stack.finance("order-staff").await;
    let client = stack.register("free").await;
    let photo = passed_photo(&stack, &client, "free").await;
    let coupon = stack.grant_coupon(&staff, &client, 200, 300, "free").await;
    let order = stack.place_order(&client, &[&photo], "wechat", Some(&coupon)).await;
    assert_eq!((&order["state"], &order["netFen"], &order["paidWith"]), (&"paid".into(), &0.into(), &"coupon".into()));
    assert!(stack.coupons(&client, "used").await.contains(&coupon));
    assert_eq!(stack.get(&client, &format!("/v1/photos/{photo}")).await.body["state"], "paid");
}

/// Covers: IC-66, IC-79
#[tokio::test(flavor = "multi_thread")]
async fn second_payment_of_an_order_is_refunded() {
    let stack = TestStack::shared().await;
    let client = stack.register("paid-twice").await;
    let photo = passed_photo(&stack, &client, "twice").await;
    let order = stack.place_order(&client, &[&photo], "wechat", None).await;
    let path = format!("/v1/orders/{}", no(&order));
    let first = stack.payment_code(&client, no(&order), "first").await;
    let changed = stack.command(&client, Method::PATCH, &path, "change", json!({"method": "alipay"})).await;
    assert_eq!((changed.status.as_u16(), &changed.body["method"]), (200, &"alipay".into()), "{}", changed.body);
    assert_eq!(stack.trade(&first).await["status"], "closed", "the first attempt cannot be paid any more");
    let second = stack.payment_code(&client, no(&order), "second").await;
    stack.scan_and_pay(&second).await;
    stack.wait_for_order(&client, no(&order), "paid").await;
    stack.control_sandbox("scan", json!({"code": first, "force": true})).await;
    wait_for("the second payment is refunded", async || {
        stack.run_due_work().await;
        (stack.trade(&first).await["status"] == "refunded").then_some(())
    })
    .await;
    let order = stack.order(&client, no(&order)).await;
    assert_eq!((&order["state"], &order["paidWith"]), (&"paid".into(), &"alipay".into()));
    let third = stack.post(&client, &format!("{path}/payments"), "third", json!({})).await;
    assert!(third.status == 200 && third.body["code"].is_null(), "a paid order has no code: {}", third.body);
}

/// Covers: IC-130, I20
#[tokio::test(flavor = "multi_thread")]
async fn order_is_refunded_once_and_only_by_staff() {
    let stack = TestStack::shared().await;
    let staff = stack.finance("refund-staff").await;
    let client = stack.register("refunded").await;
    stack.fund(&client, 300, "fund").await;
    for method in ["balance", "wechat", "alipay"] {
        let photo = passed_photo(&stack, &client, &format!("photo {method}")).await;
        let order = stack.place_order(&client, &[&photo], method, None).await;
        let path = format!("/v1/orders/{}", no(&order));
        if method == "balance" {
            stack.post(&client, &format!("{path}/payments"), method, json!({})).await;
        } else {
            stack.scan_and_pay(&stack.payment_code(&client, no(&order), method).await).await;
            stack.wait_for_order(&client, no(&order), "paid").await;
        }
        let request = json!({"account": client.account, "why": "误购"});
        let key = format!("refund {method}");
        let own = stack.post(&client, &format!("{path}/refund"), &key, request.clone()).await;
        assert_eq!(own.status, 403, "a customer cannot refund");
        for _ in 0..2 {
            let response = stack.post(&staff, &format!("{path}/refund"), &key, request.clone()).await;
            assert_eq!(response.status, 200, "{}", response.body);
        }
        wait_for(&format!("{method}: the refund"), async || {
            stack.run_due_work().await;
            (stack.order(&client, no(&order)).await["state"] == "refunded").then_some(())
        })
        .await;
    }
    assert_eq!(stack.wallet(&client).await, (300, 0));
}

/// Covers: XX-08, I17
#[tokio::test(flavor = "multi_thread")]
async fn repeated_order_commands_have_their_effect_once() {
    let stack = TestStack::shared().await;
    let client = stack.register("repetitive").await;
    stack.fund(&client, 600, "fund").await;
    let photos = [passed_photo(&stack, &client, "one").await, passed_photo(&stack, &client, "two").await];
    let order = stack.place_order(&client, &[&photos[0]], "balance", None).await;
    let other = stack.place_order(&client, &[&photos[1]], "balance", None).await;
    let pay = format!("/v1/orders/{}/payments", no(&order));
    let without_key = stack.send(Some(&client), Method::POST, &pay, &[], Some(json!({}))).await;
    assert_eq!(without_key.problem(), (400, "idempotency-key-missing"));
    let (first, second) =
        tokio::join!(stack.post(&client, &pay, "pay", json!({})), stack.post(&client, &pay, "pay", json!({})));
    assert_eq!((first.status.as_u16(), &first.body), (200, &second.body), "{}", first.body);
    assert_eq!(first.body["order"]["state"], "paid");
    assert_eq!(stack.wallet(&client).await, (450, 0));
    let reused = stack.post(&client, &format!("/v1/orders/{}/payments", no(&other)), "pay", json!({})).await;
    assert_eq!(reused.problem(), (422, "idempotency-key-reused"));
    let path = format!("/v1/orders/{}", no(&other));
    let change = json!({"method": "wechat"});
    let changed = stack.command(&client, Method::PATCH, &path, "change", change.clone()).await;
    stack.command(&client, Method::PATCH, &path, "back", json!({"method": "balance"})).await;
    let replayed = stack.command(&client, Method::PATCH, &path, "change", change).await;
    assert_eq!((changed.status.as_u16(), &changed.body), (200, &replayed.body));
    assert_eq!(stack.order(&client, no(&other)).await["method"], "balance", "the repeated change has no effect");
    let cancel = format!("{path}/cancellation");
    let cancelled = stack.post(&client, &cancel, "cancel", Value::Null).await;
    let replayed = stack.post(&client, &cancel, "cancel", Value::Null).await;
    assert_eq!((&cancelled.body["state"], &cancelled.body), (&"closed".into(), &replayed.body));
    assert_eq!(stack.wallet(&client).await, (450, 0));
}

/// Covers: IC-163, I8, I12
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_orders_with_one_coupon_and_concurrent_payments_succeed_once() {
    const CONCURRENT: usize = 24;
    let stack = TestStack::shared().await;
    let staff = stack.finance("coupon-staff").await;
    let client = stack.register("concurrent").await;
    stack.fund(&client, 600, "fund").await;
    let mut photos = Vec::new();
    for n in 0..4 {
        photos.push(passed_photo(&stack, &client, &format!("photo {n}")).await);
    }
    let coupon = stack.grant_coupon(&staff, &client, 50, 300, "coupon").await;
    let placing = (0..CONCURRENT).map(|n| {
        let (stack, client) = (stack.clone(), client.clone());
        let request = json!({"imageNos": [photos[n % 4]], "method": "balance", "couponId": coupon});
        tokio::spawn(async move { stack.post(&client, "/v1/orders", &format!("place {n}"), request).await })
    });
    let mut placed = Vec::new();
    for one in placing.collect::<Vec<_>>() {
        let response = one.await.unwrap();
        if response.status == 201 {
            placed.push(no(&response.body).to_owned());
        } else {
            assert!([409, 503].contains(&response.status.as_u16()), "{}", response.body);
        }
    }
    assert_eq!(placed.len(), 1, "one coupon, one order");
    let paying = (0..CONCURRENT).map(|n| {
        let (stack, client, path) = (stack.clone(), client.clone(), format!("/v1/orders/{}/payments", placed[0]));
        tokio::spawn(async move { stack.post(&client, &path, &format!("pay {n}"), json!({})).await })
    });
    for one in paying.collect::<Vec<_>>() {
        let response = one.await.unwrap();
        assert!(response.body["order"]["state"] == "paid" || response.status == 503, "{}", response.body);
    }
    assert_eq!(stack.wallet(&client).await, (500, 0), "one order, one debit");
}

mod exclusive {
    use std::time::{Duration, Instant};

    use jiff::SignedDuration;
    use journeys::{PATIENCE, TestStack};
    use serde_json::json;

    use super::no;
    use crate::fixtures::passed_photo;

    /// Covers: IC-78, IC-159
    #[tokio::test(flavor = "multi_thread")]
    async fn unpaid_order_is_closed_at_the_provider_and_frees_photo_and_coupon() {
        let stack = TestStack::exclusive().await;
        let staff = stack.finance("order-staff").await;
        let client = stack.register("unpaid-order").await;
        let coupon = stack.grant_coupon(&staff, &client, 40, 24 * 30, "coupon").await;
        let photo = passed_photo(&stack, &client, "unpaid").await;
        let order = stack.place_order(&client, &[&photo], "wechat", Some(&coupon)).await;
        let code = stack.payment_code(&client, no(&order), "pay").await;
        assert_eq!(stack.coupons(&client, "frozen").await, std::slice::from_ref(&coupon));
        stack.set_clock_ahead(SignedDuration::from_mins(31)).await;
        let client = stack.sign_in(&client).await;
        stack.run_due_work().await;
        assert_eq!(stack.order(&client, no(&order)).await["state"], "closed");
        assert_eq!(stack.trade(&code).await["status"], "closed");
        assert_eq!(stack.coupons(&client, "usable").await, [coupon]);
        let again = stack.post(&client, "/v1/orders", "again", json!({"imageNos": [photo], "method": "wechat"})).await;
        assert_eq!(again.status, 201, "{}", again.body);
    }

    /// Covers: I25
    #[tokio::test(flavor = "multi_thread")]
    async fn payments_whose_workers_are_killed_succeed_once_when_repeated() {
        const ORDERS: usize = 6;
        let stack = TestStack::exclusive().await;
        let client = stack.register("killed-orders").await;
        stack.fund(&client, 10_000, "fund").await;
        let mut orders = Vec::new();
        for n in 0..ORDERS {
            let photo = passed_photo(&stack, &client, &format!("photo {n}")).await;
            orders.push(no(&stack.place_order(&client, &[&photo], "balance", None).await).to_owned());
        }
        let killer = tokio::spawn({
            let stack = stack.clone();
            async move {
                let mut killed = 0;
                for _ in 0..40 {
                    killed += stack.kill("Orders");
                    tokio::time::sleep(Duration::from_millis(60)).await;
                }
                killed
            }
        });
        let payments = orders.iter().enumerate().map(|(n, order)| {
            let (stack, client, path) = (stack.clone(), client.clone(), format!("/v1/orders/{order}/payments"));
            tokio::spawn(async move {
                let started = Instant::now();
                loop {
                    let response = stack.post(&client, &path, &format!("pay {n}"), json!({})).await;
                    if response.status == 200 {
                        assert_eq!(response.body["order"]["state"], "paid", "{}", response.body);
                        return;
                    }
                    assert!(started.elapsed() < PATIENCE, "{}", response.text);
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            })
        });
        for payment in payments.collect::<Vec<_>>() {
            payment.await.unwrap();
        }
        assert!(killer.await.unwrap() > 0, "there was no worker to kill");
        assert_eq!(stack.wallet(&client).await, (10_000 - 150 * ORDERS as i64, 0));
        let entries = stack.get(&client, "/v1/transactions?type=spend").await.body;
        assert_eq!(entries["items"].as_array().unwrap().len(), ORDERS);
    }
}
