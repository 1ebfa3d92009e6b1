//! Staff accounts: roles and the second factor.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::accounts::{AccountAdmin, totp_code_at};
use app::audit::{AuditActor, Reason};
use app::clock::Clock;
use app::random::OsRandom;
use cloud::local::TestClock;
use domain::actor::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Client, PASSWORD, Response, TestStack, wait_for};

impl TestStack {
    /// A staff member with one role, signed in with both factors.
    pub async fn staff(&self, name: &str, role: Role) -> Client {
        let client = self.register(name).await;
        self.grant_role(&client, role).await;
        let first = self.sign_in_by_password(&client.name, PASSWORD).await;
        self.enrol_second_factor(&Client::from_session(&client.name, &first.body)).await.0
    }

    /// Grants a role as the operator's command does.
    pub async fn grant_role(&self, client: &Client, role: Role) {
        let store = Arc::new(self.store().await);
        let clock = TestClock::new(store.clone());
        clock.synchronise().await;
        let admin = AccountAdmin { store, clock: Arc::new(clock), random: Arc::new(OsRandom) };
        let by = AuditActor { id: "operator/journeys".to_owned(), request_id: "journey".to_owned() };
        let reason = Reason::parse("a role for a test").unwrap();
        admin.set_roles(&by, client.account.parse().unwrap(), BTreeSet::from([role]), &reason).await.unwrap();
    }

    /// Enrols an authenticator app; the complete session and the recovery codes.
    pub async fn enrol_second_factor(&self, first: &Client) -> (Client, Vec<String>) {
        let made = self.send(Some(first), Method::POST, "/v1/me/second-factor", &[], None).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let secret = made.body["secret"].as_str().unwrap().to_owned();
        let code = json!({"code": self.authenticator_code(&secret).await, "client": "app"});
        let done = self.send(Some(first), Method::POST, "/v1/me/second-factor/confirmation", &[], Some(code)).await;
        assert_eq!(done.status, 201, "{}", done.body);
        let codes = done.body["recoveryCodes"].as_array().unwrap().iter();
        let codes = codes.map(|code| code.as_str().unwrap().to_owned()).collect();
        (Client { authenticator: Some(secret), ..Client::from_session(&first.name, &done.body) }, codes)
    }

    /// Completes a sign-in with the authenticator app. Each code is valid once, so it can have to wait for the next one.
    pub(crate) async fn complete_second_factor(&self, first: &Client) -> Client {
        let secret = first.authenticator.as_deref().expect("the account has an authenticator");
        for _ in 0..2 {
            let code = self.authenticator_code(secret).await;
            let done = self.send_second_factor(first, json!({"code": code})).await;
            if done.status == 201 {
                return Client {
                    authenticator: first.authenticator.clone(),
                    ..Client::from_session(&first.name, &done.body)
                };
            }
            assert_eq!(done.status, 422, "{}", done.body);
            wait_for("another code", async || (self.authenticator_code(secret).await != code).then_some(())).await;
        }
        panic!("two codes in a row were refused")
    }

    /// The response to the second step of a sign-in.
    pub async fn send_second_factor(&self, first: &Client, mut step: Value) -> Response {
        step["client"] = "app".into();
        self.send(Some(first), Method::POST, "/v1/sessions/second-factor", &[], Some(step)).await
    }

    async fn authenticator_code(&self, secret: &str) -> String {
        let clock = TestClock::new(Arc::new(self.store().await));
        clock.synchronise().await;
        totp_code_at(secret, clock.now()).unwrap()
    }
}
