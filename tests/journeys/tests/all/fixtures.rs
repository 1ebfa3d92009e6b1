//! Photos and their owners in the states that several tests need.

use std::sync::Arc;

use journeys::{Client, TestStack, wait_for};
use synthetic_portraits::{Portrait, fault};

/// A photo that passes the inspection, as JPEG.
pub fn passing_jpeg() -> Vec<u8> {
    Portrait::passing().jpeg()
}

/// A photo that fails the inspection, as JPEG.
pub fn failing_jpeg() -> Vec<u8> {
    fault("tilted").unwrap().portrait.jpeg()
}

/// Submits a photo that passes; its image number.
pub async fn passed_photo(stack: &TestStack, client: &Client, key: &str) -> String {
    let number = stack.submit_photo(client, key, &passing_jpeg()).await;
    let photo = stack.inspected(client, &number).await;
    assert_eq!(photo["state"], "passed", "{photo:#}");
    number
}

/// Pays for a passed photo by WeChat; the number of the order.
pub async fn pay_for_photo(stack: &TestStack, client: &Client, number: &str) -> String {
    let order = stack.place_order(client, &[number], "wechat", None).await;
    let no = order["no"].as_str().unwrap();
    let code = stack.payment_code(client, no, "pay for the photo").await;
    stack.scan_and_pay(&code).await;
    wait_for("the photo is paid", async || {
        (stack.get(client, &format!("/v1/photos/{number}")).await.body["paid"] == true).then_some(())
    })
    .await;
    no.to_owned()
}

/// A new customer with a paid photo; the image number.
pub async fn paid_photo(stack: &Arc<TestStack>, name: &str) -> (Client, String) {
    let client = stack.register(name).await;
    let number = passed_photo(stack, &client, "photo").await;
    pay_for_photo(stack, &client, &number).await;
    (client, number)
}
