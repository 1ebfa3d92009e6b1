//! The function as a client meets it, on the store in memory.

// A helper that fails is a test that fails.

use crate::desk::{Desk, PASSWORD};
use axum::http::{Method, StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Covers: IC-06, IC-09, IC-184, IC-190
#[tokio::test]
async fn from_registration_to_sign_out_on_a_page() {
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

/// Covers: IC-12
#[tokio::test]
async fn sign_in_without_or_with_a_false_captcha_is_422() {
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

/// Covers: IC-08
#[tokio::test]
async fn a_taken_name_says_so_and_weak_fields_are_all_named() {
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

/// Covers: IC-11
#[tokio::test]
async fn wrong_password_and_unknown_name_get_the_same_answer() {
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

/// Covers: UA-07
#[tokio::test]
async fn a_captcha_is_a_picture_or_a_question_in_the_clients_language() {
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

/// Covers: UA-19
#[tokio::test]
async fn a_page_signs_in_by_an_apps_yes() {
    let desk = Desk::open().await;
    let app = desk.register("lilei", "app").await;
    let asked = desk.send(Method::POST, "/v1/qr-sign-ins", &[], None).await;
    assert_eq!(asked.status, StatusCode::CREATED);
    let cookie = asked.cookie();
    assert!(cookie.starts_with("__Host-qr=") && !asked.body.to_string().contains(cookie.split_once('=').unwrap().1));
    let path = |step: &str| format!("/v1/qr-sign-ins/{}/{step}", asked.body["qrId"].as_str().unwrap());
    let claim = |cookie: String| {
        let (desk, path) = (&desk, path("claim"));
        async move { desk.send(Method::POST, &path, &[("cookie", cookie.as_str())], None).await }
    };
    assert_eq!(claim(cookie.clone()).await.body["state"], "waiting");
    assert_eq!(desk.send_as(app.token(), Method::POST, &path("scan"), json!({})).await.status, StatusCode::OK);
    let yes = json!({"number": asked.body["number"]});
    assert_eq!(desk.send_as(app.token(), Method::POST, &path("confirm"), yes).await.status, StatusCode::NO_CONTENT);
    assert_eq!(claim("__Host-qr=stolen".to_owned()).await.status, StatusCode::NOT_FOUND);
    let signed_in = claim(cookie.clone()).await;
    assert_eq!(signed_in.status, StatusCode::CREATED, "{}", signed_in.body);
    assert_eq!(signed_in.body["account"]["userName"], "lilei");
    assert!(signed_in.cookie().starts_with("__Host-refresh="));
    assert_eq!(claim(cookie).await.body["state"], "claimed");
}

/// Covers: UA-30
#[tokio::test]
async fn a_nickname_is_changed_and_a_bad_one_named() {
    let desk = Desk::open().await;
    let token = desk.register("lilei", "web").await.token().to_owned();
    let changed = desk.send_as(&token, Method::PATCH, "/v1/me", json!({"nickname": "李雷"})).await;
    assert_eq!((changed.status.as_u16(), changed.body["nickname"].as_str()), (200, Some("李雷")));
    assert_eq!(desk.me(&token).await.body["nickname"], "李雷");
    let bad = desk.send_as(&token, Method::PATCH, "/v1/me", json!({"nickname": "  "})).await;
    assert_eq!((bad.status.as_u16(), bad.body["errors"][0]["pointer"].as_str()), (422, Some("/nickname")));
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
