//! What a person says about where to be reached: e-mail and mailing addresses.

use crate::desk::{Answer, Desk, PASSWORD};
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

const MAIL: &str = "zhang.san@example.cn";

async fn step_up(desk: &Desk, token: &str) -> Value {
    let proof = json!({"purpose": "bind-email", "password": PASSWORD});
    let proven = desk.send_as(token, Method::POST, "/v1/me/step-ups", proof).await;
    assert_eq!(proven.status, StatusCode::CREATED, "{}", proven.body);
    proven.body["stepUpToken"].clone()
}

async fn ask(desk: &Desk, token: &str, email: &str) -> Answer {
    desk.clock.advance(SignedDuration::from_secs(60));
    let form =
        json!({"email": email, "captcha": desk.captcha("bind-email").await, "stepUpToken": step_up(desk, token).await});
    desk.send_as(token, Method::POST, "/v1/me/email", form).await
}

/// What stands after `#` in the letter's link.
async fn mailed(desk: &Desk, to: &str) -> String {
    let text = desk.letter(to).await.text;
    let link = text.split_whitespace().find(|word| word.starts_with("https://")).unwrap();
    link.split_once('#').unwrap().1.to_owned()
}

async fn confirm(desk: &Desk, token: &str, link: &str) -> Answer {
    desk.send_as(token, Method::POST, "/v1/me/email/confirmations", json!({"token": link})).await
}

/// Covers: UA-37, UA-38
#[tokio::test]
async fn a_link_is_mailed_only_after_a_proof_and_a_captcha() {
    let desk = Desk::open().await;
    let person = desk.register("lilei", "web").await;
    let token = person.token();
    let form = json!({"email": MAIL, "captcha": desk.captcha("bind-email").await});
    let unproven = desk.send_as(token, Method::POST, "/v1/me/email", form).await;
    assert_eq!((unproven.status.as_u16(), unproven.body["code"].as_str()), (403, Some("step-up-needed")));
    desk.clock.advance(SignedDuration::from_secs(60));
    let form = json!({"email": MAIL, "stepUpToken": step_up(&desk, token).await});
    let machine = desk.send_as(token, Method::POST, "/v1/me/email", form).await;
    assert_eq!((machine.status.as_u16(), machine.body["code"].as_str()), (422, Some("captcha-needed")));
    let malformed = ask(&desk, token, "zhang.san@").await;
    assert_eq!((malformed.status.as_u16(), malformed.body["errors"][0]["pointer"].as_str()), (422, Some("/email")));
    let sent = ask(&desk, token, MAIL).await;
    assert_eq!((sent.status.as_u16(), sent.body["email"].as_str()), (202, Some("zha***@example.cn")));
    assert_eq!(desk.me(token).await.body["email"], Value::Null, "not before the link was followed");
}

/// Covers: UA-39, UA-41
#[tokio::test]
async fn the_letter_holds_a_link_and_nothing_personal() {
    let desk = Desk::open().await;
    let person = desk.register("lilei", "web").await;
    ask(&desk, person.token(), MAIL).await;
    let letter = desk.letter(MAIL).await;
    assert!(letter.text.contains("点击此链接完成绑定"));
    assert!(letter.text.contains("https://photos.test/activate-email#"), "the host is ours");
    let account = person.body["account"]["accountId"].as_str().unwrap();
    for personal in [account, "lilei", "小明", "zhang", "example.cn"] {
        assert!(!letter.text.contains(personal) && !letter.subject.contains(personal), "{personal}");
    }
    assert_eq!(mailed(&desk, MAIL).await.len(), 43, "256 bits");
}

/// Covers: UA-40, UA-41
#[tokio::test]
async fn a_link_binds_once_within_a_day_for_whom_it_was_sent() {
    let desk = Desk::open().await;
    let person = desk.register("lilei", "web").await;
    let token = person.token();
    ask(&desk, token, MAIL).await;
    let link = mailed(&desk, MAIL).await;

    let stranger = desk.register("hanmei", "web").await;
    let others = confirm(&desk, stranger.token(), &link).await;
    assert_eq!((others.status.as_u16(), others.body["code"].as_str()), (404, Some("email-link-unknown")));
    assert_eq!(desk.me(stranger.token()).await.body["email"], Value::Null);

    let bound = confirm(&desk, token, &link).await;
    assert_eq!((bound.status.as_u16(), bound.body["email"].as_str()), (200, Some("zha***@example.cn")));
    let again = confirm(&desk, token, &link).await;
    assert_eq!((again.status.as_u16(), again.body["code"].as_str()), (409, Some("email-link-used")));
}

/// Covers: UA-41
#[tokio::test]
async fn an_old_link_and_a_replaced_one_do_nothing() {
    let desk = Desk::open().await;
    let person = desk.register("lilei", "app").await;
    ask(&desk, person.token(), MAIL).await;
    let first = mailed(&desk, MAIL).await;
    ask(&desk, person.token(), "other@example.cn").await;
    let replaced = confirm(&desk, person.token(), &first).await;
    assert_eq!(replaced.body["code"], "email-link-unknown");

    let second = mailed(&desk, "other@example.cn").await;
    desk.clock.advance(SignedDuration::from_hours(24));
    let signed_in = desk.sign_in("lilei", PASSWORD, "web").await;
    let late = confirm(&desk, signed_in.token(), &second).await;
    assert_eq!((late.status.as_u16(), late.body["code"].as_str()), (409, Some("email-link-expired")));
    assert_eq!(desk.me(signed_in.token()).await.body["email"], Value::Null);
}

/// Covers: UA-38
#[tokio::test]
async fn a_mailbox_gets_five_letters_a_day_whoever_asks() {
    let desk = Desk::open().await;
    for n in 0..6 {
        let person = desk.register(&format!("person{n}"), "web").await;
        let answer = ask(&desk, person.token(), if n % 2 == 0 { MAIL } else { "Zhang.San@example.cn" }).await;
        assert_eq!(answer.status.as_u16(), if n < 5 { 202 } else { 429 }, "{n}");
    }
    let person = desk.register("soon", "web").await;
    assert_eq!(ask(&desk, person.token(), "a@example.cn").await.status, StatusCode::ACCEPTED);
    let form = json!({"email": "a@example.cn", "captcha": desk.captcha("bind-email").await});
    let soon = desk.send_as(person.token(), Method::POST, "/v1/me/email", form).await;
    assert_eq!(soon.status, StatusCode::TOO_MANY_REQUESTS, "one a minute");
}

fn address(receiver: &str) -> Value {
    json!({"receiver": receiver, "phone": "13048958911", "province": "四川省", "city": "成都市", "district": "武侯区",
        "detail": "人民南路四段 1 号"})
}

/// Covers: UA-31, UA-32
#[tokio::test]
async fn addresses_are_added_changed_chosen_and_removed() {
    let desk = Desk::open().await;
    let person = desk.register("lilei", "web").await;
    let token = person.token();
    let send = async |method: Method, path: &str, body: Value| desk.send_as(token, method, path, body).await;
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
async fn nobody_reaches_anothers_addresses_and_twenty_are_enough() {
    let desk = Desk::open().await;
    let person = desk.register("lilei", "web").await;
    let stranger = desk.register("hanmei", "web").await;
    let mine = desk.send_as(person.token(), Method::POST, "/v1/me/addresses", address("张三")).await;
    let path = format!("/v1/me/addresses/{}", mine.body[0]["addressId"].as_str().unwrap());
    for method in [Method::PATCH, Method::DELETE] {
        let answer = desk.send_as(stranger.token(), method, &path, json!({"receiver": "x"})).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    for _ in 1..20 {
        let added = desk.send_as(person.token(), Method::POST, "/v1/me/addresses", address("张三")).await;
        assert_eq!(added.status, StatusCode::CREATED);
    }
    let full = desk.send_as(person.token(), Method::POST, "/v1/me/addresses", address("张三")).await;
    assert_eq!((full.status.as_u16(), full.body["code"].as_str()), (409, Some("addresses-full")));
}

/// Covers: UA-15, UA-16
#[tokio::test]
async fn no_answer_holds_a_whole_phone_or_address() {
    let desk = Desk::open().await;
    let (code_id, code) = desk.code("register", "13810548469").await;
    let form = json!({"phone": "13810548469", "codeId": code_id, "code": code, "nickname": "小明", "password": PASSWORD,
        "agreement": "2024-02"});
    let person = desk.post("/v1/accounts", form).await;
    let token = person.token();
    ask(&desk, token, MAIL).await;
    let bound = confirm(&desk, token, &mailed(&desk, MAIL).await).await;
    let book = desk.send_as(token, Method::POST, "/v1/me/addresses", address("张三")).await;
    let me = desk.me(token).await;
    assert_eq!(
        (me.body["phone"].as_str(), me.body["email"].as_str()),
        (Some("138****8469"), Some("zha***@example.cn"))
    );
    for answer in [&person, &bound, &book, &me] {
        let text = answer.body.to_string();
        assert!(!text.contains("13810548469") && !text.contains("13048958911") && !text.contains(MAIL), "{text}");
    }
}
