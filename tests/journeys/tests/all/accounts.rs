//! Registration, personal data and the closure of accounts.

use journeys::TestStack;
use reqwest::Method;
use serde_json::json;

/// Covers: UA-76
#[tokio::test(flavor = "multi_thread")]
async fn personal_data_is_exported_only_after_a_step_up() {
    let stack = TestStack::shared().await;
    let client = stack.register("export").await;
    let phone = stack.phone(0);
    stack.bind_phone(&client, &phone).await;
    let without = Some(json!({"stepUpToken": "x"}));
    assert_eq!(stack.send(Some(&client), Method::POST, "/v1/me/export", &[], without).await.status, 403);
    let proof = stack.step_up(&client, "export-data").await;
    let export = stack.send(Some(&client), Method::POST, "/v1/me/export", &[], Some(proof)).await;
    assert_eq!((export.status.as_u16(), export.body["account"]["phone"].as_str()), (200, Some(phone.as_str())));
}

/// Covers: UA-76
#[tokio::test(flavor = "multi_thread")]
async fn closure_of_an_account_is_requested_after_a_step_up_and_can_be_cancelled() {
    let stack = TestStack::shared().await;
    let client = stack.register("cancel-close").await;
    let proof = stack.step_up(&client, "close-account").await;
    let requested = stack.send(Some(&client), Method::POST, "/v1/me/closure", &[], Some(proof)).await;
    assert!(requested.status == 200 && requested.body["closesAt"].is_string(), "{}", requested.body);
    let cancelled = stack.send(Some(&client), Method::DELETE, "/v1/me/closure", &[], None).await;
    assert!(cancelled.status == 200 && cancelled.body["closesAt"].is_null(), "{}", cancelled.body);
}

mod exclusive {
    use std::collections::BTreeMap;

    use jiff::SignedDuration;
    use journeys::{PASSWORD, TestStack};
    use reqwest::Method;
    use serde_json::json;

    /// Covers: UA-76
    #[tokio::test(flavor = "multi_thread")]
    async fn account_is_closed_and_its_data_deleted_after_seven_days() {
        const DAYS: i64 = 7 * 86_400;
        let stack = TestStack::exclusive().await;
        let client = stack.register("closed").await;
        let phone = stack.phone(0);
        stack.bind_phone(&client, &phone).await;
        let masked = format!("{}****{}", &phone[..3], &phone[7..]);
        let rows_with_phone = async || {
            let rows = stack.all_rows().await;
            rows.iter().filter(|row| row.contains(&client.account) && row.contains(&masked)).count()
        };
        assert!(rows_with_phone().await > 0, "the masked number is stored before");
        let proof = stack.step_up(&client, "close-account").await;
        assert_eq!(stack.send(Some(&client), Method::POST, "/v1/me/closure", &[], Some(proof)).await.status, 200);
        stack.set_clock_ahead(SignedDuration::from_secs(DAYS - 30)).await;
        stack.run_due_work().await;
        assert_eq!(stack.sign_in_by_password(&client.name, PASSWORD).await.status, 201, "some seconds too early");
        stack.set_clock_ahead(SignedDuration::from_secs(DAYS + 60)).await;
        stack.run_due_work().await;
        let closed = stack.sign_in_by_password(&client.name, PASSWORD).await;
        assert_eq!(closed.problem(), (401, "credentials-wrong"));
        assert_eq!(rows_with_phone().await, 0);
    }

    /// Covers: IC-08, I31, XX-18
    #[tokio::test(flavor = "multi_thread")]
    async fn fifty_concurrent_registrations_of_one_phone_make_one_account() {
        let stack = TestStack::exclusive().await;
        let phone = stack.phone(0);
        let mut forms = Vec::new();
        for n in 0..5 {
            let id = stack.request_sms_code("register", &phone).await;
            let early = stack.try_sms_code("register", &phone).await;
            let wait = early.retry_after.unwrap_or_default();
            assert!(early.status == 429 && (1..=60).contains(&wait), "one code a minute: {} {wait}", early.status);
            let code = stack.sms_code(&phone).await;
            for m in 0..10 {
                let form = json!({"userName": stack.unique(&format!("phone-{n}-{m}")), "phone": phone, "codeId": id,
                    "code": code, "password": PASSWORD, "agreement": "2024-02", "client": "app"});
                forms.push((format!("198.51.100.{}", 10 * n + m), form));
            }
            stack.set_clock_ahead(SignedDuration::from_secs(61 * (n + 1))).await;
        }
        let calls: Vec<_> = forms
            .into_iter()
            .map(|(address, form)| {
                let stack = stack.clone();
                tokio::spawn(async move {
                    let address = format!("{address}, {address}");
                    let headers = [("x-forwarded-for", address.as_str())];
                    stack.send(None, Method::POST, "/v1/accounts", &headers, Some(form)).await
                })
            })
            .collect();
        let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
        for call in calls {
            let response = call.await.unwrap();
            let code = response.body["code"].as_str().unwrap_or("made");
            *outcomes.entry(format!("{} {code}", response.status.as_u16())).or_default() += 1;
        }
        assert_eq!(outcomes.get("201 made"), Some(&1), "{outcomes:?}");
        let expected = ["201 made", "409 phone-taken", "422 code-wrong", "409 conflict"];
        assert!(outcomes.keys().all(|outcome| expected.contains(&outcome.as_str())), "{outcomes:?}");
        let masked = format!("{}****{}", &phone[..3], &phone[7..]);
        let rows = stack.all_rows().await;
        let accounts = rows.iter().filter(|row| row.contains("phoneSealed") && row.contains(&masked)).count();
        assert_eq!(accounts, 1, "one account holds the number");
    }
}
