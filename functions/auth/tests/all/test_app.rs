//! The function in memory, and the requests of its clients.

use std::sync::Arc;

use app::accounts::{Keys, MemoryDataKeyProvider};
use app::clock::{Clock, FixedClock};
use app::messages::{self, EmailMessage, Message};
use app::random::OsRandom;
use app::store::{MemoryStore, Table};
use auth::{AppState, Dependencies};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tower::ServiceExt;

pub const PASSWORD: &str = "Tr0ub4dor&3-Hx";

/// The whole function on the store in memory: its router, its clock, and the outbox as the relay reads it.
pub struct TestApp {
    router: Router,
    pub clock: Arc<FixedClock>,
    store: Arc<MemoryStore>,
    keys: Arc<Keys>,
}

/// A response with its body as JSON; `null` for an empty body.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    /// The access token.
    pub fn token(&self) -> &str {
        self.body["accessToken"].as_str().unwrap_or_else(|| panic!("no token in {}", self.body))
    }

    /// The cookie as `name=value`, after checking its attributes.
    pub fn cookie(&self) -> String {
        let cookie = self.headers[header::SET_COOKIE].to_str().unwrap();
        for attribute in ["; Path=/;", "; HttpOnly", "; Secure", "; SameSite=Strict"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain"));
        cookie.split(';').next().unwrap().to_owned()
    }
}

impl TestApp {
    pub async fn new() -> Self {
        let start: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::at(start));
        let store = Arc::new(MemoryStore::new());
        let dependencies = Dependencies {
            store: store.clone(),
            clock: clock.clone(),
            random: Arc::new(OsRandom),
            data_keys: Arc::new(MemoryDataKeyProvider::new(&OsRandom)),
            page: Some("https://photos.test".to_owned()),
        };
        let keys = Arc::new(Keys::derive(&"tokens".repeat(11), &"passwords".repeat(8), &"messages".repeat(8)).unwrap());
        Self { router: auth::router(AppState::new(dependencies, keys.clone()).await.unwrap()), clock, store, keys }
    }

    /// Sends a request.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = match body {
            Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        let (parts, body) = self.router.clone().oneshot(request.unwrap()).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Sends a request without a token.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[], Some(body)).await
    }

    /// Reads the caller's own account.
    pub async fn me(&self, token: &str) -> Answer {
        self.send(Method::GET, "/v1/me", &[("authorization", &format!("Bearer {token}"))], None).await
    }

    /// Requests a captcha with a sum in words and solves it.
    pub async fn captcha(&self, purpose: &str) -> Value {
        let made = self.post("/v1/captchas", json!({"purpose": purpose, "kind": "sum"})).await;
        assert_eq!(made.status, StatusCode::CREATED);
        let question = made.body["question"].as_str().unwrap().to_owned();
        let numbers: Vec<u32> = question.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
        json!({"captchaId": made.body["captchaId"], "answer": numbers.iter().sum::<u32>().to_string()})
    }

    /// Registers with a user name.
    pub async fn register(&self, user_name: &str, client: &str) -> Answer {
        let captcha = self.captcha("register").await;
        let form = json!({"userName": user_name, "nickname": "小明", "password": PASSWORD, "agreement": "2024-02",
            "captcha": captcha, "client": client});
        self.post("/v1/accounts", form).await
    }

    /// Signs in with a password.
    pub async fn sign_in(&self, login: &str, password: &str, client: &str) -> Answer {
        let captcha = self.captcha("sign-in").await;
        let grant =
            json!({"grant": "password", "login": login, "password": password, "captcha": captcha, "client": client});
        self.post("/v1/sessions", grant).await
    }

    /// Exchanges the refresh cookie, with `site` in the header `Sec-Fetch-Site`.
    pub async fn refresh(&self, cookie: &str, site: &str) -> Answer {
        self.send(Method::POST, "/v1/sessions/refresh", &[("cookie", cookie), ("sec-fetch-site", site)], None).await
    }

    /// The queued messages, newest first, as the relay reads them.
    fn messages(&self) -> impl Iterator<Item = Message> {
        let now = self.clock.now();
        let rows = self.store.dump().into_iter().filter(|(key, _)| key.table == Table::Outbox);
        let mut rows: Vec<_> = rows.map(|(key, row)| (key.sk, row)).collect();
        rows.sort_by(|a, b| b.0.cmp(&a.0));
        rows.into_iter().filter_map(move |(_, row)| messages::unseal(self.keys.messages(), row, now).unwrap())
    }

    /// The digits of the newest code for `phone`.
    pub fn received_code(&self, phone: &str) -> String {
        let code = self.messages().find_map(|message| match message {
            Message::Code { phone: to, code, .. } if to.ends_with(phone) => Some(code),
            _ => None,
        });
        code.unwrap_or_else(|| panic!("no code was sent to {phone}"))
    }

    /// The newest e-mail to `to`.
    pub fn received_email(&self, to: &str) -> EmailMessage {
        let email = self.messages().find_map(|message| match message {
            Message::Email(email) if email.to == to => Some(email),
            _ => None,
        });
        email.unwrap_or_else(|| panic!("no e-mail was sent to {to}"))
    }

    /// Requests a code one minute later, and returns its id and its digits.
    pub async fn code(&self, purpose: &str, phone: &str) -> (String, String) {
        self.clock.advance(SignedDuration::from_secs(60));
        let captcha = self.captcha("sms-code").await;
        let sent = self.post("/v1/sms-codes", json!({"purpose": purpose, "phone": phone, "captcha": captcha})).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.body);
        (sent.body["codeId"].as_str().unwrap().to_owned(), self.received_code(phone))
    }

    /// Sends a request with an access token.
    pub async fn send_as(&self, token: &str, method: Method, path: &str, body: Value) -> Answer {
        self.send(method, path, &[("authorization", &format!("Bearer {token}"))], Some(body)).await
    }
}
