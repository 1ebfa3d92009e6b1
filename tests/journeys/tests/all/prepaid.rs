//! Photos that are paid from the balance when they pass.

use journeys::TestStack;
use serde_json::json;

use crate::fixtures::{failing_jpeg, passing_jpeg};

/// Covers: IC-61
#[tokio::test(flavor = "multi_thread")]
async fn prepaid_photo_without_enough_balance_is_refused() {
    let stack = TestStack::shared().await;
    let client = stack.register("poor").await;
    let mut form = TestStack::photo_form(50_000);
    form["paymentMethod"] = "balance".into();
    assert_eq!(stack.submit_form(&client, "poor", form).await.problem(), (402, "balance-too-low"));
    assert_eq!(stack.get(&client, "/v1/photos").await.body["items"], json!([]));
}

/// Covers: IC-60, IC-63
#[tokio::test(flavor = "multi_thread")]
async fn prepaid_photo_that_passes_is_paid_and_can_be_downloaded() {
    let stack = TestStack::shared().await;
    let client = stack.register("prepaid").await;
    stack.fund(&client, 1_000, "fund").await;
    let number = stack.submit_prepaid_photo(&client, "pays", &passing_jpeg()).await;
    let photo = stack.inspected(&client, &number).await;
    assert_eq!((&photo["state"], &photo["feeFen"], &photo["paid"]), (&"paid".into(), &150.into(), &true.into()));
    assert_eq!(stack.wallet(&client).await, (850, 0));
    assert_eq!(stack.get(&client, &format!("/v1/photos/{number}/standard-photo")).await.status, 200);
    let orders = stack.get(&client, "/v1/orders").await.body;
    let order = &orders["items"][0];
    assert_eq!(
        (&order["state"], &order["netFen"], &order["paidWith"]),
        (&"paid".into(), &150.into(), &"balance".into())
    );
}

/// Covers: IC-51
#[tokio::test(flavor = "multi_thread")]
async fn prepaid_photo_that_fails_costs_nothing_and_cannot_be_ordered() {
    let stack = TestStack::shared().await;
    let client = stack.register("prepaid-fail").await;
    stack.fund(&client, 1_000, "fund").await;
    let number = stack.submit_prepaid_photo(&client, "fails", &failing_jpeg()).await;
    assert_eq!(stack.inspected(&client, &number).await["state"], "failed");
    assert_eq!(stack.wallet(&client).await, (1_000, 0));
    let refused = stack.post(&client, "/v1/orders", "failed", json!({"imageNos": [number], "method": "wechat"})).await;
    assert_eq!(refused.problem(), (409, "photo-not-payable"));
}

/// Covers: IC-62, IC-157, IC-158
#[tokio::test(flavor = "multi_thread")]
async fn prepaid_photo_uses_the_coupon_that_expires_first() {
    let stack = TestStack::shared().await;
    let staff = stack.finance("coupon-staff").await;
    let client = stack.register("thrifty").await;
    stack.fund(&client, 1_000, "fund").await;
    let later = stack.grant_coupon(&staff, &client, 150, 900, "later").await;
    let small = stack.grant_coupon(&staff, &client, 20, 300, "small").await;
    let large = stack.grant_coupon(&staff, &client, 50, 300, "large").await;
    let usable = stack.coupons(&client, "usable").await;
    assert_eq!(usable[2], later);
    // The other two expire a moment apart, because they were granted a moment apart; the list shows which is first.
    let (used, face) = if usable[0] == large { (&large, 50) } else { (&small, 20) };
    let number = stack.submit_prepaid_photo(&client, "with a coupon", &passing_jpeg()).await;
    assert_eq!(stack.inspected(&client, &number).await["state"], "paid");
    assert_eq!(stack.wallet(&client).await, (1_000 - 150 + face, 0));
    let coupon = &stack.get(&client, "/v1/coupons?state=used").await.body["items"][0];
    assert_eq!(coupon["id"], used.as_str());
    let order = stack.order(&client, coupon["orderNo"].as_str().unwrap()).await;
    assert_eq!((&order["grossFen"], &order["discountFen"]), (&150.into(), &face.into()));
}

mod exclusive {
    use jiff::SignedDuration;
    use journeys::{TestStack, wait_for};

    /// Covers: IC-51, IC-56, IC-159
    #[tokio::test(flavor = "multi_thread")]
    async fn prepaid_photo_that_times_out_costs_nothing_and_frees_its_coupon() {
        let stack = TestStack::exclusive().await;
        let staff = stack.finance("coupon-staff").await;
        let client = stack.register("stalled").await;
        stack.fund(&client, 300, "fund").await;
        let coupon = stack.grant_coupon(&staff, &client, 50, 24 * 4, "coupon").await;
        let mut form = TestStack::photo_form(50_000);
        form["paymentMethod"] = "balance".into();
        let ticket = stack.submit_form(&client, "stalled", form).await.body;
        assert_eq!(stack.wallet(&client).await, (300, 100), "the price less the coupon is held");
        assert_eq!(stack.coupons(&client, "frozen").await, std::slice::from_ref(&coupon));
        // The event arrives, but there is no object: the inspection begins and does not end.
        let key = ticket["upload"]["fields"]["key"].as_str().unwrap();
        stack.send_to_detection(&stack.upload_event(key).to_string()).await;
        let path = format!("/v1/photos/{}", ticket["imageNo"].as_str().unwrap());
        wait_for("the inspection begins", async || {
            (stack.get(&client, &path).await.body["state"] == "inspecting").then_some(())
        })
        .await;
        stack.set_clock_ahead(SignedDuration::from_mins(31)).await;
        let client = stack.sign_in(&client).await;
        stack.run_due_work().await;
        assert_eq!(stack.get(&client, &path).await.body["state"], "timed-out");
        assert_eq!(stack.wallet(&client).await, (300, 0));
        assert_eq!(stack.coupons(&client, "usable").await, [coupon]);
    }
}
