//! Personal data and secrets must not be readable in tables and logs.

use std::collections::BTreeSet;

use domain::actor::Role;
use journeys::{Client, PASSWORD, TestStack};
use reqwest::Method;
use serde_json::json;

use crate::imports::{OLD_HASH, OLD_PASSWORD, first_session, imported};
use crate::messages::link_token;

/// Covers: XX-16
#[tokio::test(flavor = "multi_thread")]
async fn no_table_and_no_log_contains_a_phone_address_password_code_or_token() {
    let stack = TestStack::shared().await;
    let mut secrets: BTreeSet<String> = [PASSWORD, OLD_PASSWORD, OLD_HASH].map(str::to_owned).into();
    // A customer with phone and e-mail address.
    let client = stack.register("secretive").await;
    let (phone, address) = (stack.phone(0), format!("{}@example.cn", stack.unique("secret")));
    secrets.extend([phone.clone(), format!("+86{phone}"), address.clone()]);
    secrets.insert(stack.bind_phone(&client, &phone).await);
    stack.request_email_link(&client, &address).await;
    let token = link_token(&stack.message("the e-mail", |message| message["to"] == address.as_str()).await);
    let confirmation = Some(json!({"token": token}));
    let bound = stack.send(Some(&client), Method::POST, "/v1/me/email/confirmations", &[], confirmation).await;
    assert_eq!(bound.status, 200, "{}", bound.body);
    let refreshed = Client::from_session(&client.name, &stack.refresh(&client.refresh).await.body);
    secrets.extend([token, client.token, client.refresh, refreshed.token, refreshed.refresh]);
    // A staff member with recovery codes.
    let staff = stack.register("secret-staff").await;
    stack.grant_role(&staff, Role::Finance).await;
    let first = stack.sign_in_by_password(&staff.name, PASSWORD).await;
    let (staff, recovery) = stack.enrol_second_factor(&Client::from_session(&staff.name, &first.body)).await;
    secrets.extend(recovery);
    secrets.extend([staff.token, staff.refresh, staff.authenticator.unwrap()]);
    // An imported account.
    let limited = first_session(&stack, &imported(&stack, "secret-old").await).await;
    secrets.extend([limited.token, limited.refresh]);

    let (rows, logs) = (stack.all_rows().await, stack.all_logs().await);
    assert!(
        rows.iter().any(|row| row.contains("phoneMasked")) && rows.len() > 50,
        "the search sees {} rows",
        rows.len()
    );
    for route in
        ["/v1/accounts", "/v1/sessions/refresh", "/v1/me/second-factor/confirmation", "/v1/sms-codes", "/v1/me/email"]
    {
        assert!(logs.iter().any(|line| line.contains(route)), "the search does not see {route} in the logs");
    }
    assert!(secrets.len() > 20, "{} secrets", secrets.len());
    for secret in secrets {
        // Six digits occur inside longer numbers; a code is a word of its own.
        let contains = |text: &str| match secret.len() < 8 {
            true => text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == secret),
            false => text.contains(secret.as_str()),
        };
        let row = rows.iter().find(|row| contains(row));
        assert!(row.is_none(), "{secret} is in {row:?}");
        let line = logs.iter().flat_map(|text| text.lines()).find(|line| contains(line));
        assert!(line.is_none(), "{secret} is in a log: {line:?}");
    }
}
