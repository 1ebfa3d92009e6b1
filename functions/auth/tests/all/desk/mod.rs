//! A function in memory and the calls its clients make.

// Each test file uses its own part of it.
#![allow(dead_code, clippy::unwrap_used)]

use std::sync::Arc;

use app::accounts::{Keys, MemoryKeyHouse};
use app::clock::{Clock, FixedClock};
use app::messages::{self, Letter, Message};
use app::random::OsRandom;
use app::store::{MemoryStore, Table};
use auth::{Auth, Outside};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tower::ServiceExt;

pub const PASSWORD: &str = "Tr0ub4dor&3-Hx";

pub struct Desk {
    router: Router,
    pub clock: Arc<FixedClock>,
    store: Arc<MemoryStore>,
    keys: Arc<Keys>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn token(&self) -> &str {
        self.body["accessToken"].as_str().unwrap_or_else(|| panic!("no token in {}", self.body))
    }

    /// The value of the refresh cookie, after checking how it is kept.
    pub fn cookie(&self) -> String {
        let cookie = self.headers[header::SET_COOKIE].to_str().unwrap();
        for attribute in ["; Path=/;", "; HttpOnly", "; Secure", "; SameSite=Strict"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain"));
        cookie.split(';').next().unwrap().to_owned()
    }
}

impl Desk {
    pub async fn open() -> Self {
        let start: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::at(start));
        let store = Arc::new(MemoryStore::new());
        let outside = Outside {
            store: store.clone(),
            clock: clock.clone(),
            random: Arc::new(OsRandom),
            house: Arc::new(MemoryKeyHouse::new(&OsRandom)),
            page: Some("https://photos.test".to_owned()),
        };
        let keys = Arc::new(Keys::derive(&"tokens".repeat(11), &"passwords".repeat(8), &"messages".repeat(8)).unwrap());
        Self { router: auth::router(Auth::open(outside, keys.clone()).await.unwrap()), clock, store, keys }
    }

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

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[], Some(body)).await
    }

    pub async fn me(&self, token: &str) -> Answer {
        self.send(Method::GET, "/v1/me", &[("authorization", &format!("Bearer {token}"))], None).await
    }

    /// Solves a captcha the way a person who does not see pictures does.
    pub async fn captcha(&self, purpose: &str) -> Value {
        let made = self.post("/v1/captchas", json!({"purpose": purpose, "kind": "sum"})).await;
        assert_eq!(made.status, StatusCode::CREATED);
        let question = made.body["question"].as_str().unwrap().to_owned();
        let numbers: Vec<u32> = question.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
        json!({"captchaId": made.body["captchaId"], "answer": numbers.iter().sum::<u32>().to_string()})
    }

    pub async fn register(&self, user_name: &str, client: &str) -> Answer {
        let captcha = self.captcha("register").await;
        let form = json!({"userName": user_name, "nickname": "小明", "password": PASSWORD, "agreement": "2024-02",
            "captcha": captcha, "client": client});
        self.post("/v1/accounts", form).await
    }

    pub async fn sign_in(&self, login: &str, password: &str, client: &str) -> Answer {
        let captcha = self.captcha("sign-in").await;
        let grant =
            json!({"grant": "password", "login": login, "password": password, "captcha": captcha, "client": client});
        self.post("/v1/sessions", grant).await
    }

    pub async fn refresh(&self, cookie: &str, site: &str) -> Answer {
        self.send(Method::POST, "/v1/sessions/refresh", &[("cookie", cookie), ("sec-fetch-site", site)], None).await
    }

    /// The digits of the newest code that went to `phone`, as the relay reads them.
    pub async fn received(&self, phone: &str) -> String {
        let now = self.clock.now();
        let rows = self.store.dump().into_iter().filter(|(key, _)| key.table == Table::Outbox);
        let mut rows: Vec<_> = rows.map(|(key, row)| (key.sk, row)).collect();
        rows.sort_by(|a, b| b.0.cmp(&a.0));
        let mut messages =
            rows.into_iter().filter_map(|(_, row)| messages::open(self.keys.messages(), row, now).unwrap());
        let code = messages.find_map(|message| match message {
            Message::Code { phone: to, code, .. } if to.ends_with(phone) => Some(code),
            _ => None,
        });
        code.unwrap_or_else(|| panic!("no code went to {phone}"))
    }

    /// The newest letter to `to`, as the relay reads it.
    pub async fn letter(&self, to: &str) -> Letter {
        let now = self.clock.now();
        let rows = self.store.dump().into_iter().filter(|(key, _)| key.table == Table::Outbox);
        let mut rows: Vec<_> = rows.map(|(key, row)| (key.sk, row)).collect();
        rows.sort_by(|a, b| b.0.cmp(&a.0));
        let opened = |row| messages::open(self.keys.messages(), row, now).unwrap();
        let letter = rows.into_iter().find_map(|(_, row)| match opened(row) {
            Some(Message::Mail(letter)) if letter.to == to => Some(letter),
            _ => None,
        });
        letter.unwrap_or_else(|| panic!("no letter went to {to}"))
    }

    /// Asks for a code, a minute later than the one before, and reads it off the phone.
    pub async fn code(&self, purpose: &str, phone: &str) -> (String, String) {
        self.clock.advance(SignedDuration::from_secs(60));
        let captcha = self.captcha("sms-code").await;
        let sent = self.post("/v1/sms-codes", json!({"purpose": purpose, "phone": phone, "captcha": captcha})).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED, "{}", sent.body);
        (sent.body["codeId"].as_str().unwrap().to_owned(), self.received(phone).await)
    }

    pub async fn send_as(&self, token: &str, method: Method, path: &str, body: Value) -> Answer {
        self.send(method, path, &[("authorization", &format!("Bearer {token}"))], Some(body)).await
    }
}
