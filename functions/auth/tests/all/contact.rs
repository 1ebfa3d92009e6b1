//! E-mail address and postal addresses over HTTP.

use crate::test_app::{Answer, PASSWORD, TestApp};
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

const MAIL: &str = "zhang.san@example.cn";

async fn step_up(app: &TestApp, token: &str) -> Value {
    let proof = json!({"purpose": "bind-email", "password": PASSWORD});
    let proven = app.send_as(token, Method::POST, "/v1/me/step-ups", proof).await;
    assert_eq!(proven.status, StatusCode::CREATED, "{}", proven.body);
    proven.body["stepUpToken"].clone()
}

async fn request_link(app: &TestApp, token: &str, email: &str) -> Answer {
    app.clock.advance(SignedDuration::from_secs(60));
    let form =
        json!({"email": email, "captcha": app.captcha("bind-email").await, "stepUpToken": step_up(app, token).await});
    app.send_as(token, Method::POST, "/v1/me/email", form).await
}

/// The token in the link of the newest e-mail to `to`.
fn received_token(app: &TestApp, to: &str) -> String {
    let text = app.received_email(to).text;
    let link = text.split_whitespace().find(|word| word.starts_with("https://")).unwrap();
    link.split_once('#').unwrap().1.to_owned()
}

async fn confirm(app: &TestApp, token: &str, link: &str) -> Answer {
    app.send_as(token, Method::POST, "/v1/me/email/confirmations", json!({"token": link})).await
}

/// Covers: UA-37, UA-38
#[tokio::test]
async fn e_mail_link_needs_a_step_up_and_a_captcha() {
    let app = TestApp::new().await;
    let person = app.register("lilei", "web").await;
    let token = person.token();
    let form = json!({"email": MAIL, "captcha": app.captcha("bind-email").await});
    let unproven = app.send_as(token, Method::POST, "/v1/me/email", form).await;
    assert_eq!((unproven.status.as_u16(), unproven.body["code"].as_str()), (403, Some("step-up-needed")));
    app.clock.advance(SignedDuration::from_secs(60));
    let form = json!({"email": MAIL, "stepUpToken": step_up(&app, token).await});
    let unsolved = app.send_as(token, Method::POST, "/v1/me/email", form).await;
    assert_eq!((unsolved.status.as_u16(), unsolved.body["code"].as_str()), (422, Some("captcha-needed")));
    let malformed = request_link(&app, token, "zhang.san@").await;
    assert_eq!((malformed.status.as_u16(), malformed.body["errors"][0]["pointer"].as_str()), (422, Some("/email")));
    let sent = request_link(&app, token, MAIL).await;
    assert_eq!((sent.status.as_u16(), sent.body["email"].as_str()), (202, Some("zha***@example.cn")));
    assert_eq!(app.me(token).await.body["email"], Value::Null, "the address is not bound before the link is followed");
}

/// Covers: UA-39, UA-41
#[tokio::test]
async fn e_mail_holds_a_link_to_our_page_and_nothing_personal() {
    let app = TestApp::new().await;
    let person = app.register("lilei", "web").await;
    request_link(&app, person.token(), MAIL).await;
    let email = app.received_email(MAIL);
    assert!(email.text.contains("点击此链接完成绑定"));
    assert!(email.text.contains("https://photos.test/activate-email#"), "the link leads to our page");
    let account = person.body["account"]["accountId"].as_str().unwrap();
    for personal in [account, "lilei", "小明", "zhang", "example.cn"] {
        assert!(!email.text.contains(personal) && !email.subject.contains(personal), "{personal}");
    }
    assert_eq!(received_token(&app, MAIL).len(), 43, "256 bits");
}

/// Covers: UA-40, UA-41
#[tokio::test]
async fn e_mail_link_binds_the_address_once_and_only_for_its_account() {
    let app = TestApp::new().await;
    let person = app.register("lilei", "web").await;
    let token = person.token();
    request_link(&app, token, MAIL).await;
    let link = received_token(&app, MAIL);

    let stranger = app.register("hanmei", "web").await;
    let others = confirm(&app, stranger.token(), &link).await;
    assert_eq!((others.status.as_u16(), others.body["code"].as_str()), (404, Some("email-link-unknown")));
    assert_eq!(app.me(stranger.token()).await.body["email"], Value::Null);

    let bound = confirm(&app, token, &link).await;
    assert_eq!((bound.status.as_u16(), bound.body["email"].as_str()), (200, Some("zha***@example.cn")));
    let again = confirm(&app, token, &link).await;
    assert_eq!((again.status.as_u16(), again.body["code"].as_str()), (409, Some("email-link-used")));
}

/// Covers: UA-41
#[tokio::test]
async fn expired_or_replaced_e_mail_link_is_refused() {
    let app = TestApp::new().await;
    let person = app.register("lilei", "app").await;
    request_link(&app, person.token(), MAIL).await;
    let first = received_token(&app, MAIL);
    request_link(&app, person.token(), "other@example.cn").await;
    let replaced = confirm(&app, person.token(), &first).await;
    assert_eq!(replaced.body["code"], "email-link-unknown");

    let second = received_token(&app, "other@example.cn");
    app.clock.advance(SignedDuration::from_hours(24));
    let signed_in = app.sign_in("lilei", PASSWORD, "web").await;
    let late = confirm(&app, signed_in.token(), &second).await;
    assert_eq!((late.status.as_u16(), late.body["code"].as_str()), (409, Some("email-link-expired")));
    assert_eq!(app.me(signed_in.token()).await.body["email"], Value::Null);
}

/// Covers: UA-38
#[tokio::test]
async fn mailbox_gets_five_e_mails_a_day_from_all_accounts() {
    let app = TestApp::new().await;
    for n in 0..6 {
        let person = app.register(&format!("person{n}"), "web").await;
        let answer = request_link(&app, person.token(), if n % 2 == 0 { MAIL } else { "Zhang.San@example.cn" }).await;
        assert_eq!(answer.status.as_u16(), if n < 5 { 202 } else { 429 }, "{n}");
    }
    let person = app.register("soon", "web").await;
    assert_eq!(request_link(&app, person.token(), "a@example.cn").await.status, StatusCode::ACCEPTED);
    let form = json!({"email": "a@example.cn", "captcha": app.captcha("bind-email").await});
    let soon = app.send_as(person.token(), Method::POST, "/v1/me/email", form).await;
    assert_eq!(soon.status, StatusCode::TOO_MANY_REQUESTS, "one e-mail a minute");
}

fn address(receiver: &str) -> Value {
    json!({"receiver": receiver, "phone": "13048958911", "province": "四川省", "city": "成都市", "district": "武侯区",
        "detail": "人民南路四段 1 号"})
}

/// Covers: UA-31, UA-32
#[tokio::test]
async fn addresses_are_added_changed_made_default_and_removed() {
    let app = TestApp::new().await;
    let person = app.register("lilei", "web").await;
    let token = person.token();
    let send = async |method: Method, path: &str, body: Value| app.send_as(token, method, path, body).await;
    let added = send(Method::POST, "/v1/me/addresses", address("张三")).await;
    assert_eq!((added.status.as_u16(), &added.body[0]["isDefault"]), (201, &json!(true)));
    let added = send(Method::POST, "/v1/me/addresses", address("李四")).await;
    let id = added.body[0]["addressId"].as_str().unwrap().to_owned();
    assert_eq!((&added.body[0]["receiver"], &added.body[0]["isDefault"]), (&json!("李四"), &json!(false)));

    let path = format!("/v1/me/addresses/{id}");
    let changed = send(Method::PATCH, &path, json!({"detail": "天府大道 2 号", "isDefault": true})).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    assert_eq!(
        (&changed.body[0]["detail"], &changed.body[0]["phone"]),
        (&json!("天府大道 2 号"), &json!("130****8911"))
    );
    let defaults: Vec<_> = changed.body.as_array().unwrap().iter().map(|item| item["isDefault"].clone()).collect();
    assert_eq!(defaults, [json!(true), json!(false)]);

    let bad = send(Method::PATCH, &path, json!({"receiver": "", "phone": "1"})).await;
    assert_eq!((bad.status.as_u16(), bad.body["errors"].as_array().unwrap().len()), (422, 2));
    assert_eq!(send(Method::DELETE, &path, json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(send(Method::DELETE, &path, json!({})).await.status, StatusCode::NOT_FOUND);
    let left = send(Method::GET, "/v1/me/addresses", json!({})).await;
    assert_eq!((left.body.as_array().unwrap().len(), &left.body[0]["isDefault"]), (1, &json!(true)));
}

/// Covers: UA-32
#[tokio::test]
async fn address_of_another_account_is_not_found_and_the_twenty_first_is_refused() {
    let app = TestApp::new().await;
    let person = app.register("lilei", "web").await;
    let stranger = app.register("hanmei", "web").await;
    let mine = app.send_as(person.token(), Method::POST, "/v1/me/addresses", address("张三")).await;
    let path = format!("/v1/me/addresses/{}", mine.body[0]["addressId"].as_str().unwrap());
    for method in [Method::PATCH, Method::DELETE] {
        let answer = app.send_as(stranger.token(), method, &path, json!({"receiver": "x"})).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    for _ in 1..20 {
        let added = app.send_as(person.token(), Method::POST, "/v1/me/addresses", address("张三")).await;
        assert_eq!(added.status, StatusCode::CREATED);
    }
    let full = app.send_as(person.token(), Method::POST, "/v1/me/addresses", address("张三")).await;
    assert_eq!((full.status.as_u16(), full.body["code"].as_str()), (409, Some("addresses-full")));
}

/// Covers: UA-15, UA-16
#[tokio::test]
async fn answers_show_phone_and_e_mail_only_masked() {
    let app = TestApp::new().await;
    let (code_id, code) = app.code("register", "13810548469").await;
    let form = json!({"phone": "13810548469", "codeId": code_id, "code": code, "nickname": "小明", "password": PASSWORD,
        "agreement": "2024-02"});
    let person = app.post("/v1/accounts", form).await;
    let token = person.token();
    request_link(&app, token, MAIL).await;
    let bound = confirm(&app, token, &received_token(&app, MAIL)).await;
    let book = app.send_as(token, Method::POST, "/v1/me/addresses", address("张三")).await;
    let me = app.me(token).await;
    assert_eq!(
        (me.body["phone"].as_str(), me.body["email"].as_str()),
        (Some("138****8469"), Some("zha***@example.cn"))
    );
    for answer in [&person, &bound, &book, &me] {
        let text = answer.body.to_string();
        assert!(!text.contains("13810548469") && !text.contains("13048958911") && !text.contains(MAIL), "{text}");
    }
}
