//! Registration, sign-in, sessions and profile over HTTP.

use crate::test_app::{PASSWORD, TestApp};
use axum::http::{Method, StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Covers: IC-06, IC-09, IC-184, IC-190
#[tokio::test]
async fn page_registers_signs_in_refreshes_and_signs_out() {
    let app = TestApp::new().await;
    let registered = app.register("LiLei", "web").await;
    assert_eq!(registered.status, StatusCode::CREATED, "{}", registered.body);
    assert!(registered.body.get("refreshToken").is_none(), "a page gets its refresh token in a cookie only");
    let me = app.me(registered.token()).await;
    assert_eq!((me.body["userName"].as_str(), me.body["kind"].as_str()), (Some("LiLei"), Some("personal")));

    let signed_in = app.sign_in("lilei", PASSWORD, "web").await;
    assert_eq!(signed_in.status, StatusCode::CREATED);
    let refreshed = app.refresh(&signed_in.cookie(), "same-origin").await;
    assert_eq!(refreshed.status, StatusCode::CREATED);
    assert_ne!(refreshed.cookie(), signed_in.cookie());

    let bearer = format!("Bearer {}", refreshed.token());
    let headers = [("authorization", bearer.as_str()), ("cookie", &refreshed.cookie())];
    let out = app.send(Method::DELETE, "/v1/sessions/current", &headers, None).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(out.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(app.me(refreshed.token()).await.status, StatusCode::UNAUTHORIZED, "the access token is void at once");
    assert_eq!(app.refresh(&refreshed.cookie(), "same-origin").await.body["code"], "session-over");
    assert_eq!(app.me(registered.token()).await.status, StatusCode::OK, "the other session stays");
}

#[tokio::test]
async fn app_gets_its_refresh_token_in_the_body_and_no_cookie() {
    let app = TestApp::new().await;
    app.register("lilei", "app").await;
    let grant = json!({"grant": "password", "login": "lilei", "password": PASSWORD, "client": "app"});
    let signed_in = app.post("/v1/sessions", grant).await;
    assert_eq!(signed_in.status, StatusCode::CREATED, "an app needs no captcha");
    assert!(!signed_in.headers.contains_key(header::SET_COOKIE));
    let refreshed = app.post("/v1/sessions/refresh", json!({"refreshToken": signed_in.body["refreshToken"]})).await;
    assert_eq!(refreshed.status, StatusCode::CREATED);
    assert!(refreshed.body["refreshToken"].is_string() && !refreshed.headers.contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn refresh_from_another_origin_is_forbidden() {
    let app = TestApp::new().await;
    let cookie = app.register("lilei", "web").await.cookie();
    for site in ["cross-site", "same-site"] {
        assert_eq!(app.refresh(&cookie, site).await.status, StatusCode::FORBIDDEN, "{site}");
    }
    let old = app
        .send(Method::POST, "/v1/sessions/refresh", &[("cookie", &cookie), ("origin", "https://evil.test")], None)
        .await;
    assert_eq!(old.status, StatusCode::FORBIDDEN);
    assert_eq!(app.refresh(&cookie, "same-origin").await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn access_token_expires_after_ten_minutes() {
    let app = TestApp::new().await;
    let registered = app.register("lilei", "web").await;
    assert_eq!(registered.body["expiresIn"], 600);
    app.clock.advance(SignedDuration::from_secs(599));
    assert_eq!(app.me(registered.token()).await.status, StatusCode::OK);
    app.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(app.me(registered.token()).await.status, StatusCode::UNAUTHORIZED);
}

/// Covers: IC-12
#[tokio::test]
async fn sign_in_without_a_captcha_or_with_a_wrong_one_is_422() {
    let app = TestApp::new().await;
    app.register("lilei", "web").await;
    let mut grant = json!({"grant": "password", "login": "lilei", "password": PASSWORD});
    let none = app.post("/v1/sessions", grant.clone()).await;
    assert_eq!((none.status.as_u16(), none.body["code"].as_str()), (422, Some("captcha-needed")));
    assert_eq!(none.body["errors"][0]["pointer"], "/captcha");
    let mut captcha = app.captcha("sign-in").await;
    captcha["answer"] = json!("0");
    grant["captcha"] = captcha;
    let wrong = app.post("/v1/sessions", grant).await;
    assert_eq!((wrong.status.as_u16(), wrong.body["code"].as_str()), (422, Some("captcha-wrong")));
}

/// Covers: IC-08
#[tokio::test]
async fn taken_name_is_409_and_every_bad_field_is_named() {
    let app = TestApp::new().await;
    app.register("lilei", "web").await;
    let taken = app.register("LiLei", "web").await;
    assert_eq!((taken.status.as_u16(), taken.body["code"].as_str()), (409, Some("user-name-taken")));
    let weak = app.post("/v1/accounts", json!({"userName": "x", "password": "abc", "agreement": ""})).await;
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
    let app = TestApp::new().await;
    app.register("lilei", "web").await;
    let mut bodies = Vec::new();
    for login in ["lilei", "nobody"] {
        let mut answer = app.sign_in(login, "Wrong-0ne!x", "web").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        answer.body["requestId"] = Value::Null;
        bodies.push(answer.body);
    }
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(bodies[0]["code"], "credentials-wrong");
}

/// Covers: UA-07
#[tokio::test]
async fn captcha_is_a_picture_or_a_question_in_the_clients_language() {
    let app = TestApp::new().await;
    let picture = app.post("/v1/captchas", json!({"purpose": "register"})).await;
    assert!(picture.body["image"].as_str().unwrap().starts_with("data:image/png;base64,iVBORw0KGgo"));
    assert_eq!(picture.body["expiresAt"], "2026-03-01T00:05:00Z");
    let english = [("accept-language", "en")];
    let body = Some(json!({"purpose": "register", "kind": "sum"}));
    let sum = app.send(Method::POST, "/v1/captchas", &english, body).await;
    assert!(sum.body["question"].as_str().unwrap().starts_with("What is "), "{}", sum.body);
    assert_eq!(app.post("/v1/captchas", json!({"purpose": "x"})).await.body["errors"][0]["pointer"], "/purpose");
}

/// Covers: UA-19
#[tokio::test]
async fn page_signs_in_by_qr_code_after_the_app_confirms() {
    let app = TestApp::new().await;
    let person = app.register("lilei", "app").await;
    let asked = app.send(Method::POST, "/v1/qr-sign-ins", &[], None).await;
    assert_eq!(asked.status, StatusCode::CREATED);
    let cookie = asked.cookie();
    assert!(cookie.starts_with("__Host-qr=") && !asked.body.to_string().contains(cookie.split_once('=').unwrap().1));
    let path = |step: &str| format!("/v1/qr-sign-ins/{}/{step}", asked.body["qrId"].as_str().unwrap());
    let claim = |cookie: String| {
        let (app, path) = (&app, path("claim"));
        async move { app.send(Method::POST, &path, &[("cookie", cookie.as_str())], None).await }
    };
    assert_eq!(claim(cookie.clone()).await.body["state"], "waiting");
    assert_eq!(app.send_as(person.token(), Method::POST, &path("scan"), json!({})).await.status, StatusCode::OK);
    let yes = json!({"number": asked.body["number"]});
    assert_eq!(app.send_as(person.token(), Method::POST, &path("confirm"), yes).await.status, StatusCode::NO_CONTENT);
    assert_eq!(claim("__Host-qr=stolen".to_owned()).await.status, StatusCode::NOT_FOUND);
    let signed_in = claim(cookie.clone()).await;
    assert_eq!(signed_in.status, StatusCode::CREATED, "{}", signed_in.body);
    assert_eq!(signed_in.body["account"]["userName"], "lilei");
    assert!(signed_in.cookie().starts_with("__Host-refresh="));
    assert_eq!(claim(cookie).await.body["state"], "claimed");
}

/// Covers: UA-30
#[tokio::test]
async fn nickname_is_changed_and_a_bad_one_is_refused() {
    let app = TestApp::new().await;
    let token = app.register("lilei", "web").await.token().to_owned();
    let changed = app.send_as(&token, Method::PATCH, "/v1/me", json!({"nickname": "李雷"})).await;
    assert_eq!((changed.status.as_u16(), changed.body["nickname"].as_str()), (200, Some("李雷")));
    assert_eq!(app.me(&token).await.body["nickname"], "李雷");
    let bad = app.send_as(&token, Method::PATCH, "/v1/me", json!({"nickname": "  "})).await;
    assert_eq!((bad.status.as_u16(), bad.body["errors"][0]["pointer"].as_str()), (422, Some("/nickname")));
}

#[tokio::test]
async fn key_set_holds_the_key_that_signed_the_token() {
    let app = TestApp::new().await;
    let token = app.register("lilei", "web").await.token().to_owned();
    let keys = app.send(Method::GET, "/.well-known/jwks.json", &[], None).await;
    use base64::Engine;
    let head = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let head: Value = serde_json::from_slice(&head).unwrap();
    assert_eq!(keys.body["keys"][0]["kid"], head["kid"]);
    assert_eq!(keys.body["keys"][0]["crv"], "Ed25519");
}
