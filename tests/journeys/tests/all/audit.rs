//! Staff: the second factor, roles, and the audit log.

use domain::actor::Role;
use journeys::{Client, PASSWORD, Response, TestStack};
use reqwest::Method;
use serde_json::{Value, json};

async fn put_roles(stack: &TestStack, by: &Client, of: &Client, roles: Value) -> Response {
    let request = json!({"roles": roles, "why": "joins finance"});
    let path = format!("/v1/admin/accounts/{}/roles", of.account);
    stack.send(Some(by), Method::PUT, &path, &[], Some(request)).await
}

/// Covers: XX-16
#[tokio::test(flavor = "multi_thread")]
async fn staff_session_needs_a_second_factor_and_a_role() {
    let stack = TestStack::shared().await;
    let admin = stack.register("admin").await;
    assert_eq!(stack.get(&admin, "/v1/admin/audit").await.status, 403, "without a role");
    stack.grant_role(&admin, Role::Admin).await;
    assert_eq!(stack.get(&admin, "/v1/me").await.status, 401, "older sessions end when a role is granted");
    let first = stack.sign_in_by_password(&admin.name, PASSWORD).await;
    assert_eq!(
        (first.body["scope"].as_str(), first.body["secondFactor"].as_str()),
        (Some("second-factor"), Some("set-up"))
    );
    let half = Client::from_session(&admin.name, &first.body);
    assert_eq!(stack.get(&half, "/v1/admin/audit").await.problem(), (403, "second-factor-needed"));
    let (admin, recovery) = stack.enrol_second_factor(&half).await;
    assert_eq!(stack.get(&admin, "/v1/admin/audit").await.status, 200);
    assert_eq!(stack.get(&half, "/v1/sessions").await.status, 403);
    assert_eq!(recovery.len(), 10);
    let finance = stack.finance("not-auditor").await;
    assert_eq!(stack.get(&finance, "/v1/admin/audit").await.status, 403, "the role finance does not include it");
}

/// Covers: XX-16
#[tokio::test(flavor = "multi_thread")]
async fn recovery_code_replaces_the_authenticator_once() {
    let stack = TestStack::shared().await;
    let client = stack.register("recovery").await;
    stack.grant_role(&client, Role::Finance).await;
    let first = stack.sign_in_by_password(&client.name, PASSWORD).await;
    let (_, recovery) = stack.enrol_second_factor(&Client::from_session(&client.name, &first.body)).await;
    let lost = stack.sign_in_by_password(&client.name, PASSWORD).await;
    assert_eq!(lost.body["secondFactor"], "show");
    let lost = Client::from_session(&client.name, &lost.body);
    let steps = [json!({"code": "000000"}), json!({"recoveryCode": recovery[0]}), json!({"recoveryCode": recovery[0]})];
    let mut statuses = Vec::new();
    for step in steps {
        statuses.push(stack.send_second_factor(&lost, step).await.status.as_u16());
    }
    assert_eq!(statuses, [422, 201, 401], "the code is valid once, and then the first step has ended");
}

/// Covers: XX-16, IC-203
#[tokio::test(flavor = "multi_thread")]
async fn granted_role_has_an_audit_entry_and_ends_older_sessions() {
    let stack = TestStack::shared().await;
    let admin = stack.staff("admin", Role::Admin).await;
    let finance = stack.register("finance").await;
    let granted = put_roles(&stack, &admin, &finance, json!(["finance"])).await;
    assert_eq!((granted.status.as_u16(), &granted.body["roles"]), (200, &json!(["user", "finance"])));
    assert_eq!(stack.get(&finance, "/v1/me").await.status, 401, "a granted role needs a new sign-in");
    let combined = put_roles(&stack, &admin, &finance, json!(["auditor", "finance"])).await;
    assert_eq!(combined.body["code"], "invalid");
    assert_eq!(put_roles(&stack, &admin, &admin, json!(["admin"])).await.body["code"], "own-account");
    let entries = stack.get(&admin, &format!("/v1/admin/audit?subject=account/{}", finance.account)).await;
    let entry = &entries.body["items"][0];
    assert_eq!((entry["what"].as_str(), entry["by"].as_str()), (Some("roles-set"), Some(admin.account.as_str())));
    assert_eq!((entry["why"].as_str(), &entry["facts"]["after"]), (Some("joins finance"), &json!(["user", "finance"])));
    let today = stack.get(&admin, "/v1/admin/audit?limit=1").await.body;
    assert!(today["items"].as_array().unwrap().len() == 1 && today["next"].is_string(), "{today}");
}

mod exclusive {
    use app::store::{Change, Key, Store, Table};
    use domain::actor::Role;
    use jiff::{SignedDuration, Timestamp};
    use journeys::TestStack;
    use serde_json::json;

    /// Covers: IC-203
    #[tokio::test(flavor = "multi_thread")]
    async fn changed_audit_entry_is_found_by_the_nightly_check_and_by_the_operators_tool() {
        let stack = TestStack::exclusive().await;
        let client = stack.register("audited").await;
        stack.grant_role(&client, Role::Finance).await;
        let report = stack.check_audit().await.unwrap_or_else(|error| panic!("the check failed: {error}"));
        assert!(report["subjects"].as_u64().unwrap() >= 1 && report["broken"] == json!([]), "{report}");
        let day =
            |offset: i64| (Timestamp::now() + SignedDuration::from_hours(24 * offset)).to_string()[..10].to_owned();
        let (from, to) = (day(-30), day(30));
        let check = async || stack.run_operator_tool("operate", &["check-audit", &from, &to]).await;
        let (intact, printed) = check().await;
        assert!(intact && printed.contains("0 of them broken"), "{printed}");

        let subject = format!("account/{}", client.account);
        let key = Key::new(Table::Audit, format!("SUBJECT#{subject}"), format!("{:020}", 1));
        let store = stack.store().await;
        let original = store.get(&key).await.unwrap().unwrap();
        store.apply(Change::update(key.clone()).set("by", "operator/changed")).await.unwrap();
        let (nightly, (intact, printed)) = (stack.check_audit().await, check().await);
        store.apply(Change::update(key).set("by", original["by"].clone())).await.unwrap();
        let error = nightly.expect_err("the job fails, which raises its alarm");
        assert!(error.to_string().contains("1 broken chains"), "{error}");
        assert!(!intact && printed.contains(&subject), "{printed}");
        let logs = stack.all_logs().await;
        assert!(
            logs.iter().any(|line| line.contains("audit chain broken") && line.contains(&subject)),
            "alarm pattern"
        );
        assert!(stack.check_audit().await.is_ok());
    }
}
