//! SMS and e-mail, from the request to the inbox of the sandbox.

use journeys::TestStack;
use reqwest::Method;
use serde_json::{Value, json};

/// The token after `#` in the link of an e-mail.
pub fn link_token(email: &Value) -> String {
    let text = email["text"].as_str().unwrap();
    let link = text.split_whitespace().find(|word| word.starts_with("http")).unwrap();
    link.split_once("/activate-email#").unwrap().1.to_owned()
}

/// Covers: UA-37, UA-38, UA-39, UA-40, UA-41
#[tokio::test(flavor = "multi_thread")]
async fn email_address_is_bound_once_by_its_owner_with_the_link() {
    let stack = TestStack::shared().await;
    let client = stack.register("bind-email").await;
    let address = format!("{}@example.cn", stack.unique("zhang.san"));
    stack.request_email_link(&client, &address).await;
    let email = stack.message("the e-mail with the link", |message| message["to"] == address.as_str()).await;
    assert!(email["text"].as_str().unwrap().contains(&format!("{}/activate-email#", stack.page())), "{email}");
    let confirm = async |client| {
        let confirmation = Some(json!({"token": link_token(&email)}));
        stack.send(Some(client), Method::POST, "/v1/me/email/confirmations", &[], confirmation).await
    };
    let stranger = stack.register("stranger").await;
    assert_eq!(confirm(&stranger).await.problem(), (404, "email-link-unknown"));
    let bound = confirm(&client).await;
    assert_eq!((bound.status.as_u16(), &bound.body["email"]), (200, &json!("zha***@example.cn")));
    assert_eq!(confirm(&client).await.problem(), (409, "email-link-used"));
    assert_eq!(stack.get(&client, "/v1/me").await.body["email"], "zha***@example.cn");
}

mod exclusive {
    use std::time::Duration;

    use journeys::TestStack;

    /// Covers: UA-38
    #[tokio::test(flavor = "multi_thread")]
    async fn email_is_sent_once_after_the_service_was_unavailable() {
        let stack = TestStack::exclusive().await;
        let client = stack.register("email-delayed").await;
        let address = format!("{}@example.cn", stack.unique("li.si"));
        stack.inject_fault("messages-down", 2).await;
        stack.request_email_link(&client, &address).await;
        stack.message("the delayed e-mail", |message| message["to"] == address.as_str()).await;
        // Nothing signals that a second e-mail will not follow: two seconds are ten times the delivery time.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let inbox = stack.inbox().await;
        assert_eq!(inbox.iter().filter(|message| message["to"] == address.as_str()).count(), 1);
    }

    /// Covers: IC-13
    #[tokio::test(flavor = "multi_thread")]
    async fn sms_code_is_sent_while_the_email_service_is_unavailable() {
        let stack = TestStack::exclusive().await;
        let client = stack.register("sms-beside-email").await;
        let (address, phone) = (format!("{}@example.cn", stack.unique("wang.wu")), stack.phone(0));
        stack.inject_fault("messages-down", 1).await;
        stack.request_email_link(&client, &address).await;
        stack.request_sms_code("register", &phone).await;
        assert_eq!(stack.sms_code(&phone).await.len(), 6);
        stack.message("the e-mail", |message| message["to"] == address.as_str()).await;
    }
}
