//! The function as a client meets it, on the store in memory.

// A helper that fails is a test that fails.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use app::accounts::Keys;
use app::clock::FixedClock;
use app::random::OsRandom;
use app::store::MemoryStore;
use auth::{Auth, Outside};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tower::ServiceExt;

const PASSWORD: &str = "Tr0ub4dor&3-Hx";

struct Desk {
    router: Router,
    clock: Arc<FixedClock>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    fn token(&self) -> &str {
        self.body["accessToken"].as_str().unwrap_or_else(|| panic!("no token in {}", self.body))
    }

    /// The value of the refresh cookie, after checking how it is kept.
    fn cookie(&self) -> String {
        let cookie = self.headers[header::SET_COOKIE].to_str().unwrap();
        for attribute in ["; Path=/;", "; HttpOnly", "; Secure", "; SameSite=Strict"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain"));
        cookie.split(';').next().unwrap().to_owned()
    }
}

impl Desk {
    async fn open() -> Self {
        let start: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::at(start));
        let outside = Outside { store: Arc::new(MemoryStore::new()), clock: clock.clone(), random: Arc::new(OsRandom) };
        let keys = Arc::new(Keys::derive(&"tokens".repeat(11), &"passwords".repeat(8)).unwrap());
        Self { router: auth::router(Auth::open(outside, keys).await.unwrap()), clock }
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
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

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[], Some(body)).await
    }

    async fn me(&self, token: &str) -> Answer {
        self.send(Method::GET, "/v1/me", &[("authorization", &format!("Bearer {token}"))], None).await
    }

    /// Solves a captcha the way a person who does not see pictures does.
    async fn captcha(&self, purpose: &str) -> Value {
        let made = self.post("/v1/captchas", json!({"purpose": purpose, "kind": "sum"})).await;
        assert_eq!(made.status, StatusCode::CREATED);
        let question = made.body["question"].as_str().unwrap().to_owned();
        let numbers: Vec<u32> = question.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
        json!({"captchaId": made.body["captchaId"], "answer": numbers.iter().sum::<u32>().to_string()})
    }

    async fn register(&self, user_name: &str, client: &str) -> Answer {
        let captcha = self.captcha("register").await;
        let form = json!({"userName": user_name, "nickname": "小明", "password": PASSWORD, "agreement": "2024-02",
            "captcha": captcha, "client": client});
        self.post("/v1/accounts", form).await
    }

    async fn sign_in(&self, login: &str, password: &str, client: &str) -> Answer {
        let captcha = self.captcha("sign-in").await;
        let grant =
            json!({"grant": "password", "login": login, "password": password, "captcha": captcha, "client": client});
        self.post("/v1/sessions", grant).await
    }

    async fn refresh(&self, cookie: &str, site: &str) -> Answer {
        self.send(Method::POST, "/v1/sessions/refresh", &[("cookie", cookie), ("sec-fetch-site", site)], None).await
    }
}

#[tokio::test]
async fn ic_06_ic_09_ic_184_ic_190_from_registration_to_sign_out_on_a_page() {
    let desk = Desk::open().await;
    let registered = desk.register("LiLei", "web").await;
    assert_eq!(registered.status, StatusCode::CREATED, "{}", registered.body);
    assert!(registered.body.get("refreshToken").is_none(), "a page never sees its refresh token");
    let me = desk.me(registered.token()).await;
    assert_eq!((me.body["userName"].as_str(), me.body["kind"].as_str()), (Some("LiLei"), Some("personal")));

    let signed_in = desk.sign_in("lilei", PASSWORD, "web").await;
    assert_eq!(signed_in.status, StatusCode::CREATED);
    let refreshed = desk.refresh(&signed_in.cookie(), "same-origin").await;
    assert_eq!(refreshed.status, StatusCode::CREATED);
    assert_ne!(refreshed.cookie(), signed_in.cookie());

    let bearer = format!("Bearer {}", refreshed.token());
    let headers = [("authorization", bearer.as_str()), ("cookie", &refreshed.cookie())];
    let out = desk.send(Method::DELETE, "/v1/sessions/current", &headers, None).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(out.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(desk.me(refreshed.token()).await.status, StatusCode::UNAUTHORIZED, "void at once");
    assert_eq!(desk.refresh(&refreshed.cookie(), "same-origin").await.body["code"], "session-over");
    assert_eq!(desk.me(registered.token()).await.status, StatusCode::OK, "the other session goes on");
}

#[tokio::test]
async fn an_app_carries_its_refresh_token_itself_and_gets_no_cookie() {
    let desk = Desk::open().await;
    desk.register("lilei", "app").await;
    let grant = json!({"grant": "password", "login": "lilei", "password": PASSWORD, "client": "app"});
    let signed_in = desk.post("/v1/sessions", grant).await;
    assert_eq!(signed_in.status, StatusCode::CREATED, "an app answers no captcha");
    assert!(!signed_in.headers.contains_key(header::SET_COOKIE));
    let refreshed = desk.post("/v1/sessions/refresh", json!({"refreshToken": signed_in.body["refreshToken"]})).await;
    assert_eq!(refreshed.status, StatusCode::CREATED);
    assert!(refreshed.body["refreshToken"].is_string() && !refreshed.headers.contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn a_cookie_speaks_for_no_other_origin() {
    let desk = Desk::open().await;
    let cookie = desk.register("lilei", "web").await.cookie();
    for site in ["cross-site", "same-site"] {
        assert_eq!(desk.refresh(&cookie, site).await.status, StatusCode::FORBIDDEN, "{site}");
    }
    let old = desk
        .send(Method::POST, "/v1/sessions/refresh", &[("cookie", &cookie), ("origin", "https://evil.test")], None)
        .await;
    assert_eq!(old.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.refresh(&cookie, "same-origin").await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn an_access_token_ends_after_ten_minutes_to_the_second() {
    let desk = Desk::open().await;
    let registered = desk.register("lilei", "web").await;
    assert_eq!(registered.body["expiresIn"], 600);
    desk.clock.advance(SignedDuration::from_secs(599));
    assert_eq!(desk.me(registered.token()).await.status, StatusCode::OK);
    desk.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(desk.me(registered.token()).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn ic_12_sign_in_without_or_with_a_false_captcha_is_422() {
    let desk = Desk::open().await;
    desk.register("lilei", "web").await;
    let mut grant = json!({"grant": "password", "login": "lilei", "password": PASSWORD});
    let none = desk.post("/v1/sessions", grant.clone()).await;
    assert_eq!((none.status.as_u16(), none.body["code"].as_str()), (422, Some("captcha-needed")));
    assert_eq!(none.body["errors"][0]["pointer"], "/captcha");
    let mut captcha = desk.captcha("sign-in").await;
    captcha["answer"] = json!("0");
    grant["captcha"] = captcha;
    let wrong = desk.post("/v1/sessions", grant).await;
    assert_eq!((wrong.status.as_u16(), wrong.body["code"].as_str()), (422, Some("captcha-wrong")));
}

#[tokio::test]
async fn ic_08_a_taken_name_says_so_and_weak_fields_are_all_named() {
    let desk = Desk::open().await;
    desk.register("lilei", "web").await;
    let taken = desk.register("LiLei", "web").await;
    assert_eq!((taken.status.as_u16(), taken.body["code"].as_str()), (409, Some("user-name-taken")));
    let weak = desk.post("/v1/accounts", json!({"userName": "x", "password": "abc", "agreement": ""})).await;
    assert_eq!(weak.status.as_u16(), 422);
    let pointers: Vec<_> =
        weak.body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert!(["/userName", "/password", "/agreement"].iter().all(|field| pointers.contains(field)), "{pointers:?}");
    let every_text = weak.body["errors"].as_array().unwrap().iter().all(|e| !e["message"].as_str().unwrap().is_ascii());
    assert!(every_text, "every code has a Chinese text: {}", weak.body);
}

#[tokio::test]
async fn ic_11_wrong_password_and_unknown_name_get_the_same_answer() {
    let desk = Desk::open().await;
    desk.register("lilei", "web").await;
    let mut bodies = Vec::new();
    for login in ["lilei", "nobody"] {
        let mut answer = desk.sign_in(login, "Wrong-0ne!x", "web").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        answer.body["requestId"] = Value::Null;
        bodies.push(answer.body);
    }
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(bodies[0]["code"], "credentials-wrong");
}

#[tokio::test]
async fn ua_07_a_captcha_is_a_picture_or_a_question_in_the_clients_language() {
    let desk = Desk::open().await;
    let picture = desk.post("/v1/captchas", json!({"purpose": "register"})).await;
    assert!(picture.body["image"].as_str().unwrap().starts_with("data:image/png;base64,iVBORw0KGgo"));
    assert_eq!(picture.body["expiresAt"], "2026-03-01T00:05:00Z");
    let english = [("accept-language", "en")];
    let body = Some(json!({"purpose": "register", "kind": "sum"}));
    let sum = desk.send(Method::POST, "/v1/captchas", &english, body).await;
    assert!(sum.body["question"].as_str().unwrap().starts_with("What is "), "{}", sum.body);
    assert_eq!(desk.post("/v1/captchas", json!({"purpose": "x"})).await.body["errors"][0]["pointer"], "/purpose");
}

#[tokio::test]
async fn the_key_set_holds_the_key_that_signed() {
    let desk = Desk::open().await;
    let token = desk.register("lilei", "web").await.token().to_owned();
    let keys = desk.send(Method::GET, "/.well-known/jwks.json", &[], None).await;
    use base64::Engine;
    let head = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let head: Value = serde_json::from_slice(&head).unwrap();
    assert_eq!(keys.body["keys"][0]["kid"], head["kid"]);
    assert_eq!(keys.body["keys"][0]["crv"], "Ed25519");
}

#[test]
fn every_route_is_in_the_api_description() {
    let document = serde_json::to_value(auth::openapi()).unwrap();
    let paths: Vec<_> = document["paths"].as_object().unwrap().keys().cloned().collect();
    let expected = [
        "/.well-known/jwks.json",
        "/v1/accounts",
        "/v1/captchas",
        "/v1/me",
        "/v1/sessions",
        "/v1/sessions/current",
        "/v1/sessions/refresh",
    ];
    assert_eq!(paths, expected);
}
