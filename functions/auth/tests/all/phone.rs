//! Registration, sign-in, password reset and change of the phone by SMS code over HTTP.

use crate::test_app::{Answer, PASSWORD, TestApp};
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::json;

const PHONE: &str = "13810548469";
const NEW_PASSWORD: &str = "Violet-Kettle-47";

async fn register(app: &TestApp) -> Answer {
    let (code_id, code) = app.code("register", PHONE).await;
    let form = json!({"phone": PHONE, "codeId": code_id, "code": code, "nickname": "小明", "password": PASSWORD,
        "agreement": "2024-02"});
    let registered = app.post("/v1/accounts", form).await;
    assert_eq!(registered.status, StatusCode::CREATED, "{}", registered.body);
    registered
}

/// Covers: UA-04, IC-10, IC-13
#[tokio::test]
async fn phone_registers_and_signs_in_by_code() {
    let app = TestApp::new().await;
    let registered = register(&app).await;
    assert_eq!(registered.body["account"]["phone"], "138****8469");
    let (code_id, code) = app.code("sign-in", PHONE).await;
    let grant = json!({"grant": "sms", "phone": "138 1054 8469", "codeId": code_id, "code": code});
    let signed_in = app.post("/v1/sessions", grant.clone()).await;
    assert_eq!(signed_in.status, StatusCode::CREATED, "{}", signed_in.body);
    assert_eq!(signed_in.body["account"]["accountId"], registered.body["account"]["accountId"]);
    let again = app.post("/v1/sessions", grant).await;
    assert_eq!((again.status.as_u16(), again.body["code"].as_str()), (422, Some("code-wrong")));
    assert_eq!(again.body["errors"][0]["pointer"], "/code");
}

/// Covers: IC-16
#[tokio::test]
async fn second_code_within_a_minute_is_429_with_retry_after() {
    let app = TestApp::new().await;
    app.code("register", PHONE).await;
    let captcha = app.captcha("sms-code").await;
    let soon = app.post("/v1/sms-codes", json!({"purpose": "register", "phone": PHONE, "captcha": captcha})).await;
    assert_eq!(soon.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(soon.headers["retry-after"], "60");
}

/// Covers: IC-14
#[tokio::test]
async fn sign_in_code_for_an_unknown_phone_gets_the_same_answer() {
    let app = TestApp::new().await;
    register(&app).await;
    app.clock.advance(SignedDuration::from_secs(60));
    let mut answers = Vec::new();
    for phone in [PHONE, "13048958911"] {
        let captcha = app.captcha("sms-code").await;
        let sent = app.post("/v1/sms-codes", json!({"purpose": "sign-in", "phone": phone, "captcha": captcha})).await;
        assert_eq!(sent.status, StatusCode::ACCEPTED);
        answers.push((
            sent.body["resendAt"].clone(),
            sent.body["expiresAt"].clone(),
            sent.body.as_object().unwrap().len(),
        ));
    }
    assert_eq!(answers[0], answers[1]);
}

/// Covers: UA-23, UA-24, UA-25, UA-26, UA-27
#[tokio::test]
async fn forgotten_password_is_reset_in_four_steps() {
    let app = TestApp::new().await;
    let old = register(&app).await;
    app.clock.advance(SignedDuration::from_secs(60));
    let captcha = app.captcha("recover").await;
    let begun = app.post("/v1/password-resets", json!({"login": PHONE, "captcha": captcha})).await;
    assert_eq!((begun.status.as_u16(), begun.body["phone"].as_str()), (201, Some("138****8469")));
    let token = begun.body["resetToken"].clone();
    let skipped =
        app.post("/v1/password-resets/password", json!({"resetToken": token, "password": NEW_PASSWORD})).await;
    assert_eq!((skipped.status.as_u16(), skipped.body["code"].as_str()), (409, Some("step-out-of-order")));
    let sent = app.post("/v1/password-resets/code", json!({"resetToken": token})).await;
    let proof = json!({"resetToken": token, "codeId": sent.body["codeId"], "code": app.received_code(PHONE)});
    assert_eq!(app.post("/v1/password-resets/verify", proof).await.status, StatusCode::NO_CONTENT);
    let done = app.post("/v1/password-resets/password", json!({"resetToken": token, "password": NEW_PASSWORD})).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.body);
    assert_eq!(app.me(old.token()).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.sign_in(PHONE, PASSWORD, "web").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.sign_in(PHONE, NEW_PASSWORD, "web").await.status, StatusCode::CREATED);
}

/// Covers: IC-175, UA-33, UA-34
#[tokio::test]
async fn password_and_phone_changes_need_proof_and_a_device_can_be_signed_out() {
    let app = TestApp::new().await;
    let person = register(&app).await;
    let token = person.token();
    let wrong = json!({"currentPassword": "Wrong-0ne!x", "password": NEW_PASSWORD});
    let refused = app.send_as(token, Method::PUT, "/v1/me/password", wrong).await;
    assert_eq!(
        (refused.status.as_u16(), refused.body["errors"][0]["pointer"].as_str()),
        (422, Some("/currentPassword"))
    );
    let right = json!({"currentPassword": PASSWORD, "password": NEW_PASSWORD});
    assert_eq!(app.send_as(token, Method::PUT, "/v1/me/password", right).await.status, StatusCode::NO_CONTENT);

    let (code_id, code) = app.code("bind-phone", "13048958911").await;
    let bind = json!({"phone": "13048958911", "codeId": code_id, "code": code});
    let unproven = app.send_as(token, Method::POST, "/v1/me/phone", bind.clone()).await;
    assert_eq!((unproven.status.as_u16(), unproven.body["code"].as_str()), (403, Some("step-up-needed")));
    let captcha = app.captcha("sms-code").await;
    let sent =
        app.send_as(token, Method::POST, "/v1/sms-codes", json!({"purpose": "step-up", "captcha": captcha})).await;
    let proof = json!({"purpose": "change-phone", "codeId": sent.body["codeId"], "code": app.received_code(PHONE)});
    let proven = app.send_as(token, Method::POST, "/v1/me/step-ups", proof).await;
    assert_eq!(proven.status, StatusCode::CREATED, "{}", proven.body);
    let mut bind = bind;
    bind["stepUpToken"] = proven.body["stepUpToken"].clone();
    let bound = app.send_as(token, Method::POST, "/v1/me/phone", bind).await;
    assert_eq!((bound.status.as_u16(), bound.body["phone"].as_str()), (200, Some("130****8911")));

    let other = app.sign_in("13048958911", NEW_PASSWORD, "web").await;
    let listed = app.send(Method::GET, "/v1/sessions", &[("authorization", &format!("Bearer {token}"))], None).await;
    let ids: Vec<_> = listed.body.as_array().unwrap().iter().filter(|item| item["current"] == false).collect();
    assert_eq!(ids.len(), 1);
    let path = format!("/v1/sessions/{}", ids[0]["sessionId"].as_str().unwrap());
    assert_eq!(app.send_as(token, Method::DELETE, &path, json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(app.me(other.token()).await.status, StatusCode::UNAUTHORIZED);
}
