//! Payments, orders, coupons and wallets.

use domain::actor::Role;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::{Client, PATIENCE, TestStack, wait_for};

impl TestStack {
    fn sandbox(&self, path: &str) -> String {
        format!("{}{path}", self.cloud.connection.sandbox.as_deref().expect("the stack is deployed"))
    }

    /// Pays a QR code on the payer's page, and returns the page that was shown before.
    pub async fn scan_and_pay(&self, code: &str) -> String {
        let query = Serializer::new(String::new()).append_pair("code", code).finish();
        let shown = self.http.get(self.sandbox(&format!("/pay?{query}"))).timeout(PATIENCE).send().await.unwrap();
        assert!(shown.status().is_success(), "{code}: {}", shown.status());
        let shown = shown.text().await.unwrap();
        let pay = self.http.post(self.sandbox("/pay")).header("content-type", "application/x-www-form-urlencoded");
        let paid = pay.body(query).timeout(PATIENCE).send().await.unwrap();
        assert!(paid.status().is_success(), "{code}: {}", paid.status());
        shown
    }

    /// Calls the control interface of the sandbox.
    pub async fn control_sandbox(&self, path: &str, body: Value) -> Value {
        let request = self.http.post(self.sandbox(&format!("/control/{path}"))).json(&body);
        let response = request.timeout(PATIENCE).send().await.unwrap();
        assert!(response.status().is_success(), "{path} {body}: {}", response.status());
        response.json().await.unwrap_or(Value::Null)
    }

    /// Injects a fault into the next `times` calls that it can affect. Only in exclusive tests.
    pub async fn inject_fault(&self, fault: &str, times: u32) {
        assert!(self.is_exclusive(), "only exclusive tests may inject faults");
        self.control_sandbox("faults", json!({"fault": fault, "times": times})).await;
    }

    /// The provider's record of the payment with this QR code.
    pub async fn trade(&self, code: &str) -> Value {
        let trades = self.http.get(self.sandbox("/control/trades")).send().await.unwrap();
        let trades = trades.json::<Vec<Value>>().await.unwrap();
        trades.into_iter().find(|trade| trade["code"] == code).unwrap_or_else(|| panic!("no trade for {code}"))
    }

    /// Sends the callback of a paid trade `times` times at once, and returns how many the stack acknowledged.
    pub async fn resend_callback(&self, code: &str, times: usize) -> usize {
        let acknowledged = self.control_sandbox("callbacks", json!({"code": code, "times": times})).await;
        acknowledged.as_array().unwrap().iter().filter(|one| **one == true).count()
    }

    /// Requests a recharge; its number and QR code.
    pub async fn recharge(&self, client: &Client, fen: i64, provider: &str, key: &str) -> (String, String) {
        let request = json!({"amountFen": fen, "provider": provider});
        let made = self.post(client, "/v1/recharges", key, request).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let text = |name: &str| made.body[name].as_str().unwrap_or_else(|| panic!("{}", made.body)).to_owned();
        (text("no"), text("qrText"))
    }

    /// Recharges a wallet and pays.
    pub async fn fund(&self, client: &Client, fen: i64, key: &str) {
        let (no, code) = self.recharge(client, fen, "wechat", key).await;
        self.scan_and_pay(&code).await;
        self.assert_credited(client, &no).await;
    }

    /// Asserts that a recharge is credited within a long poll.
    pub async fn assert_credited(&self, client: &Client, no: &str) {
        let recharge = self.get(client, &format!("/v1/recharges/{no}?wait=20")).await;
        assert_eq!(recharge.body["state"], "credited", "{}", recharge.body);
    }

    /// Balance and held amount of a wallet, in fen.
    pub async fn wallet(&self, client: &Client) -> (i64, i64) {
        let wallet = self.get(client, "/v1/wallet").await.body;
        let fen = |name: &str| wallet[name].as_i64().unwrap_or_else(|| panic!("{wallet}"));
        (fen("balanceFen"), fen("heldFen"))
    }

    /// Places an order; the order.
    pub async fn place_order(&self, client: &Client, photos: &[&str], method: &str, coupon: Option<&str>) -> Value {
        let mut request = json!({"imageNos": photos, "method": method});
        if let Some(coupon) = coupon {
            request["couponId"] = coupon.into();
        }
        let made = self.post(client, "/v1/orders", &format!("place {}", photos.join("-")), request).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body
    }

    /// Starts the payment of an order; its QR code.
    pub async fn payment_code(&self, client: &Client, order: &str, key: &str) -> String {
        let paying = self.post(client, &format!("/v1/orders/{order}/payments"), key, json!({"scene": "qr"})).await;
        assert_eq!(paying.status, 200, "{}", paying.body);
        paying.body["code"]["text"].as_str().unwrap_or_else(|| panic!("no QR code: {}", paying.body)).to_owned()
    }

    /// An order by its number.
    pub async fn order(&self, client: &Client, no: &str) -> Value {
        let order = self.get(client, &format!("/v1/orders/{no}")).await;
        assert_eq!(order.status, 200, "{}", order.body);
        order.body
    }

    /// Waits until an order is in this state; the order.
    pub async fn wait_for_order(&self, client: &Client, no: &str, state: &str) -> Value {
        wait_for(&format!("order {no} in state {state}"), async || {
            Some(self.order(client, no).await).filter(|order| order["state"] == state)
        })
        .await
    }

    /// A staff member with the role `finance`.
    pub async fn finance(&self, name: &str) -> Client {
        self.staff(name, Role::Finance).await
    }

    /// Grants a coupon that expires after so many hours of the real time; its number.
    pub async fn grant_coupon(&self, staff: &Client, to: &Client, face_fen: i64, hours: i64, key: &str) -> String {
        let expires_at = Timestamp::now() + SignedDuration::from_hours(hours);
        let request =
            json!({"accounts": [to.account], "faceFen": face_fen, "expiresAt": expires_at.to_string(), "why": "test"});
        let made = self.post(staff, "/v1/coupons", key, request).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body["items"][0]["id"].as_str().unwrap().to_owned()
    }

    /// The numbers of the client's coupons in one state.
    pub async fn coupons(&self, client: &Client, state: &str) -> Vec<String> {
        let list = self.get(client, &format!("/v1/coupons?state={state}")).await.body;
        let items = list["items"].as_array().unwrap_or_else(|| panic!("{list}"));
        items.iter().map(|coupon| coupon["id"].as_str().unwrap().to_owned()).collect()
    }
}
