//! Coupons: freezing by staff, reminders and expiry.

use journeys::TestStack;
use serde_json::json;

/// Covers: IC-161, IC-164
#[tokio::test(flavor = "multi_thread")]
async fn coupon_is_frozen_and_unfrozen_by_staff() {
    let stack = TestStack::shared().await;
    let staff = stack.finance("freeze-staff").await;
    let client = stack.register("freeze").await;
    let coupon = stack.grant_coupon(&staff, &client, 50, 24 * 4, "coupon").await;
    let request = json!({"account": client.account, "why": "核实"});
    let frozen = stack.post(&staff, &format!("/v1/coupons/{coupon}/freeze"), "freeze", request.clone()).await;
    assert_eq!(frozen.body["state"], "frozen", "{}", frozen.body);
    let unfrozen = stack.post(&staff, &format!("/v1/coupons/{coupon}/thaw"), "thaw", request).await;
    assert_eq!(unfrozen.body["state"], "usable", "{}", unfrozen.body);
}

mod exclusive {
    use jiff::SignedDuration;
    use journeys::TestStack;

    /// Covers: IC-156, IC-160, IC-162, IC-201, XX-04
    #[tokio::test(flavor = "multi_thread")]
    async fn coupon_owner_is_reminded_three_days_before_it_expires() {
        let stack = TestStack::exclusive().await;
        let staff = stack.finance("remind-staff").await;
        let client = stack.register("remind").await;
        let long = stack.grant_coupon(&staff, &client, 40, 24 * 30, "long").await;
        let short = stack.grant_coupon(&staff, &client, 50, 24 * 4, "short").await;
        stack.set_clock_ahead(SignedDuration::from_hours(25)).await;
        let client = stack.sign_in(&client).await;
        stack.run_due_work().await;
        let usable = stack.get(&client, "/v1/coupons").await.body;
        let reminded = |id: &str| {
            usable["items"].as_array().unwrap().iter().any(|one| one["id"] == id && one["remindedAt"].is_string())
        };
        assert!(reminded(&short) && !reminded(&long), "{usable}");
        stack.set_clock_ahead(SignedDuration::from_hours(97)).await;
        let client = stack.sign_in(&client).await;
        stack.run_due_work().await;
        assert_eq!(stack.coupons(&client, "expired").await, [short]);
        assert_eq!(stack.run_due_work().await["coupons"]["done"], 0, "a second run changes nothing");
    }
}
