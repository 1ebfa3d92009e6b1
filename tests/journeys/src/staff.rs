//! Staff: made by an operator, signed in with two steps.

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

use crate::person::signed_in;
use crate::{Answer, Person, Town};

impl Town {
    /// Somebody of a role, signed in with both steps.
    pub async fn staff(&self, name: &str, role: Role) -> Person {
        let person = self.newcomer(name).await;
        self.appoint(&person, role).await;
        let first = self.sign_in_once(&person).await;
        self.enrolled(&signed_in(name, &first.body)).await.0
    }

    /// What the operator's command does.
    pub async fn appoint(&self, person: &Person, role: Role) {
        let store = Arc::new(self.store().await);
        let clock = TestClock::new(store.clone());
        clock.synchronise().await;
        let admin = AccountAdmin { store, clock: Arc::new(clock), random: Arc::new(OsRandom) };
        let by = AuditActor { id: "operator/journeys".to_owned(), request_id: "journey".to_owned() };
        let why = Reason::parse("the first of its kind").unwrap();
        admin.set_roles(&by, person.account.parse().unwrap(), BTreeSet::from([role]), &why).await.unwrap();
    }

    pub async fn sign_in_once(&self, person: &Person) -> Answer {
        let grant = json!({"grant": "password", "login": person.name, "password": crate::PASSWORD, "client": "app"});
        self.send(None, Method::POST, "/v1/sessions", &[], Some(grant)).await
    }

    /// Sets an authenticator up; the whole session, and the recovery codes.
    pub async fn enrolled(&self, first: &Person) -> (Person, Vec<String>) {
        let made = self.send(Some(first), Method::POST, "/v1/me/second-factor", &[], None).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let secret = made.body["secret"].as_str().unwrap().to_owned();
        let code = json!({"code": self.shown(&secret).await, "client": "app"});
        let done = self.send(Some(first), Method::POST, "/v1/me/second-factor/confirmation", &[], Some(code)).await;
        assert_eq!(done.status, 201, "{}", done.body);
        let codes = done.body["recoveryCodes"].as_array().unwrap().iter();
        let codes = codes.map(|code| code.as_str().unwrap().to_owned()).collect();
        (Person { factor: Some(secret), ..signed_in(&first.name, &done.body) }, codes)
    }

    /// The second step, if need be with the next code: each is good once.
    pub(crate) async fn second_step(&self, first: &Person) -> Person {
        let secret = first.factor.as_deref().expect("an authenticator that was set up");
        for _ in 0..2 {
            let code = self.shown(secret).await;
            let done = self.show(first, json!({"code": code})).await;
            if done.status == 201 {
                return Person { factor: first.factor.clone(), ..signed_in(&first.name, &done.body) };
            }
            assert_eq!(done.status, 422, "{}", done.body);
            while self.shown(secret).await == code {
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            }
        }
        panic!("two codes in a row were refused")
    }

    pub async fn show(&self, first: &Person, mut step: Value) -> Answer {
        step["client"] = "app".into();
        self.send(Some(first), Method::POST, "/v1/sessions/second-factor", &[], Some(step)).await
    }

    async fn shown(&self, secret: &str) -> String {
        let clock = TestClock::new(Arc::new(self.store().await));
        clock.synchronise().await;
        totp_code_at(secret, clock.now()).unwrap()
    }
}
