//! Paying: what people do at a provider, what staff may do, and what the provider says.

use domain::actor::Role;
use reqwest::Method;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::{Answer, PATIENCE, Person, Town};

impl Town {
    fn sandbox(&self, path: &str) -> String {
        format!("{}{path}", self.cloud.connection.sandbox.as_deref().expect("a deployed stack has providers"))
    }

    /// A command under a key of its own; the same key is the same command.
    pub async fn command(&self, person: &Person, method: Method, path: &str, key: &str, body: Value) -> Answer {
        let key = key.replace(' ', "-");
        let body = (!body.is_null()).then_some(body);
        self.send(Some(person), method, path, &[("idempotency-key", &key)], body).await
    }

    pub async fn post(&self, person: &Person, path: &str, key: &str, body: Value) -> Answer {
        self.command(person, Method::POST, path, key, body).await
    }

    /// Looks at a code with the phone, and pays what it asks for. Answers what the phone showed.
    pub async fn pay_by_phone(&self, code: &str) -> String {
        let query = Serializer::new(String::new()).append_pair("code", code).finish();
        let seen = self.http.get(self.sandbox(&format!("/pay?{query}"))).timeout(PATIENCE).send().await.unwrap();
        assert!(seen.status().is_success(), "{code}: {}", seen.status());
        let seen = seen.text().await.unwrap();
        let paid = self.http.post(self.sandbox("/pay")).header("content-type", "application/x-www-form-urlencoded");
        let paid = paid.body(query).timeout(PATIENCE).send().await.unwrap();
        assert!(paid.status().is_success(), "{code}: {}", paid.status());
        seen
    }

    /// Flips a switch of the providers.
    pub async fn simulate(&self, switch: &str, body: Value) -> Value {
        let answer = self.http.post(self.sandbox(&format!("/control/{switch}"))).json(&body);
        let answer = answer.timeout(PATIENCE).send().await.unwrap();
        assert!(answer.status().is_success(), "{switch} {body}: {}", answer.status());
        answer.json().await.unwrap_or(Value::Null)
    }

    /// The provider's own books about one payment.
    pub async fn trade(&self, code: &str) -> Value {
        let trades =
            self.http.get(self.sandbox("/control/trades")).send().await.unwrap().json::<Value>().await.unwrap();
        let found = trades.as_array().unwrap().iter().find(|trade| trade["code"] == code);
        found.unwrap_or_else(|| panic!("{code} is in no book: {trades}")).clone()
    }

    /// Sends the notice of a paid code so many times, all at once; how many of them we took.
    pub async fn notices(&self, code: &str, times: usize) -> usize {
        let taken = self.simulate("callbacks", json!({"code": code, "times": times})).await;
        taken.as_array().unwrap().iter().filter(|taken| **taken == true).count()
    }

    /// A code for a recharge, and the number of it.
    pub async fn recharge(&self, person: &Person, fen: i64, provider: &str, key: &str) -> (String, String) {
        let wish = json!({"amountFen": fen, "provider": provider});
        let made = self.post(person, "/v1/recharges", key, wish).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let text = |name: &str| made.body[name].as_str().unwrap_or_else(|| panic!("{}", made.body)).to_owned();
        (text("no"), text("qrText"))
    }

    /// Money in the wallet, by the whole way.
    pub async fn fund(&self, person: &Person, fen: i64, key: &str) {
        let (no, code) = self.recharge(person, fen, "wechat", key).await;
        self.pay_by_phone(&code).await;
        self.until_credited(person, &no).await;
    }

    pub async fn until_credited(&self, person: &Person, no: &str) {
        let seen = self.get(person, &format!("/v1/recharges/{no}?wait=20")).await;
        assert_eq!(seen.body["state"], "credited", "{}", seen.body);
    }

    pub async fn wallet(&self, person: &Person) -> (i64, i64) {
        let wallet = self.get(person, "/v1/wallet").await.body;
        let fen = |name: &str| wallet[name].as_i64().unwrap_or_else(|| panic!("{wallet}"));
        (fen("balanceFen"), fen("heldFen"))
    }

    pub async fn order(&self, person: &Person, no: &str) -> Value {
        let order = self.get(person, &format!("/v1/orders/{no}")).await;
        assert_eq!(order.status, 200, "{}", order.body);
        order.body
    }

    /// Asks until the order is in this state.
    pub async fn until_order(&self, person: &Person, no: &str, state: &str) -> Value {
        let started = std::time::Instant::now();
        loop {
            let order = self.order(person, no).await;
            if order["state"] == state {
                return order;
            }
            assert!(started.elapsed() < PATIENCE, "{no} is still {}", order["state"]);
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }

    /// Somebody of the role `finance`.
    pub async fn cashier(&self, name: &str) -> Person {
        self.staff(name, Role::Finance).await
    }

    /// A coupon for somebody, good for so many hours of the machine's clock; its number.
    pub async fn grant(&self, staff: &Person, to: &Person, face_fen: i64, hours: i64, key: &str) -> String {
        let expires_at = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(hours);
        let wish =
            json!({"accounts": [to.account], "faceFen": face_fen, "expiresAt": expires_at.to_string(), "why": "test"});
        let made = self.post(staff, "/v1/coupons", key, wish).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body["items"][0]["id"].as_str().unwrap().to_owned()
    }

    /// The numbers of somebody's coupons under one tab.
    pub async fn coupons(&self, person: &Person, tab: &str) -> Vec<String> {
        let list = self.get(person, &format!("/v1/coupons?state={tab}")).await.body;
        let items = list["items"].as_array().unwrap_or_else(|| panic!("{list}"));
        items.iter().map(|coupon| coupon["id"].as_str().unwrap().to_owned()).collect()
    }
}
